#include "checked.h"

typedef struct { int64_t *items; int64_t length; } Row;
typedef struct { Row *items; int64_t length; } Table;
typedef struct { uint8_t *items; int64_t length; } Text;

static Text letters(int64_t count, uint32_t seed) {
    Text text = { malloc((size_t)count), count };
    uint32_t state = seed;
    for (int64_t i = 0; i < count; i++) {
        state = state * 1664525u + 1013904223u;
        text.items[i] = (uint8_t)('a' + (state >> 20) % 4);
    }
    return text;
}

static Table rows(int64_t height, int64_t width) {
    Table table = { malloc((size_t)height * sizeof(Row)), height };
    for (int64_t i = 0; i < height; i++) table.items[i] = (Row){ calloc((size_t)width, 8), width };
    return table;
}

#define CELL(table, i, j) (*cell(&(table), i, j))
static inline int64_t *cell(const Table *table, int64_t i, int64_t j) {
    const Row *row = &AT(table->items, table->length, i);
    return &AT(row->items, row->length, j);
}
static inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

__attribute__((noinline)) static int64_t distance(const Text *a, const Text *b, const Table *table) {
    for (int64_t i = 0; i <= a->length; i++) CELL(*table, i, 0) = i;
    for (int64_t j = 0; j <= b->length; j++) CELL(*table, 0, j) = j;
    for (int64_t i = 1; i <= a->length; i++)
        for (int64_t j = 1; j <= b->length; j++) {
            int64_t cost = AT(a->items, a->length, sub(i, 1)) == AT(b->items, b->length, sub(j, 1)) ? 0 : 1;
            int64_t above = add(CELL(*table, sub(i, 1), j), 1), left = add(CELL(*table, i, sub(j, 1)), 1);
            CELL(*table, i, j) = least(least(above, left), add(CELL(*table, sub(i, 1), sub(j, 1)), cost));
        }
    return CELL(*table, a->length, b->length);
}

__attribute__((noinline)) static int64_t common(const Text *a, const Text *b, const Table *table) {
    for (int64_t i = 0; i <= a->length; i++) CELL(*table, i, 0) = 0;
    for (int64_t j = 0; j <= b->length; j++) CELL(*table, 0, j) = 0;
    for (int64_t i = 1; i <= a->length; i++)
        for (int64_t j = 1; j <= b->length; j++) {
            if (AT(a->items, a->length, sub(i, 1)) == AT(b->items, b->length, sub(j, 1))) CELL(*table, i, j) = add(CELL(*table, sub(i, 1), sub(j, 1)), 1);
            else CELL(*table, i, j) = most(CELL(*table, sub(i, 1), j), CELL(*table, i, sub(j, 1)));
        }
    return CELL(*table, a->length, b->length);
}

int main(void) {
    int64_t size = 1500, sum = 0;
    Table table = rows(size + 1, size + 1);
    for (uint32_t round = 0; round < 12; round++) {
        Text a = letters(size, round * 2 + 1), b = letters(size, round * 3 + 2);
        sum = add(sum, add(mul(distance(&a, &b, &table), 10), common(&a, &b, &table)));
        free(a.items);
        free(b.items);
    }
    printf("%lld\n", (long long)sum);
}
