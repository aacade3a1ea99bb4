/* http_site.h - a small site with every kind of page, for the tests of the HTTP server. */
#ifndef API_HTTP_SITE_H
#define API_HTTP_SITE_H
#include "api/http_test.h"

typedef struct {
    atomic_int uploads_whole, uploads_broken, started, release, hung;
    http_events *stream;
    pthread_mutex_t lock;
    atomic_int logged;
    char log[4096];
    atomic_llong taken;
    http_server *s;
    char answer[1 << 20];
} site;

__attribute__((unused)) static void nap(int ms) {
    struct timespec t = {ms / 1000, (long)(ms % 1000) * 1000000};
    nanosleep(&t, NULL);
}

/* Waits for what another thread will do. */
#define EVENTUALLY(cond)                                                                           \
    do {                                                                                           \
        for (int turn_ = 0; !(cond) && turn_ < PATIENT_MS / 10; turn_++) nap(10);                  \
        if (!(cond)) fail_msg("never: %s", #cond);                                                 \
    } while (0)

static bool upload(site *x, arena *a, http_request *r, err *e) {
    char piece[4096];
    i64 sum = 0;
    for (size_t n = 1; n;) {
        if (!http_body_read(r, piece, sizeof piece, &n, e)) {
            atomic_fetch_add(&x->uploads_broken, 1);
            return false;
        }
        sum += (i64)n;
        atomic_store(&x->taken, sum);
        while (str_eq(r->path, S("/stuck")) && !atomic_load(&x->release)) nap(2);
    }
    atomic_fetch_add(&x->uploads_whole, 1);
    http_reply(r, 200, S("text/plain"), arena_fmt(a, "took %" PRId64, sum));
    return true;
}

static bool long_answer(http_request *r, err *e) {
    i64 lines = str_starts(r->path, S("/huge")) ? 2000000 : 20000;
    http_stream(r, 200, S("text/csv"));
    for (i64 i = 0; i < lines; i++) {
        char line[32];
        int n = snprintf(line, sizeof line, "line %" PRId64 "\n", i);
        if (!http_write(r, (str){line, (size_t)n}, e)) return false;
        if (i == 10000 && str_eq(r->path, S("/torn"))) return fail(e, IO, "the disk is gone");
    }
    return true;
}

static bool serve(void *ctx, arena *a, http_request *r, err *e) {
    site *x = ctx;
    r->route = "/the-route";
    if (str_eq(r->path, S("/wait"))) {
        atomic_fetch_add(&x->started, 1);
        while (!atomic_load(&x->release)) {
            atomic_store(&x->hung, __atomic_load_n(http_hung(r), __ATOMIC_RELAXED));
            nap(2);
        }
    }
    if (str_eq(r->path, S("/long-question"))) {
        atomic_fetch_add(&x->started, 1);
        while (http_listens(r)) nap(2);
        atomic_fetch_add(&x->release, 1);
    }
    if (str_starts(r->path, S("/upload")) || str_eq(r->path, S("/stuck")))
        return upload(x, a, r, e);
    if (str_eq(r->path, S("/long")) || str_eq(r->path, S("/torn")) || str_eq(r->path, S("/huge")))
        return long_answer(r, e);
    if (str_eq(r->path, S("/fails"))) return fail(e, CONFLICT, "somebody was quicker");
    if (str_eq(r->path, S("/hungry"))) return arena_alloc(a, (size_t)1 << 40) != NULL;
    if (str_eq(r->path, S("/silent"))) return true;
    if (str_eq(r->path, S("/deny"))) return fail(e, DENIED, "not for you");
    if (str_eq(r->path, S("/events"))) {
        http_events *s = http_events_open(r);
        pthread_mutex_lock(&x->lock);
        x->stream = s;
        pthread_mutex_unlock(&x->lock);
        return true;
    }
    if (str_eq(r->path, S("/big"))) {
        buf b = {.a = a};
        for (int i = 0; i < 20000; i++) buf_str(&b, S("all the same, "));
        http_add(r, "ETag", S("\"v1\""));
        http_reply(r, 200, S("application/json"), buf_view(&b));
        return true;
    }
    if (str_eq(r->path, S("/fields"))) http_add(r, "X-Echo", http_get(r, "x-echo"));
    if (str_eq(r->path, S("/split"))) http_add(r, "X-Echo", S("a\r\nSet-Cookie: b"));
    http_reply(r, 200, S("text/plain"),
               arena_fmt(a, "%s %.*s %.*s %d", http_method_text(r->method), STR_ARG(r->path),
                         STR_ARG(r->client), r->secure));
    return true;
}

static void terms(void *ctx, const http_request *r, http_terms *t) {
    (void)ctx;
    t->body_max = str_eq(r->path, S("/upload-small")) ? 1000 : 4 << 20;
    t->quick = str_eq(r->path, S("/quick"));
}

static void note(void *ctx, const http_done *d) {
    site *x = ctx;
    pthread_mutex_lock(&x->lock);
    snprintf(x->log, sizeof x->log, "%s %s %d", d->method, d->route, d->status);
    pthread_mutex_unlock(&x->lock);
    atomic_fetch_add(&x->logged, 1);
}

static const str anywhere = {"127.0.0.1:0", 11};

static site *site_open(http_options o) {
    err e;
    site *x = mem_new(1, sizeof *x);
    pthread_mutex_init(&x->lock, NULL);
    if (!o.listen && !o.inherited) o.listen = &anywhere, o.listen_n = 1;
    o.handler = serve;
    o.terms = terms;
    o.log = note;
    o.ctx = x;
    o.w = &test_world;
    if (!o.workers) o.workers = 4;
    assert_ok(http_server_open(&o, &x->s, &e));
    return x;
}
#define SITE(...) site_open((http_options){__VA_ARGS__})

static void site_close(site *x) {
    atomic_store(&x->release, 1);
    http_events_close(x->stream);
    http_server_close(x->s);
    pthread_mutex_destroy(&x->lock);
    free(x);
}

__attribute__((unused)) static str go(site *x, const char *request) {
    return ask(http_server_port(x->s), str_of(request), x->answer, sizeof x->answer, PATIENT_MS);
}

static bool has(str answer, const char *text) {
    return str_find(answer, str_of(text)) >= 0;
}

__attribute__((unused)) static void assert_healthy(site *x) {
    assert_true(
        has(go(x, "GET /still-there HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), "200 OK"));
}

__attribute__((unused)) static int times(str answer, const char *text) {
    int n = 0;
    for (ptrdiff_t at; (at = str_find(answer, str_of(text))) >= 0; n++)
        answer = str_from(answer, (size_t)at + 1);
    return n;
}

__attribute__((unused)) static http_counts counts(site *x) {
    http_counts n;
    http_server_counts(x->s, &n);
    return n;
}

#define CLOSE "Host: x\r\nConnection: close\r\n\r\n"

__attribute__((unused)) static str big_upload(const char *head, size_t n, buf *b) {
    buf_str(b, str_of(head));
    for (size_t i = 0; i < n; i++) buf_char(b, (char)('a' + i % 26));
    return buf_view(b);
}

#endif
