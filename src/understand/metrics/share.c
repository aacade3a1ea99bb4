/* share.c - the share of signals whose column has a value, among those that have any. */
#include "kern/expr_make.h"
#include "understand/metric.h"

static size_t measures(arena *a, const metric_params *p, tally_measure *out) {
    num6 num;
    bool number = p->column_is_num && num6_parse(p->value, &num);
    const expr *x = number ? expr_num_is(a, p->column, num) : expr_text_is(a, p->column, p->value);
    out[0] = (tally_measure){.kind = MEASURE_SHARE, .test = x};
    return 1;
}

static estimate share_value(const metric_params *p, i64 n, const tally_stat *s) {
    (void)p, (void)n;
    return share_estimate(s->yes, s->n, s->missing, 0);
}

static double score(const metric_params *p, const tally_key *answers) {
    num6 num;
    if (answers->kind == VALUE_TEXT) return str_eq(answers->text, p->value) ? 100 : 0;
    return num6_parse(p->value, &num) && num == answers->num ? 100 : 0;
}

const metric metric_share = {
    .name = "share",
    .title = "Share",
    .unit = "%",
    .params = "share:COLUMN=VALUE",
    .takes_column = true,
    .takes_value = true,
    .version = 1,
    .help = "Share of signals with COLUMN = VALUE among the signals that have COLUMN at all: "
            "missing is not "
            "\"other\". Interval: Wilson.",
    .measures = measures,
    .value = share_value,
    .score = score,
};
