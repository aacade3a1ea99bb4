/* pains.h - what hurts and what delights: aspects ranked by reach x strength x effect on the score.
**
** reach     share of the signals with words that speak of the aspect in this polarity (Wilson)
** strength  mean strength of those mentions, 0-100
** effect    mean score (0-100) of the signals that do, minus that of those that do not (Welch); for
**           ranking it is shrunk towards the mean effect of all aspects by EFFECT_PRIOR_N answers
** where     the wave and the places where it stands out most: scans over the text columns of few
**           values and over weeks, then days (Kulldorff 1997); shown only when it is not chance
**           (Bonferroni over all places and windows tried) */
#ifndef UNDERSTAND_PAINS_H
#define UNDERSTAND_PAINS_H
#include "understand/metric.h"

enum { PAIN_QUOTES = 3, PAIN_PLACES_MAX = 60, HOT_SPOTS = 4 };

typedef struct {
    str column, value;     /* column missing: everywhere */
    i64 from_day, to_day;  /* inclusive; NONE = all the time */
    i64 n;                 /* signals in it */
    double expected, lift; /* if it were spread like all signals; n / expected */
    double p;              /* Bonferroni-corrected */
} hot_spot;

typedef struct {
    str aspect;
    int polarity;   /* -1 or 1 */
    i64 n, base;    /* signals that say so; signals with words */
    estimate reach; /* % */
    double strength;
    i64 clear;      /* this strong are enough of its mentions to choose quotes from */
    estimate effect; /* points of 100; n = answers among the n; reason no_score, too_few */
    double impact;   /* what it is ranked by; comparable within one answer only */
    hot_spot spots[HOT_SPOTS]; /* the wave first, then places */
    size_t spots_n;
    struct pain_month {
        i64 day; /* the first of the month */
        i64 n, base;
    } * months;
    size_t months_n;
    i64 quotes[PAIN_QUOTES]; /* signal ids, strongest first, each from another customer */
    size_t quotes_n;
} pain;

typedef struct {
    int polarity; /* -1 pains, 1 delights */
    const expr *where;
    size_t limit;
    str score;     /* column for the effect; NO_STR = the score with the most answers */
    i64 minimum_n; /* fewer signals than this are no pattern */
} pains_question;

typedef struct {
    pain *items;
    size_t n;
    str score; /* the column used; NO_STR = there is none */
    i64 base;
} pains_answer;
bool pains(tally *t, store *s, arena *a, const pains_question *q, pains_answer *out,
           err *e) MUST_USE;
/* An object {base, score, pains|delights: [...]}, with titles in the locale and the quotes as voices. */
bool pains_print(json_out *j, arena *a, store *s, const pains_answer *p, int polarity, str locale,
                 err *e) MUST_USE;
#endif
