#include "checked.h"

typedef struct { int64_t counts[256]; int64_t total, changes; uint8_t last; } Histogram;

__attribute__((noinline)) static void add_bytes(Histogram *self, const uint8_t *bytes, int64_t length) {
    for (int64_t i = 0; i < length; i++) {
        uint8_t byte = bytes[i];
        self->counts[byte] = add(self->counts[byte], 1);
        self->total = add(self->total, (int64_t)byte);
        if (byte != self->last) self->changes = add(self->changes, 1);
        self->last = byte;
    }
}

int main(void) {
    int64_t length = 4194304;
    uint8_t *bytes = malloc((size_t)length);
    uint64_t state = 88172645463325252u;
    for (int64_t i = 0; i < length; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes[i] = (uint8_t)((state >> 20) & (state >> 40) & 255);
    }
    static Histogram histogram;
    for (int i = 0; i < 20; i++) add_bytes(&histogram, bytes, length);
    int64_t sum = 0;
    for (int64_t i = 0; i < 256; i++) sum = add(sum, mul(histogram.counts[i], i));
    printf("%lld %lld %lld %d\n", (long long)sum, (long long)histogram.total, (long long)histogram.changes, histogram.last);
}
