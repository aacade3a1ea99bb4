/* binary_logit.c - what makes a yes more likely. */
#include "kern/drivers.h"

static bool run(calc *c) {
    table t = in_table(c, "data");
    if (calc_ok(c) && t.columns.n < 2)
        calc_bad(c, "\"columns\" must hold an outcome and at least one more");
    if (!calc_ok(c)) return false;
    str outcome = in_maybe_text(c, NULL, "outcome", t.columns.v[t.columns.n - 1]);
    regression g = in_regression(c, &t, outcome, "columns_used");
    for (size_t i = 0; i < g.y.n && calc_ok(c); i++)
        if (g.y.v[i] != 0 && g.y.v[i] != 1)
            calc_bad(c, "column \"%.*s\" must hold 0 and 1", STR_ARG(outcome));
    if (!calc_ok(c) || !calc_steps(c, 60.0 * (double)g.y.n * (double)g.x.cols * (double)g.x.cols))
        return false;
    logit_fit f = logit(c->a, g.x, g.y);
    strs names = {NEW_N(c->a, str, g.names.n + 1), g.names.n + 1};
    names.v[0] = S("const");
    for (size_t i = 0; i < g.names.n; i++) names.v[i + 1] = g.names.v[i];
    out_int(c, "n", (i64)g.y.n);
    out_named(c, "coef", names, f.coef);
    out_named(c, "se", names, f.se);
    out_num(c, "llf", f.loglik);
    out_num(c, "llnull", f.null_loglik);
    out_num(c, "mcfadden_r2",
            f.null_loglik < 0 ? 1 - f.loglik / f.null_loglik : undefined(ZERO_VARIANCE));
    return true;
}

const method method_binary_logit = {
    .name = "binary_logit",
    .title = {"Binary logit", "二元 Logit 回归", "二元 Logit 迴歸"},
    .source = "Berkson 1944; Albert & Anderson 1984 (separation); McFadden 1974",
    .formula =
        "P(y=1) = 1/(1+exp(-a-bx)), iterated reweighted least squares; groups that are told apart "
        "perfectly give null with the reason separation",
    .input = "columns, rows  table\noutcome  a column of 0 and 1, usually the last\ncolumns_used  "
             "usually all others",
    .output = "n; coef, se  {\"const\", by column}; llf, llnull, mcfadden_r2",
    .example = "{\"columns\":[\"x\",\"y\"],\"rows\":[[1,0],[2,0],[3,1],[4,0],[5,1],[6,1]]}",
    .run = run,
};
