/* Arithmetic and indexing for the kernels: with -DCHECKED they stop the program where the lang version would, without it they are plain C. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef CHECKED
static __attribute__((noinline, cold, noreturn)) void failed(void) {
    fputs("panic\n", stderr);
    exit(101);
}
#define OVERFLOWS(name, type, builtin) \
    static inline type name(type a, type b) { type r; if (__builtin_expect(builtin(a, b, &r), 0)) failed(); return r; }
OVERFLOWS(add, int64_t, __builtin_add_overflow)
OVERFLOWS(sub, int64_t, __builtin_sub_overflow)
OVERFLOWS(mul, int64_t, __builtin_mul_overflow)
static inline int64_t divide(int64_t a, int64_t b) {
    if (__builtin_expect(b == 0 || (b == -1 && a == INT64_MIN), 0)) failed();
    return a / b;
}
static inline int64_t within(int64_t i, int64_t length) {
    if (__builtin_expect((uint64_t)i >= (uint64_t)length, 0)) failed();
    return i;
}
#define AT(array, length, i) (array)[within(i, length)]
#else
#define add(a, b) ((a) + (b))
#define sub(a, b) ((a) - (b))
#define mul(a, b) ((a) * (b))
#define divide(a, b) ((a) / (b))
#define AT(array, length, i) (array)[i]
#endif
