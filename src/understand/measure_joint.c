/* measure_joint.c - answers of one signal counted together, with weights or without. */
#include "kern/stats.h"
#include "store/tally.h"
#include "understand/measure_int.h"

/* Sums over the answers of one cell.  Without weights w is 1 for each. */
typedef struct {
    i64 n, missing, invalid;
    double w, wx, ww, wwx, wwxx; /* sums of w, w x, w^2, w^2 x, w^2 x^2 */
    bool bad;                    /* a weight that is not above 0 */
} sums;

static double squares(const tally_stat *s) {
    return ldexp((double)s->square[2], 128) + ldexp((double)s->square[1], 64) +
           (double)s->square[0];
}

static void add(const measure_answer *r, const tally_key *answers, size_t items,
                const tally_cell *c, sums *x) {
    i64 n = c->n, without = 0;
    double w = (double)c->n, ww = w;
    for (size_t i = 0; i < items; i++)
        if (answers[i].kind == VALUE_MISSING) {
            x->missing += n;
            return;
        }
    if (r->def.weight.n) {
        const tally_stat *s = &c->stats[0];
        n = s->n, without = s->missing;
        w = (double)s->sum / 1e6, ww = squares(s) / 1e12;
        x->bad |= n > 0 && s->min <= 0;
    }
    double v = r->metric->score(&r->params, answers);
    x->missing += without;
    if (isnan(v)) {
        x->invalid += n;
        return;
    }
    x->n += n;
    x->w += w, x->wx += w * v;
    x->ww += ww, x->wwx += ww * v, x->wwxx += ww * v * v;
}

/* Taylor's linearisation: SE^2 = n/(n-1) sum (w (x - m))^2 / (sum w)^2, as in R's survey. */
static estimate estimated(const measure_answer *r, const sums *x) {
    if (x->bad) return estimate_none("bad_weight", x->n, x->missing, x->invalid);
    if (x->n == 0 || !(x->w > 0)) return estimate_none("no_data", 0, x->missing, x->invalid);
    double n = (double)x->n, m = x->wx / x->w;
    double spread = fmax(0, x->wwxx - 2 * m * x->wwx + m * m * x->ww);
    double se2 = x->n > 1 ? n / (n - 1) * spread / (x->w * x->w) : NAN;
    interval i = mean_interval(m, se2 * n, x->n);
    if (r->def.weight.n) i = (interval){m - Z95 * sqrt(se2), m + Z95 * sqrt(se2)};
    return (estimate){m, i.low, i.high, x->n, x->missing, x->invalid, NULL};
}

/* Kish 1965: what the answers tell, as a number of answers of equal weight. */
static double effective(const measure_answer *r, const sums *x) {
    return r->def.weight.n && !x->bad && x->ww > 0 ? x->w * x->w / x->ww : NAN;
}

/* Cells are sorted by their keys, the group's first: neighbours are added up. */
static void fold(arena *a, const measure_answer *r, const tally_answer *x, size_t by_n,
                 size_t items, cell_list *out) {
    *out = (cell_list){NEW_N(a, measure_cell, x->cells_n + 1), 0};
    sums s = {0};
    for (size_t i = 0; i < x->cells_n; i++) {
        const tally_cell *c = &x->cells[i];
        bool first = i == 0 || key_order(c->keys, x->cells[i - 1].keys, by_n);
        if (first) {
            s = (sums){0};
            out->cells[out->n++] = (measure_cell){.keys = c->keys};
        }
        measure_cell *to = &out->cells[out->n - 1];
        to->signals += c->n;
        add(r, c->keys + by_n, items, c, &s);
        to->est = estimated(r, &s);
        to->effective = effective(r, &s);
    }
    if (!by_n && !out->n)
        out->cells[out->n++] =
            (measure_cell){.est = estimated(r, &s), .effective = effective(r, &s)};
}

bool joint_ask(tally *t, arena *a, const measure_question *q, measure_answer *r, const expr *where,
               cell_list side[2], err *e) {
    tally_by by[LIMIT_GROUP_COLUMNS];
    tally_measure weight = {.kind = MEASURE_NUM, .column = r->def.weight};
    size_t items = r->params.items_n ? r->params.items_n : 1;
    tally_answer x[2];
    if (!r->metric->score)
        return fail(e, INVALID, "%s takes no weights: it is no mean of answers", r->metric->name);
    if (q->by_n + items > LIMIT_GROUP_COLUMNS)
        return fail(e, LIMIT, "%s reads %zu columns of each signal: at most %zu more for --by",
                    r->metric->name, items, LIMIT_GROUP_COLUMNS - items);
    for (size_t i = 0; i < q->by_n; i++) by[i] = q->by[i];
    for (size_t i = 0; i < items; i++)
        by[q->by_n + i] =
            (tally_by){r->params.items_n ? r->params.items[i] : r->params.column, BY_VALUE};
    tally_question ask = {.where = where,
                          .by = by,
                          .by_n = q->by_n + items,
                          .measures = &weight,
                          .measures_n = r->def.weight.n ? 1 : 0,
                          .zone_min = q->zone_min,
                          .zone = q->zone,
                          .threads = q->threads,
                          .afresh = q->afresh,
                          .stop = q->stop,
                          .stop_ms = q->stop_ms,
                          .most_ms = q->most_ms};
    if (!(q->compare ? tally_compare(t, a, &ask, q->versus, x, e) : tally_ask(t, a, &ask, x, e)))
        return false;
    r->cost = x[0];
    fold(a, r, &x[0], q->by_n, items, &side[0]);
    if (q->compare) fold(a, r, &x[1], q->by_n, items, &side[1]);
    return true;
}
