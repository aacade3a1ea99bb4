/* registry.c - metrics by name: found, checked, stored with every version they had. */
#include "base/time.h"
#include "kern/expr_make.h"
#include "understand/registry_int.h"

static const char *const tongues[LANGUAGES] = {"en", "zh-CN", "zh-TW"};

/* ---- titles ---- */

void titles_read(arena *a, str json_text, str usual, str out[LANGUAGES]) {
    json *v = NULL;
    err ignored;
    str first = NO_STR;
    if (json_text.n && !json_read(a, json_text, &v, &ignored)) v = NULL;
    for (int i = 0; i < LANGUAGES; i++) {
        out[i] = v ? json_get_text(v, str_of(tongues[i])) : NO_STR;
        if (!first.n) first = out[i];
    }
    for (int i = 0; i < LANGUAGES; i++)
        if (!out[i].n) out[i] = first.n ? first : usual;
}

void titles_print(json_out *j, const str title[LANGUAGES]) {
    json_object(j);
    for (int i = 0; i < LANGUAGES; i++) {
        json_key(j, str_of(tongues[i]));
        json_text(j, title[i]);
    }
    json_end_object(j);
}

/* ---- from a formula, from a row ---- */

static bool of_formula(arena *a, str text, definition *d, err *e) {
    const metric *m;
    metric_params p;
    if (!formula_parse(a, text, &m, &p, e)) return false;
    d->formula = formula_print(a, m, &p);
    if (!d->title[0].p)
        for (int i = 0; i < LANGUAGES; i++) d->title[i] = str_of(m->title);
    if (d->weight.n && !m->score)
        return fail(e, INVALID, "%s takes no weights: it is no mean of answers", m->name);
    definition_hash(a, d->formula, m->version, d->population, d->window_days, d->weight,
                    d->minimum_n == NONE ? MEASURE_MINIMUM_N : d->minimum_n, d->id);
    return true;
}

static definition bare(void) {
    return (definition){.window_days = NONE, .minimum_n = NONE, .since = NONE};
}

static bool of_builtin(arena *a, const builtin *b, definition *out, err *e) {
    definition d = bare();
    d.name = str_of(b->name);
    for (int i = 0; i < LANGUAGES; i++) d.title[i] = str_of(b->title[i]);
    d.down = b->down;
    d.built_in = true;
    if (!of_formula(a, str_of(b->formula), &d, e)) return false;
    return *out = d, true;
}

static bool of_row(arena *a, const metric_row *m, definition *out, err *e) {
    definition d = {.name = m->name,
                    .window_days = m->window_days,
                    .weight = m->weight,
                    .minimum_n = m->minimum_n,
                    .quality = m->quality,
                    .owner = m->owner,
                    .version = m->version == NONE ? 1 : m->version,
                    .since = m->since,
                    .down = str_eq(m->better, S("down"))};
    err inner;
    if (m->population.n && !expr_parse(a, m->population, 0, &d.population, &inner))
        return fail(e, inner.code, "population: %s", inner.msg);
    d.population = expr_normal(a, d.population);
    titles_read(a, m->title, m->name, d.title);
    if (!of_formula(a, m->formula, &d, &inner))
        return fail(e, inner.code, "formula: %s", inner.msg);
    return *out = d, true;
}

/* ---- finding ---- */

static bool own_rows(store *s, arena *a, metric_row **out, size_t *n, err *e) {
    void *recs;
    *n = 0, *out = NULL;
    if (!s) return true;
    if (!store_list(s, a, &noun_metric, &(store_query){0}, &recs, n, e)) return false;
    return *out = recs, true;
}

static const builtin *builtin_of(str name) {
    for (size_t i = 0; i < builtins_n; i++)
        if (str_eq(str_of(builtins[i].name), name)) return &builtins[i];
    return NULL;
}

static bool is_id(str text) {
    bool yes = text.n == 16;
    for (size_t i = 0; i < text.n && yes; i++)
        yes = (text.p[i] >= '0' && text.p[i] <= '9') || (text.p[i] >= 'a' && text.p[i] <= 'f');
    return yes;
}

