/* format.h - a file format: bytes in, records out.  One file in formats/ is one format.
**
** A format never knows what the fields mean; the plan (plan.h) does.  It reads a stream under the
** limits of base/limits.h, and says what it cannot read by line, field and reason without losing
** what came before or after. */
#ifndef HEAR_FORMAT_H
#define HEAR_FORMAT_H
#include "base/base.h"

/* One record: cells by column.  A cell that is not there is missing, an empty one is empty text. */
typedef struct {
    i64 line;         /* physical line it began at, from 1 (sheets: row) */
    const str *cells; /* at most as many as there are columns; valid until the call returns */
    size_t cells_n;
    str raw; /* the text it was read from; missing where a format has none (sheets) */
} record;

/* A record that is not read, and why. */
typedef struct {
    i64 line;         /* the line to look at: where a quote opened, else where the record began */
    str field;        /* the column, or missing when it is the whole record */
    str reason;       /* one sentence */
    str raw;          /* its text, at most LIMIT_ROW_BYTES */
    const str *cells; /* its cells as far as they are known, else NULL */
    size_t cells_n;
} rejection;

typedef struct {
    /* The columns, before the first record; again if a late one appears (JSON): old indexes keep.
     */
    bool (*columns)(void *ctx, const str *names, size_t n, err *e);
    bool (*take)(void *ctx, const record *r, err *e);      /* false stops with e */
    bool (*reject)(void *ctx, const rejection *r, err *e); /* reading goes on behind it */
    void *ctx;
} record_sink;

/* Where bytes come from: decoded to UTF-8 for text formats, raw for binary ones.  Bytes that could
** not be decoded arrive as bytes that are not UTF-8, so that the record they are in is rejected. */
typedef struct byte_source byte_source;
struct byte_source {
    bool (*read)(byte_source *b, char *into, size_t max, size_t *n_out, err *e); /* n 0 = end */
};

typedef struct {
    char delimiter; /* 0 = the format's own (guessed before parse is called) */
    char quote;     /* '"' unless told */
    int header;     /* 1 there is one, 0 there is none (columns are c1, c2, ...), -1 guess */
    str sheet;      /* XLSX: name or number; missing = the first */
} format_options;

typedef struct {
    const char *name; /* csv */
    const char *title;
    const char *help;
    const char *extensions; /* "csv txt" */
    bool binary;
    /* How sure we are that head (the first bytes, decoded unless binary) is ours: 0-100.  Fills in
    ** what options leave open. */
    int (*guess)(str head, format_options *options);
    /* Allocates in a, at most one defer.  Sink calls may jump (arenas): never from a library's
     * frame. */
    bool (*parse)(arena *a, byte_source *from, const format_options *o, const record_sink *sink,
                  err *e);
} format;
extern const format *const formats[];
extern const size_t formats_n;
#endif
