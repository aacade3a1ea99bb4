/* driver_ordered_logit.c - drivers of an answer on an ordered scale: proportional odds. */
#include "kern/drivers.h"
#include "kern/optimise.h"

enum { PARAMETERS_MAX = 80 };

typedef struct {
    calc *c;
    size_t levels, k, n;
    size_t *y;
    vec w;
    mat x;
    strs names, level_names;
} sample;

static double cdf(double z) {
    return 1 / (1 + exp(-z));
}

/* at: thresholds themselves, then coefficients. */
static double loss_plain(const double *at, const sample *s) {
    double sum = 0;
    if (!calc_steps(s->c, (double)s->n * (double)(s->k + 8))) return INFINITY;
    for (size_t j = 1; j + 1 < s->levels; j++)
        if (!(at[j] > at[j - 1])) return INFINITY;
    for (size_t i = 0; i < s->n; i++) {
        double eta = 0;
        for (size_t j = 0; j < s->k; j++) eta += *mat_at(s->x, i, j) * at[s->levels - 1 + j];
        double high = s->y[i] + 1 < s->levels ? cdf(at[s->y[i]] - eta) : 1;
        double low = s->y[i] ? cdf(at[s->y[i] - 1] - eta) : 0;
        sum -= s->w.v[i] * log(fmax(high - low, 1e-300));
    }
    return sum;
}

/* z: the first threshold, logarithms of the differences, coefficients: thresholds keep their order. */
static void unfold(const double *z, const sample *s, double *at) {
    memcpy(at, z, (s->levels - 1 + s->k) * sizeof *at);
    for (size_t j = 1; j + 1 < s->levels; j++) at[j] = at[j - 1] + exp(fmin(z[j], 50));
}

static double loss(const double *z, void *ctx) {
    double at[PARAMETERS_MAX];
    unfold(z, ctx, at);
    return loss_plain(at, ctx);
}

/* Marginal logits of the thresholds. */
static void begin(const sample *s, double *z) {
    double below = 0, all = 0, was = 0;
    for (size_t i = 0; i < s->n; i++) all += s->w.v[i];
    for (size_t j = 0; j + 1 < s->levels; j++) {
        for (size_t i = 0; i < s->n; i++) below += s->y[i] == j ? s->w.v[i] : 0;
        double p = (below + 0.5) / (all + 1), t = log(p / (1 - p));
        z[j] = j ? log(fmax(t - was, 1e-3)) : t;
        was = t;
    }
}

/* Covariance: inverse of the second differences of the likelihood. */
static bool covariance_at(const sample *s, const double *at, size_t m, mat *out) {
    mat h = mat_new(s->c->a, m, m);
    double x[PARAMETERS_MAX], d = 1e-4;
    memcpy(x, at, m * sizeof *x);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = 0;
            for (int k = 0; k < 4; k++) {
                double a = k & 1 ? d : -d, b = k & 2 ? d : -d;
                x[i] += a, x[j] += b;
                sum += (a * b > 0 ? 1 : -1) * loss_plain(x, s);
                x[i] = at[i], x[j] = at[j];
            }
            *mat_at(h, i, j) = *mat_at(h, j, i) = sum / (4 * d * d);
        }
    for (size_t i = 0; i < m * m; i++)
        if (!isfinite(h.v[i])) return false;
    return spd_inverse(s->c->a, h, out);
}

/* ---- reading "Sat(Low<Medium<High) ~ Infl + Type" ---- */

static strs split(calc *c, str s, char at) {
    strs r = {NEW_N(c->a, str, s.n + 2), 0};
    str part;
    while (s.n) {
        if (!str_cut(s, at, &part, &s)) part = s, s = S("");
        r.v[r.n++] = str_trim(part);
    }
    return r;
}

static bool read_formula(calc *c, str *outcome, strs *levels, strs *terms) {
    str s = in_text(c, NULL, "formula"), left, right, inside;
    if (!calc_ok(c)) return false;
    if (!str_cut(s, '~', &left, &right) || !str_cut(str_trim(left), '(', outcome, &inside) ||
        !str_ends(inside, S(")")))
        return calc_bad(c, "\"formula\" must be written outcome(low<middle<high) ~ a + b");
    *levels = split(c, str_head(inside, inside.n - 1), '<');
    *terms = split(c, right, '+');
    *outcome = str_trim(*outcome);
    if (levels->n < 2 || levels->n > 20)
        return calc_bad(c, "\"formula\": 2 to 20 levels, not %zu", levels->n);
    return true;
}

static bool add_column(calc *c, sample *s, str name) {
    if (s->k + s->levels >= PARAMETERS_MAX)
        return calc_bad(c, "\"formula\" needs more than %d parameters", PARAMETERS_MAX);
    s->names.v[s->k++] = name;
    return true;
}

static bool add_term(calc *c, sample *s, const table *t, str term) {
    size_t column = in_column(c, t, term);
    strs words = column_texts(c, t, column);
    bool numbers = true;
    double v = 0;
    for (size_t i = 0; i < words.n; i++) numbers &= words.v[i].p && str_num(words.v[i], &v);
    if (!calc_ok(c)) return false;
    strs levels = strs_distinct(c->a, words);
    if (numbers) {
        if (!add_column(c, s, term)) return false;
        for (size_t i = 0; i < words.n; i++)
            *mat_at(s->x, i, s->k - 1) = str_num(words.v[i], &v) ? v : 0;
        return true;
    }
    const json *given = json_get(c->in, S("baseline"));
    str base = given ? json_get_text(given, term) : NO_STR;
    if (!base.p && levels.n) base = levels.v[0];
    for (size_t m = 0; m < levels.n; m++) {
        if (str_eq(levels.v[m], base)) continue;
        if (!add_column(c, s, arena_fmt(c->a, "%.*s%.*s", STR_ARG(term), STR_ARG(levels.v[m]))))
            return false;
        for (size_t i = 0; i < words.n; i++)
            *mat_at(s->x, i, s->k - 1) = words.v[i].p && str_eq(words.v[i], levels.v[m]);
    }
    return true;
}