static bool by_id(store *s, arena *a, str id, definition *out, err *e) {
    definition *all;
    size_t n;
    if (!registry_list(s, a, &all, &n, e)) return false;
    for (size_t i = 0; i < n; i++)
        if (str_eq(str_of(all[i].id), id)) return *out = all[i], true;
    return fail(e, NOT_FOUND, "no metric has the definition %.*s", STR_ARG(id));
}

/* A name that is none is most likely a formula spelt wrong: both are listed. */
static bool unknown(store *s, arena *a, str asked, err *e) {
    const metric *m;
    metric_params p;
    definition *all;
    size_t n;
    err inner;
    buf b = {.a = a};
    check(!formula_parse(a, asked, &m, &p, &inner));
    if (!registry_list(s, a, &all, &n, e)) return false;
    for (size_t i = 0; i < n && b.n < 200; i++)
        if (!formula_is(all[i].name)) buf_fmt(&b, ", %.*s", STR_ARG(all[i].name));
    str names = buf_view(&b);
    return fail(e, inner.code, "%s%.*s", inner.msg, STR_ARG(names));
}

bool registry_find(store *s, arena *a, str asked, definition *out, err *e) {
    const builtin *b = builtin_of(asked);
    metric_row *rows;
    size_t n;
    definition d = bare();
    if (b && formula_is(asked)) return of_builtin(a, b, out, e);
    if (formula_is(asked)) {
        if (!of_formula(a, asked, &d, e)) return false;
        return *out = d, true;
    }
    if (!own_rows(s, a, &rows, &n, e)) return false;
    for (size_t i = 0; i < n; i++)
        if (str_eq(rows[i].name, asked)) return of_row(a, &rows[i], out, e);
    if (b) return of_builtin(a, b, out, e);
    if (is_id(asked)) return by_id(s, a, asked, out, e);
    return unknown(s, a, asked, e);
}

static int by_name(const void *a, const void *b) {
    return str_cmp(((const definition *)a)->name, ((const definition *)b)->name);
}

bool registry_list(store *s, arena *a, definition **out, size_t *n_out, err *e) {
    metric_row *rows;
    size_t n, own;
    if (!own_rows(s, a, &rows, &n, e)) return false;
    definition *d = NEW_N(a, definition, n + builtins_n);
    for (size_t i = 0; i < n; i++)
        if (!of_row(a, &rows[i], &d[i], e)) return false;
    qsort(d, n, sizeof *d, by_name);
    own = n;
    for (size_t i = 0; i < builtins_n; i++) {
        bool taken = false;
        for (size_t k = 0; k < own && !taken; k++)
            taken = str_eq(d[k].name, str_of(builtins[i].name));
        if (!taken && !of_builtin(a, &builtins[i], &d[n++], e)) return false;
    }
    *out = d, *n_out = n;
    return true;
}

/* ---- checking and storing ---- */

static bool name_ok(str name, err *e) {
    bool good = name.n > 0 && !is_id(name);
    for (size_t i = 0; i < name.n && good; i++)
        good = ((u8)name.p[i] > ' ' && !strchr(":=,/'\"()`", name.p[i])) || (u8)name.p[i] >= 0x80;
    if (!good)
        return fail(e, INVALID,
                    "name: want letters, digits, - and _, as in nps-delivery, not \"%.*s\"",
                    (int)MIN(name.n, (size_t)60), name.p ? name.p : "");
    if (formula_is(name))
        return fail(e, INVALID, "name: %.*s is a formula of its own; choose another",
                    STR_ARG(name));
    return true;
}

bool registry_check(arena *a, metric_row *m, err *e) {
    quality_rule *rules;
    size_t n;
    definition d;
    if (!noun_check(&noun_metric, m, e) || !name_ok(m->name, e) ||
        !quality_read(a, m->quality, &rules, &n, e) || !of_row(a, m, &d, e))
        return false;
    if (m->window_days != NONE && m->window_days < 1)
        return fail(e, INVALID, "window_days: want one day or more");
    if (m->minimum_n != NONE && m->minimum_n < 1)
        return fail(e, INVALID, "minimum_n: want one answer or more");
    m->formula = d.formula;
    m->definition = arena_str(a, str_of(d.id));
    return true;
}

