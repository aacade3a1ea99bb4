/* trend.c - a metric over time: breaks where its definition changed, bridges, control limits. */
#include "understand/trend.h"
#include "base/time.h"
#include "kern/stats.h"
#include "understand/why_int.h"

/* ---- versions that differ in what they count ---- */

static bool parts_of(store *s, arena *a, str name, trend *x, err *e) {
    definition *d;
    size_t n;
    if (!registry_history(s, a, name, &d, &n, e)) return false;
    x->parts = NEW_N(a, trend_part, n);
    for (size_t i = 0; i < n; i++) {
        bool same = x->parts_n && str_eq(str_of(x->parts[x->parts_n - 1].def.id), str_of(d[i].id));
        i64 since = same ? x->parts[x->parts_n - 1].def.since : d[i].since;
        if (!same) x->parts_n++;
        x->parts[x->parts_n - 1] =
            (trend_part){.def = d[i], .center = NAN, .low = NAN, .high = NAN};
        x->parts[x->parts_n - 1].def.since = since;
    }
    return true;
}

static bool count_part(tally *t, store *s, arena *a, const trend_question *q, const definition *d,
                       measure_answer *out, err *e) {
    tally_by *by = NEW(a, tally_by);
    *by = (tally_by){S("occurred_at"), q->unit};
    measure_question ask = {.metric = q->metric,
                            .def = d,
                            .where = q->where,
                            .by = by,
                            .by_n = 1,
                            .zone_min = q->zone_min,
                            .zone = q->zone,
                            .minimum_n = NONE,
                            .now_ms = q->now_ms,
                            .most_ms = q->most_ms};
    return measure(t, s, a, &ask, out, e);
}

/* The definition of a period is the newest that was there when it began. */
static size_t part_at(const trend *x, i64 start) {
    size_t k = 0;
    for (size_t i = 1; i < x->parts_n; i++)
        if (x->parts[i].def.since != NONE && start >= x->parts[i].def.since) k = i;
    return k;
}

static void take_points(arena *a, trend *x, const measure_answer *m) {
    size_t most = 0;
    for (size_t k = 0; k < x->parts_n; k++) most += m[k].cells_n;
    x->points = NEW_N(a, trend_point, most + 1);
    for (size_t k = 0; k < x->parts_n; k++)
        for (size_t i = 0; i < m[k].cells_n; i++) {
            const measure_cell *c = &m[k].cells[i];
            if (c->keys[0].kind != VALUE_TIME || part_at(x, c->keys[0].num) != k) continue;
            x->points[x->points_n++] = (trend_point){c->keys[0], c->est, k, false};
        }
}

/* ---- control limits ---- */

static void control(trend *x, size_t part) {
    trend_part *p = &x->parts[part];
    double sum = 0, moved = 0, last = NAN;
    size_t moves = 0;
    for (size_t i = 0; i < x->points_n; i++) {
        double v = x->points[i].est.value;
        if (x->points[i].part != part || !isfinite(v)) continue;
        p->points++, sum += v;
        if (isfinite(last)) moved += fabs(v - last), moves++;
        last = v;
    }
    if (p->points < TREND_CONTROL || !moves) return;
    double reach = 2.66 * moved / (double)moves;
    p->center = sum / (double)p->points;
    p->low = p->center - reach, p->high = p->center + reach;
    for (size_t i = 0; i < x->points_n; i++) {
        double v = x->points[i].est.value;
        if (x->points[i].part == part) x->points[i].outside = v < p->low || v > p->high;
    }
}

/* ---- bridges ---- */

static double value_at(const measure_answer *m, i64 start) {
    for (size_t i = 0; i < m->cells_n; i++)
        if (m->cells[i].keys[0].kind == VALUE_TIME && m->cells[i].keys[0].num == start)
            return m->cells[i].est.value;
    return NAN;
}

