/* net_sentiment.c - net sentiment score, by both denominators. */
#include "kern/method.h"

static bool run(calc *c) {
    double p = (double)in_int(c, NULL, "positive", 0, INT64_C(9000000000000000));
    double u = (double)in_int(c, NULL, "neutral", 0, INT64_C(9000000000000000));
    double n = (double)in_int(c, NULL, "negative", 0, INT64_C(9000000000000000));
    if (!calc_ok(c)) return false;
    out_num(c, "nss_all", 100 * ratio(p - n, p + u + n));
    out_num(c, "nss_polar", 100 * ratio(p - n, p + n));
    out_num(c, "positive_share", 100 * ratio(p, p + u + n));
    out_num(c, "coverage_polar", 100 * ratio(p + n, p + u + n));
    return true;
}

const method method_net_sentiment = {
    .name = "net_sentiment",
    .title = {"Net sentiment score", "净情感值(NSS)", "淨情感值(NSS)"},
    .source = "definition",
    .formula = "nss_all (P-N)/(P+U+N), nss_polar (P-N)/(P+N): never mix them in one chart",
    .input = "positive, neutral, negative  counts",
    .output = "nss_all, nss_polar, positive_share, coverage_polar  in %",
    .example = "{\"positive\":6,\"neutral\":2,\"negative\":2}",
    .run = run,
};
