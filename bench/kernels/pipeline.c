#include "checked.h"

int main(void) {
    int64_t length = 1000000;
    int64_t *numbers = malloc((size_t)length * 8);
    uint32_t state = 7;
    for (int64_t i = 0; i < length; i++) {
        state = state * 1664525u + 1013904223u;
        numbers[i] = (int64_t)(state >> 12);
    }
    int64_t sum = 0;
    for (int64_t round = 0; round < 40; round++) {
        int64_t total = 0;
        for (int64_t i = 0; i < length; i++) {
            int64_t n = add(mul(numbers[i], 3), round);
            if (n % 5 != 0) total = add(total, n);
        }
        sum = add(sum, total);
        total = 0;
        for (int64_t i = 0; i < length; i++) if ((numbers[i] & 1) == 1) total = add(total, numbers[i] >> 2);
        sum = add(sum, total);
        total = 0;
        for (int64_t i = 0; i + 1 < length; i++) {
            int64_t d = sub(numbers[i], numbers[i + 1]);
            if (d > 0) total = add(total, d);
        }
        sum = add(sum, total);
        total = 0;
        for (int64_t i = 0; i < length; i++) if (numbers[i] > 500000) total = total > i ? total : i;
        sum = add(sum, total);
    }
    printf("%lld\n", (long long)sum);
}
