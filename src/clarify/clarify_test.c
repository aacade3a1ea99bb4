/* clarify_test.c - the whole room: one signal through all steps, again and again, without memory. */
#include "base/test.h"
#include "base/utf8.h"
#include "clarify/clarify.h"
#include "clarify/step.h"

static arena *a;
static int set_up(void **state) {
    (void)state;
    a = arena_open((size_t)256 << 20);
    return 0;
}
static int tear_down(void **state) {
    (void)state;
    arena_close(a);
    return 0;
}

static insight clean_of(str words, clarified *out) {
    signal s;
    insight ins;
    err e;
    signal_init(&s);
    s.row.words = words;
    assert_ok(clarify_signal(a, &s, NULL, &ins, out, &e));
    return ins;
}

static void cleans_as_people_expect(void **state) {
    (void)state;
    static const struct {
        const char *words, *lang, *clean, *quality, *sentences; /* clean NULL = as the words */
        i64 redacted;
    } cases[] = {
        {"很好。下次还来！", "zh-Hans", NULL, "ok", "9,24", 0},
        {"<p>退貨&amp;運費</p>", "zh-Hant", "退貨&運費", "ok", "13", 0},
        {"我的電話是13812345678，沒人處理", "zh-Hant", "我的電話是<手機>，沒人處理", "ok", "38", 1},
        {"打我手机１３８１２３４５６７８", "zh-Hans", "打我手机<手机>", "ok", "20", 1},
        {"Call me at (415) 555-2671. Thanks!", "en", "Call me at <phone>. Thanks!", "ok", "20,27",
         1},
        {"&lt;b&gt;Mail&lt;/b&gt; jo@x&#46;org please, it was not good", "en",
         "Mail <email> please, it was not good", "ok", "36", 1},
        {"", "und", NULL, "empty", "", 0},
        {" \xe3\x80\x80\n", "und", "", "empty", "", 0},
        {"<br>", "und", "", "empty", "", 0},
        {"加微信abc12345免费领优惠，日赚500 http://x.io/a", "zh-Hans",
         "加微信<微信>免费领优惠，日赚500 http://x.io/a", "spam", "", 1},
        {"asdfghjklqwrtpsdfgh", "und", NULL, "spam", "19", 0},
        {"快递太慢了，打客服400-820-8820也没用，还要我加微信", "zh-Hans", NULL, "ok", "", 0},
        {"哈哈哈哈哈哈哈哈哈哈", "zh-Hans", NULL, "ok", "30", 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        clarified out;
        insight ins = clean_of(str_of(cases[i].words), &out);
        assert_str(ins.row.lang, str_of(cases[i].lang));
        if (cases[i].clean)
            assert_str(ins.row.clean, str_of(cases[i].clean));
        else
            assert_null(ins.row.clean.p);
        assert_str(ins.row.quality, str_of(cases[i].quality));
        assert_int_equal(ins.row.redacted, cases[i].redacted);
        if (cases[i].sentences[0]) assert_str(ins.row.sentences, str_of(cases[i].sentences));
        assert_int_equal(ins.row.duplicate_of, NONE);
    }
}

static void filling_is_marked_and_emphasis_is_not(void **state) {
    (void)state;
    clarified out;
    buf b = {.a = a};
    for (int i = 0; i < 40; i++) buf_str(&b, S("好评 "));
    assert_str(clean_of(buf_view(&b), &out).row.quality, S("spam"));
    assert_str(clean_of(S("好评好评好评好评好评"), &out).row.quality, S("ok"));
    assert_str(clean_of(S("so so so so so bad, so very very bad"), &out).row.quality, S("ok"));
}

static void signals_without_words_are_empty_not_missing(void **state) {
    (void)state;
    clarified out;
    insight ins = clean_of(NO_STR, &out);
    assert_str(ins.row.quality, S("empty"));
    assert_int_equal(ins.row.words_hash, NONE);
    assert_int_equal(ins.row.simhash, NONE);
    assert_non_null(out.text.p);
    assert_int_equal(out.offsets[0], 0);
    assert_null(ins.row.sentences.p);
}

static void equal_words_have_equal_prints_however_written(void **state) {
    (void)state;
    clarified out;
    i64 one = clean_of(S("快遞太慢，APP也難用"), &out).row.words_hash;
    assert_int_equal(one, clean_of(S(" 快递太慢,<b>app</b>也难用\n"), &out).row.words_hash);
    assert_int_not_equal(one, clean_of(S("快递太慢,app也好用"), &out).row.words_hash);
}

static void redaction_can_be_switched_off_by_the_organisation(void **state) {
    (void)state;
    signal s;
    insight ins;
    clarified out;
    err e;
    signal_init(&s);
    s.row.words = S("打13812345678");
    clarify_setup keep = {.keep_personal_data = true};
    assert_ok(clarify_signal(a, &s, &keep, &ins, &out, &e));
    assert_str(out.text, s.row.words);
    assert_int_equal(ins.row.redacted, 0);
}

static void words_that_break_the_law_are_refused_in_one_sentence(void **state) {
    (void)state;
    signal s;
    insight ins = {.mentions_n = 77};
    clarified out;
    err e;
    signal_init(&s);
    s.row.words = S("ok\xff");
    assert_false(clarify_signal(a, &s, NULL, &ins, &out, &e));
    assert_int_equal(e.code, INVALID);
    assert_non_null(strstr(e.msg, "byte 3"));
    char *p = arena_alloc(a, LIMIT_WORDS_BYTES + 1);
    memset(p, 'a', LIMIT_WORDS_BYTES + 1);
    s.row.words = (str){p, LIMIT_WORDS_BYTES + 1};
    assert_false(clarify_signal(a, &s, NULL, &ins, &out, &e));
    assert_int_equal(ins.mentions_n, 77);
    s.row.words.n--;
    assert_ok(clarify_signal(a, &s, NULL, &ins, &out, &e));
}

static str random_words(u64 *seed) {
    static const char *const bits[] = {"<",
                                       ">",
                                       "&amp;",
                                       "&lt;",
                                       "b",
                                       "</p>",
                                       "138",
                                       "1234",
                                       "5678",
                                       "@",
                                       "qq.com",
                                       "王先生",
                                       "好",
                                       "業(yè)",
                                       " ",
                                       "\n",
                                       "。",
                                       "!",
                                       "http://x.io/?a=",
                                       "微信:",
                                       "abc_123",
                                       "\xe2\x80\x8b",
                                       "1２",
                                       "GB82",
                                       "路12号",
                                       "Mr. Al",
                                       "(415) 555-2671",
                                       "&#49;",
                                       "的",
                                       "<phone>",
                                       "e\xcc\x81"};
    buf b = {.a = a};
    for (u64 k = 1 + (*seed >> 40) % 16; k > 0; k--) {
        *seed = *seed * 6364136223846793005u + 1442695040888963407u;
        buf_str(&b, str_of(bits[(*seed >> 33) % COUNT(bits)]));
    }
    return buf_view(&b);
}

static void cleaning_clean_words_changes_nothing(void **state) {
    (void)state;
    u64 seed = 12345;
    for (int round = 0; round < 20000; round++) {
        clarified once, twice;
        str words = random_words(&seed);
        clean_of(words, &once);
        insight again = clean_of(once.text, &twice);
        if (again.row.clean.p) print_message("words: %.*s\n", STR_ARG(words));
        assert_null(again.row.clean.p);
        assert_int_equal(again.row.redacted, 0);
        arena_reset(a);
    }
}

static bool job(arena *jobs, void *ctx, err *e) {
    signal s;
    insight ins;
    clarified out;
    signal_init(&s);
    s.row.words =
        S("<p>請打13812345678，或寫信到 jo@x.org。謝謝！</p> &amp; so on and so forth. 王先生");
    *(bool *)ctx = false;
    if (!clarify_signal(jobs, &s, NULL, &ins, &out, e)) return false;
    return *(bool *)ctx = ins.row.redacted == 3;
}

static void survives_running_out_of_memory_anywhere(void **state) {
    (void)state;
    err e;
    bool done = false;
    i64 survived = -1;
    for (i64 n = 0; survived < 0 && n < 1000; n++) {
        arena_fail_after(n);
        if (job_run(1 << 20, job, &done, &e))
            survived = n;
        else
            assert_int_equal(e.code, LIMIT);
    }
    arena_fail_after(-1);
    assert_true(done && survived > 5);
}

static void every_step_has_its_own_place_and_words(void **state) {
    (void)state;
    assert_true(steps_n >= 7);
    for (size_t i = 0; i < steps_n; i++) {
        assert_true(strlen(steps[i]->name) > 0 && strlen(steps[i]->title) > 0 &&
                    strlen(steps[i]->help) > 0);
        for (size_t k = 0; k < i; k++) assert_int_not_equal(steps[i]->order, steps[k]->order);
    }
}

int main(void) {
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(cleans_as_people_expect),
        T(filling_is_marked_and_emphasis_is_not),
        T(signals_without_words_are_empty_not_missing),
        T(equal_words_have_equal_prints_however_written),
        T(redaction_can_be_switched_off_by_the_organisation),
        T(words_that_break_the_law_are_refused_in_one_sentence),
        T(cleaning_clean_words_changes_nothing),
        cmocka_unit_test(survives_running_out_of_memory_anywhere),
        cmocka_unit_test(every_step_has_its_own_place_and_words),
    };
    return RUN_TESTS(tests);
}
