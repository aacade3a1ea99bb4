/* http_head_test.c - the strict head check against a slow twin, and what heads mean. */
#include "base/test.h"
#include "api/http_head.h"

static u64 chance(u64 *seed) { /* splitmix64 */
    u64 z = *seed += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

/* The rule, said slowly: how long a head is, 0 if it is not whole, -1 if something before its end is
** not allowed. */
static int head_slowly(str s) {
    if (s.n && (s.p[0] < 'A' || s.p[0] > 'Z')) return -1;
    for (size_t i = 0; i < s.n; i++) {
        u8 b = (u8)s.p[i];
        bool text = (b >= 0x20 && b != 0x7f) || b == '\t';
        bool after_cr = i > 0 && s.p[i - 1] == '\r';
        bool line_start = i > 1 && s.p[i - 1] == '\n';
        if (after_cr != (b == '\n')) return -1;
        if (line_start && (b == ' ' || b == '\t')) return -1;
        if (!text && b != '\r' && b != '\n') return -1;
        if (b == '\n' && i >= 3 && memcmp(s.p + i - 3, "\r\n\r", 3) == 0) return (int)i + 1;
    }
    return 0;
}

static int head_fast(str s, u64 *seed) {
    head_scan scan = {0};
    err e;
    for (size_t n = 0; n < s.n;) {
        n = MIN(s.n, n + 1 + chance(seed) % 9); /* in pieces, as a network gives them */
        switch (head_find(&scan, str_head(s, n), &e)) {
        case HEAD_WHOLE:
            return (int)scan.seen;
        case HEAD_BAD:
            return -1;
        case HEAD_MORE:
            break;
        }
    }
    return 0;
}

static void the_scan_says_what_its_slow_twin_says(void **state) {
    (void)state;
    static const char *const bits[] = {
        "GET / HTTP/1.1", "\r\n", "\r\n\r\n", "A: b", "\r",  "\n", " ", "\t",
        "\x01",           "X",    ":",        "\x7f", "\xe4"};
    u64 seed = 7;
    char raw[256];
    int whole = 0, bad = 0;
    for (int round = 0; round < 200000; round++) {
        size_t n = 0, parts = 1 + chance(&seed) % 8;
        for (size_t k = 0; k < parts; k++) {
            const char *bit = bits[k == 0 && chance(&seed) % 4
                                       ? 0
                                       : chance(&seed) % (chance(&seed) % 3 ? 4 : COUNT(bits))];
            memcpy(raw + n, bit, strlen(bit));
            n += strlen(bit);
        }
        int slow = head_slowly((str){raw, n}), fast = head_fast((str){raw, n}, &seed);
        if (slow != fast) fail_msg("%.*s: slow %d, fast %d", (int)n, raw, slow, fast);
        whole += slow > 0;
        bad += slow < 0;
    }
    assert_true(whole > 10000 && bad > 10000);
}

static void a_head_without_end_is_cut_off_at_the_limit(void **state) {
    (void)state;
    static char raw[LIMIT_HTTP_HEAD_BYTES + 1];
    head_scan scan = {0};
    err e;
    memset(raw, 'A', sizeof raw);
    assert_int_equal(head_find(&scan, (str){raw, sizeof raw - 2}, &e), HEAD_MORE);
    assert_int_equal(head_find(&scan, (str){raw, sizeof raw}, &e), HEAD_BAD);
    assert_int_equal(e.code, LIMIT);
}

static void heads_are_understood(void **state) {
    (void)state;
    static const struct {
        const char *head, *path, *query;
        int minor;
        i64 length;
        bool chunked, keep_alive, expects, gzip;
    } rows[] = {
        {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "/", NULL, 1, NONE, false, true, false, false},
        {"GET /a?b=c?d HTTP/1.1\r\nHost: a:80\r\nConnection: close\r\n\r\n", "/a", "b=c?d", 1, NONE,
         false, false, false, false},
        {"GET /? HTTP/1.0\r\nConnection: x, Keep-Alive\r\n\r\n", "/", "", 0, NONE, false, true,
         false, false},
        {"GET / HTTP/1.0\r\n\r\n", "/", NULL, 0, NONE, false, false, false, false},
        {"POST /x HTTP/1.1\r\nhost:a\r\ncontent-length:  12 \r\n\r\n", "/x", NULL, 1, 12, false,
         true, false, false},
        {"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: CHUNKED\r\nExpect: "
         "100-Continue\r\n\r\n",
         "/x", NULL, 1, NONE, true, true, true, false},
        {"POST /x HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n", "/x",
         NULL, 1, 0, false, true, false, true},
        {"OPTIONS * HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "*", NULL, 1, NONE, false, true, false,
         false},
        {"GET https://a.b/c?d HTTP/1.1\r\nHost: A.B\r\n\r\n", "/c", "d", 1, NONE, false, true,
         false, false},
        {"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n", "/", NULL, 1,
         NONE, false, true, false, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        http_head h;
        err e = {.msg = ""};
        int status = 0;
        if (!head_parse(str_of(rows[i].head), &h, &status, &e))
            fail_msg("%s: %d %s", rows[i].head, status, e.msg);
        assert_str(h.path, str_of(rows[i].path));
        assert_str(h.query, str_of(rows[i].query));
        assert_int_equal(h.query.p == NULL, rows[i].query == NULL);
        assert_int_equal(h.minor, rows[i].minor);
        assert_int_equal(h.length, rows[i].length);
        assert_int_equal(h.chunked, rows[i].chunked);
        assert_int_equal(h.keep_alive, rows[i].keep_alive);
        assert_int_equal(h.expects_continue, rows[i].expects);
        assert_int_equal(h.gzip, rows[i].gzip);
    }
}

static void fields_come_out_as_they_went_in(void **state) {
    (void)state;
    http_head h;
    err e;
    int status;
    str head = S("GET / HTTP/1.1\r\nHost: a\r\nEmpty:\r\nBlank:  \t \r\nCookie: a=b; c=d "
                 "\r\nX-Last:\tz\r\n\r\n");
    assert_ok(head_parse(head, &h, &status, &e));
    assert_int_equal(h.fields_n, 5);
    assert_str(fields_get(h.fields, h.fields_n, "EMPTY"), S(""));
    assert_non_null(fields_get(h.fields, h.fields_n, "blank").p);
    assert_str(fields_get(h.fields, h.fields_n, "blank"), S(""));
    assert_str(fields_get(h.fields, h.fields_n, "cookie"), S("a=b; c=d"));
    assert_str(fields_get(h.fields, h.fields_n, "x-last"), S("z"));
    assert_null(fields_get(h.fields, h.fields_n, "x").p);
    assert_true(list_has(S("a, B ;q=1,c"), S("b")) && !list_has(S("ab, c"), S("b")) &&
                !list_has(S(""), S("b")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_scan_says_what_its_slow_twin_says),
        cmocka_unit_test(a_head_without_end_is_cut_off_at_the_limit),
        cmocka_unit_test(heads_are_understood),
        cmocka_unit_test(fields_come_out_as_they_went_in),
    };
    return RUN_TESTS(tests);
}
