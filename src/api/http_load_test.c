/* http_load_test.c - the server under the slow, the many and the rude; event streams; its end; its doors. */
#include "api/http_site.h"
#include <sys/resource.h>

/* ---- the slow and the many ---- */

static void slow_heads_and_bodies_are_cut_off_and_others_served(void **state) {
    (void)state;
    site *x = SITE(.head_ms = 1000, .rate_ms = 1000, .idle_ms = 2000, .workers = 2);
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
    str a = hear_until(fds[1], x->answer, sizeof x->answer, NULL, PATIENT_MS);
    assert_true(has(a, "408"));
    for (int i = 0; i < 40; i++) assert_true(closes(fds[i], PATIENT_MS) && close(fds[i]) == 0);
    EVENTUALLY(counts(x).open == 0);
    assert_true(counts(x).timed_out >= 40);
    int idle = dial(http_server_port(x->s));
    assert_true(closes(idle, PATIENT_MS));
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
        assert_true(has(hear_until(fds[i], x->answer, sizeof x->answer, "GET /wait", PATIENT_MS),
                        "200 OK"));
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
        str a = hear_until(fds[i], x->answer, sizeof x->answer, NULL, PATIENT_MS);
        busy += has(a, "503") && has(a, "Retry-After") && has(a, "application/problem+json");
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
                                       i % 2 ? "GET /quick" : "took 3", PATIENT_MS),
                            "200 OK"));
    }
    EVENTUALLY(counts(x).requests[2] == 1200); /* counted after the last byte has gone */
    assert_true(http_server_alive(x->s, PATIENT_MS));
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

static void one_address_does_not_take_all_connections(void **state) {
    (void)state;
    site *x = SITE(.connections_each = 3);
    int fds[3];
    for (int round = 0; round < 3; round++) { /* what is closed may be opened again */
        for (int i = 0; i < 3; i++) fds[i] = dial(http_server_port(x->s));
        EVENTUALLY(counts(x).open == 3);
        str a = go(x, "GET /a HTTP/1.1\r\n" CLOSE);
        assert_true(counts(x).turned_away == round + 1);
        assert_true(!a.n || (has(a, "503") && has(a, "application/problem+json") &&
                             has(a, "from one address")));
        for (int i = 0; i < 3; i++) close(fds[i]);
        EVENTUALLY(counts(x).open == 0);
    }
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
    str a = hear_until(fd, x->answer, sizeof x->answer, "\n:\n", PATIENT_MS);
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
    assert_true(http_server_drain(x->s, PATIENT_MS));
    pthread_join(helper, NULL);
    str a = hear_until(busy, x->answer, sizeof x->answer, NULL, PATIENT_MS);
    assert_true(has(a, "GET /wait") && has(a, "Connection: close"));
    a = hear_until(events, x->answer, sizeof x->answer, NULL, PATIENT_MS);
    assert_true(str_ends(a, S("0\r\n\r\n")));
    assert_true(closes(idle, PATIENT_MS));
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
    assert_true(
        has(hear_until(fd, x->answer, sizeof x->answer, NULL, PATIENT_MS), "GET /a unix 0"));
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
        (void)hear_until(fds[n], x->answer, sizeof x->answer, "\r\n\r\n", PATIENT_MS);
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
        cmocka_unit_test(slow_heads_and_bodies_are_cut_off_and_others_served),
        cmocka_unit_test(busy_workers_do_not_stop_what_is_quick),
        cmocka_unit_test(a_full_queue_says_busy),
        cmocka_unit_test(many_loops_share_the_door),
        cmocka_unit_test(too_many_connections_are_turned_away),
        cmocka_unit_test(one_address_does_not_take_all_connections),
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
