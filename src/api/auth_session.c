/* auth_session.c - cookies and sessions: begun at sign-in, found again at each request, ended. */
#include "api/auth_int.h"
#include "api/secret.h"
#include "api/status.h"

/* __Host-: the browser takes it only over https, from this host, for every path.  Over plain http it
** would not be taken at all, so there the name is plain. */
static const char *cookie_name(const http_request *r) {
    return r->secure ? "__Host-heed" : "heed";
}

void session_cookie(http_request *r, arena *a, str text) {
    const char *tail =
        r->secure ? "; Path=/; HttpOnly; SameSite=Lax; Secure" : "; Path=/; HttpOnly; SameSite=Lax";
    if (text.p)
        http_add(r, "Set-Cookie",
                 arena_fmt(a, "%s=%.*s%s; Max-Age=%" PRId64, cookie_name(r), STR_ARG(text), tail,
                           LIMIT_SESSION_MS / SECOND_MS));
    else
        http_add(r, "Set-Cookie", arena_fmt(a, "%s=%s; Max-Age=0", cookie_name(r), tail));
}

static str cookie_in(str list, str name) {
    str one, key, text;
    while (list.n) {
        if (!str_cut(list, ';', &one, &list)) one = list, list = NO_STR;
        if (str_cut(str_trim(one), '=', &key, &text) && str_eq(key, name)) return text;
    }
    return NO_STR;
}

str session_token(const http_request *r) {
    for (size_t i = 0; i < r->fields_n; i++) {
        if (!str_eq_nocase(r->fields[i].name, S("cookie"))) continue;
        str found = cookie_in(r->fields[i].value, str_of(cookie_name(r)));
        if (found.n == SECRET_CHARS) return found;
    }
    return NO_STR;
}

static bool is_loopback_host(str host) {
    static const char *const names[] = {"127.0.0.1", "localhost", "[::1]"};
    for (size_t i = 0; i < COUNT(names); i++) {
        str name = str_of(names[i]), port = str_from(host, name.n);
        if (str_eq_nocase(str_head(host, name.n), name) && (!port.n || port.p[0] == ':'))
            return true;
    }
    return false;
}

bool connection_safe(const auth *u, http_request *r) {
    bool local = str_eq(r->client, S("unix")) || str_starts(r->client, S("127.")) ||
                 str_eq(r->client, S("::1"));
    if (r->secure || local || is_loopback_host(r->host) || u->plain_http) return true;
    status_problem(
        r, 403,
        "a password would travel open over http: put a reverse proxy with https in front, named "
        "by --trust, or start with --plain-http in a network you trust");
    return false;
}

/* ---- sessions ---- */

bool sessions_end(store *s, arena *a, i64 user_id, i64 but_id, err *e) {
    store_query q = {.field = "user_id", .num = user_id};
    void *recs;
    size_t n;
    if (!store_list(s, a, &noun_session, &q, &recs, &n, e)) return false;
    for (size_t i = 0; i < n; i++) {
        const session *one = &((session *)recs)[i];
        if (one->id != but_id && !store_delete(s, &noun_session, one->id, e)) return false;
    }
    return true;
}

static bool over(const session *s, i64 now_ms) {
    return now_ms >= s->expires_at || now_ms - s->used_at >= LIMIT_SESSION_IDLE_MS;
}

static bool end_one(store *s, arena *a, str text, err *e) {
    session old;
    bool found = false;
    if (!text.n) return true;
    if (!find_maybe(s, a, &noun_session, secret_hash(a, text), &old, &found, e)) return false;
    return !found || store_delete(s, &noun_session, old.id, e);
}

/* Sessions that are over go when their user signs in: nobody keeps more than a week of them. */
static bool sweep(store *s, arena *a, i64 user_id, i64 now_ms, err *e) {
    store_query q = {.field = "user_id", .num = user_id};
    void *recs;
    size_t n;
    if (!store_list(s, a, &noun_session, &q, &recs, &n, e)) return false;
    for (size_t i = 0; i < n; i++) {
        const session *one = &((session *)recs)[i];
        if (over(one, now_ms) && !store_delete(s, &noun_session, one->id, e)) return false;
    }
    return true;
}

typedef struct {
    auth *u;
    store *s;
    const user *rec;
    str old;
    signed_in *out;
} start;

static bool start_job(arena *a, void *ctx, err *e) {
    start *c = ctx;
    store *s = c->s;
    i64 now = c->u->w->now_ms(c->u->w);
    session rec;
    noun_init(&noun_session, &rec);
    rec.hash = secret_hash(a, c->out->token);
    rec.user_id = c->rec->id;
    rec.used_at = now;
    rec.expires_at = now + LIMIT_SESSION_MS;
    if (!end_one(s, a, c->old, e) || !sweep(s, a, c->rec->id, now, e) ||
        !store_put(s, &noun_session, &rec, e) || !who_of_user(s, a, c->rec, &c->out->w, e))
        return false;
    c->out->w.session_id = rec.id;
    return audit_put(s, a, now, c->out->w.actor, S("sign-in"), S("user"), c->rec->id, NO_STR, e);
}

bool session_start(auth *u, arena *a, http_request *r, const user *rec, signed_in *out, err *e) {
    start c = {u, NULL, rec, session_token(r), out};
    *out = (signed_in){.token = secret_make(a)};
    if (!auth_change(u, a, S("system"), start_job, &c, e)) return false;
    out->w.csrf = secret_derive(a, out->token, S("csrf"));
    return true;
}

typedef struct {
    auth *u;
    store *s;
    str token;
    who *out;
    session rec; /* to be written, unless its id is 0 */
} resume;

