/* probability_metrics.c - how good predicted probabilities are. */
#include "kern/method.h"
#include "kern/moments.h"

typedef struct {
    vec y, s;
    size_t *order; /* by score, largest first */
    double yes, no;
} scored;

static size_t *largest_first(calc *c, vec s) {
    vec down = vec_new(c->a, s.n);
    for (size_t i = 0; i < s.n; i++) down.v[i] = -s.v[i];
    return order_of(c->a, down);
}

static double auc_of(calc *c, const scored *k) {
    vec r = ranks_of(c->a, k->s);
    double sum = 0;
    for (size_t i = 0; i < r.n; i++) sum += k->y.v[i] != 0 ? r.v[i] : 0;
    return ratio(sum - k->yes * (k->yes + 1) / 2, k->yes * k->no);
}

/* Average precision, and the largest gap between the two distributions; equal scores at once. */
static void walk(const scored *k, double *ap, double *ks) {
    double tp = 0, fp = 0;
    *ap = *ks = 0;
    for (size_t i = 0; i < k->s.n;) {
        double was = tp, at = k->s.v[k->order[i]];
        for (; i < k->s.n && k->s.v[k->order[i]] == at; i++)
            if (k->y.v[k->order[i]] != 0)
                tp++;
            else
                fp++;
        *ap += (tp - was) / k->yes * tp / (tp + fp);
        *ks = fmax(*ks, fabs(tp / k->yes - fp / k->no));
    }
}

static bool run(calc *c) {
    scored k = {.y = in_nums(c, NULL, "y"), .s = in_nums(c, NULL, "score")};
    double share = in_maybe(c, NULL, "lift_share", 0, 1, 0.1), n = (double)k.y.n, hits = 0, ap, ks;
    if (calc_ok(c)) in_same(c, "y", k.y.n, "score", k.s.n);
    neat brier = {0}, loss = {0};
    for (size_t i = 0; i < k.y.n && calc_ok(c); i++) {
        double y = k.y.v[i], p = k.s.v[i], q = fmin(1 - 1e-15, fmax(1e-15, p));
        if (y != 0 && y != 1) calc_bad(c, "\"y\" must hold 0 and 1");
        if (p < 0 || p > 1) calc_bad(c, "\"score\" must lie between 0 and 1");
        k.yes += y, k.no += 1 - y;
        neat_add(&brier, (p - y) * (p - y));
        neat_add(&loss, y != 0 ? -log(q) : -log1p(-q));
    }
    if (!calc_ok(c)) return false;
    k.order = largest_first(c, k.s);
    size_t top = (size_t)fmin(n, ceil(share * n - 1e-9));
    for (size_t i = 0; i < top; i++) hits += k.y.v[k.order[i]];
    walk(&k, &ap, &ks);
    reason why = n > 0 ? ZERO_VARIANCE : NO_DATA;
    out_num(c, "auc", k.yes > 0 && k.no > 0 ? auc_of(c, &k) : undefined(why));
    out_num(c, "brier", ratio(neat_sum(&brier), n));
    out_num(c, "log_loss", ratio(neat_sum(&loss), n));
    out_num(c, "average_precision", k.yes > 0 ? ap : undefined(why));
    out_num(c, "ks", k.yes > 0 && k.no > 0 ? ks : undefined(why));
    out_num(c, "top_share_hit_rate", ratio(hits, (double)top));
    out_num(c, "lift_top", k.yes > 0 ? ratio(hits, (double)top) / (k.yes / n) : undefined(why));
    return true;
}

const method method_probability_metrics = {
    .name = "probability_metrics",
    .title = {"Quality of predicted probabilities", "概率预测评测", "機率預測評測"},
    .source = "Hanley & McNeil 1982 (AUC); Brier 1950; Kolmogorov-Smirnov",
    .formula = "AUC with ties 1/2; mean (p-y)^2; log loss cut at 1e-15; average precision sum dR "
               "P; lift: hit rate "
               "of the top share over that of all",
    .input = "y  0 and 1\nscore  0-1\nlift_share  usually 0.1",
    .output = "auc, brier, log_loss, average_precision, ks, top_share_hit_rate, lift_top",
    .example = "{\"y\":[0,1,0,1],\"score\":[0.2,0.8,0.6,0.6],\"lift_share\":0.25}",
    .run = run,
};
