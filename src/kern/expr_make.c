/* expr_make.c - building expressions in code. */
#include "kern/expr_make.h"

static const expr *compare(arena *a, str column, expr_cmp cmp, value v) {
    expr *x = NEW(a, expr);
    value *copy = NEW(a, value);
    *copy = v;
    *x = (expr){.op = EXPR_CMP, .cmp = cmp, .column = column, .values = copy, .values_n = 1};
    return x;
}

const expr *expr_text_is(arena *a, str column, str text) {
    return compare(a, column, CMP_EQ, (value){.kind = VALUE_TEXT, .text = text});
}

const expr *expr_num_is(arena *a, str column, num6 num) {
    return compare(a, column, CMP_EQ, (value){.kind = VALUE_NUM, .num = num});
}

const expr *expr_num_from(arena *a, str column, num6 num) {
    return compare(a, column, CMP_GE, (value){.kind = VALUE_NUM, .num = num});
}

const expr *expr_time_from(arena *a, str column, i64 ms) {
    return compare(a, column, CMP_GE, (value){.kind = VALUE_TIME, .ms = ms});
}

const expr *expr_time_before(arena *a, str column, i64 ms) {
    return compare(a, column, CMP_LT, (value){.kind = VALUE_TIME, .ms = ms});
}

const expr *expr_is_missing(arena *a, str column) {
    expr *x = NEW(a, expr);
    *x = (expr){.op = EXPR_MISSING, .column = column};
    return x;
}

const expr *expr_not(arena *a, const expr *inner) {
    expr *x = NEW(a, expr);
    *x = (expr){.op = EXPR_NOT, .left = inner};
    return x;
}

const expr *expr_always(arena *a) {
    expr *x = NEW(a, expr);
    *x = (expr){.op = EXPR_CONST, .constant = true};
    return x;
}

const expr *expr_both(arena *a, const expr *left, const expr *right) {
    if (!left) return right;
    if (!right) return left;
    expr *x = NEW(a, expr);
    *x = (expr){.op = EXPR_AND, .left = left, .right = right};
    return x;
}

const expr *expr_either(arena *a, const expr *left, const expr *right) {
    expr *x = NEW(a, expr);
    *x = (expr){.op = EXPR_OR, .left = left, .right = right};
    return x;
}
