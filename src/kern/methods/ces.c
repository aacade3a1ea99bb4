/* ces.c - customer effort score 2.0, 1-7, 7 = easy. */
#include "kern/method.h"
#include "kern/scale.h"

static bool run(calc *c) {
    vec k = in_counts(c, NULL, "counts_1_to_7", 7);
    if (!calc_ok(c)) return false;
    scale_sums s = scale_of(k, 1);
    double easy = k.v[4] + k.v[5] + k.v[6], hard = k.v[0] + k.v[1] + k.v[2];
    out_num(c, "n", s.n);
    out_num(c, "ces_mean", s.mean);
    out_num(c, "agree_5_to_7_pct", 100 * ratio(easy, s.n));
    out_num(c, "top2_pct", 100 * ratio(k.v[5] + k.v[6], s.n));
    out_num(c, "sd", sqrt(s.variance));
    interval i = mean_interval(s.mean, s.variance, (i64)s.n);
    out_pair(c, "ci_t", s.n < 2 ? undefined(TOO_FEW) : i.low,
             s.n < 2 ? undefined(TOO_FEW) : i.high);
    out_num(c, "net_easy", 100 * ratio(easy - hard, s.n));
    return true;
}

const method method_ces = {
    .name = "ces",
    .title = {"Customer effort score", "客户费力度", "顧客費力度"},
    .source = "CEB (Gartner) CES 2.0; Dixon, Freeman & Toman 2010, Harvard Business Review",
    .formula =
        "mean with Student's t interval; share of 5-7; net easy: share of 5-7 less share of 1-3",
    .input = "counts_1_to_7  how many answered 1, 2, ... 7 (7 = easy)",
    .output = "n, ces_mean, agree_5_to_7_pct, top2_pct, sd, ci_t [low, high], net_easy",
    .example = "{\"counts_1_to_7\":[1,2,3,4,10,20,10]}",
    .run = run,
};
