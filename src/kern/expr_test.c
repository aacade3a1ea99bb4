/* expr_test.c - the expression language: meaning, sentences for mistakes, and random trees that are
** printed and read back. */
#include "kern/expr.h"
#include "base/limits.h"
#include "base/time.h"
#include "base/test.h"

static err e;
static arena *a;

static int up(void **s) {
    (void)s;
    a = arena_open((size_t)64 << 20);
    return 0;
}

static int down(void **s) {
    (void)s;
    arena_close(a);
    return 0;
}

static const expr *parsed(const char *text) {
    const expr *x = NULL;
    if (!expr_parse(a, str_of(text), 0, &x, &e)) fail_msg("%s: %s", text, e.msg);
    return x;
}

static str printed(const expr *x) {
    buf b = {.a = a};
    expr_print(&b, x);
    return buf_view(&b);
}

/* ---- one row, written as name=value pairs ---- */

static void row_get(void *ctx, str column, value *out) {
    (void)ctx;
    *out = (value){0};
    if (str_eq(column, S("channel"))) *out = (value){.kind = VALUE_TEXT, .text = S("call")};
    if (str_eq(column, S("城市"))) *out = (value){.kind = VALUE_TEXT, .text = S("上海")};
    if (str_eq(column, S("score:nps"))) *out = (value){.kind = VALUE_NUM, .num = 6 * NUM6_ONE};
    if (str_eq(column, S("occurred_at")))
        *out = (value){.kind = VALUE_TIME, .ms = day_of_ymd(2026, 3, 1) * DAY_MS + 10 * HOUR_MS};
}

static truth row_has(void *ctx, str column, str text) {
    (void)ctx;
    if (str_eq(column, S("words"))) return str_find(S("我要退款,now"), text) >= 0 ? YES : NO;
    return UNKNOWN;
}

static const expr_row row = {row_get, row_has, NULL};

