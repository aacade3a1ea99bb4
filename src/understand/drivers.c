/* drivers.c - importance with its doubt: shares of R2, bootstrap, significance, the map. */
#include "base/job.h"
#include "kern/moments.h"
#include "kern/special.h"
#include "understand/drivers_int.h"
#include "understand/why_int.h"

static const double ALPHA = 0.05;

/* ---- correlations with what is given taken out ---- */

typedef struct {
    mat r;       /* drivers, then the outcome; correlations of what is left */
    double left; /* the outcome's variance that is left, of 1 */
} conditioned;

/* False: what is given says one thing twice, or leaves nothing of the outcome. */
static bool condition_on(arena *a, const material *m, mat all, conditioned *out) {
    size_t k = m->k, g = m->given, y = m->all - 1;
    mat inverse = {0}, between = mat_new(a, k + 1, g), r = mat_new(a, k + 1, k + 1);
    mat head = mat_new(a, g, g);
    for (size_t i = 0; i < g; i++)
        for (size_t j = 0; j < g; j++) *mat_at(head, i, j) = *mat_at(all, k + i, k + j);
    if (g && !spd_inverse(a, head, &inverse)) return false;
    for (size_t i = 0; i <= k; i++)
        for (size_t j = 0; j < g; j++) *mat_at(between, i, j) = *mat_at(all, i < k ? i : y, k + j);
    for (size_t i = 0; i <= k; i++)
        for (size_t j = 0; j <= k; j++) {
            double v = *mat_at(all, i < k ? i : y, j < k ? j : y);
            for (size_t s = 0; s < g; s++)
                for (size_t u = 0; u < g; u++)
                    v -= *mat_at(between, i, s) * *mat_at(inverse, s, u) * *mat_at(between, j, u);
            *mat_at(r, i, j) = v;
        }
    out->left = *mat_at(r, k, k);
    vec d = vec_new(a, k + 1);
    for (size_t i = 0; i <= k; i++) d.v[i] = sqrt(*mat_at(r, i, i));
    for (size_t i = 0; i <= k; i++)
        if (!(d.v[i] > 1e-6)) return false;
    for (size_t i = 0; i <= k; i++)
        for (size_t j = 0; j <= k; j++)
            *mat_at(r, i, j) = i == j ? 1 : *mat_at(r, i, j) / d.v[i] / d.v[j];
    out->r = r;
    return true;
}

/* Parts of R2, of the outcome's whole variance; yields R2 of the drivers. */
static double shares_of(arena *a, lmg_room *room, const conditioned *c, size_t k, double *out) {
    vec raw;
    double sum = 0;
    if (room) {
        sum = lmg_into(room, c->r, out);
        for (size_t j = 0; j < k; j++) out[j] *= c->left;
        return sum * c->left;
    }
    if (!johnson_of(a, c->r, k, &raw)) return NAN;
    for (size_t j = 0; j < k; j++) out[j] = raw.v[j] * c->left, sum += out[j];
    return sum;
}

/* ---- the bootstrap ---- */

typedef struct {
    double *share; /* round x driver: parts of R2 */
    double *r2;
    i64 *rank;
    size_t rounds; /* that could be computed */
} rounds;

static i64 rank_of(const double *share, size_t k, size_t j) {
    i64 rank = 1;
    for (size_t i = 0; i < k; i++) rank += share[i] > share[j] || (i < j && !(share[i] < share[j]));
    return rank;
}

typedef struct {
    const material *m;
    lmg_room *room;
    double *sum, *times;
    chance by;
    rounds *out;
} resampling;

static bool one_round(arena *a, void *ctx, err *e) {
    resampling *s = ctx;
    size_t k = s->m->k;
    conditioned c;
    double *share = s->out->share + s->out->rounds * k;
    (void)e;
    crossed_moments x = crossed_moments_of(a, s->m->all, s->m->sums.origin, s->sum);
    for (size_t i = 0; i < s->m->all; i++)
        if (isnan(*mat_at(x.r, i, i))) return true;
    if (!condition_on(a, s->m, x.r, &c)) return true;
    double r2 = shares_of(a, s->room, &c, k, share);
    if (isnan(r2)) return true;
    s->out->r2[s->out->rounds] = r2;
    for (size_t j = 0; j < k; j++) s->out->rank[s->out->rounds * k + j] = rank_of(share, k, j);
    s->out->rounds++;
    return true;
}

