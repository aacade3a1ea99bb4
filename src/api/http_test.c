/* http_test.c - conversations with the server: requests, bodies, answers; each test with its own server. */
#include "api/http_site.h"
#include <zlib.h>

/* ---- how a conversation goes ---- */

static void answers_follow_each_other_on_one_connection(void **state) {
    (void)state;
    site *x = SITE(0);
    int fd = dial(http_server_port(x->s));
    for (int i = 0; i < 20; i++) {
        assert_true(say(fd, S("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")));
        assert_true(
            has(hear_until(fd, x->answer, sizeof x->answer, "GET /a", PATIENT_MS), "200 OK"));
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
    str got = ask(http_server_port(x->s), buf_view(&b), x->answer, sizeof x->answer, PATIENT_MS);
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
    assert_true(has(hear_until(fd, x->answer, sizeof x->answer, NULL, PATIENT_MS), "took 5"));
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
    assert_true(has(hear_until(fd, x->answer, sizeof x->answer, "GET /a", PATIENT_MS),
                    "Connection: keep-alive"));
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

static void large_uploads_arrive_whole_through_a_small_pipe(void **state) {
    (void)state;
    site *x = SITE(0);
    buf b = {0};
    str raw = big_upload(
        "POST /upload HTTP/1.1\r\nConnection: close\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n",
        4000000, &b);
    str a = ask(http_server_port(x->s), raw, x->answer, sizeof x->answer, PATIENT_MS);
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
    a = ask(http_server_port(x->s), buf_view(&b), x->answer, sizeof x->answer, PATIENT_MS);
    assert_true(has(a, "413"));
    b.n = 0; /* more than the address takes, known only when the handler is at work */
    buf_str(&b, S("POST /upload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"));
    big_upload("500000\r\n", 0x500000, &b);
    a = ask(http_server_port(x->s), buf_view(&b), x->answer, sizeof x->answer, PATIENT_MS);
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
    assert_true(has(hear_until(fd, x->answer, sizeof x->answer, "\r\n\r\n", PATIENT_MS),
                    "HTTP/1.1 100 Continue\r\n\r\n"));
    assert_true(say(fd, S("hello")));
    assert_true(has(hear_until(fd, x->answer, sizeof x->answer, "took 5", PATIENT_MS), "200 OK"));
    close(fd);
    fd = dial(http_server_port(x->s));
    assert_true(say(
        fd,
        S("POST /deny HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")));
    str a = hear_until(fd, x->answer, sizeof x->answer, NULL, PATIENT_MS);
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
               PATIENT_MS);
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

static void a_handler_learns_that_its_client_has_left(void **state) {
    (void)state;
    site *x = SITE(0);
    struct linger at_once = {1, 0};
    int fd = dial(http_server_port(x->s));
    assert_true(say(fd, S("GET /long-question HTTP/1.1\r\nHost: x\r\n\r\n")));
    EVENTUALLY(atomic_load(&x->started) == 1);
    nap(20);
    assert_int_equal(atomic_load(&x->release), 0);
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(fd);
    EVENTUALLY(atomic_load(&x->release) == 1);
    assert_healthy(x);
    site_close(x);
}

static void half_closed_clients_get_their_answer(void **state) {
    (void)state;
    site *x = SITE(0);
    int fd = dial(http_server_port(x->s));
    assert_true(say(fd, S("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")));
    shutdown(fd, SHUT_WR);
    assert_true(has(hear_until(fd, x->answer, sizeof x->answer, NULL, PATIENT_MS), "took 5"));
    close(fd);
    fd = dial(http_server_port(x->s));
    assert_true(say(fd, S("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")));
    shutdown(fd, SHUT_WR);
    EVENTUALLY(atomic_load(&x->started) == 1);
    EVENTUALLY(atomic_load(&x->hung) == 1); /* a long question may be given up */
    atomic_store(&x->release, 1);
    assert_true(has(hear_until(fd, x->answer, sizeof x->answer, NULL, PATIENT_MS), "GET /wait"));
    close(fd);
    fd = dial(http_server_port(x->s));
    assert_true(say(fd, S("GET /a HT")));
    shutdown(fd, SHUT_WR);
    assert_true(closes(fd, PATIENT_MS));
    close(fd);
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
        cmocka_unit_test(a_handler_learns_that_its_client_has_left),
        cmocka_unit_test(half_closed_clients_get_their_answer),
    };
    return RUN_TESTS(tests);
}
