/* gate.c - credentials, forged requests, rights, pace; rows in the path. */
#include <sodium.h>
#include "api/auth_int.h"
#include "api/gate.h"
#include "api/secret.h"
#include "api/status.h"

/* For answers that are no pages: nothing in them is run or framed.  The page of the web page (pages/ui.c)
** replaces the first by its own. */
static const struct {
    const char *name;
    const char *value;
} guards[] = {
    {"Content-Security-Policy",
     "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"},
};

void gate_guards(http_request *r) {
    for (size_t i = 0; i < COUNT(guards); i++) http_add(r, guards[i].name, str_of(guards[i].value));
    if (r->secure) http_add(r, "Strict-Transport-Security", S("max-age=31536000"));
}

bool scope_known(str scope) {
    return str_eq(scope, S("public")) || str_eq(scope, S("session")) || str_eq(scope, S("any")) ||
           right_known(scope);
}

/* ---- rights ---- */

static bool has_word(str list, str word) {
    str one;
    while (list.n) {
        if (!str_cut(list, ' ', &one, &list)) one = list, list = NO_STR;
        if (str_eq(one, word)) return true;
    }
    return false;
}

/* Who may write may read, for people; a key that sends signals from a web page must not read any. */
static void take_rights(arena *a, who *w, str words) {
    str *out = NEW_N(a, str, rights_known_n);
    for (size_t i = 0; i < rights_known_n; i++) {
        str right = str_of(rights_known[i]), noun_part, verb;
        bool has = has_word(words, right);
        if (!has && w->kind == WHO_USER && str_cut(right, '.', &noun_part, &verb) &&
            str_eq(verb, S("read")))
            has = has_word(words, arena_fmt(a, "%.*s.write", STR_ARG(noun_part)));
        if (has) out[w->rights_n++] = right;
    }
    w->rights = out;
}

static bool is_listed(const i64 *ids, size_t n, i64 id) {
    for (size_t i = 0; i < n; i++)
        if (ids[i] == id) return true;
    return false;
}

/* A department and all under it.  Each round adds what hangs on what is known: loops end too. */
static bool take_departments(store *s, arena *a, who *w, i64 top, err *e) {
    store_query q = {0};
    void *recs;
    size_t n, had;
    if (top == NONE) return true;
    if (!store_list(s, a, &noun_department, &q, &recs, &n, e)) return false;
    i64 *ids = NEW_N(a, i64, n + 1);
    str *names = NEW_N(a, str, n + 1);
    do {
        had = w->departments_n;
        for (size_t i = 0; i < n; i++) {
            const department *d = &((department *)recs)[i];
            bool under = d->id == top || is_listed(ids, w->departments_n, d->parent_id);
            if (!under || is_listed(ids, w->departments_n, d->id)) continue;
            ids[w->departments_n] = d->id;
            names[w->departments_n++] = d->name;
        }
    } while (w->departments_n > had);
    w->departments = names;
    return true;
}

bool who_of_user(store *s, arena *a, const user *rec, who *out, err *e) {
    role r;
    bool found;
    who w = {.kind = WHO_USER, .id = rec->id, .name = rec->name};
    if (!find_maybe(s, a, &noun_role, rec->role, &r, &found, e)) return false;
    w.actor = arena_fmt(a, "user:%.*s", STR_ARG(rec->name));
    take_rights(a, &w, found ? r.rights : S(""));
    w.scoped = rec->department_id != NONE || str_eq(rec->role, S("frontline"));
    if (w.scoped && !take_departments(s, a, &w, rec->department_id, e)) return false;
    *out = w;
    return true;
}

void who_of_key(arena *a, const api_key *rec, who *out) {
    *out = (who){.kind = WHO_KEY, .id = rec->id, .name = rec->name};
    out->actor = arena_fmt(a, "key:%.*s", STR_ARG(rec->name));
    take_rights(a, out, rec->scopes);
}

/* ---- credentials ---- */

/* Bearer KEY, or Basic with the key as the name (what Segment's libraries send). */
str key_given(const http_request *r, arena *a) {
    str kind, rest = http_get(r, "authorization");
    u8 plain[200];
    size_t n;
    if (!str_cut(rest, ' ', &kind, &rest)) return NO_STR;
    rest = str_trim(rest);
    if (str_eq_nocase(kind, S("bearer"))) return rest;
    if (!str_eq_nocase(kind, S("basic"))) return NO_STR;
    if (sodium_base642bin(plain, sizeof plain, rest.p, rest.n, NULL, &n, NULL,
                          sodium_base64_VARIANT_ORIGINAL))
        return S("");
    str pair = arena_str(a, (str){(const char *)plain, n}), name, password;
    return str_cut(pair, ':', &name, &password) ? name : pair;
}

