/* nps_bias.c - a score corrected for who did not answer. */
#include "kern/method.h"

static bool run(calc *c) {
    vec invited = in_counts(c, NULL, "invited", 0), answered = in_counts(c, NULL, "answered", 0);
    vec nps = in_gaps(c, NULL, "nps_of_class");
    strs names = in_texts(c, NULL, "class");
    if (calc_ok(c)) in_same(c, "class", names.n, "invited", invited.n);
    if (calc_ok(c)) in_same(c, "class", names.n, "answered", answered.n);
    if (calc_ok(c)) in_same(c, "class", names.n, "nps_of_class", nps.n);
    double raw = 0, weighted = 0, n = 0, all = 0, lost = 0;
    for (size_t i = 0; i < nps.n && calc_ok(c); i++) {
        if (answered.v[i] > invited.v[i])
            calc_bad(c, "\"answered\" must not be more than \"invited\"");
        if (answered.v[i] > 0 && isnan(nps.v[i]))
            calc_bad(c, "\"nps_of_class\" is missing where somebody answered");
        if (answered.v[i] > 0) raw += answered.v[i] * nps.v[i], weighted += invited.v[i] * nps.v[i];
        if (answered.v[i] <= 0) lost += invited.v[i];
        n += answered.v[i], all += invited.v[i];
    }
    if (!calc_ok(c)) return false;
    out_num(c, "raw_nps", ratio(raw, n));
    out_num(c, "weighted_nps",
            lost > 0 ? undefined(NO_DATA) : ratio(weighted, all)); /* a class nobody speaks for */
    out_list(c, "response_rate");
    for (size_t i = 0; i < nps.n; i++) out_num(c, NULL, ratio(answered.v[i], invited.v[i]));
    out_end(c);
    return true;
}

const method method_nps_bias = {
    .name = "nps_bias",
    .title = {"NPS corrected for non-response", "NPS 无应答校正", "NPS 無應答校正"},
    .source = "Little & Rubin, Statistical Analysis with Missing Data (weighting classes)",
    .formula = "classes weighted by who was invited instead of who answered; a class in which "
               "nobody answered "
               "leaves it undefined: join classes",
    .input = "class, invited, answered, nps_of_class  one of each a class",
    .output = "raw_nps, weighted_nps, response_rate  by class",
    .example = "{\"class\":[\"a\",\"b\"],\"invited\":[100,100],\"answered\":[50,10],\"nps_of_"
               "class\":[40,-20]}",
    .run = run,
};
