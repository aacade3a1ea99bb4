/* response_quality.c - answers given without care: marked, never dropped. */
#include "kern/method.h"
#include "kern/moments.h"
#include "kern/special.h"

typedef struct {
    double answered, longest, runs;
    bool varied;
    vec there;
} pattern;

static pattern look(calc *c, vec row) {
    pattern p = {.there = vec_new(c->a, row.n)};
    double run = 0;
    p.there.n = 0;
    for (size_t i = 0; i < row.n; i++) {
        if (isnan(row.v[i])) continue;
        size_t n = p.there.n;
        bool same = n && p.there.v[n - 1] == row.v[i];
        p.varied |= n && p.there.v[0] != row.v[i];
        run = same ? run + 1 : 1;
        p.runs += !same;
        p.longest = fmax(p.longest, run);
        p.there.v[p.there.n++] = row.v[i];
    }
    p.answered = (double)p.there.n;
    return p;
}

static vec row_of(mat m, size_t i) {
    return (vec){m.v + i * m.cols, m.cols};
}

/* ---- flags by rule ---- */

static void flag(calc *c, const pattern *p, double items, double seconds, double median) {
    out_list(c, NULL);
    if (seconds < median / 3) out_word(c, NULL, "speeder");
    if (p->answered > 0 && seconds / p->answered < 2) out_word(c, NULL, "under_2s_per_item");
    if (p->answered >= 5 && !p->varied) out_word(c, NULL, "straight_line");
    if (p->varied && p->longest >= 0.8 * p->answered) out_word(c, NULL, "near_straight");
    if (p->answered < 0.5 * items) out_word(c, NULL, "incomplete");
    out_end(c);
}

static bool by_rules(calc *c) {
    mat m = in_mat(c, NULL, "answers", true);
    vec seconds = in_gaps(c, NULL, "seconds"), known = vec_copy(c->a, seconds);
    if (calc_ok(c)) in_same(c, "answers", m.rows, "seconds", seconds.n);
    if (!calc_ok(c)) return false;
    known.n = 0;
    for (size_t i = 0; i < seconds.n; i++)
        if (!isnan(seconds.v[i])) known.v[known.n++] = seconds.v[i];
    double median = vec_median(c->a, known);
    out_num(c, "median_seconds", median);
    out_list(c, "flags");
    for (size_t i = 0; i < m.rows; i++) {
        pattern p = look(c, row_of(m, i));
        flag(c, &p, (double)m.cols, seconds.v[i], median);
    }
    out_end(c);
    return true;
}

/* ---- figures of a table ---- */

static mat matrix_of(calc *c, const table *t) {
    mat m = mat_new(c->a, t->rows, t->columns.n);
    for (size_t j = 0; j < t->columns.n && calc_ok(c); j++) {
        vec v = column_nums(c, t, j);
        for (size_t i = 0; i < v.n; i++) *mat_at(m, i, j) = v.v[i];
    }
    return m;
}

/* Squared distances of the complete rows; undefined when the covariance is singular. */
static vec distances(calc *c, mat m) {
    vec d = vec_new(c->a, m.rows);
    mat whole = mat_new(c->a, m.rows, m.cols), inverse;
    whole.rows = 0;
    for (size_t i = 0; i < m.rows; i++) {
        bool gap = false;
        for (size_t j = 0; j < m.cols; j++) gap |= isnan(*mat_at(m, i, j));
        if (!gap) memcpy(whole.v + m.cols * whole.rows++, mat_at(m, i, 0), m.cols * sizeof(double));
    }
    bool ok = whole.rows > m.cols && spd_inverse(c->a, covariance(c->a, whole), &inverse);
    mat t = mat_transpose(c->a, whole);
    vec mean = vec_new(c->a, m.cols), off = vec_new(c->a, m.cols);
    for (size_t j = 0; j < m.cols; j++) mean.v[j] = vec_mean((vec){t.v + j * t.cols, t.cols});
    for (size_t i = 0; i < m.rows; i++) {
        for (size_t j = 0; j < m.cols; j++) off.v[j] = *mat_at(m, i, j) - mean.v[j];
        d.v[i] = ok ? vec_dot(off, mat_vec(c->a, inverse, off)) : undefined(SINGULAR);
    }
    return d;
}

static bool by_figures(calc *c) {
    table t = in_table(c, "data");
    mat m = matrix_of(c, &t);
    if (!calc_ok(c)) return false;
    size_t from = 1, to = MAX(m.rows, 1);
    if (in_has(c, NULL, "rows_checked")) {
        vec v = in_counts(c, NULL, "rows_checked", 2);
        if (calc_ok(c) && (v.v[0] < 1 || v.v[0] > v.v[1]))
            calc_bad(c, "\"rows_checked\" must be [first, last], from 1");
        if (!calc_ok(c)) return false;
        from = (size_t)v.v[0], to = (size_t)v.v[1];
    }
    to = MIN(to, m.rows);
    double k = (double)m.cols;
    if (!calc_steps(c, (double)m.rows * k * k + k * k * k)) return false;
    size_t n = to >= from ? to - from + 1 : 0;
    vec lengths = vec_new(c->a, n), means = vec_new(c->a, n), irv = vec_new(c->a, n),
        d = distances(c, m);
    for (size_t i = 0; i < n; i++) {
        pattern p = look(c, row_of(m, from - 1 + i));
        lengths.v[i] = p.longest, means.v[i] = ratio(p.answered, p.runs),
        irv.v[i] = vec_sd(p.there);
    }
    i64 flagged = 0;
    double most = k > 0 ? chi2_quantile(0.999, k) : 0;
    for (size_t i = 0; i < m.rows; i++) flagged += d.v[i] > most;
    out_nums(c, "longstring", lengths);
    out_nums(c, "mean_run", means);
    out_nums(c, "irv", irv);
    out_nums(c, "mahalanobis_d2", n ? (vec){d.v + from - 1, n} : (vec){0});
    out_int(c, "n_flagged_p999", flagged);
    return true;
}

static bool run(calc *c) {
    return in_has(c, NULL, "answers") ? by_rules(c) : by_figures(c);
}

const method method_response_quality = {
    .name = "response_quality",
    .title = {"Careless answers", "答卷质量标记", "答卷品質標記"},
    .source = "Greszki, Meyer & Schoen 2015 (speed); Huang et al. 2012 (2 s an item); Zhang & "
              "Conrad 2014 "
              "(straight lines); Mahalanobis 1936",
    .formula =
        "speeder: seconds < median/3; under_2s_per_item; straight_line: 5 or more answers, all "
        "equal; "
        "near_straight: a run of 80 % and more than one value; incomplete: under half answered; "
        "D2 > chi2(0.999, items)",
    .input = "answers  rows of numbers, null = no answer, with seconds; or\n"
             "data  table of answers; rows_checked  [first, last] rows shown, from 1",
    .output = "median_seconds, flags; or\nlongstring, mean_run, irv (sd of a row), mahalanobis_d2 "
              "of the rows "
              "shown; n_flagged_p999 of all",
    .example =
        "{\"answers\":[[5,5,5,5,5],[1,2,3,4,5],[4,null,null,null,4]],\"seconds\":[10,60,40]}",
    .run = run,
};
