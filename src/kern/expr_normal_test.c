/* expr_normal_test.c - expressions that say the same have one text, and still say it. */
#include "base/test.h"
#include "kern/expr_make.h"

static err e;
static u64 seed = 11;
static u64 chance(u64 below) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (seed >> 33) % below;
}

static str normal(arena *a, const char *text) {
    const expr *x;
    buf b = {.a = a};
    assert_ok(expr_parse(a, str_of(text), 0, &x, &e));
    x = expr_normal(a, x);
    if (x) expr_print(&b, x);
    return buf_view(&b);
}

static void what_says_the_same_has_one_text(void **state) {
    static const char *const pairs[][2] = {
        {"a = 'x' and b = 1", "b = 1 and a = 'x'"},
        {"a = 'x' and (b = 1 and c = 2)", "(c = 2 and a = 'x') and b = 1"},
        {"a in ('y', 'x', 'y')", "a in ('x', 'y')"},
        {"a in ('x')", "a = 'x'"},
        {"not (a = 'x' or b > 3)", "b <= 3 and a != 'x'"},
        {"not not a = 'x'", "a = 'x'"},
        {"a = 'x' or a = 'x'", "a = 'x'"},
        {"a = 'x' and true", "a = 'x'"},
        {"a = 'x' or true", "true"},
        {"a = 'x' and false", "false"},
        {"not (a is missing or a in ('z', 'q'))", "not a in ('q', 'z') and a is not missing"},
    };
    arena *a = arena_open(1 << 20);
    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++) {
        str x = normal(a, pairs[i][0]), y = normal(a, pairs[i][1]);
        if (!str_eq(x, y))
            fail_msg("%s is \"%.*s\", %s is \"%.*s\"", pairs[i][0], STR_ARG(x), pairs[i][1],
                     STR_ARG(y));
    }
    assert_false(str_eq(normal(a, "a = 'x' or b = 1"), normal(a, "a = 'x' and b = 1")));
    arena_close(a);
}

static const expr *random_expr(arena *a, int depth) {
    const expr *x;
    if (depth == 0 || chance(4) == 0) {
        static const char *const leaf[] = {
            "a = 'x'",  "a != 'y'",     "b < 2", "b >= 1", "a in ('x','y')",
            "b in (3)", "a is missing", "true",  "false",  "c is not missing"};
        assert_ok(expr_parse(a, str_of(leaf[chance(COUNT(leaf))]), 0, &x, &e));
        return x ? x : expr_always(a);
    }
    if (chance(3) == 0) return expr_not(a, random_expr(a, depth - 1));
    x = random_expr(a, depth - 1);
    const expr *y = random_expr(a, depth - 1);
    return chance(2) ? expr_both(a, x, y) : expr_either(a, x, y);
}

typedef struct {
    value a, b, c;
} row;
static void get(void *ctx, str column, value *out) {
    const row *r = ctx;
    *out = column.p[0] == 'a' ? r->a : column.p[0] == 'b' ? r->b : r->c;
}
static truth has(void *ctx, str column, str text) {
    (void)ctx, (void)column, (void)text;
    return NO;
}

static void a_normal_form_is_true_where_the_expression_is(void **state) {
    (void)state;
    static const char *const texts[] = {"x", "y", "z"};
    for (int round = 0; round < 2000; round++) {
        arena *a = arena_open(1 << 20);
        const expr *x = random_expr(a, 5), *y = expr_normal(a, x), *z = expr_normal(a, y);
        buf b = {.a = a}, c = {.a = a};
        if (y) expr_print(&b, y), expr_print(&c, z);
        assert_true(str_eq(buf_view(&b), buf_view(&c))); /* normal stays normal */
        for (int k = 0; k < 12; k++) {
            row r = {0};
            if (chance(4)) r.a = (value){.kind = VALUE_TEXT, .text = str_of(texts[chance(3)])};
            if (chance(4)) r.b = (value){.kind = VALUE_NUM, .num = (num6)chance(4) * NUM6_ONE};
            expr_row at = {get, has, &r};
            truth want = expr_eval(x, &at), got = y ? expr_eval(y, &at) : YES;
            /* Unknown and false select alike; "or" of a column's missing may only be told apart here. */
            assert_int_equal(want, got);
        }
        arena_close(a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_says_the_same_has_one_text),
        cmocka_unit_test(a_normal_form_is_true_where_the_expression_is),
    };
    return RUN_TESTS(tests);
}
