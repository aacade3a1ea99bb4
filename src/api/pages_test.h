/* pages_test.h - a whole house for tests: a store in a folder of its own, the works, a server. */
#ifndef API_PAGES_TEST_H
#define API_PAGES_TEST_H
#include "api/http_test.h"
#include "api/works.h"
#include "base/json.h"

typedef struct {
    char dir[200], path[240];
    store *s;
    tally *t;
    api x;
    int port;
    arena *a;
} pages_house;

static atomic_ullong chances = 1; /* threads take signals in: no two names are alike */
static u64 pages_chance(world *w) {
    (void)w;
    return atomic_fetch_add(&chances, 1) * 0x9e3779b97f4a7c15u;
}
static atomic_llong pages_shift; /* tests move the clock */
static atomic_llong
    pages_still; /* where not 0, it stands: what goes by the second does not depend on ours */
static i64 pages_ms(world *w) {
    i64 still = atomic_load(&pages_still);
    return (still ? still : real_ms(w)) + atomic_load(&pages_shift);
}
__attribute__((unused)) static void pages_clock_stands(bool still) {
    atomic_store(&pages_still, still ? real_ms(NULL) : 0);
}
static world pages_world = {pages_ms, pages_chance, NULL};

/* Every request of these tests shows a key that may everything; who may what is auth_test.c's business. */
static char pages_key[120];
static inline void pages_sign(pages_house *h) {
    err e;
    api_key rec;
    str made;
    buf all = {.a = h->a};
    auth_options o = {.w = &pages_world};
    assert_ok(auth_open(str_of(h->path), &o, &h->x.auth, &e));
    for (size_t i = 0; i < rights_known_n; i++)
        buf_fmt(&all, "%s%s", i ? " " : "", rights_known[i]);
    noun_init(&noun_key, &rec);
    rec.name = S("tests");
    rec.scopes = buf_view(&all);
    assert_ok(key_save(h->x.auth, h->a, S("system"), &rec, &made, &e));
    snprintf(pages_key, sizeof pages_key, "Authorization: Bearer %.*s\r\n", STR_ARG(made));
}

static inline void pages_start(pages_house *h) {
    err e;
    str at = S("127.0.0.1:0");
    store_options so = {.w = &pages_world, .create = true};
    assert_ok(store_open(str_of(h->path), &so, &h->s, &e));
    assert_ok(tally_open(h->s, &h->t, NULL, NULL, &e));
    api_init(&h->x, &pages_world, h->s, h->t);
    pages_sign(h);
    assert_ok(api_works_open(&h->x, 1, &e));
    http_options o = {.listen = &at,
                      .listen_n = 1,
                      .handler = api_handle,
                      .terms = api_terms,
                      .ctx = &h->x,
                      .w = &pages_world,
                      .workers = 8};
    assert_ok(http_server_open(&o, &h->x.http, &e));
    h->port = http_server_port(h->x.http);
}

static inline void pages_stop(pages_house *h) {
    api_works_hush(&h->x);
    http_server_close(h->x.http);
    api_works_close(&h->x);
    auth_close(h->x.auth);
    api_clear(&h->x);
    tally_close(h->t);
    store_close(h->s);
}

