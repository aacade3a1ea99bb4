/* fold_test.c - folding against cases by hand, a slow twin, and itself. */
#include "base/test.h"
#include "base/utf8.h"
#include "kern/fold.h"
#include "kern/hans.h"
#include <utf8proc.h>

static arena *a;
static int set_up(void **state) {
    (void)state;
    a = arena_open((size_t)64 << 20);
    return 0;
}
static int tear_down(void **state) {
    (void)state;
    arena_close(a);
    return 0;
}
static str folded(str s) {
    str out;
    fold(a, s, &out, NULL);
    return out;
}

static void folds_what_people_write_in_two_ways(void **state) {
    (void)state;
    static const struct {
        const char *in, *want;
    } cases[] = {
        {"Hello World", "hello world"},
        {"ＡＢＣ１２３！", "abc123!"},
        {"很好，謝謝！", "很好,谢谢!"},
        {"退貨運費太貴", "退货运费太贵"},
        {"睡著了", "睡着了"},
        {"STRASSE straße", "strasse strasse"},
        {"ﬁne ℃", "fine °c"},
        {"cafe\u0301 CAFÉ", "café café"},
        {"don’t “quote” — x", "don't \"quote\" - x"},
        {"a  \t\r\n b\u3000c", "a b c"},
        {"z\u200be\u200dr\ufe0fo", "zero"},
        {"👍🏻👍🏿", "👍👍"},
        {"好好好好好好", "好好好"},
        {"soooooo gooood", "sooo goood"},
        {"10000 1000", "10000 1000"},
        {"……", "..."},
        {"ｶﾞｷﾞ", "ガギ"},
        {"か\u3099", "が"},
        {"①②③", "123"},
        {"ΣΑΣ", "σασ"},
        {"𝓕𝓪𝓷𝓬𝔂", "fancy"},
        {"\u1112\u1161\u11ab", "한"},
        {"⾞", "车"},
        {"", ""},
        {" x ", " x "},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_str(folded(str_of(cases[i].in)), str_of(cases[i].want));
    assert_null(folded(NO_STR).p);
}

/* ---- the slow twin: the law of fold.h, one rule after the other, over an array of code points
 * ---- */

static u32 twin_simple(u32 c) {
    for (int hops = 0; hops < 4; hops++) {
        u32 to = 0;
        for (size_t i = 0; i < hans_pairs_n; i++)
            if (hans_pairs[i][0] == c) to = hans_pairs[i][1];
        if (!to) break;
        c = to;
    }
    return c;
}

static bool twin_blank(u32 c) {
    if (c <= 0x20 || (c >= 0x7f && c <= 0xa0) || c == 0x3000) return true;
    utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);
    return k == UTF8PROC_CATEGORY_ZS || k == UTF8PROC_CATEGORY_ZL || k == UTF8PROC_CATEGORY_ZP;
}

static u32 twin_sign(u32 c) {
    static const u32 signs[][2] = {{0x2018, '\''}, {0x2019, '\''}, {0x201a, '\''}, {0x201b, '\''},
                                   {0x2bc, '\''},  {0x2032, '\''}, {0x201c, '"'},  {0x201d, '"'},
                                   {0x201e, '"'},  {0x201f, '"'},  {0x2033, '"'},  {0x2010, '-'},
                                   {0x2011, '-'},  {0x2012, '-'},  {0x2013, '-'},  {0x2014, '-'},
                                   {0x2015, '-'},  {0x2212, '-'}};
    for (size_t i = 0; i < COUNT(signs); i++)
        if (signs[i][0] == c) return signs[i][1];
    return c;
}

static size_t twin_add(u32 *out, size_t n, u32 c) {
    utf8proc_int32_t pair[2] = {n ? (utf8proc_int32_t)out[n - 1] : 0, (utf8proc_int32_t)c};
    utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);
    bool mark =
        k == UTF8PROC_CATEGORY_MN || k == UTF8PROC_CATEGORY_MC || (c >= 0x1160 && c <= 0x11ff);
    if (mark && n && out[n - 1] > ' ' &&
        utf8proc_normalize_utf32(pair, 2, UTF8PROC_COMPOSE | UTF8PROC_STABLE) == 1) {
        n--;
        c = (u32)pair[0];
    }
    if (c == ' ' && n && out[n - 1] == ' ') return n;
    bool digit = c >= '0' && c <= '9';
    if (!digit && n >= 3 && out[n - 1] == c && out[n - 2] == c && out[n - 3] == c) return n;
    out[n] = c;
    return n + 1;
}

