/* json_rows.c - a record is read and flattened in a small job of its own; only then is the sink
 *called,
 ** so that nothing of the job is left behind when the sink jumps. */
#include "hear/json_rows.h"
#include "base/job.h"
#include "base/json.h"
#include "base/limits.h"

enum { RECORD_BUDGET = 128 << 20, LIST_DEPTH_MAX = 32, TABLE_SLOTS = 4 * LIMIT_COLUMNS };

typedef struct {
    str name, text;
} pair;

struct json_rows {
    arena *a;
    const record_sink *sink;
    str names[LIMIT_COLUMNS];
    size_t n;
    u16 table[TABLE_SLOTS];    /* name to column + 1 */
    pair pairs[LIMIT_COLUMNS]; /* of the record being read */
    size_t pairs_n;
    str cells[LIMIT_COLUMNS];
    char *out; /* its names and texts */
    size_t out_n, out_cap;
    bool announced;
};

json_rows *json_rows_open(arena *a, const record_sink *sink) {
    json_rows *t = NEW(a, json_rows);
    t->a = a;
    t->sink = sink;
    return t;
}

/* ---- inside the job: a list of names and texts ---- */

typedef struct {
    json_rows *t;
    str text;
} reading;

static str keep(json_rows *t, str s) {
    check(s.n <= t->out_cap - t->out_n);
    char *p = t->out + t->out_n;
    if (s.n) memcpy(p, s.p, s.n);
    t->out_n += s.n;
    return (str){p, s.n};
}

static bool print_list(json_out *j, const json *v, int depth) {
    if (v->key.p) json_key(j, v->key);
    switch (v->kind) {
    case JSON_NULL:
        json_null(j);
        return true;
    case JSON_BOOL:
        json_bool(j, v->i);
        return true;
    case JSON_INT:
        json_int(j, v->i);
        return true;
    case JSON_NUM:
        json_num(j, v->num);
        return true;
    case JSON_TEXT:
        json_text(j, v->text);
        return true;
    case JSON_ARRAY:
    case JSON_OBJECT:
        break;
    }
    if (depth > LIST_DEPTH_MAX) return false;
    v->kind == JSON_ARRAY ? json_array(j) : json_object(j);
    for (const json *c = v->first; c; c = c->next)
        if (!print_list(j, c, depth + 1)) return false;
    v->kind == JSON_ARRAY ? json_end_array(j) : json_end_object(j);
    return true;
}

static bool leaf_text(arena *a, const json *v, str *out, err *e) {
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (v->kind == JSON_TEXT) return *out = v->text, true;
    json bare = *v;
    bare.key = NO_STR;
    if (!print_list(&j, &bare, 0))
        return fail(e, LIMIT, "\"%.*s\" is nested more than %d levels deep",
                    STR_ARG(str_head(v->key, 80)), LIST_DEPTH_MAX);
    *out = buf_view(&b);
    return true;
}

static bool flatten(json_rows *t, arena *a, const json *object, str prefix, err *e) {
    for (const json *v = object->first; v; v = v->next) {
        size_t size = prefix.n + v->key.n + (prefix.n > 0);
        if (v->kind == JSON_NULL) continue;
        if (size > LIMIT_NAME_BYTES)
            return fail(e, LIMIT, "a name of %zu bytes (%.*s...), the limit is %d", size,
                        STR_ARG(str_head(v->key, 40)), LIMIT_NAME_BYTES);
        str name = prefix.n ? arena_fmt(a, "%.*s.%.*s", STR_ARG(prefix), STR_ARG(v->key)) : v->key;
        if (v->kind == JSON_OBJECT) {
            if (!flatten(t, a, v, name, e)) return false;
            continue;
        }
        str text;
        if (!leaf_text(a, v, &text, e)) return false;
        if (t->pairs_n == LIMIT_COLUMNS)
            return fail(e, LIMIT, "a record has more than %d values", LIMIT_COLUMNS);
        t->pairs[t->pairs_n++] = (pair){keep(t, name), keep(t, text)};
    }
    return true;
}

static const char *kind_name(json_kind k) {
    static const char *const names[] = {"null",   "true or false", "a number", "a number",
                                        "a text", "a list",        "an object"};
    return names[k];
}

static bool read_record(arena *a, void *ctx, err *e) {
    reading *r = ctx;
    json *v;
    if (!json_read(a, r->text, &v, e)) return false;
    if (v->kind != JSON_OBJECT)
        return fail(e, INVALID, "a record is an object in { }, this is %s", kind_name(v->kind));
    return flatten(r->t, a, v, S(""), e);
}

/* ---- outside: columns and cells ---- */

static size_t column_of(json_rows *t, str name, bool *new_out) {
    size_t i = str_hash(name) % TABLE_SLOTS;
    while (t->table[i] && !str_eq(t->names[t->table[i] - 1], name)) i = (i + 1) % TABLE_SLOTS;
    if (t->table[i]) return t->table[i] - 1u;
    if (t->n == LIMIT_COLUMNS) return SIZE_MAX;
    t->names[t->n] = arena_str(t->a, name);
    t->table[i] = (u16)++t->n;
    *new_out = true;
    return t->n - 1;
}

/* Columns before the first call of any kind: a file may begin with a record that is rejected. */
static bool announce(json_rows *t, err *e) {
    t->announced = true;
    return t->sink->columns(t->sink->ctx, t->names, t->n, e);
}

bool json_rows_reject(json_rows *t, i64 line, str text, const char *reason, err *e) {
    rejection x = {.line = line, .reason = str_of(reason), .raw = text};
    if (!t->announced && !announce(t, e)) return false;
    return t->sink->reject(t->sink->ctx, &x, e);
}

static void make_room(json_rows *t, size_t text) {
    size_t need =
        text * 8 + 2 * (size_t)LIMIT_COLUMNS * LIMIT_NAME_BYTES; /* 1e9 prints longer than it is */
    t->pairs_n = t->out_n = 0;
    if (need <= t->out_cap) return;
    t->out_cap = need;
    t->out = arena_alloc(t->a, t->out_cap);
}

bool json_rows_add(json_rows *t, i64 line, str text, err *e) {
    reading r = {t, text};
    bool late = !t->announced;
    err why = {0};
    check(text.n <= LIMIT_ROW_BYTES + 1);
    make_room(t, text.n);
    if (!job_run(RECORD_BUDGET, read_record, &r, &why))
        return json_rows_reject(t, line, text, why.msg, e);
    for (size_t i = 0; i < t->n; i++) t->cells[i] = NO_STR;
    for (size_t i = 0; i < t->pairs_n; i++) {
        size_t before = t->n, at = column_of(t, t->pairs[i].name, &late);
        if (at == SIZE_MAX)
            return json_rows_reject(t, line, text,
                                    "with this record the file has more than 4096 columns", e);
        if (at == before) t->cells[at] = NO_STR;
        t->cells[at] = t->pairs[i].text;
    }
    if (late && !announce(t, e)) return false;
    record rec = {.line = line, .cells = t->cells, .cells_n = t->n, .raw = text};
    return t->sink->take(t->sink->ctx, &rec, e);
}
