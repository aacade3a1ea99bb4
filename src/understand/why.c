/* why.c - the question put together: sides, totals, mix and rate, slices. */
#include "base/limits.h"
#include "base/time.h"
#include "kern/change.h"
#include "kern/effect.h"
#include "kern/expr_make.h"
#include "kern/special.h"
#include "understand/why_int.h"

static const double ALPHA = 0.05;

/* ---- how people ask ---- */

str *names_split(arena *a, str text, size_t *n) {
    str *out = NEW_N(a, str, text.n + 1), one, rest = text;
    *n = 0;
    for (bool more = text.n > 0; more;) {
        more = str_cut(rest, ',', &one, &rest);
        out[(*n)++] = str_trim(more ? one : rest);
    }
    return out;
}

typedef struct {
    i64 from, to; /* days, both included */
} days;

static bool day_read(str s, bool last, const char *name, i64 *out, err *e) {
    i64 ms;
    char text[16];
    bool month = s.n == 7;
    if (month) snprintf(text, sizeof text, "%.7s-01", s.p);
    if (!time_parse(month ? str_of(text) : s, 0, &ms) || (!month && s.n != 10))
        return fail(e, INVALID, "%s: \"%.*s\" is no day or month; write 2026-03-01 or 2026-03",
                    name, (int)MIN(s.n, (size_t)60), s.p ? s.p : "");
    *out = day_of_ms(ms);
    if (month && last) *out = day_month(*out + 31) - 1;
    return true;
}

static bool days_read(str from, str to, const char *name, days *out, err *e) {
    if (!to.n && from.n != 7)
        return fail(e, INVALID,
                    "%s: one day wants another, its last; a month (2026-03) stands alone", name);
    if (!day_read(from, false, name, &out->from, e) ||
        !day_read(to.n ? to : from, true, name, &out->to, e))
        return false;
    return out->from <= out->to || fail(e, INVALID, "%s: the period ends before it begins", name);
}

/* As text, so that the zone's own midnights count. */
static bool days_expr(arena *a, const why_question *q, days d, const expr **out, err *e) {
    str from = day_print(a, d.from), to = day_print(a, d.to);
    str text =
        arena_fmt(a, "occurred_at >= %.*s and occurred_at <= %.*s", STR_ARG(from), STR_ARG(to));
    return expr_parse_zone(a, text, q->zone_min, q->zone, out, e);
}

static bool expr_read(arena *a, const why_question *q, str text, const char *name, const expr **out,
                      err *e) {
    err inner;
    if (text.n > LIMIT_EXPR_BYTES)
        return fail(e, LIMIT, "%s has %zu bytes, the limit is %d", name, text.n, LIMIT_EXPR_BYTES);
    return expr_parse_zone(a, text, q->zone_min, q->zone, out, &inner) ||
           fail(e, inner.code, "%s: %s", name, inner.msg);
}

/* The time before, as long: whole months before whole months. */
static days before_of(days now) {
    i64 length = now.to - now.from + 1, months = 1;
    if (now.from != day_month(now.from) || now.to + 1 != day_month(now.to + 1))
        return (days){now.from - length, now.from - 1};
    for (i64 m = day_month(now.to); m > now.from; m = day_month(m - 1)) months++;
    days before = {now.from, now.from - 1};
    for (; months > 0; months--) before.from = day_month(before.from - 1);
    return before;
}

static bool against_read(arena *a, const why_told *w, const why_question *q, const days *now,
                         const expr **period, const expr **segment, err *e) {
    days d;
    ptrdiff_t dots = w->against.n ? str_find(w->against, S("..")) : -1;
    *period = *segment = NULL;
    if (!w->against.n) {
        return days_expr(a, q, before_of(*now), period, e);
    }
    if (dots >= 7 && dots <= 10 && w->against.n <= 22)
        return days_read(str_head(w->against, (size_t)dots), str_from(w->against, (size_t)dots + 2),
                         "against", &d, e) &&
               days_expr(a, q, d, period, e);
    if (w->against.n == 7 && w->against.p[4] == '-')
        return days_read(w->against, NO_STR, "against", &d, e) && days_expr(a, q, d, period, e);
    return expr_read(a, q, w->against, "against", segment, e);
}

