/* method.c - running a method: its fields read with one sentence for the first bad one. */
#include "kern/method.h"
#include "base/limits.h"

/* ---- errors, work ---- */

bool calc_bad(calc *c, const char *fmt, ...) {
    if (c->bad) return false;
    char z[sizeof c->e->msg];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(z, sizeof z, fmt, ap);
    va_end(ap);
    c->bad = true;
    return fail(c->e, INVALID, "%s", z);
}

bool calc_steps(calc *c, double n) {
    if (c->bad) return false;
    c->steps += (i64)fmin(fmax(n, 0), 9e18 / 2);
    if (c->steps <= LIMIT_CALC_STEPS) return true;
    c->bad = true;
    return fail(c->e, LIMIT,
                "this would take more than %.0g steps; ask with less data or fewer rounds",
                (double)LIMIT_CALC_STEPS);
}

const char *calc_cstr(calc *c, str s) {
    return s.p ? arena_str(c->a, s).p : "";
}

double undefined(reason r) {
    union {
        double d;
        u64 bits;
    } x = {.bits = 0x7ff8000000000000u | ((u64)r + 1)};
    return x.d;
}

static const char *reason_text(double v) {
    static const char *const words[] = {"undefined",     "no_data",        "too_few",
                                        "zero_variance", "singular",       "separation",
                                        "not_reached",   "no_convergence", "infinite"};
    union {
        double d;
        u64 bits;
    } x = {.d = v};
    if (isinf(v)) return "infinite";
    u64 payload = x.bits & 0xff;
    return words[payload < COUNT(words) ? payload : 0];
}

/* ---- reading ---- */

static const json nothing = {.kind = JSON_NULL};
static const json empty_list = {.kind = JSON_ARRAY};
static const json empty_object = {.kind = JSON_OBJECT};

static const json *place(const calc *c, const json *at) {
    return at ? at : c->in;
}

bool in_has(const calc *c, const json *at, const char *key) {
    const json *v = json_get(place(c, at), str_of(key));
    return v && v->kind != JSON_NULL;
}

const json *in_get(calc *c, const json *at, const char *key) {
    const json *v = json_get(place(c, at), str_of(key));
    if (!v) calc_bad(c, "\"%s\" is missing", key);
    return v ? v : &nothing;
}

static bool is_number(const json *v) {
    return (v->kind == JSON_NUM || v->kind == JSON_INT) && isfinite(v->num) &&
           fabs(v->num) <= 1e100;
}

double in_value(calc *c, const json *v, const char *what) {
    if (is_number(v)) return v->num;
    calc_bad(c, "\"%s\" must be a number (at most 1e100)", what);
    return 0;
}

str in_word(calc *c, const json *v, const char *what) {
    if (v->kind == JSON_TEXT) return v->text;
    if (v->kind == JSON_INT) return arena_fmt(c->a, "%" PRId64, v->i);
    if (is_number(v)) return arena_fmt(c->a, "%.15g", v->num);
    calc_bad(c, "\"%s\" must be text", what);
    return S("");
}

const json *in_nth(calc *c, const json *list, u32 i, const char *what) {
    const json *v = list->kind == JSON_ARRAY ? list->first : NULL;
    for (u32 k = 0; v && k < i; k++) v = v->next;
    if (!v) calc_bad(c, "\"%s\" must be a list of at least %u values", what, i + 1);
    return v ? v : &nothing;
}

double in_num(calc *c, const json *at, const char *key) {
    const json *v = in_get(c, at, key);
    return c->bad ? 0 : in_value(c, v, key);
}

double in_num_of(calc *c, const json *at, const char *key, double low, double high) {
    double v = in_num(c, at, key);
    if (calc_ok(c) && !(v >= low && v <= high))
        calc_bad(c, "\"%s\" must be between %g and %g, not %g", key, low, high, v);
    return c->bad ? low : v;
}

double in_maybe(calc *c, const json *at, const char *key, double low, double high, double usual) {
    return in_has(c, at, key) ? in_num_of(c, at, key, low, high) : usual;
}

