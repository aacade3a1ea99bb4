/* crosstab.c - do the answers depend on the segment?  Pearson's chi-square test. */
#include "kern/method.h"
#include "kern/special.h"

typedef struct {
    double n, chisq;
    size_t rows, cols; /* that hold anything */
} chi;

static double line(mat t, size_t i, bool row) {
    double s = 0;
    for (size_t k = 0; k < (row ? t.cols : t.rows); k++)
        s += row ? *mat_at(t, i, k) : *mat_at(t, k, i);
    return s;
}

static chi pearson(mat t) {
    chi r = {0};
    for (size_t i = 0; i < t.rows; i++) r.n += line(t, i, true), r.rows += line(t, i, true) > 0;
    for (size_t j = 0; j < t.cols; j++) r.cols += line(t, j, false) > 0;
    for (size_t i = 0; i < t.rows; i++)
        for (size_t j = 0; j < t.cols; j++) {
            double e = line(t, i, true) * line(t, j, false) / r.n, d = *mat_at(t, i, j) - e;
            if (e > 0) r.chisq += d * d / e;
        }
    return r;
}

static bool run(calc *c) {
    mat t = in_mat(c, NULL, "table", false);
    for (size_t i = 0; i < t.rows * t.cols && calc_ok(c); i++)
        if (t.v[i] < 0) calc_bad(c, "\"table\" must hold counts, none below 0");
    if (!calc_ok(c) || !calc_steps(c, (double)(t.rows * t.cols) * (double)(t.rows + t.cols)))
        return false;
    chi x = pearson(t);
    bool none = x.rows < 2 || x.cols < 2;
    double df = none ? 0 : (double)((x.rows - 1) * (x.cols - 1));
    reason why = x.n > 0 ? ZERO_VARIANCE : NO_DATA;
    out_num(c, "chisq", none ? undefined(why) : x.chisq);
    out_num(c, "df", df);
    out_num(c, "p", none ? undefined(why) : chi2_upper(x.chisq, df));
    out_num(c, "cramers_v",
            none ? undefined(why) : sqrt(x.chisq / x.n / (double)(MIN(x.rows, x.cols) - 1)));
    return true;
}

const method method_crosstab = {
    .name = "crosstab",
    .title = {"Segment by answer: chi-square", "交叉表卡方检验", "交叉表卡方檢定"},
    .source = "Pearson 1900; Cramer 1946; Agresti 2007",
    .formula = "sum (observed-expected)^2/expected, df (r-1)(c-1); V = sqrt(chisq/(n "
               "(min(r,c)-1))); empty "
               "rows and columns are left out",
    .input = "table  rows of counts",
    .output = "chisq, df, p, cramers_v",
    .example = "{\"table\":[[30,10],[20,40]]}",
    .run = run,
};
