#include "checked.h"

enum { SLOTS = 262144 };

typedef struct { uint64_t key; int64_t value; } Slot;

static int64_t slot_of(const Slot *slots, int64_t length, uint64_t key) {
    int64_t at = (int64_t)((key * 0x9e3779b97f4a7c15u) >> 46);
    while (AT(slots, length, at).key != 0 && AT(slots, length, at).key != key) at = add(at, 1) & (SLOTS - 1);
    return at;
}

int main(void) {
    static Slot slots[SLOTS];
    uint64_t state = 88172645463325252u;
    int64_t used = 0;
    for (int64_t i = 0; i < 2000000; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        uint64_t key = state % 100000 + 1;
        int64_t at = slot_of(slots, SLOTS, key);
        if (AT(slots, SLOTS, at).key == 0) {
            AT(slots, SLOTS, at).key = key;
            used = add(used, 1);
        }
        AT(slots, SLOTS, at).value = add(AT(slots, SLOTS, at).value, i % 7);
    }
    int64_t sum = 0;
    for (int64_t i = 0; i < SLOTS; i++) sum = add(sum, mul(AT(slots, SLOTS, i).value, (int64_t)(AT(slots, SLOTS, i).key % 13)));
    printf("%lld %lld\n", (long long)used, (long long)sum);
}