i64 in_int(calc *c, const json *at, const char *key, i64 low, i64 high) {
    double v = in_num(c, at, key);
    if (calc_ok(c) && (v != floor(v) || fabs(v) > 9e15 || (i64)v < low || (i64)v > high))
        calc_bad(c, "\"%s\" must be a whole number from %" PRId64 " to %" PRId64, key, low, high);
    return c->bad ? low : (i64)v;
}

i64 in_maybe_int(calc *c, const json *at, const char *key, i64 low, i64 high, i64 usual) {
    return in_has(c, at, key) ? in_int(c, at, key, low, high) : usual;
}

str in_text(calc *c, const json *at, const char *key) {
    const json *v = in_get(c, at, key);
    return c->bad ? S("") : in_word(c, v, key);
}

str in_maybe_text(calc *c, const json *at, const char *key, str usual) {
    return in_has(c, at, key) ? in_text(c, at, key) : usual;
}

bool in_flag(calc *c, const json *at, const char *key, bool usual) {
    const json *v = json_get(place(c, at), str_of(key));
    if (!v || v->kind == JSON_NULL) return usual;
    if (v->kind != JSON_BOOL) calc_bad(c, "\"%s\" must be true or false", key);
    return v->i != 0;
}

const json *in_list(calc *c, const json *at, const char *key) {
    const json *v = in_get(c, at, key);
    if (v->kind == JSON_ARRAY) return v;
    calc_bad(c, "\"%s\" must be a list", key);
    return &empty_list;
}

const json *in_object(calc *c, const json *at, const char *key) {
    const json *v = in_get(c, at, key);
    if (v->kind == JSON_OBJECT) return v;
    calc_bad(c, "\"%s\" must be an object", key);
    return &empty_object;
}

static vec numbers(calc *c, const json *list, const char *key, bool gaps) {
    vec r = vec_new(c->a, list->n);
    size_t i = 0;
    for (const json *v = list->first; v && calc_ok(c); v = v->next)
        r.v[i++] = gaps && v->kind == JSON_NULL ? undefined(NO_DATA) : in_value(c, v, key);
    return c->bad ? (vec){0} : r;
}

vec in_nums(calc *c, const json *at, const char *key) {
    return numbers(c, in_list(c, at, key), key, false);
}

vec in_gaps(calc *c, const json *at, const char *key) {
    return numbers(c, in_list(c, at, key), key, true);
}

vec in_counts(calc *c, const json *at, const char *key, size_t n) {
    vec r = in_nums(c, at, key);
    for (size_t i = 0; i < r.n && calc_ok(c); i++)
        if (r.v[i] < 0 || r.v[i] != floor(r.v[i]) || r.v[i] > 9e15)
            calc_bad(c, "\"%s\" must hold whole numbers, none below 0", key);
    if (n && r.n != n) calc_bad(c, "\"%s\" must hold %zu numbers, not %zu", key, n, r.n);
    return c->bad ? (vec){0} : r;
}

strs in_texts(calc *c, const json *at, const char *key) {
    const json *list = in_list(c, at, key);
    strs r = {NEW_N(c->a, str, list->n), list->n};
    size_t i = 0;
    for (const json *v = list->first; v && calc_ok(c); v = v->next) r.v[i++] = in_word(c, v, key);
    return c->bad ? (strs){0} : r;
}

mat in_mat(calc *c, const json *at, const char *key, bool gaps) {
    const json *list = in_list(c, at, key);
    size_t cols = list->first && list->first->kind == JSON_ARRAY ? list->first->n : 0, i = 0;
    mat m = mat_new(c->a, list->n, cols);
    for (const json *row = list->first; row && calc_ok(c); row = row->next, i++) {
        if (row->kind != JSON_ARRAY || row->n != cols) {
            calc_bad(c, "\"%s\" must hold rows of one length; row %zu differs", key, i + 1);
            break;
        }
        vec r = numbers(c, row, key, gaps);
        if (r.n) memcpy(mat_at(m, i, 0), r.v, r.n * sizeof *r.v);
    }
    return c->bad ? (mat){0} : m;
}

bool in_same(calc *c, const char *a, size_t n, const char *b, size_t m) {
    return n == m || calc_bad(c, "\"%s\" has %zu values and \"%s\" %zu: they must be equally many",
                              a, n, b, m);
}

