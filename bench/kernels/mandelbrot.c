#include "checked.h"

enum { SIZE = 500, STEPS = 200 };

static int64_t escape(double cx, double cy) {
    double x = 0.0, y = 0.0;
    for (int64_t step = 0; step < STEPS; step++) {
        double xx = x * x, yy = y * y;
        if (xx + yy > 4.0) return step;
        y = 2.0 * x * y + cy;
        x = xx - yy + cx;
    }
    return STEPS;
}

int main(void) {
    int64_t inside = 0, total = 0;
    for (int64_t row = 0; row < SIZE; row++) {
        for (int64_t column = 0; column < SIZE; column++) {
            int64_t steps = escape((double)column / SIZE * 3.0 - 2.25, (double)row / SIZE * 2.5 - 1.25);
            total = add(total, steps);
            if (steps == STEPS) inside = add(inside, 1);
        }
    }
    printf("%lld %lld\n", (long long)inside, (long long)total);
}
