/* incrementality.c - what a campaign added, by a group held out. */
#include "kern/method.h"
#include "kern/stats.h"

static bool run(calc *c) {
    double tn = (double)in_int(c, NULL, "treated_n", 0, INT64_C(9000000000000000));
    double ty = (double)in_int(c, NULL, "treated_conv", 0, INT64_C(9000000000000000));
    double hn = (double)in_int(c, NULL, "holdout_n", 0, INT64_C(9000000000000000));
    double hy = (double)in_int(c, NULL, "holdout_conv", 0, INT64_C(9000000000000000));
    if (calc_ok(c) && (ty > tn || hy > hn))
        calc_bad(c, "conversions must not be more than their group");
    if (!calc_ok(c)) return false;
    double p = ratio(ty, tn), q = ratio(hy, hn), d = p - q,
           reach = Z95 * sqrt(p * (1 - p) / tn + q * (1 - q) / hn);
    out_num(c, "incremental_rate", d);
    out_pair(c, "ci", d - reach, d + reach);
    out_num(c, "incremental_conversions", d * tn);
    out_num(c, "lift", q > 0 ? d / q : isnan(q) ? q : undefined(INFINITE));
    return true;
}

const method method_incrementality = {
    .name = "incrementality",
    .title = {"Lift over a holdout", "留出组增量", "保留組增量"},
    .source = "definition; unpooled Wald interval",
    .formula = "p_t - p_h +- 1.96 sqrt(p_t(1-p_t)/n_t + p_h(1-p_h)/n_h); conversions (p_t-p_h) "
               "n_t; lift (p_t-p_h)/p_h",
    .input = "treated_n, treated_conv, holdout_n, holdout_conv",
    .output = "incremental_rate, ci [low, high], incremental_conversions, lift",
    .example = "{\"treated_n\":100,\"treated_conv\":30,\"holdout_n\":100,\"holdout_conv\":20}",
    .run = run,
};
