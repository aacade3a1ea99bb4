/* sources.c - where signals come from and how fresh they are; the departments. */
#include "api/ask.h"
#include "api/auth.h"
#include "kern/expr_make.h"

enum { SOURCES_TOLD = 200 }; /* each costs a look at its newest row */

static int largest_first(const void *p, const void *q) {
    const tally_cell *a = p, *b = q;
    return (a->n < b->n) - (a->n > b->n);
}

static bool newest_of(const desk *d, arena *a, const asked *v, str source, i64 *out, err *e) {
    tally_mark *m;
    size_t n;
    const expr *where = auth_where(a, v->who, expr_text_is(a, S("source"), source));
    *out = NONE;
    if (!tally_rows_after(d->t, a, where, NULL, 1, &m, &n, e)) return false;
    if (n) *out = m->at;
    return true;
}

static bool put_source(const desk *d, arena *a, const asked *v, json_out *j, const tally_cell *c,
                       err *e) {
    i64 newest, now = d->x->w->now_ms(d->x->w);
    if (!newest_of(d, a, v, c->keys->text, &newest, e)) return false;
    json_object(j);
    put_text(j, "source", c->keys->text);
    put_int(j, "signals", c->n);
    put_time(j, a, "newest", newest);
    put_int(j, "lag_ms", newest == NONE ? NONE : MAX(now - newest, 0));
    json_end_object(j);
    return true;
}

static bool sources(api *x, arena *a, asked *v, err *e) {
    desk *d;
    tally_by by = {.column = S("source")};
    tally_question q = {.where = auth_where(a, v->who, NULL), .by = &by, .by_n = 1};
    tally_answer r;
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!desk_sit(x, a, v, &d, e) || !tally_ask(d->t, a, &q, &r, e)) return false;
    qsort(r.cells, r.cells_n, sizeof *r.cells, largest_first);
    json_object(&j);
    json_key(&j, S("sources"));
    json_array(&j);
    for (size_t i = 0; i < MIN(r.cells_n, (size_t)SOURCES_TOLD); i++)
        if (r.cells[i].keys->kind == VALUE_TEXT && !put_source(d, a, v, &j, &r.cells[i], e))
            return false;
    desk_leave(d);
    json_end_array(&j);
    put_int(&j, "total", (i64)r.cells_n);
    json_end_object(&j);
    reply_json(v, 200, &b);
    return true;
}

static bool departments(api *x, arena *a, asked *v, err *e) {
    desk *d;
    void *recs;
    size_t n;
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!desk_sit(x, a, v, &d, e) ||
        !store_list(d->s, a, &noun_department, &(store_query){0}, &recs, &n, e))
        return false;
    desk_leave(d);
    json_object(&j);
    json_key(&j, S("departments"));
    json_array(&j);
    for (size_t i = 0; i < n; i++) noun_print(&j, &noun_department, (department *)recs + i);
    json_end_array(&j);
    json_end_object(&j);
    reply_json(v, 200, &b);
    return true;
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/sources", "metrics.read", "Sources, their size and how fresh they are",
     .handle = sources, .gives = "sources"},
    {METHOD_GET, "/api/v1/departments", "tickets.read", "Departments", .handle = departments,
     .gives = "departments"},
};
const page page_sources = {.name = "sources",
                           .title = "Sources and departments",
                           .routes = routes,
                           .routes_n = COUNT(routes)};