static bool read(calc *c, sample *s) {
    str outcome;
    strs terms = {0};
    table t = in_table(c, "data");
    if (!calc_ok(c) || !read_formula(c, &outcome, &s->level_names, &terms)) return false;
    strs y = column_texts(c, &t, in_column(c, &t, outcome));
    str weights = in_maybe_text(c, NULL, "weights", NO_STR);
    s->levels = s->level_names.n, s->n = t.rows;
    s->x = mat_new(c->a, t.rows, PARAMETERS_MAX);
    s->names = (strs){NEW_N(c->a, str, PARAMETERS_MAX), 0};
    s->y = NEW_N(c->a, size_t, t.rows + 1);
    s->w = weights.p ? column_nums(c, &t, in_column(c, &t, weights)) : vec_new(c->a, t.rows);
    for (size_t i = 0; i < terms.n && calc_ok(c); i++)
        if (!add_term(c, s, &t, terms.v[i])) return false;
    for (size_t i = 0; i < t.rows && calc_ok(c); i++) {
        if (!weights.p) s->w.v[i] = 1;
        while (s->y[i] < s->levels && !(y.v[i].p && str_eq(y.v[i], s->level_names.v[s->y[i]])))
            s->y[i]++;
        if (s->y[i] == s->levels)
            calc_bad(c, "row %zu: \"%.*s\" is no level of the formula", i + 1, STR_ARG(y.v[i]));
        if (!(s->w.v[i] >= 0)) calc_bad(c, "row %zu: a weight must not be below 0", i + 1);
    }
    return calc_ok(c);
}

/* ---- writing ---- */

static void write(calc *c, const sample *s, const double *at, const mat *cov, reason why) {
    size_t cuts = s->levels - 1;
    str *cut = NEW_N(c->a, str, cuts + s->k);
    for (size_t j = 0; j < cuts; j++)
        cut[j] = arena_fmt(c->a, "%.*s|%.*s", STR_ARG(s->level_names.v[j]),
                           STR_ARG(s->level_names.v[j + 1]));
    out_open(c, "coef");
    for (size_t j = 0; j < s->k; j++)
        out_num(c, calc_cstr(c, s->names.v[j]), at ? at[cuts + j] : undefined(why));
    out_end(c);
    out_open(c, "thresholds");
    for (size_t j = 0; j < cuts; j++) out_num(c, calc_cstr(c, cut[j]), at ? at[j] : undefined(why));
    out_end(c);
    out_open(c, "se");
    for (size_t j = 0; j < cuts + s->k; j++)
        out_num(c, calc_cstr(c, j < s->k ? s->names.v[j] : cut[j - s->k]),
                cov ? sqrt(*mat_at(*cov, j < s->k ? cuts + j : j - s->k,
                                   j < s->k ? cuts + j : j - s->k))
                    : undefined(why));
    out_end(c);
}

static bool run(calc *c) {
    sample s = {.c = c};
    if (!read(c, &s)) return false;
    size_t m = s.levels - 1 + s.k;
    double *z = NEW_N(c->a, double, PARAMETERS_MAX), at[PARAMETERS_MAX];
    begin(&s, z);
    double v = s.n ? minimise(c->a, loss, &s, z, m) : INFINITY;
    unfold(z, &s, at);
    mat cov;
    bool found = isfinite(v) && s.n > 0, sure = found && covariance_at(&s, at, m, &cov);
    reason why = s.n == 0 ? NO_DATA : SEPARATION;
    for (size_t i = 0; i < m; i++) sure &= !(fabs(at[i]) > 15);
    if (!calc_ok(c)) return false;
    write(c, &s, sure ? at : NULL, sure ? &cov : NULL, why);
    out_num(c, "deviance", found ? 2 * v : undefined(why));
    out_num(c, "AIC", found ? 2 * v + 2 * (double)m : undefined(why));
    out_open(c, "pred_baseline");
    for (size_t j = 0; j < s.levels; j++) {
        double high = j + 1 < s.levels ? cdf(at[j]) : 1, low = j ? cdf(at[j - 1]) : 0;
        out_num(c, calc_cstr(c, s.level_names.v[j]), sure ? high - low : undefined(why));
    }
    out_end(c);
    return true;
}

const method method_driver_ordered_logit = {
    .name = "driver_ordered_logit",
    .title = {"Drivers of an ordered answer", "有序 Logit 驱动因素", "有序 Logit 驅動因素"},
    .source = "McCullagh 1980, J. Royal Statistical Society B 42 (proportional odds)",
    .formula = "P(Y<=j) = 1/(1+exp(-(theta_j - x'b))); maximum likelihood, theta kept in order by "
               "logarithms of "
               "its steps; se from second differences",
    .input =
        "data  table\nformula  \"outcome(low<middle<high) ~ a + b\"; a column of words is compared "
        "with "
        "its baseline\nbaseline  {\"column\": \"word\"}, usually the first in order of letters\n"
        "weights  a column of frequencies",
    .output = "coef, thresholds, se, deviance, AIC; pred_baseline  of all baselines",
    .example =
        "{\"data\":{\"columns\":[\"sat\",\"wait\",\"n\"],\"rows\":[[\"low\",1,10],[\"low\",2,20],"
        "[\"mid\",1,12],[\"mid\",2,11],[\"high\",1,20],[\"high\",2,9]]},"
        "\"formula\":\"sat(low<mid<high) ~ wait\",\"weights\":\"n\"}",
    .run = run,
};
