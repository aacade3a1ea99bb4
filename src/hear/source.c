/* source.c - files and standard input, unpacked by zlib, and one pass over them. */
#include "hear/source.h"
#include "base/limits.h"
#include "base/utf8.h"
#include <unistd.h>
#include <zlib.h>

struct hear_source {
    byte_source b;
    char *path;
    bool stream, spent;
    bool gzip, head_only, head_all;
    gzFile gz;
    char *head;
    size_t head_n, head_at;
    decoder *decoder; /* of the pass that runs */
};

static bool trouble(hear_source *s, err *e) {
    int no = Z_OK;
    const char *why = gzerror(s->gz, &no);
    if (no == Z_ERRNO) return fail(e, IO, "%s cannot be read: %s", s->path, strerror(errno));
    if (no == Z_BUF_ERROR)
        return fail(e, CORRUPT, "%s ends in the middle of its gzip data; fetch it again", s->path);
    return fail(e, CORRUPT, "%s is not sound gzip data (%s)", s->path, why);
}

/* Up to max bytes; gzip members behind one another are one text. */
static bool unpack(hear_source *s, char *into, size_t max, size_t *n_out, err *e) {
    int got = gzread(s->gz, into, (unsigned)MIN(max, (size_t)1 << 30));
    int no = Z_OK;
    if (got < 0) return trouble(s, e);
    if (got == 0) gzerror(s->gz, &no);
    if (got == 0 && no != Z_OK && no != Z_STREAM_END) return trouble(s, e);
    *n_out = (size_t)got;
    return true;
}

static bool source_read(byte_source *b, char *into, size_t max, size_t *n_out, err *e) {
    hear_source *s = (hear_source *)b;
    size_t n = MIN(max, s->head_n - s->head_at);
    if (n == 0 && !s->head_only) return unpack(s, into, max, n_out, e);
    memcpy(into, s->head + s->head_at, n);
    s->head_at += n;
    *n_out = n;
    return true;
}

static bool read_head(hear_source *s, err *e) {
    size_t more = 1;
    s->head = mem_new(LIMIT_HEAD_BYTES, 1);
    while (s->head_n < LIMIT_HEAD_BYTES && more) {
        if (!unpack(s, s->head + s->head_n, LIMIT_HEAD_BYTES - s->head_n, &more, e))
            return s->head_n > 0;
        s->head_n += more;
    }
    s->head_all = more == 0;
    s->gzip = !gzdirect(s->gz);
    return true;
}

static gzFile open_gz(const char *path, bool stream) {
    gzFile gz = NULL;
    if (stream) {
        int fd = dup(STDIN_FILENO);
        gz = fd >= 0 ? gzdopen(fd, "rb") : NULL;
        if (!gz && fd >= 0) close(fd);
    } else {
        gz = gzopen(path, "rb");
    }
    if (gz) gzbuffer(gz, 256 * 1024);
    return gz;
}

bool hear_open(str path, hear_source **out, err *e) {
    check(path.p && path.n);
    hear_source *s = mem_new(1, sizeof *s);
    s->b.read = source_read;
    s->stream = str_eq(path, S("-"));
    s->path = mem_new(path.n + 8, 1);
    if (s->stream)
        memcpy(s->path, "stdin", 6);
    else
        memcpy(s->path, path.p, path.n);
    errno = 0;
    s->gz = open_gz(s->path, s->stream);
    if (!s->gz) {
        int why = errno;
        fail(e, why == ENOENT ? NOT_FOUND : IO, "%s cannot be opened: %s", s->path, strerror(why));
        hear_close(s);
        return false;
    }
    if (!read_head(s, e)) {
        hear_close(s);
        return false;
    }
    *out = s;
    return true;
}

void hear_close(hear_source *s) {
    if (!s) return;
    decoder_close(s->decoder);
    if (s->gz) gzclose(s->gz);
    free(s->head);
    free(s->path);
    free(s);
}

str source_path(const hear_source *s) {
    return str_of(s->path);
}

bool source_is_stream(const hear_source *s) {
    return s->stream;
}

bool source_is_gzip(const hear_source *s) {
    return s->gzip;
}

str source_head(const hear_source *s) {
    return (str){s->head, s->head_n};
}

bool source_head_is_all(const hear_source *s) {
    return s->head_all;
}

