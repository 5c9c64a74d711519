#include "checked.h"

enum { SIZE = 524288 };

static uint32_t state = 7;

static uint32_t next(void) {
    state = state * 1664525u + 1013904223u;
    return state >> 16;
}

static int64_t find(const uint8_t *text, int64_t length, const uint8_t *pattern, int64_t patterns, int64_t from) {
    for (int64_t at = from; add(at, patterns) <= length; at = add(at, 1)) {
        int64_t k = 0;
        while (k < patterns && AT(text, length, add(at, k)) == AT(pattern, patterns, k)) k = add(k, 1);
        if (k == patterns) return at;
    }
    return -1;
}

typedef struct { int64_t words, lines, longest; uint64_t hash; } Counts;

static Counts scan(const uint8_t *text, int64_t size) {
    Counts counts = {0, 0, 0, 0};
    int64_t length = 0;
    uint64_t h = 0xcbf29ce484222325u;
    for (int64_t i = 0; i < size; i++) {
        uint8_t byte = AT(text, size, i);
        if (byte == ' ' || byte == '\n') {
            if (byte == '\n') counts.lines = add(counts.lines, 1);
            if (length > 0) {
                counts.words = add(counts.words, 1);
                counts.hash ^= h;
                if (length > counts.longest) counts.longest = length;
            }
            length = 0;
            h = 0xcbf29ce484222325u;
        } else {
            length = add(length, 1);
            h = (h ^ byte) * 0x100000001b3u;
        }
    }
    return counts;
}

int main(void) {
    static uint8_t text[SIZE];
    for (int64_t i = 0; i < SIZE; i++) {
        uint32_t n = next() % 40;
        text[i] = n < 30 ? (uint8_t)('a' + n % 26) : n < 38 ? ' ' : '\n';
    }
    const uint8_t pattern[3] = {'a', 'b', 'c'};
    int64_t found = 0;
    uint64_t sum = 0;
    for (int64_t round = 0; round < 16; round++) {
        Counts counts = scan(text, SIZE);
        sum += counts.hash + (uint64_t)(counts.words + counts.lines + counts.longest);
        for (int64_t at = find(text, SIZE, pattern, 3, 0); at >= 0; at = find(text, SIZE, pattern, 3, add(at, 1))) found = add(found, 1);
        text[round] = 'x';
    }
    printf("%lld %llu\n", (long long)found, (unsigned long long)sum);
}
