#include "checked.h"
typedef struct { int64_t to, length; } Edge;
typedef struct { int64_t distance, node; } Entry;
typedef struct { Entry *p; int64_t len, cap; } Heap;
typedef struct { Edge *p; int64_t len, cap; } Edges;
static inline void append(Heap *h, Entry e) {
    if (h->len == h->cap) { h->cap = h->cap ? h->cap * 2 : 4; h->p = realloc(h->p, h->cap * sizeof e); if (!h->p) abort(); }
    h->p[h->len++] = e;
}
static inline void appendEdge(Edges *h, Edge e) {
    if (h->len == h->cap) { h->cap = h->cap ? h->cap * 2 : 4; h->p = realloc(h->p, h->cap * sizeof e); if (!h->p) abort(); }
    h->p[h->len++] = e;
}
static void push(Heap *h, Entry e) {
    append(h, e);
    int64_t at = sub(h->len, 1);
    while (at > 0) {
        int64_t up = sub(at, 1) / 2;
        if (AT(h->p, h->len, up).distance <= AT(h->p, h->len, at).distance) break;
        Entry other = AT(h->p, h->len, up);
        AT(h->p, h->len, up) = AT(h->p, h->len, at);
        AT(h->p, h->len, at) = other;
        at = up;
    }
}
static int pop(Heap *h, Entry *out) {
    if (h->len == 0) return 0;
    *out = AT(h->p, h->len, 0);
    Entry last = h->p[--h->len];
    int64_t count = h->len;
    if (count == 0) return 1;
    AT(h->p, h->len, 0) = last;
    int64_t at = 0;
    for (;;) {
        int64_t left = add(mul(2, at), 1);
        if (left >= count) break;
        int64_t right = add(left, 1);
        int64_t least = right < count && AT(h->p, h->len, right).distance < AT(h->p, h->len, left).distance ? right : left;
        if (AT(h->p, h->len, at).distance <= AT(h->p, h->len, least).distance) break;
        Entry other = AT(h->p, h->len, least);
        AT(h->p, h->len, least) = AT(h->p, h->len, at);
        AT(h->p, h->len, at) = other;
        at = least;
    }
    return 1;
}
static int64_t *shortest(const Edges *graph, int64_t n, int64_t from) {
    int64_t *d = malloc(8 * n);
    for (int64_t i = 0; i < n; i++) d[i] = (int64_t)1 << 60;
    Heap heap = {0};
    AT(d, n, from) = 0;
    push(&heap, (Entry){ 0, from });
    Entry e;
    while (pop(&heap, &e)) {
        if (e.distance > AT(d, n, e.node)) continue;
        const Edges *edges = &AT(graph, n, e.node);
        for (int64_t i = 0; i < edges->len; i++) {
            Edge edge = edges->p[i];
            int64_t distance = add(e.distance, edge.length);
            if (distance < AT(d, n, edge.to)) {
                AT(d, n, edge.to) = distance;
                push(&heap, (Entry){ distance, edge.to });
            }
        }
    }
    free(heap.p);
    return d;
}
int main(void) {
    int64_t side = 300, n = side * side;
    Edges *graph = calloc(n, sizeof *graph);
    uint32_t state = 7;
    static const int64_t ways[4][2] = { {1, 0}, {-1, 0}, {0, 1}, {0, -1} };
    for (int64_t y = 0; y < side; y++) for (int64_t x = 0; x < side; x++) for (int k = 0; k < 4; k++) {
        int64_t u = x + ways[k][0], v = y + ways[k][1];
        if (u < 0 || v < 0 || u >= side || v >= side) continue;
        state = state * 1664525 + 1013904223;
        appendEdge(&graph[y * side + x], (Edge){ v * side + u, (int64_t)(state >> 22) + 1 });
    }
    int64_t sum = 0;
    for (int64_t round = 0; round < 10; round++) {
        int64_t *d = shortest(graph, n, round * 1000);
        sum = add(sum, add(AT(d, n, n - 1), AT(d, n, n / 2)));
        free(d);
    }
    printf("%lld\n", (long long)sum);
}
