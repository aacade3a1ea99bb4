/* quantile.c - the median, or another quantile, of any numeric column. */
#include "understand/metric.h"

static size_t measures(arena *a, const metric_params *p, tally_measure *out) {
    (void)a;
    out[0] = (tally_measure){.kind = MEASURE_NUM, .column = p->column, .quantiles = true};
    return 1;
}

/* Distribution-free: the values at the ranks a binomial count stays between in 95 of 100 samples. */
static estimate estimated(const metric_params *p, i64 n, const tally_stat *s) {
    (void)n;
    double at = (double)(p->k == NONE ? 50 : p->k) / 100, all = (double)s->n;
    if (s->n == 0) return estimate_none("no_data", 0, s->missing, 0);
    if (!(at > 0 && at < 1)) return estimate_none("off_scale", s->n, s->missing, 0);
    double wide = 1.959963984540054 * sqrt(at * (1 - at) / all), low = at - wide, high = at + wide;
    return (estimate){tally_quantile(s, at),
                      low > 0 ? tally_quantile(s, low) : NAN,
                      high < 1 ? tally_quantile(s, high) : NAN,
                      s->n,
                      s->missing,
                      0,
                      NULL};
}

const metric metric_quantile = {
    .name = "quantile",
    .title = "Quantile",
    .unit = "",
    .params = "quantile:COLUMN[:PERCENT]",
    .takes_column = true,
    .takes_k = true,
    .k_usual = 50,
    .version = 1,
    .help = "The least value that PERCENT (50: the median) of the values do not exceed. Exact with "
            "up to "
            "256 different values, else within 0.4 %. Interval: order statistics, by the normal "
            "approximation of the binomial.",
    .measures = measures,
    .value = estimated,
};
