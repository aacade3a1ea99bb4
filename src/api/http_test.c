/* http_test.c - the server under polite, slow, rude and broken clients; each test with its own server. */
#include "api/http_test.h"
#include <sys/resource.h>
#include <zlib.h>

/* ---- a small site ---- */

typedef struct {
    atomic_int uploads_whole, uploads_broken, started, release;
    http_events *stream;
    pthread_mutex_t lock;
    atomic_int logged;
    char log[4096];
    atomic_llong taken;
    http_server *s;
    char answer[1 << 20];
} site;

static void nap(int ms) {
    struct timespec t = {ms / 1000, (long)(ms % 1000) * 1000000};
    nanosleep(&t, NULL);
}

/* Waits for what another thread will do. */
#define EVENTUALLY(cond)                                                                           \
    do {                                                                                           \
        for (int turn_ = 0; !(cond) && turn_ < 500; turn_++) nap(10);                              \
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
        while (!atomic_load(&x->release)) nap(2);
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

static str go(site *x, const char *request) {
    return ask(http_server_port(x->s), str_of(request), x->answer, sizeof x->answer, 10000);
}

static bool has(str answer, const char *text) {
    return str_find(answer, str_of(text)) >= 0;
}

static void assert_healthy(site *x) {
    assert_true(
        has(go(x, "GET /still-there HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), "200 OK"));
}

static int times(str answer, const char *text) {
    int n = 0;
    for (ptrdiff_t at; (at = str_find(answer, str_of(text))) >= 0; n++)
        answer = str_from(answer, (size_t)at + 1);
    return n;
}

static http_counts counts(site *x) {
    http_counts n;
    http_server_counts(x->s, &n);
    return n;
}

#define CLOSE "Host: x\r\nConnection: close\r\n\r\n"

/* ---- how a conversation goes ---- */

static void answers_follow_each_other_on_one_connection(void **state) {
    (void)state;
    site *x = SITE(0);
    int fd = dial(http_server_port(x->s));
    for (int i = 0; i < 20; i++) {
        assert_true(say(fd, S("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")));
        assert_true(has(hear_until(fd, x->answer, sizeof x->answer, "GET /a", 2000), "200 OK"));
    }
    close(fd);
    assert_int_equal(counts(x).accepted, 1);
    site_close(x);
}

static void pipelined_requests_are_answered_in_order(void **state) {
    (void)state;
    site *x = SITE(0);
    buf b = {0};
    for (int i = 0; i < 200; i++)
        buf_fmt(&b, "POST /upload?%d HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n%s\r\n%.*s", i, i,
                i == 199 ? "Connection: close\r\n" : "", i,
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                "xxxxxxxxxxxxxxxxxx"
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                "xxxxxxxxxxxxxxxxxx");
    str got = ask(http_server_port(x->s), buf_view(&b), x->answer, sizeof x->answer, 10000);
    assert_int_equal(times(got, "HTTP/1.1 200 OK"), 200);
    for (int i = 0; i < 200; i++) {
        char want[32];
        snprintf(want, sizeof want, "took %d", i);
        ptrdiff_t at = str_find(got, str_of(want));
        assert_true(at >= 0);
        got = str_from(got, (size_t)at);
    }
    buf_clear(&b);
    site_close(x);
}

static void a_head_in_single_bytes_is_read(void **state) {
    (void)state;
    site *x = SITE(0);
    str raw = S("POST /upload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: "
                "close\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
    int fd = dial(http_server_port(x->s)), one = 1;
    setsockopt(fd, 6, 1, &one, sizeof one); /* TCP_NODELAY */
    for (size_t i = 0; i < raw.n; i++) assert_true(say(fd, (str){raw.p + i, 1}));
    assert_true(has(hear_until(fd, x->answer, sizeof x->answer, NULL, 5000), "took 5"));
    close(fd);
    site_close(x);
}

static void head_and_old_clients_and_closing(void **state) {
    (void)state;
    site *x = SITE(0);
    str a = go(x, "HEAD /a HTTP/1.1\r\n" CLOSE);
    assert_true(has(a, "Content-Length: 19") && str_ends(a, S("\r\n\r\n")) &&
                has(a, "Connection: close"));
    a = go(x, "HEAD /long HTTP/1.1\r\n" CLOSE);
    assert_true(has(a, "200 OK") && str_ends(a, S("\r\n\r\n")));
    a = go(x, "GET /a HTTP/1.0\r\n\r\n");
    assert_true(has(a, "200 OK") && has(a, "Connection: close"));
    a = go(x, "GET /long HTTP/1.0\r\n\r\n");
    assert_true(!has(a, "chunked") && str_ends(a, S("line 19999\n")));
    int fd = dial(http_server_port(x->s));
    assert_true(say(fd, S("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")));
    assert_true(
        has(hear_until(fd, x->answer, sizeof x->answer, "GET /a", 2000), "Connection: keep-alive"));
    close(fd);
    site_close(x);
}

static void failures_answer_and_the_connection_goes_on(void **state) {
    (void)state;
    site *x = SITE(.job_bytes = 1 << 20);
    str a = go(x, "GET /fails HTTP/1.1\r\nHost: x\r\n\r\nGET /hungry HTTP/1.1\r\nHost: x\r\n\r\n"
                  "GET /silent HTTP/1.1\r\nHost: x\r\n\r\nGET /a HTTP/1.1\r\n" CLOSE);
    assert_true(has(a, "409 Conflict") && has(a, "somebody was quicker"));
    assert_true(has(a, "413 Content Too Large") && has(a, "500 Internal Server Error") &&
                has(a, "GET /a"));
    a = go(x, "GET /split HTTP/1.1\r\n" CLOSE);
    assert_true(has(a, "X-Echo: a  Set-Cookie: b\r\n"));
    site_close(x);
}

static void the_log_names_routes_and_nobody(void **state) {
    (void)state;
    site *x = SITE(0);
    go(x, "GET /a?secret=1 HTTP/1.1\r\n" CLOSE);
    EVENTUALLY(atomic_load(&x->logged) == 1);
    pthread_mutex_lock(&x->lock);
    assert_string_equal(x->log, "GET /the-route 200");
    pthread_mutex_unlock(&x->lock);
    site_close(x);
}

/* ---- bodies ---- */

static str big_upload(const char *head, size_t n, buf *b) {
    buf_str(b, str_of(head));
    for (size_t i = 0; i < n; i++) buf_char(b, (char)('a' + i % 26));
    return buf_view(b);
}

static void large_uploads_arrive_whole_through_a_small_pipe(void **state) {
    (void)state;
    site *x = SITE(0);
    buf b = {0};
    str raw = big_upload(
        "POST /upload HTTP/1.1\r\nConnection: close\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n",
        4000000, &b);
    str a = ask(http_server_port(x->s), raw, x->answer, sizeof x->answer, 20000);
    assert_true(has(a, "took 4000000"));
    buf_clear(&b);
    site_close(x);
}

static void a_handler_that_does_not_read_stops_the_sender(void **state) {
    (void)state;
    site *x = SITE(0);
    int fd = dial(http_server_port(x->s));
    buf b = {0};
    str raw = big_upload(
        "POST /stuck HTTP/1.1\r\nConnection: close\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n",
        200000, &b);
    assert_true(say(fd, raw));
    EVENTUALLY(atomic_load(&x->taken) > 0);
    nap(100);
    i64 took = counts(x).bytes_in;
    assert_true(took <= 2 * LIMIT_HTTP_PIPE_BYTES +
                            8192); /* the rest waits in the kernel, not in our memory */
    close(fd);
    atomic_store(&x->release, 1);
    EVENTUALLY(atomic_load(&x->uploads_broken) == 1);
    assert_healthy(x);
    buf_clear(&b);
    site_close(x);
}

static void broken_uploads_are_never_taken_for_whole(void **state) {
    (void)state;
    site *x = SITE(0);
    buf b = {0};
    for (int i = 0; i < 20; i++) {
        int fd = dial(http_server_port(x->s));
        b.n = 0;
        str raw = big_upload(
            i % 2
                ? "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n"
                : "POST /upload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nFFFFF\r\n",
            i < 10 ? 100 : 300000, &b);
        (void)say(fd, raw);
        struct linger hard = {1, 0};
        if (i % 3 == 0)
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard); /* RST instead of FIN */
        close(fd);
    }
    EVENTUALLY(counts(x).open == 0);
    assert_int_equal(atomic_load(&x->uploads_whole), 0);
    assert_healthy(x);
    buf_clear(&b);
    site_close(x);
}

static void too_large_is_said_before_or_while_it_comes(void **state) {
    (void)state;
    site *x = SITE(0);
    str a = go(x, "POST /upload-small HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n");
    assert_true(has(a, "413") && has(a, "at most 1000"));
    buf b = {0};
    big_upload(
        "POST /upload-small HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nFFFF\r\n",
        65535, &b);
    a = ask(http_server_port(x->s), buf_view(&b), x->answer, sizeof x->answer, 5000);
    assert_true(has(a, "413"));
    b.n = 0; /* more than the address takes, known only when the handler is at work */
    buf_str(&b, S("POST /upload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"));
    big_upload("500000\r\n", 0x500000, &b);
    a = ask(http_server_port(x->s), buf_view(&b), x->answer, sizeof x->answer, 20000);
    assert_true(has(a, "413") && has(a, "larger than this address takes"));
    assert_healthy(x);
    buf_clear(&b);
    site_close(x);
}

static void who_expects_is_told_to_go_on_or_refused_at_once(void **state) {
    (void)state;
    site *x = SITE(0);
    int fd = dial(http_server_port(x->s));
    assert_true(say(fd, S("POST /upload HTTP/1.1\r\nHost: x\r\nExpect: "
                          "100-continue\r\nContent-Length: 5\r\n\r\n")));
    assert_true(has(hear_until(fd, x->answer, sizeof x->answer, "\r\n\r\n", 5000),
                    "HTTP/1.1 100 Continue\r\n\r\n"));
    assert_true(say(fd, S("hello")));
    assert_true(has(hear_until(fd, x->answer, sizeof x->answer, "took 5", 5000), "200 OK"));
    close(fd);
    fd = dial(http_server_port(x->s));
    assert_true(say(
        fd,
        S("POST /deny HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")));
    str a = hear_until(fd, x->answer, sizeof x->answer, NULL, 5000);
    assert_true(has(a, "403 Forbidden") && !has(a, "100 Continue") && has(a, "Connection: close"));
    close(fd);
    site_close(x);
}

static size_t gzip(const char *in, size_t n, char *out, size_t cap) {
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 31, 9, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)in;
    z.avail_in = (uInt)n;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)cap;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return cap - z.avail_out;
}

static str upload_gzip(site *x, size_t plain, size_t cut) {
    static char in[8 << 20], packed[1 << 20], raw[1 << 20];
    memset(in, 'a', sizeof in);
    size_t n = gzip(in, plain, packed, sizeof packed) - cut;
    int h = snprintf(raw, sizeof raw,
                     "POST /upload HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Encoding: "
                     "gzip\r\nContent-Length: %zu\r\n\r\n",
                     n);
    memcpy(raw + h, packed, n);
    return ask(http_server_port(x->s), (str){raw, (size_t)h + n}, x->answer, sizeof x->answer,
               10000);
}

static void packed_bodies_are_unpacked_and_bombs_are_not(void **state) {
    (void)state;
    site *x = SITE(0);
    assert_true(has(upload_gzip(x, 500000, 0), "took 500000"));
    assert_true(has(upload_gzip(x, 500000, 3), "ends in the middle"));
    assert_true(has(upload_gzip(x, 3 << 20, 0), "grows more than 200 times"));
    assert_true(has(upload_gzip(x, 8 << 20, 0), "413"));
    assert_true(has(go(x, "POST /upload HTTP/1.1\r\nHost: x\r\nConnection: "
                          "close\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"),
                    "not gzip"));
    site_close(x);
}

/* ---- answers ---- */

static void answers_are_packed_when_that_is_wanted(void **state) {
    (void)state;
    site *x = SITE(0);
    str a = go(x, "GET /big HTTP/1.1\r\nAccept-Encoding: gzip\r\n" CLOSE);
    assert_true(has(a, "Content-Encoding: gzip") && has(a, "Vary: Accept-Encoding") &&
                has(a, "ETag: W/\"v1\"") && a.n < 5000);
    a = go(x, "GET /big HTTP/1.1\r\nAccept-Encoding: gzip, zstd\r\n" CLOSE);
    assert_true(has(a, "Content-Encoding: zstd") && a.n < 5000);
    a = go(x, "GET /big HTTP/1.1\r\nAccept-Encoding: gzip;q=0, br\r\n" CLOSE);
    assert_true(!has(a, "Content-Encoding") && has(a, "ETag: \"v1\"") && a.n > 280000);
    a = go(x, "GET /long HTTP/1.1\r\nAccept-Encoding: gzip\r\n" CLOSE);
    assert_true(has(a, "Content-Encoding: gzip") && has(a, "chunked") &&
                str_ends(a, S("\r\n0\r\n\r\n")));
    a = go(x, "GET /a HTTP/1.1\r\nAccept-Encoding: gzip\r\n" CLOSE);
    assert_true(!has(a, "Content-Encoding"));
    site_close(x);
}

static void a_torn_stream_has_no_end(void **state) {
    (void)state;
    site *x = SITE(0);
    str a = go(x, "GET /torn HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_true(!str_ends(a, S("0\r\n\r\n")));
    a = go(x, "GET /long HTTP/1.1\r\n" CLOSE);
    assert_true(str_ends(a, S("0\r\n\r\n")) && has(a, "line 19999\n"));
    site_close(x);
}

static void who_reads_nothing_stops_the_handler_and_is_dropped(void **state) {
    (void)state;
    site *x = SITE(.rate_ms = 300);
    int fd = dial(http_server_port(x->s)), small = 4096;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    assert_true(say(fd, S("GET /huge HTTP/1.1\r\nHost: x\r\n\r\n")));
    EVENTUALLY(counts(x).timed_out == 1);
    EVENTUALLY(counts(x).open == 0);
    close(fd);
    assert_healthy(x);
    site_close(x);
}

static void half_closed_clients_get_their_answer(void **state) {
    (void)state;
    site *x = SITE(0);
    int fd = dial(http_server_port(x->s));
    assert_true(say(fd, S("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")));
    shutdown(fd, SHUT_WR);
    assert_true(has(hear_until(fd, x->answer, sizeof x->answer, NULL, 5000), "took 5"));
    close(fd);
    fd = dial(http_server_port(x->s));
    assert_true(say(fd, S("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")));
    shutdown(fd, SHUT_WR);
    EVENTUALLY(atomic_load(&x->started) == 1);
    atomic_store(&x->release, 1);
    assert_true(has(hear_until(fd, x->answer, sizeof x->answer, NULL, 5000), "GET /wait"));
    close(fd);
    fd = dial(http_server_port(x->s));
    assert_true(say(fd, S("GET /a HT")));
    shutdown(fd, SHUT_WR);
    assert_true(closes(fd, 5000));
    close(fd);
    site_close(x);
}

/* ---- the slow and the many ---- */

static void slow_heads_and_bodies_are_cut_off_and_others_served(void **state) {
    (void)state;
    site *x = SITE(.head_ms = 300, .rate_ms = 300, .idle_ms = 600, .workers = 2);
    int fds[40];
    for (int i = 0; i < 40; i++) {
        fds[i] = dial(http_server_port(x->s));
        (void)say(fds[i],
                  i % 2
                      ? S("GET / HTTP/1.1\r\nHost: ")
                      : S("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nab"));
    }
    nap(50);
    assert_healthy(x);
    str a = hear_until(fds[1], x->answer, sizeof x->answer, NULL, 5000);
    assert_true(has(a, "408"));
    for (int i = 0; i < 40; i++) assert_true(closes(fds[i], 5000) && close(fds[i]) == 0);
    EVENTUALLY(counts(x).open == 0);
    assert_true(counts(x).timed_out >= 40);
    int idle = dial(http_server_port(x->s));
    assert_true(closes(idle, 5000));
    close(idle);
    assert_int_equal(atomic_load(&x->uploads_whole), 0);
    site_close(x);
}

static void busy_workers_do_not_stop_what_is_quick(void **state) {
    (void)state;
    site *x = SITE(.workers = 2);
    int fds[3];
    for (int i = 0; i < 3; i++) {
        fds[i] = dial(http_server_port(x->s));
        assert_true(say(fds[i], S("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")));
    }
    EVENTUALLY(atomic_load(&x->started) == 2);
    assert_true(has(go(x, "GET /quick HTTP/1.1\r\n" CLOSE), "GET /quick"));
    EVENTUALLY(counts(x).waiting == 1);
    atomic_store(&x->release, 1);
    for (int i = 0; i < 3; i++) {
        assert_true(
            has(hear_until(fds[i], x->answer, sizeof x->answer, "GET /wait", 5000), "200 OK"));
        close(fds[i]);
    }
    site_close(x);
}

enum { MANY = 2000 };

/* Both ends live here: two descriptors each. */
static int as_many_as_fit(void) {
    struct rlimit files = {0};
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    getrlimit(RLIMIT_NOFILE, &files);
    return files.rlim_cur > 2 * MANY + 100 ? MANY : (int)(files.rlim_cur - 100) / 2;
}

/* One worker, held up: what waits has a bound, and what is above it hears so at once. */
static void a_full_queue_says_busy(void **state) {
    (void)state;
    enum { ASKED = LIMIT_HTTP_QUEUE + 40 };
    static int fds[ASKED];
    int busy = 0, served = 0;
    if (as_many_as_fit() < ASKED) skip();
    site *x = SITE(.workers = 1);
    for (int i = 0; i < ASKED; i++) {
        fds[i] = dial(http_server_port(x->s));
        assert_true(say(fds[i], S("GET /wait HTTP/1.1\r\n" CLOSE)));
    }
    EVENTUALLY(counts(x).requests[5] == ASKED - LIMIT_HTTP_QUEUE - 1);
    assert_int_equal(counts(x).waiting, LIMIT_HTTP_QUEUE);
    atomic_store(&x->release, 1);
    for (int i = 0; i < ASKED; i++) {
        str a = hear_until(fds[i], x->answer, sizeof x->answer, NULL, 5000);
        busy += has(a, "503") && has(a, "Retry-After");
        served += has(a, "200 OK");
        close(fds[i]);
    }
    assert_int_equal(served, LIMIT_HTTP_QUEUE + 1);
    assert_int_equal(busy, ASKED - served);
    site_close(x);
}

static void many_loops_share_the_door(void **state) {
    (void)state;
    site *x = SITE(.loops = 4, .workers = 3);
    int fds[60];
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 60; i++) {
            if (round == 0) fds[i] = dial(http_server_port(x->s));
            assert_true(
                say(fds[i],
                    i % 2 ? S("GET /quick HTTP/1.1\r\nHost: x\r\n\r\n")
                          : S("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")));
        }
        for (int i = 0; i < 60; i++)
            assert_true(has(hear_until(fds[i], x->answer, sizeof x->answer,
                                       i % 2 ? "GET /quick" : "took 3", 5000),
                            "200 OK"));
    }
    EVENTUALLY(counts(x).requests[2] == 1200); /* counted after the last byte has gone */
    assert_true(http_server_alive(x->s, 3000));
    for (int i = 0; i < 60; i++) close(fds[i]);
    site_close(x);
}

static void too_many_connections_are_turned_away(void **state) {
    (void)state;
    site *x = SITE(.connections_max = 3);
    int fds[3];
    for (int i = 0; i < 3; i++) fds[i] = dial(http_server_port(x->s));
    EVENTUALLY(counts(x).open == 3);
    assert_true(has(go(x, "GET /a HTTP/1.1\r\n" CLOSE), "503") || counts(x).turned_away == 1);
    for (int i = 0; i < 3; i++) close(fds[i]);
    EVENTUALLY(counts(x).open == 0);
    assert_healthy(x);
    site_close(x);
}

/* ---- event streams ---- */

static http_events *stream_of(site *x) {
    pthread_mutex_lock(&x->lock);
    http_events *s = x->stream;
    pthread_mutex_unlock(&x->lock);
    return s;
}

static void events_reach_their_reader_and_silence_is_filled(void **state) {
    (void)state;
    site *x = SITE(.ping_ms = 50);
    int fd = dial(http_server_port(x->s));
    assert_true(say(fd, S("GET /events HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n")));
    EVENTUALLY(stream_of(x) != NULL);
    assert_true(http_events_push(x->stream, S("tick"), S("7"), S("one\ntwo")));
    str a = hear_until(fd, x->answer, sizeof x->answer, "\n:\n", 5000);
    assert_true(has(a, "text/event-stream") && has(a, "X-Accel-Buffering: no") &&
                !has(a, "Content-Encoding"));
    assert_true(has(a, "event: tick\nid: 7\ndata: one\ndata: two\n\n"));
    assert_int_equal(counts(x).events, 1);
    shutdown(fd, SHUT_RDWR);
    close(fd);
    EVENTUALLY(!http_events_alive(x->stream));
    assert_false(http_events_push(x->stream, NO_STR, NO_STR, S("nobody")));
    EVENTUALLY(counts(x).events == 0);
    site_close(x);
}

static void a_reader_that_does_not_read_is_dropped(void **state) {
    (void)state;
    site *x = SITE(0);
    int fd = dial(http_server_port(x->s)), small = 4096;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    assert_true(say(fd, S("GET /events HTTP/1.1\r\nHost: x\r\n\r\n")));
    EVENTUALLY(stream_of(x) != NULL);
    char data[8192];
    memset(data, 'x', sizeof data);
    int pushed = 0;
    while (pushed < 100000 && http_events_push(x->stream, NO_STR, NO_STR, (str){data, sizeof data}))
        pushed++;
    assert_true(pushed < 100000);
    EVENTUALLY(counts(x).events_dropped == 1);
    EVENTUALLY(counts(x).open == 0);
    close(fd);
    assert_healthy(x);
    site_close(x);
}

/* ---- the end ---- */

static void *open_the_door(void *ctx) {
    site *x = ctx;
    nap(150);
    atomic_store(&x->release, 1);
    return NULL;
}

static void draining_finishes_what_is_in_hand(void **state) {
    (void)state;
    site *x = SITE(0);
    int busy = dial(http_server_port(x->s)), idle = dial(http_server_port(x->s)),
        events = dial(http_server_port(x->s));
    assert_true(say(busy, S("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")));
    assert_true(say(events, S("GET /events HTTP/1.1\r\nHost: x\r\n\r\n")));
    EVENTUALLY(atomic_load(&x->started) == 1 && stream_of(x) && counts(x).events == 1);
    pthread_t helper;
    pthread_create(&helper, NULL, open_the_door, x);
    assert_true(http_server_drain(x->s, 5000));
    pthread_join(helper, NULL);
    str a = hear_until(busy, x->answer, sizeof x->answer, NULL, 2000);
    assert_true(has(a, "GET /wait") && has(a, "Connection: close"));
    a = hear_until(events, x->answer, sizeof x->answer, NULL, 2000);
    assert_true(str_ends(a, S("0\r\n\r\n")));
    assert_true(closes(idle, 2000));
    close(busy), close(idle), close(events);
    site_close(x);
}

static void patience_ends(void **state) {
    (void)state;
    site *x = SITE(0);
    int fd = dial(http_server_port(x->s));
    buf b = {0};
    (void)say(fd, big_upload("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n",
                             100000, &b));
    EVENTUALLY(atomic_load(&x->taken) > 0);
    assert_false(http_server_drain(x->s, 50)); /* the upload never ends: broken off */
    assert_int_equal(atomic_load(&x->uploads_broken), 1);
    close(fd);
    buf_clear(&b);
    site_close(x);
}

/* ---- doors ---- */

static int dial_unix(const char *path) {
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    snprintf(a.sun_path, sizeof a.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    return connect(fd, (struct sockaddr *)&a, sizeof a) == 0 ? fd : (close(fd), -1);
}

static void proxies_are_believed_when_they_are_ours(void **state) {
    (void)state;
    const str mine[] = {S("127.0.0.0/8"), S("10.1.0.0/16"), S("unix")};
    const char *forwarded = "GET /a HTTP/1.1\r\nX-Forwarded-For: 6.6.6.6, 1.2.3.4, "
                            "10.1.2.3\r\nX-Forwarded-Proto: https\r\n" CLOSE;
    site *x = SITE(.trusted = mine, .trusted_n = 3);
    assert_true(has(go(x, forwarded), "GET /a 1.2.3.4 1"));
    assert_true(has(go(x, "GET /a HTTP/1.1\r\nX-Forwarded-For: 1.2.3.4, rubbish\r\n" CLOSE),
                    "GET /a 127.0.0.1 0"));
    site_close(x);
    x = SITE(0);
    assert_true(has(go(x, forwarded), "GET /a 127.0.0.1 0"));
    site_close(x);
}

static void unix_sockets_and_inherited_ones_serve_too(void **state) {
    (void)state;
    char path[100], address[120];
    snprintf(path, sizeof path, "/tmp/heed-http-test-%d.sock", (int)getpid());
    snprintf(address, sizeof address, "unix:%s", path);
    str at = str_of(address);
    int given = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001)};
    assert_int_equal(bind(given, (struct sockaddr *)&any, sizeof any), 0);
    assert_int_equal(listen(given, 8), 0);
    site *x = SITE(.listen = &at, .listen_n = 1, .inherited = &given, .inherited_n = 1);
    assert_healthy(x);
    int fd = dial_unix(path);
    assert_true(fd >= 0 && say(fd, S("GET /a HTTP/1.1\r\n" CLOSE)));
    assert_true(has(hear_until(fd, x->answer, sizeof x->answer, NULL, 5000), "GET /a unix 0"));
    close(fd);
    site_close(x);
    assert_int_equal(dial_unix(path), -1);
    assert_int_not_equal(access(path, F_OK), 0);
}

