#include "checked.h"

static int64_t sieve(uint8_t *composite, int64_t length) {
    for (int64_t i = 0; i < length; i++) AT(composite, length, i) = 0;
    int64_t count = 0;
    for (int64_t i = 2; i < length; i++) {
        if (AT(composite, length, i) == 0) {
            count = add(count, 1);
            for (int64_t j = mul(i, i); j < length; j = add(j, i)) AT(composite, length, j) = 1;
        }
    }
    return count;
}

int main(void) {
    uint8_t composite[1000000] = {0};
    int64_t total = 0;
    for (int round = 0; round < 30; round++) total = add(total, sieve(composite, 1000000));
    printf("%lld\n", (long long)total);
}
