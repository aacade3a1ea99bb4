/* metric.c - what metrics share: counting a scale, and the three shapes an estimate has. */
#include "understand/metric.h"
#include "kern/stats.h"

estimate estimate_none(const char *reason, i64 n, i64 missing, i64 invalid) {
    return (estimate){NAN, NAN, NAN, n, missing, invalid, reason};
}

size_t column_measure(arena *a, const metric_params *p, tally_measure *out) {
    (void)a;
    out[0] = (tally_measure){.kind = MEASURE_NUM, .column = p->column};
    return 1;
}

i64 scale_answer(const tally_key *k, i64 low, i64 top) {
    if (k->kind != VALUE_NUM || k->num % NUM6_ONE) return NONE;
    i64 x = k->num / NUM6_ONE;
    return x >= low && x <= top ? x : NONE;
}

bool count_scale(const tally_stat *s, i64 low, i64 top, i64 at_least, i64 at_most,
                 scale_count *out) {
    *out = (scale_count){.mean = NAN, .variance = NAN};
    if (s->n && !s->bars) return false;
    i64 sum = 0, square = 0; /* scales are small: 2^31 answers of 10 stay far below 2^63 */
    for (size_t i = 0; i < s->bars_n; i++) {
        num6 v = s->bars[i].value;
        i64 count = s->bars[i].count, x = v / NUM6_ONE;
        if (v % NUM6_ONE || x < low || x > top) {
            out->invalid += count;
            continue;
        }
        out->n += count;
        out->up += x >= at_least ? count : 0;
        out->down += x <= at_most ? count : 0;
        sum += x * count;
        square += x * x * count;
    }
    double n = (double)out->n;
    if (out->n > 0) out->mean = (double)sum / n;
    if (out->n > 1) out->variance = (double)((i128)out->n * square - (i128)sum * sum) / n / (n - 1);
    return true;
}

estimate share_estimate(i64 yes, i64 n, i64 missing, i64 invalid) {
    if (n == 0) return estimate_none("no_data", 0, missing, invalid);
    interval r = wilson(yes, n);
    return (estimate){
        100 * (double)yes / (double)n, 100 * r.low, 100 * r.high, n, missing, invalid, NULL};
}

estimate balance_estimate(i64 up, i64 down, i64 n, i64 missing, i64 invalid) {
    if (n == 0) return estimate_none("no_data", 0, missing, invalid);
    interval r = rocks(up, down, n);
    return (estimate){
        100 * (double)(up - down) / (double)n, r.low, r.high, n, missing, invalid, NULL};
}
