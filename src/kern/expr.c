/* expr.c - what an expression means for one row, and its canonical text. */
#include "kern/expr.h"
#include "base/time.h"

/* ---- meaning ---- */

truth truth_and(truth a, truth b) {
    if (a == NO || b == NO) return NO;
    return a == YES && b == YES ? YES : UNKNOWN;
}

truth truth_or(truth a, truth b) {
    if (a == YES || b == YES) return YES;
    return a == NO && b == NO ? NO : UNKNOWN;
}

truth truth_not(truth a) {
    return a == UNKNOWN ? UNKNOWN : a == YES ? NO : YES;
}

static truth by_order(expr_cmp cmp, int c) {
    bool t = false;
    switch (cmp) {
    case CMP_EQ:
        t = c == 0;
        break;
    case CMP_NE:
        t = c != 0;
        break;
    case CMP_LT:
        t = c < 0;
        break;
    case CMP_LE:
        t = c <= 0;
        break;
    case CMP_GT:
        t = c > 0;
        break;
    case CMP_GE:
        t = c >= 0;
        break;
    }
    return t ? YES : NO;
}

static int order(i64 a, i64 b) {
    return (a > b) - (a < b);
}

/* A moment against a whole day is before, within (equal) or after it. */
static int time_order(i64 ms, const value *want) {
    if (!want->whole_day) return order(ms, want->ms);
    return ms < want->ms ? -1 : ms >= want->ms + DAY_MS + want->shift_ms;
}

truth value_compare(expr_cmp cmp, const value *have, const value *want) {
    if (have->kind != want->kind) return UNKNOWN;
    switch (have->kind) {
    case VALUE_MISSING:
        return UNKNOWN;
    case VALUE_TEXT:
        return by_order(cmp, str_cmp(have->text, want->text));
    case VALUE_NUM:
        return by_order(cmp, order(have->num, want->num));
    case VALUE_TIME:
        return by_order(cmp, time_order(have->ms, want));
    }
    return UNKNOWN;
}

static truth eval_leaf(const expr *x, const expr_row *row) {
    if (x->op == EXPR_CONST) return x->constant ? YES : NO;
    if (x->op == EXPR_HAS) return row->has(row->ctx, x->column, x->values[0].text);
    value have = {0};
    row->get(row->ctx, x->column, &have);
    if (x->op == EXPR_MISSING) return have.kind == VALUE_MISSING ? YES : NO;
    if (x->op == EXPR_CMP) return value_compare(x->cmp, &have, &x->values[0]);
    check(x->op == EXPR_IN);
    truth t = NO;
    for (size_t i = 0; i < x->values_n; i++)
        t = truth_or(t, value_compare(CMP_EQ, &have, &x->values[i]));
    return t;
}

/* Long chains lean to the left, so only the right side is called: the stack stays as deep as the
** nesting. */
truth expr_eval(const expr *x, const expr_row *row) {
    if (x->op == EXPR_NOT) return truth_not(expr_eval(x->left, row));
    if (x->op != EXPR_AND && x->op != EXPR_OR) return eval_leaf(x, row);
    expr_op op = x->op;
    truth t = op == EXPR_AND ? YES : NO;
    for (; x->op == op; x = x->left) {
        truth r = expr_eval(x->right, row);
        t = op == EXPR_AND ? truth_and(t, r) : truth_or(t, r);
    }
    truth first = expr_eval(x, row);
    return op == EXPR_AND ? truth_and(first, t) : truth_or(first, t);
}

void expr_columns(const expr *x, void (*fn)(void *ctx, str column), void *ctx) {
    if (x->left) expr_columns(x->left, fn, ctx);
    if (x->right) expr_columns(x->right, fn, ctx);
    if (x->column.p) fn(ctx, x->column);
}

/* ---- text ---- */

static void print_quoted(buf *b, str s, char q) {
    buf_char(b, q);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == q) buf_char(b, q);
        buf_char(b, s.p[i]);
    }
    buf_char(b, q);
}

