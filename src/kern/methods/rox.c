/* rox.c - what an investment in experience returned. */
#include "kern/method.h"
#include "kern/special.h"

static bool run(calc *c) {
    double n = in_num_of(c, NULL, "treated_customers", 0, 1e15),
           cost = in_num_of(c, NULL, "cost", 1e-9, 1e18);
    double level = in_maybe(c, NULL, "confidence", 0.5, 0.999999, 0.95), mean = 0, var = 0;
    const json *list = in_object(c, NULL, "per_customer_npv");
    for (const json *v = list->first; v && calc_ok(c); v = v->next) {
        double se = in_num_of(c, v, "se", 0, 1e50);
        mean += in_num(c, v, "mean"), var += se * se;
    }
    if (!calc_ok(c)) return false;
    bool none = list->n == 0;
    double b = none ? undefined(NO_DATA) : n * mean, se = n * sqrt(var),
           z = normal_quantile(0.5 + level / 2);
    out_num(c, "benefit", b);
    out_num(c, "benefit_se", none ? b : se);
    out_num(c, "cost", cost);
    out_num(c, "rox_pct", 100 * (b - cost) / cost);
    out_num(c, "rox_lo_pct", 100 * (b - z * se - cost) / cost);
    out_num(c, "rox_hi_pct", 100 * (b + z * se - cost) / cost);
    out_num(c, "p_rox_positive",
            none     ? b
            : se > 0 ? normal_cdf((b - cost) / se)
                     : undefined(ZERO_VARIANCE));
    return true;
}

const method method_rox = {
    .name = "rox",
    .title = {"Return on experience (ROX)", "体验投资回报(ROX)", "體驗投資回報(ROX)"},
    .source = "PwC Global Consumer Insights Survey 2019 (the notion); the formula is ours",
    .formula = "B = customers x sum of margins gained by each, (B - C)/C; se of B = customers x "
               "sqrt(sum se^2): the "
               "parts must be causal estimates and must not count one margin twice",
    .input = "treated_customers, cost, confidence (0.95)\nper_customer_npv  {\"part\": {mean, se}}",
    .output = "benefit, benefit_se, cost, rox_pct, rox_lo_pct, rox_hi_pct, p_rox_positive",
    .example = "{\"treated_customers\":100,\"per_customer_npv\":{\"loyalty\":{\"mean\":3,\"se\":1}}"
               ",\"cost\":200,\"confidence\":0.95}",
    .run = run,
};
