/* window.h - the part of a stream that is in memory: it slides over the file and never grows. */
#ifndef HEAR_WINDOW_H
#define HEAR_WINDOW_H
#include "base/limits.h"
#include "hear/format.h"

enum { WINDOW_READ_BYTES = 256 * 1024, WINDOW_BYTES = LIMIT_ROW_BYTES + WINDOW_READ_BYTES };

typedef struct {
    byte_source *from;
    char *p;      /* WINDOW_BYTES */
    size_t at, n; /* read position and filled bytes */
    bool end;     /* nothing follows p[n] */
    i64 line;     /* of the read position, from 1 */
} window;

void window_open(arena *a, byte_source *from, window *w);
bool window_refill(window *w, err *e) MUST_USE; /* drops what was read, adds what fits */
bool window_fill(window *w, err *e) MUST_USE;   /* refills until it is full or the stream ends */
void window_skip(window *w, size_t n);          /* n bytes are read; counts their lines */
static inline str window_view(const window *w) {
    return (str){w->p + w->at, w->n - w->at};
}
static inline bool window_full(const window *w) {
    return w->n - w->at >= LIMIT_ROW_BYTES;
}
#endif
