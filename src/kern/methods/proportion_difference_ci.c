/* proportion_difference_ci.c - how much two shares differ. */
#include "kern/method.h"
#include "kern/special.h"

static bool run(calc *c) {
    const json *list = in_list(c, NULL, "cases");
    double z = normal_quantile(0.5 + in_maybe(c, NULL, "confidence", 0.5, 0.999999, 0.95) / 2);
    out_list(c, "diff_lo_hi");
    for (const json *v = list->first; v && calc_ok(c); v = v->next) {
        static const char *const keys[] = {"x1", "n1", "x2", "n2"};
        double k[4];
        for (int i = 0; i < 4; i++)
            k[i] = (double)in_int(c, v, keys[i], 0, INT64_C(9000000000000000));
        if (k[0] > k[1] || k[2] > k[3])
            calc_bad(c, "\"x1\" and \"x2\" must not be more than their \"n1\" and \"n2\"");
        if (!calc_ok(c)) break;
        double none = undefined(NO_DATA);
        interval i =
            k[1] > 0 && k[3] > 0 ? newcombe_at(k[0], k[1], k[2], k[3], z) : (interval){none, none};
        double row[] = {ratio(k[0], k[1]) - ratio(k[2], k[3]), i.low, i.high};
        out_nums(c, NULL, (vec){row, 3});
    }
    out_end(c);
    return calc_ok(c);
}

const method method_proportion_difference_ci = {
    .name = "proportion_difference_ci",
    .title = {"Difference of two shares", "两比率之差的置信区间", "兩比率之差的信賴區間"},
    .source = "Newcombe 1998, Statistics in Medicine 17:873-890, method 10",
    .formula = "d - sqrt((p1-l1)^2+(u2-p2)^2), d + sqrt((u1-p1)^2+(p2-l2)^2), l and u by Wilson",
    .input = "cases  list of {x1, n1, x2, n2}\nconfidence  usually 0.95",
    .output = "diff_lo_hi  [difference, low, high] of each",
    .example = "{\"cases\":[{\"x1\":6,\"n1\":10,\"x2\":6,\"n2\":10}],\"confidence\":0.95}",
    .run = run,
};