/* Each round in a job of its own, so that its small matrices are given back. */
static bool resample(arena *a, const material *m, lmg_room *room, const drivers_question *q,
                     rounds *out, err *e) {
    size_t n = (size_t)(q->rounds == NONE ? DRIVERS_ROUNDS : q->rounds);
    *out = (rounds){NEW_N(a, double, n * m->k + 1), NEW_N(a, double, n + 1),
                    NEW_N(a, i64, n * m->k + 1), 0};
    resampling s = {m,
                    room,
                    NEW_N(a, double, m->sums.stride),
                    NEW_N(a, double, CROSSED_GROUPS),
                    chance_of(q->seed),
                    out};
    for (size_t b = 0; b < n; b++) {
        crossed_draw(&m->sums, &s.by, s.times);
        crossed_sum(&m->sums, s.times, s.sum);
        if (!job_run((size_t)16 << 20, one_round, &s, e)) return false;
    }
    return true;
}

static int rising(const void *x, const void *y) {
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

/* The quantile of a column of the rounds. */
static double spread(arena *a, const double *v, size_t n, size_t step, double p) {
    double *all = NEW_N(a, double, n + 1);
    if (n < 20) return NAN;
    for (size_t i = 0; i < n; i++) all[i] = v[i * step];
    qsort(all, n, sizeof *all, rising);
    double at = p * (double)(n - 1);
    size_t below = (size_t)at;
    double next = below + 1 < n ? all[below + 1] : all[below];
    return all[below] + (at - (double)below) * (next - all[below]);
}

static double spread_rank(arena *a, const rounds *r, size_t k, size_t j, double p) {
    double *v = NEW_N(a, double, r->rounds + 1);
    for (size_t b = 0; b < r->rounds; b++) v[b] = (double)r->rank[b * k + j];
    return spread(a, v, r->rounds, 1, p);
}

static void rounds_told(arena *a, const rounds *r, size_t k, double r2, driver *d, size_t j) {
    i64 held = 0, first = 0;
    double n = (double)r->rounds;
    for (size_t b = 0; b < r->rounds; b++) {
        held += r->rank[b * k + j] == d->rank;
        first += r->rank[b * k + j] == 1;
    }
    d->low = spread(a, r->share + j, r->rounds, k, 0.025) / r2 * 100;
    d->high = spread(a, r->share + j, r->rounds, k, 0.975) / r2 * 100;
    double low = spread_rank(a, r, k, j, 0.025), high = spread_rank(a, r, k, j, 0.975);
    d->rank_low = isnan(low) ? NONE : (i64)floor(low);
    d->rank_high = isnan(high) ? NONE : (i64)ceil(high);
    d->rank_held = n > 0 ? 100 * (double)held / n : NAN;
    d->first = n > 0 ? 100 * (double)first / n : NAN;
}

/* ---- significance: a driver's part is nought only if it says nothing alone nor beside the others ---- */

static double p_of_r(double r, double n) {
    double left = 1 - r * r;
    if (!(n > 3)) return NAN;
    return left > 0 ? t_two_sided(r * sqrt((n - 2) / left), n - 2) : 0;
}

static void judge(arena *a, driver *list, const material *m, const conditioned *c, double n,
                  const vec *beta, const vec *vif, double r2) {
    size_t k = m->k;
    double *p = NEW_N(a, double, 2 * k), *adjusted = NEW_N(a, double, 2 * k);
    double df = n - (double)(k + m->given) - 1;
    for (size_t j = 0; j < k; j++) {
        p[j] = p_of_r(*mat_at(c->r, j, k), n - (double)m->given);
        double se = beta->n && df > 0 ? sqrt((1 - r2) / df * vif->v[j]) : NAN;
        p[k + j] = se > 0 ? t_two_sided(beta->v[j] / se, df) : NAN;
    }
    why_benjamini(p, adjusted, 2 * k);
    for (size_t j = 0; j < k; j++) {
        double alone = adjusted[j], beside = adjusted[k + j];
        list[j].p = isnan(beside) ? alone : isnan(alone) ? beside : fmin(alone, beside);
        list[j].significant = list[j].p < ALPHA;
    }
}

/* ---- figures of each driver ---- */

static void slopes(driver *list, const material *m, const crossed_moments *x, const conditioned *c,
                   const vec *beta, const vec *vif, double r2) {
    size_t k = m->k, y = m->all - 1;
    double df = x->n - (double)(k + m->given) - 1;
    for (size_t j = 0; j < k; j++) {
        driver *d = &list[j];
        d->correlation = *mat_at(x->r, j, y);
        d->vif = beta->n ? vif->v[j] : NAN;
        d->beta = beta->n ? beta->v[j] : NAN;
        double own = m->given ? d->slope_high : 1; /* of the driver's spread, what is left */
        d->slope = d->slope_low = d->slope_high = NAN;
        if (!beta->n || !(df > 0)) continue;
        double unit = sqrt(x->variance.v[y] / x->variance.v[j]);
        double scale = unit * sqrt(c->left) / own;
        double wide = t_quantile(0.975, df) * sqrt((1 - r2) / df * vif->v[j]);
        d->slope = d->beta * scale;
        d->slope_low = (d->beta - wide) * scale;
        d->slope_high = (d->beta + wide) * scale;
    }
}

static void performance(driver *list, const material *m, const crossed_moments *x) {
    for (size_t j = 0; j < m->k; j++) {
        driver *d = &list[j];
        const term *t = &m->terms[j];
        double wide = Z95 * sqrt(x->variance.v[j] / x->n), reach = 100 / (t->top - t->bottom);
        d->mean = x->mean.v[j], d->bottom = t->bottom, d->top = t->top;
        double v = (d->mean - t->bottom) * reach;
        d->performance = d->correlation < 0 ? 100 - v : v;
        d->performance_low = d->performance - wide * reach;
        d->performance_high = d->performance + wide * reach;
    }
}

static bool crosses(double low, double high, double cut) {
    return low < cut && high > cut;
}

/* Importance of what is not significant is nought; the cuts are the means of all. */
static void place_on_map(drivers_answer *out) {
    double importance = 0, good = 0;
    for (size_t j = 0; j < out->n_list; j++)
        importance += out->list[j].importance, good += out->list[j].performance;
    out->importance_cut = importance / (double)out->n_list;
    out->performance_cut = good / (double)out->n_list;
    for (size_t j = 0; j < out->n_list; j++) {
        driver *d = &out->list[j];
        bool matters = d->importance >= out->importance_cut;
        bool well = d->performance >= out->performance_cut;
        d->quadrant = matters ? well ? MAP_KEEP : MAP_FIX : well ? MAP_OVERKILL : MAP_LOW;
        d->borderline = crosses(d->low, d->high, out->importance_cut) ||
                        crosses(d->performance_low, d->performance_high, out->performance_cut);
    }
}

static int strongest(const void *x, const void *y) {
    const driver *a = x, *b = y;
    return a->rank != b->rank ? (a->rank > b->rank) - (a->rank < b->rank)
                              : str_cmp(a->name, b->name);
}

/* ---- put together ---- */

static bool all_vary(const material *m, const crossed_moments *x, err *e) {
    if (!(x->n >= (double)m->all + 2))
        return fail(
            e, INVALID,
            "%.0f signals have the outcome and all drivers, too few for %zu of them; name fewer",
            x->n, m->k);
    if (!(x->variance.v[m->all - 1] > 0))
        return fail(e, INVALID, "the outcome is the same for all %.0f signals", x->n);
    for (size_t j = 0; j + 1 < m->all; j++)
        if (!(x->variance.v[j] > 0))
            return fail(e, INVALID, "%.*s is the same for all %.0f complete signals: leave it out",
                        STR_ARG(m->terms[j].name), x->n);
    return true;
}

static double condition_number(arena *a, const conditioned *c, size_t k) {
    vec values;
    mat q, head = mat_new(a, k, k);
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) *mat_at(head, i, j) = *mat_at(c->r, i, j);
    sym_eigen(a, head, &values, &q);
    return values.v[k - 1] > 1e-14 ? values.v[0] / values.v[k - 1] : NAN;
}

