/* session.c - signing in and out; one's own password and second factor. */
#include "api/ask.h"
#include "api/auth_int.h"
#include "api/secret.h"
#include "api/status.h"
#include "api/totp.h"

enum { RECOVERY_CODES = 10, RECOVERY_CHARS = 12 };

static bool may_try(api *x, arena *a, asked *v) {
    return pace_ok(x->auth, v->http, &x->auth->per_sign_in, client_network(a, v->http->client));
}

static bool sign_in(api *x, arena *a, asked *v, err *e) {
    json *body;
    user rec;
    signed_in in;
    bool done;
    if (!x->auth) return fail(e, BUSY, "nobody can sign in here: the server runs without a store");
    if (!may_try(x, a, v)) return true;
    if (!body_json(a, v, &body, e)) return false;
    proof p = {.name = json_get_text(body, S("name")),
               .password = json_get_text(body, S("password")),
               .code = json_get_text(body, S("totp"))};
    if (!proof_check(x->auth, a, v->http, &p, &rec, &done, e)) return false;
    if (!done) return true;
    if (!session_start(x->auth, a, v->http, &rec, &in, e)) return false;
    session_cookie(v->http, a, in.token);
    return session_reply(x, a, v->http, 201, &in.w, e);
}

static bool whoami(api *x, arena *a, asked *v, err *e) {
    return session_reply(x, a, v->http, 200, v->who, e);
}

static bool sign_out(api *x, arena *a, asked *v, err *e) {
    if (!session_end(x->auth, a, v->who, e)) return false;
    session_cookie(v->http, a, NO_STR);
    http_add_replace(v->http, "Clear-Site-Data", S("\"cache\", \"storage\""));
    http_reply(v->http, 204, NO_STR, S(""));
    return true;
}

/* Who changes what protects them shows once more that it is they. */
static bool prove_again(api *x, arena *a, asked *v, const json *body, const char *key, user *rec,
                        bool *done, err *e) {
    proof p = {.name = v->who->name,
               .password = json_get_text(body, str_of(key)),
               .code = json_get_text(body, S("totp"))};
    *done = false;
    if (!may_try(x, a, v)) return true;
    return proof_check(x->auth, a, v->http, &p, rec, done, e);
}

typedef struct {
    auth *u;
    store *s;
    const who *w;
    user rec;
} own_change;

static bool password_job(arena *a, void *ctx, err *e) {
    own_change *c = ctx;
    return user_put(c->s, a, &c->rec, false, e) &&
           sessions_end(c->s, a, c->rec.id, c->w->session_id, e) &&
           audit_put(c->s, a, c->u->w->now_ms(c->u->w), c->w->actor, S("password"), S("user"),
                     c->rec.id, NO_STR, e);
}

static bool change_password(api *x, arena *a, asked *v, err *e) {
    json *body;
    bool done;
    own_change c = {.u = x->auth, .w = v->who};
    if (!body_json(a, v, &body, e)) return false;
    str fresh = json_get_text(body, S("new"));
    if (!password_fits(v->who->name, fresh, e)) return false;
    if (!prove_again(x, a, v, body, "old", &c.rec, &done, e)) return false;
    if (!done) return true;
    if (!password_hash(x->auth, a, fresh, &c.rec.password, e) ||
        !auth_change(x->auth, a, v->who->actor, password_job, &c, e))
        return false;
    http_reply(v->http, 204, NO_STR, S(""));
    return true;
}

/* ---- the second factor ---- */

typedef struct {
    auth *u;
    store *s;
    const who *w;
    str secret, code, recovery; /* recovery: hashes */
    bool right;
} factor;

static bool own_factor(store *s, arena *a, const who *w, totp *out, err *e) {
    store_query q = {.field = "user_id", .num = w->id};
    void *recs;
    size_t n;
    if (!store_list(s, a, &noun_totp, &q, &recs, &n, e)) return false;
    noun_init(&noun_totp, out);
    out->user_id = w->id;
    if (n) *out = *(totp *)recs;
    return true;
}

static bool begin_job(arena *a, void *ctx, err *e) {
    factor *f = ctx;
    totp t;
    if (!own_factor(f->s, a, f->w, &t, e)) return false;
    if (t.confirmed_at != NONE)
        return fail(e, CONFLICT, "a second factor is on already; switch it off first");
    if (!store_seal(f->s, a, f->secret, f->w->id, &t.secret, e)) return false;
    return store_put(f->s, &noun_totp, &t, e);
}

static bool begin_factor(api *x, arena *a, asked *v, err *e) {
    json *body;
    user rec;
    bool done;
    if (!body_json(a, v, &body, e) || !prove_again(x, a, v, body, "password", &rec, &done, e))
        return false;
    if (!done) return true;
    factor f = {.u = x->auth, .w = v->who, .secret = totp_secret_make(a)};
    if (!auth_change(x->auth, a, v->who->actor, begin_job, &f, e)) return false;
    buf b = {.a = a};
    json_out j = json_to(&b);
    json_object(&j);
    put_text(&j, "secret", f.secret);
    put_text(&j, "uri", totp_uri(a, v->who->name, f.secret));
    json_end_object(&j);
    reply_json(v, 200, &b);
    return true;
}

