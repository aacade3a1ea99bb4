/* sample_ratio_mismatch.c - did the lot fall as it should?  Else the experiment is void. */
#include "kern/method.h"
#include "kern/moments.h"
#include "kern/special.h"

static bool run(calc *c) {
    vec n = in_counts(c, NULL, "observed", 0), r = in_nums(c, NULL, "ratio");
    if (calc_ok(c)) in_same(c, "observed", n.n, "ratio", r.n);
    for (size_t i = 0; i < r.n && calc_ok(c); i++)
        if (!(r.v[i] > 0)) calc_bad(c, "\"ratio\" must be above 0");
    if (!calc_ok(c)) return false;
    double all = vec_sum(n), parts = vec_sum(r), x = 0;
    for (size_t i = 0; i < n.n; i++) {
        double e = all * r.v[i] / parts;
        x += (n.v[i] - e) * (n.v[i] - e) / e;
    }
    bool none = n.n < 2 || !(all > 0);
    double p = none ? undefined(n.n < 2 ? TOO_FEW : NO_DATA) : chi2_upper(x, (double)n.n - 1);
    out_num(c, "chisq", none ? p : x);
    out_num(c, "p", p);
    out_bool(c, "mismatch", p < 0.0005);
    return true;
}

const method method_sample_ratio_mismatch = {
    .name = "sample_ratio_mismatch",
    .title = {"Sample ratio mismatch", "样本比例偏差检查", "樣本比例偏差檢查"},
    .source = "Fabijan et al. 2019 (KDD)",
    .formula =
        "chi-square of the groups' sizes against the planned ratio; below 0.0005: a mismatch",
    .input = "observed  sizes of groups\nratio  as planned",
    .output = "chisq, p, mismatch",
    .example = "{\"observed\":[60,40],\"ratio\":[1,1]}",
    .run = run,
};