static void counts_told(const material *m, drivers_answer *out) {
    out->n = m->n;
    out->answers = m->answers;
    out->incomplete = m->answers - m->n;
    for (size_t j = 0; j < m->k; j++) {
        out->list[j].name = m->terms[j].name;
        out->list[j].missing = m->missing[j] - m->na[j];
        out->list[j].na = m->na[j];
    }
}

/* What is left of each driver's spread after what is given (kept in slope_high until slopes are told). */
static void spreads_left(arena *a, const material *m, mat all, driver *list) {
    size_t g = m->given;
    mat head = mat_new(a, g, g), inverse;
    for (size_t i = 0; i < g; i++)
        for (size_t j = 0; j < g; j++) *mat_at(head, i, j) = *mat_at(all, m->k + i, m->k + j);
    if (!g || !spd_inverse(a, head, &inverse)) return;
    for (size_t j = 0; j < m->k; j++) {
        double v = 1;
        for (size_t s = 0; s < g; s++)
            for (size_t u = 0; u < g; u++)
                v -= *mat_at(all, j, m->k + s) * *mat_at(inverse, s, u) * *mat_at(all, j, m->k + u);
        list[j].slope_high = sqrt(v);
    }
}

static bool analyse(arena *a, const drivers_question *q, material *m, drivers_answer *out, err *e) {
    double *sum = NEW_N(a, double, m->sums.stride), *share = NEW_N(a, double, m->k);
    conditioned c;
    rounds r;
    vec beta = {0}, vif = {0};
    lmg_room room;
    crossed_sum(&m->sums, NULL, sum);
    crossed_moments x = crossed_moments_of(a, m->all, m->sums.origin, sum);
    out->list = NEW_N(a, driver, m->k);
    out->n_list = m->k;
    counts_told(m, out);
    if (!all_vary(m, &x, e)) return false;
    if (!condition_on(a, m, x.r, &c))
        return fail(e, INVALID, "what is given says one thing twice, or explains all: give fewer");
    out->exact = m->k <= DRIVERS_EXACT_MAX;
    if (out->exact) room = lmg_room_of(a, m->k);
    out->r2 = shares_of(a, out->exact ? &room : NULL, &c, m->k, share);
    if (isnan(out->r2))
        return fail(e, INVALID, "some drivers say the same thing: leave one of them out");
    out->given_r2 = 1 - c.left;
    out->mean = x.mean.v[m->all - 1];
    out->singular = !std_ols_of(a, c.r, m->k, &beta, &vif);
    if (out->singular) beta.n = 0;
    out->condition = condition_number(a, &c, m->k);
    spreads_left(a, m, x.r, out->list);
    slopes(out->list, m, &x, &c, &beta, &vif, out->r2 / c.left);
    judge(a, out->list, m, &c, x.n, &beta, &vif, out->r2 / c.left);
    performance(out->list, m, &x);
    if (!resample(a, m, out->exact ? &room : NULL, q, &r, e)) return false;
    out->rounds = (i64)r.rounds;
    out->r2_low = spread(a, r.r2, r.rounds, 1, 0.025);
    out->r2_high = spread(a, r.r2, r.rounds, 1, 0.975);
    for (size_t j = 0; j < m->k; j++) {
        driver *d = &out->list[j];
        d->raw = share[j];
        d->rank = rank_of(share, m->k, j);
        rounds_told(a, &r, m->k, out->r2, d, j);
        d->importance = d->significant && out->r2 > 0 ? share[j] / out->r2 * 100 : 0;
        if (!d->significant) d->low = d->high = NAN;
    }
    drivers_asymmetry(a, m, out->list);
    drivers_logit(a, m, &x, out->list, out);
    place_on_map(out);
    qsort(out->list, out->n_list, sizeof *out->list, strongest);
    return true;
}

bool drivers_find(tally *t, arena *a, const drivers_question *q, drivers_answer *out, err *e) {
    drivers_answer r = {.outcome = q->outcome,
                        .mean = NAN,
                        .r2_low = NAN,
                        .r2_high = NAN,
                        .condition = NAN,
                        .importance_cut = NAN,
                        .performance_cut = NAN};
    material m = {0};
    check(t && q && out);
    if (q->rounds != NONE && (q->rounds < 0 || q->rounds > DRIVERS_ROUNDS_MAX))
        return fail(e, INVALID, "rounds: want 0 to %d", DRIVERS_ROUNDS_MAX);
    if (!drivers_material(t, a, q, &m, &r, e) || (m.k && !analyse(a, q, &m, &r, e))) return false;
    *out = r;
    return true;
}
