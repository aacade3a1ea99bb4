/* ols.c - least squares, by Householder QR. */
#include "kern/regress.h"

static bool run(calc *c) {
    table t = in_table(c, "data");
    if (calc_ok(c) && t.columns.n == 0) calc_bad(c, "\"columns\" is empty");
    if (!calc_ok(c)) return false;
    str outcome = in_maybe_text(c, NULL, "outcome", t.columns.v[0]);
    regression g = in_regression(c, &t, outcome, "columns_used");
    if (!calc_ok(c)) return false;
    ols_fit f = ols(c->a, g.x, g.y);
    out_int(c, "n", (i64)g.y.n);
    out_nums(c, "coef", f.coef);
    out_nums(c, "se", f.se);
    out_num(c, "residual_sd", f.residual_sd);
    out_num(c, "r2", f.r2);
    return true;
}

const method method_ols = {
    .name = "ols",
    .title = {"Least squares", "最小二乘回归", "最小平方迴歸"},
    .source = "Golub & Van Loan, Matrix Computations, 5.2",
    .formula = "min |y - Xb|, columns scaled to length 1, Householder reflections; se = s "
               "sqrt((X'X)^-1_jj)",
    .input =
        "columns, rows  table\noutcome  usually the first column\ncolumns_used  usually all others",
    .output = "n, coef [intercept, ...], se, residual_sd, r2",
    .example = "{\"columns\":[\"y\",\"x\"],\"rows\":[[1,0],[3,1],[5,2],[8,3]]}",
    .run = run,
};
