/* expr_normal.c - one form for expressions that say the same thing. */
#include "kern/expr_make.h"

typedef struct {
    const expr *x;
    str text;
} operand;

static const expr *normal(arena *a, const expr *x, bool no);

static int by_text(const void *a, const void *b) {
    return str_cmp(((const operand *)a)->text, ((const operand *)b)->text);
}

static str text_of(arena *a, const expr *x) {
    buf b = {.a = a};
    expr_print(&b, x);
    return buf_view(&b);
}

static const expr *constant(arena *a, bool yes) {
    expr *x = NEW(a, expr);
    *x = (expr){.op = EXPR_CONST, .constant = yes};
    return x;
}

static expr_cmp opposite(expr_cmp c) {
    static const expr_cmp of[] = {CMP_NE, CMP_EQ, CMP_GE, CMP_GT, CMP_LE, CMP_LT};
    return of[c];
}

/* in ('b', 'a', 'b') is in ('a', 'b'), and in ('a') is = 'a'. */
static const expr *one_of(arena *a, const expr *x) {
    operand *v = NEW_N(a, operand, x->values_n);
    expr *r = NEW(a, expr);
    for (size_t i = 0; i < x->values_n; i++) {
        expr one = {.op = EXPR_CMP, .column = x->column, .values = &x->values[i], .values_n = 1};
        v[i] = (operand){(const expr *)(const void *)&x->values[i], text_of(a, &one)};
    }
    qsort(v, x->values_n, sizeof *v, by_text);
    *r = (expr){.op = EXPR_IN, .column = x->column, .values = NEW_N(a, value, x->values_n)};
    for (size_t i = 0; i < x->values_n; i++)
        if (!i || by_text(&v[i - 1], &v[i]))
            r->values[r->values_n++] = *(const value *)(const void *)v[i].x;
    if (r->values_n == 1) r->op = EXPR_CMP, r->cmp = CMP_EQ;
    return r;
}

static const expr *leaf(arena *a, const expr *x, bool no) {
    if (x->op == EXPR_CONST) return constant(a, x->constant != no);
    if (x->op == EXPR_IN) x = one_of(a, x);
    if (!no) return x;
    if (x->op != EXPR_CMP) return expr_not(a, x);
    expr *r = NEW(a, expr);
    *r = *x;
    r->cmp = opposite(x->cmp);
    return r;
}

static size_t leaves(const expr *x) {
    size_t n = 1;
    for (; x->op == EXPR_AND || x->op == EXPR_OR || x->op == EXPR_NOT; x = x->left)
        if (x->right) n += leaves(x->right);
    return n;
}

/* All operands of a chain, those of chains within it too. */
static size_t gather(arena *a, const expr *x, bool no, expr_op op, operand *out, size_t n) {
    const expr *y = normal(a, x, no);
    for (; y->op == op; y = y->left) out[n++] = (operand){y->right, text_of(a, y->right)};
    out[n++] = (operand){y, text_of(a, y)};
    return n;
}

/* Sorted operands become one chain again; what decides nothing is left out. */
static const expr *join(arena *a, expr_op op, const operand *v, size_t n) {
    const expr *r = NULL;
    for (size_t i = 0; i < n; i++) {
        const expr *one = v[i].x;
        bool idle = one->op == EXPR_CONST && one->constant == (op == EXPR_AND);
        if (one->op == EXPR_CONST && !idle) return one;
        if (idle || (i && str_eq(v[i - 1].text, v[i].text))) continue;
        expr *both = NEW(a, expr);
        *both = (expr){.op = op, .left = r, .right = one};
        r = r ? both : one;
    }
    return r ? r : constant(a, op == EXPR_AND);
}

static const expr *chain(arena *a, const expr *x, bool no) {
    expr_op was = x->op, op = (was == EXPR_AND) != no ? EXPR_AND : EXPR_OR;
    operand *v = NEW_N(a, operand, leaves(x));
    size_t n = 0;
    for (; x->op == was; x = x->left) n = gather(a, x->right, no, op, v, n);
    n = gather(a, x, no, op, v, n);
    qsort(v, n, sizeof *v, by_text);
    return join(a, op, v, n);
}

static const expr *normal(arena *a, const expr *x, bool no) {
    while (x->op == EXPR_NOT) x = x->left, no = !no;
    return x->op == EXPR_AND || x->op == EXPR_OR ? chain(a, x, no) : leaf(a, x, no);
}

const expr *expr_normal(arena *a, const expr *x) {
    if (!x) return NULL;
    const expr *r = normal(a, x, false);
    return r->op == EXPR_CONST && r->constant ? NULL : r;
}
