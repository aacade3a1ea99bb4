/* sample_size.c - how many answers are needed, and how sure those we have make us. */
#include "kern/method.h"
#include "kern/moments.h"
#include "kern/stats.h"

static void margins(calc *c, double p) {
    const json *list = in_list(c, NULL, "moe");
    out_list(c, "moe");
    for (const json *v = list->first; v && calc_ok(c); v = v->next) {
        double n = in_num_of(c, v, "n", 1, 1e15), deff = in_maybe(c, v, "deff", 0, 1e6, 1);
        double all = in_maybe(c, v, "N", 1, 1e15, INFINITY);
        if (calc_ok(c) && n > all) calc_bad(c, "\"n\" must not be more than \"N\"");
        double fpc = isfinite(all) && all > 1 ? sqrt((all - n) / (all - 1)) : 1;
        out_num(c, NULL, Z95 * sqrt(p * (1 - p) * deff / n) * fpc);
    }
    out_end(c);
}

static void sizes(calc *c, double p) {
    const json *list = in_list(c, NULL, "sample_size");
    out_list(c, "sample_size");
    for (const json *v = list->first; v && calc_ok(c); v = v->next) {
        double e = in_num_of(c, v, "e", 1e-6, 1), all = in_maybe(c, v, "N", 1, 1e15, INFINITY);
        double n = Z95 * Z95 * p * (1 - p) / (e * e);
        out_num(c, NULL, isfinite(all) ? n / (1 + (n - 1) / all) : n);
    }
    out_end(c);
}

static bool run(calc *c) {
    double p = in_maybe(c, NULL, "p", 0, 1, 0.5);
    if (in_has(c, NULL, "moe")) margins(c, p);
    if (in_has(c, NULL, "sample_size")) sizes(c, p);
    if (in_has(c, NULL, "weights")) {
        vec w = in_nums(c, NULL, "weights");
        for (size_t i = 0; i < w.n && calc_ok(c); i++)
            if (w.v[i] < 0) calc_bad(c, "\"weights\" must not be below 0");
        double s = vec_sum(w), squares = vec_dot(w, w);
        out_num(c, "kish_deff", ratio((double)w.n * squares, s * s));
        out_num(c, "n_eff", ratio(s * s, squares));
    }
    if (in_has(c, NULL, "cluster")) {
        const json *v = in_object(c, NULL, "cluster");
        out_num(c, "cluster_deff",
                1 + (in_num_of(c, v, "m", 1, 1e9) - 1) * in_num_of(c, v, "icc", -1, 1));
    }
    return calc_ok(c);
}

const method method_sample_size = {
    .name = "sample_size",
    .title = {"Sample size and margin of error", "样本量与误差范围", "樣本數與誤差範圍"},
    .source = "Cochran 1977; Kish 1965, 1992",
    .formula = "1.96 sqrt(p(1-p) deff/n) sqrt((N-n)/(N-1)); n0 = 1.96^2 p(1-p)/e^2, of N: "
               "n0/(1+(n0-1)/N); deff "
               "n sum w^2/(sum w)^2; of clusters 1+(m-1) icc; round sizes up",
    .input = "moe  list of {n, N, deff}\nsample_size  list of {e, N}\nweights\ncluster  {m, "
             "icc}\np  usually 0.5",
    .output = "moe, sample_size, kish_deff, n_eff, cluster_deff",
    .example = "{\"moe\":[{\"n\":400}],\"sample_size\":[{\"e\":0.05}],\"weights\":[1,1,2],"
               "\"cluster\":{\"m\":11,\"icc\":0.1}}",
    .run = run,
};