bool source_begin(hear_source *s, bool head_only, byte_source **out, err *e) {
    if (!head_only && s->spent && s->stream)
        return fail(e, INVALID, "standard input can be read only once; save it to a file first");
    if (!head_only && s->spent && gzseek(s->gz, (z_off_t)s->head_n, SEEK_SET) < 0)
        return trouble(s, e);
    s->spent = s->spent || !head_only;
    s->head_at = 0;
    s->head_only = head_only;
    *out = &s->b;
    return true;
}

/* ---- one pass, with each record's bytes judged ---- */

typedef struct {
    arena *a;
    const record_sink *to;
    encoding c;
    size_t names_n;
    str names[LIMIT_COLUMNS];
} judge;

static bool named_before(const judge *j, str name, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (str_eq(j->names[i], name)) return true;
    return false;
}

/* A name of its own for each column: what is empty or there twice gets a number. */
static str own_name(judge *j, str name, size_t at) {
    str s = str_trim(name);
    if (s.n == 0) s = arena_fmt(j->a, "c%zu", at + 1);
    str given = s;
    for (int k = 2; named_before(j, s, at); k++)
        s = arena_fmt(j->a, "%.*s (%d)", STR_ARG(given), k);
    return arena_str(j->a, s);
}

static bool judge_columns(void *ctx, const str *names, size_t n, err *e) {
    judge *j = ctx;
    check(n >= j->names_n && n <= LIMIT_COLUMNS);
    for (size_t i = j->names_n; i < n; i++) {
        if (utf8_bad(names[i]) >= 0)
            return fail(e, INVALID,
                        "the name of column %zu is not %s; mend the header or give --encoding",
                        i + 1, encoding_name(j->c));
        if (names[i].n && memchr(names[i].p, 0, names[i].n))
            return fail(e, INVALID, "the name of column %zu holds a NUL byte; is this a text file?",
                        i + 1);
        j->names[i] = own_name(j, names[i], i);
    }
    j->names_n = n;
    return j->to->columns(j->to->ctx, j->names, n, e);
}

static bool judge_refuse(judge *j, const record *r, size_t cell, const char *why, err *e) {
    rejection x = {.line = r->line,
                   .reason = str_of(why),
                   .raw = r->raw,
                   .cells = r->cells,
                   .cells_n = r->cells_n};
    if (cell < j->names_n) x.field = j->names[cell];
    return j->to->reject(j->to->ctx, &x, e);
}

static bool judge_take(void *ctx, const record *r, err *e) {
    judge *j = ctx;
    char why[120];
    for (size_t i = 0; i < r->cells_n; i++) {
        str c = r->cells[i];
        ptrdiff_t bad = utf8_bad(c);
        if (bad >= 0 && j->c == DECODE_UTF8) {
            snprintf(why, sizeof why,
                     "the bytes from number %td of this cell on (%02X%s) are not UTF-8", bad + 1,
                     (u8)c.p[bad], bad + 1 < (ptrdiff_t)c.n ? " ..." : "");
            return judge_refuse(j, r, i, why, e);
        }
        if (bad >= 0) {
            snprintf(why, sizeof why, "some bytes of this cell are not %s (marked FF)",
                     encoding_name(j->c));
            return judge_refuse(j, r, i, why, e);
        }
        if (c.n && memchr(c.p, 0, c.n))
            return judge_refuse(j, r, i, "this cell holds a NUL byte", e);
    }
    return j->to->take(j->to->ctx, r, e);
}

static bool judge_reject(void *ctx, const rejection *r, err *e) {
    judge *j = ctx;
    return j->to->reject(j->to->ctx, r, e);
}

bool source_pass(arena *a, hear_source *s, const plan *p, bool head_only, const record_sink *sink,
                 err *e) {
    byte_source *from;
    judge *j = NEW(a, judge);
    j->a = a;
    j->to = sink;
    j->c = p->encoding;
    record_sink judged = {judge_columns, judge_take, judge_reject, j};
    if (!source_begin(s, head_only, &from, e)) return false;
    decoder_close(s->decoder);
    s->decoder = NULL;
    if (p->format->binary) return p->format->parse(a, from, &p->options, &judged, e);
    if (!decoder_open(from, p->encoding, &s->decoder, e)) return false;
    return p->format->parse(a, decoder_source(s->decoder), &p->options, &judged, e);
}
