/* measure.c - from a metric's name to its cells, with interval, minimum n and definition. */
#include "understand/measure.h"
#include "base/time.h"
#include "kern/expr_make.h"

/* ---- names and parameters ---- */

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

static bool parse_params(const metric *m, str rest, metric_params *p, err *e) {
    *p = (metric_params){.k = NONE, .scale_top = NONE};
    if (m->takes_value && !str_cut(rest, '=', &rest, &p->value))
        return fail(e, INVALID, "%s wants a value: %s", m->name, m->params);
    if (m->takes_k) take_k(&rest, p);
    if (rest.n && !m->takes_column) return fail(e, INVALID, "%s takes no column", m->name);
    if (rest.n == 0 && m->takes_column && !m->column)
        return fail(e, INVALID, "%s wants a column: %s", m->name, m->params);
    p->column = rest.n ? rest : str_of(m->column);
    if (m->needs_top && (p->k == NONE || (p->k < 1 && !p->at_least)))
        return fail(e, INVALID, "%s wants how many boxes: %s", m->name, m->params);
    return true;
}

static bool parse_name(arena *a, str text, const metric **m, metric_params *p, err *e) {
    str name = text, rest = S("");
    str_cut(text, ':', &name, &rest);
    *m = metric_find(name);
    if (!*m) return unknown_metric(a, name, e);
    return parse_params(*m, rest, p, e);
}

/* ---- what depends on the data: kinds of columns, tops of scales, mentions ---- */

static void note_mention(void *ctx, str column) {
    if (column_is_mention(column)) *(bool *)ctx = true;
}

static bool of_mentions(const measure_question *q) {
    bool yes = false;
    if (q->where) expr_columns(q->where, note_mention, &yes);
    for (size_t i = 0; i < q->by_n; i++) note_mention(&yes, q->by[i].column);
    return yes;
}

/* Names that tell their scale: score:nps, score:csat, score:ces, and a number at the end. */
static num6 known_top(str column) {
    if (str_eq(column, S("score:nps"))) return 10 * NUM6_ONE;
    if (str_eq(column, S("score:csat"))) return 5 * NUM6_ONE;
    if (str_eq(column, S("score:ces"))) return 7 * NUM6_ONE;
    size_t from = column.n;
    while (from > 0 && column.p[from - 1] >= '0' && column.p[from - 1] <= '9') from--;
    i64 top;
    bool score = str_starts(column, S("score:")) && str_int(str_from(column, from), &top) &&
                 top > 1 && top <= 100;
    return score ? top * NUM6_ONE : NONE;
}

static bool highest_answer(tally *t, arena *a, str column, num6 *out, err *e) {
    tally_measure m = {.kind = MEASURE_NUM, .column = column};
    tally_question q = {.measures = &m, .measures_n = 1};
    tally_answer r;
    if (!tally_ask(t, a, &q, &r, e)) return false;
    *out = r.cells_n ? r.cells[0].stats[0].max : NONE;
    return true;
}

static bool column_is_num(tally *t, arena *a, str column, bool *out, err *e) {
    tally_column *c;
    size_t n;
    if (!tally_columns(t, a, &c, &n, e)) return false;
    *out = false;
    for (size_t i = 0; i < n; i++)
        if (str_eq(c[i].name, column)) *out = c[i].kind == COLUMN_NUM;
    return true;
}

static bool settle(tally *t, arena *a, const measure_question *q, const metric *m, metric_params *p,
                   err *e) {
    if (m->column && str_eq(str_of(m->column), S("sentiment")) &&
        str_eq(p->column, S("sentiment")) && of_mentions(q))
        p->column = S("polarity");
    if (m->takes_value && !column_is_num(t, a, p->column, &p->column_is_num, e)) return false;
    if (!m->needs_top || p->at_least) return true;
    p->scale_top = known_top(p->column);
    return p->scale_top != NONE || highest_answer(t, a, p->column, &p->scale_top, e);
}

