/* rows.c - delimited text: a window of bytes slides over the file, one record is scanned at a time. */
#include "hear/rows.h"
#include "hear/window.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "kern/num6.h"

enum {
    READ_BYTES = 256 * 1024,
    CELLS_MAX = LIMIT_COLUMNS + 1,
    LONG_RAW_BYTES = 4096,
    FIT_RECORDS = 200
};

/* ---- one record in memory ---- */

typedef struct {
    char delimiter, quote, newline; /* newline is \r in files that have no \n at all */
    bool stop[256];                 /* bytes that end an unquoted cell */
} dialect;

typedef struct {
    size_t from, n;
    bool doubled; /* holds quotes written twice */
} span;

typedef enum { ROW_WHOLE, ROW_MORE, ROW_JUNK } row_end;

typedef struct {
    span cells[CELLS_MAX];
    size_t n;    /* may exceed CELLS_MAX: counted, not kept */
    size_t used; /* bytes up to and with its line end */
    size_t raw;  /* bytes without the line end */
    i64 lines;
    bool in_quote;   /* ROW_MORE: a quote is open */
    size_t quote_at; /* where the newest quote opened */
    i64 quote_line;  /* on which line of the record, from 0 */
} row;

static void dialect_init(dialect *d, char delimiter, char quote, str head) {
    *d = (dialect){.delimiter = delimiter, .quote = quote, .newline = '\n'};
    if (str_find(head, S("\n")) < 0 && str_find(head, S("\r")) >= 0) d->newline = '\r';
    d->stop[(u8)d->delimiter] = d->stop[(u8)d->newline] = true;
}

static void row_cell(row *r, size_t from, size_t n, bool doubled) {
    if (r->n < CELLS_MAX) r->cells[r->n] = (span){from, n, doubled};
    r->n++;
}

static void count_lines(row *r, const char *p, size_t n, char newline) {
    for (const char *hit = p; (hit = memchr(hit, newline, n - (size_t)(hit - p))) != NULL; hit++)
        r->lines++;
}

/* From behind an opening quote to behind the closing one; false when it is not closed in here. */
static bool quoted_cell(const dialect *d, str s, size_t *at, row *r) {
    size_t from = *at;
    bool doubled = false;
    r->quote_at = from - 1;
    r->quote_line = r->lines;
    for (size_t i = from;;) {
        const char *hit = i < s.n ? memchr(s.p + i, d->quote, s.n - i) : NULL;
        if (!hit) return false;
        i = (size_t)(hit - s.p) + 1;
        if (i < s.n && s.p[i] == d->quote) {
            doubled = true;
            i++;
            continue;
        }
        row_cell(r, from, i - 1 - from, doubled);
        count_lines(r, s.p + from, i - 1 - from, d->newline);
        *at = i;
        return true;
    }
}

static row_end row_finish(row *r, size_t raw, size_t used) {
    r->raw = raw;
    r->used = used;
    r->lines++;
    return ROW_WHOLE;
}

/* What follows a quoted cell.  ROW_MORE here means: a further cell. */
static row_end behind_quote(const dialect *d, str s, size_t *at, bool end, row *r) {
    size_t i = *at;
    if (i == s.n) return end ? row_finish(r, i, i) : ROW_MORE;
    if (s.p[i] == d->newline) return row_finish(r, i, i + 1);
    if (s.p[i] == '\r' && i + 1 < s.n && s.p[i + 1] == d->newline) return row_finish(r, i, i + 2);
    if (s.p[i] == '\r' && i + 1 == s.n && end) return row_finish(r, i, i + 1);
    if (s.p[i] != d->delimiter) return ROW_JUNK;
    *at = i + 1;
    return ROW_MORE;
}

/* Scans one record at the front of s; end says that nothing follows s. */
static row_end row_scan(const dialect *d, str s, bool end, row *r) {
    size_t i = 0;
    r->n = r->used = 0;
    r->lines = 0;
    r->in_quote = false;
    for (;;) {
        if (i < s.n && s.p[i] == d->quote) {
            i++;
            r->in_quote = true;
            if (!quoted_cell(d, s, &i, r)) return ROW_MORE;
            if (!end && s.n - i < 2) return r->in_quote = false, ROW_MORE;
            r->in_quote = false;
            size_t before = i;
            row_end then = behind_quote(d, s, &i, end, r);
            if (then != ROW_MORE || i == before) return then;
            continue;
        }
        size_t from = i;
        while (i < s.n && !d->stop[(u8)s.p[i]]) i++;
        if (i == s.n && !end) return ROW_MORE;
        bool last = i == s.n || s.p[i] == d->newline;
        size_t to = last && i > from && s.p[i - 1] == '\r' ? i - 1 : i;
        row_cell(r, from, to - from, false);
        if (last) return row_finish(r, to, MIN(i + 1, s.n));
        i++;
    }
}

