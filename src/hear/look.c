/* look.c - recognises a file and makes its plan: format from the head, columns from a whole
 * reading. */
#include "base/limits.h"
#include "base/utf8.h"
#include "hear/guess.h"
#include "hear/source.h"

/* ---- format ---- */

static bool wished_delimiter(str s, char *out, err *e) {
    static const struct {
        const char *name;
        char mark;
    } names[] = {{"tab", '\t'},      {"\\t", '\t'}, {"comma", ','},
                 {"semicolon", ';'}, {"bar", '|'},  {"pipe", '|'}};
    if (!s.p) return true;
    if (s.n == 1 && s.p[0] != '"' && s.p[0] != '\n' && s.p[0] != '\r') return *out = s.p[0], true;
    for (size_t i = 0; i < COUNT(names); i++)
        if (str_eq_nocase(s, str_of(names[i].name))) return *out = names[i].mark, true;
    return fail(e, INVALID,
                "delimiter \"%.*s\": want one character, or comma, semicolon, bar or tab",
                STR_ARG(s));
}

static void known_formats(buf *b) {
    for (size_t i = 0; i < formats_n; i++) buf_fmt(b, "%s%s", i ? ", " : "", formats[i]->name);
}

static bool format_told(arena *a, str head, str decoded, str name, plan *p, err *e) {
    for (size_t i = 0; i < formats_n; i++) {
        if (!str_eq_nocase(name, str_of(formats[i]->name))) continue;
        p->format = formats[i];
        formats[i]->guess(formats[i]->binary ? head : decoded, &p->options);
        return true;
    }
    buf b = {.a = a};
    known_formats(&b);
    return fail(e, INVALID, "format \"%.*s\" is not known; there are %.*s", STR_ARG(name),
                STR_ARG(buf_view(&b)));
}

static bool format_guessed(arena *a, str head, str decoded, plan *p, err *e) {
    int best = 0;
    format_options wish = p->options;
    for (size_t i = 0; i < formats_n; i++) {
        format_options o = wish;
        int sure = formats[i]->guess(formats[i]->binary ? head : decoded, &o);
        if (sure <= best) continue;
        best = sure;
        p->format = formats[i];
        p->options = o;
    }
    if (best > 0) return true;
    if (str_starts(head, S("\xd0\xcf\x11\xe0")))
        return fail(e, INVALID,
                    "%.*s is an old Excel file (.xls) or has a password; save it as XLSX without "
                    "one, or as CSV",
                    STR_ARG(p->file));
    buf b = {.a = a};
    known_formats(&b);
    return fail(e, INVALID, "%.*s is in no format we read (%.*s); is it a picture, or encrypted?",
                STR_ARG(p->file), STR_ARG(buf_view(&b)));
}

static bool recognise(arena *a, const hear_source *s, const plan_wish *w, plan *p, err *e) {
    str head = source_head(s);
    if (head.n == 0) return fail(e, INVALID, "%.*s is empty", STR_ARG(p->file));
    p->encoding = encoding_guess(head);
    if (w->encoding.p && !encoding_find(w->encoding, &p->encoding))
        return fail(e, INVALID,
                    "encoding \"%.*s\" is not known; there are utf-8, utf-16, utf-16be, gb18030, "
                    "big5, latin1",
                    STR_ARG(w->encoding));
    p->options = (format_options){.header = w->header, .sheet = w->sheet};
    if (!wished_delimiter(w->delimiter, &p->options.delimiter, e)) return false;
    str decoded = decode_head(a, head, p->encoding);
    bool ok = w->format.p ? format_told(a, head, decoded, w->format, p, e)
                          : format_guessed(a, head, decoded, p, e);
    if (p->options.header < 0) p->options.header = 1;
    return ok;
}

/* reviews/2026-03.csv.gz is the source "2026-03" unless told otherwise. */
str hear_source_name(str path) {
    for (size_t i = path.n; i > 0; i--)
        if (path.p[i - 1] == '/') {
            path = str_from(path, i);
            break;
        }
    if (str_ends(path, S(".gz"))) path.n -= 3;
    for (size_t i = path.n; i > 1; i--)
        if (path.p[i - 1] == '.') {
            path.n = i - 1;
            break;
        }
    return utf8_clip(path, LIMIT_NAME_BYTES);
}

/* ---- columns ---- */

typedef struct {
    arena *a;
    survey s;
} looker;

static void forget(void *arg) {
    looker *l = arg;
    for (size_t i = 0; i < l->s.n; i++) hash_set_clear(&l->s.stats[i].seen);
}

