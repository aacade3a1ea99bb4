/* clv_gamma_gamma.c - what a customer spends on an order (Gamma-Gamma): fitted or predicted. */
#include "kern/buying.h"
#include "kern/moments.h"
#include "kern/optimise.h"

typedef struct {
    calc *c;
    vec x, z;
} sample;

static double loss(const double *at, void *ctx) {
    const sample *s = ctx;
    gamma_gamma m = {exp(at[0]), exp(at[1]), exp(at[2])};
    neat sum = {0};
    for (int i = 0; i < 3; i++)
        if (fabs(at[i]) > 20) return INFINITY;
    if (!calc_steps(s->c, 200.0 * (double)s->x.n)) return INFINITY;
    for (size_t i = 0; i < s->x.n; i++)
        neat_add(&sum, gamma_gamma_loglik(&m, s->x.v[i], s->z.v[i]));
    return -neat_sum(&sum);
}

static bool run_fit(calc *c) {
    table t = in_table(c, "data");
    vec x = column_nums(c, &t, in_column(c, &t, S("x"))),
        z = column_nums(c, &t, in_column(c, &t, S("zbar")));
    if (!calc_ok(c)) return false;
    sample s = {.c = c, .x = vec_new(c->a, x.n), .z = vec_new(c->a, x.n)};
    s.x.n = s.z.n = 0;
    for (size_t i = 0; i < x.n; i++)
        if (x.v[i] > 0 && z.v[i] > 0) s.x.v[s.x.n++] = x.v[i], s.z.v[s.z.n++] = z.v[i];
    double at[3] = {1, 1.2, log(fmax(s.z.n ? vec_mean(s.z) : 1, 1e-6))};
    double v = s.x.n < 3 ? INFINITY : minimise(c->a, loss, &s, at, 3);
    bool found = isfinite(v);
    for (int i = 0; i < 3; i++) found &= fabs(at[i]) < 18;
    static const char *const names[] = {"p", "q", "v"};
    reason why = s.x.n < 3 ? TOO_FEW : NO_CONVERGENCE;
    for (int i = 0; i < 3; i++) out_num(c, names[i], found ? exp(at[i]) : undefined(why));
    out_num(c, "logLik", found ? -v : undefined(why));
    out_num(c, "correlation_x_zbar", vec_cor(s.x, s.z));
    return calc_ok(c);
}

static bool run(calc *c) {
    if (!in_has(c, NULL, "params")) return run_fit(c);
    gamma_gamma m = in_gamma_gamma(c, NULL, "params");
    vec x = in_nums(c, NULL, "x"), z = in_nums(c, NULL, "zbar");
    if (calc_ok(c)) in_same(c, "x", x.n, "zbar", z.n);
    for (size_t i = 0; i < x.n && calc_ok(c); i++)
        if (x.v[i] < 0 || z.v[i] < 0) calc_bad(c, "\"x\" and \"zbar\" must not be below 0");
    if (!calc_ok(c)) return false;
    out_list(c, "expected_value");
    for (size_t i = 0; i < x.n; i++) out_num(c, NULL, gamma_gamma_value(&m, x.v[i], z.v[i]));
    out_end(c);
    return true;
}

const method method_clv_gamma_gamma = {
    .name = "clv_gamma_gamma",
    .title = {"Spend per order (Gamma-Gamma)", "客单价预测(Gamma-Gamma)",
              "客單價預測(Gamma-Gamma)"},
    .source = "Fader & Hardie 2013, note 025",
    .formula = "E[M] = p (v + x zbar) / (p x + q - 1); p and v trade off: compare the likelihood; "
               "the model "
               "wants no correlation of x and zbar",
    .input = "params  p, q, v, with x (orders) and zbar (their mean value), lists; or\ndata  "
             "table: x, zbar",
    .output = "expected_value  in the order given; or p, q, v, logLik, correlation_x_zbar",
    .example = "{\"params\":{\"p\":6,\"q\":4,\"v\":15},\"x\":[2,0],\"zbar\":[20,0]}",
    .run = run,
};
