/* power_mde.c - how many are needed to see an effect, and how likely it is to be seen. */
#include "kern/method.h"
#include "kern/optimise.h"
#include "kern/special.h"

/* ---- a score with a known variance ---- */

static bool by_variance(calc *c, double alpha, double power) {
    double v = in_num_of(c, NULL, "variance", 0, 1e12);
    vec d = in_nums(c, NULL, "detect_points");
    i64 n = in_maybe_int(c, NULL, "n", 1, INT64_C(1000000000000), 400);
    for (size_t i = 0; i < d.n && calc_ok(c); i++)
        if (!(d.v[i] > 0)) calc_bad(c, "\"detect_points\" must be above 0");
    if (!calc_ok(c)) return false;
    double z = normal_quantile(1 - alpha / 2), both = z + normal_quantile(power);
    out_list(c, "n_per_wave");
    for (size_t i = 0; i < d.n; i++) out_num(c, NULL, 2 * v * both * both / pow(d.v[i] / 100, 2));
    out_end(c);
    out_num(c, arena_fmt(c->a, "margin_of_error_n%" PRId64 "_points", n).p,
            100 * z * sqrt(v / (double)n));
    return true;
}

/* ---- two means, two shares ---- */

typedef struct {
    double effect, alpha, power; /* effect: in standard deviations */
    double p1, p2;
} plan;

/* Two samples of n each, two-sided t test; the far tail is left out, as is usual. */
static double t_power(double n, const plan *p) {
    double df = 2 * (n - 1), delta = sqrt(n / 2) * fabs(p->effect);
    return 1 - noncentral_t_cdf(t_quantile(1 - p->alpha / 2, df), df, delta);
}

static double share_power(double n, const plan *p) {
    double mean = (p->p1 + p->p2) / 2, z = normal_quantile(1 - p->alpha / 2);
    double own = sqrt(p->p1 * (1 - p->p1) + p->p2 * (1 - p->p2));
    if (!(own > 0)) return undefined(ZERO_VARIANCE);
    return normal_cdf((sqrt(n) * fabs(p->p1 - p->p2) - z * sqrt(2 * mean * (1 - mean))) / own);
}

static double miss_t(const double *log_n, void *ctx) {
    const plan *p = ctx;
    return t_power(exp(*log_n), p) - p->power;
}

static double miss_share(const double *log_n, void *ctx) {
    const plan *p = ctx;
    return share_power(exp(*log_n), p) - p->power;
}

static double size_for(target *miss, plan *p) {
    double n = root(miss, p, log(2.001), log(1e9));
    return isnan(n) ? undefined(NOT_REACHED) : exp(n);
}

static plan read(calc *c, const char *key, bool shares, double alpha, double power) {
    const json *v = in_object(c, NULL, key);
    plan p = {.alpha = in_maybe(c, v, "alpha", 1e-9, 0.5, alpha),
              .power = in_maybe(c, v, "power", 0.01, 0.9999, power)};
    if (shares) {
        p.p1 = in_num_of(c, v, "p1", 0, 1), p.p2 = in_num_of(c, v, "p2", 0, 1);
    } else {
        double delta = in_num_of(c, v, "delta", -1e9, 1e9);
        p.effect = delta / in_maybe(c, v, "sd", 1e-9, 1e9, 1);
        if (fabs(p.effect) > 30) calc_bad(c, "\"%s\": delta of more than 30 sd needs no test", key);
    }
    return p;
}

static bool run(calc *c) {
    double alpha = in_maybe(c, NULL, "alpha", 1e-9, 0.5, 0.05);
    if (in_has(c, NULL, "variance"))
        return by_variance(c, alpha, in_maybe(c, NULL, "power", 0.01, 0.9999, 0.8));
    if (in_has(c, NULL, "t_two_sample")) {
        double n = in_num_of(c, in_object(c, NULL, "t_two_sample"), "n", 2, 1e6);
        plan p = read(c, "t_two_sample", false, alpha, 0.9);
        if (calc_ok(c)) out_num(c, "t_power", t_power(n, &p));
    }
    if (in_has(c, NULL, "t_n_for_power_90")) {
        plan p = read(c, "t_n_for_power_90", false, alpha, 0.9);
        if (calc_ok(c))
            out_num(c, "t_n", p.effect != 0 ? size_for(miss_t, &p) : undefined(NOT_REACHED));
    }
    if (in_has(c, NULL, "prop_power")) {
        double n = in_num_of(c, in_object(c, NULL, "prop_power"), "n", 1, 1e12);
        plan p = read(c, "prop_power", true, alpha, 0.9);
        if (calc_ok(c)) out_num(c, "prop_power", share_power(n, &p));
    }
    if (in_has(c, NULL, "prop_n_for_power_90")) {
        plan p = read(c, "prop_n_for_power_90", true, alpha, 0.9);
        if (calc_ok(c))
            out_num(c, "prop_n", p.p1 != p.p2 ? size_for(miss_share, &p) : undefined(NOT_REACHED));
    }
    return calc_ok(c);
}

const method method_power_mde = {
    .name = "power_mde",
    .title = {"Power and sample size", "检验功效与样本量", "檢定力與樣本數"},
    .source = "Cohen 1988; Lenth 1989, AS 243 (noncentral t); Fleiss, Levin & Paik 2003",
    .formula = "score: n = 2V (z_(1-a/2) + z_power)^2/D^2 a wave; means: noncentral t with "
               "sqrt(n/2) delta/sd; "
               "shares: Phi((sqrt(n)|p1-p2| - z sqrt(2p(1-p)))/sqrt(p1(1-p1)+p2(1-p2)))",
    .input =
        "variance (of an answer, NPS about 0.69), detect_points, alpha (0.05), power (0.8), n "
        "(400); or any of\n"
        "t_two_sample {n, delta, sd, alpha}, t_n_for_power_90 {delta, sd}, prop_power {n, p1, p2}, "
        "prop_n_for_power_90 {p1, p2}",
    .output = "n_per_wave, margin_of_error_n400_points; or t_power, t_n, prop_power, prop_n (of "
              "each group)",
    .example = "{\"variance\":0.64,\"detect_points\":[8],\"alpha\":0.05,\"power\":0.8,\"n\":400}",
    .run = run,
};