/* ---- tables ---- */

static void table_rows(calc *c, const json *rows, table *t) {
    size_t cols = t->columns.n, i = 0;
    t->rows = rows->n;
    t->cells = NEW_N(c->a, const json *, t->rows *cols + 1);
    for (const json *row = rows->first; row && calc_ok(c); row = row->next, i++) {
        size_t j = 0;
        if (row->kind != JSON_ARRAY || row->n != cols) {
            calc_bad(c, "row %zu of \"rows\" must hold %zu cells, one for each column", i + 1,
                     cols);
            break;
        }
        for (const json *cell = row->first; cell; cell = cell->next)
            t->cells[i * cols + j++] = cell;
    }
}

table in_table(calc *c, const char *key) {
    table t = {0};
    const json *at = c->in;
    if (key && !in_has(c, NULL, "columns")) at = in_object(c, NULL, key);
    if (!c->bad && in_has(c, at, "file"))
        calc_bad(
            c,
            "\"%s\" names a file: only the command line reads files; send \"columns\" and \"rows\"",
            key ? key : "input");
    t.columns = in_texts(c, at, "columns");
    const json *rows = in_list(c, at, "rows");
    if (calc_ok(c)) table_rows(c, rows, &t);
    return c->bad ? (table){0} : t;
}

size_t in_column(calc *c, const table *t, str name) {
    for (size_t i = 0; i < t->columns.n; i++)
        if (str_eq(t->columns.v[i], name)) return i;
    calc_bad(c, "there is no column \"%.*s\"", STR_ARG(name));
    return 0;
}

static double cell_number(calc *c, const table *t, const json *cell, size_t column, size_t row) {
    double v = 0;
    if (cell->kind == JSON_NULL || (cell->kind == JSON_TEXT && str_trim(cell->text).n == 0))
        return undefined(NO_DATA);
    if (is_number(cell)) return cell->num;
    if (cell->kind == JSON_BOOL) return (double)cell->i;
    if (cell->kind == JSON_TEXT && str_num(str_trim(cell->text), &v) && fabs(v) <= 1e100) return v;
    calc_bad(c, "column \"%.*s\", row %zu: must be a number", STR_ARG(t->columns.v[column]),
             row + 1);
    return 0;
}

vec column_nums(calc *c, const table *t, size_t column) {
    if (c->bad) return (vec){0};
    vec r = vec_new(c->a, t->rows);
    for (size_t i = 0; i < t->rows && calc_ok(c); i++)
        r.v[i] = cell_number(c, t, t->cells[i * t->columns.n + column], column, i);
    return c->bad ? (vec){0} : r;
}

strs column_texts(calc *c, const table *t, size_t column) {
    if (c->bad) return (strs){0};
    strs r = {NEW_N(c->a, str, t->rows), t->rows};
    for (size_t i = 0; i < t->rows && calc_ok(c); i++) {
        const json *cell = t->cells[i * t->columns.n + column];
        bool missing = cell->kind == JSON_NULL || (cell->kind == JSON_TEXT && cell->text.n == 0);
        r.v[i] = missing ? NO_STR : in_word(c, cell, "rows");
    }
    return c->bad ? (strs){0} : r;
}

/* ---- writing ---- */

static void key_of(calc *c, const char *key) {
    c->index[c->depth] += c->list[c->depth];
    c->path[c->depth] = key;
    if (key && !c->list[c->depth]) json_key(&c->out, str_of(key));
}

static void note(calc *c, const char *why) {
    buf b = {.a = c->a};
    for (u32 i = 0; i <= c->depth; i++) {
        if (c->list[i])
            buf_fmt(&b, "[%u]", c->index[i] - 1);
        else
            buf_fmt(&b, "%s%s", i ? "." : "", c->path[i] ? c->path[i] : "");
    }
    if (c->reasons_n++ >= LIMIT_CALC_REASONS) return;
    json_key(&c->reasons, buf_view(&b));
    json_text(&c->reasons, str_of(why));
}

void out_num(calc *c, const char *key, double v) {
    key_of(c, key);
    json_num(&c->out, v == 0 ? 0 : v);
    if (!isfinite(v)) note(c, reason_text(v));
}

