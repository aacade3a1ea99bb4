/* xes_fuzz.c - any bytes as an event log, in small pieces.  The first byte is the size of the pieces. */
#include "base/job.h"
#include "hear/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
    byte_source b;
    str rest;
    size_t piece, columns;
} pieces;

static bool pieces_read(byte_source *b, char *into, size_t max, size_t *n_out, err *e) {
    pieces *p = (pieces *)b;
    (void)e;
    *n_out = MIN(MIN(p->piece, max), p->rest.n);
    if (*n_out) memcpy(into, p->rest.p, *n_out);
    p->rest = str_from(p->rest, *n_out);
    return true;
}

static bool columns(void *ctx, const str *names, size_t n, err *e) {
    pieces *p = ctx;
    (void)e;
    for (size_t i = 0; i < n; i++) check(names[i].p);
    p->columns = n;
    return true;
}

static bool take(void *ctx, const record *r, err *e) {
    const pieces *p = ctx;
    (void)e;
    check(r->line > 0 && r->cells_n <= p->columns);
    return true;
}

static bool reject(void *ctx, const rejection *r, err *e) {
    (void)ctx, (void)e;
    check(r->reason.n);
    return true;
}

static bool once(arena *a, void *ctx, err *e) {
    pieces *p = ctx;
    format_options o = {.header = -1};
    for (size_t i = 0; i < formats_n; i++)
        if (strcmp(formats[i]->name, "xes") == 0) {
            check(formats[i]->guess(p->rest, &o) <= 100);
            record_sink sink = {columns, take, reject, p};
            return formats[i]->parse(a, &p->b, &o, &sink, e);
        }
    check(false);
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    err e;
    if (!size) return 0;
    pieces p = {{pieces_read}, {(const char *)data + 1, size - 1}, (size_t)data[0] + 1, 0};
    if (!job_run(16 << 20, once, &p, &e)) check(e.msg[0]);
    return 0;
}
