/* rule_logic.c - conditions as branches of demands on columns, and what follows from what. */
#include "act/rule_logic.h"

typedef struct {
    const expr *leaf;
    bool negated;
} literal;
typedef struct {
    literal all[LOGIC_LITERALS_MAX];
    size_t n;
} branch;
struct branches {
    branch *all;
    size_t n;
};

/* ---- taking apart ---- */

typedef struct {
    arena *a;
    bool too_large;
} taking;

static branches *one_branch(taking *k, literal l) {
    branches *b = NEW(k->a, branches);
    b->all = NEW(k->a, branch);
    b->n = 1;
    b->all[0].all[b->all[0].n++] = l;
    return b;
}

static branches *either(taking *k, const branches *x, const branches *y) {
    branches *b = NEW(k->a, branches);
    if (x->n + y->n > LOGIC_BRANCHES_MAX) k->too_large = true;
    if (k->too_large) return b;
    b->all = NEW_N(k->a, branch, x->n + y->n);
    memcpy(b->all, x->all, x->n * sizeof *b->all);
    memcpy(b->all + x->n, y->all, y->n * sizeof *b->all);
    b->n = x->n + y->n;
    return b;
}

static branches *both(taking *k, const branches *x, const branches *y) {
    branches *b = NEW(k->a, branches);
    if (x->n * y->n > LOGIC_BRANCHES_MAX) k->too_large = true;
    if (k->too_large) return b;
    b->all = NEW_N(k->a, branch, x->n * y->n + 1);
    for (size_t i = 0; i < x->n; i++)
        for (size_t j = 0; j < y->n; j++) {
            branch *to = &b->all[b->n++];
            *to = x->all[i];
            if (to->n + y->all[j].n > LOGIC_LITERALS_MAX) return k->too_large = true, b;
            memcpy(to->all + to->n, y->all[j].all, y->all[j].n * sizeof *to->all);
            to->n += y->all[j].n;
        }
    return b;
}

static branches *take(taking *k, const expr *x, bool negated) {
    if (x->op == EXPR_NOT) return take(k, x->left, !negated);
    if (x->op != EXPR_AND && x->op != EXPR_OR) return one_branch(k, (literal){x, negated});
    bool and = (x->op == EXPR_AND) != negated;
    branches *left = take(k, x->left, negated);
    if (k->too_large) return left;
    branches *right = take(k, x->right, negated);
    if (k->too_large) return right;
    return and? both(k, left, right) : either(k, left, right);
}

const branches *branches_of(arena *a, const expr *x) {
    taking k = {a, false};
    branches *b = take(&k, x, false);
    return k.too_large ? NULL : b;
}

/* ---- demands ---- */

static bool is_set(str column) {
    return str_eq(column, S("tag")); /* several values: demands on it do not exclude each other */
}

static bool same(const value *x, const value *y) {
    return x->kind == y->kind && str_eq(x->text, y->text) && x->num == y->num && x->ms == y->ms;
}

/* One value meets a demand on its column. */
static truth meets(const literal *l, const value *v) {
    const expr *x = l->leaf;
    truth t = NO;
    if (x->op == EXPR_MISSING) {
        t = v->kind == VALUE_MISSING ? YES : NO;
    } else if (x->op == EXPR_HAS) {
        if (str_eq(x->column, S("words"))) return UNKNOWN; /* letters are folded there */
        t = v->kind != VALUE_TEXT ? UNKNOWN : str_find(v->text, x->values[0].text) >= 0 ? YES : NO;
    } else if (x->op == EXPR_CMP) {
        t = value_compare(x->cmp, v, &x->values[0]);
    } else {
        for (size_t i = 0; i < x->values_n && t != YES; i++)
            t = truth_or(t, value_compare(CMP_EQ, v, &x->values[i]));
    }
    return l->negated ? truth_not(t) : t;
}

/* The values a demand leaves, when they are few: = and in. */
static bool is_list(const literal *l) {
    if (l->negated) return l->leaf->op == EXPR_CMP && l->leaf->cmp == CMP_NE;
    return l->leaf->op == EXPR_IN || (l->leaf->op == EXPR_CMP && l->leaf->cmp == CMP_EQ);
}

