/* complex_survey_se.c - means, totals and ratios of a stratified, weighted survey. */
#include "kern/method.h"
#include "kern/moments.h"

typedef struct {
    strs strata; /* names */
    size_t *of;
    vec w, size; /* weights; population of the row's stratum */
    size_t n;
} design;

/* Variance of sum z, z linearised: within strata, with finite population correction. */
static double variance_of(calc *c, const design *d, vec z) {
    size_t m = d->strata.n;
    vec n = vec_new(c->a, m), mean = vec_new(c->a, m), s2 = vec_new(c->a, m),
        all = vec_new(c->a, m);
    for (size_t i = 0; i < d->n; i++)
        n.v[d->of[i]]++, mean.v[d->of[i]] += z.v[i], all.v[d->of[i]] = d->size.v[i];
    for (size_t h = 0; h < m; h++) mean.v[h] /= n.v[h];
    for (size_t i = 0; i < d->n; i++) s2.v[d->of[i]] += pow(z.v[i] - mean.v[d->of[i]], 2);
    neat sum = {0};
    for (size_t h = 0; h < m; h++) {
        if (n.v[h] < 2) return undefined(TOO_FEW);
        neat_add(&sum, (1 - n.v[h] / all.v[h]) * n.v[h] / (n.v[h] - 1) * s2.v[h]);
    }
    return neat_sum(&sum);
}

static double total_of(const design *d, vec y) {
    return vec_dot(d->w, y);
}

static vec linearised(calc *c, const design *d, vec y, double ratio_, vec x, double over) {
    vec z = vec_new(c->a, d->n);
    for (size_t i = 0; i < d->n; i++)
        z.v[i] = d->w.v[i] * (y.v[i] - ratio_ * (x.n ? x.v[i] : 1)) / over;
    return z;
}

static bool read(calc *c, const table *t, design *d, size_t *behind) {
    str strata = in_text(c, NULL, "strata"), weights = in_text(c, NULL, "weights"),
        size = in_text(c, NULL, "population_size");
    if (!calc_ok(c)) return false;
    *behind = in_column(c, t, strata);
    strs of = column_texts(c, t, *behind);
    d->w = column_nums(c, t, in_column(c, t, weights)),
    d->size = column_nums(c, t, in_column(c, t, size));
    d->n = t->rows, d->strata = strs_distinct(c->a, of), d->of = NEW_N(c->a, size_t, t->rows + 1);
    for (size_t i = 0; i < t->rows && calc_ok(c); i++) {
        if (!of.v[i].p || !(d->w.v[i] > 0) || !(d->size.v[i] >= 1)) {
            calc_bad(c, "row %zu needs a stratum, a weight above 0 and a population", i + 1);
            break;
        }
        d->of[i] = strs_find(d->strata, of.v[i]);
    }
    return calc_ok(c);
}

/* Usually the three columns behind the strata: the mean of the first, the total of the second, the ratio of
** the third to the second. */
static vec variable(calc *c, const table *t, const char *key, size_t usual, str *name) {
    *name = in_maybe_text(c, NULL, key, usual < t->columns.n ? t->columns.v[usual] : S(""));
    vec v = column_nums(c, t, in_column(c, t, *name));
    for (size_t i = 0; i < v.n && calc_ok(c); i++)
        if (isnan(v.v[i])) calc_bad(c, "column \"%.*s\", row %zu is empty", STR_ARG(*name), i + 1);
    return v;
}

static bool run(calc *c) {
    table t = in_table(c, "data");
    design d = {0};
    size_t s = 0;
    str y_name, x_name, r_name;
    if (!read(c, &t, &d, &s)) return false;
    vec y = variable(c, &t, "mean_of", s + 1, &y_name),
        x = variable(c, &t, "total_of", s + 2, &x_name);
    vec r = variable(c, &t, "ratio_of", s + 3, &r_name);
    if (!calc_ok(c)) return false;
    double all = vec_sum(d.w), n = (double)d.n, mean = ratio(total_of(&d, y), all),
           total = total_of(&d, x);
    double over = ratio(total_of(&d, r), total),
           var = variance_of(c, &d, linearised(c, &d, y, mean, (vec){0}, all));
    neat spread = {0};
    for (size_t i = 0; i < d.n; i++)
        neat_add(&spread, d.w.v[i] * (y.v[i] - mean) * (y.v[i] - mean));
    double simple = n / (n - 1) * neat_sum(&spread) / all * (all - n) / (all * n);
    out_num(c, arena_fmt(c->a, "mean_%.*s", STR_ARG(y_name)).p, mean);
    out_num(c, "se", sqrt(var));
    out_num(c, "deff", simple > 0 ? var / simple : undefined(n < 2 ? TOO_FEW : ZERO_VARIANCE));
    out_num(c, arena_fmt(c->a, "total_%.*s", STR_ARG(x_name)).p, d.n ? total : undefined(NO_DATA));
    out_num(c, "se_total", sqrt(variance_of(c, &d, linearised(c, &d, x, 0, (vec){0}, 1))));
    out_num(c, arena_fmt(c->a, "ratio_%.*s_%.*s", STR_ARG(r_name), STR_ARG(x_name)).p, over);
    out_num(c, "se_ratio", sqrt(variance_of(c, &d, linearised(c, &d, r, over, x, total))));
    return true;
}

const method method_complex_survey_se = {
    .name = "complex_survey_se",
    .title = {"Stratified survey estimates", "分层抽样估计", "分層抽樣估計"},
    .source = "Cochran 1977; Binder 1983 (Taylor linearisation); Kish 1965 (design effect)",
    .formula = "sum over strata of (1 - n/N) n/(n-1) sum (z - mean z)^2 with z = w (y - m)/sum w; "
               "deff: over the "
               "variance of a simple random sample",
    .input = "data  table\nstrata, weights, population_size  columns\n"
             "mean_of, total_of, ratio_of  columns, usually the three behind the strata; the ratio "
             "is over total_of",
    .output = "mean_COLUMN, se, deff, total_COLUMN, se_total, ratio_COLUMN_COLUMN, se_ratio",
    .example = "{\"data\":{\"columns\":[\"h\",\"y\",\"x\",\"r\",\"w\",\"N\"],\"rows\":[[\"a\",1,2,"
               "1,10,30],"
               "[\"a\",3,4,2,10,30],[\"a\",2,3,2,10,30],[\"b\",6,5,4,20,40],[\"b\",8,7,5,20,40]]},"
               "\"strata\":\"h\",\"weights\":\"w\",\"population_size\":\"N\"}",
    .run = run,
};
