/* count.c - how many signals. */
#include "understand/metric.h"

static size_t measures(arena *a, const metric_params *p, tally_measure *out) {
    (void)a, (void)p, (void)out;
    return 0;
}

static estimate estimated(const metric_params *p, i64 n, const tally_stat *s) {
    (void)p, (void)s;
    return (estimate){(double)n, NAN, NAN, n, 0, 0, NULL};
}

const metric metric_count = {
    .name = "count",
    .title = "Signals",
    .unit = "",
    .params = "count",
    .version = 1,
    .help = "Number of signals; each counts once in a cell, however many mentions it has.",
    .measures = measures,
    .value = estimated,
};
