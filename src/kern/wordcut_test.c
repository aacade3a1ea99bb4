/* wordcut_test.c - words: against a slow twin that tries every cut; own words; hostile text. */
#include "kern/wordcut.h"
#include "base/test.h"
#include "base/utf8.h"

static const char dictionary[] =
    "我们 800 r\n喜欢 500\n喜 20\n欢 10\n吃 300\n苹果 200\n苹 2\n果 30\n手机 400\n"
    "苹果手机 90\n不 3000\n不错 600\n错 100\n研究 300\n研究生 80\n生命 250\n"
    "生 90\n命 70\n起源 40\nt恤 30\nbad line\n太长 x\n";

static str cut(arena *a, const wordcut *w, str text) {
    buf b = {.a = a};
    const cut_word *words;
    size_t n = wordcut_text(w, wordcut_room_new(a), text, &words);
    for (size_t i = 0; i < n; i++) {
        check(words[i].start < words[i].end && words[i].end <= text.n);
        buf_char(&b, '|');
        buf_str(&b, str_head(str_from(text, words[i].start), words[i].end - words[i].start));
    }
    return buf_view(&b);
}

static void the_likeliest_words_are_taken(void **state) {
    (void)state;
    arena *a = arena_open((size_t)64 << 20);
    err e;
    word_trie t;
    assert_ok(wordcut_build(a, str_of(dictionary), &t, &e));
    assert_int_equal(t.words_n, 20);
    wordcut w = {.shipped = &t};
    assert_str(cut(a, &w, S("我们喜欢吃苹果")), S("|我们|喜欢|吃|苹果"));
    assert_str(cut(a, &w, S("研究生命起源")), S("|研究|生命|起源"));
    assert_str(cut(a, &w, S("不错,iPhone 15.5真不错")), S("|不错|,|iPhone|15.5|真|不错"));
    assert_str(cut(a, &w, S("T恤don't XT恤")), S("|T恤|don't|XT|恤"));
    assert_str(cut(a, &w, S("")), S(""));
    assert_str(cut(a, &w, S("  \n")), S(""));
    arena_close(a);
}

static void traditional_words_are_cut_as_they_were_written(void **state) {
    (void)state;
    arena *a = arena_open((size_t)64 << 20);
    err e;
    word_trie t;
    assert_ok(wordcut_build(a, str_of(dictionary), &t, &e));
    wordcut w = {.shipped = &t};
    assert_str(cut(a, &w, S("我們喜歡吃蘋果手機")), S("|我們|喜歡|吃|蘋果手機"));
    arena_close(a);
}

static void own_words_are_never_cut(void **state) {
    (void)state;
    arena *a = arena_open((size_t)64 << 20);
    err e;
    word_trie t, own;
    assert_ok(wordcut_build(a, str_of(dictionary), &t, &e));
    assert_ok(wordcut_build_own(a, S("吃苹果\nMoka Latte\nX手机\n"), &own, &e));
    wordcut w = {.shipped = &t}, both = {.shipped = &t, .own = &own};
    assert_str(cut(a, &w, S("我们吃苹果")), S("|我们|吃|苹果"));
    assert_str(cut(a, &both, S("我们吃蘋果")), S("|我们|吃蘋果"));
    assert_str(cut(a, &both, S("a moka latte, lattes")), S("|a|moka latte|,|lattes"));
    assert_str(cut(a, &both, S("moka latteX手机")), S("|moka|latteX|手机"));
    assert_str(cut(a, &both, S("不x手机")), S("|不|x手机"));
    assert_false(wordcut_build(a, S("nothing here"), &own, &e));
    assert_int_equal(e.code, INVALID);
    assert_false(wordcut_build_own(a, S("\n \n"), &own, &e));
    assert_int_equal(e.code, INVALID);
    arena_close(a);
}

static void the_dictionary_in_the_binary_knows_what_people_say(void **state) {
    (void)state;
    arena *a = arena_open((size_t)64 << 20);
    wordcut w = {.shipped = wordcut_shipped()};
    assert_true(w.shipped->words_n > 300000);
    assert_str(cut(a, &w, S("客服态度很差,等了半个小时")), S("|客服|态度|很|差|,|等|了|半个|小时"));
    assert_str(cut(a, &w, S("客服態度很差")), S("|客服|態度|很|差"));
    arena_close(a);
}

/* ---- the twin: every way to cut, by recursion; words from a list by comparing ---- */

