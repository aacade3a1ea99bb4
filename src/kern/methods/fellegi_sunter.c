/* fellegi_sunter.c - weights of agreement when two records may be one person. */
#include "kern/method.h"

static bool run(calc *c) {
    const json *fields = in_list(c, NULL, "fields");
    mat patterns = in_mat(c, NULL, "patterns", false);
    double prior = in_maybe(c, NULL, "prior_match", 1e-12, 1 - 1e-12, 0.001);
    vec agree = vec_new(c->a, fields->n), differ = vec_new(c->a, fields->n);
    size_t k = 0;
    for (const json *f = fields->first; f && calc_ok(c); f = f->next, k++) {
        double m = in_num_of(c, f, "m", 1e-12, 1 - 1e-12),
               u = in_num_of(c, f, "u", 1e-12, 1 - 1e-12);
        agree.v[k] = log2(m / u);
        differ.v[k] = log2((1 - m) / (1 - u));
    }
    if (calc_ok(c) && patterns.rows && patterns.cols != k)
        calc_bad(c, "\"patterns\" must have %zu values a row", k);
    if (!calc_ok(c)) return false;
    vec total = vec_new(c->a, patterns.rows), posterior = vec_new(c->a, patterns.rows);
    for (size_t i = 0; i < patterns.rows; i++) {
        for (size_t j = 0; j < k; j++)
            total.v[i] += *mat_at(patterns, i, j) != 0 ? agree.v[j] : differ.v[j];
        posterior.v[i] = 1 / (1 + (1 - prior) / prior * exp2(-total.v[i]));
    }
    out_nums(c, "agree", agree);
    out_nums(c, "disagree", differ);
    out_nums(c, "total", total);
    out_nums(c, "posterior", posterior);
    return true;
}

const method method_fellegi_sunter = {
    .name = "fellegi_sunter",
    .title = {"Weights of record linkage", "记录匹配权重", "紀錄比對權重"},
    .source = "Fellegi & Sunter 1969, J. American Statistical Association 64",
    .formula = "agreement log2(m/u), disagreement log2((1-m)/(1-u)); posterior odds = prior odds x "
               "2^total",
    .input =
        "fields  list of {m, u}\npatterns  rows of 1 (agrees) and 0\nprior_match  usually 0.001",
    .output = "agree, disagree  by field; total, posterior  by pattern",
    .example = "{\"fields\":[{\"m\":0.8,\"u\":0.1}],\"patterns\":[[1],[0]],\"prior_match\":0.5}",
    .run = run,
};
