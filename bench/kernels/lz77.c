#include "checked.h"
typedef struct { int64_t length, distance; uint8_t literal; } Match;
typedef struct { uint8_t *p; int64_t len, cap; } Bytes;
typedef struct { Match *p; int64_t len, cap; } Matches;
static inline void push(Bytes *b, uint8_t x) { if (b->len == b->cap) { b->cap = b->cap ? b->cap * 2 : 4; b->p = realloc(b->p, b->cap); if (!b->p) abort(); } b->p[b->len++] = x; }
static inline void pushm(Matches *b, Match x) { if (b->len == b->cap) { b->cap = b->cap ? b->cap * 2 : 4; b->p = realloc(b->p, b->cap * sizeof x); if (!b->p) abort(); } b->p[b->len++] = x; }
static int64_t hash(const Bytes *t, int64_t at) {
    uint32_t w = AT(t->p, t->len, at) | (uint32_t)AT(t->p, t->len, add(at, 1)) << 8 | (uint32_t)AT(t->p, t->len, add(at, 2)) << 16;
    return (w * 2654435761u) >> 18;
}
static Matches pack(const Bytes *t) {
    int64_t *table = malloc(16384 * 8);
    for (int i = 0; i < 16384; i++) table[i] = -1;
    Matches out = {0};
    int64_t at = 0;
    while (at < t->len) {
        int64_t length = 0, distance = 0;
        if (add(at, 3) < t->len) {
            int64_t h = hash(t, at), candidate = AT(table, 16384, h);
            AT(table, 16384, h) = at;
            if (candidate >= 0 && sub(at, candidate) < 32768) {
                while (add(add(at, length), 1) < t->len && length < 255 && AT(t->p, t->len, add(candidate, length)) == AT(t->p, t->len, add(at, length))) length = add(length, 1);
                distance = sub(at, candidate);
            }
        }
        if (length < 4) { length = 0; distance = 0; }
        pushm(&out, (Match){ length, distance, AT(t->p, t->len, add(at, length)) });
        at = add(at, add(length, 1));
    }
    free(table);
    return out;
}
static Bytes unpack(const Matches *ms) {
    Bytes t = {0};
    for (int64_t k = 0; k < ms->len; k++) {
        Match m = ms->p[k];
        int64_t from = sub(t.len, m.distance);
        for (int64_t i = 0; i < m.length; i++) push(&t, AT(t.p, t.len, add(from, i)));
        push(&t, m.literal);
    }
    return t;
}
int main(void) {
    Bytes t = {0};
    uint32_t state = 3;
    while (t.len < 400000) {
        state = state * 1664525 + 1013904223;
        int64_t r = state >> 16;
        if (r % 8 < 5 && t.len > 2000) {
            int64_t from = t.len - 1 - r % 2000;
            for (int64_t i = 0; i < r % 23; i++) push(&t, AT(t.p, t.len, add(from, i)));
        } else push(&t, 'a' + r % 17);
    }
    int64_t sum = 0;
    for (int64_t round = 0; round < 12; round++) {
        Matches m = pack(&t);
        Bytes back = unpack(&m);
        if (back.len != t.len) abort();
        for (int64_t i = 0; i < t.len; i++) if (AT(back.p, back.len, i) != AT(t.p, t.len, i)) sum = add(sum, 1);
        sum = (int64_t)((uint64_t)sum * 31 + m.len);
        AT(t.p, t.len, round * 1000) = '!';
        free(m.p); free(back.p);
    }
    printf("%lld\n", (long long)sum);
}
