/* decide_test.c - many conditions at once say what each says alone: random conditions, random signals. */
#include "act/decide.h"
#include "base/test.h"
#include "kern/fold.h"

enum { CONDITIONS = 500, SIGNALS = 400 };

static u64 seed = 20260101;

static u32 dice(u32 n) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (u32)((seed >> 33) % n);
}

static const char *pick(const char *const *of, u32 n) {
    return of[dice(n)];
}

static const char *const channels[] = {"call", "chat", "review", "survey", "shop"};
static const char *const words[] = {"late", "COLD", "退款", "kind", "broken"};
static const char *const aspects[] = {"delivery.speed", "food.heat", "staff.attitude", "price"};

static void leaf(buf *b) {
    static const char *const cmps[] = {"=", "!=", "<", "<=", ">", ">="};
    switch (dice(11)) {
    case 0:
        buf_fmt(b, "channel = '%s'", pick(channels, 5));
        break;
    case 1:
        buf_fmt(b, "channel in ('%s','%s')", pick(channels, 5), pick(channels, 5));
        break;
    case 2:
        buf_fmt(b, "score:nps %s %u", pick(cmps, 6), dice(11));
        break;
    case 3:
        buf_fmt(b, "words ~ '%s'", pick(words, 5));
        break;
    case 4:
        buf_fmt(b, "aspect = '%s'", pick(aspects, 4));
        break;
    case 5:
        buf_str(b, dice(2) ? S("polarity = 'negative'") : S("strength >= 50"));
        break;
    case 6:
        buf_fmt(b, "city %s", dice(2) ? "is missing" : "= 'a'");
        break;
    case 7:
        buf_fmt(b, "sentiment = '%s'", dice(2) ? "negative" : "positive");
        break;
    case 8:
        buf_fmt(b, "fact:calls %s %u", pick(cmps, 6), dice(4));
        break;
    case 9:
        buf_fmt(b, "tag = '%s'", dice(2) ? "x" : "y");
        break;
    default:
        buf_fmt(b, "occurred_at >= 2026-01-%02u", 1 + dice(28));
    }
}

static void condition(buf *b, int depth) {
    u32 n = depth > 2 ? 1 : 1 + dice(3);
    bool and = dice(3) != 0;
    for (u32 i = 0; i < n; i++) {
        if (i) buf_str(b, and? S(" and ") : S(" or "));
        if (dice(6) == 0) buf_str(b, S("not "));
        if (depth < 3 && dice(4) == 0) {
            buf_char(b, '(');
            condition(b, depth + 1);
            buf_char(b, ')');
        } else {
            leaf(b);
        }
    }
}

static void random_signal(arena *a, signal *s, insight *i) {
    signal_init(s);
    noun_init(&noun_insight, &i->row);
    s->row.channel = dice(8) ? str_of(pick(channels, 5)) : NO_STR;
    s->row.words =
        dice(5) ? arena_fmt(a, "it was %s and %s", pick(words, 5), pick(words, 5)) : NO_STR;
    s->row.occurred_at = (i64)1767225600000 + (i64)dice(31) * 86400000;
    s->attrs = NEW_N(a, attribute, 2);
    s->attrs_n = 0;
    if (dice(4)) s->attrs[s->attrs_n++] = (attribute){S("score:nps"), NO_STR, dice(11) * NUM6_ONE};
    if (dice(2)) s->attrs[s->attrs_n++] = (attribute){S("city"), dice(2) ? S("a") : S("b"), NONE};
    i->row.sentiment = dice(4) ? (i64)dice(3) - 1 : NONE;
    i->row.tags = dice(2) ? S("x") : dice(2) ? S("x\x1fy") : NO_STR;
    i->mentions_n = dice(4);
    i->mentions = NEW_N(a, mention, 4);
    for (size_t m = 0; m < i->mentions_n; m++) {
        noun_init(&noun_mention, &i->mentions[m]);
        i->mentions[m].aspect = str_of(pick(aspects, 4));
        i->mentions[m].polarity = (i64)dice(3) - 1;
        i->mentions[m].strength = dice(101);
    }
}

typedef struct {
    arena *a;
    str folded;
    i64 calls;
} told;