bool why_read(arena *a, const why_told *w, why_question *q, err *e) {
    const expr *period = NULL, *before = NULL, *other = NULL, *segment = NULL;
    days now = {0};
    if (!w->from.n && w->to.n) return fail(e, INVALID, "a last day (to) wants a first one (from)");
    if (w->from.n &&
        (!days_read(w->from, w->to, "from", &now, e) || !days_expr(a, q, now, &period, e)))
        return false;
    if (w->segment.n && !expr_read(a, q, w->segment, "segment", &segment, e)) return false;
    q->compare = w->from.n || w->against.n;
    if (q->compare && !against_read(a, w, q, &now, &before, &other, e)) return false;
    if (other && !segment) segment = expr_not(a, other);
    q->now = expr_both(a, period, segment);
    q->before = other ? expr_both(a, period, other) : expr_both(a, before, segment);
    return true;
}

const expr *why_now(arena *a, const why_question *q) {
    return expr_both(a, q->where, q->now);
}

const expr *why_before(arena *a, const why_question *q) {
    return expr_both(a, q->where, q->before);
}

/* ---- totals ---- */

static bool totals(tally *t, store *s, arena *a, const why_question *q, why_answer *w, err *e) {
    measure_question m = {.metric = q->metric,
                          .where = why_now(a, q),
                          .compare = q->compare,
                          .versus = q->compare ? why_before(a, q) : NULL,
                          .zone_min = q->zone_min,
                          .zone = q->zone,
                          .minimum_n = 0,
                          .most_ms = q->most_ms};
    if (!measure(t, s, a, &m, &w->measured, e)) return false;
    check(w->measured.cells_n == 1);
    return true;
}

static sample sample_told(slice_side x) {
    return (sample){x.n, x.mean, x.variance};
}

/* The mean of what the signals are worth must be the metric: else no part of it explains it. */
static bool is_mean(const why_answer *w, const why_rows *r, err *e) {
    const measure_cell *c = &w->measured.cells[0];
    double told = c->est.value, found = r->total[1].mean;
    bool same = c->est.n == 0 ||
                (c->est.n == r->total[1].n && fabs(told - found) <= 1e-6 * fmax(1, fabs(told)));
    return same ||
           fail(e, INVALID,
                "%.*s is no mean over signals, so no part of them explains it; why takes nps, "
                "csat, ces, nss, mean, topbox, share",
                STR_ARG(w->measured.name));
}

/* ---- mix and rate ---- */

typedef struct {
    const why_rows *r;
    const why_column *c;
    size_t at;
} splitting;

static str part_name(arena *a, const why_column *c, size_t code) {
    buf low = {.a = a}, high = {.a = a};
    if (code == 0 || (!c->num && code > c->values_n)) return NO_STR;
    if (!c->num) return c->values[code - 1];
    if (code <= c->cuts_n) buf_num6(&high, (num6)llround(c->cuts[code - 1] * 1e6));
    if (code > 1) buf_num6(&low, (num6)llround(c->cuts[code - 2] * 1e6));
    if (code == 1) return arena_fmt(a, "<= %.*s", STR_ARG(buf_view(&high)));
    if (code > c->cuts_n) return arena_fmt(a, "> %.*s", STR_ARG(buf_view(&low)));
    return arena_fmt(a, "%.*s .. %.*s", STR_ARG(buf_view(&low)), STR_ARG(buf_view(&high)));
}

static why_part part_of(const slice_side m[2], const change_part *x, const slice_side total[2]) {
    why_part p = {.n = {m[0].n, m[1].n}, .mean = {NAN, NAN}, .mix = x->mix, .rate = x->rate};
    p.total = x->mix + x->rate;
    for (int i = 0; i < 2; i++)
        if (m[i].n >= MEASURE_MINIMUM_N) p.mean[i] = m[i].mean;
    effect moved = effect_means(sample_told(m[1]), sample_told(m[0]));
    double share = (double)m[1].n / (double)total[1].n;
    p.p = moved.reason ? NAN : moved.p;
    p.low = moved.reason ? NAN : share * moved.low;
    p.high = moved.reason ? NAN : share * moved.high;
    return p;
}

static int by_total(const void *x, const void *y) {
    const why_part *a = x, *b = y;
    double p = fabs(a->total), o = fabs(b->total);
    if (p > o || p < o) return p > o ? -1 : 1;
    return str_cmp(a->value, b->value);
}

