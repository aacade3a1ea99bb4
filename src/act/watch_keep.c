/* watch_keep.c - the keeper of a watch: learns, takes period after period, says what is news. */
#include "act/watch.h"
#include "kern/expr_make.h"
#include "kern/num6.h"
#include "kern/special.h"

#define OUTLIER_SIGMAS 5 /* in the past: not learned; chance does it once in 1.7 million periods */
#define CALM_REACH     0.5 /* back within half the limit ... */
enum { CALM_PERIODS = 2 /* ... for so long: the incident is over */ };

static bool is(str s, const char *word) {
    return str_eq(s, str_of(word));
}

static bool silent_kind(const watch_plan *p) {
    return is(p->w->chart, "silence");
}

/* ---- beginning ---- */

static size_t profile(arena *a, const watch_plan *p, sample_point *x, size_t n) {
    static const size_t day[] = {1, 7}, hour[] = {1, 24, 168}, week[] = {1};
    size_t *finest = NEW_N(a, size_t, n + 1), places;
    for (size_t i = 0; i < n; i++) finest[i] = x[i].place;
    if (is(p->w->period, "hour"))
        places = profile_of(a, p->kind, x, finest, n, hour, COUNT(hour));
    else if (is(p->w->period, "day"))
        places = profile_of(a, p->kind, x, finest, n, day, COUNT(day));
    else
        places = profile_of(a, p->kind, x, finest, n, week, COUNT(week));
    for (size_t i = 0; i < n; i++) x[i].place %= places;
    return places;
}

static bool empty(const watch_plan *p, const sample_point *x) {
    return p->kind == FIGURE_COUNT   ? x->yes <= 0
           : p->kind == FIGURE_SHARE ? x->all <= 0
                                     : x->n <= 0;
}

static void learn_past(keeper *k, const sample_point *x, size_t n) {
    for (size_t i = 0; i < n; i++) {
        double z = score_of(&k->score, &x[i]);
        if (!(fabs(z) > OUTLIER_SIGMAS)) score_learn(&k->score, &x[i]);
    }
}

/* Half of what a doubling moves the root of a count: the allowance that finds a doubling soonest; but no more
** than half of what a single count may be away, or no limit is low enough for the run length. */
static double burst_weight(const scorer *s, double arl) {
    double yes = 0, n = 0, one_in = 1;
    for (size_t i = 0; i < s->places; i++) yes += s->place[i].yes, n += s->place[i].n;
    if (!s->exact) { /* on the scale of roots, chance alone has sigma 1 */
        double squares = 0, df = 0;
        for (size_t i = 0; i < s->places; i++) {
            const score_place *q = &s->place[i];
            if (q->n > 0) squares += q->wyy - q->wy * q->wy / q->w, df += q->n - 1;
        }
        one_in = df > 0 && squares > 0 ? sqrt(squares / df) : 1;
    }
    double doubling = 2 * (M_SQRT2 - 1) * sqrt(yes / fmax(n, 1)) / one_in;
    return fmin(-normal_quantile(1 / arl) / 2, fmax(0.25, doubling / 2));
}

static bool design(arena *a, const watch_plan *p, keeper *k, err *e) {
    const watch *w = p->w;
    chart_side side = is(w->side, "up") ? CHART_UP : is(w->side, "down") ? CHART_DOWN : CHART_BOTH;
    chart_kind kind = is(w->chart, "shewhart") ? CHART_SHEWHART
                      : is(w->chart, "ewma")   ? CHART_EWMA
                                               : CHART_CUSUM;
    double weight = w->weight == NONE ? NAN : num6_double(w->weight);
    if (is(w->chart, "burst")) weight = burst_weight(&k->score, (double)w->arl);
    return silent_kind(p) || chart_design(a, kind, side, weight, (double)w->arl, &k->chart, e);
}

/* Poisson arrivals wait e^c - 1 of their mean gaps for a gap of c of them: with r a period and a stated run
** of arl periods, c = ln(1 + r arl), and a gap that long has the probability e^-c. */
static void design_silence(const watch_plan *p, keeper *k) {
    double yes = 0, n = 0;
    for (size_t i = 0; i < k->score.places; i++)
        yes += k->score.place[i].yes, n += k->score.place[i].n;
    k->silence = n > 0 ? 1 / (1 + yes / n * (double)p->w->arl) : 0;
}

