/* http_chunk_fuzz.c - any bytes as a chunked body: the same in pieces as at once. */
#include "api/http_chunk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
    u64 hash, bytes;
    size_t left;
    bool ok, done;
} outcome;

static outcome take(str raw, size_t step) {
    outcome o = {.hash = 14695981039346656037u, .ok = true};
    chunk_in c = {0};
    err e;
    while (o.ok && raw.n && !chunk_done(&c)) {
        str piece = str_head(raw, step), out;
        size_t given = piece.n;
        while (o.ok && piece.n && !chunk_done(&c)) {
            o.ok = chunk_take(&c, &piece, &out, &e);
            for (size_t i = 0; o.ok && i < out.n; i++)
                o.hash = (o.hash ^ (u8)out.p[i]) * 1099511628211u, o.bytes++;
        }
        raw = str_from(raw, given - piece.n);
    }
    o.left = o.ok ? raw.n : 0;
    o.done = chunk_done(&c);
    return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    str raw = {(const char *)data, size};
    outcome whole = take(raw, size ? size : 1), pieces = take(raw, 1 + size % 5);
    check(whole.ok == pieces.ok && whole.done == pieces.done && whole.hash == pieces.hash &&
          whole.left == pieces.left);
    check(whole.bytes <= size);
    return 0;
}
