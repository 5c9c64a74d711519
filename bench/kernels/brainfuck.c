#include "checked.h"
#include <string.h>

static const char PROGRAM[] = "++++++++[>++++++++[>++++++++[>++++++++[>++++++++[>++++++++[>++++++++[>+>+++<<-]<-]<-]<-]<-]<-]<-]>>>>>>>>+.<<<<<<<<+++++++[>+++++++<-]>.";

enum { MOVE, ADD, WRITE, JUMP_IF_ZERO, JUMP_IF_NOT };
typedef struct { uint8_t tag; union { int64_t n; uint8_t byte; } as; } Op;

static int64_t translate(const uint8_t *source, int64_t length, Op *ops, int64_t most) {
    int64_t open[64] = {0}, depth = 0, count = 0;
    for (int64_t i = 0; i < length; i++) {
        Op op = {.tag = WRITE};
        switch (AT(source, length, i)) {
            case '>': op = (Op){MOVE, {.n = 1}}; break;
            case '<': op = (Op){MOVE, {.n = -1}}; break;
            case '+': op = (Op){ADD, {.byte = 1}}; break;
            case '-': op = (Op){ADD, {.byte = 255}}; break;
            case '[':
                AT(open, 64, depth) = count;
                depth = add(depth, 1);
                op = (Op){JUMP_IF_ZERO, {.n = 0}};
                break;
            case ']':
                depth = sub(depth, 1);
                op = (Op){JUMP_IF_NOT, {.n = AT(open, 64, depth)}};
                AT(ops, most, AT(open, 64, depth)) = (Op){JUMP_IF_ZERO, {.n = count}};
                break;
        }
        AT(ops, most, count) = op;
        count = add(count, 1);
    }
    return count;
}

static void run(const Op *ops, int64_t most, int64_t count) {
    uint8_t cells[1000] = {0};
    int64_t cell = 0, at = 0, steps = 0;
    while (at < count) {
        Op op = AT(ops, most, at);
        switch (op.tag) {
            case MOVE: cell = add(cell, op.as.n); break;
            case ADD: AT(cells, 1000, cell) += op.as.byte; break;
            case WRITE: printf("%d\n", AT(cells, 1000, cell)); break;
            case JUMP_IF_ZERO: if (AT(cells, 1000, cell) == 0) at = op.as.n; break;
            case JUMP_IF_NOT: if (AT(cells, 1000, cell) != 0) at = op.as.n; break;
        }
        at = add(at, 1);
        steps = add(steps, 1);
    }
    printf("%lld\n", (long long)steps);
}

int main(void) {
    Op ops[200];
    for (int i = 0; i < 200; i++) ops[i] = (Op){.tag = WRITE};
    int64_t count = translate((const uint8_t *)PROGRAM, (int64_t)strlen(PROGRAM), ops, 200);
    run(ops, 200, count);
}
