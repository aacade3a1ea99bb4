/* two_proportion.c - do two shares differ?  The pooled z test, with and without Yates. */
#include "kern/method.h"
#include "kern/special.h"

static bool run(calc *c) {
    static const char *const keys[] = {"x1", "n1", "x2", "n2"};
    double k[4];
    for (int i = 0; i < 4; i++)
        k[i] = (double)in_int(c, NULL, keys[i], 0, INT64_C(9000000000000000));
    if (calc_ok(c) && (k[0] > k[1] || k[2] > k[3]))
        calc_bad(c, "\"x1\" and \"x2\" must not be more than their \"n1\" and \"n2\"");
    if (!calc_ok(c)) return false;
    double n = k[1] + k[3], p1 = ratio(k[0], k[1]), p2 = ratio(k[2], k[3]),
           p = ratio(k[0] + k[2], n), d = p1 - p2;
    double se = sqrt(p * (1 - p) * (1 / k[1] + 1 / k[3]));
    double z = isnan(d) ? d : se > 0 ? d / se : undefined(ZERO_VARIANCE);
    double off = fmax(0, fabs(k[0] - k[1] * p) - fmin(0.5, fabs(k[0] - k[1] * p))), yates = 0;
    for (int i = 0; i < 4; i += 2)
        yates += off * off * (1 / (k[i + 1] * p) + 1 / (k[i + 1] * (1 - p)));
    if (isnan(z)) yates = z;
    out_num(c, "diff", d);
    out_num(c, "z", z);
    out_num(c, "chisq", z * z);
    out_num(c, "p", isnan(z) ? z : normal_two_sided(z));
    out_num(c, "relative_lift", p2 > 0 ? p1 / p2 - 1 : undefined(isnan(p2) ? NO_DATA : INFINITE));
    out_num(c, "chisq_yates", yates);
    out_num(c, "p_yates", isnan(z) ? z : chi2_upper(yates, 1));
    return true;
}

const method method_two_proportion = {
    .name = "two_proportion",
    .title = {"Do two shares differ?", "两比率检验", "兩比率檢定"},
    .source = "Pearson 1900; Yates 1934",
    .formula =
        "z = (p1-p2)/sqrt(p(1-p)(1/n1+1/n2)) with the pooled p; chisq = z^2; Yates: |O-E| less 1/2",
    .input = "x1, n1, x2, n2",
    .output = "diff, z, chisq, p, relative_lift (p1/p2 - 1), chisq_yates, p_yates",
    .example = "{\"x1\":10,\"n1\":50,\"x2\":20,\"n2\":50}",
    .run = run,
};
