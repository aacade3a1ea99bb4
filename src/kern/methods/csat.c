/* csat.c - customer satisfaction of a five-point scale. */
#include "kern/method.h"
#include "kern/scale.h"

static bool run(calc *c) {
    vec k = in_counts(c, NULL, "counts_1_to_5", 5);
    if (!calc_ok(c)) return false;
    scale_sums s = scale_of(k, 1);
    i64 top = (i64)(k.v[3] + k.v[4]);
    interval w =
        s.n > 0 ? wilson(top, (i64)s.n) : (interval){undefined(NO_DATA), undefined(NO_DATA)};
    out_num(c, "n", s.n);
    out_num(c, "top2", 100 * ratio((double)top, s.n));
    out_num(c, "bottom2", 100 * ratio(k.v[0] + k.v[1], s.n));
    out_num(c, "mean", s.mean);
    out_num(c, "csat_0_100", (s.mean - 1) / 4 * 100);
    out_pair(c, "top2_wilson", 100 * w.low, 100 * w.high);
    return true;
}

const method method_csat = {
    .name = "csat",
    .title = {"Customer satisfaction", "客户满意度", "顧客滿意度"},
    .source = "top-2-box with the interval of Wilson 1927 (Newcombe 1998, method 3)",
    .formula = "share of 4 and 5; (mean - 1) / 4 x 100",
    .input = "counts_1_to_5  how many answered 1, 2, ... 5",
    .output = "n, top2, bottom2 (%), mean, csat_0_100, top2_wilson [low, high] (%)",
    .example = "{\"counts_1_to_5\":[1,2,3,10,4]}",
    .run = run,
};
