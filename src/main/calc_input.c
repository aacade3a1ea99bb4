/* calc_input.c - tables of files put into the input of a calculation. */
#include "main/calc_input.h"
#include "base/limits.h"
#include "hear/format.h"

extern const format format_csv;

static bool read_all(arena *a, FILE *f, i64 most, const char *what, str *out, err *e) {
    buf b = {.a = a};
    char part[65536];
    size_t n;
    while ((n = fread(part, 1, sizeof part, f)) > 0) {
        buf_bytes(&b, part, n);
        if ((i64)b.n > most)
            return fail(e, LIMIT, "%s is larger than %" PRId64 " MiB", what, most >> 20);
    }
    if (ferror(f)) return fail(e, IO, "cannot read %s: %s", what, strerror(errno));
    *out = buf_view(&b);
    return true;
}

/* ---- a file's records as a JSON tree ---- */

typedef struct {
    byte_source from;
    str rest;
} in_memory;

static bool give(byte_source *b, char *into, size_t max, size_t *n_out, err *e) {
    (void)e;
    in_memory *m = (in_memory *)b;
    *n_out = MIN(max, m->rest.n);
    if (*n_out) memcpy(into, m->rest.p, *n_out);
    m->rest = str_from(m->rest, *n_out);
    return true;
}

typedef struct {
    arena *a;
    json *columns, *rows, *last;
    const char *path;
} building;

static json *child(arena *a, json *parent, json **last, json_kind kind) {
    json *v = NEW(a, json);
    v->kind = kind;
    v->num = NAN;
    if (*last)
        (*last)->next = v;
    else
        parent->first = v;
    *last = v;
    parent->n++;
    return v;
}

static void put_cells(arena *a, json *row, const str *cells, size_t n, size_t all) {
    json *last = NULL;
    for (size_t i = 0; i < all; i++) {
        bool there = i < n && cells[i].n > 0;
        json *v = child(a, row, &last, there ? JSON_TEXT : JSON_NULL);
        if (there) v->text = arena_str(a, cells[i]);
    }
}

static bool columns(void *ctx, const str *names, size_t n, err *e) {
    (void)e;
    building *b = ctx;
    b->columns->first = NULL;
    b->columns->n = 0;
    put_cells(b->a, b->columns, names, n, n);
    return true;
}

static bool take(void *ctx, const record *r, err *e) {
    (void)e;
    building *b = ctx;
    put_cells(b->a, child(b->a, b->rows, &b->last, JSON_ARRAY), r->cells, r->cells_n,
              b->columns->n);
    return true;
}

static bool reject(void *ctx, const rejection *r, err *e) {
    building *b = ctx;
    return fail(e, INVALID, "%s, line %" PRId64 ": %.*s", b->path, r->line, STR_ARG(r->reason));
}

static bool load(call *c, json *at, str folder, str name, err *e) {
    bool rooted = str_starts(name, S("/")) || folder.n == 0;
    str path = rooted ? arena_str(c->a, name)
                      : arena_fmt(c->a, "%.*s/%.*s", STR_ARG(folder), STR_ARG(name));
    FILE *f = fopen(path.p, "re");
    if (!f) return fail(e, IO, "cannot open %s: %s", path.p, strerror(errno));
    in_memory m = {.from = {give}};
    bool ok = read_all(c->a, f, LIMIT_CALC_FILE_BYTES, path.p, &m.rest, e);
    fclose(f);
    building b = {.a = c->a, .path = path.p};
    json *last = NULL;
    at->kind = JSON_OBJECT;
    at->first = NULL, at->n = 0;
    b.columns = child(c->a, at, &last, JSON_ARRAY);
    b.rows = child(c->a, at, &last, JSON_ARRAY);
    b.columns->key = S("columns"), b.rows->key = S("rows");
    const format_options o = {.delimiter = ',', .quote = '"', .header = 1};
    const record_sink sink = {columns, take, reject, &b};
    return ok && format_csv.parse(c->a, &m.from, &o, &sink, e);
}

static bool resolve(call *c, json *v, str folder, err *e) {
    str name = json_get_text(v, S("file"));
    if (name.n) return load(c, v, folder, name, e);
    for (json *k = v->first; k; k = k->next)
        if ((k->kind == JSON_OBJECT || k->kind == JSON_ARRAY) && !resolve(c, k, folder, e))
            return false;
    return true;
}

bool calc_input_read(call *c, FILE *f, str folder, json **out, err *e) {
    str text;
    return read_all(c->a, f, LIMIT_CALC_FILE_BYTES, "the input", &text, e) &&
           json_read(c->a, text, out, e) && resolve(c, *out, folder, e);
}
