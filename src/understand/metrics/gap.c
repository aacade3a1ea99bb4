/* gap.c - expectation gap: what was experienced less what was expected, by the same customer. */
#include "understand/metric.h"

static double score(const metric_params *p, const tally_key *answers) {
    (void)p;
    if (answers[0].kind != VALUE_NUM || answers[1].kind != VALUE_NUM) return NAN;
    return num6_double(answers[0].num) - num6_double(answers[1].num);
}

const metric metric_gap = {
    .name = "gap",
    .title = "Expectation gap",
    .unit = "",
    .params = "gap:EXPERIENCE,EXPECTATION",
    .items_least = 2,
    .version = 1,
    .help =
        "Mean of experience less expectation, answer by answer, over the signals that have both "
        "(disconfirmation, Oliver 1980): above 0 expectations are exceeded. Interval: Student's t "
        "of the differences, so that what one customer says twice is not taken for two.",
    .score = score,
};
