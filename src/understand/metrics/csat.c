/* csat.c - customer satisfaction: the top two boxes of a short scale. */
#include "understand/metric.h"

static double score(const metric_params *p, const tally_key *answers) {
    i64 top = p->k == NONE ? 5 : p->k, x = scale_answer(answers, 1, top);
    return x == NONE ? NAN : x >= top - 1 ? 100 : 0;
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
    .k_usual = 5,
    .version = 1,
    .help = "Share of the two best answers of a scale 1-5 (or 1-SCALE, such as 4 or 7). Interval: "
            "Wilson.",
    .measures = column_measure,
    .value = estimated,
    .score = score,
};
