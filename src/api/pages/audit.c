/* audit.c - who did what, newest first. */
#include "api/ask.h"
#include "api/auth_int.h"
#include "api/cursor.h"

enum { AUDIT_SHOWN = 50 };

typedef struct {
    auth *u;
    store *s;
    const expr *where;
    i64 before;
    size_t limit;
    store_picked found;
} reading;

static bool list_job(arena *a, void *ctx, err *e) {
    reading *r = ctx;
    if (!store_pick(r->s, a, &noun_audit, r->where, r->before, r->limit, &r->found, e))
        return false;
    return r->found.can ||
           fail(e, INVALID,
                "where: the audit has at, actor, deed, noun, noun_id and detail, and takes up to "
                "200 values");
}

static void note_detail(void *ctx, str column) {
    if (str_eq(column, S("detail"))) *(bool *)ctx = true;
}

/* What changed may speak of other departments: who sees one only learns that something did. */
static bool asks_what_changed(const question *ask) {
    bool named = false;
    if (ask->told) expr_columns(ask->told, note_detail, &named);
    return named;
}

static bool list(api *x, arena *a, asked *v, err *e) {
    i64 none;
    question ask;
    reading r = {.u = x->auth};
    str cursor = params_get(&v->query, "cursor");
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!question_read(a, v, AUDIT_SHOWN, &ask, e) ||
        (cursor.n && !cursor_read(cursor, 'a', &none, &r.before, e)))
        return false;
    if (v->who->scoped && asks_what_changed(&ask))
        return fail(e, DENIED, "where: what changed (detail) is for those who see everything");
    r.where = ask.told;
    r.limit = (size_t)ask.limit + 1;
    if (!auth_locked(x->auth, a, list_job, &r, e)) return false;
    bool more = r.found.n > (size_t)ask.limit;
    size_t n = MIN(r.found.n, (size_t)ask.limit);
    audit *rows = r.found.recs;
    for (size_t i = 0; i < n && v->who->scoped; i++) rows[i].detail = NO_STR;
    json_object(&j);
    put_int(&j, "total", r.found.total);
    json_key(&j, S("audit"));
    json_array(&j);
    for (size_t i = 0; i < n; i++) noun_print(&j, &noun_audit, &rows[i]);
    json_end_array(&j);
    put_text(&j, "next_cursor", more ? cursor_print(a, 'a', 0, rows[n - 1].id) : NO_STR);
    json_end_object(&j);
    reply_json(v, 200, &b);
    return true;
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/audit", "audit.read", "Who did what, newest first", .handle = list,
     .query = "cursor " QUESTION_NAMES, .gives = "audit"},
};
const page page_audit = {
    .name = "audit", .title = "The audit", .routes = routes, .routes_n = COUNT(routes)};
