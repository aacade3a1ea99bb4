/* dashboards.c - pages of saved questions: one's own and those others share. */
#include "api/ask.h"
#include "api/auth.h"
#include "api/cursor.h"

enum { DASHBOARDS_SHOWN = 200, ROUND = 256, QUESTION_BYTES = 8 * 1024 };

/* ---- who ---- */

static bool is_mine(const who *w, const dashboard *d) {
    return w->kind == WHO_USER && d->owner_id == w->id;
}

static bool sees(const who *w, const dashboard *d) {
    return d->shared || is_mine(w, d);
}

/* Its owner; when it is shared also who looks after the people, since owners leave. */
static bool may_change(const who *w, const dashboard *d, err *e) {
    if (is_mine(w, d) || (w->kind == WHO_USER && d->shared && who_may(w, S("users.write"))))
        return true;
    return fail(e, DENIED, "dashboard %" PRId64 " is somebody else's; make one of your own", d->id);
}

/* Somebody else's that is not shared is not there, in the same words. */
static bool find(store *s, arena *a, const who *w, i64 id, dashboard *out, err *e) {
    if (!store_get(s, a, &noun_dashboard, id, out, e)) return false;
    return sees(w, out) || fail(e, NOT_FOUND, "there is no dashboard %" PRId64, id);
}

/* ---- out ---- */

static void print_one(json_out *j, arena *a, const who *w, const dashboard *d) {
    json_object(j);
    put_int(j, "id", d->id);
    put_text(j, "name", d->name);
    json_key(j, S("shared"));
    json_bool(j, d->shared);
    put_int(j, "owner_id", d->owner_id);
    json_key(j, S("mine"));
    json_bool(j, is_mine(w, d));
    json_key(j, S("tiles"));
    json_raw(j, d->tiles);
    put_int(j, "version", d->version);
    put_time(j, a, "created_at", d->created_at);
    put_time(j, a, "changed_at", d->changed_at);
    json_end_object(j);
}

static buf printed(arena *a, const who *w, const dashboard *d) {
    buf b = {.a = a};
    json_out j = json_to(&b);
    print_one(&j, a, w, d);
    return b;
}

/* Up to limit + 1 of those the asker sees: the last one only tells that there is more. */
static bool gather(store *s, arena *a, const who *w, i64 after, size_t limit, dashboard *out,
                   size_t *n_out, err *e) {
    store_query q = {.after_id = after, .limit = ROUND};
    void *recs;
    size_t got, n = 0;
    do {
        if (!store_list(s, a, &noun_dashboard, &q, &recs, &got, e)) return false;
        const dashboard *rows = recs;
        for (size_t i = 0; i < got && n <= limit; i++)
            if (sees(w, &rows[i])) out[n++] = rows[i];
        if (got) q.after_id = rows[got - 1].id;
    } while (got == ROUND && n <= limit);
    *n_out = n;
    return true;
}

static bool list(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 limit, unused, after = 0;
    size_t n;
    str cursor = params_get(&v->query, "cursor");
    buf *b = reply_buf(a);
    json_out j = json_to(b);
    if (!params_int(&v->query, "limit", 1, LIMIT_API_PAGE, DASHBOARDS_SHOWN, &limit, e) ||
        (cursor.n && !cursor_read(cursor, 'd', &unused, &after, e)))
        return false;
    dashboard *rows = NEW_N(a, dashboard, (size_t)limit + 1);
    if (!desk_sit(x, a, v, &d, e) || !gather(d->s, a, v->who, after, (size_t)limit, rows, &n, e))
        return false;
    desk_leave(d);
    bool more = n > (size_t)limit;
    n = MIN(n, (size_t)limit);
    json_object(&j);
    json_key(&j, S("dashboards"));
    json_array(&j);
    for (size_t i = 0; i < n; i++) print_one(&j, a, v->who, &rows[i]);
    json_end_array(&j);
    put_text(&j, "next_cursor", more ? cursor_print(a, 'd', 0, rows[n - 1].id) : NO_STR);
    json_end_object(&j);
    if (!reply_room(b, e)) return false;
    reply_json(v, 200, b);
    return true;
}

static bool one(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    dashboard rec;
    if (!id_read(v, &id, e) || !desk_sit(x, a, v, &d, e) || !find(d->s, a, v->who, id, &rec, e))
        return false;
    desk_leave(d);
    buf b = printed(a, v->who, &rec);
    reply_noun(a, v, 200, &b);
    return true;
}

/* ---- in ---- */

static bool tile_member(json_out *j, const json *tile, const char *name, size_t max, int no,
                        err *e) {
    str s = json_get_text(tile, str_of(name));
    if (!s.n) return fail(e, INVALID, "tiles: tile %d wants a text \"%s\"", no, name);
    if (s.n > max)
        return fail(e, LIMIT, "tiles: \"%s\" of tile %d has %zu bytes, the limit is %zu", name, no,
                    s.n, max);
    put_text(j, name, s);
    return true;
}

static bool tile_read(json_out *j, const json *tile, int no, err *e) {
    if (tile->kind != JSON_OBJECT || tile->n != 2)
        return fail(e, INVALID, "tiles: tile %d wants {\"title\": text, \"question\": text}", no);
    json_object(j);
    bool ok = tile_member(j, tile, "title", LIMIT_NAME_BYTES, no, e) &&
              tile_member(j, tile, "question", QUESTION_BYTES, no, e);
    json_end_object(j);
    return ok;
}