static void what_cannot_be_listened_at_is_said(void **state) {
    (void)state;
    err e;
    http_server *s = NULL;
    static const struct {
        str at;
        err_code code;
    } bad[] = {{{"nonsense", 8}, INVALID},
               {{"1.2.3.4", 7}, INVALID},
               {{"127.0.0.1:99999", 15}, INVALID},
               {{"unix:", 5}, INVALID},
               {{"203.0.113.9:1", 13}, IO}};
    site *x = SITE(0);
    http_options o = {.listen_n = 1, .handler = serve, .w = &test_world};
    for (size_t i = 0; i < COUNT(bad); i++) {
        o.listen = &bad[i].at;
        assert_false(http_server_open(&o, &s, &e));
        assert_int_equal(e.code, bad[i].code);
    }
    char taken[32];
    str at = {taken, (size_t)snprintf(taken, sizeof taken, "127.0.0.1:%d", http_server_port(x->s))};
    o.listen = &at;
    assert_false(http_server_open(&o, &s, &e));
    assert_int_equal(e.code, BUSY);
    str net = S("300.0.0.0/8");
    o.listen = &anywhere, o.trusted = &net, o.trusted_n = 1;
    assert_false(http_server_open(&o, &s, &e));
    assert_null(s);
    site_close(x);
}