bool keeper_learn(arena *a, const watch_plan *p, i64 from, i64 to, sample_point *x, size_t n,
                  keeper *out, err *e) {
    size_t lead = 0;
    keeper *k = NEW(a, keeper);
    while (lead < n && empty(p, &x[lead])) lead++; /* before the first signal nobody was there */
    x += lead, n -= lead;
    size_t places = profile(a, p, x, n);
    bool exact = p->kind != FIGURE_MEAN && (silent_kind(p) || !spreads(p->kind, places, x, n));
    k->score = scorer_of(p->kind, exact, places);
    k->learned_from = watch_after(p, from, (i64)lead);
    k->learned_to = k->next = to;
    learn_past(k, x, n);
    design_silence(p, k);
    if (!design(a, p, k, e)) return false;
    *out = *k;
    return true;
}

bool keeper_begin(tally *t, arena *a, const watch_plan *p, i64 since, keeper *out, err *e) {
    i64 to = watch_period(p, since), from = watch_after(p, to, -p->learn);
    sample_point *x;
    size_t n;
    return watch_series(t, a, p, from, to, &x, &n, e) && keeper_learn(a, p, from, to, x, n, out, e);
}

/* ---- taking ---- */

static double value_of(const watch_plan *p, const sample_point *x) {
    if (p->kind == FIGURE_COUNT) return x->yes;
    if (p->kind == FIGURE_SHARE) return x->all > 0 ? x->yes / x->all : NAN;
    return x->n > 0 ? x->value : NAN;
}

static void describe(const keeper *k, const watch_plan *p, const sample_point *x, watch_point *o) {
    double low, high;
    *o = (watch_point){.at = k->next, .value = value_of(p, x), .low = NAN, .high = NAN};
    o->n = p->kind == FIGURE_COUNT ? x->yes : p->kind == FIGURE_SHARE ? x->all : x->n;
    o->expected = score_expected(&k->score, x);
    o->score = score_of(&k->score, x);
    if (isnan(o->score) || silent_kind(p)) return;
    chart_limits(&k->chart, &k->memory, &low, &high);
    o->low = score_value(&k->score, x, low);
    o->high = score_value(&k->score, x, high);
}

static void remember(keeper *k, const sample_point *x) {
    score_learn(&k->score, x);
    if (k->recent_n == WATCH_RECENT)
        memmove(k->recent, k->recent + 1, --k->recent_n * sizeof *k->recent);
    k->recent[k->recent_n++] = *x;
}

/* How many of the last `most` periods belong to the change already: where the likelihood of one change of the
** mean is largest (the sum of the scores since, squared, by their number). */
static size_t change_of(const keeper *k, double z, size_t most) {
    double sum = z, best = z * z;
    size_t at = 0;
    for (size_t i = 1; i <= MIN(most, k->recent_n); i++) {
        double s = k->recent[k->recent_n - i].score;
        if (isnan(s)) break;
        sum += s;
        if (sum * z > 0 && sum * sum / (double)(i + 1) > best)
            best = sum * sum / (double)(i + 1), at = i;
    }
    return at;
}

/* What was learned since the change began was learned by mistake; it is held, in case it was chance. */
static void found(keeper *k, const watch_plan *p, i64 since, const sample_point *x,
                  watch_point *o) {
    size_t back = change_of(k, o->score, (size_t)(since - 1));
    if (k->recent_n == WATCH_RECENT)
        memmove(k->recent, k->recent + 1, --k->recent_n * sizeof *k->recent);
    back = MIN(back, k->recent_n);
    k->recent[k->recent_n] = *x;
    k->held_n = back + 1;
    for (size_t i = 0; i < back; i++) score_unlearn(&k->score, &k->recent[--k->recent_n]);
    o->began = watch_after(p, o->at, -(i64)back);
    k->calm = 0;
    k->alert = -1; /* until the caller knows its number */
    chart_hold(&k->chart, &k->memory);
}

/* An incident of a single period, no further away than chance comes once in a lifetime. */
static void learn_held(keeper *k) {
    bool chance = true;
    for (size_t i = 0; i < k->held_n; i++)
        chance &= !(fabs(k->recent[k->recent_n + i].score) > OUTLIER_SIGMAS);
    for (size_t i = 0; i < k->held_n && chance; i++)
        score_learn(&k->score, &k->recent[k->recent_n++]);
    k->held_n = 0;
}

void keeper_dismiss(keeper *k) {
    learn_held(k);
    k->memory = (chart_state){0};
    k->alert = k->calm = 0;
}

static keep_news go_on(keeper *k, double z, int told, watch_point *o) {
    o->in_incident = true;
    if (told) {
        chart_hold(&k->chart, &k->memory);
        k->calm = 0;
        k->held_n = 0;
        return KEEP_GOES_ON;
    }
    k->calm = chart_reach(&k->chart, &k->memory, z) <= CALM_REACH ? k->calm + 1 : 0;
    if (k->calm < CALM_PERIODS) return KEEP_NOTHING;
    keeper_dismiss(k);
    return KEEP_OVER;
}

