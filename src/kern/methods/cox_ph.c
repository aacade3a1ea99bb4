/* cox_ph.c - proportional hazards: what makes it happen sooner. */
#include "kern/moments.h"
#include "kern/special.h"
#include "kern/survival.h"

enum { COVARIATES_MAX = 60 };

typedef struct {
    calc *c;
    spell *s;
    size_t n, k;
    mat x; /* by row */
    strs names;
} study;

typedef struct {
    double loglik;
    vec score;
    mat info;
} slopes;

typedef struct {
    double sum;
    vec first;
    mat second;
} risk_sum;

static void add(risk_sum *r, const double *x, size_t k, double w) {
    r->sum += w;
    for (size_t i = 0; i < k; i++) {
        r->first.v[i] += w * x[i];
        for (size_t j = 0; j < k; j++) *mat_at(r->second, i, j) += w * x[i] * x[j];
    }
}

/* One death of d at one time; the tied are counted by the share f (Efron), or whole (Breslow). */
static void one_death(const risk_sum *all, const risk_sum *tied, double f, size_t k, slopes *o) {
    double s = all->sum - f * tied->sum;
    o->loglik -= log(s);
    for (size_t i = 0; i < k; i++) {
        double mi = (all->first.v[i] - f * tied->first.v[i]) / s;
        o->score.v[i] -= mi;
        for (size_t j = 0; j < k; j++) {
            double mj = (all->first.v[j] - f * tied->first.v[j]) / s;
            *mat_at(o->info, i, j) +=
                (*mat_at(all->second, i, j) - f * *mat_at(tied->second, i, j)) / s - mi * mj;
        }
    }
}

static slopes look(const study *k, vec b, bool efron) {
    arena *a = k->c->a;
    slopes o = {0, vec_new(a, k->k), mat_new(a, k->k, k->k)};
    risk_sum all = {0, vec_new(a, k->k), mat_new(a, k->k, k->k)};
    for (size_t end = k->n; end > 0;) { /* from the last time back */
        double t = k->s[end - 1].time, d = 0;
        risk_sum tied = {0, vec_new(a, k->k), mat_new(a, k->k, k->k)};
        for (; end > 0 && k->s[end - 1].time == t; end--) {
            const double *x = mat_at(k->x, k->s[end - 1].row, 0);
            double eta = 0;
            for (size_t i = 0; i < k->k; i++) eta += x[i] * b.v[i];
            add(&all, x, k->k, exp(eta));
            if (!k->s[end - 1].event) continue;
            add(&tied, x, k->k, exp(eta));
            o.loglik += eta, d++;
            for (size_t i = 0; i < k->k; i++) o.score.v[i] += x[i];
        }
        for (double i = 0; i < d; i++) one_death(&all, &tied, efron ? i / d : 0, k->k, &o);
    }
    return o;
}

static bool fit(const study *k, bool efron, vec *b, vec *se, reason *why) {
    arena *a = k->c->a;
    mat cov;
    double was = -INFINITY;
    *b = vec_new(a, k->k), *se = vec_new(a, k->k);
    *why = SINGULAR;
    for (int i = 0; i < 40; i++) {
        slopes o = look(k, *b, efron);
        if (!calc_steps(k->c, 4.0 * (double)k->n * (double)(k->k * k->k + 4)) ||
            !spd_inverse(a, o.info, &cov))
            return false;
        vec step = mat_vec(a, cov, o.score);
        double most = 0;
        *why = NO_CONVERGENCE;
        for (size_t j = 0; j < k->k; j++) {
            b->v[j] += step.v[j], most = fmax(most, fabs(step.v[j]));
            se->v[j] = sqrt(*mat_at(cov, j, j));
            if (fabs(b->v[j]) > 50) *why = SEPARATION;
        }
        if (*why == SEPARATION) return false;
        if (most < 1e-10 || (most < 1e-6 && o.loglik <= was)) return true;
        was = o.loglik;
    }
    return false;
}

