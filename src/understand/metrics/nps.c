/* nps.c - net promoter score. */
#include "understand/metric.h"

static double score(const metric_params *p, const tally_key *answers) {
    i64 x = scale_answer(answers, 0, 10);
    (void)p;
    return x == NONE ? NAN : x >= 9 ? 100 : x <= 6 ? -100 : 0;
}

static estimate estimated(const metric_params *p, i64 n, const tally_stat *s) {
    (void)p, (void)n;
    scale_count c;
    if (!count_scale(s, 0, 10, 9, 6, &c)) return estimate_none("off_scale", 0, s->missing, s->n);
    return balance_estimate(c.up, c.down, c.n, s->missing, c.invalid);
}

const metric metric_nps = {
    .name = "nps",
    .title = "Net promoter score",
    .unit = "points",
    .params = "nps[:COLUMN]",
    .column = "score:nps",
    .takes_column = true,
    .version = 1,
    .help = "Promoters (9-10) minus detractors (0-6) as a share of all answers 0-10 (Reichheld "
            "2003). Interval: "
            "adjusted Wald (Rocks 2016). Answers off the scale are dropped and counted.",
    .measures = column_measure,
    .value = estimated,
    .score = score,
};
