/* pains.c - aspects ranked by reach x strength x effect, each with its place, time, trend and quotes. */
#include "understand/pains.h"
#include "base/time.h"
#include "kern/expr_make.h"
#include "kern/stats.h"
#include "understand/hot_spot.h"

static const double EFFECT_PRIOR_N =
    50; /* answers an aspect needs before its own effect outweighs the common one */
enum { QUOTE_POOL = 24, QUOTE_BYTES_MIN = 24, QUOTE_BYTES_MAX = 400 };

typedef struct {
    double n, mean, variance;
} sample;

static sample sample_of(const tally_stat *s) {
    return (sample){(double)s->n, tally_mean(s), tally_variance(s)};
}

/* The rest of a whole after a part is taken out; moments are exact, so this is too. */
static sample sample_without(const tally_stat *all, const tally_stat *part) {
    tally_stat rest = *all;
    rest.n -= part->n;
    rest.sum -= part->sum;
    u64 borrow = 0;
    for (int i = 0; i < 3; i++) {
        u64 take = part->square[i];
        u64 left = rest.square[i] - take - borrow;
        borrow = rest.square[i] < take || (rest.square[i] == take && borrow);
        rest.square[i] = left;
    }
    return sample_of(&rest);
}

/* Points of 100: how far the answers' range reaches, by the column's own lowest and highest. */
static double points_per_unit(const tally_stat *all) {
    double range = num6_double(all->max) - num6_double(all->min);
    return range > 0 ? 100 / range : NAN;
}

static estimate effect_of(const tally_stat *all, const tally_stat *with) {
    sample x = sample_of(with), y = sample_without(all, with);
    double unit = points_per_unit(all);
    if (x.n < 5 || y.n < 5 || !isfinite(unit))
        return estimate_none("too_few", with->n, with->missing, 0);
    double vx = x.variance / x.n, vy = y.variance / y.n, se2 = vx + vy, d = x.mean - y.mean;
    double df = se2 > 0 ? se2 * se2 / (vx * vx / (x.n - 1) + vy * vy / (y.n - 1)) : x.n + y.n - 2;
    double reach = t_quantile(0.975, df) * sqrt(se2);
    return (estimate){unit * d, unit * (d - reach), unit * (d + reach), with->n, with->missing, 0,
                      NULL};
}

/* ---- the questions ---- */

static bool best_score(tally *t, arena *a, str *out, err *e) {
    tally_column *c;
    size_t n;
    i64 most = 0;
    *out = NO_STR;
    if (!tally_columns(t, a, &c, &n, e)) return false;
    for (size_t i = 0; i < n; i++)
        if (str_starts(c[i].name, S("score:")) && c[i].kind == COLUMN_NUM && c[i].present > most)
            most = c[i].present, *out = c[i].name;
    return true;
}

static str polarity_name(int polarity) {
    return polarity < 0 ? S("negative") : S("positive");
}

/* Signals with words, within the asker's own condition: what reach is a share of. */
static const expr *with_words(arena *a, const expr *where) {
    return expr_both(a, where, expr_not(a, expr_text_is(a, S("quality"), S("empty"))));
}

static const expr *said_so(arena *a, const expr *base, int polarity) {
    return expr_both(a, base, expr_text_is(a, S("polarity"), polarity_name(polarity)));
}

static bool ask_aspects(tally *t, arena *a, const expr *base, int polarity, str score,
                        tally_answer *out, err *e) {
    tally_measure m = {.kind = MEASURE_NUM, .column = score};
    tally_by by = {S("aspect"), BY_VALUE};
    tally_question q = {.where = said_so(a, base, polarity),
                        .by = &by,
                        .by_n = 1,
                        .measures = &m,
                        .measures_n = score.p ? 1 : 0};
    return tally_ask(t, a, &q, out, e);
}

/* The cells of one aspect, by strength: the highest that two pools of mentions reach. */
static i64 clear_from(const tally_cell *cells, size_t n) {
    i64 reached = 0;
    while (n-- > 0) {
        reached += cells[n].n;
        if (reached >= 2 * QUOTE_POOL && cells[n].keys[1].kind == VALUE_NUM)
            return cells[n].keys[1].num / NUM6_ONE;
    }
    return 0;
}