typedef struct {
    auth *u;
    store *s;
    str given;
    who *out;
    api_key rec; /* to be written, unless its id is 0 */
} keyed;

static bool key_job(arena *a, void *ctx, err *e) {
    keyed *k = ctx;
    api_key rec;
    bool found;
    i64 now = k->u->w->now_ms(k->u->w);
    if (!find_maybe(k->s, a, &noun_key, secret_hash(a, k->given), &rec, &found, e)) return false;
    if (!found || (rec.expires_at != NONE && rec.expires_at <= now)) return true;
    who_of_key(a, &rec, k->out);
    if (rec.used_at != NONE && now - rec.used_at < MINUTE_MS) return true;
    k->rec = rec;
    k->rec.used_at = now;
    return true;
}

static bool find_key(auth *u, arena *a, str given, who *out, err *e) {
    keyed k = {.u = u, .given = given, .out = out};
    if (!key_whole(given)) return true;
    if (!auth_locked(u, a, key_job, &k, e)) return false;
    if (k.rec.id) auth_touch(u, &noun_key, &k.rec);
    return true;
}

static bool find_who(auth *u, arena *a, asked *v, who *out, err *e) {
    str given = key_given(v->http, a);
    *out = who_nobody;
    /* a key beside a cookie: the key counts, the cookie does not */
    if (given.p) return find_key(u, a, given, out, e);
    str cookie = session_token(v->http);
    return !cookie.p || session_resume(u, a, cookie, out, e);
}

/* ---- forged requests ---- */

static bool changes(http_method m) {
    return m != METHOD_GET && m != METHOD_HEAD && m != METHOD_OPTIONS;
}

/* A browser says where a request was made.  Silence is a program's, not a page's. */
static bool from_our_page(const http_request *r) {
    str site = http_get(r, "sec-fetch-site"), origin = http_get(r, "origin");
    if (site.p) return str_eq(site, S("same-origin")) || str_eq(site, S("none"));
    if (!origin.p) return true;
    ptrdiff_t at = str_find(origin, S("://"));
    return at > 0 && str_eq_nocase(str_from(origin, (size_t)at + 3), r->host);
}

static bool forged(const who *w, http_request *r) {
    if (!changes(r->method) || w->kind == WHO_KEY) return false;
    if (!from_our_page(r)) {
        status_named(r, 403, "origin", "this request was made by a page of another site");
        return true;
    }
    if (w->kind == WHO_USER && !secret_same(http_get(r, "x-heed-csrf"), w->csrf)) {
        status_named(
            r, 403, "csrf",
            "the field X-Heed-CSRF must hold the value of csrf that GET /api/v1/session gives");
        return true;
    }
    return false;
}

/* ---- pace ---- */

bool pace_ok(auth *u, http_request *r, const rate_class *c, str client) {
    rate_left left;
    char text[120];
    bool ok = rates_take(u->rates, c, client, u->w->now_ms(u->w), &left);
    if (!c->window_ms) return true;
    i64 wait_s = (left.wait_ms + SECOND_MS - 1) / SECOND_MS;
    snprintf(text, sizeof text, "\"%s\";q=%" PRId64 ";w=%" PRId64, c->name, c->burst,
             c->window_ms / SECOND_MS);
    http_add_replace(r, "RateLimit-Policy", str_of(text));
    snprintf(text, sizeof text, "\"%s\";r=%" PRId64 ";t=%" PRId64, c->name, left.left, wait_s);
    http_add_replace(r, "RateLimit", str_of(text));
    if (ok) return true;
    /* Segment's libraries (before 2.3) do not read Retry-After but this, in ms since 1970 */
    snprintf(text, sizeof text, "%" PRId64, u->w->now_ms(u->w) + wait_s * SECOND_MS);
    http_add_replace(r, "X-RateLimit-Reset", str_of(text));
    status_later(r, 429, "too many requests; the field Retry-After says how long to wait", wait_s);
    return false;
}

static bool pace(auth *u, arena *a, const who *w, http_request *r) {
    char id[24];
    snprintf(id, sizeof id, "%" PRId64, w->id);
    switch (w->kind) {
    case WHO_NOBODY:
        return pace_ok(u, r, &u->per_address, client_network(a, r->client));
    case WHO_USER:
        return pace_ok(u, r, &u->per_user, str_of(id));
    case WHO_KEY:
        return pace_ok(u, r, &u->per_key, str_of(id));
    }
    check(w->kind == WHO_NOBODY); /* all kinds are above */
    return false;
}

