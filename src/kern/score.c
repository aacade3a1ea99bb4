/* score.c - self-starting scores of counts, shares and means. */
#include "kern/score.h"
#include "kern/special.h"

/* A count that is so common by itself is no place to draw a chance on: the middle of its step is taken, and
** such charts run longer than they say. */
#define COMMON 0.2

scorer scorer_of(figure_kind kind, bool exact, size_t places) {
    check(places >= 1 && places <= SCORE_PLACES_MAX && !(exact && kind == FIGURE_MEAN));
    return (scorer){.kind = kind, .exact = exact, .places = places, .shift = NAN};
}

/* ---- the scale on which spreads are even, and the weight there ---- */

static double scaled(figure_kind kind, const sample_point *x, double *weight) {
    switch (kind) {
    case FIGURE_COUNT:
        *weight = 1;
        return 2 * sqrt(x->yes + 0.375); /* Anscombe 1948 */
    case FIGURE_SHARE:
        *weight = x->all;
        return asin(sqrt((x->yes + 0.375) / (x->all + 0.75)));
    case FIGURE_MEAN:
        break;
    }
    *weight = x->n;
    return x->value;
}

static double unscaled(figure_kind kind, const sample_point *x, double y) {
    if (kind == FIGURE_MEAN) return y;
    if (kind == FIGURE_COUNT) return fmax(0, fmax(y, 0) * fmax(y, 0) / 4 - 0.375);
    double root = sin(fmax(0, fmin(y, M_PI / 2)));
    return fmin(1, fmax(0, (root * root * (x->all + 0.75) - 0.375) / x->all));
}

static bool says(figure_kind kind, const sample_point *x) {
    if (kind == FIGURE_COUNT) return x->yes >= 0;
    if (kind == FIGURE_SHARE) return x->all > 0;
    return x->n > 0 && isfinite(x->value);
}

/* ---- learning ---- */

static void learn(scorer *s, const sample_point *x, double sign) {
    double w, y = scaled(s->kind, x, &w);
    if (!says(s->kind, x)) return;
    check(x->place < s->places);
    if (isnan(s->shift)) s->shift = y;
    y -= s->shift;
    score_place *p = &s->place[x->place];
    p->n += sign, p->w += sign * w, p->wy += sign * w * y, p->wyy += sign * w * y * y;
    if (s->kind != FIGURE_MEAN) p->yes += sign * x->yes, p->all += sign * x->all;
    s->learned += sign > 0 ? 1 : -1;
}
void score_learn(scorer *s, const sample_point *x) {
    learn(s, x, 1);
}
void score_unlearn(scorer *s, const sample_point *x) {
    learn(s, x, -1);
}

/* ---- spread: Student's t against the mean of the place ---- */

/* Sum of squares about the means of the places, and its degrees of freedom. */
static double within(const scorer *s, double *df) {
    double sum = 0, n = 0, used = 0;
    for (size_t i = 0; i < s->places; i++) {
        const score_place *p = &s->place[i];
        if (p->w <= 0) continue;
        sum += fmax(0, p->wyy - p->wy * p->wy / p->w);
        n += p->n, used++;
    }
    *df = n - used;
    return sum;
}

/* Mean at x's place and the standard error of a period like x about it; false while unknown. */
static bool about(const scorer *s, const sample_point *x, double *mean, double *error, double *df) {
    const score_place *p = &s->place[x->place];
    double w, squares = within(s, df);
    scaled(s->kind, x, &w);
    if (p->w <= 0 || *df < SCORE_LEARN_MIN / 2.0 || !(squares > 1e-12)) return false;
    *mean = p->wy / p->w + s->shift;
    *error = sqrt(squares / *df * (1 / w + 1 / p->w));
    return true;
}

static double from_tails(double lower, double upper) {
    if (lower < upper) return normal_quantile(fmax(lower, 1e-300));
    return -normal_quantile(fmax(upper, 1e-300));
}

static double spread_score(const scorer *s, const sample_point *x) {
    double mean, error, df, w;
    if (!about(s, x, &mean, &error, &df)) return NAN;
    double t = (scaled(s->kind, x, &w) - mean) / error, tail = t_two_sided(t, df) / 2;
    return t < 0 ? from_tails(tail, 1 - tail) : from_tails(1 - tail, tail);
}

/* ---- exact: the period as one part of all ---- */

static double on_step(double below, double here, double above, double draw) {
    double at = here > COMMON ? 0.5 : draw;
    return from_tails(below + at * here, above + (1 - at) * here);
}

static double count_score(const score_place *p, double x, double draw) {
    double all = p->yes + x, share = 1 / (p->n + 1);
    if (all <= 0) return NAN;
    double here = exp(log_choose(all, x) + x * log(share) + (all - x) * log1p(-share));
    double below = x > 0 ? beta_inc(all - x + 1, x, 1 - share) : 0;
    double above = x < all ? beta_inc(x + 1, all - x, share) : 0;
    return on_step(below, here, above, draw);
}

/* Sum of the hypergeometric weights from j away from x, by their ratios. */
static double tail_of(double yes, double all, double n, double x, bool up) {
    double at = x, term = 1, sum = 0;
    for (;;) {
        double no = all - yes - n;
        double r = up ? (yes - at) * (n - at) / ((at + 1) * (no + at + 1))
                      : at * (no + at) / ((yes - at + 1) * (n - at + 1));
        if (!(r > 0)) return sum;
        term *= r;
        sum += term;
        at += up ? 1 : -1;
        if (term < sum * 1e-17) return sum;
    }
}

