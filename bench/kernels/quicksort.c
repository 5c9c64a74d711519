#include "checked.h"

static uint64_t state = 1;

static int64_t next(void) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)(state >> 33);
}

#define V(i) AT(values, length, i)

static void sort(int64_t *values, int64_t length, int64_t from, int64_t to) {
    int64_t low = from, high = to;
    int64_t pivot = V(divide(add(from, to), 2));
    while (low <= high) {
        while (V(low) < pivot) low = add(low, 1);
        while (V(high) > pivot) high = sub(high, 1);
        if (low <= high) {
            int64_t kept = V(low);
            V(low) = V(high);
            V(high) = kept;
            low = add(low, 1);
            high = sub(high, 1);
        }
    }
    if (from < high) sort(values, length, from, high);
    if (low < to) sort(values, length, low, to);
}

int main(void) {
    static int64_t values[400000];
    int64_t check = 0;
    for (int64_t round = 0; round < 5; round++) {
        for (int64_t i = 0; i < 400000; i++) values[i] = next();
        sort(values, 400000, 0, 399999);
        for (int64_t i = 1; i < 400000; i++)
            if (values[i - 1] > values[i]) puts("not sorted");
        check = add(check, values[round * 1000]);
    }
    printf("%lld\n", (long long)check);
}
