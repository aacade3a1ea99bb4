/* csat.c - customer satisfaction: the top two boxes of a short scale. */
#include "understand/metric.h"

static size_t measures(arena *a, const metric_params *p, tally_measure *out) {
    (void)a;
    out[0] = (tally_measure){.kind = MEASURE_NUM, .column = p->column};
    return 1;
}

static estimate estimated(const metric_params *p, i64 n, const tally_stat *s) {
    (void)n;
    scale_count c;
    i64 top = p->k == NONE ? 5 : p->k;
    if (!count_scale(s, 1, top, top - 1, 0, &c))
        return estimate_none("off_scale", 0, s->missing, s->n);
    return share_estimate(c.up, c.n, s->missing, c.invalid);
}

const metric metric_csat = {
    .name = "csat",
    .title = "Satisfied customers",
    .unit = "%",
    .params = "csat[:COLUMN[:SCALE]]",
    .column = "score:csat",
    .takes_column = true,
    .takes_k = true,
    .version = 1,
    .help = "Share of the two best answers of a scale 1-5 (or 1-SCALE, such as 4 or 7). Interval: "
            "Wilson.",
    .measures = measures,
    .value = estimated,
};
