/* columns.c - what can be asked: columns with their values, metrics, the taxonomy. */
#include "api/ask.h"
#include "understand/metric.h"
#include "understand/taxonomy.h"

/* ---- columns ---- */

static str kind_text(column_kind k) {
    static const char *const names[] = {"text", "num", "time", "set"};
    return str_of(names[k]);
}

static bool columns(api *x, arena *a, asked *v, err *e) {
    desk *d;
    tally_column *c;
    size_t n;
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!desk_sit(x, a, v, &d, e) || !tally_columns(d->t, a, &c, &n, e)) return false;
    desk_leave(d);
    json_object(&j);
    json_key(&j, S("columns"));
    json_array(&j);
    for (size_t i = 0; i < n; i++) {
        json_object(&j);
        put_text(&j, "name", c[i].name);
        put_text(&j, "kind", kind_text(c[i].kind));
        json_key(&j, S("of_mention"));
        json_bool(&j, c[i].of_mention);
        put_int(&j, "present", c[i].present);
        put_int(&j, "distinct", c[i].distinct < 0 ? NONE : c[i].distinct);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
    reply_json(v, 200, &b);
    return true;
}

/* ---- values ---- */

enum { VALUES_SHOWN = 50 };

static int most_first(const void *p, const void *q) {
    const tally_cell *a = p, *b = q;
    if (a->n != b->n) return a->n > b->n ? -1 : 1;
    if (a->keys->kind != b->keys->kind) return a->keys->kind < b->keys->kind ? -1 : 1;
    return a->keys->kind == VALUE_TEXT
               ? str_cmp(a->keys->text, b->keys->text)
               : (a->keys->num > b->keys->num) - (a->keys->num < b->keys->num);
}

static void put_value(json_out *j, const tally_key *k) {
    json_key(j, S("value"));
    if (k->kind == VALUE_TEXT) {
        json_text(j, k->text);
    } else if (k->kind == VALUE_NUM) {
        buf b = {0};
        buf_num6(&b, k->num);
        json_raw(j, buf_view(&b));
        buf_clear(&b);
    } else {
        json_null(j);
    }
}

static bool values(api *x, arena *a, asked *v, err *e) {
    desk *d;
    question ask;
    tally_by by = {.column = params_get(&v->query, "column")};
    tally_answer r;
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!by.column.n) return fail(e, INVALID, "which column? as in: /api/v1/values?column=channel");
    if (!question_read(a, v, VALUES_SHOWN, &ask, e) || !desk_sit(x, a, v, &d, e)) return false;
    tally_question q = {.where = ask.where, .by = &by, .by_n = 1, .zone_min = ask.zone_min};
    if (!question_ok(tally_ask(d->t, a, &q, &r, e), e)) return false;
    desk_leave(d);
    qsort(r.cells, r.cells_n, sizeof *r.cells, most_first);
    json_object(&j);
    put_text(&j, "column", by.column);
    put_int(&j, "distinct", (i64)r.cells_n);
    json_key(&j, S("values"));
    json_array(&j);
    for (size_t i = 0; i < MIN(r.cells_n, (size_t)ask.limit); i++) {
        json_object(&j);
        put_value(&j, r.cells[i].keys);
        put_int(&j, "n", r.cells[i].n);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
    reply_json(v, 200, &b);
    return true;
}

/* ---- metrics ---- */

static bool metrics_list(api *x, arena *a, asked *v, err *e) {
    buf b = {.a = a};
    json_out j = json_to(&b);
    (void)x, (void)e;
    json_object(&j);
    json_key(&j, S("metrics"));
    json_array(&j);
    for (size_t i = 0; i < metrics_n; i++) {
        const metric *m = metrics[i];
        json_object(&j);
        put_text(&j, "name", str_of(m->name));
        put_text(&j, "title", str_of(m->title));
        put_text(&j, "unit", str_of(m->unit));
        put_text(&j, "params", str_of(m->params));
        put_text(&j, "help", str_of(m->help));
        put_text(&j, "column", str_of(m->column));
        put_int(&j, "version", m->version);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
    reply_json(v, 200, &b);
    return true;
}

/* ---- taxonomy ---- */

static void put_node(json_out *j, const aspect_node *n) {
    put_text(j, "id", n->id);
    if (n->dimension.p) put_text(j, "department", n->department);
    put_text(j, "zh_cn", n->zh_cn);
    put_text(j, "zh_tw", n->zh_tw);
    put_text(j, "en", n->en);
}

static void put_aspects(json_out *j, const taxonomy *t, str dimension) {
    json_key(j, S("aspects"));
    json_array(j);
    for (size_t i = 0; i < t->nodes_n; i++) {
        if (!t->nodes[i].dimension.p || !str_eq(t->nodes[i].dimension, dimension)) continue;
        json_object(j);
        put_node(j, &t->nodes[i]);
        json_end_object(j);
    }
    json_end_array(j);
}

static bool tree(api *x, arena *a, asked *v, err *e) {
    const taxonomy *t = taxonomy_shipped();
    buf b = {.a = a};
    json_out j = json_to(&b);
    (void)x, (void)e;
    json_object(&j);
    json_key(&j, S("dimensions"));
    json_array(&j);
    for (size_t i = 0; i < t->nodes_n; i++) {
        if (t->nodes[i].dimension.p) continue;
        json_object(&j);
        put_node(&j, &t->nodes[i]);
        put_aspects(&j, t, t->nodes[i].id);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
    reply_noun(a, v, 200, &b);
    return true;
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/columns", "signals.read", "Columns that can be filtered and grouped by",
     .handle = columns, .gives = "columns"},
    {METHOD_GET, "/api/v1/values", "signals.read", "Values of a column, the most frequent first",
     .handle = values, .query = "column " QUESTION_NAMES, .gives = "values"},
    {METHOD_GET, "/api/v1/metrics-list", "any", "Metrics and how they are written",
     .handle = metrics_list, .gives = "metrics"},
    {METHOD_GET, "/api/v1/taxonomy", "any", "What people can speak about", .handle = tree,
     .gives = "taxonomy", .status = "200 304"},
};
const page page_columns = {
    .name = "columns", .title = "What can be asked", .routes = routes, .routes_n = COUNT(routes)};
