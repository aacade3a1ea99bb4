/* nps.c - net promoter score: by counts, by answers, or by weighted answers. */
#include "kern/moments.h"
#include "kern/promoters.h"
#include "kern/special.h"

static void write_interval(calc *c, const promoters *p, double z) {
    double se = 100 * sqrt(fmax(0, p->variance) / p->n), none = undefined(NO_DATA),
           score = 100 * p->share;
    interval r = p->n > 0 ? rocks_at(p->up, p->down, p->n, z) : (interval){none, none};
    out_num(c, "variance", p->n > 0 ? fmax(0, p->variance) : none);
    out_num(c, "se", p->n > 0 ? se : none);
    out_num(c, "wald_lo", p->n > 0 ? score - z * se : none);
    out_num(c, "wald_hi", p->n > 0 ? score + z * se : none);
    out_num(c, "adjwald_center", p->n > 0 ? 100 * (p->up - p->down) / (p->n + 3) : none);
    out_num(c, "adjwald_lo", r.low);
    out_num(c, "adjwald_hi", r.high);
}

static bool by_counts(calc *c, double z) {
    promoters p = in_promoters(c, NULL);
    if (!calc_ok(c)) return false;
    out_num(c, "n", p.n);
    out_num(c, "promoters_pct", 100 * ratio(p.up, p.n));
    out_num(c, "passives_pct", 100 * ratio(p.flat, p.n));
    out_num(c, "detractors_pct", 100 * ratio(p.down, p.n));
    out_num(c, "nps", 100 * p.share);
    write_interval(c, &p, z);
    return true;
}

static bool valid(double x) {
    return x >= 0 && x <= 10 && x == floor(x);
}

static double side_of(double x) {
    return x >= 9 ? 1 : x <= 6 ? -1 : 0;
}

static bool by_answers(calc *c, double z) {
    vec x = in_gaps(c, NULL, "answers");
    double n[3] = {0}, excluded = 0;
    for (size_t i = 0; i < x.n; i++)
        if (valid(x.v[i]))
            n[(int)side_of(x.v[i]) + 1]++;
        else
            excluded++;
    if (!calc_ok(c)) return false;
    promoters p = promoters_of(n[2], n[1], n[0]);
    out_num(c, "n_valid", p.n);
    out_num(c, "n_excluded", excluded);
    out_num(c, "detractors", p.down);
    out_num(c, "passives", p.flat);
    out_num(c, "promoters", p.up);
    out_num(c, "nps", 100 * p.share);
    write_interval(c, &p, z);
    return true;
}

/* Taylor linearisation of a ratio mean, drawn with replacement. */
static bool by_weights(calc *c) {
    vec x = in_gaps(c, NULL, "answers"), w = in_nums(c, NULL, "weights");
    if (calc_ok(c)) in_same(c, "answers", x.n, "weights", w.n);
    size_t n = 0;
    double plain = 0, excluded = 0;
    vec side = vec_new(c->a, x.n), weight = vec_new(c->a, x.n);
    for (size_t i = 0; i < x.n && calc_ok(c); i++) {
        if (!(w.v[i] > 0)) calc_bad(c, "\"weights\" must be above 0");
        excluded += !valid(x.v[i]);
        if (!valid(x.v[i])) continue;
        plain += side_of(x.v[i]);
        side.v[n] = side_of(x.v[i]), weight.v[n++] = w.v[i];
    }
    if (!calc_ok(c)) return false;
    side.n = weight.n = n;
    double all = vec_sum(weight), squares = vec_dot(weight, weight),
           m = ratio(vec_dot(weight, side), all), k = (double)n;
    neat s = {0};
    for (size_t i = 0; i < n; i++) neat_add(&s, pow(weight.v[i] * (side.v[i] - m) / all, 2));
    out_num(c, "n_valid", k);
    out_num(c, "n_excluded", excluded);
    out_num(c, "nps", 100 * m);
    out_num(c, "se_taylor", n > 1 ? 100 * sqrt(k / (k - 1) * neat_sum(&s)) : undefined(TOO_FEW));
    out_num(c, "kish_deff", ratio(k * squares, all * all));
    out_num(c, "n_eff", ratio(all * all, squares));
    out_num(c, "unweighted_nps", 100 * ratio(plain, k));
    return true;
}

static bool run(calc *c) {
    double z = normal_quantile(0.5 + in_maybe(c, NULL, "confidence", 0.5, 0.999999, 0.95) / 2);
    if (!in_has(c, NULL, "answers")) return by_counts(c, z);
    return in_has(c, NULL, "weights") ? by_weights(c) : by_answers(c, z);
}

const method method_nps = {
    .name = "nps",
    .title = {"Net promoter score", "净推荐值(NPS)", "淨推薦值(NPS)"},
    .source = "Reichheld 2003; Rocks 2016, American Statistician 70(4) (adjusted Wald); Kish 1965",
    .formula = "100 (p - d), promoters 9-10, detractors 0-6; variance p+d-(p-d)^2; adjusted: n+3, "
               "promoters and "
               "detractors +3/4, cut at +-100; weighted: Taylor linearisation; answers off 0-10 "
               "are left out",
    .input = "promoters, passives, detractors, confidence (0.95); or\nanswers  0-10, null = none; "
             "weights, optional",
    .output =
        "n, promoters_pct, passives_pct, detractors_pct, nps, variance, se, wald_lo, wald_hi, "
        "adjwald_center, adjwald_lo, adjwald_hi; or\n"
        "n_valid, n_excluded, detractors, passives, promoters, nps, ...; weighted: nps, se_taylor, "
        "kish_deff, n_eff, unweighted_nps",
    .example = "{\"promoters\":50,\"passives\":30,\"detractors\":20,\"confidence\":0.95}",
    .run = run,
};