static i64 resident_bytes(void) {
    long pages_all, resident = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f || fscanf(f, "%ld %ld", &pages_all, &resident) != 2) resident = 0;
    if (f) fclose(f);
    return (i64)resident * sysconf(_SC_PAGESIZE);
}

static void two_thousand_idle_connections_cost_little(void **state) {
    (void)state;
    static int fds[MANY];
    int many = as_many_as_fit();
    site *x = SITE(0);
    assert_healthy(x);
    i64 before = resident_bytes();
    int n = 0;
    for (; n < many; n++) {
        fds[n] = dial(http_server_port(x->s));
        assert_true(
            say(fds[n], S("GET /big HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n")));
        (void)hear_until(fds[n], x->answer, sizeof x->answer, "\r\n\r\n", 5000);
    }
    EVENTUALLY(counts(x).busy == 0);
    i64 each = (resident_bytes() - before) / MAX(n, 1);
    print_message("## %d idle connections after one request each: %" PRId64
                  " bytes of memory each\n",
                  n, each);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    assert_true(each <= 16 * 1024);
#endif
    for (int i = 0; i < n; i++) close(fds[i]);
    EVENTUALLY(counts(x).open == 0);
    site_close(x);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_follow_each_other_on_one_connection),
        cmocka_unit_test(pipelined_requests_are_answered_in_order),
        cmocka_unit_test(a_head_in_single_bytes_is_read),
        cmocka_unit_test(head_and_old_clients_and_closing),
        cmocka_unit_test(failures_answer_and_the_connection_goes_on),
        cmocka_unit_test(the_log_names_routes_and_nobody),
        cmocka_unit_test(large_uploads_arrive_whole_through_a_small_pipe),
        cmocka_unit_test(a_handler_that_does_not_read_stops_the_sender),
        cmocka_unit_test(broken_uploads_are_never_taken_for_whole),
        cmocka_unit_test(too_large_is_said_before_or_while_it_comes),
        cmocka_unit_test(who_expects_is_told_to_go_on_or_refused_at_once),
        cmocka_unit_test(packed_bodies_are_unpacked_and_bombs_are_not),
        cmocka_unit_test(answers_are_packed_when_that_is_wanted),
        cmocka_unit_test(a_torn_stream_has_no_end),
        cmocka_unit_test(who_reads_nothing_stops_the_handler_and_is_dropped),
        cmocka_unit_test(half_closed_clients_get_their_answer),
        cmocka_unit_test(slow_heads_and_bodies_are_cut_off_and_others_served),
        cmocka_unit_test(busy_workers_do_not_stop_what_is_quick),
        cmocka_unit_test(a_full_queue_says_busy),
        cmocka_unit_test(many_loops_share_the_door),
        cmocka_unit_test(too_many_connections_are_turned_away),
        cmocka_unit_test(events_reach_their_reader_and_silence_is_filled),
        cmocka_unit_test(a_reader_that_does_not_read_is_dropped),
        cmocka_unit_test(draining_finishes_what_is_in_hand),
        cmocka_unit_test(patience_ends),
        cmocka_unit_test(proxies_are_believed_when_they_are_ours),
        cmocka_unit_test(unix_sockets_and_inherited_ones_serve_too),
        cmocka_unit_test(what_cannot_be_listened_at_is_said),
        cmocka_unit_test(two_thousand_idle_connections_cost_little),
    };
    return RUN_TESTS(tests);
}
