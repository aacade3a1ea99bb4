/* http_hostile_test.c - raw requests that hide another request, or should: each alone against a running
** server.  Behind every one follows a marker request; where the first is refused, the marker must not be
** answered. */
#include "api/http_test.h"

static atomic_int markers;

static bool serve(void *ctx, arena *a, http_request *r, err *e) {
    (void)ctx;
    str body = S("");
    if (str_eq(r->path, S("/marker"))) atomic_fetch_add(&markers, 1);
    if (!http_body_all(r, a, 1 << 20, &body, e)) return false;
    http_reply(r, 200, S("text/plain"),
               arena_fmt(a, "%s %.*s [%.*s]", http_method_text(r->method), STR_ARG(r->path),
                         STR_ARG(body)));
    return true;
}

#define MARKER "GET /marker HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
#define HOST   "Host: x\r\n"

/* Served: what must keep working. */
static const struct {
    const char *name, *raw, *says;
} benign[] = {
    {"a plain GET", "GET /a HTTP/1.1\r\n" HOST "\r\n", "GET /a []"},
    {"a POST with a length", "POST /a HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc", "[abc]"},
    {"a POST in chunks",
     "POST /a HTTP/1.1\r\n" HOST
     "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n",
     "[abcdef]"},
    {"chunks with extension and trailer",
     "POST /a HTTP/1.1\r\n" HOST
     "Transfer-Encoding: Chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n",
     "[abc]"},
    {"a whole URL as target", "GET http://x/a HTTP/1.1\r\n" HOST "\r\n", "GET /a []"},
    {"an empty line before the request", "\r\nGET /a HTTP/1.1\r\n" HOST "\r\n", "GET /a []"},
};

