#include "checked.h"

static int64_t chain(const int64_t *xs, int64_t count, int64_t factor) {
    int64_t sum = 0;
    for (int64_t i = 0; i < count; i++) {
        int64_t x = mul(xs[i], factor);
        if (x < 100000000) sum = add(sum, x);
    }
    return sum;
}

int main(void) {
    static int64_t xs[10000];
    for (int64_t i = 0; i < 10000; i++) xs[i] = i;
    uint64_t total = 0;
    for (int64_t round = 0; round < 30000; round++) total += (uint64_t)chain(xs, 10000, round);
    printf("%lld\n", (long long)total);
}