static str canonical(arena *a, const metric *m, const metric_params *p) {
    buf b = {.a = a};
    buf_fmt(&b, "%s", m->name);
    if (p->column.n) buf_fmt(&b, ":%.*s", STR_ARG(p->column));
    if (p->value.p) buf_fmt(&b, "=%.*s", STR_ARG(p->value));
    if (p->k != NONE) buf_fmt(&b, ":%s%" PRId64, p->at_least ? ">=" : "", p->k);
    return buf_view(&b);
}

static void define(arena *a, const measure_question *q, measure_answer *out) {
    buf b = {.a = a};
    buf_fmt(&b, "%.*s/%d/%" PRId64 "/%" PRId64 "/", STR_ARG(out->name), out->metric->version,
            out->minimum_n, out->params.scale_top);
    if (q->where) expr_print(&b, q->where);
    snprintf(out->definition, sizeof out->definition, "%016" PRIx64, str_hash(buf_view(&b)));
}

/* ---- the answer ---- */

static bool newest(void *ctx, const signal *sig, const insight *ins, err *e) {
    (void)ins, (void)e;
    *(i64 *)ctx = sig->row.occurred_at;
    return true;
}

static bool find_newest(tally *t, store *s, arena *a, const measure_question *q, i64 *out, err *e) {
    i64 *ids;
    size_t n;
    *out = NONE;
    if (!tally_rows(t, a, q->where, q->zone_min, 1, &ids, &n, e)) return false;
    return n == 0 || store_scan_ids(s, ids, n, newest, out, e);
}

static estimate shown(const metric *m, estimate x, i64 minimum_n) {
    bool small = m->takes_column && x.n > 0 && x.n < minimum_n;
    return small ? estimate_none("too_few", x.n, x.missing, x.invalid) : x;
}

/* ---- two conditions beside each other ---- */

static int key_order(const tally_key *x, const tally_key *y, size_t n) {
    for (size_t i = 0; i < n; i++, x++, y++) {
        if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
        int o = x->kind == VALUE_TEXT ? str_cmp(x->text, y->text)
                                      : (x->num > y->num) - (x->num < y->num);
        if (o && x->kind != VALUE_MISSING) return o;
    }
    return 0;
}

static estimate cell_value(const measure_answer *r, const tally_cell *c) {
    if (!c) return estimate_none("no_data", 0, 0, 0);
    return shown(r->metric, r->metric->value(&r->params, c->n, c->stats), r->minimum_n);
}

/* Both answers are sorted by their keys. */
static void join_sides(arena *a, measure_answer *r, size_t by_n, const tally_answer side[2]) {
    size_t i = 0, k = 0;
    r->cells = NEW_N(a, measure_cell, side[0].cells_n + side[1].cells_n);
    while (i < side[0].cells_n || k < side[1].cells_n) {
        const tally_cell *x = i < side[0].cells_n ? &side[0].cells[i] : NULL;
        const tally_cell *y = k < side[1].cells_n ? &side[1].cells[k] : NULL;
        int o = !x ? 1 : !y ? -1 : key_order(x->keys, y->keys, by_n);
        if (o > 0) x = NULL;
        if (o < 0) y = NULL;
        measure_cell c = {.keys = x ? x->keys : y->keys, .signals = x ? x->n : 0};
        c.est = cell_value(r, x);
        c.signals_before = y ? y->n : 0;
        c.before = cell_value(r, y);
        c.change = c.est.value - c.before.value;
        r->cells[r->cells_n++] = c;
        i += x != NULL;
        k += y != NULL;
    }
}

/* The larger change, or value, first; those that are not shown last; equal ones by their keys. */
static int by_rank(const void *x, const void *y, void *ctx) {
    const measure_cell *a = x, *b = y;
    const measure_question *q = ctx;
    double p = q->compare ? fabs(a->change) : a->est.value;
    double o = q->compare ? fabs(b->change) : b->est.value;
    if (isnan(p) != isnan(o)) return isnan(p) - isnan(o);
    if (p > o || p < o) return p > o ? -1 : 1;
    return key_order(a->keys, b->keys, q->by_n);
}