static const struct {
    const char *name, *raw;
    int status;
} hostile[] = {
    {"length and chunks together",
     "POST / HTTP/1.1\r\n" HOST "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     400},
    {"chunks and length together",
     "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
     400},
    {"xchunked", "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400},
    {"chunked, identity",
     "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400},
    {"two Transfer-Encoding",
     "POST / HTTP/1.1\r\n" HOST
     "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     400},
    {"Transfer-Encoding in HTTP/1.0",
     "POST / HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
    {"two lengths that differ",
     "POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400},
    {"two lengths that agree",
     "POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400},
    {"a length with a plus", "POST / HTTP/1.1\r\n" HOST "Content-Length: +3\r\n\r\nabc", 400},
    {"a length with a minus", "POST / HTTP/1.1\r\n" HOST "Content-Length: -3\r\n\r\nabc", 400},
    {"a length in a list", "POST / HTTP/1.1\r\n" HOST "Content-Length: 3, 3\r\n\r\nabc", 400},
    {"a length in hexadecimal", "POST / HTTP/1.1\r\n" HOST "Content-Length: 0x3\r\n\r\nabc", 400},
    {"a length of twenty digits",
     "POST / HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551619\r\n\r\nabc", 400},
    {"an empty length", "POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\nabc", 400},
    {"a blank before the colon", "POST / HTTP/1.1\r\n" HOST "Content-Length : 3\r\n\r\nabc", 400},
    {"a folded Transfer-Encoding",
     "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400},
    {"a name that begins with a blank", "GET / HTTP/1.1\r\n " HOST "\r\n", 400},
    {"a bare CR inside a field", "GET / HTTP/1.1\r\n" HOST "X: a\rb\r\n\r\n", 400},
    {"a bare LF at the end of a field", "GET / HTTP/1.1\r\n" HOST "X: a\nContent-Length: 5\r\n\r\n",
     400},
    {"only bare LF", "GET / HTTP/1.1\nHost: x\n\n", 400},
    {"no Host", "GET / HTTP/1.1\r\nX: y\r\n\r\n", 400},
    {"two Host", "GET / HTTP/1.1\r\n" HOST "Host: y\r\n\r\n", 400},
    {"a Host with a path", "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n", 400},
    {"a target that names another host", "GET http://y/ HTTP/1.1\r\n" HOST "\r\n", 400},
    {"a chunk size with 0x",
     "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n", 400},
    {"a chunk size of nine digits",
     "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n000000003\r\nabc\r\n0\r\n\r\n",
     400},
    {"a chunk longer than its size",
     "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n", 400},
    {"a chunk size ended by a bare LF",
     "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n", 400},
    {"an extension with a bare LF",
     "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3;a\nb\r\nabc\r\n0\r\n\r\n",
     400},
    {"a CR instead of CRLF before a length",
     "GET / HTTP/1.1\r\n" HOST "D:\rContent-Length: 43\r\n\r\n", 400},
    {"a head that ends CRLF CR", "GET / HTTP/1.1\r\n" HOST "\r\n\rX: y\r\n\r\n",
     200}, /* the rest is refused: see the marker */
    {"HTTP/2 by prior knowledge", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
    {"HTTP/1.2", "GET / HTTP/1.2\r\n" HOST "\r\n", 400},
    {"no version", "GET /\r\n\r\n", 505},
    {"a TLS hello", "\x16\x03\x01\x02", 400},
    {"a method of small letters", "get / HTTP/1.1\r\n" HOST "\r\n", 400},
    {"CONNECT", "CONNECT x:443 HTTP/1.1\r\n" HOST "\r\n", 501},
    {"TRACE", "TRACE / HTTP/1.1\r\n" HOST "\r\n", 501},
    {"a target with a high byte", "GET /\xc3\xa9 HTTP/1.1\r\n" HOST "\r\n", 400},
    {"a target with a fragment", "GET /#a HTTP/1.1\r\n" HOST "\r\n", 400},
    {"a colon as first byte of a line", "GET / HTTP/1.1\r\n" HOST ": y\r\n\r\n", 400},
    {"a body packed in an unknown way",
     "POST / HTTP/1.1\r\n" HOST "Content-Encoding: br\r\nContent-Length: 1\r\n\r\na", 415},
    {"an expectation nobody knows",
     "POST / HTTP/1.1\r\n" HOST "Expect: 200-ok\r\nContent-Length: 1\r\n\r\na", 417},
};

static int status_of_answer(str answer) {
    i64 v = 0;
    if (!str_starts(answer, S("HTTP/1.1 ")) || answer.n < 12) return 0;
    return str_int((str){answer.p + 9, 3}, &v) ? (int)v : 0;
}

static http_server *server_here(void) {
    err e;
    http_server *s = NULL;
    str at = S("127.0.0.1:0");
    http_options o = {
        .listen = &at, .listen_n = 1, .handler = serve, .w = &test_world, .workers = 2};
    assert_ok(http_server_open(&o, &s, &e));
    return s;
}
static void hostile_requests_are_refused_and_nothing_behind_them_is_run(void **state) {
    (void)state;
    char out[8192], in[8192];
    http_server *s = server_here();
    for (size_t i = 0; i < COUNT(hostile); i++) {
        atomic_store(&markers, 0);
        int n = snprintf(out, sizeof out, "%s" MARKER, hostile[i].raw);
        str answer = ask(http_server_port(s), (str){out, (size_t)n}, in, sizeof in, PATIENT_MS);
        if (status_of_answer(answer) != hostile[i].status)
            fail_msg("%s: answered %.60s", hostile[i].name, answer.n ? answer.p : "nothing");
        if (atomic_load(&markers)) fail_msg("%s: the request behind it was run", hostile[i].name);
    }
    print_message("## %zu hostile requests refused, nothing run behind them\n", COUNT(hostile));
    http_server_close(s);
}

static void benign_requests_are_served_and_so_is_the_next_on_the_line(void **state) {
    (void)state;
    char out[8192], in[8192];
    http_server *s = server_here();
    for (size_t i = 0; i < COUNT(benign); i++) {
        atomic_store(&markers, 0);
        int n = snprintf(out, sizeof out, "%s" MARKER, benign[i].raw);
        str answer = ask(http_server_port(s), (str){out, (size_t)n}, in, sizeof in, PATIENT_MS);
        assert_int_equal(status_of_answer(answer), 200);
        if (str_find(answer, str_of(benign[i].says)) < 0)
            fail_msg("%s: %.*s", benign[i].name, STR_ARG(answer));
        if (atomic_load(&markers) != 1)
            fail_msg("%s: the request behind it was not run", benign[i].name);
    }
    http_server_close(s);
}

static void nul_bytes_and_floods_are_refused(void **state) {
    (void)state;
    char in[8192];
    http_server *s = server_here();
    int port = http_server_port(s);
    buf b = {0};
    assert_int_equal(
        400, status_of_answer(ask(port, (str){"GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n", 36},
                                  in, sizeof in, PATIENT_MS)));
    buf_str(&b, S("GET / HTTP/1.1\r\nHost: x\r\nX: "));
    for (int i = 0; i < 65536; i++) buf_char(&b, 'a');
    buf_str(&b, S("\r\n\r\n"));
    assert_int_equal(431, status_of_answer(ask(port, buf_view(&b), in, sizeof in, PATIENT_MS)));
    b.n = 0;
    buf_str(&b, S("GET / HTTP/1.1\r\nHost: x\r\n"));
    for (int i = 0; i < LIMIT_HTTP_FIELDS; i++) buf_str(&b, S("A: b\r\n"));
    buf_str(&b, S("\r\n"));
    assert_int_equal(431, status_of_answer(ask(port, buf_view(&b), in, sizeof in, PATIENT_MS)));
    b.n = 0;
    buf_str(&b, S("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;"));
    for (int i = 0; i < 20480; i++) buf_char(&b, 'a');
    buf_str(&b, S("\r\nabc\r\n0\r\n\r\n"));
    assert_int_equal(413, status_of_answer(ask(port, buf_view(&b), in, sizeof in, PATIENT_MS)));
    buf_clear(&b);
    http_counts n;
    http_server_counts(s, &n);
    assert_true(n.refused >= 3);
    http_server_close(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_requests_are_refused_and_nothing_behind_them_is_run),
        cmocka_unit_test(benign_requests_are_served_and_so_is_the_next_on_the_line),
        cmocka_unit_test(nul_bytes_and_floods_are_refused),
    };
    return RUN_TESTS(tests);
}
