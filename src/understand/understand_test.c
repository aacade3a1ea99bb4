/* understand_test.c - the readers on sentences of our own, and the lexicons held to their rules. */
#include "base/test.h"
#include "kern/fold.h"
#include "understand/findings.h"
#include "understand/understand.h"

static insight read_words(arena *a, str words, str lang) {
    insight ins = {.row = {.lang = lang}};
    str folded;
    u32 *offsets;
    err e = {0};
    fold(a, words, &folded, &offsets);
    assert_ok(understand_signal(a, NULL, words, folded, offsets, NULL, 0, &ins, &e));
    return ins;
}

typedef struct {
    const char *words;
    int want;
} judged;

static void hold(const judged *cases, size_t n) {
    int wrong = 0;
    for (size_t i = 0; i < n; i++) {
        arena *a = arena_open(16 << 20);
        i64 have = read_words(a, str_of(cases[i].words), NO_STR).row.sentiment;
        if (have != cases[i].want) {
            print_message("%s: have %lld, want %d\n", cases[i].words, (long long)have,
                          cases[i].want);
            wrong++;
        }
        arena_close(a);
    }
    assert_int_equal(wrong, 0);
}

static void plain_judgements_are_read(void **state) {
    (void)state;
    static const judged cases[] = {
        {"客服小姐姐特别热情,问题一下就解决了", 1},
        {"包装很结实,东西也好用", 1},
        {"充电半小时只跑一百公里,太坑了", -1},
        {"打了三天电话没人接", -1},
        {"房間很乾淨,早餐也豐富", 1},
        {"態度惡劣,再也不會來了", -1},
        {"The staff were lovely and the room was spotless", 1},
        {"Terrible app, it keeps crashing", -1},
        {"今天下单,明天到店自取", 0},
        {"I will pick it up on Tuesday", 0},
    };
    hold(cases, COUNT(cases));
}

static void negation_turns_and_its_exceptions_do_not(void **state) {
    (void)state;
    static const judged cases[] = {
        {"不好吃", -1},
        {"不是很满意", -1},
        {"没有想象中那么好", -1},
        {"一点也不贵", 1},
        {"东西真不错", 1},
        {"没得说,下次还买", 1},
        {"忍不住夸一句", 1},
        {"不得不夸一下师傅", 1},
        {"没有异味", 1},
        {"並不好用", -1},
        {"not good at all", -1},
        {"It isn't comfortable", -1},
        {"I don't like the colour", -1},
        {"The food was not bad", 1},
        {"I can't recommend this", -1},
        {"can't go wrong with these", 1},
    };
    hold(cases, COUNT(cases));
}

static void what_follows_a_contrast_counts_more(void **state) {
    (void)state;
    static const judged cases[] = {
        {"外观不错,但是质量太差", -1},
        {"虽然有点贵,但是非常好用", 1},
        {"雖然送得慢,但味道很好", 1},
        {"Nice colour but it broke after a week and support was useless", -1},
        {"A bit pricey, but absolutely worth it, great quality", 1},
    };
    hold(cases, COUNT(cases));
}

static void emoji_speak_in_every_language(void **state) {
    (void)state;
    arena *a = arena_open(16 << 20);
    assert_int_equal(read_words(a, S("😡😡"), NO_STR).row.sentiment, -1);
    assert_int_equal(read_words(a, S("entrega rápida 😍"), S("pt")).row.sentiment, 1);
    assert_int_equal(read_words(a, S("la entrega llegó tarde"), S("es")).row.sentiment, NONE);
    assert_int_equal(read_words(a, S("bad"), S("de")).row.sentiment, NONE);
    assert_int_equal(read_words(a, S(""), S("zh-Hans")).row.sentiment, NONE);
    arena_close(a);
}

