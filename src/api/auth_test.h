/* auth_test.h - people and keys for the tests of who may what.  Requests come through a trusted proxy, so
** that a test can choose the client's address and https. */
#ifndef API_AUTH_TEST_H
#define API_AUTH_TEST_H
#include "api/auth_int.h"
#include "api/pages_test.h"
#include "flow/flow.h"

#define PASSWORD "nine white horses"

typedef struct {
    pages_house *h;
    http_server *door; /* trusts its peer */
} auth_house;

typedef struct {
    str cookie, csrf; /* NO_STR: nobody */
    reply r;
} seat;

/* No request may be under way. */
static inline void auth_again(auth_house *x, const auth_options *o) {
    err e;
    auth_close(x->h->x.auth);
    assert_ok(auth_open(str_of(x->h->path), o, &x->h->x.auth, &e));
}

static inline auth_house auth_start(void) {
    err e;
    auth_house x = {.h = pages_open()};
    str at = S("127.0.0.1:0"), trusted = S("127.0.0.0/8");
    http_options o = {.listen = &at,
                      .listen_n = 1,
                      .trusted = &trusted,
                      .trusted_n = 1,
                      .handler = api_handle,
                      .terms = api_terms,
                      .ctx = &x.h->x,
                      .w = &pages_world,
                      .workers = 4};
    assert_ok(http_server_open(&o, &x.door, &e));
    assert_ok(flow_furnish(x.h->s, &e));
    x.h->port = http_server_port(x.door);
    auth_again(&x, &(auth_options){.w = &pages_world, .plain_http = true});
    pages_key[0] = 0; /* these tests bring their own */
    return x;
}

static inline void auth_end(auth_house *x) {
    atomic_store(&pages_shift, 0);
    api_works_hush(&x->h->x);
    http_server_close(x->door);
    pages_close(x->h);
}

static inline i64 user_make(auth_house *x, const char *name, const char *role_name,
                            const char *department_name) {
    err e;
    user rec;
    noun_init(&noun_user, &rec);
    rec.name = str_of(name);
    rec.role = str_of(role_name);
    rec.enabled = 1;
    if (department_name) {
        department d;
        assert_ok(store_find(x->h->s, x->h->a, &noun_department, str_of(department_name), &d, &e));
        rec.department_id = d.id;
    }
    assert_ok(user_save(x->h->x.auth, x->h->a, S("system"), &rec, S(PASSWORD), &e));
    return rec.id;
}

static inline str key_made(auth_house *x, const char *scopes, i64 expires_at) {
    err e;
    api_key rec;
    str made;
    noun_init(&noun_key, &rec);
    rec.name = S("a key");
    rec.scopes = str_of(scopes);
    rec.expires_at = expires_at;
    assert_ok(key_save(x->h->x.auth, x->h->a, S("system"), &rec, &made, &e));
    return arena_fmt(x->h->a, "Authorization: Bearer %.*s\r\n", STR_ARG(made));
}

/* Signs in from an address; fields: further lines. */
static inline seat sit_down(auth_house *x, const char *name, const char *password, const char *code,
                            const char *address, const char *fields) {
    arena *a = x->h->a;
    seat s = {0};
    str body =
        arena_fmt(a, "{\"name\":\"%s\",\"password\":\"%s\",\"totp\":\"%s\"}", name, password, code);
    str head = arena_fmt(a, "X-Forwarded-For: %s\r\n%s", address, fields);
    s.r = talk(x->h, "POST", "/api/v1/session", head.p, body);
    if (s.r.status != 201) return s;
    str rest;
    check(str_cut(field_of(s.r, "Set-Cookie"), ';', &s.cookie, &rest));
    s.csrf = json_get_text(s.r.doc, S("csrf"));
    return s;
}

static inline seat sit(auth_house *x, const char *name) {
    seat s = sit_down(x, name, PASSWORD, "", "10.0.0.1", "");
    if (s.r.status != 201) fail_msg("%s cannot sign in: %.*s", name, STR_ARG(s.r.body));
    return s;
}

static inline reply as(auth_house *x, const seat *s, const char *method, const char *path,
                       const char *body) {
    str head = s->cookie.p ? arena_fmt(x->h->a, "Cookie: a=b; %.*s\r\nX-Heed-CSRF: %.*s\r\n",
                                       STR_ARG(s->cookie), STR_ARG(s->csrf))
                           : S("");
    return talk(x->h, method, path, head.p, str_of(body));
}
#endif