static void keep_top(const measure_question *q, measure_answer *r) {
    measure_question ranked = *q;
    r->cells_all = (i64)r->cells_n;
    if (!q->top) return;
    qsort_r(r->cells, r->cells_n, sizeof *r->cells, by_rank, &ranked);
    r->cells_n = MIN(r->cells_n, (size_t)q->top);
}

static bool count_cells(tally *t, arena *a, const measure_question *q, measure_answer *r, err *e) {
    tally_measure m[METRIC_MEASURES_MAX];
    tally_question ask = {.where = q->where,
                          .by = q->by,
                          .by_n = q->by_n,
                          .measures = m,
                          .measures_n = r->metric->measures(a, &r->params, m),
                          .zone_min = q->zone_min,
                          .zone = q->zone,
                          .threads = q->threads,
                          .afresh = q->afresh,
                          .most_ms = q->most_ms};
    if (q->compare) {
        tally_answer side[2];
        if (!tally_compare(t, a, &ask, q->versus, side, e)) return false;
        r->cost = side[0];
        r->cost.rows_read += side[1].rows_read;
        r->cost.bytes_read += side[1].bytes_read;
        join_sides(a, r, q->by_n, side);
        return true;
    }
    if (!tally_ask(t, a, &ask, &r->cost, e)) return false;
    r->cells_n = r->cost.cells_n;
    r->cells = NEW_N(a, measure_cell, r->cells_n);
    for (size_t i = 0; i < r->cells_n; i++) {
        const tally_cell *c = &r->cost.cells[i];
        r->cells[i] = (measure_cell){.keys = c->keys, .signals = c->n, .est = cell_value(r, c)};
    }
    return true;
}

bool measure(tally *t, store *s, arena *a, const measure_question *q, measure_answer *out, err *e) {
    measure_answer r = {.minimum_n = q->minimum_n == NONE ? MEASURE_MINIMUM_N : q->minimum_n};
    check(!q->versus || q->compare);
    if (!parse_name(a, q->metric, &r.metric, &r.params, e) ||
        !settle(t, a, q, r.metric, &r.params, e) || !count_cells(t, a, q, &r, e) ||
        !find_newest(t, s, a, q, &r.newest_ms, e))
        return false;
    keep_top(q, &r);
    r.name = canonical(a, r.metric, &r.params);
    define(a, q, &r);
    *out = r;
    return true;
}

/* ---- --by ---- */

static const struct {
    const char *name;
    by_unit unit;
} units[] = {{"day", BY_DAY},
             {"week", BY_WEEK},
             {"month", BY_MONTH},
             {"quarter", BY_QUARTER},
             {"year", BY_YEAR}};

static tally_by parse_by(str one) {
    for (size_t i = 0; i < COUNT(units); i++) {
        str name = str_of(units[i].name), inner = str_from(one, name.n);
        if (!str_starts(one, name)) continue;
        if (inner.n == 0) return (tally_by){S("occurred_at"), units[i].unit};
        if (inner.p[0] == '(' && str_ends(inner, S(")")))
            return (tally_by){str_trim((str){inner.p + 1, inner.n - 2}), units[i].unit};
    }
    return (tally_by){one, BY_VALUE};
}

str measure_by_name(arena *a, const tally_by *by) {
    for (size_t i = 0; i < COUNT(units); i++)
        if (units[i].unit == by->unit)
            return arena_fmt(a, "%s(%.*s)", units[i].name, STR_ARG(by->column));
    return by->column;
}

bool measure_by(arena *a, str text, const tally_by **out, size_t *n_out, err *e) {
    tally_by *by = NEW_N(a, tally_by, LIMIT_GROUP_COLUMNS);
    size_t n = 0;
    str rest = text, one;
    for (bool more = text.n > 0; more; n++) {
        more = str_cut(rest, ',', &one, &rest);
        one = str_trim(more ? one : rest);
        if (n == LIMIT_GROUP_COLUMNS)
            return fail(e, LIMIT, "--by takes at most %d columns", LIMIT_GROUP_COLUMNS);
        if (one.n == 0) return fail(e, INVALID, "--by has an empty column name");
        by[n] = parse_by(one);
    }
    *out = by;
    *n_out = n;
    return true;
}

