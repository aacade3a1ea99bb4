/* score.h - how unusual a period is: counts, shares and means turned into scores that are standard normal and
** independent while nothing changes, whatever the level, the spread and the profile of days or hours are.
**
** Nothing is assumed known: each score compares a period with those learned before it, so estimation costs
** no false alarms (self-starting charts; Hawkins 1987, Quesenberry 1991, Brown, Durbin & Evans 1975).
** - exact: counts are Poisson, shares binomial; the period is one part of all counted so far (binomial,
**   hypergeometric).  Where the distribution has steps, the place on the step is drawn from a hash of the
**   watch and the period (randomised quantile residuals, Dunn & Smyth 1996): the same data, the same score.
** - spread: square root of counts, arc sine of shares, or the mean itself, against the learned mean of its
**   place in the profile by Student's t; the spread is what it was (overdispersion, as Laney's p'). */
#ifndef KERN_SCORE_H
#define KERN_SCORE_H
#include "kern/linalg.h"

typedef enum { FIGURE_COUNT, FIGURE_SHARE, FIGURE_MEAN } figure_kind;

enum {
    SCORE_PLACES_MAX = 168 /* hours of a week */,
    SCORE_LEARN_MIN = 20 /* periods before the first score */
};

typedef struct {
    double n, w, wy, wyy; /* periods; sum of weights, of weighted values and squares */
    double yes, all;      /* counts, for the exact kinds */
} score_place;

typedef struct {
    figure_kind kind;
    bool exact;
    size_t places; /* of the profile: 1, 7, 24 or 168 */
    double shift;  /* taken off every value before it is squared: keeps digits */
    i64 learned;   /* periods */
    score_place place[SCORE_PLACES_MAX];
} scorer;

/* One period: yes of all (share), yes (count), value of n answers (mean). */
typedef struct {
    size_t place;
    double yes, all; /* COUNT: yes; SHARE: yes of all */
    double value, n; /* MEAN */
    double draw;     /* in (0, 1): where on its step */
    double score;    /* room for the caller: what it was found to be */
} sample_point;

scorer scorer_of(figure_kind kind, bool exact, size_t places);
void score_learn(scorer *s, const sample_point *x);
void score_unlearn(scorer *s, const sample_point *x); /* what was learned by mistake */
/* NAN while too little was learned (or all that was learned is one value), or x says nothing. */
double score_of(const scorer *s, const sample_point *x);
/* What is expected at x's place: count, share or mean; NAN as above. */
double score_expected(const scorer *s, const sample_point *x);
/* The count, share or mean of a period like x whose score would be z (the smallest count at least that); NAN
** as above, and for scores past 37, which no figure reaches. */
double score_value(const scorer *s, const sample_point *x, double z);

/* From the periods of the past: which profile they have, of those offered (1 first, then finer; each a divisor
** of the next), by an F test at 0.1 %; and whether they spread more than chance does (at 1 %). */
size_t profile_of(arena *a, figure_kind kind, const sample_point *x, const size_t *place_of_finest,
                  size_t n, const size_t *offered, size_t offered_n);
bool spreads(figure_kind kind, size_t places, const sample_point *x, size_t n);
#endif