typedef struct {
    const char *const *words;
    const i32 *costs;
    size_t n;
    i32 lone;
} list;

static i32 twin(const list *l, str left) {
    if (left.n == 0) return 0;
    u32 c;
    i32 best = l->lone + twin(l, str_from(left, (size_t)utf8_get(left, 0, &c)));
    for (size_t i = 0; i < l->n; i++) {
        str w = str_of(l->words[i]);
        if (!str_starts(left, w)) continue;
        i32 x = l->costs[i] + twin(l, str_from(left, w.n));
        best = MIN(best, x);
    }
    return best;
}

static i32 price(const list *l, str word) {
    for (size_t i = 0; i < l->n; i++)
        if (str_eq(str_of(l->words[i]), word)) return l->costs[i];
    return l->lone;
}

static void no_other_cut_is_likelier(void **state) {
    (void)state;
    static const char *const words[] = {"甲", "乙", "甲乙", "乙丙", "丙丁", "甲乙丙", "丁甲", "丁"};
    static const double times[] = {40, 30, 20, 15, 12, 3, 8, 25};
    static const char *const letters[] = {"甲", "乙", "丙", "丁"};
    arena *a = arena_open((size_t)64 << 20);
    buf b = {.a = a};
    double all = 1;
    i32 costs[COUNT(words)], lone = 0;
    for (size_t i = 0; i < COUNT(words); i++) {
        buf_fmt(&b, "%s %g\n", words[i], times[i]);
        all += times[i];
    }
    for (size_t i = 0; i < COUNT(words); i++) {
        costs[i] = (i32)lround(-1000 * log(times[i] / all));
        lone = MAX(lone, costs[i]);
    }
    list l = {words, costs, COUNT(words), lone};
    err e;
    word_trie t;
    assert_ok(wordcut_build(a, buf_view(&b), &t, &e));
    wordcut w = {.shipped = &t};
    wordcut_room *room = wordcut_room_new(a);
    u64 x = 3;
    for (int round = 0; round < 300; round++) {
        buf text = {.a = a};
        for (int k = 0; k < 7; k++) {
            x = x * 6364136223846793005ull + 1442695040888963407ull;
            buf_str(&text, str_of(letters[x >> 62]));
        }
        str s = buf_view(&text);
        const cut_word *cuts;
        size_t n = wordcut_text(&w, room, s, &cuts);
        i32 sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += price(&l, str_head(str_from(s, cuts[i].start), cuts[i].end - cuts[i].start));
        assert_int_equal(sum, twin(&l, s));
    }
    arena_close(a);
}

static void any_bytes_are_cut_once_and_in_order(void **state) {
    (void)state;
    arena *a = arena_open((size_t)64 << 20);
    wordcut w = {.shipped = wordcut_shipped()};
    size_t n = 1 << 18;
    char *text = malloc(n);
    u64 x = 1;
    for (size_t i = 0; i < n; i++) {
        x = x * 6364136223846793005ull + 1442695040888963407ull;
        text[i] = (char)(x >> 56);
    }
    const cut_word *cuts;
    wordcut_room *room = wordcut_room_new(a);
    size_t k = wordcut_text(&w, room, (str){text, n}, &cuts);
    assert_true(k > 1000);
    for (size_t i = 0; i < k; i++) {
        assert_true(cuts[i].start < cuts[i].end && cuts[i].end <= n);
        assert_true(i == 0 || cuts[i].start >= cuts[i - 1].end);
    }
    for (size_t i = 0; i + 3 <= n; i += 3) memcpy(text + i, "\xe4\xb8\x80", 3); /* 一: long runs */
    k = wordcut_text(&w, room, (str){text, n / 3 * 3}, &cuts);
    size_t sum = 0;
    for (size_t i = 0; i < k; i++) sum += cuts[i].end - cuts[i].start;
    assert_int_equal(sum, n / 3 * 3);
    free(text);
    arena_close(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_likeliest_words_are_taken),
        cmocka_unit_test(traditional_words_are_cut_as_they_were_written),
        cmocka_unit_test(own_words_are_never_cut),
        cmocka_unit_test(the_dictionary_in_the_binary_knows_what_people_say),
        cmocka_unit_test(no_other_cut_is_likelier),
        cmocka_unit_test(any_bytes_are_cut_once_and_in_order),
    };
    return RUN_TESTS(tests);
}
