/* clv_bgbb.c - repeat buying where chances come one by one, as yearly renewals (BG/BB). */
#include "kern/method.h"
#include "kern/moments.h"
#include "kern/optimise.h"
#include "kern/special.h"

typedef struct {
    double alpha, beta, gamma, delta;
} bgbb;

typedef struct {
    calc *c;
    vec x, t, n, w;
} sample;

/* Logarithm of the likelihood of x renewals, the last at the t-th of n chances. */
static double loglik(const bgbb *m, double x, double t, double n) {
    double base = log_beta(m->alpha, m->beta) + log_beta(m->gamma, m->delta);
    double sum = log_beta(m->alpha + x, m->beta + n - x) + log_beta(m->gamma, m->delta + n) - base;
    for (double i = 0; i < n - t; i++)
        sum = log_sum(sum, log_beta(m->alpha + x, m->beta + t - x + i) +
                               log_beta(m->gamma + 1, m->delta + t + i) - base);
    return sum;
}

/* Renewals expected in the next k chances. */
static double expected(const bgbb *m, double x, double t, double n, double k) {
    double g = m->gamma, d = m->delta,
           front = log_beta(m->alpha + x + 1, m->beta + n - x) - log_beta(m->alpha, m->beta) -
                   loglik(m, x, t, n) + log_gamma(g + d) - log_gamma(1 + d);
    double now = exp(front + log_gamma(1 + d + n) - log_gamma(g + d + n));
    double then = exp(front + log_gamma(1 + d + n + k) - log_gamma(g + d + n + k));
    return fabs(g - 1) < 1e-9 ? undefined(NO_CONVERGENCE) : d / (g - 1) * (now - then);
}

static bgbb of(const double *x) {
    return (bgbb){exp(x[0]), exp(x[1]), exp(x[2]), exp(x[3])};
}

static double loss(const double *at, void *ctx) {
    const sample *s = ctx;
    bgbb m = of(at);
    neat sum = {0};
    for (int i = 0; i < 4; i++)
        if (fabs(at[i]) > 15) return INFINITY;
    for (size_t i = 0; i < s->x.n; i++) {
        if (!calc_steps(s->c, 300 * (1 + s->n.v[i] - s->t.v[i]))) return INFINITY;
        neat_add(&sum, s->w.v[i] * loglik(&m, s->x.v[i], s->t.v[i], s->n.v[i]));
    }
    return -neat_sum(&sum);
}

static bool read(calc *c, sample *s) {
    table t = in_table(c, "data");
    str weights = in_maybe_text(c, NULL, "weights", NO_STR);
    s->x = column_nums(c, &t, in_column(c, &t, S("x")));
    s->t = column_nums(c, &t, in_column(c, &t, S("t_x")));
    s->n = column_nums(c, &t, in_column(c, &t, S("n")));
    s->w = weights.p ? column_nums(c, &t, in_column(c, &t, weights)) : vec_new(c->a, t.rows);
    for (size_t i = 0; i < s->x.n && calc_ok(c); i++) {
        if (!weights.p) s->w.v[i] = 1;
        double x = s->x.v[i], at = s->t.v[i], n = s->n.v[i];
        bool whole = x == floor(x) && at == floor(at) && n == floor(n);
        if (!whole || !(0 <= x && x <= at && at <= n && n <= 1000 && s->w.v[i] >= 0))
            calc_bad(c, "row %zu: 0 <= x <= t_x <= n <= 1000, whole numbers, and no weight below 0",
                     i + 1);
    }
    return calc_ok(c);
}

typedef struct {
    double k, x, t, n;
} chance;

static void write_chance(calc *c, const bgbb *m, bool found, const chance *p) {
    char key[80];
    snprintf(key, sizeof key, "cet_n%.0f_x%.0f_t%.0f", p->k, p->x, p->t);
    out_num(c, calc_cstr(c, str_of(key)),
            found ? expected(m, p->x, p->t, p->n, p->k) : undefined(NO_CONVERGENCE));
}