/* Plain names are bare; all others, and those that look like keywords, stand in backquotes. */
static void print_name(buf *b, str s) {
    static const char *const words[] = {"and", "or", "not", "in", "is", "missing", "true", "false"};
    bool bare = s.n > 0;
    for (size_t i = 0; i < s.n && bare; i++) {
        char c = s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        bare = letter || (i && ((c >= '0' && c <= '9') || c == ':' || c == '.' || c == '-'));
    }
    for (size_t i = 0; i < COUNT(words); i++)
        if (str_eq_nocase(s, str_of(words[i]))) bare = false;
    if (bare)
        buf_str(b, s);
    else
        print_quoted(b, s, '`');
}

/* A day is printed with the zone it begins in, so that the text means the same read anywhere. */
static void print_day(buf *b, i64 ms) {
    i64 zone = (DAY_MS - (ms - day_of_ms(ms) * DAY_MS)) % DAY_MS / MINUTE_MS;
    if (zone > 12 * 60) zone -= 24 * 60;
    civil c = civil_of(ms + zone * MINUTE_MS);
    buf_fmt(b, "%04d-%02d-%02d", c.year, c.month, c.day);
    if (zone == 0)
        buf_char(b, 'Z');
    else
        buf_fmt(b, "%c%02d:%02d", zone < 0 ? '-' : '+', abs((int)zone) / 60, abs((int)zone) % 60);
}

static void print_moment(buf *b, i64 ms) {
    civil c = civil_of(ms);
    buf_fmt(b, "%04d-%02d-%02dT%02d:%02d:%02d", c.year, c.month, c.day, c.hour, c.min, c.sec);
    if (c.ms) buf_fmt(b, ".%03d", c.ms);
    buf_char(b, 'Z');
}

static void print_value(buf *b, const value *v) {
    check(v->kind != VALUE_MISSING);
    switch (v->kind) {
    case VALUE_MISSING:
        return;
    case VALUE_TEXT:
        print_quoted(b, v->text, '\'');
        return;
    case VALUE_NUM:
        buf_num6(b, v->num);
        return;
    case VALUE_TIME:
        if (v->whole_day)
            print_day(b, v->ms);
        else
            print_moment(b, v->ms);
        return;
    }
}

static void print_leaf(buf *b, const expr *x, bool no) {
    static const char *const signs[] = {"=", "!=", "<", "<=", ">", ">="};
    if (x->op == EXPR_CONST) {
        buf_str(b, x->constant ? S("true") : S("false"));
        return;
    }
    print_name(b, x->column);
    if (x->op == EXPR_MISSING) {
        buf_str(b, no ? S(" is not missing") : S(" is missing"));
    } else if (x->op == EXPR_IN) {
        buf_str(b, no ? S(" not in (") : S(" in ("));
        for (size_t i = 0; i < x->values_n; i++) {
            if (i) buf_str(b, S(", "));
            print_value(b, &x->values[i]);
        }
        buf_char(b, ')');
    } else {
        buf_fmt(b, "%s %s ", no ? " not" : "", x->op == EXPR_HAS ? "~" : signs[x->cmp]);
        print_value(b, &x->values[0]);
    }
}

static void print_inside(buf *b, const expr *x, bool parens) {
    if (parens) buf_char(b, '(');
    expr_print(b, x);
    if (parens) buf_char(b, ')');
}

void expr_print(buf *b, const expr *x) {
    if (x->op == EXPR_AND || x->op == EXPR_OR) {
        bool all = x->op == EXPR_AND;
        expr_op l = x->left->op, r = x->right->op;
        print_inside(b, x->left, all && l == EXPR_OR);
        buf_str(b, all ? S(" and ") : S(" or "));
        print_inside(b, x->right, r == x->op || (all && r == EXPR_OR));
    } else if (x->op == EXPR_NOT) {
        expr_op of = x->left->op;
        if (of == EXPR_MISSING || of == EXPR_IN || of == EXPR_HAS) {
            print_leaf(b, x->left, true);
        } else {
            buf_str(b, S("not "));
            print_inside(b, x->left, of == EXPR_AND || of == EXPR_OR);
        }
    } else {
        print_leaf(b, x, false);
    }
}