static inline pages_house *pages_open(void) {
    pages_house *h = mem_new(1, sizeof *h);
    const char *tmp = getenv("TMPDIR");
    snprintf(h->dir, sizeof h->dir, "%s/heed-api-XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(h->dir));
    snprintf(h->path, sizeof h->path, "%s/heed.db", h->dir);
    h->a = arena_open((size_t)256 << 20);
    pages_start(h);
    return h;
}

static inline void pages_close(pages_house *h) {
    char z[260];
    pages_stop(h);
    snprintf(z, sizeof z, "rm -rf '%s'", h->dir);
    assert_int_equal(system(z), 0);
    arena_close(h->a);
    free(h);
}

typedef struct {
    int status;
    str head, body;
    json *doc; /* NULL when it is no JSON */
} reply;

static inline str plain_body(arena *a, str head, str body) {
    if (str_find(head, S("Transfer-Encoding: chunked")) < 0) return body;
    buf b = {.a = a};
    for (str line; body.n;) {
        str_line(&body, &line);
        char z[20];
        snprintf(z, sizeof z, "%.*s", (int)MIN(line.n, 18), line.p);
        size_t n = strtoul(z, NULL, 16);
        if (!n || n > body.n) break;
        buf_str(&b, str_head(body, n));
        body = str_from(body, n + 2);
    }
    return buf_view(&b);
}

/* fields: further lines of the head, each with \r\n; body NO_STR: none.  Text lives in a; any thread. */
static inline reply talk_in(arena *a, int port, const char *method, const char *path,
                            const char *fields, str body) {
    err e;
    size_t cap = (size_t)4 << 20;
    char *to = arena_alloc(a, cap);
    buf q = {.a = a};
    buf_fmt(&q, "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s%s", method, path, pages_key,
            fields);
    if (body.p) buf_fmt(&q, "Content-Length: %zu\r\n", body.n);
    buf_str(&q, S("\r\n"));
    buf_str(&q, body);
    str all = ask(port, buf_view(&q), to, cap, 30000);
    ptrdiff_t cut = str_find(all, S("\r\n\r\n"));
    if (cut < 0) fail_msg("no answer to %s %s: %.*s", method, path, STR_ARG(all));
    reply r = {.head = str_head(all, (size_t)cut + 2)};
    r.status = (int)strtol(r.head.p + 9, NULL, 10);
    r.body = plain_body(a, r.head, str_from(all, (size_t)cut + 4));
    if (!r.body.n || !json_read(a, r.body, &r.doc, &e)) r.doc = NULL;
    return r;
}

static inline reply talk(pages_house *h, const char *method, const char *path, const char *fields,
                         str body) {
    return talk_in(h->a, h->port, method, path, fields, body);
}

static inline reply get(pages_house *h, const char *path) {
    return talk(h, "GET", path, "", NO_STR);
}

static inline reply post(pages_house *h, const char *path, const char *body) {
    return talk(h, "POST", path, "Content-Type: application/json\r\n", str_of(body));
}

static inline bool says(reply r, const char *text) {
    if (str_find(r.body, str_of(text)) >= 0) return true;
    print_error("# have: %.*s\n", (int)MIN(r.body.n, 600), r.body.p);
    return false;
}

static inline void assert_status(reply r, int want) {
    if (r.status != want)
        fail_msg("status %d, want %d: %.*s", r.status, want, (int)MIN(r.body.n, 400), r.body.p);
}

static inline str field_of(reply r, const char *name) {
    char z[80];
    int n = snprintf(z, sizeof z, "\r\n%s: ", name);
    ptrdiff_t at = str_find(r.head, str_of(z));
    if (at < 0) return NO_STR;
    str rest = str_from(r.head, (size_t)at + (size_t)n), line;
    str_line(&rest, &line);
    return str_trim(line);
}

/* ---- a house without a store: what is served then, too ---- */

typedef struct {
    api x;
    int port;
    char answer[1 << 20];
} bare_house;

static inline bare_house *bare_open(void) {
    err e;
    bare_house *h = mem_new(1, sizeof *h);
    str at = S("127.0.0.1:0");
    api_init(&h->x, &test_world, NULL, NULL);
    http_options o = {.listen = &at,
                      .listen_n = 1,
                      .handler = api_handle,
                      .terms = api_terms,
                      .ctx = &h->x,
                      .w = &test_world,
                      .workers = 2};
    assert_ok(http_server_open(&o, &h->x.http, &e));
    h->port = http_server_port(h->x.http);
    return h;
}

static inline void bare_close(bare_house *h) {
    http_server_close(h->x.http);
    api_clear(&h->x);
    free(h);
}

/* The whole answer, head and body; fields: further lines of the head. */
static inline str bare_get(bare_house *h, const char *path, const char *fields) {
    char out[2048];
    int n = snprintf(out, sizeof out, "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n",
                     path, fields);
    return ask(h->port, (str){out, (size_t)n}, h->answer, sizeof h->answer, PATIENT_MS);
}

static inline bool has(str answer, const char *text) {
    return str_find(answer, str_of(text)) >= 0;
}
#endif