/* Mean strength by aspect: a signal has one mention of an aspect in one polarity, so that signals
** counted by aspect and strength are mentions. */
static bool ask_strengths(tally *t, arena *a, const expr *base, int polarity, pain *items, size_t n,
                          err *e) {
    tally_by by[] = {{S("aspect"), BY_VALUE}, {S("strength"), BY_VALUE}};
    tally_question q = {.where = said_so(a, base, polarity), .by = by, .by_n = 2};
    tally_answer r;
    if (!tally_ask(t, a, &q, &r, e)) return false;
    for (size_t i = 0, k = 0; i < n; i++) { /* both ascend by aspect */
        double sum = 0, count = 0;
        size_t first = 0;
        while (k < r.cells_n && (r.cells[k].keys[0].kind != VALUE_TEXT ||
                                 str_cmp(r.cells[k].keys[0].text, items[i].aspect) < 0))
            k++;
        first = k;
        for (; k < r.cells_n && str_eq(r.cells[k].keys[0].text, items[i].aspect); k++) {
            if (r.cells[k].keys[1].kind != VALUE_NUM) continue;
            sum += num6_double(r.cells[k].keys[1].num) * (double)r.cells[k].n;
            count += (double)r.cells[k].n;
        }
        items[i].strength = count > 0 ? sum / count : 0;
        items[i].clear = clear_from(r.cells + first, k - first);
    }
    return true;
}

static bool ask_base(tally *t, arena *a, const expr *base, str score, tally_cell *out, err *e) {
    tally_measure m = {.kind = MEASURE_NUM, .column = score};
    tally_question q = {.where = base, .measures = &m, .measures_n = score.p ? 1 : 0};
    tally_answer r;
    if (!tally_ask(t, a, &q, &r, e)) return false;
    check(r.cells_n == 1);
    *out = r.cells[0];
    return true;
}

/* ---- rank ---- */

static double harm(const pain *p) { /* how much the score moves in the direction of the polarity */
    return isfinite(p->effect.value) ? p->polarity * p->effect.value : NAN;
}

static void rank(pain *items, size_t n) {
    double sum = 0, weight = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(harm(&items[i]))) {
            sum += (double)items[i].effect.n * harm(&items[i]);
            weight += (double)items[i].effect.n;
        }
    double common = weight > 0 ? fmax(1, sum / weight) : 1;
    for (size_t i = 0; i < n; i++) {
        double k = isfinite(harm(&items[i])) ? (double)items[i].effect.n : 0,
               own = k > 0 ? harm(&items[i]) : 0;
        double effect = (k * own + EFFECT_PRIOR_N * common) / (k + EFFECT_PRIOR_N);
        items[i].impact = items[i].reach.value / 100 * items[i].strength / 100 * fmax(0, effect);
    }
}

static int by_impact(const void *x, const void *y) {
    const pain *a = x, *b = y;
    if (a->impact != b->impact) return a->impact < b->impact ? 1 : -1;
    return a->n != b->n ? (a->n < b->n) - (a->n > b->n) : str_cmp(a->aspect, b->aspect);
}

/* ---- what stands behind each ---- */

static bool month_counts(tally *t, arena *a, const expr *where, tally_answer *out, err *e) {
    tally_by by = {S("occurred_at"), BY_MONTH};
    tally_question q = {.where = where, .by = &by, .by_n = 1};
    return tally_ask(t, a, &q, out, e);
}

static bool trend(tally *t, arena *a, const expr *subject, const tally_answer *base, pain *p,
                  err *e) {
    tally_answer own;
    if (!month_counts(t, a, subject, &own, e)) return false;
    p->months = NEW_N(a, struct pain_month, base->cells_n);
    for (size_t i = 0, k = 0; i < base->cells_n; i++) {
        if (base->cells[i].keys[0].kind != VALUE_TIME) continue;
        i64 month = base->cells[i].keys[0].num;
        while (k < own.cells_n &&
               (own.cells[k].keys[0].kind != VALUE_TIME || own.cells[k].keys[0].num < month))
            k++;
        bool same = k < own.cells_n && own.cells[k].keys[0].num == month;
        p->months[p->months_n++] =
            (struct pain_month){day_of_ms(month), same ? own.cells[k].n : 0, base->cells[i].n};
    }
    return true;
}

typedef struct {
    pain *p;
    arena *a;
    i64 strength[PAIN_QUOTES];
    str customer[PAIN_QUOTES];
    str words[PAIN_QUOTES];
} quoting;

static i64 strength_of(const pain *p, const insight *ins) {
    for (size_t i = 0; i < ins->mentions_n; i++)
        if (str_eq(ins->mentions[i].aspect, p->aspect) && ins->mentions[i].polarity == p->polarity)
            return ins->mentions[i].strength +
                   (ins->mentions_n == 1 ? 20 : 0); /* speaks of this alone: clearest */
    return 0;
}

