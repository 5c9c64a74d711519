#include "checked.h"

typedef struct {
    int64_t width, height;
    uint8_t *cells;
    int64_t cells_length;
    uint8_t *next;
    int64_t next_length;
} Grid;

static inline int64_t around(const Grid *g, int64_t x, int64_t y) {
    int64_t n = 0;
    for (int64_t dy = -1; dy < 2; dy++) {
        for (int64_t dx = -1; dx < 2; dx++) {
            if (dx == 0 && dy == 0) continue;
            int64_t cx = add(x, dx), cy = add(y, dy);
            if (cx < 0 || cy < 0 || cx >= g->width || cy >= g->height) continue;
            n = add(n, AT(g->cells, g->cells_length, add(mul(cy, g->width), cx)));
        }
    }
    return n;
}

static void step(Grid *g) {
    for (int64_t y = 0; y < g->height; y++) {
        for (int64_t x = 0; x < g->width; x++) {
            int64_t n = around(g, x, y);
            int alive = AT(g->cells, g->cells_length, add(mul(y, g->width), x)) == 1;
            AT(g->next, g->next_length, add(mul(y, g->width), x)) = n == 3 || (alive && n == 2);
        }
    }
    uint8_t *cells = g->cells;
    g->cells = g->next;
    g->next = cells;
}

int main(void) {
    const int64_t length = 128 * 128;
    Grid g = {128, 128, malloc(length), length, malloc(length), length};
    uint32_t s = 5;
    for (int64_t i = 0; i < length; i++) {
        s = s * 1664525 + 1013904223;
        g.cells[i] = (s >> 20) % 2;
        g.next[i] = 0;
    }
    for (int i = 0; i < 200; i++) step(&g);
    int64_t n = 0;
    for (int64_t i = 0; i < length; i++) n = add(n, g.cells[i]);
    printf("%lld\n", (long long)n);
}
