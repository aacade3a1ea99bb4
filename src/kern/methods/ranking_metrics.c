/* ranking_metrics.c - how good a list of recommendations was. */
#include "kern/method.h"

static bool run(calc *c) {
    strs list = in_texts(c, NULL, "recommended"), good = in_texts(c, NULL, "relevant");
    vec ks = in_counts(c, NULL, "k", 0);
    if (!calc_ok(c)) return false;
    good = strs_distinct(c->a, good);
    double relevant = (double)good.n;
    out_open(c, "at");
    for (size_t j = 0; j < ks.n; j++) {
        double hits = 0, first = 0, gain = 0, ideal = 0, ap = 0, k = ks.v[j];
        for (size_t i = 0; i < list.n && (double)i < k; i++) {
            double rank = (double)i + 1;
            if (strs_find(good, list.v[i]) == SIZE_MAX) continue;
            hits++, gain += 1 / log2(rank + 1), ap += hits / rank;
            if (first == 0) first = 1 / rank;
        }
        for (double i = 0; i < fmin(k, relevant); i++) ideal += 1 / log2(i + 2);
        out_open(c, arena_fmt(c->a, "%.0f", k).p);
        out_num(c, "precision", ratio(hits, k));
        out_num(c, "recall", ratio(hits, relevant));
        out_num(c, "hit", hits > 0);
        out_num(c, "mrr", first);
        out_num(c, "ndcg", ratio(gain, ideal));
        out_num(c, "ap", ratio(ap, fmin(k, relevant)));
        out_end(c);
    }
    out_end(c);
    return true;
}

const method method_ranking_metrics = {
    .name = "ranking_metrics",
    .title = {"Quality of recommendations", "推荐排序评测", "推薦排序評測"},
    .source = "Jarvelin & Kekalainen 2002 (nDCG); Voorhees 1999 (MRR)",
    .formula = "precision hits/k, recall hits/relevant, MRR 1/rank of the first, nDCG with gain "
               "1/log2(rank+1), "
               "AP over min(k, relevant)",
    .input = "recommended  in order\nrelevant  what was good\nk  list of lengths",
    .output = "at  {\"k\": precision, recall, hit, mrr, ndcg, ap}",
    .example = "{\"recommended\":[\"a\",\"b\",\"c\"],\"relevant\":[\"b\",\"z\"],\"k\":[2]}",
    .run = run,
};