static void predictions(calc *c, const bgbb *m, bool found, double longest) {
    if (!in_has(c, NULL,
                "predict")) { /* usual: of nobody's renewals, and of somebody's who is active */
        write_chance(c, m, found, &(chance){10, 0, 0, longest});
        if (longest >= 5) write_chance(c, m, found, &(chance){10, 4, 5, longest});
        return;
    }
    const json *list = in_list(c, NULL, "predict");
    for (const json *v = list->first; v && calc_ok(c); v = v->next) {
        chance p = {(double)in_int(c, v, "next", 1, 1000), (double)in_int(c, v, "x", 0, 1000),
                    (double)in_int(c, v, "t_x", 0, 1000), (double)in_int(c, v, "n", 0, 1000)};
        if (p.x > p.t || p.t > p.n) calc_bad(c, "\"predict\": 0 <= x <= t_x <= n");
        if (calc_ok(c)) write_chance(c, m, found, &p);
    }
}

static bool run(calc *c) {
    sample s = {.c = c};
    if (!read(c, &s)) return false;
    double at[4] = {0, 0, 0, 0}, next = (double)in_maybe_int(c, NULL, "next", 1, 1000, 5),
           longest = 0;
    double v = s.x.n ? minimise(c->a, loss, &s, at, 4) : INFINITY;
    bool found = isfinite(v) && s.x.n > 0;
    bgbb m = of(at);
    static const char *const names[] = {"alpha", "beta", "gamma", "delta"};
    reason why = s.x.n ? NO_CONVERGENCE : NO_DATA;
    for (int i = 0; i < 4;
         i++) /* at the bound: everybody is alike, the likelihood goes on rising */
        out_num(c, names[i],
                !found             ? undefined(why)
                : fabs(at[i]) < 10 ? exp(at[i])
                                   : undefined(NO_CONVERGENCE));
    out_num(c, "logLik", found ? -v : undefined(why));
    neat sum = {0};
    for (size_t i = 0; i < s.x.n; i++) {
        longest = fmax(longest, s.n.v[i]);
        if (found) neat_add(&sum, s.w.v[i] * expected(&m, s.x.v[i], s.t.v[i], s.n.v[i], next));
    }
    char key[60];
    snprintf(key, sizeof key, "expected_next_%.0f_total", next);
    out_num(c, calc_cstr(c, str_of(key)), found ? neat_sum(&sum) : undefined(why));
    predictions(c, &m, found, longest);
    return calc_ok(c);
}

const method method_clv_bgbb = {
    .name = "clv_bgbb",
    .title = {"Renewals (BG/BB)", "续费预测(BG/BB)", "續費預測(BG/BB)"},
    .source = "Fader, Hardie & Shang 2010, Marketing Science 29(6)",
    .formula = "renewal at each chance with a beta (alpha, beta) probability until death with a "
               "beta (gamma, "
               "delta) probability; maximum likelihood over logarithms",
    .input = "data  table: x (renewals), t_x (chance of the last), n (chances)\n"
             "weights  name of the column that says how many customers a row stands for\n"
             "next  chances ahead of the total, usually 5\n"
             "predict  list of {next, x, t_x, n}; usually 10 chances ahead for (0, 0) and (4, 5)",
    .output = "alpha, beta, gamma, delta, logLik, expected_next_5_total, cet_nNEXT_xX_tT",
    .example = "{\"data\":{\"columns\":[\"x\",\"t_x\",\"n\",\"customers\"],\"rows\":[[0,0,4,60],"
               "[1,1,4,20],[1,2,4,8],[1,3,4,6],[1,4,4,6],[2,2,4,14],[2,3,4,7],[2,4,4,8],[3,3,4,12],"
               "[3,4,4,12],[4,4,4,40]]},\"weights\":\"customers\",\"next\":2}",
    .run = run,
};
