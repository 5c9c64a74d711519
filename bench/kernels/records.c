#include "checked.h"
#include <string.h>

/* The same algorithm as std's: runs made 24 long by binary insertion, merged by powers of their borders, with room for the shorter run. */
typedef struct { uint32_t key, weight; int64_t index; } Record;
typedef struct { int64_t count, starts[66], powers[66]; } Stack;

static inline int before(const Record *a, const Record *b) { return a->key != b->key ? a->key < b->key : a->weight < b->weight; }

static void reverse(Record *items, int64_t count) {
    for (int64_t i = 0, j = count - 1; i < j; i++, j--) { Record r = items[i]; items[i] = items[j]; items[j] = r; }
}

static int64_t run(Record *items, int64_t count) {
    if (count < 2) return count;
    int64_t length = 2;
    if (before(items + 1, items)) {
        while (length < count && before(items + length, items + length - 1)) length++;
        reverse(items, length);
    } else while (length < count && !before(items + length, items + length - 1)) length++;
    return length;
}

static void insert(Record *items, int64_t count, int64_t sorted) {
    for (int64_t at = sorted; at < count; at++) {
        int64_t low = 0, high = at;
        while (low < high) {
            int64_t middle = (low + high) / 2;
            if (before(items + at, items + middle)) high = middle; else low = middle + 1;
        }
        if (low < at) {
            Record value = items[at];
            memmove(items + low + 1, items + low, (size_t)(at - low) * sizeof(Record));
            items[low] = value;
        }
    }
}

static int64_t power_of(int64_t a, int64_t b, int64_t c, int64_t n) {
    int64_t left = a + b, right = b + c, power = 0;
    for (;;) {
        power++;
        if (left >= n) { left -= n; right -= n; } else if (right >= n) return power;
        left <<= 1; right <<= 1;
    }
}

static void merge(Record *items, int64_t middle, int64_t count, Record *room) {
    int64_t from = 0, end = count;
    while (from < middle && !before(items + middle, items + from)) from++;
    if (from == middle) return;
    while (end > middle && !before(items + end - 1, items + middle - 1)) end--;
    int64_t left = middle - from, right = end - middle;
    if (left <= right) {
        memcpy(room, items + from, (size_t)left * sizeof(Record));
        int64_t a = 0, b = middle, to = from;
        while (a < left && b < end) {
            if (before(items + b, room + a)) items[to] = items[b++]; else items[to] = room[a++];
            to++;
        }
        memcpy(items + to, room + a, (size_t)(left - a) * sizeof(Record));
        return;
    }
    memcpy(room, items + middle, (size_t)right * sizeof(Record));
    int64_t a = middle, b = right, to = end;
    while (a > from && b > 0) {
        to--;
        if (before(room + b - 1, items + a - 1)) items[to] = items[--a]; else items[to] = room[--b];
    }
    memcpy(items + to - b, room, (size_t)b * sizeof(Record));
}

static void merge_top(Record *items, int64_t end, Stack *stack, Record *room) {
    int64_t from = stack->starts[stack->count - 2], middle = stack->starts[stack->count - 1];
    merge(items + from, middle - from, end - from, room);
    stack->count--;
}

static void sort(Record *items, int64_t count) {
    Record *room = malloc((size_t)(count / 2) * sizeof(Record));
    Stack stack;
    stack.count = 0;
    for (int64_t start = 0; start < count;) {
        int64_t length = run(items + start, count - start);
        if (length < 24) {
            int64_t longer = count - start < 24 ? count - start : 24;
            insert(items + start, longer, length);
            length = longer;
        }
        int64_t end = start + length;
        if (stack.count > 0) {
            int64_t power = power_of(stack.starts[stack.count - 1], start, end, count);
            while (stack.count > 1 && stack.powers[stack.count - 1] > power) merge_top(items, start, &stack, room);
            stack.powers[stack.count] = power;
        }
        stack.starts[stack.count++] = start;
        start = end;
    }
    while (stack.count > 1) merge_top(items, count, &stack, room);
    free(room);
}

int main(void) {
    uint64_t sum = 0, state = 88172645463325252u;
    int64_t count = 500000;
    for (int round = 0; round < 6; round++) {
        Record *records = malloc((size_t)count * sizeof(Record));
        for (int64_t i = 0; i < count; i++) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            records[i] = (Record){(uint32_t)((state >> 20) & 0xffff), (uint32_t)((state >> 40) & 0xffff), i};
        }
        sort(records, count);
        for (int64_t i = 0; i < count; i++) sum = sum * 31 + (uint64_t)records[i].index;
        free(records);
    }
    printf("%llu\n", (unsigned long long)sum);
}
