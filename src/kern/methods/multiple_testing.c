/* multiple_testing.c - p values of many tests at once. */
#include "kern/method.h"

/* Adjusted by factor(rank): step up from the largest (up) or down from the smallest. */
static vec adjust(calc *c, vec p, const size_t *o, double scale, bool up) {
    vec r = vec_new(c->a, p.n);
    double at = up ? 1 : 0, m = (double)p.n;
    for (size_t k = 0; k < p.n; k++) {
        size_t rank = up ? p.n - k : k + 1, i = o[rank - 1];
        double x = up ? p.v[i] * scale * m / (double)rank : p.v[i] * (m + 1 - (double)rank);
        at = up ? fmin(at, x) : fmax(at, fmin(x, 1));
        r.v[i] = at;
    }
    return r;
}

static i64 at_most(vec v, double q) {
    i64 n = 0;
    for (size_t i = 0; i < v.n; i++) n += v.v[i] <= q;
    return n;
}

/* Puts the adjusted values back between the missing ones. */
static vec spread(calc *c, vec adjusted, vec all) {
    vec r = vec_new(c->a, all.n);
    for (size_t i = 0, k = 0; i < all.n; i++) r.v[i] = isnan(all.v[i]) ? all.v[i] : adjusted.v[k++];
    return r;
}

static bool run(calc *c) {
    vec all = in_gaps(c, NULL, "p"), p = vec_copy(c->a, all);
    double q = in_maybe(c, NULL, "q", 0, 1, 0.05), harmonic = 0;
    p.n = 0;
    for (size_t i = 0; i < all.n && calc_ok(c); i++) {
        if (all.v[i] < 0 || all.v[i] > 1) calc_bad(c, "\"p\" must lie between 0 and 1");
        if (!isnan(all.v[i])) p.v[p.n++] = all.v[i];
    }
    if (!calc_ok(c)) return false;
    for (size_t k = 1; k <= p.n; k++) harmonic += 1 / (double)k;
    const size_t *o = order_of(c->a, p);
    vec bh = adjust(c, p, o, 1, true);
    out_nums(c, "bh_adjusted", spread(c, bh, all));
    out_nums(c, "holm_adjusted", spread(c, adjust(c, p, o, 1, false), all));
    out_nums(c, "by_adjusted", spread(c, adjust(c, p, o, harmonic, true), all));
    out_int(c, "bh_rejections", at_most(bh, q));
    out_int(c, "bonferroni_rejections", p.n ? at_most(p, q / (double)p.n) : 0);
    return true;
}

const method method_multiple_testing = {
    .name = "multiple_testing",
    .title = {"Many tests at once", "多重检验校正", "多重檢定校正"},
    .source = "Benjamini & Hochberg 1995; Holm 1979; Benjamini & Yekutieli 2001",
    .formula =
        "BH: min over j >= i of m p_(j)/j; BY: the same times 1+1/2+...+1/m; Holm: max over j <= i "
        "of (m+1-j) p_(j); m leaves out missing values",
    .input = "p  values 0-1, null = missing\nq  rate of false discoveries, usually 0.05",
    .output = "bh_adjusted, holm_adjusted, by_adjusted  in the order given\n"
              "bh_rejections, bonferroni_rejections  counts",
    .example = "{\"p\":[0.001,0.02,0.03,0.8],\"q\":0.05}",
    .run = run,
};
