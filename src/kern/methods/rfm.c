/* rfm.c - recency, frequency and money in fifths. */
#include "kern/method.h"

/* Fifths by average rank, 5 the best; equal customers get equal scores. */
static vec fifths(calc *c, vec x, bool less_is_better) {
    vec v = vec_copy(c->a, x);
    for (size_t i = 0; i < v.n && less_is_better; i++) v.v[i] = -v.v[i];
    vec r = ranks_of(c->a, v);
    for (size_t i = 0; i < r.n; i++) r.v[i] = floor((r.v[i] - 0.5) * 5 / (double)r.n) + 1;
    return r;
}

static bool run(calc *c) {
    vec r = in_nums(c, NULL, "recency_days"), f = in_nums(c, NULL, "frequency"),
        m = in_nums(c, NULL, "monetary");
    if (calc_ok(c)) in_same(c, "recency_days", r.n, "frequency", f.n);
    if (calc_ok(c)) in_same(c, "recency_days", r.n, "monetary", m.n);
    if (!calc_ok(c)) return false;
    r = fifths(c, r, true), f = fifths(c, f, false), m = fifths(c, m, false);
    out_nums(c, "R", r);
    out_nums(c, "F", f);
    out_nums(c, "M", m);
    out_list(c, "cell");
    for (size_t i = 0; i < r.n; i++)
        out_text(c, NULL, arena_fmt(c->a, "%.0f%.0f%.0f", r.v[i], f.v[i], m.v[i]));
    out_end(c);
    return true;
}

const method method_rfm = {
    .name = "rfm",
    .title = {"RFM scores", "RFM 评分", "RFM 評分"},
    .source = "Hughes 1994, Strategic Database Marketing",
    .formula = "floor((average rank - 1/2) 5/n) + 1; fewer days are better",
    .input = "recency_days, frequency, monetary  one of each a customer",
    .output = "R, F, M  1-5; cell  \"RFM\"",
    .example = "{\"recency_days\":[1,2,3,4,5],\"frequency\":[5,4,3,2,1],\"monetary\":[1,1,1,1,1]}",
    .run = run,
};
