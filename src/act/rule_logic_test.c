/* rule_logic_test.c - what is said of conditions without a signal holds for all signals there are. */
#include "act/rule_logic.h"
#include "base/test.h"

static const branches *of(arena *a, const char *text) {
    const expr *x;
    err e;
    assert_ok(expr_parse(a, str_of(text), 0, &x, &e));
    return branches_of(a, x);
}

static void what_contradicts_itself_is_never_true(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool never;
    } cases[] = {
        {"score:nps <= 2 and score:nps >= 9", true},
        {"score:nps < 3 and score:nps > 2", false}, /* 2.5 */
        {"score:nps < 3 and score:nps >= 3", true},
        {"channel = 'a' and channel = 'b'", true},
        {"channel in ('a','b') and channel in ('b','c')", false},
        {"channel in ('a','b') and not channel in ('b','a','c')", true},
        {"channel is missing and channel = 'a'", true},
        {"channel is missing and channel != 'a'", true},
        {"not channel is missing and channel is missing", true},
        {"words ~ 'late' and not words ~ 'late'", true},
        {"words ~ 'too late' and not words ~ 'late'", true},
        {"words ~ 'late' and not words ~ 'too late'", false},
        {"x = 'a' and x > 3", true},
        {"tag = 'a' and tag = 'b'", false},
        {"false or (a = 1 and a = 2)", true},
        {"(a = 1 or a = 2) and (a = 3 or a = 4)", true},
        {"not (a = 1 or a != 1)", true},
        {"occurred_at < 2026-01-01T00:00Z and occurred_at > 2026-02-01T00:00Z", true},
        {"fact:x >= 3 and fact:x < 3", true},
    };
    arena *a = arena_open(1 << 24);
    for (size_t i = 0; i < COUNT(cases); i++)
        if (branches_never(of(a, cases[i].text)) != cases[i].never) fail_msg("%s", cases[i].text);
    arena_close(a);
}

static void what_covers_what(void **state) {
    (void)state;
    static const struct {
        const char *a, *b;
        bool covers;
    } cases[] = {
        {"score:nps <= 6", "score:nps <= 2", true},
        {"score:nps <= 2", "score:nps <= 6", false},
        {"score:nps <= 6", "score:nps = 3 and channel = 'a'", true},
        {"channel in ('a','b')", "channel = 'a'", true},
        {"channel = 'a'", "channel in ('a','b')", false},
        {"channel != 'a'", "channel = 'b'", true},
        {"channel is not missing", "channel != 'b'", true},
        {"words ~ 'late'", "words ~ 'too late'", true},
        {"words ~ 'too late'", "words ~ 'late'", false},
        {"true", "channel = 'a'", true},
        {"channel = 'a' or score:nps <= 6", "score:nps < 2 or (channel = 'a' and x = 1)", true},
        {"channel = 'a' or score:nps <= 6", "score:nps < 2 or x = 1", false},
        {"a = 1", "b = 2 and b = 3", true}, /* what is never true is covered by anything */
        {"not score:nps > 6", "score:nps <= 5", true},
        {"tag = 'a'", "tag in ('a')", true},
    };
    arena *a = arena_open(1 << 24);
    for (size_t i = 0; i < COUNT(cases); i++)
        if (branches_cover(of(a, cases[i].a), of(a, cases[i].b)) != cases[i].covers)
            fail_msg("%s covers %s", cases[i].a, cases[i].b);
    assert_true(branches_meet(of(a, "score:nps <= 6"), of(a, "score:nps >= 5 and x = 1")));
    assert_false(branches_meet(of(a, "score:nps <= 4"), of(a, "score:nps >= 5 and x = 1")));
    assert_false(branches_meet(of(a, "x = 1"), of(a, "y = 1"))); /* nothing in common */
    arena_close(a);
}

/* ---- the twin: every row of a small world ---- */

typedef struct {
    i64 n; /* NONE = missing */
    str t;
} row;

static void get(void *ctx, str column, value *out) {
    const row *r = ctx;
    *out = (value){0};
    if (str_eq(column, S("n")) && r->n != NONE)
        *out = (value){.kind = VALUE_NUM, .num = r->n * NUM6_ONE};
    if (str_eq(column, S("t")) && r->t.p) *out = (value){.kind = VALUE_TEXT, .text = r->t};
}

static truth has(void *ctx, str column, str text) {
    value v;
    get(ctx, column, &v);
    return v.kind != VALUE_TEXT ? UNKNOWN : str_find(v.text, text) >= 0 ? YES : NO;
}

static u64 seed = 5;
static u32 dice(u32 n) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (u32)((seed >> 33) % n);
}

static void condition(buf *b, int depth) {
    static const char *const cmps[] = {"=", "!=", "<", "<=", ">", ">="};
    static const char *const texts[] = {"a", "b", "ab"};
    u32 parts = 1 + dice(3);
    bool and = dice(2);
    for (u32 i = 0; i < parts; i++) {
        if (i) buf_str(b, and? S(" and ") : S(" or "));
        if (dice(4) == 0) buf_str(b, S("not "));
        u32 k = dice(depth ? 5 : 6);
        if (k == 0) buf_fmt(b, "n %s %u", cmps[dice(6)], dice(5));
        if (k == 1) buf_fmt(b, "t = '%s'", texts[dice(3)]);
        if (k == 2) buf_fmt(b, "t in ('%s','%s')", texts[dice(3)], texts[dice(3)]);
        if (k == 3) buf_fmt(b, "%s is missing", dice(2) ? "n" : "t");
        if (k == 4) buf_fmt(b, "t ~ '%s'", texts[dice(3)]);
        if (k != 5) continue;
        buf_char(b, '(');
        condition(b, depth + 1);
        buf_char(b, ')');
    }
}

static void nothing_false_is_said(void **state) {
    (void)state;
    static const char *const texts[] = {NULL, "a", "b", "ab", "c"};
    int nevers = 0, covers = 0;
    for (int round = 0; round < 1500; round++) {
        arena *a = arena_open(1 << 24);
        buf p = {.a = a}, q = {.a = a};
        const expr *x, *y;
        err e;
        condition(&p, 0);
        condition(&q, 0);
        assert_ok(expr_parse(a, buf_view(&p), 0, &x, &e));
        assert_ok(expr_parse(a, buf_view(&q), 0, &y, &e));
        const branches *bx = branches_of(a, x), *by = branches_of(a, y);
        bool never = bx && branches_never(bx), covered = branches_cover(bx, by);
        nevers += never;
        covers += covered && !branches_never(by);
        for (i64 n = -1; n <= 6; n++)
            for (size_t t = 0; t < COUNT(texts); t++) {
                row r = {n < 0 ? NONE : n, str_of(texts[t])};
                expr_row ask = {get, has, &r};
                bool is_x = expr_eval(x, &ask) == YES, is_y = expr_eval(y, &ask) == YES;
                if (never && is_x) fail_msg("never, but it is: %.*s", STR_ARG(buf_view(&p)));
                if (covered && is_y && !is_x)
                    fail_msg("%.*s covers not %.*s", STR_ARG(buf_view(&p)), STR_ARG(buf_view(&q)));
            }
        arena_close(a);
    }
    assert_true(nevers > 20 && covers > 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_contradicts_itself_is_never_true),
        cmocka_unit_test(what_covers_what),
        cmocka_unit_test(nothing_false_is_said),
    };
    return RUN_TESTS(tests);
}
