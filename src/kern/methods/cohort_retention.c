/* cohort_retention.c - who comes back, by the month of the first order. */
#include "base/time.h"
#include "kern/orders.h"

enum { MONTHS = 1200 };

static i32 month_of(i32 day) {
    civil d = civil_of((i64)day * DAY_MS);
    return d.year * 12 + d.month - 1;
}

static void count(const orders *o, i32 begin, i32 months, double *active) {
    for (size_t i = 0; i < o->n; i++) {
        i32 first = month_of(o->days[o->begin[i]]), last = -1;
        for (size_t k = o->begin[i]; k < o->begin[i + 1]; k++) {
            i32 m = month_of(o->days[k]);
            if (m != last) active[(first - begin) * months + (m - first)]++;
            last = m;
        }
    }
}

static void write(calc *c, i32 begin, i32 months, const double *active) {
    out_open(c, "cohorts");
    for (i32 m = 0; m < months; m++) {
        const double *row = active + m * months;
        if (row[0] == 0) continue;
        out_open(c, arena_fmt(c->a, "%04d-%02d", (begin + m) / 12, (begin + m) % 12 + 1).p);
        out_num(c, "size", row[0]);
        out_open(c, "active");
        for (i32 k = 0; k < months - m; k++) out_num(c, arena_fmt(c->a, "%d", k).p, row[k]);
        out_end(c);
        out_open(c, "retention");
        for (i32 k = 0; k < months - m; k++)
            out_num(c, arena_fmt(c->a, "%d", k).p, row[k] / row[0]);
        out_end(c);
        out_end(c);
    }
    out_end(c);
}

static bool run(calc *c) {
    str period = in_maybe_text(c, NULL, "period", S("calendar month"));
    if (calc_ok(c) && !str_eq(period, S("calendar month")))
        calc_bad(c, "\"period\" must be \"calendar month\"");
    orders o = in_orders(c);
    if (!calc_ok(c)) return false;
    i32 first = INT32_MAX, last = INT32_MIN;
    for (size_t i = 0; i < o.n; i++) {
        first = MIN(first, month_of(o.days[o.begin[i]]));
        last = MAX(last, month_of(o.days[o.begin[i + 1] - 1]));
    }
    i32 months = o.n ? last - first + 1 : 0;
    if (months > MONTHS) return calc_bad(c, "\"data\" spans %d months; at most %d", months, MONTHS);
    double *active = NEW_N(c->a, double, (size_t)(months * months) + 1);
    count(&o, first, months, active);
    write(c, first, months, active);
    return true;
}

const method method_cohort_retention = {
    .name = "cohort_retention",
    .title = {"Cohort retention", "同期群留存", "同期群留存"},
    .source = "definition",
    .formula = "cohort: calendar month of the first order; active_k: buyers in the k-th month "
               "behind; months "
               "that are not over the horizon of the data are shown only",
    .input = "data  table: customer, date (YYYY-MM-DD)\nperiod  \"calendar month\"",
    .output = "cohorts  \"YYYY-MM\": size, active {\"0\": n, ...}, retention {\"0\": share, ...}",
    .example = "{\"data\":{\"columns\":[\"customer\",\"date\"],\"rows\":[[\"a\",\"2026-01-05\"],"
               "[\"a\",\"2026-02-07\"],[\"b\",\"2026-01-09\"]]}}",
    .run = run,
};
