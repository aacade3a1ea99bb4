/* csv_fuzz.c - any bytes as a text file: encoding, delimited rows and JSON lists, in pieces.  The first
** byte chooses the format and the size of the pieces. */
#include "base/job.h"
#include "hear/decode.h"
#include "hear/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
    byte_source b;
    str rest;
    size_t piece;
} pieces;

static bool pieces_read(byte_source *b, char *into, size_t max, size_t *n_out, err *e) {
    pieces *p = (pieces *)b;
    size_t n = MIN(MIN(p->piece, max), p->rest.n);
    (void)e;
    if (n) memcpy(into, p->rest.p, n);
    p->rest = str_from(p->rest, n);
    *n_out = n;
    return true;
}

typedef struct {
    str text;
    u8 choice;
    size_t columns;
    i64 line;
} input;

static bool columns(void *ctx, const str *names, size_t n, err *e) {
    input *in = ctx;
    (void)e;
    for (size_t i = 0; i < n; i++) check(names[i].p);
    check(n >= in->columns);
    in->columns = n;
    return true;
}

static bool take(void *ctx, const record *r, err *e) {
    input *in = ctx;
    (void)e;
    check(r->cells_n <= in->columns && r->line >= in->line);
    in->line = r->line;
    return true;
}

static bool reject(void *ctx, const rejection *r, err *e) {
    (void)ctx, (void)e;
    check(r->reason.n > 0 && r->line > 0);
    return true;
}

static bool once(arena *a, void *ctx, err *e) {
    input *in = ctx;
    const format *f = formats[in->choice % formats_n];
    pieces from = {{pieces_read}, in->text, 1 + (size_t)(in->choice >> 4) * 37};
    format_options o = {.header = -1};
    decoder *d;
    if (f->binary) return true; /* xlsx_fuzz reads those */
    encoding c = encoding_guess(in->text);
    f->guess(decode_head(a, in->text, c), &o);
    if (!decoder_open(&from.b, c, &d, e)) return false;
    arena_defer(a, (void (*)(void *))decoder_close, d);
    record_sink sink = {columns, take, reject, in};
    return f->parse(a, decoder_source(d), &o, &sink, e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    err e;
    if (size == 0) return 0;
    input in = {.text = {(const char *)data + 1, size - 1}, .choice = data[0]};
    if (!job_run((size_t)64 << 20, once, &in, &e)) check(e.msg[0]);
    return 0;
}
