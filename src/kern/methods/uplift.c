/* uplift.c - whom a measure moves: the Qini curve. */
#include "kern/method.h"
#include "kern/moments.h"

typedef struct {
    double n[2], y[2]; /* control, treated */
} arms;

static void take(arms *s, double t, double y) {
    s->n[t != 0]++, s->y[t != 0] += y;
}

static double qini(const arms *s) {
    return s->y[1] - (s->n[0] > 0 ? s->y[0] * s->n[1] / s->n[0] : 0);
}

static bool run(calc *c) {
    vec t = in_nums(c, NULL, "treatment"), y = in_nums(c, NULL, "outcome"),
        s = in_nums(c, NULL, "score");
    double share = in_maybe(c, NULL, "top_share", 0, 1, 0.3), n = (double)t.n;
    if (calc_ok(c)) in_same(c, "treatment", t.n, "outcome", y.n);
    if (calc_ok(c)) in_same(c, "treatment", t.n, "score", s.n);
    for (size_t i = 0; i < t.n && calc_ok(c); i++)
        if (t.v[i] != 0 && t.v[i] != 1) calc_bad(c, "\"treatment\" must hold 0 and 1");
    if (!calc_ok(c)) return false;
    vec down = vec_new(c->a, s.n);
    for (size_t i = 0; i < s.n; i++) down.v[i] = -s.v[i];
    const size_t *o = order_of(c->a, down);
    arms all = {0}, top = {0};
    neat area = {0};
    double was = 0;
    for (size_t i = 0; i < t.n; i++) {
        take(&all, t.v[o[i]], y.v[o[i]]);
        if ((double)(i + 1) <= floor(share * n + 1e-9)) top = all;
        double q = qini(&all);
        neat_add(&area, (was + q) / 2 / n);
        was = q;
    }
    double none = undefined(NO_DATA), whole = neat_sum(&area);
    out_num(c, "curve_end", t.n ? was : none);
    out_num(c, "area", t.n ? whole : none);
    out_num(c, "random_area", t.n ? was / 2 : none);
    out_num(c, "qini_coefficient", t.n ? whole - was / 2 : none);
    out_num(c, arena_fmt(c->a, "uplift_top%.0f", 100 * share).p,
            ratio(top.y[1], top.n[1]) - ratio(top.y[0], top.n[0]));
    return true;
}

const method method_uplift = {
    .name = "uplift",
    .title = {"Uplift (Qini curve)", "增益曲线(Qini)", "增益曲線(Qini)"},
    .source = "Radcliffe 2007, Direct Marketing Analytics J.",
    .formula = "q(k) = y_t(k) - y_c(k) n_t(k)/n_c(k), 0 while no control was seen; area by "
               "trapezoids over the share "
               "targeted, less that of the straight line",
    .input = "treatment (0/1), outcome, score  one of each a person\ntop_share  usually 0.3",
    .output = "curve_end, area, random_area, qini_coefficient, uplift_topPERCENT",
    .example = "{\"treatment\":[1,0,1,0],\"outcome\":[1,0,0,0],\"score\":[0.9,0.8,0.2,0.1],\"top_"
               "share\":0.5}",
    .run = run,
};
