#include "checked.h"

static int64_t ones(uint64_t word) {
    int64_t count = 0;
    while (word != 0) { word &= word - 1; count = add(count, 1); }
    return count;
}

static uint64_t reversed(uint64_t x) {
    x = ((x >> 1) & 0x5555555555555555u) | ((x & 0x5555555555555555u) << 1);
    x = ((x >> 2) & 0x3333333333333333u) | ((x & 0x3333333333333333u) << 2);
    x = ((x >> 4) & 0x0f0f0f0f0f0f0f0fu) | ((x & 0x0f0f0f0f0f0f0f0fu) << 4);
    x = ((x >> 8) & 0x00ff00ff00ff00ffu) | ((x & 0x00ff00ff00ff00ffu) << 8);
    x = ((x >> 16) & 0x0000ffff0000ffffu) | ((x & 0x0000ffff0000ffffu) << 16);
    return (x >> 32) | (x << 32);
}

static uint64_t shift(uint64_t x, uint32_t by) {
#ifdef CHECKED
    if (__builtin_expect(by >= 64, 0)) failed();
#endif
    return x >> by;
}

static uint64_t ungray(uint64_t x) {
    for (uint32_t by = 32; by > 0; by /= 2) x ^= shift(x, by);
    return x;
}

static uint64_t spread(uint64_t word) {
    uint64_t result = 0;
    for (int64_t i = 0; i < 16; i++)
        if ((shift(word, (uint32_t)i) & 1) == 1) result |= (uint64_t)1 << mul(2, i);
    return result;
}

int main(void) {
    uint64_t state = 88172645463325252u, sum = 0;
    for (int64_t i = 0; i < 3000000; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        sum += (uint64_t)ones(state);
        sum ^= reversed(state);
        sum += ungray(state ^ (state >> 1));
        sum ^= spread(state & 0xffff);
    }
    printf("%llu\n", (unsigned long long)sum);
}