/* Differences of the periods nearest to the break that both definitions have a value for. */
static size_t differences(const measure_answer *old, const measure_answer *new, i64 at,
                          double out[2 * TREND_OVERLAP]) {
    size_t n = 0, behind = 0;
    for (size_t i = old->cells_n; i-- > 0 && n < TREND_OVERLAP;) {
        const measure_cell *c = &old->cells[i];
        if (c->keys[0].kind != VALUE_TIME || c->keys[0].num >= at) continue;
        double d = value_at(new, c->keys[0].num) - c->est.value;
        if (isfinite(d)) out[n++] = d;
    }
    for (size_t i = 0; i < new->cells_n &&behind < TREND_OVERLAP; i++) {
        const measure_cell *c = &new->cells[i];
        if (c->keys[0].kind != VALUE_TIME || c->keys[0].num < at) continue;
        double d = c->est.value - value_at(old, c->keys[0].num);
        if (isfinite(d)) out[n++] = d, behind++;
    }
    return n;
}

static trend_bridge bridge_of(const trend_part *old, const trend_part *new,
                              const measure_answer *by_old, const measure_answer *by_new) {
    double d[2 * TREND_OVERLAP], sum = 0, square = 0;
    trend_bridge b = {new->def.since, old->def.version, new->def.version, NAN, NAN, NAN, 0};
    size_t n = b.periods = differences(by_old, by_new, new->def.since, d);
    if (!n) return b;
    for (size_t i = 0; i < n; i++) sum += d[i];
    b.difference = sum / (double)n;
    for (size_t i = 0; i < n; i++) square += (d[i] - b.difference) * (d[i] - b.difference);
    interval r = mean_interval(b.difference, n > 1 ? square / (double)(n - 1) : NAN, (i64)n);
    b.low = r.low, b.high = r.high;
    return b;
}

bool trend_ask(tally *t, store *s, arena *a, const trend_question *q, trend *out, err *e) {
    trend x = {0};
    check(q->unit != BY_VALUE);
    if (!parts_of(s, a, q->metric, &x, e)) return false;
    measure_answer *m = NEW_N(a, measure_answer, x.parts_n);
    for (size_t k = 0; k < x.parts_n; k++)
        if (!count_part(t, s, a, q, &x.parts[k].def, &m[k], e)) return false;
    take_points(a, &x, m);
    x.bridges = NEW_N(a, trend_bridge, x.parts_n);
    for (size_t k = 0; k < x.parts_n; k++) control(&x, k);
    for (size_t k = 1; k < x.parts_n; k++)
        x.bridges[x.bridges_n++] = bridge_of(&x.parts[k - 1], &x.parts[k], &m[k - 1], &m[k]);
    x.last = m[x.parts_n - 1];
    *out = x;
    return true;
}

/* ---- break-downs ---- */

static double error_of(const estimate *x) {
    return (x->high - x->low) / (2 * Z95);
}

standing *standings(arena *a, const measure_answer *m) {
    standing *r = NEW_N(a, standing, m->cells_n);
    double *p = NEW_N(a, double, m->cells_n), *adjusted = NEW_N(a, double, m->cells_n);
    double n = 0, sum = 0, square = 0;
    for (size_t i = 0; i < m->cells_n; i++) {
        const estimate *x = &m->cells[i].est;
        double k = (double)x->n, se = k * error_of(x);
        if (isfinite(x->value) && isfinite(se)) n += k, sum += k * x->value, square += se * se;
    }
    for (size_t i = 0; i < m->cells_n; i++) {
        const estimate *x = &m->cells[i].est;
        double k = (double)x->n, se = error_of(x), rest = n - k;
        p[i] = NAN;
        if (!isfinite(x->value) || !isfinite(se) || !(rest > 0)) continue;
        double others = (sum - k * x->value) / rest;
        double spread = se * se + fmax(0, square - k * k * se * se) / (rest * rest);
        double z = (x->value - others) / sqrt(spread);
        if (spread > 0) p[i] = 2 * (1 - normal_cdf(fabs(z)));
        r[i].mark = x->value > others ? 1 : -1;
    }
    why_benjamini(p, adjusted, m->cells_n);
    for (size_t i = 0; i < m->cells_n; i++) {
        r[i].p = p[i], r[i].adjusted = adjusted[i];
        if (!(adjusted[i] <= 0.05)) r[i].mark = 0;
    }
    return r;
}