static i32 score_of(arena *a, str words) {
    insight ins = {0};
    reading r = {.a = a, .ins = &ins, .text = words};
    u32 *offsets;
    err e = {0};
    fold(a, words, &r.folded, &offsets);
    r.offsets = offsets;
    assert_ok(understand_reading(&r, NULL, 0, &e));
    return r.found ? r.found->score : 0;
}

static void degree_scales_the_score(void **state) {
    (void)state;
    arena *a = arena_open(16 << 20);
    assert_true(score_of(a, S("有点慢")) < 0 &&
                score_of(a, S("太慢了")) < score_of(a, S("有点慢")));
    assert_true(score_of(a, S("非常漂亮")) > score_of(a, S("漂亮")));
    assert_true(score_of(a, S("very comfortable")) > score_of(a, S("comfortable")));
    assert_true(score_of(a, S("slightly rude")) > score_of(a, S("extremely rude")));
    assert_true(score_of(a, S("希望能便宜")) < 0);
    arena_close(a);
}

static void mixed_texts_are_mixed(void **state) {
    (void)state;
    static const judged cases[] = {{"味道好,服务差", 0}, {"good food, bad service", 0}};
    hold(cases, COUNT(cases));
}

static void every_term_is_written_as_it_is_folded(void **state) {
    (void)state;
    const vocabulary *v = vocabulary_shipped();
    int wrong = 0;
    for (size_t i = 0; i < v->entries_n; i++) {
        arena *a = arena_open(1 << 20);
        str folded;
        fold(a, v->entries[i].text, &folded, NULL);
        if (!str_eq(folded, v->entries[i].text)) {
            print_message("%.*s folds to %.*s\n", STR_ARG(v->entries[i].text), STR_ARG(folded));
            wrong++;
        }
        arena_close(a);
    }
    assert_int_equal(wrong, 0);
}

static void hostile_texts_are_read_quickly_and_whole(void **state) {
    (void)state;
    static const char *const parts[] = {"但", "不好", "a",    "good but ", "快递", "\xff",
                                        ":(", "。",   "虽然", "很",        "不 "};
    for (size_t p = 0; p < COUNT(parts); p++) {
        arena *a = arena_open((size_t)1 << 30);
        buf b = {.a = a};
        while (b.n + 16 < LIMIT_WORDS_BYTES) buf_str(&b, str_of(parts[p]));
        insight ins = read_words(a, buf_view(&b), NO_STR);
        assert_true(ins.mentions_n <= LIMIT_MENTIONS);
        arena_close(a);
    }
}

static bool read_job(arena *a, void *ctx, err *e) {
    (void)ctx;
    insight ins = {0};
    str words = S("虽然快递慢,但是客服态度很好 :) 要求退款"), folded;
    u32 *offsets;
    fold(a, words, &folded, &offsets);
    return understand_signal(a, NULL, words, folded, offsets, NULL, 0, &ins, e);
}
static void every_failing_allocation_ends_in_one_sentence(void **state) {
    (void)state;
    err e = {0};
    vocabulary_shipped();
    i64 survived = -1;
    for (i64 n = 0; survived < 0; n++) {
        arena_fail_after(n);
        if (job_run(1 << 20, read_job, NULL, &e))
            survived = n;
        else
            assert_int_equal(e.code, LIMIT);
    }
    arena_fail_after(-1);
    assert_true(survived > 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_judgements_are_read),
        cmocka_unit_test(negation_turns_and_its_exceptions_do_not),
        cmocka_unit_test(what_follows_a_contrast_counts_more),
        cmocka_unit_test(degree_scales_the_score),
        cmocka_unit_test(mixed_texts_are_mixed),
        cmocka_unit_test(emoji_speak_in_every_language),
        cmocka_unit_test(every_term_is_written_as_it_is_folded),
        cmocka_unit_test(hostile_texts_are_read_quickly_and_whole),
        cmocka_unit_test(every_failing_allocation_ends_in_one_sentence),
    };
    return RUN_TESTS(tests);
}
