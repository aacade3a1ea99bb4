/* topbox.c - the share of the best K answers of a scale. */
#include "understand/metric.h"

static double score(const metric_params *p, const tally_key *answers) {
    i64 top = p->at_least || p->scale_top == NONE ? 1000000 : p->scale_top / NUM6_ONE;
    i64 x = scale_answer(answers, -1000000, top);
    return x == NONE ? NAN : x >= (p->at_least ? p->k : top - p->k + 1) ? 100 : 0;
}

static estimate estimated(const metric_params *p, i64 n, const tally_stat *s) {
    (void)n;
    scale_count c;
    if (s->n == 0 || (!p->at_least && p->scale_top == NONE))
        return estimate_none("no_data", 0, s->missing, 0);
    i64 top = p->at_least ? 1000000 : p->scale_top / NUM6_ONE;
    i64 from = p->at_least ? p->k : top - p->k + 1;
    if (!count_scale(s, -1000000, top, from, 0, &c))
        return estimate_none("off_scale", 0, s->missing, s->n);
    return share_estimate(c.up, c.n, s->missing, c.invalid);
}

const metric metric_topbox = {
    .name = "topbox",
    .title = "Top boxes",
    .unit = "%",
    .params = "topbox:COLUMN:K or topbox:COLUMN:>=V",
    .takes_column = true,
    .takes_k = true,
    .needs_top = true,
    .version = 1,
    .help = "Share of the K best answers of a scale, or of answers V and above. The top of the "
            "scale is known for "
            "score:nps (10), score:csat (5), score:ces (7) and names that end in a number "
            "(score:rating5); for other "
            "columns it is the highest answer heard. Interval: Wilson.",
    .measures = column_measure,
    .value = estimated,
    .score = score,
};