static bool confirm_job(arena *a, void *ctx, err *e) {
    factor *f = ctx;
    totp t;
    i64 now = f->u->w->now_ms(f->u->w), step = NONE;
    if (!own_factor(f->s, a, f->w, &t, e)) return false;
    if (!t.id || t.confirmed_at != NONE)
        return fail(e, CONFLICT,
                    "there is nothing to confirm: begin with POST /api/v1/session/totp");
    str secret;
    if (!store_unseal(f->s, a, t.secret, f->w->id, &secret, e)) return false;
    f->right = totp_right(a, secret, f->code, now, NONE, &step);
    if (!f->right) return true;
    t.confirmed_at = now;
    t.last_step = step;
    t.recovery = f->recovery;
    return store_put(f->s, &noun_totp, &t, e) &&
           audit_put(f->s, a, now, f->w->actor, S("second factor on"), S("user"), f->w->id, NO_STR,
                     e);
}

/* 71 bits each: a hash without salt is enough. */
static str recovery_make(arena *a, json_out *j) {
    buf hashes = {.a = a};
    json_key(j, S("recovery"));
    json_array(j);
    for (size_t i = 0; i < RECOVERY_CODES; i++) {
        str code = str_head(secret_make(a), RECOVERY_CHARS);
        json_text(j, code);
        buf_fmt(&hashes, "%s%.32s", i ? " " : "", secret_hash(a, code).p);
    }
    json_end_array(j);
    return buf_view(&hashes);
}

static bool confirm_factor(api *x, arena *a, asked *v, err *e) {
    json *body;
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!may_try(x, a, v)) return true;
    if (!body_json(a, v, &body, e)) return false;
    json_object(&j);
    factor f = {.u = x->auth,
                .w = v->who,
                .code = json_get_text(body, S("code")),
                .recovery = recovery_make(a, &j)};
    json_end_object(&j);
    if (!auth_change(x->auth, a, v->who->actor, confirm_job, &f, e)) return false;
    if (f.right)
        reply_json(v, 200, &b);
    else
        status_named(v->http, 403, "totp", "the code is wrong; is the telephone's clock right?");
    return true;
}

static bool off_job(arena *a, void *ctx, err *e) {
    factor *f = ctx;
    totp t;
    if (!own_factor(f->s, a, f->w, &t, e)) return false;
    if (!t.id) return true;
    return store_delete(f->s, &noun_totp, t.id, e) &&
           audit_put(f->s, a, f->u->w->now_ms(f->u->w), f->w->actor, S("second factor off"),
                     S("user"), f->w->id, NO_STR, e);
}

static bool drop_factor(api *x, arena *a, asked *v, err *e) {
    json *body;
    user rec;
    bool done;
    factor f = {.u = x->auth, .w = v->who};
    if (!body_json(a, v, &body, e) || !prove_again(x, a, v, body, "password", &rec, &done, e))
        return false;
    if (!done) return true;
    if (!auth_change(x->auth, a, v->who->actor, off_job, &f, e)) return false;
    http_reply(v->http, 204, NO_STR, S(""));
    return true;
}

static const route routes[] = {
    {METHOD_POST, "/api/v1/session", "public", "Signs in", .handle = sign_in, .takes = "sign_in",
     .gives = "session", .status = "201 401 403", .body_max = LIMIT_AUTH_BODY_BYTES},
    {METHOD_GET, "/api/v1/session", "session", "Who is signed in, and what they may",
     .handle = whoami, .gives = "session"},
    {METHOD_DELETE, "/api/v1/session", "session", "Signs out", .handle = sign_out},
    {METHOD_POST, "/api/v1/session/password", "session",
     "A new password; all other sessions of this user end", .handle = change_password,
     .takes = "password_wish", .body_max = LIMIT_AUTH_BODY_BYTES},
    {METHOD_POST, "/api/v1/session/totp", "session", "Begins a second factor: its secret",
     .handle = begin_factor, .takes = "proof", .gives = "factor", .status = "409",
     .body_max = LIMIT_AUTH_BODY_BYTES},
    {METHOD_POST, "/api/v1/session/totp/confirm", "session",
     "Switches the second factor on with its first code; gives recovery codes, once",
     .handle = confirm_factor, .takes = "factor_code", .gives = "recovery", .status = "409",
     .body_max = LIMIT_AUTH_BODY_BYTES},
    {METHOD_POST, "/api/v1/session/totp/off", "session", "Switches the second factor off",
     .handle = drop_factor, .takes = "proof", .body_max = LIMIT_AUTH_BODY_BYTES},
};
const page page_session = {
    .name = "session", .title = "Signing in", .routes = routes, .routes_n = COUNT(routes)};