static bool whole_days(const expr *x) {
    for (size_t i = 0; i < x->values_n; i++)
        if (x->values[i].whole_day) return true;
    return false;
}

static expr_cmp turned(expr_cmp c) {
    static const expr_cmp other[] = {[CMP_EQ] = CMP_NE, [CMP_NE] = CMP_EQ, [CMP_LT] = CMP_GE,
                                     [CMP_LE] = CMP_GT, [CMP_GT] = CMP_LE, [CMP_GE] = CMP_LT};
    return other[c];
}

/* A demand on numbers or moments as a span of whole units: millionths or milliseconds. */
static bool span_of(const literal *l, i64 *low, i64 *high) {
    const expr *x = l->leaf;
    *low = INT64_MIN + 1;
    *high = INT64_MAX;
    if (x->op != EXPR_CMP || whole_days(x)) return false;
    const value *v = &x->values[0];
    if (v->kind != VALUE_NUM && v->kind != VALUE_TIME) return false;
    i64 at = v->kind == VALUE_NUM ? v->num : v->ms;
    switch (l->negated ? turned(x->cmp) : x->cmp) {
    case CMP_EQ:
        return *low = *high = at, true;
    case CMP_LT:
        return *high = at - 1, true;
    case CMP_LE:
        return *high = at, true;
    case CMP_GT:
        return *low = at + 1, true;
    case CMP_GE:
        return *low = at, true;
    case CMP_NE:
        break;
    }
    return false;
}

static value_kind kind_of(const literal *l) {
    const expr *x = l->leaf;
    if (x->op == EXPR_MISSING) return VALUE_MISSING;
    if (x->op == EXPR_HAS) return VALUE_TEXT;
    value_kind k = x->values[0].kind;
    for (size_t i = 1; i < x->values_n; i++)
        if (x->values[i].kind != k) return VALUE_MISSING; /* a list of both: says nothing */
    return k;
}

static bool wants_missing(const literal *l) {
    return l->leaf->op == EXPR_MISSING && !l->negated;
}

/* Everything but "is missing" is only true of a value that is there. */
static bool wants_value(const literal *l) {
    return l->leaf->op != EXPR_CONST && !wants_missing(l);
}

static bool of_column(const literal *l, str column) {
    return l->leaf->op != EXPR_CONST && str_eq(l->leaf->column, column);
}

/* Are all demands of b on the column met by one value? */
static bool allowed(const branch *b, str column, const value *v) {
    for (size_t i = 0; i < b->n; i++)
        if (of_column(&b->all[i], column) && meets(&b->all[i], v) == NO) return false;
    return true;
}

static void span_all(const branch *b, str column, value_kind kind, i64 *low, i64 *high) {
    i64 lo, hi;
    *low = INT64_MIN + 1;
    *high = INT64_MAX;
    for (size_t i = 0; i < b->n; i++) {
        const literal *l = &b->all[i];
        if (!of_column(l, column) || kind_of(l) != kind || !span_of(l, &lo, &hi)) continue;
        *low = MAX(*low, lo);
        *high = MIN(*high, hi);
    }
}

/* Two demands of one branch on one column that no value meets. */
static bool against(const literal *x, const literal *y) {
    if (wants_missing(x) && wants_value(y)) return true;
    if (!wants_value(x) || !wants_value(y)) return false;
    value_kind a = kind_of(x), b = kind_of(y);
    if (a != VALUE_MISSING && b != VALUE_MISSING && a != b) return true;
    const expr *p = x->leaf, *q = y->leaf;
    return x->negated != y->negated && p->op == EXPR_HAS && q->op == EXPR_HAS &&
           str_find((x->negated ? q : p)->values[0].text, (x->negated ? p : q)->values[0].text) >=
               0;
}

static bool list_is_empty(const branch *b, const literal *l) {
    for (size_t i = 0; i < l->leaf->values_n; i++)
        if (l->leaf->values[i].whole_day || allowed(b, l->leaf->column, &l->leaf->values[i]))
            return false;
    return true;
}