static why_split split_by(arena *a, const splitting *s) {
    const slice_side *m = &s->r->parts[s->at * SLICE_CODES * 2];
    size_t codes = s->r->columns[s->at].codes, n = 0;
    change_part *x = NEW_N(a, change_part, codes);
    why_split out = {.column = s->c->name, .parts = NEW_N(a, why_part, codes)};
    for (size_t k = 0; k < codes; k++)
        x[k] = (change_part){.n = {(double)m[2 * k].n, (double)m[2 * k + 1].n},
                             .mean = {m[2 * k].mean, m[2 * k + 1].mean}};
    change_split(x, codes);
    for (size_t k = 0; k < codes; k++) {
        if (m[2 * k].n + m[2 * k + 1].n == 0) continue;
        out.parts[n] = part_of(&m[2 * k], &x[k], s->r->total);
        out.parts[n].value = part_name(a, s->c, k);
        out.parts[n++].rest = k && !s->c->num && k > s->c->values_n;
        out.mix += x[k].mix, out.rate += x[k].rate;
    }
    out.parts_n = n;
    qsort(out.parts, n, sizeof *out.parts, by_total);
    return out;
}

static double weight_of(const why_split *s) { /* how much its parts move apart */
    double sum = 0;
    for (size_t i = 0; i < s->parts_n; i++) sum += fabs(s->parts[i].mix) + fabs(s->parts[i].rate);
    return sum + fabs(s->mix);
}

static int by_weight(const void *x, const void *y) {
    const why_split *a = x, *b = y;
    double p = weight_of(a), o = weight_of(b);
    if (p > o || p < o) return p > o ? -1 : 1;
    return str_cmp(a->column, b->column);
}

typedef struct {
    double p;
    size_t at;
} ranked;

static int by_p(const void *x, const void *y) {
    const ranked *a = x, *b = y;
    return (a->p > b->p) - (a->p < b->p);
}

void why_benjamini(const double *p, double *adjusted, size_t n) {
    arena *a = arena_open(n * 64 + 4096);
    ranked *r = NEW_N(a, ranked, n + 1);
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        adjusted[i] = NAN;
        if (!isnan(p[i])) r[k++] = (ranked){p[i], i};
    }
    qsort(r, k, sizeof *r, by_p);
    double least = 1;
    size_t all = k;
    for (; k > 0; k--) {
        least = fmin(least, r[k - 1].p * (double)all / (double)k);
        adjusted[r[k - 1].at] = least;
    }
    arena_close(a);
}

static void correct_parts(arena *a, why_answer *w) {
    size_t n = 0, k = 0;
    for (size_t i = 0; i < w->splits_n; i++) n += w->splits[i].parts_n;
    double *p = NEW_N(a, double, n + 1), *adjusted = NEW_N(a, double, n + 1);
    for (size_t i = 0; i < w->splits_n; i++)
        for (size_t j = 0; j < w->splits[i].parts_n; j++) p[k++] = w->splits[i].parts[j].p;
    why_benjamini(p, adjusted, n);
    k = 0;
    for (size_t i = 0; i < w->splits_n; i++)
        for (size_t j = 0; j < w->splits[i].parts_n; j++)
            w->splits[i].parts[j].adjusted = adjusted[k++];
}

static void splits(arena *a, const why_rows *r, const why_column *c, size_t n, why_answer *w) {
    w->splits = NEW_N(a, why_split, n + 1);
    for (size_t i = 0; i < n; i++)
        w->splits[w->splits_n++] = split_by(a, &(splitting){r, &c[i], i});
    qsort(w->splits, w->splits_n, sizeof *w->splits, by_weight);
    correct_parts(a, w);
}

/* ---- slices ---- */

static const expr *compare_num(arena *a, str column, expr_cmp cmp, num6 v) {
    expr *x = NEW(a, expr);
    value *to = NEW(a, value);
    *to = (value){.kind = VALUE_NUM, .num = v};
    *x = (expr){.op = EXPR_CMP, .cmp = cmp, .column = column, .values = to, .values_n = 1};
    return x;
}

static const expr *condition_of(arena *a, const why_column *c, slice_condition s,
                                struct why_condition *told) {
    *told = (struct why_condition){.column = c->name, .number = c->num};
    if (s.high == 0) {
        told->op = S("missing");
        return expr_is_missing(a, c->name);
    }
    if (!c->num) {
        told->op = S("="), told->value = c->values[s.low - 1];
        return expr_text_is(a, c->name, told->value);
    }
    bool below = s.low <= 1;
    num6 v = (num6)llround(c->cuts[below ? s.high - 1 : s.low - 2] * 1e6);
    buf b = {.a = a};
    buf_num6(&b, v);
    told->op = below ? S("<=") : S(">"), told->value = buf_view(&b);
    return compare_num(a, c->name, below ? CMP_LE : CMP_GT, v);
}

/* Exact figures of the slice, from the tally. */
static bool measure_slice(tally *t, store *s, arena *a, const why_question *q, why_slice *x,
                          err *e) {
    why_question in = *q;
    why_answer w = {0};
    in.where = expr_both(a, q->where, x->where);
    if (!totals(t, s, a, &in, &w, e)) return false;
    x->est[1] = w.measured.cells[0].est;
    x->est[0] = q->compare ? w.measured.cells[0].before : estimate_none("no_data", 0, 0, 0);
    return true;
}