/* What a page will put behind "/explore?": kept as text and never looked into. */
static bool tiles_read(arena *a, const json *tiles, str *out, err *e) {
    buf b = {.a = a};
    json_out j = json_to(&b);
    int no = 0;
    if (tiles->kind != JSON_ARRAY) return fail(e, INVALID, "tiles wants a list");
    if (tiles->n > LIMIT_DASHBOARD_TILES)
        return fail(e, LIMIT, "a dashboard of %u tiles: the limit is %d", tiles->n,
                    LIMIT_DASHBOARD_TILES);
    json_array(&j);
    for (const json *t = tiles->first; t; t = t->next)
        if (!tile_read(&j, t, ++no, e)) return false;
    json_end_array(&j);
    *out = buf_view(&b);
    return true;
}

static bool read_body(arena *a, asked *v, const json **tiles_out, json **body_out, err *e) {
    if (!body_json(a, v, body_out, e)) return false;
    *tiles_out = json_get(*body_out, S("tiles"));
    return true;
}

/* On failure rec is spoilt. */
static bool apply(arena *a, const json *body, const json *tiles, dashboard *rec, err *e) {
    if (!noun_read(a, &noun_dashboard, body, rec, e)) return false;
    if (!str_trim(rec->name).n)
        return fail(e, INVALID, "a dashboard needs a name that can be read");
    return !tiles || tiles_read(a, tiles, &rec->tiles, e);
}

static bool room_for_one(store *s, i64 owner_id, err *e) {
    i64 n;
    store_query q = {.field = "owner_id", .num = owner_id};
    if (!store_count(s, &noun_dashboard, &q, &n, e)) return false;
    return n < LIMIT_DASHBOARDS || fail(e, LIMIT,
                                        "you have %d dashboards, and that is the limit: delete one "
                                        "first",
                                        LIMIT_DASHBOARDS);
}

static bool add(api *x, arena *a, asked *v, err *e) {
    desk *d;
    json *body;
    const json *tiles;
    dashboard rec;
    noun_init(&noun_dashboard, &rec);
    rec.tiles = S("[]");
    if (!read_body(a, v, &tiles, &body, e) || !apply(a, body, tiles, &rec, e)) return false;
    if (v->who->kind != WHO_USER)
        return fail(e, DENIED, "a dashboard belongs to a person who has signed in, not to a key");
    rec.owner_id = v->who->id;
    if (!desk_write(x, a, v, &d, e) || !room_for_one(d->s, rec.owner_id, e) ||
        !store_put(d->s, &noun_dashboard, &rec, e))
        return false;
    desk_leave(d);
    buf b = printed(a, v->who, &rec);
    http_add(v->http, "Location", arena_fmt(a, "/api/v1/dashboards/%" PRId64, rec.id));
    reply_noun(a, v, 201, &b);
    return true;
}

static bool change(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    json *body;
    const json *tiles;
    dashboard rec;
    if (!id_read(v, &id, e) || !read_body(a, v, &tiles, &body, e) || !desk_write(x, a, v, &d, e) ||
        !find(d->s, a, v->who, id, &rec, e) || !may_change(v->who, &rec, e))
        return false;
    buf before = printed(a, v->who, &rec);
    if (!match_noun(a, v, &before)) return true;
    if (!apply(a, body, tiles, &rec, e) || !store_put(d->s, &noun_dashboard, &rec, e)) return false;
    desk_leave(d);
    buf after = printed(a, v->who, &rec);
    reply_noun(a, v, 200, &after);
    return true;
}

static bool drop(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    dashboard rec;
    if (!id_read(v, &id, e) || !desk_write(x, a, v, &d, e) || !find(d->s, a, v->who, id, &rec, e) ||
        !may_change(v->who, &rec, e))
        return false;
    buf before = printed(a, v->who, &rec);
    if (!match_noun(a, v, &before)) return true;
    if (!store_delete(d->s, &noun_dashboard, id, e)) return false;
    desk_leave(d);
    http_reply(v->http, 204, NO_STR, S(""));
    return true;
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/dashboards", "metrics.read", "One's own dashboards and those shared",
     .handle = list, .query = "limit cursor", .gives = "dashboards"},
    {METHOD_POST, "/api/v1/dashboards", "metrics.read", "Makes a dashboard of one's own",
     .handle = add, .takes = "dashboard_wish", .gives = "dashboard", .status = "201"},
    {METHOD_GET, "/api/v1/dashboards/{id}", "metrics.read", "One dashboard", .handle = one,
     .gives = "dashboard", .status = "200 304"},
    {METHOD_PATCH, "/api/v1/dashboards/{id}", "metrics.read",
     "Renames or shares a dashboard, or changes its tiles", .handle = change,
     .takes = "dashboard_change", .gives = "dashboard", .status = "200 412"},
    {METHOD_DELETE, "/api/v1/dashboards/{id}", "metrics.read", "Deletes a dashboard",
     .handle = drop, .status = "204 412"},
};
const page page_dashboards = {
    .name = "dashboards", .title = "Dashboards", .routes = routes, .routes_n = COUNT(routes)};