static truth has_words(void *ctx, str text) {
    told *k = ctx;
    str needle;
    fold(k->a, text, &needle, NULL);
    return str_find(k->folded, needle) >= 0 ? YES : NO;
}

static void more(void *ctx, str column, value *out) {
    told *k = ctx;
    check(str_eq(column, S("fact:calls")));
    if (k->calls != NONE) *out = (value){.kind = VALUE_NUM, .num = k->calls * NUM6_ONE};
}

static bool names_fact(str text) {
    return str_find(text, S("fact:")) >= 0;
}

static void together_is_as_alone(void **state) {
    (void)state;
    arena *a = arena_open((size_t)64 << 20);
    const expr **when = NEW_N(a, const expr *, CONDITIONS);
    str *texts = NEW_N(a, str, CONDITIONS);
    u32 *out = NEW_N(a, u32, CONDITIONS);
    i64 yes = 0;
    err e;
    for (int c = 0; c < CONDITIONS; c++) {
        buf b = {.a = a};
        condition(&b, 0);
        texts[c] = buf_view(&b);
        assert_ok(expr_parse(a, texts[c], 0, &when[c], &e));
    }
    decider *d = decider_make(a, when, CONDITIONS);
    for (int n = 0; n < SIGNALS; n++) {
        signal s;
        insight i = {0};
        told k = {.a = a, .calls = dice(5) ? (i64)dice(4) : NONE};
        random_signal(a, &s, &i);
        fold(a, s.row.words, &k.folded, NULL);
        size_t got = decider_ask(d, &s, &i, k.folded, more, &k, out), at = 0;
        for (u32 c = 0; c < CONDITIONS; c++) {
            bool together = at < got && out[at] == c;
            at += together;
            bool alone = decide_slowly(when[c], &s, &i, k.folded, more, &k) == YES;
            if (together != alone) fail_msg("signal %d: %.*s", n, STR_ARG(texts[c]));
            if (!names_fact(texts[c])) /* the law of the model says the same */
                assert_true(alone == (signal_test(when[c], &s, &i, has_words, &k) == YES));
            yes += alone;
        }
        assert_int_equal(at, got);
    }
    decider_size z = decider_count(d);
    assert_true(yes > SIGNALS * 20 && yes < (i64)SIGNALS * CONDITIONS * 9 / 10);
    assert_true(z.nodes < z.leaves && z.indexed > 50);
    arena_close(a);
}

typedef struct {
    int asked;
} counting;

static void count_more(void *ctx, str column, value *out) {
    (void)column;
    ((counting *)ctx)->asked++;
    *out = (value){.kind = VALUE_NUM, .num = 3 * NUM6_ONE};
}

static void what_is_dear_is_asked_last_and_once(void **state) {
    (void)state;
    static const char *const texts[] = {"fact:calls >= 3 and channel = 'call'",
                                        "fact:calls >= 2 and channel = 'call'",
                                        "fact:calls >= 3 or channel = 'chat'"};
    arena *a = arena_open(1 << 22);
    const expr *when[3];
    u32 out[3];
    err e;
    signal s;
    insight i = {0};
    counting k = {0};
    for (size_t c = 0; c < 3; c++) assert_ok(expr_parse(a, str_of(texts[c]), 0, &when[c], &e));
    decider *d = decider_make(a, when, 3);
    signal_init(&s);
    noun_init(&noun_insight, &i.row);
    s.row.channel = S("chat");
    assert_int_equal(decider_ask(d, &s, &i, S(""), count_more, &k, out), 1);
    assert_int_equal(k.asked, 0);
    s.row.channel = S("call");
    assert_int_equal(decider_ask(d, &s, &i, S(""), count_more, &k, out), 3);
    assert_int_equal(k.asked, 1);
    assert_int_equal(decider_ask(d, &s, &i, S(""), NULL, NULL, out), 0); /* missing is unknown */
    assert_int_equal(decider_count(d).nodes, 7); /* three conditions, two facts, two channels */
    arena_close(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(together_is_as_alone),
        cmocka_unit_test(what_is_dear_is_asked_last_and_once),
    };
    return RUN_TESTS(tests);
}
