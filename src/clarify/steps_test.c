/* steps_test.c - each step by itself, by name: what it sets, and that it leaves the rest alone. */
#include "base/test.h"
#include "clarify/step.h"

typedef struct {
    signal sig;
    insight ins;
    clarified out;
    clarify_setup setup;
    clarifying c;
} bench;

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

static bench *on(str text) {
    bench *b = NEW(a, bench);
    signal_init(&b->sig);
    noun_init(&noun_insight, &b->ins.row);
    b->sig.row.words = text;
    b->out.text = text;
    b->ins.row.quality = S("ok");
    b->c = (clarifying){.a = a, .sig = &b->sig, .setup = &b->setup, .ins = &b->ins, .out = &b->out};
    return b;
}

static void run(const char *name, bench *b) {
    for (size_t i = 0; i < steps_n; i++) {
        if (strcmp(steps[i]->name, name) != 0) continue;
        steps[i]->run(&b->c);
        return;
    }
    fail_msg("there is no step %s", name);
}

static void markup_changes_only_the_text(void **state) {
    (void)state;
    bench *b = on(S("<i>fine</i> &gt; before"));
    run("markup", b);
    assert_str(b->out.text, S("fine > before"));
    assert_null(b->ins.row.lang.p);
    assert_str(b->sig.row.words, S("<i>fine</i> &gt; before"));
}

static void language_sets_lang(void **state) {
    (void)state;
    bench *b = on(S("這家店很不錯"));
    run("language", b);
    assert_str(b->ins.row.lang, S("zh-Hant"));
    assert_str(b->out.text, b->sig.row.words);
}

static void redact_speaks_the_language_and_counts(void **state) {
    (void)state;
    static const char *const langs[][2] = {{"en", "to <email>"},
                                           {"zh-Hans", "to <邮箱>"},
                                           {"zh-Hant", "to <郵箱>"},
                                           {"und", "to <email>"},
                                           {"fr", "to <email>"}};
    for (size_t i = 0; i < COUNT(langs); i++) {
        bench *b = on(S("to jo@x.org"));
        b->ins.row.lang = str_of(langs[i][0]);
        run("redact", b);
        assert_str(b->out.text, str_of(langs[i][1]));
        assert_int_equal(b->ins.row.redacted, 1);
    }
}

static void fold_gives_offsets_into_the_text(void **state) {
    (void)state;
    bench *b = on(S(" 謝謝 "));
    run("fold", b);
    assert_str(b->out.folded, S(" 谢谢 "));
    assert_int_equal(b->out.folded_chars, 2);
    assert_int_equal(b->out.offsets[b->out.folded.n], b->out.text.n);
}

static void sentence_finds_ends(void **state) {
    (void)state;
    bench *b = on(S("一。Two! 三"));
    run("sentence", b);
    assert_int_equal(b->out.sentences_n, 3);
    assert_int_equal(b->out.sentence_ends[0], 6);
    assert_int_equal(b->out.sentence_ends[2], b->out.text.n);
}

static void prints_need_folded_words(void **state) {
    (void)state;
    bench *b = on(S("x"));
    run("prints", b);
    assert_int_equal(b->ins.row.words_hash, NONE);
    run("fold", b);
    run("prints", b);
    assert_int_not_equal(b->ins.row.words_hash, NONE);
    assert_int_equal(b->ins.row.simhash, NONE);
}

static void spam_marks_advertising_but_no_customer_with_a_link(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"free gift! earn money, click here http://a.b/c", "spam"},
        {"兼职日赚500，加qq <qq> 推广", "spam"},
        {"screenshot at http://a.b/c, please help", "ok"},
        {"my order <id>: call me at <phone>, I want my money back", "ok"},
        {"请开发票，我的电话<手机>", "ok"},
        {"sdfghjkl qwrtpsdf zxcvbnm", "spam"},
        {"GPS, USB, HDMI and DVD work; rhythm and strengths too", "ok"},
        {"", "ok"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        bench *b = on(str_of(cases[i][0]));
        run("fold", b);
        run("spam", b);
        assert_str(b->ins.row.quality, str_of(cases[i][1]));
    }
}

int main(void) {
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(markup_changes_only_the_text),
        T(language_sets_lang),
        T(redact_speaks_the_language_and_counts),
        T(fold_gives_offsets_into_the_text),
        T(sentence_finds_ends),
        T(prints_need_folded_words),
        T(spam_marks_advertising_but_no_customer_with_a_link),
    };
    return RUN_TESTS(tests);
}
