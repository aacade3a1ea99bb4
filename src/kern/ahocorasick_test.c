/* ahocorasick_test.c - the machine against the slow and obvious search. */
#include "base/test.h"
#include "kern/ahocorasick.h"

typedef struct {
    ac_hit hits[4096];
    size_t n;
} seen;
static void note(void *ctx, const ac_hit *hit) {
    seen *s = ctx;
    assert_true(s->n < COUNT(s->hits));
    s->hits[s->n++] = *hit;
}

/* Every term at every place, in the order the machine promises. */
static void slow_scan(const ac_term *terms, size_t n, str text, seen *out) {
    for (size_t end = 1; end <= text.n; end++)
        for (size_t len = end; len > 0; len--)
            for (size_t t = 0; t < n; t++) {
                str want = terms[t].text;
                if (want.n != len || memcmp(text.p + end - len, want.p, len) != 0) continue;
                if (!word_border(text, end - len)) continue;
                if (!terms[t].open_end && !word_border(text, end)) continue;
                note(out, &(ac_hit){(u32)t, (u32)(end - len), (u32)end});
            }
}

static void compare(arena *a, const ac_term *terms, size_t n, str text) {
    static seen fast, slow;
    fast.n = slow.n = 0;
    ac_scan(ac_build(a, terms, n), text, note, &fast);
    slow_scan(terms, n, text, &slow);
    assert_int_equal(fast.n, slow.n);
    for (size_t i = 0; i < fast.n; i++) {
        assert_int_equal(fast.hits[i].term, slow.hits[i].term);
        assert_int_equal(fast.hits[i].start, slow.hits[i].start);
        assert_int_equal(fast.hits[i].end, slow.hits[i].end);
    }
}

static u64 next(u64 *seed) {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* Bytes from a tiny alphabet make many overlaps; letters, blanks, Han and bad UTF-8 are in it. */
static str random_text(arena *a, u64 *seed, size_t max) {
    static const char *const parts[] = {"a",    "b",        "ab", " ", "\xe5\xa5\xbd",
                                        "\xe5", "\xc3\xa9", "-",  "1"};
    buf b = {.a = a};
    size_t n = 1 + next(seed) % max;
    for (size_t i = 0; i < n; i++)
        buf_str(&b, str_of(parts[next(seed) % COUNT(parts)]));
    return buf_view(&b);
}

static void it_finds_what_the_slow_search_finds(void **state) {
    (void)state;
    u64 seed = 7;
    for (int round = 0; round < 400; round++) {
        arena *a = arena_open(64 << 20);
        size_t n = 1 + next(&seed) % 20;
        ac_term *terms = NEW_N(a, ac_term, n);
        for (size_t i = 0; i < n; i++)
            terms[i] = (ac_term){random_text(a, &seed, 4), next(&seed) % 3 == 0};
        compare(a, terms, n, random_text(a, &seed, 60));
        arena_close(a);
    }
}

static size_t count(arena *a, ac_term term, str text) {
    static seen s;
    s.n = 0;
    ac_scan(ac_build(a, &term, 1), text, note, &s);
    return s.n;
}

static void latin_terms_match_at_word_borders_only(void **state) {
    (void)state;
    arena *a = arena_open(64 << 20);
    assert_int_equal(count(a, (ac_term){S("art"), false}, S("art, start artful smart art")), 2);
    assert_int_equal(count(a, (ac_term){S("disappoint"), true}, S("disappointed; undisappoint")),
                     1);
    assert_int_equal(count(a, (ac_term){S("app"), false}, S("这个app很卡")), 1);
    assert_int_equal(count(a, (ac_term){S("caf"), false}, S("café")), 0);
    assert_int_equal(count(a, (ac_term){S("慢"), false}, S("慢慢慢")), 3);
    assert_int_equal(count(a, (ac_term){S(":)"), false}, S("ok:)ok")), 1);
    assert_int_equal(count(a, (ac_term){S("12315"), false}, S("打12315投诉 123150")), 1);
    arena_close(a);
}

static void no_terms_and_no_text_find_nothing(void **state) {
    (void)state;
    arena *a = arena_open(64 << 20);
    static seen s;
    s.n = 0;
    ac_scan(ac_build(a, NULL, 0), S("anything 任何"), note, &s);
    ac_scan(ac_build(a, &(ac_term){S("x"), false}, 1), S(""), note, &s);
    assert_int_equal(s.n, 0);
    arena_close(a);
}

static bool build_job(arena *a, void *ctx, err *e) {
    (void)ctx;
    (void)e;
    const ac_term terms[] = {{S("ab"), false}, {S("abc"), true}, {S("b"), false}};
    return ac_states(ac_build(a, terms, COUNT(terms))) == 5;
}
static void every_failing_allocation_ends_in_one_sentence(void **state) {
    (void)state;
    err e = {0};
    i64 survived = -1;
    for (i64 n = 0; survived < 0; n++) {
        arena_fail_after(n);
        if (job_run(1 << 20, build_job, NULL, &e))
            survived = n;
        else
            assert_int_equal(e.code, LIMIT);
    }
    arena_fail_after(-1);
    assert_true(survived > 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_finds_what_the_slow_search_finds),
        cmocka_unit_test(latin_terms_match_at_word_borders_only),
        cmocka_unit_test(no_terms_and_no_text_find_nothing),
        cmocka_unit_test(every_failing_allocation_ends_in_one_sentence),
    };
    return RUN_TESTS(tests);
}
