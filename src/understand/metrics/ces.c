/* ces.c - customer effort score 2.0. */
#include "kern/stats.h"
#include "understand/metric.h"

static double score(const metric_params *p, const tally_key *answers) {
    i64 x = scale_answer(answers, 1, 7);
    (void)p;
    return x == NONE ? NAN : (double)x;
}

static estimate estimated(const metric_params *p, i64 n, const tally_stat *s) {
    (void)p, (void)n;
    scale_count c;
    if (!count_scale(s, 1, 7, 5, 0, &c)) return estimate_none("off_scale", 0, s->missing, s->n);
    if (c.n == 0) return estimate_none("no_data", 0, s->missing, c.invalid);
    interval r = mean_interval(c.mean, c.variance, c.n);
    return (estimate){c.mean, r.low, r.high, c.n, s->missing, c.invalid, NULL};
}

const metric metric_ces = {
    .name = "ces",
    .title = "Customer effort score",
    .unit = "",
    .params = "ces[:COLUMN]",
    .column = "score:ces",
    .takes_column = true,
    .version = 1,
    .help = "Mean of answers 1-7 to \"it was easy\" (CES 2.0: 7 = easy). Interval: Student's t. "
            "Never mix with CES "
            "1.0 (1-5, low = good).",
    .measures = column_measure,
    .value = estimated,
    .score = score,
};
