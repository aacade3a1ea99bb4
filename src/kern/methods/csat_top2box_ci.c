/* csat_top2box_ci.c - Wilson's interval of a share. */
#include "kern/method.h"
#include "kern/special.h"

static bool run(calc *c) {
    const json *list = in_list(c, NULL, "cases");
    double z = normal_quantile(0.5 + in_maybe(c, NULL, "confidence", 0.5, 0.999999, 0.95) / 2);
    out_list(c, "intervals");
    for (const json *v = list->first; v && calc_ok(c); v = v->next) {
        double n = (double)in_int(c, v, "n", 0, INT64_C(9000000000000000));
        double yes = (double)in_int(c, v, "successes", 0, INT64_C(9000000000000000));
        if (yes > n) calc_bad(c, "\"successes\" must not be more than \"n\"");
        if (!calc_ok(c)) break;
        double none = undefined(NO_DATA);
        interval i = n > 0 ? wilson_at(yes, n, z) : (interval){none, none};
        out_pair(c, NULL, i.low, i.high);
    }
    out_end(c);
    return calc_ok(c);
}

const method method_csat_top2box_ci = {
    .name = "csat_top2box_ci",
    .title = {"Interval of a share (Wilson)", "比率置信区间(Wilson)", "比率信賴區間(Wilson)"},
    .source = "Wilson 1927; Newcombe 1998, Statistics in Medicine 17:857-872, method 3",
    .formula = "(p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n)",
    .input = "cases  list of {successes, n}\nconfidence  usually 0.95",
    .output = "intervals  [low, high] of each",
    .example =
        "{\"cases\":[{\"successes\":5,\"n\":10},{\"successes\":0,\"n\":10}],\"confidence\":0.95}",
    .run = run,
};
