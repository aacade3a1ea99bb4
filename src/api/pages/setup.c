/* setup.c - the first start: a link that works once makes the first administrator. */
#include "api/ask.h"
#include "api/auth_int.h"
#include "api/secret.h"
#include "api/status.h"

typedef struct {
    auth *u;
    store *s;
    i64 users;
} counting;

static bool count_job(arena *a, void *ctx, err *e) {
    counting *c = ctx;
    (void)a;
    return store_count(c->s, &noun_user, NULL, &c->users, e);
}

static bool is_needed(api *x, bool *out, arena *a, err *e) {
    counting c = {.u = x->auth};
    *out = false;
    if (!x->auth) return true;
    if (!auth_locked(x->auth, a, count_job, &c, e)) return false;
    *out = c.users == 0;
    return true;
}

static bool needed(api *x, arena *a, asked *v, err *e) {
    bool yes;
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!is_needed(x, &yes, a, e)) return false;
    json_object(&j);
    json_key(&j, S("needed"));
    json_bool(&j, yes);
    json_end_object(&j);
    reply_json(v, 200, &b);
    return true;
}

typedef struct {
    auth *u;
    store *s;
    str given;
    user rec;
    bool only_look, right; /* right: out */
} opening;

/* Looked at before the password is hashed, and again with the user written in one transaction: of two
** who open the link at once, one becomes the administrator. */
static bool open_job(arena *a, void *ctx, err *e) {
    opening *o = ctx;
    store *s = o->s;
    token link;
    i64 users = 0;
    bool found;
    o->right = false;
    if (!store_count(s, &noun_user, NULL, &users, e) ||
        !find_maybe(s, a, &noun_token, secret_hash(a, o->given), &link, &found, e))
        return false;
    o->right = found && users == 0 && str_eq(link.purpose, S("setup")) &&
               o->u->w->now_ms(o->u->w) < link.expires_at;
    if (!o->right || o->only_look) return true;
    return user_put(s, a, &o->rec, false, e) && store_delete(s, &noun_token, link.id, e);
}

static bool refuse(asked *v) {
    status_named(
        v->http, 403, "setup",
        "this link was used or is too old; start `heed serve` again for a new one, if nobody "
        "has signed in yet");
    return true;
}

static bool make_first(api *x, arena *a, asked *v, const json *body, err *e) {
    auth *u = x->auth;
    signed_in in;
    opening o = {.u = u, .given = json_get_text(body, S("token")), .only_look = true};
    str password = json_get_text(body, S("password"));
    noun_init(&noun_user, &o.rec);
    o.rec.name = json_get_text(body, S("name"));
    o.rec.title = json_get_text(body, S("title"));
    o.rec.role = S("admin");
    o.rec.enabled = 1;
    if (o.given.n != SECRET_CHARS) return refuse(v);
    if (!auth_locked(u, a, open_job, &o, e)) return false;
    if (!o.right) return refuse(v);
    if (!password_fits(o.rec.name, password, e) ||
        !password_hash(u, a, password, &o.rec.password, e))
        return false;
    o.only_look = false;
    if (!auth_change(u, a, S("setup link"), open_job, &o, e)) return false;
    if (!o.right) return refuse(v);
    if (!session_start(u, a, v->http, &o.rec, &in, e)) return false;
    session_cookie(v->http, a, in.token);
    return session_reply(x, a, v->http, 201, &in.w, e);
}

static bool first(api *x, arena *a, asked *v, err *e) {
    json *body;
    if (!x->auth) return refuse(v);
    if (!pace_ok(x->auth, v->http, &x->auth->per_sign_in, client_network(a, v->http->client)) ||
        !connection_safe(x->auth, v->http))
        return true;
    return body_json(a, v, &body, e) && make_first(x, a, v, body, e);
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/setup", "public", "Is there nobody who can sign in yet?",
     .handle = needed, .gives = "setup_state"},
    {METHOD_POST, "/api/v1/setup", "public", "Makes the first administrator", .handle = first,
     .takes = "setup_wish", .gives = "session", .status = "201 403",
     .body_max = LIMIT_AUTH_BODY_BYTES},
};
const page page_setup = {
    .name = "setup", .title = "First start", .routes = routes, .routes_n = COUNT(routes)};