static bool put_version(store *s, arena *a, const metric_row *m, err *e) {
    metric_version v;
    buf b = {.a = a};
    json_out j = json_to(&b);
    noun_init(&noun_metric_version, &v);
    noun_print(&j, &noun_metric, m);
    v.key = arena_fmt(a, "%.*s/%" PRId64, STR_ARG(m->name), m->version);
    v.metric_id = m->id;
    v.definition = m->definition;
    v.body = buf_view(&b);
    v.since = m->since;
    return store_put(s, &noun_metric_version, &v, e);
}

bool registry_put(store *s, arena *a, metric_row *m, i64 now_ms, err *e) {
    if (!registry_check(a, m, e)) return false;
    if (m->since == NONE) m->since = now_ms;
    if (!store_begin(s, e)) return false;
    i64 was = m->id ? m->version : 0;
    if (!store_put(s, &noun_metric, m, e) || !store_get(s, a, &noun_metric, m->id, m, e) ||
        (m->version != was && !put_version(s, a, m, e))) {
        store_rollback(s);
        return false;
    }
    return store_commit(s, e);
}

bool registry_read(arena *a, const json *object, metric_row *m, err *e) {
    i64 since = m->since;
    m->since = NONE;
    if (!noun_read(a, &noun_metric, object, m, e)) return m->since = since, false;
    return true;
}

/* ---- versions ---- */

static bool of_version(arena *a, const metric_version *v, definition *out, err *e) {
    json *body;
    metric_row m;
    noun_init(&noun_metric, &m);
    if (!json_read(a, v->body, &body, e)) return false;
    for (size_t i = 0; i < noun_metric.fields_n; i++) {
        const field *f = &noun_metric.fields[i];
        const json *x = json_get(body, str_of(f->name));
        buf b = {.a = a};
        json_out j = json_to(&b);
        if (!x || x->kind == JSON_NULL) continue;
        if (f->kind == FIELD_JSON)
            json_value(&j, x), noun_set_text(f, &m, buf_view(&b));
        else if (field_is_text(f))
            noun_set_text(f, &m, x->text);
        else if (x->kind == JSON_INT)
            noun_set_int(f, &m, x->i);
    }
    m.since = v->since;
    return of_row(a, &m, out, e);
}

bool registry_history(store *s, arena *a, str name, definition **out, size_t *n_out, err *e) {
    void *recs;
    metric_row m;
    definition one;
    size_t n;
    if (!registry_find(s, a, name, &one, e)) return false;
    definition *d = NEW_N(a, definition, 1);
    *d = one, *out = d, *n_out = 1;
    if (one.built_in || !one.name.n) return true;
    store_query q = {.field = "metric_id"};
    if (!store_find(s, a, &noun_metric, one.name, &m, e)) return false;
    q.num = m.id;
    if (!store_list(s, a, &noun_metric_version, &q, &recs, &n, e)) return false;
    d = NEW_N(a, definition, n + 1);
    for (size_t i = 0; i < n; i++)
        if (!of_version(a, (const metric_version *)recs + i, &d[i], e)) return false;
    if (n) *out = d, *n_out = n;
    return true;
}

/* ---- JSON ---- */

static void put(json_out *j, const char *key, str v) {
    json_key(j, str_of(key));
    json_text(j, v.n ? v : NO_STR);
}

void definition_print(json_out *j, arena *a, const definition *d) {
    buf b = {.a = a};
    if (d->population) expr_print(&b, d->population);
    json_object(j);
    put(j, "name", d->name);
    json_key(j, S("title"));
    titles_print(j, d->title);
    put(j, "formula", d->formula);
    put(j, "population", buf_view(&b));
    json_key(j, S("window_days"));
    json_int(j, d->window_days);
    put(j, "weight", d->weight);
    json_key(j, S("minimum_n"));
    json_int(j, d->minimum_n == NONE ? MEASURE_MINIMUM_N : d->minimum_n);
    json_key(j, S("quality"));
    json_raw(j, d->quality.n ? d->quality : S("[]"));
    put(j, "better", d->down ? S("down") : S("up"));
    put(j, "owner", d->owner);
    json_key(j, S("version"));
    json_int(j, d->version);
    put(j, "definition", str_of(d->id));
    put(j, "since", d->since == NONE ? NO_STR : time_print(a, d->since));
    json_key(j, S("built_in"));
    json_bool(j, d->built_in);
    json_end_object(j);
}
