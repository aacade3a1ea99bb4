/* outcome.c - outcomes as text and as moments of a cell. */
#include "act/outcome.h"

bool outcome_parse(arena *a, str text, outcome *out, err *e) {
    outcome o = {0};
    err inner;
    str what = str_trim(text), rest = NO_STR;
    if (!str_cut(what, ':', &what, &rest)) rest = NO_STR;
    rest = str_trim(rest);
    if (str_eq(what, S("mean")) && rest.n) {
        o.kind = OUTCOME_MEAN;
        o.column = rest;
    } else if (str_eq(what, S("nps"))) {
        o.kind = OUTCOME_NPS;
        o.column = rest.n ? rest : S("score:nps");
    } else if (str_eq(what, S("share")) && rest.n) {
        o.kind = OUTCOME_SHARE;
        if (!expr_parse(a, rest, 0, &o.test, &inner))
            return fail(e, INVALID, "share: %s", inner.msg);
    } else {
        return fail(e, INVALID, "\"%.*s\": want mean:COLUMN, share:EXPR or nps",
                    (int)MIN(text.n, 80), text.p);
    }
    *out = o;
    return true;
}

tally_measure outcome_measure(const outcome *o) {
    if (o->kind == OUTCOME_SHARE) return (tally_measure){.kind = MEASURE_SHARE, .test = o->test};
    return (tally_measure){.kind = MEASURE_NUM, .column = o->column};
}

static sample share_sample(i64 yes, i64 n) {
    double p = n ? (double)yes / (double)n : NAN;
    double v = n > 1 ? p * (1 - p) * (double)n / (double)(n - 1) : NAN;
    return (sample){n, p, v};
}

static sample nps_sample(const tally_stat *s) {
    i64 up = 0, down = 0, n = 0;
    for (size_t i = 0; i < s->bars_n; i++) {
        num6 v = s->bars[i].value;
        if (v < 0 || v > 10 * NUM6_ONE) continue;
        n += s->bars[i].count;
        if (v >= 9 * NUM6_ONE) up += s->bars[i].count;
        if (v <= 6 * NUM6_ONE) down += s->bars[i].count;
    }
    if (n == 0) return (sample){0, NAN, NAN};
    double mean = 100 * (double)(up - down) / (double)n;
    double squares = 1e4 * (double)(up + down) - mean * mean * (double)n;
    return (sample){n, mean, n > 1 ? MAX(squares, 0) / (double)(n - 1) : NAN};
}

sample outcome_sample(const outcome *o, const tally_stat *s) {
    switch (o->kind) {
    case OUTCOME_SHARE:
        return share_sample(s->yes, s->n);
    case OUTCOME_NPS:
        return nps_sample(s);
    case OUTCOME_MEAN:
        break;
    }
    return (sample){s->n, tally_mean(s), tally_variance(s)};
}
