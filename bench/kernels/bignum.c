#include "checked.h"
typedef unsigned __int128 u128;
typedef struct { uint64_t *p; int64_t len, cap; } Big;
static inline void push(Big *b, uint64_t x) {
    if (b->len == b->cap) { b->cap = b->cap ? b->cap * 2 : 4; b->p = realloc(b->p, 8 * b->cap); if (!b->p) abort(); }
    b->p[b->len++] = x;
}
static Big multiply(const Big *a, const Big *b) {
    int64_t n = add(a->len, b->len);
    Big w = { malloc(8 * n), 0, n };
    for (int64_t i = 0; i < n; i++) push(&w, 0);
    for (int64_t i = 0; i < a->len; i++) {
        uint64_t carry = 0;
        for (int64_t j = 0; j < b->len; j++) {
            u128 p = (u128)AT(a->p, a->len, i) * AT(b->p, b->len, j), q = p + AT(w.p, w.len, add(i, j));
#ifdef CHECKED
            if (q < p) failed();
            u128 r = q + carry;
            if (r < q) failed();
#else
            u128 r = q + carry;
#endif
            AT(w.p, w.len, add(i, j)) = (uint64_t)r;
            carry = (uint64_t)(r >> 64);
        }
        AT(w.p, w.len, add(i, b->len)) = carry;
    }
    return w;
}
int main(void) {
    Big a = {0};
    uint64_t state = 88172645463325252u;
    for (int i = 0; i < 400; i++) { state ^= state << 13; state ^= state >> 7; state ^= state << 17; push(&a, state); }
    uint64_t sum = 0;
    for (int64_t round = 0; round < 150; round++) {
        Big b = multiply(&a, &a);
        sum = sum * 31 + AT(b.p, b.len, round) + AT(b.p, b.len, sub(b.len, 1));
        AT(a.p, a.len, round) = AT(b.p, b.len, add(round, 300));
        free(b.p);
    }
    printf("%llu\n", (unsigned long long)sum);
}