static bool slice_told(tally *t, store *s, arena *a, const why_question *q, const why_column *c,
                       const slice *from, why_slice *x, err *e) {
    *x = (why_slice){.conditions_n = from->conditions_n};
    for (size_t i = 0; i < from->conditions_n; i++) {
        slice_condition one = from->conditions[i];
        x->where = expr_both(a, x->where, condition_of(a, &c[one.column], one, &x->conditions[i]));
    }
    x->rest[0] = from->out[0], x->rest[1] = from->out[1];
    x->effect = from->effect, x->low = from->low, x->high = from->high;
    x->p_adjusted = from->p_adjusted;
    i64 whole = from->in[1].n + from->out[1].n;
    x->contribution = (double)from->in[1].n / (double)whole * from->effect;
    return measure_slice(t, s, a, q, x, e) && why_sayings(t, a, q, x, e) &&
           (!s || why_voices(t, s, a, q, x, e));
}

static bool find_slices(tally *t, store *s, arena *a, const why_question *q, const why_column *c,
                        const why_rows *r, why_answer *w, err *e) {
    slices_question ask = {.n = r->n,
                           .y = r->y,
                           .side = q->compare ? r->side : NULL,
                           .columns = r->columns,
                           .columns_n = w->columns_n,
                           .conditions = SLICE_CONDITIONS,
                           .most = WHY_SLICES,
                           .alpha = ALPHA};
    slices_answer found;
    slices_find(a, &ask, &found);
    w->candidates = found.candidates;
    w->slices = NEW_N(a, why_slice, found.slices_n + 1);
    for (size_t i = 0; i < found.slices_n; i++)
        if (!slice_told(t, s, a, q, c, &found.slices[i], &w->slices[w->slices_n++], e))
            return false;
    return true;
}

/* ---- the answer ---- */

static void change_told(const why_rows *r, why_answer *w) {
    effect x = effect_means(sample_told(r->total[1]), sample_told(r->total[0]));
    w->change = w->measured.cells[0].change;
    w->low = x.low, w->high = x.high, w->p = x.p;
}

/* A metric with items is counted answer by answer; its weights would be others in each part. */
static bool scorer_of(arena *a, const measure_answer *m, why_scorer *s, err *e) {
    *s = (why_scorer){.metric = m->metric, .params = &m->params};
    if (m->def.weight.n)
        return fail(e, INVALID, "%.*s is weighted; why looks at signals that count alike",
                    STR_ARG(m->def.name));
    if (m->metric->measures)
        return s->measures_n = m->metric->measures(a, s->params, s->measures), true;
    for (size_t i = 0; i < m->params.items_n; i++)
        s->measures[s->measures_n++] =
            (tally_measure){.kind = MEASURE_NUM, .column = m->params.items[i]};
    return (s->measures_n && m->metric->score) ||
           fail(e, INVALID, "%s is counted over customers, not signals; why cannot take it apart",
                m->metric->name);
}

bool why(tally *t, store *s, arena *a, const why_question *asked, why_answer *out, err *e) {
    why_answer w = {.low = NAN, .high = NAN, .p = NAN, .change = NAN};
    why_column *c;
    why_rows r;
    why_scorer scorer;
    why_question own = *asked, *q = &own;
    check(t && out);
    if (!totals(t, s, a, asked, &w, e) || !scorer_of(a, &w.measured, &scorer, e)) return false;
    own.where = expr_both(a, asked->where, w.measured.def.population);
    i64 expected = w.measured.cells[0].signals + w.measured.cells[0].signals_before;
    if (!why_columns_choose(t, a, q, scorer.params, &c, &w.columns_n, e) ||
        !why_rows_read(t, a, q, &scorer, expected, c, w.columns_n, &r, e) || !is_mean(&w, &r, e))
        return false;
    w.rows = r.all, w.searched = (i64)r.n;
    w.columns = NEW_N(a, str, w.columns_n + 1);
    for (size_t i = 0; i < w.columns_n; i++) w.columns[i] = c[i].name;
    if (q->compare) change_told(&r, &w);
    if (q->compare && r.total[0].n && r.total[1].n) splits(a, &r, c, w.columns_n, &w);
    bool both = !q->compare || (r.total[0].n && r.total[1].n);
    if (both && !find_slices(t, s, a, q, c, &r, &w, e)) return false;
    *out = w;
    return true;
}
