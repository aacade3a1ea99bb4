/* propensity_ipw.c - the effect of a measure when those who got it were not chosen by lot. */
#include "kern/drivers.h"
#include "kern/moments.h"

typedef struct {
    regression g; /* y: outcome; x: treatment, covariates */
    vec t;
    strs names; /* of the covariates */
} study;

/* "logit(age,educ)" or a list. */
static strs covariates_of(calc *c) {
    if (in_has(c, NULL, "covariates")) return in_texts(c, NULL, "covariates");
    str s = in_text(c, NULL, "propensity"), name;
    ptrdiff_t at = str_find(s, S("("));
    if (calc_ok(c) && (at < 0 || !str_ends(s, S(")"))))
        calc_bad(c, "\"propensity\" must be written logit(a,b,c)");
    strs r = {NEW_N(c->a, str, s.n + 1), 0};
    if (!calc_ok(c)) return r;
    s = str_head(str_from(s, (size_t)at + 1), s.n - (size_t)at - 2);
    while (s.n) {
        if (!str_cut(s, ',', &name, &s)) name = s, s = S("");
        r.v[r.n++] = str_trim(name);
    }
    return r;
}

static bool read(calc *c, study *s) {
    table t = in_table(c, "data");
    str treatment = in_text(c, NULL, "treatment"), outcome = in_text(c, NULL, "outcome");
    s->names = covariates_of(c);
    if (!calc_ok(c)) return false;
    strs all = {NEW_N(c->a, str, s->names.n + 1), s->names.n + 1};
    all.v[0] = treatment;
    for (size_t i = 0; i < s->names.n; i++) all.v[i + 1] = s->names.v[i];
    s->g = regression_of(c, &t, outcome, all);
    if (!calc_ok(c)) return false;
    s->t = vec_new(c->a, s->g.y.n);
    for (size_t i = 0; i < s->g.y.n; i++) {
        s->t.v[i] = *mat_at(s->g.x, i, 0);
        if (s->t.v[i] != 0 && s->t.v[i] != 1)
            return calc_bad(c, "column \"%.*s\" must hold 0 and 1", STR_ARG(treatment));
    }
    return calc_steps(c, 80.0 * (double)s->g.y.n * (double)all.n * (double)all.n);
}

static mat columns_from(calc *c, mat x, size_t from, size_t n) {
    mat m = mat_new(c->a, x.rows, n);
    for (size_t i = 0; i < x.rows; i++)
        for (size_t j = 0; j < n; j++) *mat_at(m, i, j) = *mat_at(x, i, from + j);
    return m;
}

typedef struct {
    double w[2], wy[2], raw[2], n, treated, treated_y, odds, odds_y, largest, squares[2];
} sums;

static sums add_up(const study *s, vec p) {
    sums r = {.n = (double)s->g.y.n};
    for (size_t i = 0; i < s->g.y.n; i++) {
        int t = s->t.v[i] != 0;
        double e = p.v[i], y = s->g.y.v[i], w = t ? 1 / e : 1 / (1 - e);
        r.w[t] += w, r.wy[t] += w * y, r.squares[t] += w * w;
        r.largest = fmax(r.largest, w);
        if (t) r.treated++, r.treated_y += y;
        if (!t) r.odds += e / (1 - e), r.odds_y += e / (1 - e) * y;
    }
    return r;
}

static void write_weights(calc *c, const study *s, const logit_fit *f, mat x) {
    vec p = vec_new(c->a, s->g.y.n);
    for (size_t i = 0; i < p.n; i++) {
        double eta = f->coef.v[0];
        for (size_t j = 0; j < x.cols; j++) eta += f->coef.v[j + 1] * *mat_at(x, i, j);
        p.v[i] = f->found ? 1 / (1 + exp(-eta)) : undefined(f->why);
    }
    sums r = add_up(s, p);
    bool ok = f->found;
    double none = undefined(f->why);
    out_num(c, "ate_hajek", ok ? ratio(r.wy[1], r.w[1]) - ratio(r.wy[0], r.w[0]) : none);
    out_num(c, "ate_horvitz_thompson", ok ? (r.wy[1] - r.wy[0]) / r.n : none);
    out_num(c, "att_weighting",
            ok ? ratio(r.treated_y, r.treated) - ratio(r.odds_y, r.odds) : none);
    out_num(c, "largest_weight", ok ? r.largest : none);
    out_num(c, "n_eff_treated", ok ? ratio(r.w[1] * r.w[1], r.squares[1]) : none);
    out_num(c, "n_eff_control", ok ? ratio(r.w[0] * r.w[0], r.squares[0]) : none);
}

static bool run(calc *c) {
    study s = {0};
    if (!read(c, &s)) return false;
    mat only = columns_from(c, s.g.x, 0, 1), x = columns_from(c, s.g.x, 1, s.names.n);
    ols_fit plain = ols(c->a, only, s.g.y), adjusted = ols(c->a, s.g.x, s.g.y);
    logit_fit f = logit(c->a, x, s.t);
    strs names = {NEW_N(c->a, str, s.names.n + 1), s.names.n + 1};
    names.v[0] = S("(Intercept)");
    for (size_t i = 0; i < s.names.n; i++) names.v[i + 1] = s.names.v[i];
    out_int(c, "n", (i64)s.g.y.n);
    out_num(c, "difference", plain.coef.v[1]);
    out_num(c, "ols_se", plain.se.v[1]);
    out_named(c, "propensity_coef", names, f.coef);
    write_weights(c, &s, &f, x);
    out_num(c, "ols_adjusted", adjusted.coef.v[1]);
    return true;
}

const method method_propensity_ipw = {
    .name = "propensity_ipw",
    .title = {"Effect by propensity weighting", "倾向得分加权效应", "傾向分數加權效果"},
    .source = "Rosenbaum & Rubin 1983; Hirano & Imbens 2001; Hajek 1971; Dehejia & Wahba 1999",
    .formula = "e = logit propensity; ATE (Hajek): weighted means with 1/e and 1/(1-e); ATT: "
               "controls weighted "
               "by e/(1-e)",
    .input = "data  table\ntreatment  a column of 0 and 1\noutcome  a column\n"
             "covariates  columns; or propensity  \"logit(a,b)\"",
    .output =
        "n, difference, ols_se, propensity_coef, ate_hajek, ate_horvitz_thompson, att_weighting, "
        "largest_weight, n_eff_treated, n_eff_control, ols_adjusted",
    .example =
        "{\"columns\":[\"t\",\"age\",\"y\"],\"rows\":[[1,20,5],[0,25,4],[1,30,6],[0,22,3],[1,27,7],"
        "[0,31,5],[1,24,5],[0,28,4]],\"treatment\":\"t\",\"outcome\":\"y\",\"covariates\":[\"age\"]"
        "}",
    .run = run,
};
