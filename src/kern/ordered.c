/* ordered.c - proportional odds by Newton's method. */
#include "kern/ordered.h"

enum { ROUNDS = 60, EXTREME = 30 };

typedef struct {
    mat x; /* standardised */
    const u8 *y;
    size_t levels, k, n; /* parameters: levels - 1 cuts, then k */
} answers;

static double cdf(double z) {
    return z >= 0 ? 1 / (1 + exp(-z)) : exp(z) / (1 + exp(z));
}

static double eta_of(const answers *s, const double *at, size_t i) {
    double eta = 0;
    for (size_t j = 0; j < s->k; j++) eta += *mat_at(s->x, i, j) * at[s->levels - 1 + j];
    return eta;
}

static double loglik_at(const answers *s, const double *at) {
    double sum = 0;
    for (size_t j = 1; j + 1 < s->levels; j++)
        if (!(at[j] > at[j - 1])) return -INFINITY;
    for (size_t i = 0; i < s->n; i++) {
        double eta = eta_of(s, at, i);
        double high = s->y[i] + 1u < s->levels ? cdf(at[s->y[i]] - eta) : 1;
        double low = s->y[i] ? cdf(at[s->y[i] - 1] - eta) : 0;
        sum += log(fmax(high - low, 1e-300));
    }
    return sum;
}

/* One answer's part of the score and the information.  With F the cdf at the cuts around it, f = F(1-F)
** and f' = f(1-2F): derivatives of log(F_high - F_low) by the two cuts; x moves both down. */
static void add_answer(const answers *s, const double *at, size_t i, double *score, mat info) {
    size_t cuts = s->levels - 1, y = s->y[i];
    double eta = eta_of(s, at, i);
    double h = y < cuts ? cdf(at[y] - eta) : 1, l = y ? cdf(at[y - 1] - eta) : 0;
    double p = fmax(h - l, 1e-300), fh = h * (1 - h), fl = l * (1 - l);
    double dh = fh / p, dl = -fl / p; /* by the upper cut, by the lower one */
    double hh = fh * (1 - 2 * h) / p - dh * dh, ll = -fl * (1 - 2 * l) / p - dl * dl, hl = -dh * dl;
    const double *x = mat_at(s->x, i, 0);
    if (y < cuts) score[y] += dh, *mat_at(info, y, y) -= hh;
    if (y) score[y - 1] += dl, *mat_at(info, y - 1, y - 1) -= ll;
    if (y && y < cuts) *mat_at(info, y, y - 1) -= hl;
    for (size_t j = 0; j < s->k; j++) {
        double *row = mat_at(info, cuts + j, 0), v = x[j];
        score[cuts + j] -= (dh + dl) * v;
        if (y < cuts) row[y] += (hh + hl) * v;
        if (y) row[y - 1] += (ll + hl) * v;
        double both = (hh + ll + 2 * hl) * v;
        for (size_t m = 0; m <= j; m++) row[cuts + m] -= both * x[m];
    }
}

static void derive(const answers *s, const double *at, double *score, mat info) {
    memset(score, 0, info.rows * sizeof *score);
    memset(info.v, 0, info.rows * info.cols * sizeof *info.v);
    for (size_t i = 0; i < s->n; i++) add_answer(s, at, i, score, info);
    for (size_t i = 0; i < info.rows; i++)
        for (size_t j = 0; j < i; j++) *mat_at(info, j, i) = *mat_at(info, i, j);
}

/* Cuts at the shares of the levels: the model without columns, and its likelihood. */
static double begin(const answers *s, double *at) {
    double count[ORDERED_LEVELS] = {0}, below = 0, n = (double)s->n, sum = 0;
    for (size_t i = 0; i < s->n; i++) count[s->y[i]]++;
    for (size_t j = 0; j < s->levels; j++) {
        below += count[j];
        if (j + 1 < s->levels) at[j] = log(below / (n - below));
        if (count[j] > 0) sum += count[j] * log(count[j] / n);
    }
    return sum;
}

static bool climb(arena *a, const answers *s, double *at, double *best, mat *cov) {
    size_t m = s->levels - 1 + s->k;
    mat info = mat_new(a, m, m);
    double *score = NEW_N(a, double, m), *next = NEW_N(a, double, m);
    for (int round = 0; round < ROUNDS; round++) {
        derive(s, at, score, info);
        if (!spd_inverse(a, info, cov)) return false;
        vec step = mat_vec(a, *cov, (vec){score, m});
        double size = 1, most = 0, found = -INFINITY;
        for (size_t j = 0; j < m; j++) most = fmax(most, fabs(step.v[j]));
        if (most < 1e-9) return true;
        for (; size > 1e-6 && !(found >= *best); size /= 2) {
            for (size_t j = 0; j < m; j++) next[j] = at[j] + size * step.v[j];
            found = loglik_at(s, next);
        }
        if (!(found >= *best)) return most < 1e-5;
        *best = found;
        memcpy(at, next, m * sizeof *at);
        for (size_t j = 0; j < m; j++)
            if (fabs(at[j]) > EXTREME) return false;
    }
    return false;
}

static bool standardise(mat x, vec mean, vec sd) {
    for (size_t j = 0; j < x.cols; j++) {
        double sum = 0, square = 0;
        for (size_t i = 0; i < x.rows; i++) sum += *mat_at(x, i, j);
        mean.v[j] = sum / (double)x.rows;
        for (size_t i = 0; i < x.rows; i++) square += pow(*mat_at(x, i, j) - mean.v[j], 2);
        sd.v[j] = sqrt(square / (double)x.rows);
        if (!(sd.v[j] > 1e-12 * fabs(mean.v[j]))) return false;
        for (size_t i = 0; i < x.rows; i++)
            *mat_at(x, i, j) = (*mat_at(x, i, j) - mean.v[j]) / sd.v[j];
    }
    return true;
}

static bool every_level(const u8 *y, size_t n, size_t levels) {
    bool there[ORDERED_LEVELS] = {false};
    for (size_t i = 0; i < n; i++) there[y[i]] = true;
    for (size_t j = 0; j < levels; j++)
        if (!there[j]) return false;
    return true;
}

ordered_fit ordered_logit(arena *a, mat x, const u8 *y, size_t levels) {
    check(levels >= 2 && levels <= ORDERED_LEVELS);
    ordered_fit f = {
        .why = x.rows == 0 ? NO_DATA : ZERO_VARIANCE, .loglik = NAN, .null_loglik = NAN};
    size_t m = levels - 1 + x.cols;
    answers s = {mat_copy(a, x), y, levels, x.cols, x.rows};
    vec mean = vec_new(a, x.cols), sd = vec_new(a, x.cols);
    double *at = NEW_N(a, double, m);
    mat cov;
    f.coef = vec_new(a, x.cols), f.se = vec_new(a, x.cols), f.cuts = vec_new(a, levels - 1);
    if (!every_level(y, x.rows, levels) || !standardise(s.x, mean, sd)) return f;
    f.loglik = f.null_loglik = begin(&s, at);
    f.why = SEPARATION;
    f.found = climb(a, &s, at, &f.loglik, &cov);
    double shift = 0;
    for (size_t j = 0; j < x.cols && f.found; j++) {
        f.coef.v[j] = at[levels - 1 + j] / sd.v[j];
        f.se.v[j] = sqrt(*mat_at(cov, levels - 1 + j, levels - 1 + j)) / sd.v[j];
        shift += f.coef.v[j] * mean.v[j];
    }
    for (size_t j = 0; j + 1 < levels; j++) f.cuts.v[j] = at[j] + shift;
    return f;
}
