/* buf.c - bytes that grow, in an arena or on the heap. */
#include "base/base.h"

enum { FMT_ROOM = 24 }; /* a number fits */

static void grow(buf *b, size_t more) {
    if (b->cap - b->n >= more) return;
    size_t cap = MAX(b->n + more, MAX((size_t)64, b->cap * 2));
    if (b->a) {
        char *p = arena_alloc(b->a, cap);
        if (b->n) memcpy(p, b->p, b->n);
        b->p = p;
    } else {
        b->p = mem_grow(b->p, cap, 1);
    }
    b->cap = cap;
}

void buf_bytes(buf *b, const void *p, size_t n) {
    if (n == 0) return;
    grow(b, n);
    memcpy(b->p + b->n, p, n);
    b->n += n;
}

void buf_str(buf *b, str s) {
    buf_bytes(b, s.p, s.n);
}

void buf_char(buf *b, char c) {
    grow(b, 1);
    b->p[b->n++] = c;
}

void buf_fmt(buf *b, const char *fmt, ...) {
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    grow(b, FMT_ROOM);
    int n = vsnprintf(b->p + b->n, b->cap - b->n, fmt, ap); /* nearly always there is room */
    va_end(ap);
    check(n >= 0);
    if ((size_t)n >= b->cap - b->n) {
        grow(b, (size_t)n + 1);
        vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
    }
    va_end(again);
    b->n += (size_t)n;
}

void buf_clear(buf *b) {
    if (!b->a) free(b->p);
    b->p = NULL;
    b->n = b->cap = 0;
}
