#include "checked.h"
typedef struct { uint8_t *p; int64_t len, width, height; } Grid;
static uint8_t get(const Grid *g, int64_t x, int64_t y) { return AT(g->p, g->len, add(mul(y, g->width), x)); }
static void set(Grid *g, int64_t x, int64_t y, uint8_t v) { AT(g->p, g->len, add(mul(y, g->width), x)) = v; }
static int64_t neighbours(const Grid *g, int64_t x, int64_t y) {
    int64_t count = 0;
    for (int64_t dy = -1; dy <= 1; dy++) for (int64_t dx = -1; dx <= 1; dx++) {
        if (dx == 0 && dy == 0) continue;
#ifdef CHECKED
        if (g->width == 0 || g->height == 0) failed();
#endif
        int64_t u = add(add(x, dx), g->width) % g->width, v = add(add(y, dy), g->height) % g->height;
        count = add(count, get(g, u, v));
    }
    return count;
}
static void step(const Grid *from, Grid *to) {
    for (int64_t y = 0; y < from->height; y++) for (int64_t x = 0; x < from->width; x++) {
        int64_t count = neighbours(from, x, y);
        int alive = get(from, x, y) == 1;
        set(to, x, y, count == 3 || (alive && count == 2));
    }
}
int main(void) {
    Grid a = { calloc(128 * 128, 1), 128 * 128, 128, 128 }, b = { calloc(128 * 128, 1), 128 * 128, 128, 128 };
    uint32_t state = 7;
    for (int y = 0; y < 128; y++) for (int x = 0; x < 128; x++) { state = state * 1664525 + 1013904223; set(&a, x, y, state >> 20 & 1); }
    for (int i = 0; i < 30; i++) { step(&a, &b); step(&b, &a); }
    int64_t sum = 0;
    for (int64_t i = 0; i < a.len; i++) sum = add(sum, a.p[i]);
    printf("%lld\n", (long long)sum);
}