void out_null(calc *c, const char *key, reason r) {
    out_num(c, key, undefined(r));
}

void out_int(calc *c, const char *key, i64 v) {
    key_of(c, key);
    json_int(&c->out, v);
}

void out_text(calc *c, const char *key, str s) {
    key_of(c, key);
    json_text(&c->out, s);
}

void out_word(calc *c, const char *key, const char *s) {
    out_text(c, key, str_of(s));
}

void out_bool(calc *c, const char *key, bool v) {
    key_of(c, key);
    json_bool(&c->out, v);
}

static void deeper(calc *c, bool list) {
    check(c->depth + 1 < CALC_DEPTH);
    c->depth++;
    c->list[c->depth] = list;
    c->index[c->depth] = 0;
}

void out_open(calc *c, const char *key) {
    key_of(c, key);
    json_object(&c->out);
    deeper(c, false);
}

void out_list(calc *c, const char *key) {
    key_of(c, key);
    json_array(&c->out);
    deeper(c, true);
}

void out_end(calc *c) {
    check(c->depth > 0);
    if (c->list[c->depth])
        json_end_array(&c->out);
    else
        json_end_object(&c->out);
    c->depth--;
}

void out_nums(calc *c, const char *key, vec v) {
    out_list(c, key);
    for (size_t i = 0; i < v.n; i++) out_num(c, NULL, v.v[i]);
    out_end(c);
}

void out_pair(calc *c, const char *key, double a, double b) {
    double v[] = {a, b};
    out_nums(c, key, (vec){v, 2});
}

void out_mat(calc *c, const char *key, mat m) {
    out_list(c, key);
    for (size_t i = 0; i < m.rows; i++) out_nums(c, NULL, (vec){m.v + i * m.cols, m.cols});
    out_end(c);
}

void out_texts(calc *c, const char *key, strs s) {
    out_list(c, key);
    for (size_t i = 0; i < s.n; i++) out_text(c, NULL, s.v[i]);
    out_end(c);
}

/* ---- running ---- */

static bool name_eq(const char *name, str s) {
    if (strlen(name) != s.n) return false;
    for (size_t i = 0; i < s.n; i++)
        if (name[i] != (s.p[i] == '-' ? '_' : s.p[i])) return false;
    return true;
}

const method *method_find(str name) {
    for (size_t i = 0; i < methods_n; i++)
        if (name_eq(methods[i]->name, name)) return methods[i];
    return NULL;
}

bool method_run(arena *a, const method *m, const json *input, buf *answer, err *e) {
    if (input->kind != JSON_OBJECT)
        return fail(e, INVALID, "the input of %s must be a JSON object", m->name);
    buf out = {.a = a}, reasons = {.a = a};
    calc c = {.a = a, .in = input, .e = e, .out = json_to(&out), .reasons = json_to(&reasons)};
    json_object(&c.out);
    json_object(&c.reasons);
    if (!m->run(&c)) {
        check(c.bad);
        return false;
    }
    check(!c.bad && c.depth == 0);
    json_end_object(&c.reasons);
    if (c.reasons_n) {
        json_key(&c.out, S("undefined"));
        json_raw(&c.out, buf_view(&reasons));
    }
    json_end_object(&c.out);
    *answer = out;
    return true;
}

void method_write(json_out *j, const method *m) {
    static const char *const locales[] = {"en", "zh-CN", "zh-TW"};
    json_object(j);
    json_key(j, S("name"));
    json_text(j, str_of(m->name));
    json_key(j, S("title"));
    json_object(j);
    for (size_t i = 0; i < 3; i++) {
        json_key(j, str_of(locales[i]));
        json_text(j, str_of(m->title[i]));
    }
    json_end_object(j);
    const char *const keys[] = {"source", "formula", "input", "output"};
    const char *const texts[] = {m->source, m->formula, m->input, m->output};
    for (size_t i = 0; i < COUNT(keys); i++) {
        json_key(j, str_of(keys[i]));
        json_text(j, str_of(texts[i]));
    }
    json_key(j, S("example"));
    json_raw(j, str_of(m->example));
    json_end_object(j);
}
