/* nss.c - net sentiment score. */
#include "kern/expr_make.h"
#include "understand/metric.h"

static size_t measures(arena *a, const metric_params *p, tally_measure *out) {
    out[0] =
        (tally_measure){.kind = MEASURE_SHARE, .test = expr_text_is(a, p->column, S("positive"))};
    out[1] =
        (tally_measure){.kind = MEASURE_SHARE, .test = expr_text_is(a, p->column, S("negative"))};
    return 2;
}

static estimate nss_value(const metric_params *p, i64 n, const tally_stat *s) {
    (void)p, (void)n;
    return balance_estimate(s[0].yes, s[1].yes, s[0].n, s[0].missing, 0);
}

static double score(const metric_params *p, const tally_key *answers) {
    (void)p;
    if (answers->kind != VALUE_TEXT) return NAN;
    return str_eq(answers->text, S("positive"))   ? 100
           : str_eq(answers->text, S("negative")) ? -100
                                                  : 0;
}

const metric metric_nss = {
    .name = "nss",
    .title = "Net sentiment score",
    .unit = "points",
    .params = "nss[:COLUMN]",
    .column = "sentiment",
    .takes_column = true,
    .version = 1,
    .help = "Positive minus negative as a share of all that were read: (P-N)/(P+U+N). Of the "
            "signals' sentiment, or, "
            "when grouped or filtered by mention columns, of the mentions' polarity. Interval: "
            "adjusted Wald.",
    .measures = measures,
    .value = nss_value,
    .score = score,
};
