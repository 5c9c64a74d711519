#include "checked.h"

enum { NAME, NUMBER, TEXT, MARK, END };
typedef struct { int8_t kind; int64_t start, end; } Token;
typedef struct { const uint8_t *text; int64_t length, at, line; } Tokenizer;

static int is_letter(uint8_t byte) { return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_'; }
static int is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

static uint8_t peek(const Tokenizer *self) { return self->at < self->length ? AT(self->text, self->length, self->at) : 0; }

static void skip_space(Tokenizer *self) {
    while (self->at < self->length) {
        uint8_t byte = AT(self->text, self->length, self->at);
        if (byte == '\n') self->line = add(self->line, 1);
        else if (byte != ' ') return;
        self->at = add(self->at, 1);
    }
}

static Token next(Tokenizer *self) {
    skip_space(self);
    int64_t start = self->at;
    if (start >= self->length) return (Token){ END, start, start };
    uint8_t byte = AT(self->text, self->length, start);
    self->at = add(self->at, 1);
    int8_t kind = MARK;
    if (is_letter(byte)) {
        kind = NAME;
        while (is_letter(peek(self)) || is_digit(peek(self))) self->at = add(self->at, 1);
    } else if (is_digit(byte)) {
        kind = NUMBER;
        while (is_digit(peek(self))) self->at = add(self->at, 1);
    } else if (byte == '"') {
        kind = TEXT;
        while (self->at < self->length && AT(self->text, self->length, self->at) != '"') self->at = add(self->at, 1);
        self->at = add(self->at, 1);
    }
    return (Token){ kind, start, self->at };
}

int main(void) {
    uint8_t *text = malloc(1048576 + 16);
    int64_t length = 0;
    uint32_t state = 7;
    while (length < 1048576) {
        state = state * 1664525u + 1013904223u;
        uint32_t choice = (state >> 16) % 10;
        int64_t many = (state >> 24) % 9 + 1;
        if (choice < 4) for (int64_t i = 0; i < many; i++) text[length++] = (uint8_t)('a' + (state >> i) % 26);
        else if (choice < 6) for (int64_t i = 0; i < many; i++) text[length++] = (uint8_t)('0' + (state >> i) % 10);
        else if (choice < 7) {
            text[length++] = '"';
            for (int64_t i = 0; i < many; i++) text[length++] = 'x';
            text[length++] = '"';
        } else text[length++] = '+';
        text[length++] = choice == 9 ? '\n' : ' ';
    }
    int64_t counts[4] = {0}, sum = 0;
    for (int round = 0; round < 12; round++) {
        Tokenizer tokenizer = { text, length, 0, 1 };
        for (;;) {
            Token token = next(&tokenizer);
            if (token.kind == END) break;
            AT(counts, 4, token.kind) = add(AT(counts, 4, token.kind), 1);
            sum = add(sum, sub(token.end, token.start));
        }
        sum = add(sum, tokenizer.line);
    }
    printf("%lld %lld %lld %lld %lld\n", (long long)counts[0], (long long)counts[1], (long long)counts[2], (long long)counts[3], (long long)sum);
}
