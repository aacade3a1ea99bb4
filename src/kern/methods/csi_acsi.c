/* csi_acsi.c - customer satisfaction index of items rated 1-10. */
#include "kern/moments.h"
#include "kern/method.h"

static bool run(calc *c) {
    vec x = in_nums(c, NULL, "item_means"), w = in_nums(c, NULL, "weights");
    if (calc_ok(c)) in_same(c, "item_means", x.n, "weights", w.n);
    for (size_t i = 0; i < x.n && calc_ok(c); i++) {
        if (x.v[i] < 1 || x.v[i] > 10) calc_bad(c, "\"item_means\" must lie between 1 and 10");
        if (w.v[i] < 0) calc_bad(c, "\"weights\" must not be below 0");
    }
    if (!calc_ok(c)) return false;
    double sum = vec_sum(w);
    out_num(c, "acsi_weighted", 100 * ratio(vec_dot(w, x) - sum, 9 * sum));
    out_num(c, "acsi_unweighted", (vec_mean(x) - 1) / 9 * 100);
    return true;
}

const method method_csi_acsi = {
    .name = "csi_acsi",
    .title = {"Customer satisfaction index (ACSI)", "顾客满意度指数(ACSI)", "顧客滿意度指數(ACSI)"},
    .source = "Fornell, Johnson, Anderson, Cha & Bryant 1996, J. Marketing 60(4)",
    .formula = "(sum w_i mean_i - sum w_i) / (9 sum w_i) x 100; unweighted: (mean - 1) / 9 x 100",
    .input = "item_means  means of items rated 1-10\nweights  one for each item, >= 0",
    .output = "acsi_weighted, acsi_unweighted  0-100",
    .example = "{\"item_means\":[8,7,7.5],\"weights\":[0.4,0.3,0.3]}",
    .run = run,
};
