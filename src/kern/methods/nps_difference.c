/* nps_difference.c - do two net promoter scores differ? */
#include "kern/promoters.h"
#include "kern/special.h"

static bool run(calc *c) {
    promoters a = in_promoters(c, in_object(c, NULL, "a")),
              b = in_promoters(c, in_object(c, NULL, "b"));
    double z = normal_quantile(0.5 + in_maybe(c, NULL, "confidence", 0.5, 0.999999, 0.95) / 2);
    if (!calc_ok(c)) return false;
    promoters x = promoters_of(a.up + 0.75, a.flat + 1.5, a.down + 0.75),
              y = promoters_of(b.up + 0.75, b.flat + 1.5, b.down + 0.75);
    double d = 100 * (b.share - a.share), se = 100 * sqrt(a.variance / a.n + b.variance / b.n);
    double e = 100 * (y.share - x.share),
           reach = 100 * z * sqrt(x.variance / x.n + y.variance / y.n);
    if (isnan(d)) se = e = d;
    double score = isnan(d) ? d : se > 0 ? d / se : undefined(ZERO_VARIANCE);
    out_num(c, "diff", d);
    out_num(c, "se", se);
    out_num(c, "z", score);
    out_num(c, "p_two_sided", isnan(score) ? score : normal_two_sided(score));
    out_num(c, "ci_lo", d - z * se);
    out_num(c, "ci_hi", d + z * se);
    out_num(c, "adj_diff", e);
    out_num(c, "adj_ci_lo", e - reach);
    out_num(c, "adj_ci_hi", e + reach);
    return true;
}

const method method_nps_difference = {
    .name = "nps_difference",
    .title = {"Do two NPS differ?", "两个 NPS 的差异", "兩個 NPS 的差異"},
    .source = "Rocks 2016, American Statistician 70(4); two-sample Wald test",
    .formula =
        "b - a; z = difference / sqrt(Va/na + Vb/nb); adjusted: +3/4, +3/2, +3/4 to each sample",
    .input = "a, b  {promoters, passives, detractors}\nconfidence  usually 0.95",
    .output = "diff, se, z, p_two_sided, ci_lo, ci_hi, adj_diff, adj_ci_lo, adj_ci_hi",
    .example = "{\"a\":{\"promoters\":40,\"passives\":30,\"detractors\":30},"
               "\"b\":{\"promoters\":50,\"passives\":30,\"detractors\":20},\"confidence\":0.95}",
    .run = run,
};
