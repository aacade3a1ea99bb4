/* kaplan_meier_logrank.c - how long until it happens, group by group, and whether groups differ. */
#include "kern/special.h"
#include "kern/survival.h"

typedef struct {
    calc *c;
    spell *s;
    size_t n;
    strs groups;
    size_t *of; /* group of a row */
} study;

typedef struct {
    size_t group;
    double time, risk, events, survival, se, low, high;
} step;

static step *curve(const study *k, size_t g, step *to, double *median) {
    double at_risk = 0, s = 1, sum = 0;
    for (size_t i = 0; i < k->n; i++) at_risk += k->of[k->s[i].row] == g;
    *median = undefined(NOT_REACHED);
    for (size_t i = 0; i < k->n;) {
        double t = k->s[i].time, events = 0, gone = 0;
        for (; i < k->n && k->s[i].time == t; i++)
            if (k->of[k->s[i].row] == g) gone++, events += k->s[i].event;
        if (events > 0) {
            s *= 1 - events / at_risk;
            sum += events / (at_risk * (at_risk - events));
            double se = s * sqrt(sum), spread = Z95 * sqrt(sum) / fabs(log(s));
            bool ends = !(s > 0);
            if (ends) s = se = 0;
            *to++ = (step){g,
                           t,
                           at_risk,
                           events,
                           s,
                           ends ? undefined(NOT_REACHED) : se,
                           ends ? undefined(NOT_REACHED) : pow(s, exp(spread)),
                           ends ? undefined(NOT_REACHED) : pow(s, exp(-spread))};
            if (isnan(*median) && s <= 0.5 + 1e-12) *median = t;
        }
        at_risk -= gone;
    }
    return to;
}

typedef struct {
    vec observed, expected, u; /* u: weighted observed less expected */
    mat v;
} scores;

/* Observed less expected, weighted by the pooled curve just before each time to the power rho. */
static scores compare(const study *k, double rho) {
    size_t m = k->groups.n;
    arena *a = k->c->a;
    scores r = {vec_new(a, m), vec_new(a, m), vec_new(a, m), mat_new(a, m, m)};
    vec risk = vec_new(a, m);
    double s = 1;
    for (size_t i = 0; i < k->n; i++) risk.v[k->of[k->s[i].row]]++;
    for (size_t i = 0; i < k->n;) {
        double t = k->s[i].time, d = 0, n = 0, w = pow(s, rho);
        size_t from = i;
        for (size_t g = 0; g < m; g++) n += risk.v[g];
        for (; i < k->n && k->s[i].time == t; i++) d += k->s[i].event;
        for (size_t j = from; j < i; j++)
            if (k->s[j].event) r.observed.v[k->of[k->s[j].row]]++, r.u.v[k->of[k->s[j].row]] += w;
        for (size_t g = 0; g < m; g++) {
            r.expected.v[g] += d * risk.v[g] / n;
            r.u.v[g] -= w * d * risk.v[g] / n;
            for (size_t h = 0; h < m && n > 1; h++)
                *mat_at(r.v, g, h) +=
                    w * w * d * (n - d) / (n - 1) * (risk.v[g] / n) * ((g == h) - risk.v[h] / n);
        }
        s *= 1 - d / n;
        for (size_t j = from; j < i; j++) risk.v[k->of[k->s[j].row]]--;
    }
    return r;
}

/* u' V^-1 u over all groups but the last. */
static double chisq_of(const study *k, const scores *r) {
    size_t m = k->groups.n;
    if (m < 2) return undefined(TOO_FEW);
    mat v = mat_new(k->c->a, m - 1, m - 1), b = mat_new(k->c->a, m - 1, 1);
    for (size_t g = 0; g + 1 < m; g++) {
        b.v[g] = r->u.v[g];
        for (size_t h = 0; h + 1 < m; h++) *mat_at(v, g, h) = *mat_at(r->v, g, h);
    }
    if (!lu_solve(k->c->a, v, b)) return undefined(SINGULAR);
    double x = 0;
    for (size_t g = 0; g + 1 < m; g++) x += b.v[g] * r->u.v[g];
    return x;
}

