/* repurchase_rate.c - of those who bought for the first time, how many bought again. */
#include "base/time.h"
#include "kern/orders.h"

static bool by_counts(calc *c) {
    const json *list = in_list(c, NULL, "cases");
    out_list(c, "rates_pct");
    for (const json *v = list->first; v && calc_ok(c); v = v->next) {
        i64 fresh = in_int(c, v, "new", 0, INT64_C(9000000000000000));
        i64 again = in_int(c, v, "repeat", 0, INT64_C(9000000000000000));
        if (again > fresh) calc_bad(c, "\"repeat\" must not be more than \"new\"");
        out_num(c, NULL, 100 * ratio((double)again, (double)fresh));
    }
    out_end(c);
    return calc_ok(c);
}

static bool run(calc *c) {
    if (in_has(c, NULL, "cases")) return by_counts(c);
    orders o = in_orders(c);
    i32 from = in_day(c, NULL, "new_from"), to = in_day(c, NULL, "new_to");
    i64 days = in_maybe_int(c, NULL, "days", 1, 36500, 90);
    if (!calc_ok(c)) return false;
    double fresh = 0, month = 0, within = 0;
    for (size_t i = 0; i < o.n; i++) {
        i32 first = o.days[o.begin[i]];
        if (first < from || first > to) continue;
        fresh++;
        if (o.begin[i + 1] - o.begin[i] < 2) continue;
        i32 second = o.days[o.begin[i] + 1];
        month += day_month(first) == day_month(second);
        within += second - first <= days;
    }
    out_num(c, "new_customers", fresh);
    out_num(c, "repurchasers_same_month", month);
    out_num(c, arena_fmt(c->a, "repurchasers_%" PRId64 "d", days).p, within);
    out_num(c, "rate_same_month_pct", 100 * ratio(month, fresh));
    out_num(c, arena_fmt(c->a, "rate_%" PRId64 "d_pct", days).p, 100 * ratio(within, fresh));
    return true;
}

const method method_repurchase_rate = {
    .name = "repurchase_rate",
    .title = {"Repurchase rate", "复购率", "回購率"},
    .source = "definition",
    .formula = "of the new customers of a time, those with a second order day: in the calendar "
               "month of the "
               "first, or within so many days of it; no new customers: undefined",
    .input = "cases  list of {new, repeat}; or\n"
             "data  table: customer, date, with new_from, new_to (YYYY-MM-DD) and days (90)",
    .output = "rates_pct; or\nnew_customers, repurchasers_same_month, repurchasers_90d, "
              "rate_same_month_pct, "
              "rate_90d_pct",
    .example = "{\"cases\":[{\"new\":40,\"repeat\":10},{\"new\":0,\"repeat\":0}]}",
    .run = run,
};