/* ---- the file ---- */

typedef struct {
    arena *a;
    const record_sink *sink;
    dialect d;
    window in;
    row r;
    str cells[CELLS_MAX];
    char *plain; /* cells with doubled quotes, made plain */
    size_t plain_n, plain_cap;
    size_t columns_n; /* 0 = not known yet */
} rows;

static bool reject(rows *w, i64 line, str raw, const str *cells, size_t cells_n, str reason,
                   err *e) {
    rejection x = {.line = line, .reason = reason, .raw = raw, .cells = cells, .cells_n = cells_n};
    if (w->columns_n == 0)
        return fail(e, INVALID, "line %" PRId64 ", the header: %.*s", line, STR_ARG(reason));
    return w->sink->reject(w->sink->ctx, &x, e);
}

static bool sentence(rows *w, i64 line, str raw, err *e, const char *fmt, ...) PRINTF(5, 6);
static bool sentence(rows *w, i64 line, str raw, err *e, const char *fmt, ...) {
    char z[200];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(z, sizeof z, fmt, ap);
    va_end(ap);
    return reject(w, line, raw, NULL, 0, str_of(z), e);
}

/* The physical line in which the newest quote opened, with all of the record before it, is given
 * up. */
static bool give_up_line(rows *w, const char *why, err *e) {
    str s = window_view(&w->in);
    const char *hit = memchr(s.p + w->r.quote_at, w->d.newline, s.n - w->r.quote_at);
    size_t n = hit ? (size_t)(hit - s.p) : s.n;
    str raw = str_head(s, n && s.p[n - 1] == '\r' ? n - 1 : n);
    i64 line = w->in.line + w->r.quote_line;
    w->in.at += MIN(n + 1, s.n);
    w->in.line = line + 1;
    return sentence(w, line, raw, e, "a quote opened on line %" PRId64 " %s", line, why);
}

/* A line longer than the window: its head is reported, the rest is read past. */
static bool skip_long_line(rows *w, err *e) {
    str raw = arena_str(w->a, utf8_clip(window_view(&w->in), LONG_RAW_BYTES));
    i64 line = w->in.line;
    for (;;) {
        str s = window_view(&w->in);
        const char *hit = s.n ? memchr(s.p, w->d.newline, s.n) : NULL;
        w->in.at += hit ? (size_t)(hit - s.p) + 1 : s.n;
        if (hit || w->in.end) break;
        if (!window_refill(&w->in, e)) return false;
    }
    w->in.line++;
    return sentence(w, line, raw, e, "the line is longer than %d bytes; only its head is kept here",
                    LIMIT_ROW_BYTES);
}

static str plain_cell(rows *w, str s) {
    char *to = w->plain + w->plain_n, *from = to;
    check(w->plain_n + s.n <= w->plain_cap);
    for (size_t i = 0; i < s.n; i++) {
        *to++ = s.p[i];
        if (s.p[i] == w->d.quote) i++; /* its twin */
    }
    w->plain_n += (size_t)(to - from);
    return (str){from, (size_t)(to - from)};
}

static void make_cells(rows *w, str s) {
    w->plain_n = 0;
    if (w->r.raw > w->plain_cap) {
        w->plain_cap = MAX(w->r.raw * 2, (size_t)4096);
        w->plain = arena_alloc(w->a, w->plain_cap);
    }
    for (size_t i = 0; i < MIN(w->r.n, (size_t)CELLS_MAX); i++) {
        const span *c = &w->r.cells[i];
        str cell = {s.p + c->from, c->n};
        w->cells[i] = c->doubled ? plain_cell(w, cell) : cell;
    }
}

static bool take_header(rows *w, bool is_names, err *e) {
    if (w->r.n > LIMIT_COLUMNS)
        return fail(e, LIMIT, "line %" PRId64 " has %zu columns, the limit is %d", w->in.line,
                    w->r.n, LIMIT_COLUMNS);
    str *names = NEW_N(w->a, str, w->r.n);
    for (size_t i = 0; i < w->r.n; i++) {
        names[i] = is_names ? arena_str(w->a, w->cells[i]) : arena_fmt(w->a, "c%zu", i + 1);
        if (names[i].n > LIMIT_NAME_BYTES)
            return fail(e, LIMIT,
                        "line %" PRId64 ": the name of column %zu has %zu bytes, the limit is %d; "
                        "give --header no if this is no header",
                        w->in.line, i + 1, names[i].n, LIMIT_NAME_BYTES);
    }
    w->columns_n = w->r.n;
    return w->sink->columns(w->sink->ctx, names, w->r.n, e);
}