/* ---- a key in the body ---- */

/* Strangers send it: no more than LIMIT_HTTP_BODY_BYTES, and not faster than strangers may ask; who turns
** out to have a key is no stranger.  *go_out false: that was too fast, and was answered.  A body that is
** no JSON names nobody. */
static bool find_write_key(auth *u, arena *a, asked *v, who *out, bool *go_out, err *e) {
    json *doc;
    err why;
    str network = client_network(a, v->http->client);
    *go_out = pace_ok(u, v->http, &u->per_address, network);
    if (!*go_out) return true;
    if (!http_body_all(v->http, a, (size_t)LIMIT_HTTP_BODY_BYTES, &v->body, e)) return false;
    if (!json_read(a, v->body, &doc, &why)) return true;
    str given = json_get_text(doc, S("writeKey"));
    if (given.n && !find_key(u, a, given, out, e)) return false;
    if (out->kind != WHO_NOBODY) rates_give(u->rates, &u->per_address, network, u->w->now_ms(u->w));
    return true;
}

/* ---- rights and rows ---- */

static bool allowed(const route *at, const who *w, http_request *r) {
    str scope = str_of(at->scope);
    if (w->kind == WHO_NOBODY) {
        http_add(r, "WWW-Authenticate", S("Bearer realm=\"heed\""));
        status_problem(r, 401, "please sign in, or send a key: Authorization: Bearer heed_key_...");
        return false;
    }
    if (str_eq(scope, S("any"))) return true;
    if (str_eq(scope, S("session"))) {
        if (w->kind == WHO_USER) return true;
        status_problem(r, 403, "this is for people who have signed in, not for keys");
        return false;
    }
    if (who_may(w, scope)) return true;
    char text[120];
    snprintf(text, sizeof text, "this needs the right %s, which your %s does not have", at->scope,
             w->kind == WHO_KEY ? "key" : "role");
    status_problem(r, 403, text);
    return false;
}

typedef struct {
    auth *u;
    store *s;
    const who *w;
    i64 id;
    bool sees;
} looked;

static bool see_signal(void *ctx, const signal *sig, const insight *ins, err *e) {
    looked *l = ctx;
    arena *a = arena_open(1 << 20);
    bool ok = auth_sees_signal(l->w, l->s, a, sig, ins, &l->sees, e);
    arena_close(a);
    return ok;
}

static bool ticket_job(arena *a, void *ctx, err *e) {
    looked *l = ctx;
    ticket t;
    return auth_ticket(l->w, l->s, a, l->id, &t, e);
}

static bool signal_job(arena *a, void *ctx, err *e) {
    looked *l = ctx;
    (void)a;
    if (!store_scan_ids(l->s, &l->id, 1, see_signal, l, e)) return false;
    return l->sees ? true : fail(e, NOT_FOUND, "there is no signal %" PRId64, l->id);
}

/* Handlers check too; here it cannot be forgotten. */
static bool row_in_path(auth *u, arena *a, const route *r, asked *v, err *e) {
    bool of_ticket = str_starts(str_of(r->path), S("/api/v1/tickets/{id}")),
         of_signal = str_starts(str_of(r->path), S("/api/v1/signals/{id}"));
    looked l = {.u = u, .w = v->who};
    if (!v->who->scoped || !(of_ticket || of_signal)) return true;
    if (!str_int(params_get(&v->path, "id"), &l.id)) return true; /* the handler says it better */
    return auth_locked(u, a, of_ticket ? ticket_job : signal_job, &l, e);
}

bool gate_pass(api *x, arena *a, const route *r, asked *v, bool *go_out, err *e) {
    bool public = str_eq(str_of(r->scope), S("public"));
    who *w = NEW(a, who);
    *w = who_nobody;
    v->who = w;
    *go_out = false;
    if (public && (!x || !x->auth || !changes(v->http->method))) return *go_out = true;
    if (!x || !x->auth) {
        status_problem(v->http, 401, "nobody can sign in here: the server runs without a store");
        return true;
    }
    if (!public && !find_who(x->auth, a, v, w, e)) return false;
    if (r->key_in_body && w->kind == WHO_NOBODY && !key_given(v->http, a).p) {
        bool go;
        if (!find_write_key(x->auth, a, v, w, &go, e)) return false;
        if (!go) return true;
    }
    if (!pace(x->auth, a, w, v->http) || (!public && !allowed(r, w, v->http)) || forged(w, v->http))
        return true;
    return *go_out = row_in_path(x->auth, a, r, v, e);
}
