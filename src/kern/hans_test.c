/* hans_test.c - traditional to simplified: against a slow twin, on every pair and on hostile bytes. */
#include "kern/hans.h"
#include "base/test.h"
#include "base/utf8.h"

/* The twin: character by character, each looked up in the list of pairs. */
static str twin(arena *a, str text) {
    buf b = {.a = a};
    for (size_t at = 0; at < text.n;) {
        u32 c = 0;
        int len = utf8_get(text, at, &c);
        if (len == 0) buf_char(&b, text.p[at]);
        for (size_t i = 0; len > 0 && i < hans_pairs_n; i++)
            if (hans_pairs[i][0] == c) {
                c = hans_pairs[i][1];
                break;
            }
        if (len > 0) buf_utf8(&b, c);
        at += (size_t)MAX(len, 1);
    }
    return buf_view(&b);
}

static void what_people_write_becomes_simplified(void **state) {
    (void)state;
    arena *a = arena_open(1 << 20);
    assert_str(hans_simplified(a, S("客服態度很差,隨著時間")), S("客服态度很差,随着时间"));
    assert_str(hans_simplified(a, S("iPhone 壞了😀é")), S("iPhone 坏了😀é"));
    str same = S("这里没有繁体字 at all, nothing");
    assert_ptr_equal(hans_simplified(a, same).p, same.p);
    assert_null(hans_simplified(a, NO_STR).p);
    assert_int_equal(hans_simplified(a, S("")).n, 0);
    arena_close(a);
}

static void every_pair_is_like_the_twins(void **state) {
    (void)state;
    arena *a = arena_open((size_t)64 << 20);
    buf b = {.a = a};
    for (size_t i = 0; i < hans_pairs_n; i++) {
        buf_utf8(&b, hans_pairs[i][0]);
        if (i % 7 == 0) buf_str(&b, S(" x"));
    }
    for (size_t cut = 0; cut < 9; cut++) {
        str s = str_from(buf_view(&b), cut * 3);
        assert_str(hans_simplified(a, s), twin(a, s));
    }
    arena_close(a);
}

static void any_bytes_are_taken(void **state) {
    (void)state;
    arena *a = arena_open((size_t)64 << 20);
    u64 x = 5;
    for (int round = 0; round < 200; round++) {
        char text[67];
        size_t n = 1 + (size_t)round % sizeof text;
        for (size_t i = 0; i < n; i++) {
            x = x * 6364136223846793005ull + 1442695040888963407ull;
            text[i] = (char)(x >> 62 ? 0xe3 + (x >> 60) % 8 : 0x80 + (x >> 58));
            if (x >> 61 == 1) text[i] = (char)(x >> 56);
        }
        str s = {text, n};
        assert_str(hans_simplified(a, s), twin(a, s));
        arena_reset(a);
    }
    arena_close(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_people_write_becomes_simplified),
        cmocka_unit_test(every_pair_is_like_the_twins),
        cmocka_unit_test(any_bytes_are_taken),
    };
    return RUN_TESTS(tests);
}
