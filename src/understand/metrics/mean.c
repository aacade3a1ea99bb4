/* mean.c - the mean of any numeric column. */
#include "kern/stats.h"
#include "understand/metric.h"

static double score(const metric_params *p, const tally_key *answers) {
    (void)p;
    return answers->kind == VALUE_NUM ? num6_double(answers->num) : NAN;
}

static estimate estimated(const metric_params *p, i64 n, const tally_stat *s) {
    (void)p, (void)n;
    if (s->n == 0) return estimate_none("no_data", 0, s->missing, 0);
    double mean = tally_mean(s);
    interval r = mean_interval(mean, tally_variance(s), s->n);
    return (estimate){mean, r.low, r.high, s->n, s->missing, 0, NULL};
}

const metric metric_mean = {
    .name = "mean",
    .title = "Mean",
    .unit = "",
    .params = "mean:COLUMN",
    .takes_column = true,
    .version = 1,
    .help = "Mean of a numeric column over the signals that have it. Interval: Student's t.",
    .measures = column_measure,
    .value = estimated,
    .score = score,
};
