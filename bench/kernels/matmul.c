#include "checked.h"

enum { N = 256 };

static void multiply(const double *a, int64_t an, const double *b, int64_t bn, double *c, int64_t cn) {
    for (int64_t i = 0; i < N; i++) {
        for (int64_t j = 0; j < N; j++) {
            double sum = 0.0;
            for (int64_t k = 0; k < N; k++) sum += AT(a, an, add(mul(i, N), k)) * AT(b, bn, add(mul(k, N), j));
            AT(c, cn, add(mul(i, N), j)) = sum;
        }
    }
}

int main(void) {
    static double a[N * N], b[N * N], c[N * N];
    for (int64_t i = 0; i < N * N; i++) {
        a[i] = (double)(i % 17) * 0.25;
        b[i] = (double)(i % 23) * 0.5;
    }
    double trace = 0.0;
    for (int64_t round = 0; round < 6; round++) {
        multiply(a, N * N, b, N * N, c, N * N);
        for (int64_t i = 0; i < N; i++) trace += c[i * N + i];
        a[round] = 1.0;
    }
    printf("%.6f\n", trace);
}
