#include "checked.h"
#include <math.h>

enum { N = 800 };

static double entry(int64_t i, int64_t j) {
    return 1.0 / (double)add(add(divide(mul(add(i, j), add(add(i, j), 1)), 2), i), 1);
}

static void times(const double *v, int64_t n, double *out, int64_t outs) {
    for (int64_t i = 0; i < n; i++) {
        double sum = 0.0;
        for (int64_t j = 0; j < n; j++) sum += entry(i, j) * AT(v, n, j);
        AT(out, outs, i) = sum;
    }
}

static void times_transposed(const double *v, int64_t n, double *out, int64_t outs) {
    for (int64_t i = 0; i < n; i++) {
        double sum = 0.0;
        for (int64_t j = 0; j < n; j++) sum += entry(j, i) * AT(v, n, j);
        AT(out, outs, i) = sum;
    }
}

int main(void) {
    double u[N], v[N], w[N];
    for (int i = 0; i < N; i++) u[i] = 1.0;
    for (int round = 0; round < 10; round++) {
        times(u, N, w, N);
        times_transposed(w, N, v, N);
        times(v, N, w, N);
        times_transposed(w, N, u, N);
    }
    double uv = 0.0, vv = 0.0;
    for (int i = 0; i < N; i++) {
        uv += u[i] * v[i];
        vv += v[i] * v[i];
    }
    printf("%.9f\n", sqrt(uv / vv));
}
