/* window.c - sliding and filling. */
#include "hear/window.h"

void window_open(arena *a, byte_source *from, window *w) {
    *w = (window){.from = from, .line = 1};
    w->p = arena_raw(a, WINDOW_BYTES);
}

bool window_refill(window *w, err *e) {
    if (w->at) memmove(w->p, w->p + w->at, w->n - w->at);
    w->n -= w->at;
    w->at = 0;
    size_t more = 0, want = MIN((size_t)WINDOW_READ_BYTES, (size_t)WINDOW_BYTES - w->n);
    if (want < 64) return true; /* a decoder needs room for a character */
    if (!w->from->read(w->from, w->p + w->n, want, &more, e)) return false;
    check(more <= want);
    w->n += more;
    w->end = more == 0;
    return true;
}

bool window_fill(window *w, err *e) {
    while (!w->end && !window_full(w))
        if (!window_refill(w, e)) return false;
    return true;
}

void window_skip(window *w, size_t n) {
    check(n <= w->n - w->at);
    const char *p = w->p + w->at, *end = p + n;
    while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL) p++, w->line++;
    w->at += n;
}