static str twin(str s) {
    u32 *out = NEW_N(a, u32, s.n * 20 + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        u32 c = 0xfffd;
        int len = utf8_get(s, i, &c);
        i += len ? (size_t)len : 1;
        if (c >= 0x1f3fb && c <= 0x1f3ff) continue;
        utf8proc_int32_t d[64];
        int cls = 0;
        c = twin_blank(c) ? ' ' : twin_sign(c);
        utf8proc_ssize_t k = utf8proc_decompose_char(
            (utf8proc_int32_t)c, d, 64,
            UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE, &cls);
        if (c == 0xfffe || c == 0xffff) k = 0;
        k = utf8proc_normalize_utf32(d, k, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
        for (utf8proc_ssize_t j = 0; j < k; j++) {
            u32 o = (u32)d[j];
            n = twin_add(out, n, twin_simple(twin_blank(o) ? ' ' : twin_sign(o)));
        }
    }
    buf b = {.a = a};
    for (size_t i = 0; i < n; i++) buf_utf8(&b, out[i]);
    return buf_view(&b);
}

static u64 next(u64 *seed) {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    return *seed ^= *seed << 17;
}

/* Text of all kinds, with many repetitions so that runs and marks meet. */
static str random_text(u64 *seed, size_t chars) {
    static const u32 bases[] = {'a',     'A',     'e',    ' ',    '\n',   '0',    0x597d, 0x8b1d,
                                0xff21,  0x301,   0x302,  0x323,  0x3099, 0x30ab, 0x200d, 0xfe0f,
                                0x1f44d, 0x1f3fb, 0x2026, 0x1100, 0x1161, 0x11a8, 0xfdfa, 0xdf,
                                0x130,   0x390,   0x3000, 0x2014, 0x344,  0xe9};
    buf b = {.a = a};
    u32 c = 'a';
    for (size_t i = 0; i < chars; i++) {
        u64 r = next(seed);
        if (r % 3 == 0) {
            c = bases[(r >> 8) % COUNT(bases)];
        } else if (r % 7 == 0) {
            c = (u32)(r >> 8) % 0x11000;
            if (c >= 0xd800 && c < 0xe000) c = 'q';
        } else if (r % 31 == 0) {
            c = 0x4e00 + (u32)(r >> 8) % 0x5000;
        }
        buf_utf8(&b, c);
        if (r % 97 == 0) buf_char(&b, (char)0x80); /* not UTF-8 */
    }
    return buf_view(&b);
}

static void equals_the_slow_twin_on_random_text(void **state) {
    (void)state;
    u64 seed = 7;
    for (int round = 0; round < 400; round++) {
        str s = random_text(&seed, 1 + next(&seed) % 40);
        assert_str(folded(s), twin(s));
        arena_reset(a);
    }
}

static void equals_the_slow_twin_on_every_tenth_character(void **state) {
    (void)state;
    for (u32 c = 0; c < 0x20000; c += c < 0x4000 ? 1 : 11) {
        char p[4];
        if (c >= 0xd800 && c < 0xe000) continue;
        str s = {p, (size_t)utf8_put(c, p)};
        assert_str(folded(s), twin(s));
        if (c % 64 == 0) arena_reset(a);
    }
}

static void folding_twice_changes_nothing(void **state) {
    (void)state;
    u64 seed = 11;
    for (int round = 0; round < 4000; round++) {
        str once = folded(random_text(&seed, 1 + next(&seed) % 30));
        assert_str(folded(once), once);
        arena_reset(a);
    }
    for (u32 c = 0; c < 0x30000; c++) {
        char p[4];
        if (c >= 0xd800 && c < 0xe000) continue;
        str once = folded((str){p, (size_t)utf8_put(c, p)});
        assert_str(folded(once), once);
        if (c % 256 == 0) arena_reset(a);
    }
}

static void offsets_lead_back_to_the_text(void **state) {
    (void)state;
    u32 *off;
    str f;
    fold(a, S("Ａ謝é ﬁ"), &f, &off);
    assert_str(f, S("a谢é fi"));
    static const u32 want[] = {0, 3, 3, 3, 6, 6, 8, 9, 9, 12};
    assert_int_equal(f.n + 1, COUNT(want));
    assert_memory_equal(off, want, sizeof want);
    u64 seed = 3;
    for (int round = 0; round < 300; round++) {
        str s = random_text(&seed, next(&seed) % 60);
        fold(a, s, &f, &off);
        assert_str(f, folded(s));
        assert_int_equal(off[f.n], s.n);
        for (size_t i = 0; i < f.n; i++) {
            assert_true(off[i] < s.n && off[i] <= off[i + 1]);
            bool start = ((u8)f.p[i] & 0xc0) != 0x80;
            if (!start) assert_int_equal(off[i], off[i - 1]);
        }
        arena_reset(a);
    }
    fold(a, NO_STR, &f, &off);
    assert_int_equal(off[0], 0);
}

static void one_character_that_grows_thirty_times_fits(void **state) {
    (void)state;
    buf b = {.a = a};
    for (int i = 0; i < 3000; i++) buf_utf8(&b, i % 2 ? 0xfdfa : 'x');
    u32 *off;
    str f;
    fold(a, buf_view(&b), &f, &off);
    assert_str(f, twin(buf_view(&b)));
}

static void has_agrees_with_folding_and_searching(void **state) {
    (void)state;
    assert_true(fold_has(S("我要 退貨！"), folded(S("退货"))));
    assert_true(fold_has(S("I want a REFUND"), S("refund")));
    assert_false(fold_has(S("cafe\u0301"), S("cafe")));
    assert_true(fold_has(S("x"), S("")));
    assert_false(fold_has(NO_STR, S("")));
    assert_false(fold_has(S(""), S("x")));
    u64 seed = 5;
    for (int round = 0; round < 1500; round++) {
        str s = random_text(&seed, next(&seed) % (round % 10 ? 60 : 3000));
        str f = folded(s);
        size_t from = f.n ? next(&seed) % f.n : 0, n = next(&seed) % (round % 50 ? 9 : 2500);
        buf needle = {.a = a};
        buf_str(&needle, str_head(str_from(f, from), n));
        if (round % 3 == 0 && needle.n) needle.p[needle.n - 1] ^= 1;
        str want = buf_view(&needle);
        assert_int_equal(fold_has(s, want), want.n == 0 || str_find(f, want) >= 0);
        arena_reset(a);
    }
}

static void one_character_folds_alone(void **state) {
    (void)state;
    assert_int_equal(fold_char('A'), 'a');
    assert_int_equal(fold_char(0x8b1d), 0x8c22);
    assert_int_equal(fold_char(0x200b), 0);
    assert_int_equal(fold_char(0x1f44d), 0x1f44d);
    assert_int_equal(fold_char(0xfb01), 0xfb01);
    assert_int_equal(fold_char(0x1d4d5), 'f');
}

static bool job(arena *jobs, void *ctx, err *e) {
    (void)ctx;
    (void)e;
    str f;
    u32 *off;
    fold(jobs, S("ﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺ"), &f, &off);
    return true;
}

static void survives_running_out_of_memory_anywhere(void **state) {
    (void)state;
    err e;
    i64 survived = -1;
    for (i64 n = 0; survived < 0; n++) {
        arena_fail_after(n);
        if (job_run(1 << 20, job, NULL, &e))
            survived = n;
        else
            assert_int_equal(e.code, LIMIT);
    }
    arena_fail_after(-1);
    assert_true(survived > 2);
}

int main(void) {
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(folds_what_people_write_in_two_ways),
        T(equals_the_slow_twin_on_random_text),
        T(equals_the_slow_twin_on_every_tenth_character),
        T(folding_twice_changes_nothing),
        T(offsets_lead_back_to_the_text),
        T(one_character_that_grows_thirty_times_fits),
        T(has_agrees_with_folding_and_searching),
        T(one_character_folds_alone),
        cmocka_unit_test(survives_running_out_of_memory_anywhere),
    };
    return RUN_TESTS(tests);
}