static bool quote(void *ctx, const signal *sig, const insight *ins, err *e) {
    (void)e;
    quoting *q = ctx;
    i64 strength = strength_of(q->p, ins);
    if (!str_eq(ins->row.quality, S("ok")) || sig->row.words.n < QUOTE_BYTES_MIN ||
        sig->row.words.n > QUOTE_BYTES_MAX)
        return true;
    for (size_t i = 0; i < q->p->quotes_n; i++)
        if (str_eq(q->words[i], sig->row.words) ||
            (sig->row.customer.p && str_eq(q->customer[i], sig->row.customer)))
            return true;
    size_t at = q->p->quotes_n;
    if (at == PAIN_QUOTES) { /* full: only a stronger one takes the weakest one's place */
        at = 0;
        for (size_t i = 1; i < PAIN_QUOTES; i++)
            if (q->strength[i] < q->strength[at]) at = i;
        if (strength <= q->strength[at]) return true;
    } else {
        q->p->quotes_n++;
    }
    q->p->quotes[at] = sig->row.id;
    q->strength[at] = strength;
    q->customer[at] = arena_str(q->a, sig->row.customer);
    q->words[at] = arena_str(q->a, sig->row.words);
    return true;
}

static const expr *in_spot(arena *a, const expr *where, const pain *p) {
    if (p->spots_n == 0) return where;
    const hot_spot *h = &p->spots[0];
    if (h->column.p) where = expr_both(a, where, expr_text_is(a, h->column, h->value));
    if (h->from_day == NONE) return where;
    where = expr_both(a, where, expr_time_from(a, S("occurred_at"), h->from_day * DAY_MS));
    return expr_both(a, where, expr_time_before(a, S("occurred_at"), (h->to_day + 1) * DAY_MS));
}

static bool quotes(tally *t, store *s, arena *a, const expr *subject, pain *p, err *e) {
    quoting q = {.p = p, .a = a};
    i64 *ids;
    size_t n;
    const expr *good = expr_both(a, subject, expr_text_is(a, S("quality"), S("ok")));
    const expr *spot = in_spot(a, good, p); /* the hot spot speaks first, and of it who is clear */
    const expr *clear = expr_num_from(a, S("strength"), p->clear * NUM6_ONE);
    const expr *where[] = {expr_both(a, spot, clear), spot, good};
    for (size_t i = 0; i < COUNT(where) && p->quotes_n < PAIN_QUOTES; i++) {
        if (!tally_rows(t, a, where[i], 0, QUOTE_POOL, &ids, &n, e)) return false;
        if (!store_scan_ids(s, ids, n, quote, &q, e)) return false;
    }
    return true;
}

static bool fill(hot_base *h, tally *t, store *s, arena *a, const expr *base,
                 const tally_answer *months, pain *p, err *e) {
    const expr *said = expr_both(a, expr_text_is(a, S("aspect"), p->aspect),
                                 expr_text_is(a, S("polarity"), polarity_name(p->polarity)));
    const expr *subject = expr_both(a, base, said);
    return hot_spots_find(h, said, p->spots, &p->spots_n, e) &&
           trend(t, a, subject, months, p, e) && quotes(t, s, a, subject, p, e);
}

static pain pain_of(const tally_cell *c, const tally_cell *all, int polarity, bool scored) {
    pain p = {.aspect = c->keys[0].text, .polarity = polarity, .n = c->n, .base = all->n};
    interval r = wilson(c->n, all->n);
    double n = (double)c->n, m = (double)all->n;
    p.reach = (estimate){100 * n / m, 100 * r.low, 100 * r.high, c->n, 0, 0, NULL};
    p.effect =
        scored ? effect_of(&all->stats[0], &c->stats[0]) : estimate_none("no_score", 0, 0, 0);
    return p;
}

bool pains(tally *t, store *s, arena *a, const pains_question *q, pains_answer *out, err *e) {
    pains_answer r = {.score = q->score};
    const expr *base = with_words(a, q->where);
    tally_answer cells, months;
    tally_cell all;
    hot_base *h;
    if (!r.score.p && !best_score(t, a, &r.score, e)) return false;
    if (!ask_aspects(t, a, base, q->polarity, r.score, &cells, e) ||
        !ask_base(t, a, base, r.score, &all, e) || !month_counts(t, a, base, &months, e))
        return false;
    r.base = all.n;
    r.items = NEW_N(a, pain, cells.cells_n);
    for (size_t i = 0; i < cells.cells_n; i++)
        if (cells.cells[i].keys[0].kind == VALUE_TEXT && cells.cells[i].n >= MAX(1, q->minimum_n))
            r.items[r.n++] = pain_of(&cells.cells[i], &all, q->polarity, r.score.p != NULL);
    if (!ask_strengths(t, a, base, q->polarity, r.items, r.n, e)) return false;
    rank(r.items, r.n);
    qsort(r.items, r.n, sizeof *r.items, by_impact);
    r.n = MIN(r.n, q->limit);
    if (!hot_base_make(t, a, base, &h, e)) return false;
    for (size_t i = 0; i < r.n; i++)
        if (!fill(h, t, s, a, base, &months, &r.items[i], e)) return false;
    *out = r;
    return true;
}
