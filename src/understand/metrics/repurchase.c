/* repurchase.c - new customers who bought again within so many days of their first order. */
#include "kern/expr_make.h"
#include "store/walk.h"
#include "understand/measure_int.h"

enum { USUAL_DAYS = 90 };

static estimate of_row(const repurchase_row *x) {
    estimate r = share_estimate(x->observed_again, x->observed, x->censored, 0);
    return r;
}

/* One condition after the other; orders are the signals with the event order_placed. */
static bool walk_side(tally *t, arena *a, const measure_question *q, const measure_answer *r,
                      const expr *where, cell_list *out, err *e) {
    const expr *orders = expr_text_is(a, S("event"), S("order_placed"));
    walk_scope scope = {.where = expr_both(a, where, orders), .zone_min = q->zone_min};
    repurchase_question ask = {.from_day = NONE,
                               .to_day = NONE,
                               .within_days = r->params.k == NONE ? USUAL_DAYS : r->params.k,
                               .by = q->by_n ? q->by[0].unit : BY_VALUE,
                               .until = NONE};
    repurchase_answer x;
    if (!walk_repurchase(t, a, &scope, &ask, &x, e)) return false;
    *out = (cell_list){NEW_N(a, measure_cell, x.rows_n + 1), x.rows_n};
    for (size_t i = 0; i < x.rows_n; i++) {
        tally_key *k = NEW(a, tally_key);
        if (x.rows[i].day != NONE)
            *k = (tally_key){.kind = VALUE_TIME, .num = x.rows[i].day * 86400000};
        out->cells[i] =
            (measure_cell){.keys = k, .signals = x.rows[i].fresh, .est = of_row(&x.rows[i])};
    }
    if (!q->by_n && !out->n)
        out->cells[out->n++] = (measure_cell){.est = estimate_none("no_data", 0, 0, 0)};
    return true;
}

static bool repurchase_ask(tally *t, arena *a, const measure_question *q, measure_answer *r,
                           const expr *where, cell_list side[2], err *e) {
    bool plain = q->by_n == 0 || (q->by_n == 1 && q->by[0].unit != BY_VALUE);
    if (!plain)
        return fail(e, INVALID,
                    "repurchase is counted by customer: ask with where=, or by week, month or year "
                    "of the first order");
    return walk_side(t, a, q, r, where, &side[0], e) &&
           (!q->compare || walk_side(t, a, q, r, q->versus, &side[1], e));
}

const metric metric_repurchase = {
    .name = "repurchase",
    .title = "Repurchase rate",
    .unit = "%",
    .params = "repurchase[:DAYS]",
    .takes_k = true,
    .k_usual = USUAL_DAYS,
    .version = 1,
    .help =
        "Of the customers whose first order was watched for DAYS (90) days, the share with a "
        "second "
        "order day by then. Younger customers are counted as missing: they can still come back. "
        "Orders are signals with event = 'order_placed'. Interval: Wilson.",
    .ask = repurchase_ask,
};
