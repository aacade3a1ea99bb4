/* welch_t.c - do two means differ, when the variances may too? */
#include "kern/method.h"
#include "kern/moments.h"
#include "kern/special.h"

static bool run(calc *c) {
    vec a = in_nums(c, NULL, "a"), b = in_nums(c, NULL, "b");
    if (!calc_ok(c)) return false;
    double na = (double)a.n, nb = (double)b.n, va = vec_variance(a) / na, vb = vec_variance(b) / nb;
    double d = vec_mean(a) - vec_mean(b), se2 = va + vb, se = sqrt(se2);
    double df = se2 > 0 ? se2 * se2 / (va * va / (na - 1) + vb * vb / (nb - 1))
                        : undefined(isnan(se2) ? TOO_FEW : ZERO_VARIANCE);
    double t = isnan(df) ? df : d / se, reach = isnan(df) ? df : t_quantile(0.975, df) * se;
    double pooled = sqrt((va * na * (na - 1) + vb * nb * (nb - 1)) / (na + nb - 2));
    out_num(c, "mean_a", vec_mean(a));
    out_num(c, "mean_b", vec_mean(b));
    out_num(c, "diff", d);
    out_num(c, "t", t);
    out_num(c, "df", df);
    out_num(c, "p", isnan(t) ? t : t_two_sided(t, df));
    out_pair(c, "ci95", d - reach, d + reach);
    out_num(c, "cohen_d", isnan(df) ? df : d / pooled);
    return true;
}

const method method_welch_t = {
    .name = "welch_t",
    .title = {"Do two means differ? (Welch)", "两均值检验(Welch t)", "兩平均數檢定(Welch t)"},
    .source = "Welch 1947, Biometrika 34; Satterthwaite 1946; Cohen 1988",
    .formula = "t = (ma-mb)/sqrt(va/na+vb/nb), df = "
               "(va/na+vb/nb)^2/((va/na)^2/(na-1)+(vb/nb)^2/(nb-1)); d by the "
               "pooled standard deviation",
    .input = "a, b  lists of values",
    .output = "mean_a, mean_b, diff, t, df, p, ci95 [low, high], cohen_d",
    .example = "{\"a\":[1,2,3],\"b\":[2,3,4]}",
    .run = run,
};