static bool resume_job(arena *a, void *ctx, err *e) {
    resume *c = ctx;
    session rec;
    user owner;
    bool found;
    i64 now = c->u->w->now_ms(c->u->w);
    *c->out = who_nobody;
    if (!find_maybe(c->s, a, &noun_session, secret_hash(a, c->token), &rec, &found, e))
        return false;
    if (!found) return true;
    c->rec = rec;
    if (over(&rec, now)) {
        c->rec.expires_at = rec.created_at; /* for good, whatever the clock does */
        return true;
    }
    if (!store_get(c->s, a, &noun_user, rec.user_id, &owner, e)) return false;
    if (!owner.enabled) return true;
    if (!who_of_user(c->s, a, &owner, c->out, e)) return false;
    c->out->session_id = rec.id;
    if (now - rec.used_at >= MINUTE_MS)
        c->rec.used_at = now;
    else
        c->rec.id = 0;
    return true;
}

bool session_resume(auth *u, arena *a, str text, who *out, err *e) {
    resume c = {.u = u, .token = text, .out = out};
    if (!auth_locked(u, a, resume_job, &c, e)) return false;
    /* The last use is kept to the minute: not every request writes. */
    if (c.rec.id) auth_touch(u, &noun_session, &c.rec);
    if (out->kind == WHO_USER) out->csrf = secret_derive(a, text, S("csrf"));
    return true;
}

typedef struct {
    auth *u;
    store *s;
    const who *w;
} ending;

static bool end_job(arena *a, void *ctx, err *e) {
    const ending *c = ctx;
    store *s = c->s;
    return store_delete(s, &noun_session, c->w->session_id, e) &&
           audit_put(s, a, c->u->w->now_ms(c->u->w), c->w->actor, S("sign-out"), S("user"),
                     c->w->id, NO_STR, e);
}

bool session_end(auth *u, arena *a, const who *w, err *e) {
    ending c = {u, NULL, w};
    check(w->session_id);
    return auth_change(u, a, w->actor, end_job, &c, e);
}

/* ---- the document ---- */

typedef struct {
    store *s;
    tally *t;
    i64 signals, newest_ms;
} heard_so_far;

static bool see_newest(void *ctx, const signal *sig, const insight *ins, err *e) {
    (void)ins, (void)e;
    ((heard_so_far *)ctx)->newest_ms = sig->row.occurred_at;
    return true;
}

static bool count_job(arena *a, void *ctx, err *e) {
    heard_so_far *h = ctx;
    i64 *ids;
    size_t n;
    h->signals = store_signal_count(h->s);
    if (!h->t) return true;
    if (!tally_rows(h->t, a, NULL, 0, 1, &ids, &n, e)) return false;
    return store_scan_ids(h->s, ids, n, see_newest, h, e);
}

static void print_user(json_out *j, const who *w, const user *u) {
    json_key(j, S("user"));
    json_object(j);
    json_key(j, S("id"));
    json_int(j, u->id);
    json_key(j, S("name"));
    json_text(j, u->name);
    json_key(j, S("title"));
    json_text(j, u->title);
    json_key(j, S("role"));
    json_text(j, u->role);
    json_key(j, S("department_id"));
    json_int(j, u->department_id);
    json_end_object(j);
    json_key(j, S("rights"));
    json_array(j);
    for (size_t i = 0; i < w->rights_n; i++) json_text(j, w->rights[i]);
    json_end_array(j);
    json_key(j, S("csrf"));
    json_text(j, w->csrf);
}

typedef struct {
    auth *u;
    store *s;
    const who *w;
    user rec;
    bool second;
} owner_job;

static bool get_owner(arena *a, void *ctx, err *e) {
    owner_job *o = ctx;
    store_query q = {.field = "user_id", .num = o->w->id};
    void *recs;
    size_t n;
    if (!store_get(o->s, a, &noun_user, o->w->id, &o->rec, e) ||
        !store_list(o->s, a, &noun_totp, &q, &recs, &n, e))
        return false;
    o->second = n && ((totp *)recs)[0].confirmed_at != NONE;
    return true;
}

bool session_reply(api *x, arena *a, http_request *r, int status, const who *w, err *e) {
    owner_job o = {.u = x->auth, .w = w};
    heard_so_far h = {.t = x->t, .newest_ms = NONE};
    if (!auth_locked(x->auth, a, get_owner, &o, e)) return false;
    if (x->s) {
        if (!place_take(x, &h.s, e)) return false;
        bool ok = job_run_in(a, count_job, &h, e);
        place_give(x, h.s);
        if (!ok) return false;
    }
    buf b = {.a = a};
    json_out j = json_to(&b);
    json_object(&j);
    print_user(&j, w, &o.rec);
    json_key(&j, S("totp"));
    json_bool(&j, o.second);
    json_key(&j, S("store"));
    json_object(&j);
    json_key(&j, S("signals"));
    json_int(&j, h.signals);
    json_key(&j, S("newest"));
    json_text(&j, h.newest_ms == NONE ? NO_STR : time_print(a, h.newest_ms));
    json_end_object(&j);
    json_key(&j, S("version"));
    json_text(&j, S(HEED_VERSION));
    json_end_object(&j);
    http_add(r, "Cache-Control", S("no-store"));
    http_reply(r, status, S("application/json"), buf_view(&b));
    return true;
}

str json_take_text(json *object, str key) {
    str found = NO_STR;
    for (json **at = &object->first; *at;) {
        if (str_eq((*at)->key, key)) {
            found = (*at)->kind == JSON_TEXT ? (*at)->text : NO_STR;
            *at = (*at)->next;
            object->n--;
        } else {
            at = &(*at)->next;
        }
    }
    return found;
}
