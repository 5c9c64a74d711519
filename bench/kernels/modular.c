#include "checked.h"

static __attribute__((noinline)) uint64_t product(uint64_t a, uint64_t b, uint64_t m) {
    return (uint64_t)((unsigned __int128)a * b % m);
}

int main(void) {
    uint64_t x = 123456789;
    for (int i = 0; i < 3000000; i++) x = product(x, x + 7, 0xffffffffffffffc5u);
    printf("%llu\n", (unsigned long long)x);
}
