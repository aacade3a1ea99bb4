/* csi.c - customer satisfaction index: the weighted mean of items that are rated 1-10. */
#include "understand/metric.h"

static double score(const metric_params *p, const tally_key *answers) {
    double sum = 0, all = 0;
    for (size_t i = 0; i < p->items_n; i++) {
        i64 x = scale_answer(&answers[i], 1, 10);
        if (x == NONE) return NAN;
        sum += p->weights[i] * (double)(x - 1);
        all += p->weights[i];
    }
    return all > 0 ? 100 * sum / (9 * all) : NAN;
}

const metric metric_csi = {
    .name = "csi",
    .title = "Customer satisfaction index",
    .unit = "points",
    .params = "csi:COLUMN[=WEIGHT],COLUMN[=WEIGHT],...",
    .items_least = 1,
    .version = 1,
    .help =
        "Weighted mean of items rated 1-10 - overall, against expectation, against the ideal - as "
        "0-100: (sum w mean - sum w) / (9 sum w) x 100 (ACSI, Fornell et al. 1996). Weights are 1 "
        "unless given, such as those of a path model (heed calc pls_sem). Only signals that answer "
        "every item count. Interval: Student's t.",
    .score = score,
};
