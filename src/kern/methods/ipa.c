/* ipa.c - importance against performance. */
#include "kern/method.h"
#include "kern/moments.h"

static bool run(calc *c) {
    strs names = in_texts(c, NULL, "attributes");
    vec i = in_nums(c, NULL, "importance"), p = in_nums(c, NULL, "performance"), gap;
    if (calc_ok(c)) in_same(c, "attributes", names.n, "importance", i.n);
    if (calc_ok(c)) in_same(c, "attributes", names.n, "performance", p.n);
    if (!calc_ok(c)) return false;
    double ci = in_maybe(c, NULL, "importance_cut", -1e9, 1e9, vec_mean(i));
    double cp = in_maybe(c, NULL, "performance_cut", -1e9, 1e9, vec_mean(p));
    if (!calc_ok(c)) return false;
    gap = vec_new(c->a, i.n);
    out_num(c, "importance_cut", ci);
    out_num(c, "performance_cut", cp);
    out_list(c, "quadrant");
    for (size_t k = 0; k < i.n; k++) {
        bool important = i.v[k] >= ci, good = p.v[k] >= cp;
        gap.v[k] = p.v[k] - i.v[k];
        out_word(c, NULL,
                 important ? good ? "Q2_keep_up" : "Q1_concentrate_here"
                 : good    ? "Q4_possible_overkill"
                           : "Q3_low_priority");
    }
    out_end(c);
    out_nums(c, "gap", gap);
    return true;
}

const method method_ipa = {
    .name = "ipa",
    .title = {"Importance and performance", "重要性-表现分析", "重要性-表現分析"},
    .source = "Martilla & James 1977, J. Marketing 41(1)",
    .formula =
        "cut at the means unless given; at the cut counts as high; gap = performance - importance",
    .input = "attributes, importance, performance\nimportance_cut, performance_cut  optional",
    .output = "importance_cut, performance_cut, quadrant, gap",
    .example = "{\"attributes\":[\"wait\",\"price\"],\"importance\":[5,3],\"performance\":[2,4]}",
    .run = run,
};
