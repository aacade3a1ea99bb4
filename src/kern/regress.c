/* regress.c - least squares and binary logit. */
#include "kern/regress.h"
#include "kern/moments.h"

regression regression_of(calc *c, const table *t, str outcome, strs columns) {
    regression r = {.names = columns};
    vec y = column_nums(c, t, in_column(c, t, outcome));
    vec *x = NEW_N(c->a, vec, columns.n + 1);
    if (columns.n > REGRESSORS_MAX)
        calc_bad(c, "at most %d columns, not %zu", REGRESSORS_MAX, columns.n);
    for (size_t j = 0; j < columns.n && calc_ok(c); j++)
        x[j] = column_nums(c, t, in_column(c, t, columns.v[j]));
    if (!calc_ok(c)) return r;
    r.x = mat_new(c->a, t->rows, columns.n);
    r.y = vec_new(c->a, t->rows);
    size_t n = 0;
    for (size_t i = 0; i < t->rows; i++) {
        bool gap = isnan(y.v[i]);
        for (size_t j = 0; j < columns.n; j++) {
            gap |= isnan(x[j].v[i]);
            *mat_at(r.x, n, j) = x[j].v[i];
        }
        r.y.v[n] = y.v[i];
        n += !gap;
    }
    r.dropped = t->rows - n;
    r.x.rows = r.y.n = n;
    calc_steps(c, 4.0 * (double)n * (double)columns.n * (double)columns.n);
    return r;
}

strs others_of(calc *c, const table *t, str outcome) {
    strs r = {NEW_N(c->a, str, t->columns.n + 1), 0};
    for (size_t j = 0; j < t->columns.n; j++)
        if (!str_eq(t->columns.v[j], outcome)) r.v[r.n++] = t->columns.v[j];
    return r;
}

regression in_regression(calc *c, const table *t, str outcome, const char *columns_key) {
    strs columns =
        in_has(c, NULL, columns_key) ? in_texts(c, NULL, columns_key) : others_of(c, t, outcome);
    if (!calc_ok(c)) return (regression){0};
    return regression_of(c, t, outcome, columns);
}

static mat with_intercept(arena *a, mat x) {
    mat m = mat_new(a, x.rows, x.cols + 1);
    for (size_t i = 0; i < x.rows; i++) {
        *mat_at(m, i, 0) = 1;
        for (size_t j = 0; j < x.cols; j++) *mat_at(m, i, j + 1) = *mat_at(x, i, j);
    }
    return m;
}

static vec undefined_vec(arena *a, size_t n, reason why) {
    vec v = vec_new(a, n);
    for (size_t i = 0; i < n; i++) v.v[i] = undefined(why);
    return v;
}

ols_fit ols(arena *a, mat x, vec y) {
    ols_fit f = {.df = (double)y.n - (double)x.cols - 1};
    mat m = with_intercept(a, x), cov = {0};
    reason why = y.n <= x.cols ? TOO_FEW : SINGULAR;
    f.singular = !least_squares(a, m, y, &f.coef, &cov);
    if (f.singular) {
        f.coef = f.se = undefined_vec(a, x.cols + 1, why);
        f.r2 = f.residual_sd = f.rss = undefined(why);
        return f;
    }
    vec fit = mat_vec(a, m, f.coef);
    neat rss = {0}, tss = {0};
    double mean = vec_mean(y);
    for (size_t i = 0; i < y.n; i++) {
        neat_add(&rss, (y.v[i] - fit.v[i]) * (y.v[i] - fit.v[i]));
        neat_add(&tss, (y.v[i] - mean) * (y.v[i] - mean));
    }
    f.rss = neat_sum(&rss), f.tss = neat_sum(&tss);
    f.r2 = f.tss > 0 ? 1 - f.rss / f.tss : undefined(ZERO_VARIANCE);
    f.residual_sd = f.df > 0 ? sqrt(f.rss / f.df) : undefined(TOO_FEW);
    f.se = vec_new(a, x.cols + 1);
    for (size_t j = 0; j <= x.cols; j++) f.se.v[j] = f.residual_sd * sqrt(*mat_at(cov, j, j));
    return f;
}

/* ---- logit ---- */

typedef struct {
    mat info; /* information */
    vec score;
    double loglik, extreme; /* extreme: the largest |linear predictor| */
} logit_state;

