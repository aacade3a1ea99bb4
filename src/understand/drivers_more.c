/* drivers_more.c - pain or delight, and the logit where the outcome asks for one. */
#include "kern/moments.h"
#include "kern/special.h"
#include "understand/drivers_int.h"

/* ---- penalty and reward: least squares on low and high ratings (Brandt 1987), from counts ---- */

static void asymmetry_of(const material *m, const size_t *at, size_t d, const mat *inverse,
                         const vec *coef, double s2, driver *list) {
    double df = (double)m->n - (double)d - 1, wide = t_quantile(0.975, df);
    for (size_t i = 0; i < d; i++) {
        driver *x = &list[at[i] / 2];
        double b = coef->v[i + 1], se = sqrt(s2 * *mat_at(*inverse, i + 1, i + 1));
        if (at[i] % 2)
            x->reward = b, x->reward_low = b - wide * se, x->reward_high = b + wide * se;
        else
            x->penalty = b, x->penalty_low = b - wide * se, x->penalty_high = b + wide * se;
    }
    for (size_t j = 0; j < m->k; j++) {
        bool pains = list[j].penalty_high<0, delights = list[j].reward_low> 0;
        bool more = fabs(list[j].penalty) > fabs(list[j].reward);
        list[j].kind = pains && (more || !delights) ? "pain" : delights ? "delight" : NULL;
    }
}

void drivers_asymmetry(arena *a, const material *m, driver *list) {
    size_t all = 2 * m->k, d = 0, *at = NEW_N(a, size_t, all + 1);
    mat inverse;
    for (size_t j = 0; j < m->k; j++) {
        list[j].penalty = list[j].penalty_low = list[j].penalty_high = NAN;
        list[j].reward = list[j].reward_low = list[j].reward_high = NAN;
        list[j].low_at_most = m->terms[j].rating ? m->terms[j].low_at_most : NAN;
        list[j].high_at_least = m->terms[j].rating ? m->terms[j].high_at_least : NAN;
    }
    for (size_t i = 0; i < all; i++)
        if (m->both[i * all + i] > 0 && m->both[i * all + i] < m->n) at[d++] = i;
    if (d == 0 || m->n < (i64)d + 3) return;
    mat x = mat_new(a, d + 1, d + 1);
    vec y = vec_new(a, d + 1);
    x.v[0] = (double)m->n, y.v[0] = m->outcome_all;
    for (size_t i = 0; i < d; i++) {
        y.v[i + 1] = m->outcome[at[i]];
        *mat_at(x, 0, i + 1) = *mat_at(x, i + 1, 0) = (double)m->both[at[i] * all + at[i]];
        for (size_t j = i; j < d; j++)
            *mat_at(x, i + 1, j + 1) = *mat_at(x, j + 1, i + 1) =
                (double)m->both[at[i] * all + at[j]];
    }
    if (!spd_inverse(a, x, &inverse)) return;
    vec coef = mat_vec(a, inverse, y);
    double rss = m->outcome_square - vec_dot(coef, y);
    asymmetry_of(m, at, d, &inverse, &coef, rss / (double)(m->n - (i64)d - 1), list);
}

/* ---- logit ---- */

/* Levels of the outcome: at most ORDERED_LEVELS whole numbers or two of any kind; 0: it is none. */
static size_t levels_of(const material *m, double *level) {
    size_t n = 0, y = m->all - 1;
    for (size_t i = 0; i < m->rows_n; i++) {
        double v = m->rows[i * m->all + y];
        size_t at = 0;
        while (at < n && level[at] < v) at++;
        if (at < n && !(level[at] > v)) continue;
        if (n == ORDERED_LEVELS || floor(v) < v) return 0;
        memmove(level + at + 1, level + at, (n - at) * sizeof *level);
        level[at] = v, n++;
    }
    return n >= 2 ? n : 0;
}

static u8 level_at(const double *level, size_t n, double v) {
    u8 at = 0;
    while (at + 1u < n && level[at] < v) at++;
    return at;
}

void drivers_logit(arena *a, const material *m, const crossed_moments *all, driver *list,
                   drivers_answer *d) {
    double level[ORDERED_LEVELS + 1];
    size_t n = m->rows_n, columns = m->k + m->given, levels = levels_of(m, level);
    for (size_t j = 0; j < m->k; j++) list[j].odds = list[j].odds_low = list[j].odds_high = NAN;
    if (!levels) return;
    mat x = mat_new(a, n, columns);
    u8 *y = arena_alloc(a, n + 1);
    for (size_t i = 0; i < n; i++) {
        memcpy(mat_at(x, i, 0), m->rows + i * m->all, columns * sizeof *x.v);
        y[i] = level_at(level, levels, m->rows[i * m->all + m->all - 1]);
    }
    ordered_fit f = ordered_logit(a, x, y, levels);
    if (!f.found) {
        if (f.why == SEPARATION)
            drivers_note(a, d, "separation",
                         S("the drivers tell the answers apart perfectly: no odds are given"));
        else
            drivers_note(a, d, "no_logit", S("no logit could be fitted"));
        return;
    }
    d->logit = levels == 2 ? S("binary") : S("ordered");
    d->logit_n = (i64)n;
    for (size_t j = 0; j < m->k; j++) {
        double sd = sqrt(all->variance.v[j]), b = f.coef.v[j] * sd, se = f.se.v[j] * sd;
        list[j].odds = exp(b);
        list[j].odds_low = exp(b - Z95 * se);
        list[j].odds_high = exp(b + Z95 * se);
    }
}
