/* log_likelihood_ratio.c - do two things go together?  Dunning's G of 2 x 2 counts. */
#include "kern/similar.h"
#include "kern/method.h"

static bool run(calc *c) {
    mat t = in_mat(c, NULL, "tables_k11_k12_k21_k22", false);
    if (calc_ok(c) && t.rows && t.cols != 4)
        calc_bad(c, "\"tables_k11_k12_k21_k22\" must hold rows of 4 counts");
    for (size_t i = 0; i < t.rows * t.cols && calc_ok(c); i++)
        if (t.v[i] < 0) calc_bad(c, "\"tables_k11_k12_k21_k22\" must hold counts, none below 0");
    if (!calc_ok(c)) return false;
    vec g = vec_new(c->a, t.rows), root = vec_new(c->a, t.rows);
    for (size_t i = 0; i < t.rows; i++) {
        const double *k = mat_at(t, i, 0);
        bool any = k[0] + k[1] + k[2] + k[3] > 0;
        g.v[i] = any ? log_likelihood_2x2(k[0], k[1], k[2], k[3]) : undefined(NO_DATA);
        bool less = k[0] * (k[2] + k[3]) < k[2] * (k[0] + k[1]);
        root.v[i] = less ? -sqrt(g.v[i]) : sqrt(g.v[i]);
    }
    out_nums(c, "llr", g);
    out_nums(c, "root_llr_signed", root);
    return true;
}

const method method_log_likelihood_ratio = {
    .name = "log_likelihood_ratio",
    .title = {"Log likelihood ratio", "对数似然比", "對數概似比"},
    .source = "Dunning 1993, Computational Linguistics 19(1)",
    .formula = "2 (sum k ln k - rows - columns + N ln N), never below 0; the root is negative "
               "where k11 is rarer "
               "than k21",
    .input = "tables_k11_k12_k21_k22  rows of 4 counts",
    .output = "llr, root_llr_signed",
    .example = "{\"tables_k11_k12_k21_k22\":[[1,0,0,1],[1,1,1,1]]}",
    .run = run,
};
