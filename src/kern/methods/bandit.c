/* bandit.c - which arm to play: LinUCB scores, and chances of Thompson sampling for two arms. */
#include "kern/method.h"
#include "kern/special.h"

/* ---- LinUCB ---- */

static double score_of(calc *c, const json *arm, vec x, double alpha) {
    mat m = in_mat(c, arm, "A", false), both = mat_new(c->a, x.n, 2);
    vec b = in_nums(c, arm, "b");
    if (calc_ok(c) && (m.rows != x.n || m.cols != x.n || b.n != x.n))
        calc_bad(c, "\"arms\": A must be %zu x %zu and b hold %zu, as the context", x.n, x.n, x.n);
    if (!calc_ok(c) || !calc_steps(c, (double)(x.n * x.n * x.n))) return 0;
    for (size_t i = 0; i < x.n; i++) *mat_at(both, i, 0) = b.v[i], *mat_at(both, i, 1) = x.v[i];
    if (!lu_solve(c->a, m, both)) return undefined(SINGULAR);
    double mean = 0, var = 0;
    for (size_t i = 0; i < x.n; i++)
        mean += *mat_at(both, i, 0) * x.v[i], var += *mat_at(both, i, 1) * x.v[i];
    return var >= 0 ? mean + alpha * sqrt(var) : undefined(SINGULAR);
}

static bool by_context(calc *c) {
    vec x = in_nums(c, NULL, "context");
    double alpha = in_maybe(c, NULL, "alpha", 0, 1e9, 1);
    const json *arms = in_list(c, NULL, "arms");
    out_list(c, "score");
    for (const json *v = arms->first; v && calc_ok(c); v = v->next)
        out_num(c, NULL, score_of(c, v, x, alpha));
    out_end(c);
    return calc_ok(c);
}

/* ---- two arms with beta posteriors ---- */

enum { POINTS = 4000 };

/* P(Y > X) of beta variables: the trapezoid rule on the scale of log odds, where all is smooth. */
static double beats(double ax, double bx, double ay, double by) {
    double centre = log(ay / by), s = sqrt(1 / ay + 1 / (ay * ay) + 1 / by + 1 / (by * by)),
           sum = 0;
    double h = 60 * s / POINTS, norm = log_beta(ay, by);
    for (int i = -POINTS; i <= POINTS; i++) {
        double t = centre + i * h, log_x = t > 0 ? -log1p(exp(-t)) : t - log1p(exp(t));
        double log_rest = t > 0 ? -t - log1p(exp(-t)) : -log1p(exp(t));
        double density = exp(ay * log_x + by * log_rest - norm);
        if (density > 0) sum += h * density * beta_inc(ax, bx, exp(log_x));
    }
    return fmin(1, fmax(0, sum));
}

static bool by_posteriors(calc *c) {
    mat m = in_mat(c, NULL, "posteriors_a1_b1_a2_b2", false);
    if (calc_ok(c) && m.rows && m.cols != 4)
        calc_bad(c, "\"posteriors_a1_b1_a2_b2\" must hold rows of 4");
    for (size_t i = 0; i < m.rows * m.cols && calc_ok(c); i++)
        if (!(m.v[i] >= 1e-3 && m.v[i] <= 1e9))
            calc_bad(c, "\"posteriors_a1_b1_a2_b2\" must lie between 0.001 and 1e9");
    if (!calc_steps(c, (double)m.rows * POINTS * 6 * 200)) return false;
    vec p = vec_new(c->a, m.rows), loss = vec_new(c->a, m.rows);
    for (size_t i = 0; i < m.rows; i++) {
        const double *v = mat_at(m, i, 0);
        p.v[i] = beats(v[0], v[1], v[2], v[3]);
        double up = v[0] / (v[0] + v[1]) * beats(v[2], v[3], v[0] + 1, v[1]);
        loss.v[i] = fmax(0, up - v[2] / (v[2] + v[3]) * beats(v[2] + 1, v[3], v[0], v[1]));
    }
    out_nums(c, "p_b_beats_a", p);
    out_nums(c, "expected_loss_choose_b", loss);
    return true;
}

static bool run(calc *c) {
    return in_has(c, NULL, "context") ? by_context(c) : by_posteriors(c);
}

const method method_bandit = {
    .name = "bandit",
    .title = {"Bandits: LinUCB and Thompson", "多臂老虎机", "多臂吃角子老虎機"},
    .source =
        "Li, Chu, Langford & Schapire 2010 (LinUCB); Thompson 1933; Stucchio 2015 (expected loss)",
    .formula = "x'A^-1 b + alpha sqrt(x'A^-1 x); P(B > A) and E[max(A-B, 0)] of beta posteriors, "
               "integrated on the "
               "scale of log odds",
    .input =
        "context, alpha, arms  list of {A, b}; or\nposteriors_a1_b1_a2_b2  rows [a1, b1, a2, b2]",
    .output = "score  by arm; or p_b_beats_a, expected_loss_choose_b",
    .example = "{\"posteriors_a1_b1_a2_b2\":[[1,1,1,1],[2,1,1,1]]}",
    .run = run,
};