static double share_score(const score_place *p, const sample_point *x) {
    double all = p->all + x->all, yes = p->yes + x->yes;
    if (p->all <= 0 || yes <= 0 || yes >= all) return NAN;
    double here = exp(log_choose(yes, x->yes) + log_choose(all - yes, x->all - x->yes) -
                      log_choose(all, x->all));
    return on_step(here * tail_of(yes, all, x->all, x->yes, false), here,
                   here * tail_of(yes, all, x->all, x->yes, true), x->draw);
}

static double exact_score(const scorer *s, const sample_point *x) {
    const score_place *p = &s->place[x->place];
    if (p->n < 1 || s->learned < SCORE_LEARN_MIN) return NAN;
    return s->kind == FIGURE_COUNT ? count_score(p, x->yes, x->draw) : share_score(p, x);
}

double score_of(const scorer *s, const sample_point *x) {
    if (!says(s->kind, x)) return NAN;
    check(x->place < s->places);
    return s->exact ? exact_score(s, x) : spread_score(s, x);
}

/* ---- back: what a score means ---- */

double score_expected(const scorer *s, const sample_point *x) {
    const score_place *p = &s->place[x->place];
    double mean, error, df;
    if (!says(s->kind, x) || p->n < 1) return NAN;
    if (s->exact) return s->kind == FIGURE_COUNT ? p->yes / p->n : p->yes / p->all;
    return about(s, x, &mean, &error, &df) ? unscaled(s->kind, x, mean) : NAN;
}

/* No tail of a double is smaller than that of this score: what lies behind it no figure reaches. */
static const double SCORE_MOST = 37;

/* The smallest count whose score in the middle of its step is z at least. */
static double exact_value(const scorer *s, const sample_point *x, double z) {
    const score_place *p = &s->place[x->place];
    bool share = s->kind == FIGURE_SHARE;
    double low = -1, high = share ? x->all : 16 + 4 * p->yes / p->n;
    sample_point at = *x;
    at.draw = 0.5;
    for (at.yes = high; !share && exact_score(s, &at) < z && high < 1e12; at.yes = high) high *= 2;
    while (high - low > 1) {
        at.yes = floor((low + high) / 2);
        if (exact_score(s, &at) < z)
            low = at.yes;
        else
            high = at.yes;
    }
    return share ? high / x->all : high;
}

double score_value(const scorer *s, const sample_point *x, double z) {
    double mean, error, df;
    if (!says(s->kind, x) || !isfinite(z) || fabs(z) > SCORE_MOST) return NAN;
    if (s->exact) return isnan(exact_score(s, x)) ? NAN : exact_value(s, x, z);
    if (!about(s, x, &mean, &error, &df)) return NAN;
    double low = 0, high = 1e6, tail = normal_cdf(-fabs(z)); /* the t with this tail */
    for (int turn = 0; turn < 200 && high - low > 1e-9 * (1 + low); turn++) {
        double t = (low + high) / 2;
        if (t_two_sided(t, df) / 2 > tail)
            low = t;
        else
            high = t;
    }
    return unscaled(s->kind, x, mean + (z < 0 ? -low : low) * error);
}

/* ---- what the past looks like ---- */

static scorer learned(figure_kind kind, size_t places, const sample_point *x, const size_t *finest,
                      size_t n) {
    scorer s = scorer_of(kind, false, places);
    for (size_t i = 0; i < n; i++) {
        sample_point at = x[i];
        at.place = (finest ? finest[i] : at.place) % places;
        score_learn(&s, &at);
    }
    return s;
}

static bool each_place_twice(const scorer *s) {
    for (size_t i = 0; i < s->places; i++)
        if (s->place[i].n < 2) return false;
    return true;
}

size_t profile_of(arena *a, figure_kind kind, const sample_point *x, const size_t *place_of_finest,
                  size_t n, const size_t *offered, size_t offered_n) {
    size_t best = 1;
    scorer *coarse = NEW(a, scorer), *fine = NEW(a, scorer);
    *coarse = learned(kind, 1, x, place_of_finest, n);
    for (size_t i = 0; i < offered_n; i++) {
        double df_coarse, df_fine, before = within(coarse, &df_coarse);
        if (offered[i] == 1) continue;
        *fine = learned(kind, offered[i], x, place_of_finest, n);
        double after = within(fine, &df_fine);
        if (!each_place_twice(fine) || df_fine < 10 || !(after > 0)) continue;
        double f = (before - after) / (df_coarse - df_fine) / (after / df_fine);
        if (f_upper(f, df_coarse - df_fine, df_fine) > 0.001) continue;
        best = offered[i];
        *coarse = *fine;
    }
    return best;
}

bool spreads(figure_kind kind, size_t places, const sample_point *x, size_t n) {
    scorer s = learned(kind, places, x, NULL, n);
    double sum = 0, df = -(double)places;
    if (kind == FIGURE_MEAN) return true;
    for (size_t i = 0; i < n; i++) {
        const score_place *p = &s.place[x[i].place];
        if (!says(kind, &x[i])) continue;
        double share = kind == FIGURE_SHARE ? p->yes / p->all : 0;
        double mean = kind == FIGURE_SHARE ? x[i].all * share : p->yes / p->n;
        double variance = mean * (1 - share);
        if (!(variance > 0)) continue;
        sum += (x[i].yes - mean) * (x[i].yes - mean) / variance;
        df++;
    }
    return df > 0 && chi2_upper(sum, df) < 0.01;
}