keep_news keeper_take(keeper *k, const watch_plan *p, sample_point x, watch_point *out) {
    watch_point o;
    keep_news news = KEEP_NOTHING;
    x.place %= k->score.places;
    describe(k, p, &x, &o);
    x.score = o.score;
    if (silent_kind(p)) {
        if (!k->alert) remember(k, &x);
    } else if (isnan(o.score)) {
        if (!k->alert) remember(k, &x);
    } else {
        k->ready = true;
        o.signal = chart_step(&k->chart, &k->memory, o.score);
        if (k->alert) {
            news = go_on(k, o.score, o.signal, &o);
        } else if (o.signal) {
            found(k, p, chart_since(&k->chart, &k->memory, o.signal), &x, &o);
            news = KEEP_FOUND;
        } else {
            remember(k, &x);
        }
    }
    k->periods++;
    k->next = watch_after(p, k->next, 1);
    if (out) *out = o;
    return news;
}

keep_news keeper_peek(keeper *k, const watch_plan *p, sample_point x, watch_point *out) {
    watch_point o;
    if (k->alert || p->kind != FIGURE_COUNT || silent_kind(p) || is(p->w->side, "down"))
        return KEEP_NOTHING;
    x.place %= k->score.places;
    describe(k, p, &x, &o);
    chart_state trial = k->memory;
    if (isnan(o.score) || !(o.value > o.high) || chart_step(&k->chart, &trial, o.score) <= 0)
        return KEEP_NOTHING; /* it can only rise until the period ends */
    o.signal = 1;
    x.score = o.score;
    found(k, p, chart_since(&k->chart, &trial, 1), &x, &o);
    k->held_n = 0; /* a part of a period is not learned */
    *out = o;
    return KEEP_FOUND;
}

/* ---- silence ---- */

/* Signals to be expected between two moments, by the profile. */
static double expected_between(const keeper *k, const watch_plan *p, i64 from, i64 to) {
    double sum = 0;
    i64 at = watch_period(p, from);
    for (int turn = 0; at < to && turn < LIMIT_WATCH_PERIODS; turn++) {
        i64 end = watch_after(p, at, 1);
        sample_point x = watch_place(p, at);
        x.place %= k->score.places;
        double mean = score_expected(&k->score, &x);
        i64 part = MIN(end, to) - MAX(at, from);
        if (isfinite(mean)) sum += mean * (double)part / (double)(end - at);
        at = end;
    }
    return sum;
}

keep_news keeper_hush(keeper *k, const watch_plan *p, i64 last_ms, i64 now_ms, watch_point *out) {
    double yes = 0;
    for (size_t i = 0; i < k->score.places; i++) yes += k->score.place[i].yes;
    if (!silent_kind(p) || k->score.learned < SCORE_LEARN_MIN || !(yes > 0)) return KEEP_NOTHING;
    k->ready = true;
    i64 from = last_ms == NONE ? k->learned_to : last_ms;
    double gap = from < now_ms ? expected_between(k, p, from, now_ms) : 0;
    double chance = pow(1 + gap / yes, -yes); /* the rate itself is known from yes signals only */
    bool silent = chance < k->silence;
    *out = (watch_point){.at = watch_period(p, from),
                         .began = from,
                         .value = 0,
                         .expected = gap,
                         .low = NAN,
                         .high = NAN,
                         .signal = silent ? -1 : 0};
    out->score = normal_quantile(fmin(fmax(chance, 1e-300), 1 - 1e-16));
    if (silent && !k->alert) return k->alert = -1, KEEP_FOUND;
    if (silent) return KEEP_GOES_ON;
    if (!k->alert) return KEEP_NOTHING;
    return k->alert = 0, KEEP_OVER;
}

/* ---- trying ---- */

bool watch_try(tally *t, arena *a, const watch *w, const expr *sees, i64 since, i64 to,
               watch_point **out, size_t *n_out, keeper *k, err *e) {
    watch_plan *p = NEW(a, watch_plan);
    sample_point *x;
    size_t n;
    if (!watch_read(a, w, p, e)) return false;
    p->population = expr_both(a, sees, p->population);
    if (!keeper_begin(t, a, p, since, k, e) ||
        !watch_series(t, a, p, k->next, MAX(watch_period(p, to), k->next), &x, &n, e))
        return false;
    watch_point *o = NEW_N(a, watch_point, n + 1);
    for (size_t i = 0; i < n; i++) keeper_take(k, p, x[i], &o[i]);
    *out = o;
    *n_out = n;
    return true;
}
