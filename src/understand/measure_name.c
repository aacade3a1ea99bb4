/* measure_name.c - a formula as text: "topbox:score:csat:2", and back. */
#include "understand/measure_int.h"
#include "kern/expr_make.h"

static const metric *metric_find(str name) {
    for (size_t i = 0; i < metrics_n; i++)
        if (str_eq(str_of(metrics[i]->name), name)) return metrics[i];
    return NULL;
}

static bool unknown_metric(arena *a, str name, err *e) {
    buf b = {.a = a};
    for (size_t i = 0; i < metrics_n; i++) buf_fmt(&b, "%s%s", i ? ", " : "", metrics[i]->params);
    str known = buf_view(&b);
    return fail(e, INVALID, "no metric \"%.*s\"; there are: %.*s", (int)MIN(name.n, (size_t)60),
                name.p, STR_ARG(known));
}

/* Column names hold colons themselves, so K is taken off the end. */
static void take_k(str *rest, metric_params *p) {
    for (size_t i = rest->n; i > 0; i--) {
        if (rest->p[i - 1] != ':') continue;
        str tail = str_from(*rest, i);
        p->at_least = str_starts(tail, S(">="));
        if (str_int(str_from(tail, p->at_least ? 2 : 0), &p->k)) rest->n = i - 1;
        return;
    }
}

/* ---- several columns, each with a weight ---- */

static bool take_item(arena *a, const metric *m, str one, metric_params *p, err *e) {
    double weight = 1;
    str w;
    if (p->items_n == METRIC_ITEMS_MAX)
        return fail(e, LIMIT, "%s takes at most %d columns", m->name, METRIC_ITEMS_MAX);
    if (str_cut(one, '=', &one, &w) && (!str_num(str_trim(w), &weight) || !(weight > 0)))
        return fail(e, INVALID, "%s: the weight of %.*s must be a number above 0", m->name,
                    (int)MIN(one.n, (size_t)80), one.p);
    one = str_trim(one);
    if (!one.n) return fail(e, INVALID, "%s has a column without a name: %s", m->name, m->params);
    for (size_t i = 0; i < p->items_n; i++)
        if (str_eq(p->items[i], one))
            return fail(e, INVALID, "%s names %.*s twice", m->name, STR_ARG(one));
    p->items[p->items_n] = arena_str(a, one);
    p->weights[p->items_n++] = weight;
    return true;
}

static bool take_items(arena *a, const metric *m, str rest, metric_params *p, err *e) {
    str one;
    for (bool more = true; more;) {
        more = str_cut(rest, ',', &one, &rest);
        if (!take_item(a, m, more ? one : rest, p, e)) return false;
    }
    if (p->items_n < m->items_least)
        return fail(e, INVALID, "%s wants %zu columns or more: %s", m->name, m->items_least,
                    m->params);
    if (m->items_least == 2 && p->items_n > 2)
        return fail(e, INVALID, "%s wants two columns: %s", m->name, m->params);
    return true;
}

/* ---- expressions ---- */

/* Where " / " stands outside of quotes; text.n when nowhere. */
static size_t stroke(str text) {
    char quote = 0;
    for (size_t i = 0; i + 2 < text.n; i++) {
        char c = text.p[i];
        if (quote ? c == quote : c == '\'' || c == '"' || c == '`') quote = quote ? 0 : c;
        if (!quote && c == ' ' && text.p[i + 1] == '/' && text.p[i + 2] == ' ') return i;
    }
    return text.n;
}

static bool one_test(arena *a, const metric *m, str text, const expr **out, err *e) {
    err inner;
    const expr *x;
    text = str_trim(text);
    if (!text.n) return fail(e, INVALID, "%s wants an expression: %s", m->name, m->params);
    if (text.n > LIMIT_EXPR_BYTES) return fail(e, LIMIT, "%s: the expression is too long", m->name);
    if (!expr_parse(a, text, 0, &x, &inner))
        return fail(e, inner.code, "%s: %s", m->name, inner.msg);
    x = expr_normal(a, x);
    return *out = x ? x : expr_always(a), true;
}