/* A column of numbers as it is; one of words as one column for each but the first. */
static void take_column(calc *c, const table *t, size_t column, study *k) {
    bool numbers = true;
    double v;
    strs words = column_texts(c, t, column);
    for (size_t i = 0; i < words.n; i++) numbers &= words.v[i].p && str_num(words.v[i], &v);
    if (!calc_ok(c)) return;
    strs levels = strs_distinct(c->a, words);
    size_t many = numbers ? 1 : levels.n ? levels.n - 1 : 0;
    for (size_t m = 0; m < many && calc_ok(c); m++) {
        if (k->k == COVARIATES_MAX) {
            calc_bad(c, "at most %d covariates", COVARIATES_MAX);
            return;
        }
        k->names.v[k->k] = numbers ? t->columns.v[column]
                                   : arena_fmt(c->a, "%.*s%.*s", STR_ARG(t->columns.v[column]),
                                               STR_ARG(levels.v[m + 1]));
        for (size_t i = 0; i < words.n; i++) {
            if (!words.v[i].p)
                calc_bad(c, "row %zu has no %.*s", i + 1, STR_ARG(t->columns.v[column]));
            v = 0;
            if (numbers && !str_num(words.v[i], &v)) v = 0;
            *mat_at(k->x, i, k->k) = numbers ? v : str_eq(words.v[i], levels.v[m + 1]);
        }
        k->k++;
    }
}

static void write(calc *c, const char *key, const study *k, vec v, bool found, reason why) {
    if (k->k == 1) {
        out_num(c, key, found ? v.v[0] : undefined(why));
        return;
    }
    out_open(c, key);
    for (size_t i = 0; i < k->k; i++)
        out_num(c, calc_cstr(c, k->names.v[i]), found ? v.v[i] : undefined(why));
    out_end(c);
}

static bool run(calc *c) {
    table t = in_table(c, "data");
    study k = {.c = c, .n = t.rows};
    k.s = in_spells(c, &t);
    if (!calc_ok(c)) return false;
    k.x = mat_new(c->a, t.rows, COVARIATES_MAX);
    k.names.v = NEW_N(c->a, str, COVARIATES_MAX);
    for (size_t j = 0; j < t.columns.n && calc_ok(c); j++)
        if (!str_eq(t.columns.v[j], S("time")) && !str_eq(t.columns.v[j], S("event")))
            take_column(c, &t, j, &k);
    if (calc_ok(c) && k.k == 0)
        calc_bad(c, "there is no covariate: name columns beside time and event");
    if (!calc_ok(c)) return false;
    double events = 0;
    for (size_t i = 0; i < k.n; i++) events += k.s[i].event;
    vec b[2], se[2];
    for (int e = 0; e < 2; e++) {
        reason why = NO_DATA;
        bool found = events > 0 && fit(&k, e, &b[e], &se[e], &why);
        if (!calc_ok(c)) return false;
        write(c, e ? "efron" : "breslow", &k, b[e], found, why);
        write(c, e ? "efron_se" : "breslow_se", &k, se[e], found, why);
    }
    out_texts(c, "covariates", (strs){k.names.v, k.k});
    return true;
}

const method method_cox_ph = {
    .name = "cox_ph",
    .title = {"Proportional hazards (Cox)", "Cox 比例风险模型", "Cox 比例風險模型"},
    .source = "Cox 1972; Efron 1977 and Breslow 1974 for ties",
    .formula = "partial likelihood by Newton's method; a column of words is compared with its "
               "first value in "
               "order of letters",
    .input = "data  table: time, event (0/1), and covariates",
    .output =
        "breslow, efron, breslow_se, efron_se  log hazard ratios: a figure for one covariate, else "
        "{\"name\": figure}; covariates",
    .example =
        "{\"data\":{\"columns\":[\"time\",\"event\",\"group\"],\"rows\":[[1,1,\"b\"],[2,0,\"a\"],"
        "[3,1,\"a\"],[2,1,\"b\"],[5,1,\"a\"],[6,1,\"b\"]]}}",
    .run = run,
};
