/* goal_relation.c - how a goal comes of others: arithmetic on names; and Shapley's values. */
#include "kern/method.h"
#include "kern/moments.h"
#include "understand/goal.h"

struct relation {
    char op; /* + - * / n(umber) v(ariable) */
    double number;
    size_t name;
    const relation *left, *right;
};

typedef struct {
    arena *a;
    str all, rest;
    const str *names;
    size_t names_n;
    int depth;
    err *e;
} reading;

static bool refuse(const reading *r, const char *want) {
    return fail(r->e, INVALID, "relation: at %zu: %s", r->all.n - r->rest.n + 1, want);
}

static void skip(reading *r) {
    while (r->rest.n && r->rest.p[0] == ' ') r->rest = str_from(r->rest, 1);
}

static bool take(reading *r, char c) {
    skip(r);
    if (!r->rest.n || r->rest.p[0] != c) return false;
    r->rest = str_from(r->rest, 1);
    return true;
}

static relation *node(reading *r, char op, const relation *left, const relation *right) {
    relation *x = NEW(r->a, relation);
    *x = (relation){.op = op, .left = left, .right = right};
    return x;
}

static bool sum(reading *r, const relation **out);

/* A word ends at a blank, a bracket or a sign that is no "-": goals are called nps-delivery. */
static str word(reading *r) {
    size_t n = 0;
    while (n < r->rest.n && !strchr(" ()+*/,", r->rest.p[n])) n++;
    str w = str_head(r->rest, n);
    r->rest = str_from(r->rest, n);
    return w;
}

static bool atom(reading *r, const relation **out) {
    double number;
    if (take(r, '(')) {
        if (++r->depth > 50) return refuse(r, "brackets are too deep");
        if (!sum(r, out)) return false;
        r->depth--;
        return take(r, ')') || refuse(r, "want \")\"");
    }
    skip(r);
    str before = r->rest, w = word(r);
    relation *x = node(r, 'n', NULL, NULL);
    *out = x;
    if (str_num(w, &number)) return x->number = number, true;
    for (size_t i = 0; i < r->names_n; i++)
        if (str_eq(r->names[i], w)) return x->op = 'v', x->name = i, true;
    r->rest = before;
    if (!w.n) return refuse(r, "want a number or the name of a goal below");
    return fail(r->e, INVALID, "relation: \"%.*s\" is no goal below this one",
                (int)MIN(w.n, (size_t)60), w.p);
}

static bool product(reading *r, const relation **out) {
    const relation *x, *y;
    if (!atom(r, &x)) return false;
    for (;;) {
        char op = take(r, '*') ? '*' : take(r, '/') ? '/' : 0;
        if (!op) break;
        if (!atom(r, &y)) return false;
        x = node(r, op, x, y);
    }
    return *out = x, true;
}

static bool sum(reading *r, const relation **out) {
    const relation *x, *y;
    if (!product(r, &x)) return false;
    for (;;) {
        char op = take(r, '+') ? '+' : take(r, '-') ? '-' : 0;
        if (!op) break;
        if (!product(r, &y)) return false;
        x = node(r, op, x, y);
    }
    return *out = x, true;
}

bool relation_parse(arena *a, str text, const str *names, size_t n, relation **out, str *mix_out,
                    err *e) {
    str t = str_trim(text);
    reading r = {a, t, t, names, n, 0, e};
    const relation *x;
    *mix_out = NO_STR, *out = NULL;
    if (str_starts(t, S("mix(")) && str_ends(t, S(")"))) {
        *mix_out = str_trim((str){t.p + 4, t.n - 5});
        return mix_out->n || fail(e, INVALID, "relation: mix() wants a column, as in mix(channel)");
    }
    if (!sum(&r, &x)) return false;
    skip(&r);
    if (r.rest.n) return refuse(&r, "want + - * / or the end");
    relation *copy = NEW(a, relation);
    *copy = *x;
    return *out = copy, true;
}

double relation_value(const relation *r, const double *values) {
    if (r->op == 'n') return r->number;
    if (r->op == 'v') return values[r->name];
    double x = relation_value(r->left, values), y = relation_value(r->right, values);
    return r->op == '+' ? x + y : r->op == '-' ? x - y : r->op == '*' ? x * y : ratio(x, y);
}

bool relation_names(const relation *r, size_t name) {
    if (r->op == 'n') return false;
    if (r->op == 'v') return r->name == name;
    return relation_names(r->left, name) || relation_names(r->right, name);
}

/* Shapley 1953: the mean, over all orders, of what a player adds when it is its turn. */
void shapley(arena *a, double (*f)(void *ctx, u32 now), void *ctx, size_t n, double *out) {
    check(n <= GOAL_PLAYERS);
    size_t all = (size_t)1 << n;
    double *v = NEW_N(a, double, all), weight[GOAL_PLAYERS + 1];
    for (u32 s = 0; s < all; s++) v[s] = f(ctx, s);
    weight[0] = n ? 1 / (double)n : 1; /* s! (n-1-s)! / n! */
    for (size_t s = 1; s < n; s++) weight[s] = weight[s - 1] * (double)s / (double)(n - s);
    for (size_t i = 0; i < n; i++) {
        neat part = {0};
        for (u32 s = 0; s < all; s++)
            if (!(s >> i & 1))
                neat_add(&part, weight[__builtin_popcount(s)] * (v[s | 1u << i] - v[s]));
        out[i] = neat_sum(&part);
    }
}
