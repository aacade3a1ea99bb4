/* http_chunk_test.c - chunked bodies: the same for every cutting, strict, and bounded. */
#include "base/test.h"
#include "api/http_chunk.h"

typedef struct {
    buf body;
    bool ok, done;
    size_t left;
    err_code code;
} taken;

/* Gives raw in pieces of at most step bytes. */
static taken take(str raw, size_t step) {
    chunk_in c = {0};
    taken t = {.ok = true};
    err e;
    while (t.ok && raw.n && !chunk_done(&c)) {
        str piece = str_head(raw, step), data;
        size_t given = piece.n;
        while (t.ok && piece.n && !chunk_done(&c)) {
            t.ok = chunk_take(&c, &piece, &data, &e);
            if (t.ok) buf_str(&t.body, data);
        }
        raw = str_from(raw, given - piece.n);
    }
    t.done = chunk_done(&c);
    t.left = raw.n;
    t.code = t.ok ? OK : e.code;
    return t;
}

static void whole_bodies_are_the_same_for_every_cutting(void **state) {
    (void)state;
    static const struct {
        const char *raw, *body;
        size_t left;
    } rows[] = {
        {"0\r\n\r\n", "", 0},
        {"3\r\nabc\r\n0\r\n\r\n", "abc", 0},
        {"3\r\nabc\r\n00000002\r\nde\r\n0\r\n\r\nGET", "abcde", 3},
        {"a\r\n0123456789\r\n000\r\n\r\n", "0123456789", 0},
        {"1;x=\"y\";z\r\nq\r\n0;last\r\nSum: 1\r\nB: \t2\r\n\r\n", "q", 0},
        {"4\r\n\r\n\r\n\r\n0\r\n\r\n", "\r\n\r\n", 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t step = 1; step < 40; step++) {
            taken t = take(str_of(rows[i].raw), step);
            if (!t.ok || !t.done) fail_msg("%s in steps of %zu", rows[i].raw, step);
            assert_str(buf_view(&t.body), str_of(rows[i].body));
            assert_int_equal(t.left, rows[i].left);
            buf_clear(&t.body);
        }
}

static void what_is_not_exact_is_refused(void **state) {
    (void)state;
    static const char *const rows[] = {
        "\r\n",
        ";a\r\n",
        " 3\r\nabc",
        "3 \r\nabc",
        "0x3\r\nabc",
        "-1\r\n",
        "+1\r\n",
        "g\r\n",
        "3\nabc",
        "3\r\rabc",
        "3\r\nabcd",
        "3\r\nabc\n0",
        "3\r\nabc\r\r",
        "3\r\nabc0\r\n\r\n",
        "123456789\r\n",
        "1;a\x01\r\n",
        "1;a\nb",
        "0\r\n a: b\r\n\r\n",
        "0\r\n: b\r\n\r\n",
        "0\r\na\n\r\n",
        "0\r\na: b\r\r",
        "0\r\n\rX",
        "0\n\r\n",
        "0\r\na: \x7f\r\n",
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t step = 1; step < 20; step++) {
            taken t = take(str_of(rows[i]), step);
            if (t.ok || t.code != INVALID) fail_msg("%s in steps of %zu was taken", rows[i], step);
            buf_clear(&t.body);
        }
}

static void extensions_and_trailers_have_limits(void **state) {
    (void)state;
    buf b = {0};
    for (int i = 0; i < 200; i++) buf_str(&b, S("1;abcdef\r\nx\r\n")); /* small ones add up */
    taken t = take(buf_view(&b), 100);
    assert_int_equal(t.code, LIMIT);
    buf_clear(&t.body);
    b.n = 0;
    buf_str(&b, S("0\r\n"));
    for (int i = 0; i < 600; i++) buf_str(&b, S("a: bcdef\r\n"));
    t = take(buf_view(&b), 100);
    assert_int_equal(t.code, LIMIT);
    buf_clear(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_bodies_are_the_same_for_every_cutting),
        cmocka_unit_test(what_is_not_exact_is_refused),
        cmocka_unit_test(extensions_and_trailers_have_limits),
    };
    return RUN_TESTS(tests);
}