static void look(arena *a, mat m, vec y, vec b, logit_state *s) {
    vec eta = mat_vec(a, m, b);
    memset(s->info.v, 0, s->info.rows * s->info.cols * sizeof(double));
    memset(s->score.v, 0, s->score.n * sizeof(double));
    s->loglik = s->extreme = 0;
    for (size_t i = 0; i < m.rows; i++) {
        double e = eta.v[i], p = 1 / (1 + exp(-e)), w = p * (1 - p);
        s->loglik += (y.v[i] != 0 ? e : 0) - (e > 0 ? e + log1p(exp(-e)) : log1p(exp(e)));
        s->extreme = fmax(s->extreme, fabs(e));
        for (size_t j = 0; j < m.cols; j++) {
            s->score.v[j] += (y.v[i] - p) * *mat_at(m, i, j);
            for (size_t k = 0; k <= j; k++)
                *mat_at(s->info, j, k) += w * *mat_at(m, i, j) * *mat_at(m, i, k);
        }
    }
    for (size_t j = 0; j < m.cols; j++)
        for (size_t k = 0; k < j; k++) *mat_at(s->info, k, j) = *mat_at(s->info, j, k);
}

/* Standardises the columns, so that information is well scaled; false: one does not vary. */
static bool standardise(mat m, vec mean, vec sd) {
    for (size_t j = 1; j < m.cols; j++) {
        double s = 0, q = 0;
        for (size_t i = 0; i < m.rows; i++) s += *mat_at(m, i, j);
        mean.v[j] = s / (double)m.rows;
        for (size_t i = 0; i < m.rows; i++) q += pow(*mat_at(m, i, j) - mean.v[j], 2);
        sd.v[j] = sqrt(q / (double)m.rows);
        if (!(sd.v[j] > 1e-12 * fabs(mean.v[j])) || !(sd.v[j] > 0)) return false;
        for (size_t i = 0; i < m.rows; i++)
            *mat_at(m, i, j) = (*mat_at(m, i, j) - mean.v[j]) / sd.v[j];
    }
    return true;
}

/* Back to the columns' own units: b and its covariance. */
static void unscale(arena *a, logit_fit *f, vec b, mat cov, vec mean, vec sd) {
    size_t k = b.n;
    f->coef = vec_new(a, k), f->se = vec_new(a, k);
    vec t = vec_new(a, k); /* intercept = t . b */
    t.v[0] = 1;
    for (size_t j = 1; j < k; j++) {
        f->coef.v[j] = b.v[j] / sd.v[j];
        f->se.v[j] = sqrt(*mat_at(cov, j, j)) / sd.v[j];
        t.v[j] = -mean.v[j] / sd.v[j];
    }
    f->coef.v[0] = vec_dot(t, b);
    f->se.v[0] = sqrt(vec_dot(t, mat_vec(a, cov, t)));
}

static bool iterate(arena *a, mat m, vec y, vec b, logit_state *s, mat *cov, reason *why) {
    for (int i = 0; i < 60; i++) {
        look(a, m, y, b, s);
        *why = s->extreme > 15 ? SEPARATION : SINGULAR;
        if (!spd_inverse(a, s->info, cov)) return false;
        vec step = mat_vec(a, *cov, s->score);
        double most = 0;
        for (size_t j = 0; j < b.n; j++) b.v[j] += step.v[j], most = fmax(most, fabs(step.v[j]));
        if (most < 1e-10) {
            look(a, m, y, b, s);
            return spd_inverse(a, s->info, cov);
        }
        *why = SEPARATION;
        if (s->extreme > 500) return false;
    }
    return false;
}

logit_fit logit(arena *a, mat x, vec y) {
    logit_fit f = {.why = NO_DATA};
    double n = (double)y.n, yes = vec_sum(y), k = (double)x.cols + 1;
    mat m = with_intercept(a, x), cov;
    vec b = vec_new(a, m.cols), mean = vec_new(a, m.cols), sd = vec_new(a, m.cols);
    logit_state s = {mat_new(a, m.cols, m.cols), vec_new(a, m.cols), 0, 0};
    f.null_loglik =
        n > 0 ? (yes > 0 ? yes * log(yes / n) : 0) + (yes < n ? (n - yes) * log(1 - yes / n) : 0)
              : undefined(NO_DATA);
    if (n > 0) f.why = yes <= 0 || yes >= n ? ZERO_VARIANCE : n <= k ? TOO_FEW : SINGULAR;
    if (f.why == SINGULAR && standardise(m, mean, sd))
        f.found = iterate(a, m, y, b, &s, &cov, &f.why);
    f.loglik = f.found ? s.loglik : undefined(f.why);
    if (f.found)
        unscale(a, &f, b, cov, mean, sd);
    else
        f.coef = f.se = undefined_vec(a, m.cols, f.why);
    return f;
}
