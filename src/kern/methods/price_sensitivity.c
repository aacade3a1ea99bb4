/* price_sensitivity.c - which prices are thought too cheap, cheap, dear, too dear. */
#include "kern/method.h"

typedef struct {
    vec p[4]; /* too cheap, cheap, expensive, too expensive; those who answer in order */
    vec sorted[4], grid;
    double invalid;
} survey;

enum { TOO_CHEAP, CHEAP, EXPENSIVE, TOO_EXPENSIVE };

/* The share at most price; 0 at the smallest answer and 1 at the largest. */
static double at_most(vec sorted, double price) {
    size_t low = 0, high = sorted.n;
    if (price <= sorted.v[0]) return 0;
    if (price >= sorted.v[sorted.n - 1]) return 1;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (sorted.v[mid] <= price)
            low = mid + 1;
        else
            high = mid;
    }
    return (double)low / (double)sorted.n;
}

typedef struct {
    int one, other;
    bool one_falls, other_falls; /* 1 - share */
} crossing;

static double gap(const survey *s, const crossing *x, double price) {
    double a = at_most(s->sorted[x->one], price), b = at_most(s->sorted[x->other], price);
    return (x->one_falls ? 1 - a : a) - (x->other_falls ? 1 - b : b);
}

/* The first change of sign, with a straight line between two stated prices. */
static double meet(const survey *s, const crossing *x) {
    double was = gap(s, x, s->grid.v[0]);
    for (size_t i = 1; i < s->grid.n; i++) {
        double now = gap(s, x, s->grid.v[i]);
        if (was != 0 && was * now <= 0)
            return s->grid.v[i - 1] + (s->grid.v[i] - s->grid.v[i - 1]) * was / (was - now);
        was = now;
    }
    return undefined(NOT_REACHED);
}

static bool read(calc *c, survey *s) {
    static const char *const keys[] = {"tch", "ch", "ex", "tex"};
    for (int k = 0; k < 4; k++) {
        s->p[k] = in_gaps(c, NULL, keys[k]);
        if (calc_ok(c)) in_same(c, keys[0], s->p[0].n, keys[k], s->p[k].n);
    }
    size_t n = 0;
    for (size_t i = 0; i < s->p[0].n && calc_ok(c); i++) {
        bool rising = true; /* missing answers compare as false */
        for (int k = 0; k < 3; k++) rising &= s->p[k].v[i] < s->p[k + 1].v[i];
        for (int k = 0; k < 4; k++) s->p[k].v[n] = s->p[k].v[i];
        n += rising;
        s->invalid += !rising;
    }
    if (!calc_ok(c)) return false;
    s->grid = vec_new(c->a, 4 * n);
    for (int k = 0; k < 4; k++) {
        s->p[k].n = n;
        s->sorted[k] = vec_copy(c->a, s->p[k]);
        vec_sort(s->sorted[k]);
        for (size_t i = 0; i < n; i++) s->grid.v[(size_t)k * n + i] = s->p[k].v[i];
    }
    vec_sort(s->grid);
    return true;
}

static bool run(calc *c) {
    static const struct {
        const char *key;
        crossing x;
    } points[] = {{"idp", {CHEAP, EXPENSIVE, true, false}},
                  {"opp", {TOO_CHEAP, TOO_EXPENSIVE, true, false}},
                  {"pmc", {TOO_CHEAP, CHEAP, true, false}},
                  {"pme", {TOO_EXPENSIVE, EXPENSIVE, false, true}}};
    survey s = {0};
    if (!read(c, &s)) return false;
    out_num(c, "invalid_cases", s.invalid);
    out_num(c, "valid_cases", (double)s.p[0].n);
    for (size_t i = 0; i < COUNT(points); i++)
        out_num(c, points[i].key, s.p[0].n ? meet(&s, &points[i].x) : undefined(NO_DATA));
    return true;
}

const method method_price_sensitivity = {
    .name = "price_sensitivity",
    .title = {"Price sensitivity (van Westendorp)", "价格敏感度(PSM)", "價格敏感度(PSM)"},
    .source = "van Westendorp 1976",
    .formula = "curves of stated prices, 0 at the smallest and 1 at the largest; too cheap and "
               "cheap fall; "
               "crossings: idp cheap x expensive, opp too cheap x too expensive, pmc too cheap x "
               "not cheap, pme too "
               "expensive x not expensive; prices that do not rise are left out",
    .input = "tch, ch, ex, tex  too cheap, cheap, expensive, too expensive; one of each a person",
    .output = "invalid_cases, valid_cases; idp, opp, pmc, pme  prices",
    .example = "{\"tch\":[1,2,3,4],\"ch\":[3,4,5,6],\"ex\":[4,5,6,7],\"tex\":[5,6,7,8]}",
    .run = run,
};
