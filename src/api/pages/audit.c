/* audit.c - who did what, newest first. */
#include "api/ask.h"
#include "api/auth_int.h"
#include "api/cursor.h"

enum { AUDIT_SHOWN = 50 };

typedef struct {
    auth *u;
    store *s;
    store_query q;
    void *recs;
    size_t n;
} reading;

static bool list_job(arena *a, void *ctx, err *e) {
    reading *r = ctx;
    return store_list(r->s, a, &noun_audit, &r->q, &r->recs, &r->n, e);
}

static bool list(api *x, arena *a, asked *v, err *e) {
    i64 limit, none;
    reading r = {.u = x->auth, .q = {.newest_first = true}};
    str cursor = params_get(&v->query, "cursor");
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!params_int(&v->query, "limit", 1, LIMIT_API_PAGE, AUDIT_SHOWN, &limit, e) ||
        (cursor.n && !cursor_read(cursor, 'a', &none, &r.q.after_id, e)))
        return false;
    r.q.limit = (size_t)limit + 1;
    if (!auth_locked(x->auth, a, list_job, &r, e)) return false;
    bool more = r.n > (size_t)limit;
    r.n = MIN(r.n, (size_t)limit);
    audit *rows = r.recs;
    /* What changed may speak of other departments: who sees one only learns that something did. */
    for (size_t i = 0; i < r.n && v->who->scoped; i++) rows[i].detail = NO_STR;
    json_object(&j);
    json_key(&j, S("audit"));
    json_array(&j);
    for (size_t i = 0; i < r.n; i++) noun_print(&j, &noun_audit, &rows[i]);
    json_end_array(&j);
    put_text(&j, "next_cursor", more ? cursor_print(a, 'a', 0, rows[r.n - 1].id) : NO_STR);
    json_end_object(&j);
    reply_json(v, 200, &b);
    return true;
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/audit", "audit.read", "Who did what, newest first", .handle = list,
     .query = "limit cursor", .gives = "audit"},
};
const page page_audit = {
    .name = "audit", .title = "The audit", .routes = routes, .routes_n = COUNT(routes)};