static void test_text(arena *a, metric_params *p) {
    buf b = {.a = a};
    expr_print(&b, p->counted);
    if (p->base) buf_str(&b, S(" / ")), expr_print(&b, p->base);
    p->test = buf_view(&b);
}

static bool take_test(arena *a, const metric *m, str rest, metric_params *p, err *e) {
    size_t at = m->takes_base ? stroke(rest) : rest.n;
    if (m->takes_base && at == rest.n)
        return fail(e, INVALID, "%s wants two expressions with \" / \" between them: %s", m->name,
                    m->params);
    if (!one_test(a, m, str_head(rest, at), &p->counted, e) ||
        (m->takes_base && !one_test(a, m, str_from(rest, at + 3), &p->base, e)))
        return false;
    test_text(a, p);
    return true;
}

static bool parse_params(arena *a, const metric *m, str rest, metric_params *p, err *e) {
    *p = (metric_params){.k = NONE, .scale_top = NONE};
    if (m->items_least) return take_items(a, m, rest, p, e);
    if (m->takes_test) return take_test(a, m, rest, p, e);
    if (m->takes_value && !str_cut(rest, '=', &rest, &p->value))
        return fail(e, INVALID, "%s wants a value: %s", m->name, m->params);
    if (m->takes_k && !m->takes_column && str_int(rest, &p->k))
        rest.n = 0;
    else if (m->takes_k)
        take_k(&rest, p);
    if (rest.n && !m->takes_column) return fail(e, INVALID, "%s takes no column", m->name);
    if (rest.n == 0 && m->takes_column && !m->column)
        return fail(e, INVALID, "%s wants a column: %s", m->name, m->params);
    p->column = rest.n ? rest : str_of(m->column);
    if (m->needs_top && (p->k == NONE || (p->k < 1 && !p->at_least)))
        return fail(e, INVALID, "%s wants how many boxes: %s", m->name, m->params);
    if (m->k_usual && p->k == m->k_usual) p->k = NONE;
    return true;
}

static const metric *metric_of(str text, str *rest) {
    str name = text;
    *rest = S("");
    str_cut(text, ':', &name, rest);
    return metric_find(name);
}

bool formula_is(str text) {
    str rest;
    return metric_of(text, &rest) != NULL;
}

bool formula_parse(arena *a, str text, const metric **m, metric_params *p, err *e) {
    str rest;
    const metric *found = metric_of(text, &rest);
    if (!found) return unknown_metric(a, text, e);
    if (!parse_params(a, found, rest, p, e)) return false;
    return *m = found, true;
}

str formula_print(arena *a, const metric *m, const metric_params *p) {
    buf b = {.a = a};
    buf_fmt(&b, "%s", m->name);
    if (p->column.n) buf_fmt(&b, ":%.*s", STR_ARG(p->column));
    if (p->value.p) buf_fmt(&b, "=%.*s", STR_ARG(p->value));
    if (p->k != NONE) buf_fmt(&b, ":%s%" PRId64, p->at_least ? ">=" : "", p->k);
    for (size_t i = 0; i < p->items_n; i++) {
        buf_fmt(&b, "%c%.*s", i ? ',' : ':', STR_ARG(p->items[i]));
        if (fabs(p->weights[i] - 1) > 0) buf_fmt(&b, "=%.17g", p->weights[i]);
    }
    if (p->test.n) buf_fmt(&b, ":%.*s", STR_ARG(p->test));
    return buf_view(&b);
}

void definition_hash(arena *a, str formula, int version, const expr *where, i64 window_days,
                     str weight, i64 minimum_n, char out[17]) {
    buf b = {.a = a};
    const expr *x = expr_normal(a, where);
    buf_fmt(&b, "%.*s/%d/%" PRId64 "/", STR_ARG(formula), version, minimum_n);
    if (window_days != NONE) buf_fmt(&b, "%" PRId64 "d", window_days);
    buf_fmt(&b, "/%.*s/", STR_ARG(weight));
    if (x) expr_print(&b, x);
    snprintf(out, 17, "%016" PRIx64, str_hash(buf_view(&b)));
}
