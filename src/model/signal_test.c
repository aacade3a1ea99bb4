/* signal_test.c - the laws of a signal and its attributes. */
#include "base/test.h"
#include "base/time.h"
#include "model/signal.h"

static void whole(signal *s) {
    signal_init(s);
    s->row.source = S("shop");
    s->row.external_id = S("1");
    s->row.occurred_at = 1767225600000;
    s->row.words = S("很好");
}

static void a_whole_signal_passes_and_each_lack_has_its_sentence(void **state) {
    (void)state;
    err e;
    signal s;
    i64 now = 1767225600000;
    whole(&s);
    assert_ok(signal_check(&s, now, &e));
    s.row.source = NO_STR;
    assert_false(signal_check(&s, now, &e));
    assert_string_equal(e.msg, "signal: \"source\" is required");
    whole(&s);
    s.row.occurred_at = now + 3 * DAY_MS;
    assert_false(signal_check(&s, now, &e));
    assert_non_null(strstr(e.msg, "in the future"));
    whole(&s);
    s.row.words = NO_STR;
    assert_false(signal_check(&s, now, &e));
    assert_non_null(strstr(e.msg, "says nothing"));
    whole(&s);
    s.row.words = S("\xff");
    assert_false(signal_check(&s, now, &e));
    assert_string_equal(e.msg, "signal: \"words\" is not UTF-8 at byte 0");
    attribute twice[] = {{S("a"), S("x"), NONE}, {S("a"), S("y"), NONE}};
    whole(&s);
    s.attrs = twice;
    s.attrs_n = 2;
    assert_false(signal_check(&s, now, &e));
    assert_string_equal(e.msg, "attribute \"a\" is there twice");
}

static void attributes_survive_sealing(void **state) {
    (void)state;
    err e;
    arena *a = arena_open(1 << 20);
    char odd[64];
    for (size_t i = 0; i < sizeof odd; i++) odd[i] = (char)i;
    attribute attrs[] = {{S("z \"quoted\" \\"), {odd, sizeof odd}, NONE},
                         {S("score:nps"), NO_STR, 9 * NUM6_ONE},
                         {S("城市"), S("成都"), NONE},
                         {S("empty"), S(""), NONE},
                         {S("cost"), NO_STR, -1250000}};
    signal s, back;
    signal_init(&s);
    s.attrs = attrs;
    s.attrs_n = COUNT(attrs);
    signal_seal(a, &s);
    signal_init(&back);
    back.row.attributes = s.row.attributes;
    assert_ok(signal_unseal(a, &back, &e));
    assert_int_equal(back.attrs_n, s.attrs_n);
    for (size_t i = 0; i < s.attrs_n; i++) {
        assert_str(back.attrs[i].key, s.attrs[i].key);
        assert_str(back.attrs[i].text, s.attrs[i].text);
        assert_int_equal(back.attrs[i].num, s.attrs[i].num);
    }
    for (size_t n = 1; n < s.row.attributes.n; n++) { /* cut anywhere, it is not ours any more */
        back.row.attributes = str_head(s.row.attributes, n);
        assert_false(signal_unseal(a, &back, &e));
    }
    arena_close(a);
}

static truth never(void *ctx, str text) {
    (void)ctx, (void)text;
    return NO;
}

static truth asks(const expr *x, const signal *s, const insight *i) {
    return signal_test(x, s, i, never, NULL);
}

static expr *compare(expr *x, const char *column, value *v) {
    *x =
        (expr){.op = EXPR_CMP, .cmp = CMP_EQ, .column = str_of(column), .values = v, .values_n = 1};
    return x;
}

static void a_condition_on_mentions_is_asked_of_one_mention(void **state) {
    (void)state;
    signal s;
    insight i = {0};
    mention m[2];
    whole(&s);
    noun_init(&noun_insight, &i.row);
    noun_init(&noun_mention, &m[0]);
    m[1] = m[0];
    m[0].aspect = S("price"), m[0].polarity = -1;
    m[1].aspect = S("taste"), m[1].polarity = 1;
    i.mentions = m;
    i.mentions_n = 2;
    value price = {.kind = VALUE_TEXT, .text = S("price")},
          positive = {.kind = VALUE_TEXT, .text = S("positive")};
    value negative = {.kind = VALUE_TEXT, .text = S("negative")};
    expr a, b, both = {.op = EXPR_AND, .left = compare(&a, "aspect", &price)};
    both.right = compare(&b, "polarity", &positive);
    assert_int_equal(asks(&both, &s, &i), NO);
    both.right = compare(&b, "polarity", &negative);
    assert_int_equal(asks(&both, &s, &i), YES);
    i.mentions_n = 0;
    assert_int_equal(asks(&both, &s, &i), UNKNOWN);
}

static void any_of_several_tags_will_do(void **state) {
    (void)state;
    signal s;
    insight i = {0};
    whole(&s);
    noun_init(&noun_insight, &i.row);
    value vip = {.kind = VALUE_TEXT, .text = S("vip")};
    expr x;
    compare(&x, "tag", &vip);
    assert_int_equal(asks(&x, &s, &i), UNKNOWN);
    i.row.tags = S("late\x1fvip");
    assert_int_equal(asks(&x, &s, &i), YES);
    i.row.tags = S("late\x1fvips");
    assert_int_equal(asks(&x, &s, &i), NO);
}

static void a_uuid_carries_its_time_and_version(void **state) {
    (void)state;
    char z[37];
    uuid7(0x0123456789ab, 0xfff, UINT64_MAX, z);
    assert_string_equal(z, "01234567-89ab-7fff-bfff-ffffffffffff");
}

static void identities_have_a_namespace(void **state) {
    (void)state;
    signal_row r = {.source = S("shop"), .customer = S("phone:123")};
    str ns, v;
    customer_identity(&r, &ns, &v);
    assert_str(ns, S("phone"));
    assert_str(v, S("123"));
    r.customer = S("123");
    customer_identity(&r, &ns, &v);
    assert_str(ns, S("shop"));
    assert_str(v, S("123"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_signal_passes_and_each_lack_has_its_sentence),
        cmocka_unit_test(attributes_survive_sealing),
        cmocka_unit_test(a_condition_on_mentions_is_asked_of_one_mention),
        cmocka_unit_test(any_of_several_tags_will_do),
        cmocka_unit_test(a_uuid_carries_its_time_and_version),
        cmocka_unit_test(identities_have_a_namespace),
    };
    return RUN_TESTS(tests);
}