str measure_key(arena *a, const tally_by *by, const tally_key *key) {
    buf b = {.a = a};
    if (key->kind == VALUE_MISSING) return S("(missing)");
    if (key->kind == VALUE_TEXT) return key->text;
    if (key->kind == VALUE_NUM) return buf_num6(&b, key->num), buf_view(&b);
    str day = day_print(a, day_of_ms(key->num));
    if (by->unit == BY_MONTH) day.n -= 3;
    if (by->unit == BY_YEAR) day.n -= 6;
    if (by->unit == BY_QUARTER)
        return arena_fmt(a, "%.4s-Q%d", day.p, (civil_of(key->num).month - 1) / 3 + 1);
    return day;
}

/* ---- JSON ---- */

void estimate_print(json_out *j, const estimate *x) {
    json_key(j, S("value"));
    json_num(j, x->value);
    json_key(j, S("low"));
    json_num(j, x->low);
    json_key(j, S("high"));
    json_num(j, x->high);
    json_key(j, S("n"));
    json_int(j, x->n);
    json_key(j, S("missing"));
    json_int(j, x->missing);
    json_key(j, S("invalid"));
    json_int(j, x->invalid);
    json_key(j, S("reason"));
    json_text(j, str_of(x->reason));
}

static void print_head(json_out *j, arena *a, const measure_question *q, const measure_answer *m) {
    json_key(j, S("metric"));
    json_text(j, m->name);
    json_key(j, S("title"));
    json_text(j, str_of(m->metric->title));
    json_key(j, S("unit"));
    json_text(j, str_of(m->metric->unit));
    json_key(j, S("definition"));
    json_text(j, str_of(m->definition));
    json_key(j, S("version"));
    json_int(j, m->metric->version);
    json_key(j, S("minimum_n"));
    json_int(j, m->minimum_n);
    json_key(j, S("where"));
    buf b = {.a = a};
    if (q->where) expr_print(&b, q->where);
    json_text(j, q->where ? buf_view(&b) : NO_STR);
    if (q->compare) {
        buf c = {.a = a};
        if (q->versus) expr_print(&c, q->versus);
        json_key(j, S("versus"));
        json_text(j, q->versus ? buf_view(&c) : NO_STR);
    }
    json_key(j, S("newest"));
    json_text(j, m->newest_ms == NONE ? NO_STR : time_print(a, m->newest_ms));
}

static void print_keys(json_out *j, arena *a, const measure_question *q, const measure_cell *c) {
    json_key(j, S("key"));
    json_object(j);
    for (size_t i = 0; i < q->by_n; i++) {
        json_key(j, measure_by_name(a, &q->by[i]));
        if (c->keys[i].kind == VALUE_MISSING)
            json_null(j);
        else if (c->keys[i].kind == VALUE_NUM)
            json_raw(j, measure_key(a, &q->by[i], &c->keys[i]));
        else
            json_text(j, measure_key(a, &q->by[i], &c->keys[i]));
    }
    json_end_object(j);
}

static void print_before(json_out *j, const measure_cell *c) {
    json_key(j, S("change"));
    json_num(j, c->change);
    json_key(j, S("before"));
    json_object(j);
    json_key(j, S("signals"));
    json_int(j, c->signals_before);
    estimate_print(j, &c->before);
    json_end_object(j);
}

void measure_print(json_out *j, arena *a, const measure_question *q, const measure_answer *m) {
    json_object(j);
    print_head(j, a, q, m);
    json_key(j, S("cells"));
    json_array(j);
    for (size_t i = 0; i < m->cells_n; i++) {
        json_object(j);
        print_keys(j, a, q, &m->cells[i]);
        json_key(j, S("signals"));
        json_int(j, m->cells[i].signals);
        estimate_print(j, &m->cells[i].est);
        if (q->compare) print_before(j, &m->cells[i]);
        json_end_object(j);
    }
    json_end_array(j);
    json_end_object(j);
}