static void write_steps(calc *c, const study *k, const step *s, const step *end) {
    static const char *const keys[] = {"time",         "n_risk",       "n_event",     "survival",
                                       "se_greenwood", "ci_loglog_lo", "ci_loglog_hi"};
    out_list(c, "strata");
    for (const step *p = s; p < end; p++)
        out_text(c, NULL, arena_fmt(c->a, "grp=%.*s", STR_ARG(k->groups.v[p->group])));
    out_end(c);
    for (size_t i = 0; i < COUNT(keys); i++) {
        out_list(c, keys[i]);
        for (const step *p = s; p < end; p++) {
            const double v[] = {p->time, p->risk, p->events, p->survival, p->se, p->low, p->high};
            out_num(c, NULL, v[i]);
        }
        out_end(c);
    }
}

static bool read(calc *c, study *k) {
    table t = in_table(c, "data");
    k->s = in_spells(c, &t);
    bool grouped = false;
    for (size_t j = 0; j < t.columns.n; j++) grouped |= str_eq(t.columns.v[j], S("group"));
    strs g = {NEW_N(c->a, str, t.rows + 1), t.rows};
    for (size_t i = 0; i < t.rows; i++) g.v[i] = S("all");
    if (grouped) g = column_texts(c, &t, in_column(c, &t, S("group")));
    if (!calc_ok(c)) return false;
    for (size_t i = 0; i < g.n; i++)
        if (!g.v[i].p) return calc_bad(c, "row %zu has no group", i + 1);
    k->n = t.rows, k->groups = strs_distinct(c->a, g);
    if (k->groups.n > 200) return calc_bad(c, "at most 200 groups, not %zu", k->groups.n);
    k->of = NEW_N(c->a, size_t, t.rows + 1);
    for (size_t i = 0; i < g.n; i++) k->of[i] = strs_find(k->groups, g.v[i]);
    return calc_steps(c, 3.0 * (double)t.rows * (double)(k->groups.n * k->groups.n + 1));
}

static bool run(calc *c) {
    study k = {.c = c};
    if (!read(c, &k)) return false;
    step *steps = NEW_N(c->a, step, k.n + 1), *end = steps;
    vec median = vec_new(c->a, k.groups.n);
    for (size_t g = 0; g < k.groups.n; g++) end = curve(&k, g, end, &median.v[g]);
    write_steps(c, &k, steps, end);
    out_nums(c, "median", median);
    scores plain = compare(&k, 0), early = compare(&k, 1);
    double x = chisq_of(&k, &plain);
    out_num(c, "logrank_chisq", x);
    out_num(c, "logrank_p", isnan(x) ? x : chi2_upper(fmax(x, 0), (double)(k.groups.n - 1)));
    out_nums(c, "observed", plain.observed);
    out_nums(c, "expected", plain.expected);
    out_num(c, "peto_peto_chisq", chisq_of(&k, &early));
    return true;
}

const method method_kaplan_meier_logrank = {
    .name = "kaplan_meier_logrank",
    .title = {"Survival curves and log-rank test", "生存曲线与对数秩检验",
              "存活曲線與對數等級檢定"},
    .source = "Kaplan & Meier 1958; Greenwood 1926; Mantel 1966; Peto & Peto 1972",
    .formula = "S = prod(1-d/n); se = S sqrt(sum d/(n(n-d))); interval by log(-log S); median: the "
               "first time "
               "with S <= 1/2; test (O-E)'V^-1(O-E), Peto: weighted by S just before",
    .input = "data  table: time, event (0/1), group (optional)",
    .output =
        "strata, time, n_risk, n_event, survival, se_greenwood, ci_loglog_lo, ci_loglog_hi  one of "
        "each "
        "a step;\nmedian, observed, expected  by group; logrank_chisq, logrank_p, peto_peto_chisq",
    .example =
        "{\"data\":{\"columns\":[\"time\",\"event\",\"group\"],\"rows\":[[1,1,\"a\"],[2,0,\"a\"],"
        "[3,1,\"a\"],[2,1,\"b\"],[5,1,\"b\"],[6,0,\"b\"]]}}",
    .run = run,
};