static bool take_row(rows *w, str raw, err *e) {
    size_t n = w->r.n;
    if (n > LIMIT_COLUMNS)
        return sentence(w, w->in.line, raw, e, "the line has %zu cells, the limit is %d", n,
                        LIMIT_COLUMNS);
    while (n > w->columns_n && w->cells[n - 1].n == 0) n--;
    if (n != w->columns_n) {
        char z[120];
        snprintf(z, sizeof z, "the line has %zu cells where the header has %zu", w->r.n,
                 w->columns_n);
        return reject(w, w->in.line, raw, w->cells, w->r.n, str_of(z), e);
    }
    record rec = {.line = w->in.line, .cells = w->cells, .cells_n = n, .raw = raw};
    return w->sink->take(w->sink->ctx, &rec, e);
}

static bool whole_row(rows *w, bool header, err *e) {
    str raw = {w->in.p + w->in.at, w->r.raw};
    bool ok = true;
    if (w->r.raw > 0) {
        make_cells(w, raw);
        bool first = w->columns_n == 0;
        if (first) ok = take_header(w, header, e);
        if (ok && (!first || !header)) ok = take_row(w, raw, e);
    }
    w->in.at += w->r.used;
    w->in.line += w->r.lines;
    return ok;
}

/* Is the line in which the newest quote opened all here? */
static bool quote_line_there(const rows *w) {
    str s = window_view(&w->in);
    return w->in.end || memchr(s.p + w->r.quote_at, w->d.newline, s.n - w->r.quote_at);
}

/* One step: a record, a rejection, or more bytes. */
static bool step(rows *w, bool header, err *e) {
    row_end got = row_scan(&w->d, window_view(&w->in), w->in.end, &w->r);
    bool quoted = got == ROW_JUNK || w->r.in_quote || w->r.lines > 1;
    bool there = quoted && quote_line_there(w);
    if (got == ROW_WHOLE && w->r.raw <= LIMIT_ROW_BYTES) return whole_row(w, header, e);
    if (got == ROW_JUNK && there)
        return give_up_line(w, "closes before other text; write a quote inside a cell twice", e);
    if (w->in.end && w->r.in_quote) return give_up_line(w, "is never closed", e);
    if (got != ROW_WHOLE && !window_full(&w->in)) return window_refill(&w->in, e);
    if (there) return give_up_line(w, "is not closed within the longest record", e);
    return skip_long_line(w, e);
}

bool rows_parse(arena *a, byte_source *from, const format_options *o, const record_sink *sink,
                err *e) {
    rows *w = NEW(a, rows);
    w->a = a;
    w->sink = sink;
    window_open(a, from, &w->in);
    if (!window_refill(&w->in, e)) return false;
    dialect_init(&w->d, o->delimiter ? o->delimiter : ',', o->quote ? o->quote : '"',
                 window_view(&w->in));
    while (!w->in.end || w->in.at < w->in.n)
        if (!step(w, o->header != 0, e)) return false;
    return true;
}

/* ---- how well a delimiter fits ---- */

static bool looks_like_data(str cell) {
    num6 v;
    cell = str_trim(cell);
    return cell.n > 80 || num6_parse(cell, &v);
}

typedef struct {
    size_t columns, records, equal, broken;
    bool names;
} fit;

static void fit_count(const dialect *d, str head, row *r, fit *f) {
    while (head.n && f->records < FIT_RECORDS) {
        row_end got = row_scan(d, head, false, r);
        if (got == ROW_MORE) break;
        if (got == ROW_JUNK) {
            const char *hit = memchr(head.p, d->newline, head.n);
            f->broken++;
            head = hit ? str_from(head, (size_t)(hit - head.p) + 1) : str_from(head, head.n);
            continue;
        }
        if (r->raw) {
            if (f->records == 0) {
                f->columns = r->n;
                f->names = true;
                for (size_t i = 0; i < MIN(r->n, (size_t)CELLS_MAX); i++)
                    if (looks_like_data((str){head.p + r->cells[i].from, r->cells[i].n}))
                        f->names = false;
            }
            f->records++;
            f->equal += r->n == f->columns;
        }
        head = str_from(head, r->used);
    }
}

int rows_fit(str head, char delimiter, char quote, int *header) {
    row *r = mem_new(1, sizeof *r);
    dialect d;
    fit f = {0};
    buf closed = {0}; /* a small file may lack its last line end */
    buf_str(&closed, head);
    buf_char(&closed, '\n');
    dialect_init(&d, delimiter, quote, head);
    fit_count(&d, buf_view(&closed), r, &f);
    buf_clear(&closed);
    free(r);
    if (f.records == 0 || f.columns < 2) return 0;
    if (*header < 0) *header = f.names;
    return (int)(20 + 70 * f.equal / (f.records + f.broken));
}
