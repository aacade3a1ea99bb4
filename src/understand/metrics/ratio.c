/* ratio.c - one count for every hundred of another: complaints by orders, answers by questions sent. */
#include "kern/expr_make.h"
#include "kern/stats.h"
#include "understand/metric.h"

static size_t measures(arena *a, const metric_params *p, tally_measure *out) {
    out[0] = (tally_measure){.kind = MEASURE_SHARE, .test = p->counted};
    out[1] = (tally_measure){.kind = MEASURE_SHARE, .test = p->base};
    out[2] = (tally_measure){.kind = MEASURE_SHARE, .test = expr_both(a, p->counted, p->base)};
    return 3;
}

/* All of the counted are among the base: a share.  Else two counts of events, each Poisson: given
** their sum the one is binomial (Przyborowski & Wilenski 1940). */
static estimate ratio_value(const metric_params *p, i64 n, const tally_stat *s) {
    i64 up = s[0].yes, all = s[1].yes;
    (void)p, (void)n;
    if (all == 0) return estimate_none("no_data", 0, 0, 0);
    if (s[2].yes == up) return share_estimate(up, all, 0, 0);
    interval r = wilson(up, up + all);
    return (estimate){100 * (double)up / (double)all,
                      100 * r.low / (1 - r.low),
                      100 * r.high / (1 - r.high),
                      all,
                      0,
                      0,
                      NULL};
}

const metric metric_ratio = {
    .name = "ratio",
    .title = "Ratio of counts",
    .unit = "%",
    .params = "ratio:EXPR / EXPR",
    .takes_test = true,
    .takes_base = true,
    .version = 1,
    .help = "Signals for which the first expression is true, for every hundred for which the "
            "second is. "
            "Interval: Wilson when all of the first are among the second, else the conditional "
            "interval "
            "of two Poisson counts.",
    .measures = measures,
    .value = ratio_value,
};
