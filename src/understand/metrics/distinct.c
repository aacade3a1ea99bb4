/* distinct.c - how many different texts of a column: customers, orders, shops. */
#include "understand/metric.h"

static size_t measures(arena *a, const metric_params *p, tally_measure *out) {
    (void)a;
    out[0] = (tally_measure){.kind = MEASURE_DISTINCT, .column = p->column};
    return 1;
}

/* A sketch's estimate has its own error, 0.81 %: HyperLogLog, 16,384 registers; else it is a count. */
static estimate estimated(const metric_params *p, i64 n, const tally_stat *s) {
    (void)p, (void)n;
    double yes = (double)s->yes, wide = 1.959963984540054 * 0.0081 * yes;
    if (!s->sketched) return (estimate){yes, NAN, NAN, s->n, s->missing, 0, NULL};
    return (estimate){yes, yes - wide, yes + wide, s->n, s->missing, 0, NULL};
}

const metric metric_distinct = {
    .name = "distinct",
    .title = "Different values",
    .unit = "",
    .params = "distinct:COLUMN",
    .column = "customer",
    .takes_column = true,
    .version = 1,
    .help = "Number of different texts of a column, customers if none is given.  Exact up to a "
            "bound of "
            "memory, then a sketch (HyperLogLog) that says so, with its 95 % interval.",
    .measures = measures,
    .value = estimated,
};
