/* p_chart.c - control chart of a share. */
#include "kern/method.h"

typedef struct {
    double share, low, high;
} limits;

/* Of the samples that count; all of one size, or the usual size of their mean. */
static limits limits_of(vec k, vec n, const bool *out) {
    double sum = 0, size = 0, m = 0;
    for (size_t i = 0; i < k.n; i++)
        if (!out[i]) sum += k.v[i], size += n.v[i], m++;
    double p = ratio(sum, size), reach = 3 * sqrt(p * (1 - p) / (size / fmax(m, 1)));
    return (limits){p, fmax(0, p - reach), fmin(1, p + reach)};
}

static bool outside(double k, double n, double p) {
    double reach = 3 * sqrt(p * (1 - p) / n);
    return n > 0 && (k / n > p + reach || k / n < p - reach);
}

static bool run(calc *c) {
    vec k = in_counts(c, NULL, "counts", 0), n;
    const json *size = in_get(c, NULL, "n");
    if (size->kind == JSON_ARRAY) {
        n = in_counts(c, NULL, "n", 0);
        if (calc_ok(c)) in_same(c, "counts", k.n, "n", n.n);
    } else {
        double all = (double)in_int(c, NULL, "n", 1, INT32_MAX);
        n = vec_new(c->a, k.n);
        for (size_t i = 0; i < k.n; i++) n.v[i] = all;
    }
    for (size_t i = 0; i < k.n && calc_ok(c); i++)
        if (k.v[i] > n.v[i]) calc_bad(c, "\"counts\": sample %zu has more than its size", i + 1);
    if (!calc_ok(c)) return false;
    bool *out = NEW_N(c->a, bool, k.n + 1);
    limits l = limits_of(k, n, out);
    out_num(c, "p_bar", l.share);
    out_pair(c, "limits", l.low, l.high);
    out_list(c, "out_of_control_samples");
    for (size_t i = 0; i < k.n; i++)
        if ((out[i] = outside(k.v[i], n.v[i], l.share))) out_int(c, NULL, (i64)i + 1);
    out_end(c);
    l = limits_of(k, n, out);
    out_num(c, "revised_p_bar", l.share);
    out_pair(c, "revised_limits", l.low, l.high);
    return true;
}

const method method_p_chart = {
    .name = "p_chart",
    .title = {"Control chart of a share", "比率控制图(p 图)", "比率管制圖(p 圖)"},
    .source = "Shewhart 1931; Montgomery, Introduction to Statistical Quality Control, ch. 7",
    .formula =
        "p +- 3 sqrt(p(1-p)/n), each sample by its own n; revised: without the samples outside",
    .input = "counts  of each sample\nn  size of every sample, or a list",
    .output =
        "p_bar, limits [low, high], out_of_control_samples (from 1), revised_p_bar, revised_limits",
    .example = "{\"counts\":[5,6,4,30,5],\"n\":50}",
    .run = run,
};
