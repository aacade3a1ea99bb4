/* rate.c - the share of signals for which an expression is true, among those where it can be told. */
#include "understand/metric.h"

static size_t measures(arena *a, const metric_params *p, tally_measure *out) {
    (void)a;
    out[0] = (tally_measure){.kind = MEASURE_SHARE, .test = p->counted};
    return 1;
}

static estimate rate_value(const metric_params *p, i64 n, const tally_stat *s) {
    (void)p, (void)n;
    return share_estimate(s->yes, s->n, s->missing, 0);
}

const metric metric_rate = {
    .name = "rate",
    .title = "Rate",
    .unit = "%",
    .params = "rate:EXPR",
    .takes_test = true,
    .version = 1,
    .help =
        "Share of signals for which EXPR is true among those where it is true or false: what is "
        "missing is not \"false\". Interval: Wilson.",
    .measures = measures,
    .value = rate_value,
};
