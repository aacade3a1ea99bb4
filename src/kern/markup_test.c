/* markup_test.c - what comes off, what stays, and that a second stripping finds nothing. */
#include "base/test.h"
#include "kern/entities.h"
#include "kern/markup.h"

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

static void takes_the_markup_off_and_leaves_the_words(void **state) {
    (void)state;
    static const struct {
        const char *in, *want;
    } cases[] = {
        {"plain words, 5 < 6 & <3", "plain words, 5 < 6 & <3"},
        {"很好，下次还来！", "很好，下次还来！"},
        {"<p>Fast &amp; kind</p>", "Fast & kind"},
        {"a<br>b<BR/>c<br />d", "a\nb\nc\nd"},
        {"<td>1</td><td>2</td>", "1 2"},
        {"&lt;b&gt;bold&lt;/b&gt;", "bold"},
        {"&amp;amp;amp;lt;i&gt;x", "x"},
        {"it&#39;s &#x4f60;&#22909; &hellip; &nbsp; ok", "it's 你好 … ok"},
        {"&#150;&#0;&#xd800;", "–\xef\xbf\xbd\xef\xbf\xbd"},
        {"&nosuch; &;&#;&#x;", "&nosuch; &;&#;&#x;"},
        {"x<script>var a = '<b>';</script>y", "xy"},
        {"x<style type=\"text/css\">p > a {}</style>y", "xy"},
        {"x<script>never closed", "xnever closed"},
        {"x<!-- a < b > c <p> -->y", "xy"},
        {"<a href=\"http://x.y/?a=1&amp;b=2\">link</a>", "link"},
        {"<o:p>office</o:p> <my-tag>own</my-tag>", "office own"},
        {"call <phone> or <手机>, <email>", "call <phone> or <手机>, <email>"},
        {"I <love this thing> a lot", "I <love this thing> a lot"},
        {"行業(yè)協會(huì)網(wǎng)", "行業協會網"},
        {"發（fā）現嗎(ma)", "發現嗎"},
        {"很好(ok)，買(ok)了", "很好(ok)，買(ok)了"},
        {"１２３ＡＢＣ，好！＠", "123ABC，好！@"},
        {"  a \t b \r\n\r\n\r\n\r\n c  ", "a b\n\nc"},
        {"x\xe2\x80\x8by\xef\xbb\xbfz\x01", "xyz"},
        {"👨‍👩‍👧 ❤️", "👨‍👩‍👧 ❤️"},
        {"<<b>b>", ""},
        {"<b", "<b"},
        {"", ""},
        {"   ", ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        str out = markup_strip(a, str_of(cases[i].in));
        if (!str_eq(out, str_of(cases[i].want))) print_message("case: %s\n", cases[i].in);
        assert_str(out, str_of(cases[i].want));
        assert_str(markup_strip(a, out), out);
    }
    assert_null(markup_strip(a, NO_STR).p);
}

static void clean_text_is_not_copied(void **state) {
    (void)state;
    str s = S("Nothing to do 没有什么 here.");
    assert_ptr_equal(markup_strip(a, s).p, s.p);
    str t = S("one (bracket) and; signs > too");
    assert_ptr_equal(markup_strip(a, t).p, t.p);
}

static void entities_are_sorted_and_found(void **state) {
    (void)state;
    assert_int_equal(entity_find(S("amp")), '&');
    assert_int_equal(entity_find(S("zwnj")), 0x200c);
    assert_int_equal(entity_find(S("AElig")), 0xc6);
    assert_int_equal(entity_find(S("yuml")), 0xff);
    assert_int_equal(entity_find(S("alpha")), 0x3b1);
    assert_int_equal(entity_find(S("Alpha")), 0x391);
    assert_int_equal(entity_find(S("")), 0);
}

static void deep_nesting_costs_no_stack_and_no_time(void **state) {
    (void)state;
    static const char *const bits[] = {"&amp;",   "&semi",    "<b",   "<!--",
                                       "&lt;!--", "<script>", "&#60", "-->"};
    for (size_t i = 0; i < COUNT(bits); i++) {
        buf b = {.a = a};
        for (int k = 0; k < 40000; k++) buf_str(&b, str_of(bits[i]));
        buf_str(&b, S(";>;>-->"));
        str out = markup_strip(a, buf_view(&b));
        assert_str(markup_strip(a, out), out);
        arena_reset(a);
    }
}

static void stripping_twice_changes_nothing(void **state) {
    (void)state;
    static const char *const bits[] = {
        "<",    ">",   "&",   ";",    "b",      "/",   "p",    "amp",  "lt",
        "gt",   "#60", "!--", "--",   "script", " ",   "\n",   "業",   "(",
        "yè",   ")",   "=",   "\"",   "手机",   "\r",  "x",    ":",    "\xe3\x80\x80",
        "\x80", "td",  "br",  "&lt;", "&gt;",   "<b>", "</b>", "semi", "style",
        "nbsp", "Ｂ"};
    u64 seed = 99;
    for (int round = 0; round < 30000; round++) {
        buf b = {.a = a};
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        for (u64 k = 1 + (seed >> 33) % 24; k > 0; k--) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            buf_str(&b, str_of(bits[(seed >> 33) % COUNT(bits)]));
        }
        str once = markup_strip(a, buf_view(&b));
        str twice = markup_strip(a, once);
        if (!str_eq(once, twice)) print_message("text: %.*s\n", STR_ARG(buf_view(&b)));
        assert_str(twice, once);
        arena_reset(a);
    }
}

int main(void) {
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(takes_the_markup_off_and_leaves_the_words),
        T(clean_text_is_not_copied),
        T(entities_are_sorted_and_found),
        T(deep_nesting_costs_no_stack_and_no_time),
        T(stripping_twice_changes_nothing),
    };
    return RUN_TESTS(tests);
}
