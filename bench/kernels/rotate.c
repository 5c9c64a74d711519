#include "checked.h"

static uint32_t mix(const uint32_t *words, int64_t length, int64_t rounds) {
    uint32_t a = 0x67452301, b = 0xefcdab89, c = 0x98badcfe, d = 0x10325476;
    for (int64_t r = 0; r < rounds; r++) {
        for (int64_t i = 0; i < length; i++) {
            uint32_t f = (b & c) | (~b & d), t = a + f + AT(words, length, i) + (uint32_t)i;
            a = d;
            d = c;
            c = b;
            b = b + ((t << 7) | (t >> 25));
            a ^= (c << 13) | (c >> 19);
        }
    }
    return a ^ b ^ c ^ d;
}

int main(void) {
    uint32_t words[64];
    for (int i = 0; i < 64; i++) words[i] = (uint32_t)(i * 7919);
    printf("%u\n", mix(words, 64, 800000));
}
