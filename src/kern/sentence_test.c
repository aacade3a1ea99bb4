/* sentence_test.c - sentence ends, by cases; "|" marks where a sentence must end. */
#include "base/test.h"
#include "kern/sentence.h"

static void splits_where_a_reader_would(void **state) {
    (void)state;
    static const char *const cases[] = {
        "很好。|下次还来！|真的吗？",
        "服务很差!!!|再也不来了……|哼",
        "他说：“太慢了！”|然后走了。|",
        "电池3.5小时，价格19.9元。|可以",
        "The app is slow. |It crashed twice! |Why?",
        "Mr. Smith paid 3.50 in the U.S. office. |He left.",
        "J. R. Smith called. |No answer.",
        "Wait... what? |Wait... |Never again.",
        "I asked e.g. for a refund. |They said no. |It was sad.",
        "He said \"never again.\" |Then he left (angry.) |Yes.",
        "第一行\n|第二行\n\n|third line",
        "1.很好2.不错",
        "see www.example.com/a.html now. |ok",
        "没有标点的一句话",
        "质量OK.|客服好.|物流慢",
        "Version 2.0.1 is out. |Good",
        "It was me and I. |You too.",
        "Apples, pears etc. |They were bad.",
        "好评～～|",
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        arena *a = arena_open(1 << 20);
        buf plain = {.a = a}, have = {.a = a};
        str want = str_of(cases[i]);
        if (want.p[want.n - 1] == '|') want.n--;
        for (size_t k = 0; k < want.n; k++)
            if (want.p[k] != '|') buf_char(&plain, want.p[k]);
        str text = buf_view(&plain);
        u32 *ends, from = 0;
        size_t n = sentences_split(a, text, &ends);
        for (size_t k = 0; k < n; k++) {
            if (k) buf_char(&have, '|');
            buf_str(&have, (str){text.p + from, ends[k] - from});
            from = ends[k];
        }
        assert_str(buf_view(&have), want);
        arena_close(a);
    }
}

static void no_words_have_no_sentences(void **state) {
    (void)state;
    arena *a = arena_open(1 << 20);
    u32 *ends;
    assert_int_equal(sentences_split(a, NO_STR, &ends), 0);
    assert_int_equal(sentences_split(a, S(""), &ends), 0);
    assert_int_equal(sentences_split(a, S(" \n "), &ends), 0);
    assert_int_equal(sentences_split(a, S("\n\nx\n\n"), &ends), 1);
    assert_int_equal(ends[0], 5);
    arena_close(a);
}

static void ends_rise_to_the_end_of_any_bytes(void **state) {
    (void)state;
    static const char *const bits[] = {".",  "!", "。",   "a", "Mr", " ", "\n",
                                       "\"", "3", "\x80", "…", "好", "”", "\xe3\x80"};
    u64 seed = 4;
    for (int round = 0; round < 5000; round++) {
        arena *a = arena_open(1 << 20);
        buf b = {.a = a};
        for (int k = round % 17; k >= 0; k--) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            buf_str(&b, str_of(bits[(seed >> 33) % COUNT(bits)]));
        }
        u32 *ends;
        size_t n = sentences_split(a, buf_view(&b), &ends);
        for (size_t i = 0; i < n; i++) assert_true(ends[i] > (i ? ends[i - 1] : 0));
        if (n) assert_int_equal(ends[n - 1], b.n);
        arena_close(a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_where_a_reader_would),
        cmocka_unit_test(no_words_have_no_sentences),
        cmocka_unit_test(ends_rise_to_the_end_of_any_bytes),
    };
    return RUN_TESTS(tests);
}
