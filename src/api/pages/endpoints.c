/* endpoints.c - places outside that messages go to: made, tried, paused, resumed. */
#include "act/way.h"
#include "api/ask.h"
#include "api/works.h"
#include "flow/sender.h"

static bool print_one(buf *b, store *s, arena *a, const endpoint *p, err *e) {
    endpoint_pace at;
    json_out j = json_to(b);
    if (!pace_of(s, a, p->name, &at, e)) return false;
    json_object(&j);
    json_key(&j, S("endpoint"));
    noun_print(&j, &noun_endpoint, p);
    json_key(&j, S("pace"));
    noun_print(&j, &noun_pace, &at);
    json_end_object(&j);
    return true;
}

static bool list(api *x, arena *a, asked *v, err *e) {
    desk *d;
    void *recs;
    size_t n;
    buf b = {.a = a};
    if (!desk_sit(x, a, v, &d, e) || !store_list(d->s, a, &noun_endpoint, NULL, &recs, &n, e))
        return false;
    buf_str(&b, S("{\"endpoints\":["));
    for (size_t i = 0; i < n; i++) {
        if (i) buf_char(&b, ',');
        if (!print_one(&b, d->s, a, (endpoint *)recs + i, e)) return false;
    }
    buf_str(&b, S("]}"));
    desk_leave(d);
    reply_json(v, 200, &b);
    return true;
}

/* A secret that we made is told once, here. */
static bool tell_made(asked *v, arena *a, const endpoint *p, bool ours) {
    buf b = {.a = a};
    json_out j = json_to(&b);
    json_object(&j);
    json_key(&j, S("endpoint"));
    noun_print(&j, &noun_endpoint, p);
    put_text(&j, "secret", ours ? p->secret : NO_STR);
    json_end_object(&j);
    http_add(v->http, "Location", arena_fmt(a, "/api/v1/endpoints/%" PRId64, p->id));
    reply_json(v, 201, &b);
    return true;
}

static bool add(api *x, arena *a, asked *v, err *e) {
    desk *d;
    json *body;
    endpoint p;
    noun_init(&noun_endpoint, &p);
    p.enabled = 1;
    if (!body_json(a, v, &body, e) || !noun_read(a, &noun_endpoint, body, &p, e)) return false;
    bool ours = !p.secret.n;
    if (!endpoint_check(a, x->w, &p, e) || !desk_write(x, a, v, &d, e) ||
        !endpoint_put(d->s, a, &p, e))
        return false;
    desk_leave(d);
    return tell_made(v, a, &p, ours && p.secret.n);
}

/* What is not told stays: address and secret are opened, changed or not, and sealed again.  Its name and way
** stay in any case: deeds and seals know it by them. */
static bool change(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    json *body;
    endpoint p;
    str address, secret;
    buf b = {.a = a};
    if (!id_read(v, &id, e) || !body_json(a, v, &body, e) || !desk_write(x, a, v, &d, e) ||
        !store_get(d->s, a, &noun_endpoint, id, &p, e) ||
        !endpoint_open(d->s, a, &p, &address, &secret, e))
        return false;
    str name = p.name, by = p.way;
    p.address = address;
    p.secret = secret;
    if (!noun_read(a, &noun_endpoint, body, &p, e)) return false;
    if (!str_eq(p.name, name) || !str_eq(p.way, by))
        return fail(e, CONFLICT, "an endpoint keeps its name and its way: make another");
    if (!str_eq(p.address, address)) p.near = 0; /* it was allowed for that address, not for any */
    if (!endpoint_check(a, x->w, &p, e) || !endpoint_put(d->s, a, &p, e) ||
        !print_one(&b, d->s, a, &p, e))
        return false;
    desk_leave(d);
    if (x->sender) sender_wake(x->sender);
    reply_json(v, 200, &b);
    return true;
}

static bool drop(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    endpoint p;
    if (!id_read(v, &id, e) || !desk_write(x, a, v, &d, e) ||
        !store_get(d->s, a, &noun_endpoint, id, &p, e) || !endpoint_delete(d->s, a, &p, e))
        return false;
    desk_leave(d);
    http_reply(v->http, 204, NO_STR, S(""));
    return true;
}

/* The other side's answer is waited for with a place that only reads: nobody else waits. */
static bool test(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    endpoint p;
    if (!id_read(v, &id, e) || !desk_sit(x, a, v, &d, e) ||
        !store_get(d->s, a, &noun_endpoint, id, &p, e))
        return false;
    if (!x->w->send) return fail(e, CONFLICT, "this program has no way out");
    err why;
    buf b = {.a = a};
    json_out j = json_to(&b);
    bool ok = send_test(d->s, x->w, &p, &why);
    desk_leave(d);
    json_object(&j);
    json_key(&j, S("arrived"));
    json_bool(&j, ok);
    put_text(&j, "why", ok ? NO_STR : str_of(why.msg));
    json_end_object(&j);
    reply_json(v, 200, &b);
    return true;
}

static bool resume(api *x, arena *a, asked *v, err *e) {
    desk *d;
    i64 id;
    endpoint p;
    buf b = {.a = a};
    if (!id_read(v, &id, e) || !desk_write(x, a, v, &d, e) ||
        !store_get(d->s, a, &noun_endpoint, id, &p, e) ||
        !send_resume(d->s, a, p.name, x->w->now_ms(x->w), e) || !print_one(&b, d->s, a, &p, e))
        return false;
    desk_leave(d);
    if (x->sender) sender_wake(x->sender);
    reply_json(v, 200, &b);
    return true;
}

static bool list_ways(api *x, arena *a, asked *v, err *e) {
    buf b = {.a = a};
    json_out j = json_to(&b);
    (void)x, (void)e;
    json_object(&j);
    json_key(&j, S("ways"));
    json_array(&j);
    for (size_t i = 0; i < ways_n; i++) {
        json_object(&j);
        put_text(&j, "name", str_of(ways[i]->name));
        put_text(&j, "title", str_of(ways[i]->title));
        put_text(&j, "help", str_of(ways[i]->help));
        put_text(&j, "settings", str_of(ways[i]->settings));
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
    reply_json(v, 200, &b);
    return true;
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/ways", "rules.read", "Ways out of the house", .handle = list_ways,
     .gives = "ways"},
    {METHOD_GET, "/api/v1/endpoints", "rules.read", "Places messages go to, and how it goes there",
     .handle = list, .gives = "endpoints"},
    {METHOD_POST, "/api/v1/endpoints", "keys.write",
     "Makes an endpoint; a secret made for it is shown this once", .handle = add,
     .takes = "endpoint_wish", .gives = "endpoint_made", .status = "201 409"},
    {METHOD_PATCH, "/api/v1/endpoints/{id}", "keys.write", "Changes an endpoint", .handle = change,
     .takes = "endpoint_change", .gives = "endpoint_state", .status = "409"},
    {METHOD_DELETE, "/api/v1/endpoints/{id}", "keys.write", "Deletes one nothing waits for",
     .handle = drop, .status = "409"},
    {METHOD_POST, "/api/v1/endpoints/{id}/test", "keys.write", "Sends a test message now",
     .handle = test, .gives = "endpoint_tested", .status = "409"},
    {METHOD_POST, "/api/v1/endpoints/{id}/resume", "keys.write",
     "Takes its pause off: what waits is due", .handle = resume, .gives = "endpoint_state"},
};
const page page_endpoints = {
    .name = "endpoints", .title = "Endpoints", .routes = routes, .routes_n = COUNT(routes)};