static void rows_are_judged(void **s) {
    (void)s;
    static const struct {
        const char *text;
        truth want;
    } cases[] = {
        {"", YES},
        {"true", YES},
        {"FALSE", NO},
        {"channel = 'call' and score:nps <= 6 and occurred_at >= 2026-01-01", YES},
        {"channel = \"call\"", YES},
        {"channel != 'call'", NO},
        {"product != 'call'", UNKNOWN},
        {"not product = 'x'", UNKNOWN},
        {"product is missing", YES},
        {"product is not missing", NO},
        {"not product is missing", NO},
        {"channel in ('a', 'call')", YES},
        {"channel not in ('a', 'call')", NO},
        {"channel in ('a', 1)", UNKNOWN},
        {"channel in ('call', 1)", YES},
        {"channel = 1", UNKNOWN},
        {"城市 = '上海'", YES},
        {"`城市` > '上'", YES},
        {"words ~ '退款'", YES},
        {"words not ~ '退款'", NO},
        {"other ~ 'x'", UNKNOWN},
        {"occurred_at = 2026-03-01", YES},
        {"occurred_at != 2026-03-01", NO},
        {"occurred_at <= 2026-03-01", YES},
        {"occurred_at > 2026-03-01", NO},
        {"occurred_at < 2026-03-01", NO},
        {"occurred_at > 2026-03-01T09:59Z", YES},
        {"occurred_at = 2026-03-01T10:00Z", YES},
        {"occurred_at = 2026-03-01 10:00:00.000", YES},
        {"occurred_at = 2026-03-01T18:00+08:00", YES},
        {"occurred_at = 2026-03-02+14:00", YES},
        {"score:nps = 6.0 and score:nps > -1e3", YES},
        {"score:nps<7", YES},
        {"product = 'x' and false", NO},
        {"product = 'x' or true", YES},
        {"product = 'x' or false", UNKNOWN},
        {"false and true or true", YES},
        {"false and (true or true)", NO},
        {"not false and false", NO},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        if (expr_eval(parsed(cases[i].text), &row) != cases[i].want) fail_msg("%s", cases[i].text);
}

static void dates_mean_days_of_the_asked_zone(void **s) {
    (void)s;
    const expr *x;
    assert_ok(expr_parse(a, S("t = 2026-01-01"), 480, &x, &e));
    assert_true(x->values[0].whole_day);
    assert_int_equal(x->values[0].ms, day_of_ymd(2026, 1, 1) * DAY_MS - 8 * HOUR_MS);
    assert_str(printed(x), S("t = 2026-01-01+08:00"));
    assert_str(printed(parsed("t = 2026-01-01")), S("t = 2026-01-01Z"));
    assert_str(printed(parsed("t = 2026-01-01T08:00:00.25+01:30")),
               S("t = 2026-01-01T06:30:00.250Z"));
}

static void text_has_a_canonical_form(void **s) {
    (void)s;
    static const char *const same[] = {
        "a = 1 and b = 2 and c = 3",
        "a = 1 and (b = 2 and c = 3)",
        "(a = 1 or b = 2) and c = 3",
        "a = 1 or b = 2 and c = 3",
        "not (a = 1 or not b = 2)",
        "not not a = 1",
        "`Customer Type` = 'it''s' and `a``b` != 'x\"y'",
        "`and` is missing and `true` is not missing",
        "x in ('a', 1, 2026-01-01Z) or x not in (2)",
        "words ~ '退款' and words not ~ 'x'",
        "score:nps >= -0.25 and _a.b-c < 'z'",
        "true",
        "not false",
    };
    for (size_t i = 0; i < COUNT(same); i++)
        assert_str(printed(parsed(same[i])), str_of(same[i]));
    assert_str(printed(parsed("  A=TRUE AND\tb NOT IN(\"q\"\"\",.5)")),
               S("A = 1 and b not in ('q\"', 0.5)"));
}

static void mistakes_are_named_with_their_place(void **s) {
    (void)s;
    static const char *const cases[][2] = {
        {"score:nps <= ", "at 14: want a value after \"<=\", but the text ends"},
        {"score:nps <= and",
         "at 14: want a value ('text' in quotes, a number or a date) after \"<=\", found \"and\""},
        {"城市 = 上海",
         "at 6: want a value ('text' in quotes, a number or a date) after \"=\", found \"上海\""},
        {"a", "at 2: want a comparison (= != < <= > >= in ~ is) after \"a\", but the text ends"},
        {"a = 1 b", "at 7: want \"and\" or \"or\" after \"1\", found \"b\""},
        {"(a = 1", "at 7: want \"and\", \"or\" or \")\" after \"1\", but the text ends"},
        {"a = 1)", "at 6: want \"and\" or \"or\" after \"1\", found \")\""},
        {"and a = 1", "at 1: want a column name, \"not\" or \"(\", found \"and\""},
        {"a = 'x", "at 5: the quote ' is not closed"},
        {"a == 1", "at 3: write = instead of =="},
        {"a <> 1", "at 3: write != instead of <>"},
        {"a ＝ 1", "at 3: write = instead of ＝"},
        {"a in 'x'", "at 6: want a list like ('a', 'b') after \"in\", found \"'x'\""},
        {"a in ()", "at 7: want a value after \"(\", found \")\""},
        {"a in (1 2)", "at 9: want \",\" or \")\" after \"1\", found \"2\""},
        {"a is null", "at 6: want \"missing\" after \"is\", found \"null\""},
        {"a ~ 5", "at 5: want 'text' in quotes after \"~\", found \"5\""},
        {"a not = 5", "at 7: want \"in\" or \"~\" after \"not\", found \"=\""},
        {"a = 1.0000001", "at 5: \"1.0000001\" is no number with at most six decimals below 9e12"},
        {"a = 2026-02-30",
         "at 5: \"2026-02-30\" is no moment; write 2026-01-31 or 2026-01-31T08:00Z"},
        {"a = 0000-01-01", "at 5: \"0000-01-01\" is outside the years 1 to 9998"},
        {"a = #",
         "at 5: \"#\" has no meaning here; a name with such characters stands in `backquotes`"},
        {"a = \x01", "at 5: a control character has no place here"},
        {"`` = 1", "at 1: a column name has 1 to 200 bytes"},
        {"a = '\xff'", "the expression is not UTF-8 at byte 6"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const expr *x = NULL;
        if (expr_parse(a, str_of(cases[i][0]), 0, &x, &e)) fail_msg("%s: taken", cases[i][0]);
        assert_null(x);
        assert_str(str_of(e.msg), str_of(cases[i][1]));
        assert_int_equal(e.code, INVALID);
    }
}

static str times(const char *what, size_t n, const char *end) {
    buf b = {.a = a};
    for (size_t i = 0; i < n; i++)
        buf_str(&b, str_of(what));
    buf_str(&b, str_of(end));
    return buf_view(&b);
}

static void bounds_are_kept(void **s) {
    (void)s;
    const expr *x;
    assert_ok(expr_parse(a, times("not ", LIMIT_EXPR_DEPTH - 1, "a = 1"), 0, &x, &e));
    assert_false(expr_parse(a, times("not ", LIMIT_EXPR_DEPTH, "a = 1"), 0, &x, &e));
    assert_str(str_of(e.msg), S("at 257: more than 64 levels of \"(\" and \"not\""));
    assert_false(expr_parse(a, times("(", 9000, "a = 1"), 0, &x, &e));
    assert_int_equal(e.code, LIMIT);
    buf b = {.a = a};
    buf_str(&b, S("a in ("));
    buf_str(&b, times("1,", LIMIT_EXPR_LIST - 1, "1"));
    assert_ok(expr_parse(a, arena_fmt(a, "%.*s)", STR_ARG(buf_view(&b))), 0, &x, &e));
    assert_int_equal(x->values_n, LIMIT_EXPR_LIST);
    assert_false(expr_parse(a, arena_fmt(a, "%.*s,1)", STR_ARG(buf_view(&b))), 0, &x, &e));
    assert_non_null(strstr(e.msg, "more than 1024 values in one list"));
    assert_false(expr_parse(a, times("x", LIMIT_EXPR_BYTES, "y"), 0, &x, &e));
    assert_str(str_of(e.msg), S("the expression has 16385 bytes; at most 16384 are taken"));
    assert_ok(
        expr_parse(a, times("a=1 or ", 2300, "a=1"), 0, &x, &e)); /* a long chain is no nesting */
    assert_int_equal(expr_eval(x, &row), UNKNOWN);
}

/* ---- random trees ---- */

static u64 seed;
static u64 chance(u64 n) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (seed >> 33) % n;
}

static str random_text(void) {
    static const char *const parts[] = {"a", "'",   "\"", "`", " ", "退款",
                                        "é", "not", "\\", "😀", "=", "\n"};
    buf b = {.a = a};
    for (u64 n = chance(5); n > 0; n--)
        buf_str(&b, str_of(parts[chance(COUNT(parts))]));
    return buf_view(&b);
}

static value random_value(void) {
    value v = {0};
    switch (chance(4)) {
    case 0:
        v.kind = VALUE_TEXT;
        v.text = random_text();
        return v;
    case 1:
        v.kind = VALUE_NUM;
        v.num = ((i64)chance(1u << 30) - (1 << 29)) * (chance(2) ? 1 : NUM6_ONE / 10);
        return v;
    case 2:
        v.kind = VALUE_TIME;
        v.ms = ((i64)chance(9000) * 366 * DAY_MS) - 1900 * 365 * DAY_MS + (i64)chance((u64)DAY_MS);
        return v;
    default:
        break;
    }
    v.kind = VALUE_TIME;
    v.whole_day = true;
    v.ms = (i64)chance(30000) * DAY_MS + ((i64)chance(1681) - 840) * MINUTE_MS;
    return v;
}

static const expr *random_tree(int depth) {
    expr *x = NEW(a, expr);
    x->op = (expr_op)(depth ? chance(8) : 3 + chance(5));
    if (x->op <= EXPR_NOT) {
        x->left = random_tree(depth - 1);
        if (x->op != EXPR_NOT) x->right = random_tree(depth - 1);
        return x;
    }
    if (x->op == EXPR_CONST) {
        x->constant = chance(2);
        return x;
    }
    static const char *const names[] = {"channel", "城市", "score:nps", "occurred_at", "in", "a b"};
    str odd = random_text();
    x->column =
        chance(8) ? str_of(names[chance(COUNT(names))]) : arena_fmt(a, "x%.*s", STR_ARG(odd));
    if (x->op == EXPR_MISSING) return x;
    x->cmp = x->op == EXPR_CMP ? (expr_cmp)chance(6) : CMP_EQ;
    x->values_n = x->op == EXPR_IN ? 1 + chance(5) : 1;
    x->values = NEW_N(a, value, x->values_n);
    for (size_t i = 0; i < x->values_n; i++)
        x->values[i] = random_value();
    if (x->op == EXPR_HAS) x->values[0] = (value){.kind = VALUE_TEXT, .text = random_text()};
    return x;
}

static bool value_same(const value *v, const value *w) {
    return v->kind == w->kind && str_eq(v->text, w->text) && v->num == w->num && v->ms == w->ms &&
           v->whole_day == w->whole_day;
}

static bool same(const expr *x, const expr *y) {
    if (!x || !y) return x == y;
    if (x->op != y->op || x->cmp != y->cmp || !str_eq(x->column, y->column) ||
        x->constant != y->constant || x->values_n != y->values_n)
        return false;
    for (size_t i = 0; i < x->values_n; i++)
        if (!value_same(&x->values[i], &y->values[i])) return false;
    return same(x->left, y->left) && same(x->right, y->right);
}

/* The slow twin of expr_eval: plain recursion on both sides. */
static truth twin(const expr *x) {
    if (x->op == EXPR_AND) return truth_and(twin(x->left), twin(x->right));
    if (x->op == EXPR_OR) return truth_or(twin(x->left), twin(x->right));
    if (x->op == EXPR_NOT) return truth_not(twin(x->left));
    return expr_eval(x, &row);
}

static void random_trees_read_back_as_they_were_printed(void **s) {
    (void)s;
    i64 judged[3] = {0};
    for (u64 round = 0; round < 20000; round++) {
        arena_reset(a);
        seed = round;
        const expr *x = random_tree((int)chance(6)), *y = NULL;
        str text = printed(x);
        if (!expr_parse(a, text, (i32)chance(1600) - 800, &y, &e))
            fail_msg("%.*s: %s", STR_ARG(text), e.msg);
        if (!same(x, y)) fail_msg("seed %d: %.*s", (int)round, STR_ARG(text));
        assert_int_equal(expr_eval(x, &row), twin(x));
        judged[twin(x)]++;
    }
    assert_true(judged[NO] > 1000 && judged[YES] > 1000 && judged[UNKNOWN] > 1000);
}

static void name_seen(void *ctx, str column) {
    buf_fmt(ctx, "%.*s;", STR_ARG(column));
}

static void columns_are_named_in_order(void **s) {
    (void)s;
    buf b = {.a = a};
    expr_columns(parsed("b = 1 and (a ~ 'x' or not c is missing) and a in (1)"), name_seen, &b);
    assert_str(buf_view(&b), S("b;a;c;a;"));
}

static void truth_tables_are_those_of_sql(void **s) {
    (void)s;
    assert_int_equal(truth_and(UNKNOWN, NO), NO);
    assert_int_equal(truth_and(UNKNOWN, YES), UNKNOWN);
    assert_int_equal(truth_or(UNKNOWN, YES), YES);
    assert_int_equal(truth_or(UNKNOWN, NO), UNKNOWN);
    assert_int_equal(truth_not(UNKNOWN), UNKNOWN);
}

static bool parse_job(arena *in, void *ctx, err *er) {
    const expr *x;
    return expr_parse(in, *(str *)ctx, 0, &x, er);
}

static void a_failed_allocation_is_a_sentence(void **s) {
    (void)s;
    str text = S("a = 'x' and b in (1, 2, 'y') or not (c is missing and `d` ~ '退')");
    bool done = false;
    for (i64 n = 0; !done; n++) {
        arena_fail_after(n);
        done = job_run(1 << 20, parse_job, &text, &e);
        arena_fail_after(-1);
        if (!done) assert_int_equal(e.code, LIMIT);
        assert_true(n < 1000);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_are_judged, up, down),
        cmocka_unit_test_setup_teardown(dates_mean_days_of_the_asked_zone, up, down),
        cmocka_unit_test_setup_teardown(text_has_a_canonical_form, up, down),
        cmocka_unit_test_setup_teardown(mistakes_are_named_with_their_place, up, down),
        cmocka_unit_test_setup_teardown(bounds_are_kept, up, down),
        cmocka_unit_test_setup_teardown(random_trees_read_back_as_they_were_printed, up, down),
        cmocka_unit_test_setup_teardown(columns_are_named_in_order, up, down),
        cmocka_unit_test_setup_teardown(truth_tables_are_those_of_sql, up, down),
        cmocka_unit_test_setup_teardown(a_failed_allocation_is_a_sentence, up, down),
    };
    return RUN_TESTS(tests);
}