static bool never(const branch *b) {
    for (size_t i = 0; i < b->n; i++) {
        const literal *l = &b->all[i];
        i64 low, high;
        if (l->leaf->op == EXPR_CONST) {
            if (l->leaf->constant == l->negated) return true;
            continue;
        }
        if (is_set(l->leaf->column)) continue;
        if (is_list(l) && list_is_empty(b, l)) return true;
        span_all(b, l->leaf->column, kind_of(l), &low, &high);
        if (low > high) return true;
        for (size_t j = 0; j < b->n; j++)
            if (of_column(&b->all[j], l->leaf->column) && against(l, &b->all[j])) return true;
    }
    return false;
}

bool branches_never(const branches *b) {
    for (size_t i = 0; i < b->n; i++)
        if (!never(&b->all[i])) return false;
    return true;
}

/* ---- what follows ---- */

static bool same_literal(const literal *x, const literal *y) {
    const expr *p = x->leaf, *q = y->leaf;
    if (x->negated != y->negated || p->op != q->op || p->values_n != q->values_n) return false;
    if (p->op == EXPR_CMP && p->cmp != q->cmp) return false;
    for (size_t i = 0; i < p->values_n; i++)
        if (!same(&p->values[i], &q->values[i])) return false;
    return true;
}

/* Does demand `have` alone make `l` true? */
static bool alone(const literal *have, const literal *l) {
    if (same_literal(have, l)) return true;
    if (l->leaf->op == EXPR_MISSING) return l->negated && wants_value(have);
    if (l->leaf->op == EXPR_HAS && have->leaf->op == EXPR_HAS && !l->negated && !have->negated)
        return str_find(have->leaf->values[0].text, l->leaf->values[0].text) >= 0;
    if (!is_list(have)) return false;
    for (size_t i = 0; i < have->leaf->values_n; i++)
        if (have->leaf->values[i].whole_day || meets(l, &have->leaf->values[i]) != YES)
            return false;
    return true;
}

static bool by_span(const branch *b, const literal *l) {
    i64 low, high, lo, hi;
    if (!span_of(l, &lo, &hi)) return false;
    span_all(b, l->leaf->column, kind_of(l), &low, &high);
    return low >= lo && high <= hi;
}

static bool follows(const branch *b, const literal *l) {
    if (l->leaf->op == EXPR_CONST) return l->leaf->constant != l->negated;
    for (size_t i = 0; i < b->n; i++)
        if (of_column(&b->all[i], l->leaf->column) && alone(&b->all[i], l)) return true;
    return !is_set(l->leaf->column) && by_span(b, l);
}

static bool branch_covers(const branch *a, const branch *b) {
    for (size_t i = 0; i < a->n; i++)
        if (!follows(b, &a->all[i])) return false;
    return true;
}

bool branches_cover(const branches *a, const branches *b) {
    if (!a || !b) return false;
    for (size_t i = 0; i < b->n; i++) {
        bool covered = never(&b->all[i]);
        for (size_t j = 0; j < a->n && !covered; j++)
            covered = branch_covers(&a->all[j], &b->all[i]);
        if (!covered) return false;
    }
    return true;
}

static bool shares_column(const branch *a, const branch *b) {
    for (size_t i = 0; i < a->n; i++)
        for (size_t j = 0; j < b->n; j++)
            if (a->all[i].leaf->op != EXPR_CONST && of_column(&b->all[j], a->all[i].leaf->column))
                return true;
    return false;
}

bool branches_meet(const branches *a, const branches *b) {
    if (!a || !b) return false;
    for (size_t i = 0; i < a->n; i++)
        for (size_t j = 0; j < b->n; j++) {
            branch k = a->all[i];
            if (k.n + b->all[j].n > LOGIC_LITERALS_MAX) continue;
            memcpy(k.all + k.n, b->all[j].all, b->all[j].n * sizeof *k.all);
            k.n += b->all[j].n;
            if (shares_column(&a->all[i], &b->all[j]) && !never(&k)) return true;
        }
    return false;
}