static bool look_columns(void *ctx, const str *names, size_t n, err *e) {
    looker *l = ctx;
    survey *s = &l->s;
    (void)e;
    if (n > s->cap) {
        size_t cap = MAX(n, s->cap * 2);
        str *grown = NEW_N(l->a, str, cap);
        column_stats *stats = NEW_N(l->a, column_stats, cap);
        if (s->n) memcpy(grown, s->names, s->n * sizeof *grown);
        if (s->n) memcpy(stats, s->stats, s->n * sizeof *stats);
        s->names = grown;
        s->stats = stats;
        s->cap = cap;
    }
    for (size_t i = s->n; i < n; i++) {
        s->names[i] = arena_str(l->a, names[i]);
        s->mended = s->mended || str_eq(names[i], S("heed_reason"));
        s->stats[i].may_be_id = guess_name(names[i], "external_id") >= 0 && s->whole;
    }
    s->n = n;
    return true;
}

static bool look_take(void *ctx, const record *r, err *e) {
    looker *l = ctx;
    (void)e;
    l->s.taken++;
    check(r->cells_n <= l->s.n);
    for (size_t i = 0; i < r->cells_n; i++) survey_cell(l->a, &l->s.stats[i], r->cells[i]);
    return true;
}

static bool look_reject(void *ctx, const rejection *r, err *e) {
    looker *l = ctx;
    (void)r;
    (void)e;
    l->s.rejected++;
    return true;
}

static bool column_find(const survey *s, str name, size_t *out) {
    for (size_t i = 0; i < s->n; i++)
        if (str_eq(s->names[i], name)) return *out = i, true;
    for (size_t i = 0; i < s->n; i++)
        if (str_eq_nocase(s->names[i], name)) return *out = i, true;
    return false;
}

static bool map_told(arena *a, const survey *s, const plan_wish *w, plan *p, err *e) {
    for (size_t i = 0; i < w->map_n; i++) {
        const field_value *m = &w->map[i];
        size_t at;
        if (!field_known(m->field) && !str_eq(m->field, S("-")))
            return fail(
                e, INVALID,
                "--map %.*s: no such field; there are words occurred_at customer channel "
                "touchpoint product event amount currency external_id score:NAME attr:NAME and -",
                STR_ARG(m->field));
        if (!column_find(s, m->value, &at)) {
            buf b = {.a = a};
            for (size_t k = 0; k < MIN(s->n, (size_t)12); k++)
                buf_fmt(&b, "%s%.*s", k ? ", " : "", STR_ARG(s->names[k]));
            return fail(e, INVALID, "--map %.*s: the file has no column \"%.*s\"; it has %.*s%s",
                        STR_ARG(m->field), STR_ARG(m->value), STR_ARG(buf_view(&b)),
                        s->n > 12 ? ", ..." : "");
        }
        p->columns[at].field = m->field;
        p->columns[at].why = "told";
    }
    for (size_t i = 0; i < w->set_n; i++)
        if (!field_known(w->set[i].field))
            return fail(e, INVALID, "--set %.*s: no such field", STR_ARG(w->set[i].field));
    return true;
}

static void fill_columns(arena *a, const survey *s, plan *p) {
    p->columns = NEW_N(a, plan_column, s->n);
    p->columns_n = s->n;
    for (size_t i = 0; i < s->n; i++) {
        p->columns[i].column = s->names[i];
        p->columns[i].field = NO_STR;
        p->columns[i].why = "";
        memcpy(p->columns[i].examples, s->stats[i].examples, sizeof p->columns[i].examples);
    }
}

bool hear_look(arena *a, hear_source *src, const plan_wish *w, plan *out, err *e) {
    plan p = {.file = source_path(src),
              .zone_min = w->zone_min,
              .now_ms = w->now_ms,
              .set = w->set,
              .set_n = w->set_n};
    date_style style;
    check(w->now_ms > 0);
    p.source = arena_str(a, w->source.p ? w->source : hear_source_name(p.file));
    p.gzip = source_is_gzip(src);
    if (w->dates.p && !date_style_find(w->dates, &style))
        return fail(e, INVALID, "--dates \"%.*s\": want ymd, dmy, mdy, unix, unixms or excel",
                    STR_ARG(w->dates));
    if (!recognise(a, src, w, &p, e)) return false;
    looker *l = NEW(a, looker);
    bool head_only = source_is_stream(src);
    *l = (looker){.a = a, .s = {.whole = !head_only || source_head_is_all(src)}};
    arena_defer(a, forget, l);
    record_sink sink = {look_columns, look_take, look_reject, l};
    if (!source_pass(a, src, &p, head_only, &sink, e)) return false;
    if (l->s.n == 0) return fail(e, INVALID, "%.*s has no columns and no rows", STR_ARG(p.file));
    p.records = l->s.whole ? l->s.taken + l->s.rejected : -1;
    p.rejected = l->s.whole ? l->s.rejected : 0;
    fill_columns(a, &l->s, &p);
    bool ok = map_told(a, &l->s, w, &p, e);
    if (ok) guess_columns(a, &l->s, &p, w);
    forget(l);
    if (ok) *out = p;
    return ok;
}
