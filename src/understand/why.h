/* why.h - why did it move, and where does it stand out?  Two periods, two segments, or one whole.
**
** mix and rate   by every column: mix_s = (w1 - w0)(m0_s - M0), rate_s = w1 (m1_s - m0_s); they sum
**                exactly to the change (kern: change_decomposition)
** slices         of one to three conditions in which it moved otherwise than in all the rest, found by
**                kern/slices.h; each has its n, an interval, and a p corrected for all that was tried
** voices         what is said in such a slice, and which complaints have grown there
** A slice is where to look, not a proof: what is found so is association. */
#ifndef UNDERSTAND_WHY_H
#define UNDERSTAND_WHY_H
#include "kern/slices.h"
#include "understand/measure.h"

enum { WHY_SLICES = 5, WHY_VOICES = 5, WHY_PARTS = 30, WHY_COLUMNS = 24, WHY_SAYS = 5 };

/* How people ask: days or months, or expressions. */
typedef struct {
    str from, to; /* 2026-03-01, 2026-03; both days belong to it; to missing: from is a month */
    str against;  /* DAY..DAY, or an expression; missing: the time before, as long (with from) */
    str segment;  /* an expression: only these now; missing: everything that is not against */
} why_told;

typedef struct {
    str metric;
    const expr *where; /* NULL = everything; of both sides */
    const expr *now;
    const expr *before; /* compare; NULL = everything */
    bool compare;       /* false: where does it stand out? */
    i32 zone_min;
    const time_zone *zone;
    const str *columns; /* to look at; NULL = chosen: see why.c */
    size_t columns_n;
    i64 most_ms;
} why_question;
/* Fills now, before and compare of q; its where and zone are set. */
bool why_read(arena *a, const why_told *told, why_question *q, err *e) MUST_USE;

typedef struct {
    str value; /* NO_STR: missing; rest: all other values together */
    bool rest;
    i64 n[2];       /* [0] before, [1] now */
    double mean[2]; /* NAN: fewer answers than MEASURE_MINIMUM_N */
    double mix, rate, total;
    double low, high; /* of rate, 95 %; NAN: too few */
    double p,
        adjusted; /* that the level moved; Benjamini & Hochberg over all parts of all columns */
} why_part;
typedef struct {
    str column;
    why_part *parts; /* the largest contribution first */
    size_t parts_n;
    double mix, rate;
} why_split;

typedef struct {
    str aspect;
    i64 n;                          /* signals of the slice that blame (praise) it */
    double share, other, low, high; /* %: there, elsewhere or before; of the difference */
    double adjusted;                /* Benjamini & Hochberg */
} why_saying;

typedef struct {
    const expr *where; /* of the slice alone */
    struct why_condition {
        str column, op, value; /* op: = <= > missing */
        bool number;
    } conditions[SLICE_CONDITIONS];
    size_t conditions_n;
    estimate est[2];          /* inside; exact, from the tally */
    slice_side rest[2];       /* outside */
    double effect, low, high; /* the metric's unit: inside beyond the rest, mix taken out */
    double p_adjusted;
    double contribution; /* to the change (the level) of the whole: share of signals x effect */
    i64 voices[WHY_VOICES];
    size_t voices_n;
    why_saying says[WHY_SAYS];
    size_t says_n;
} why_slice;

typedef struct {
    measure_answer measured; /* metric, name, definition; cells[0] has both sides */
    double change, low, high, p;
    why_split *splits; /* compare; the columns that explain most first */
    size_t splits_n;
    why_slice *slices;
    size_t slices_n;
    double candidates;  /* slices tried */
    i64 rows, searched; /* signals with an answer; of these looked at for slices */
    str *columns;       /* looked at */
    size_t columns_n;
} why_answer;
/* s may be NULL: then no slice has voices. */
bool why(tally *t, store *s, arena *a, const why_question *q, why_answer *out, err *e) MUST_USE;
/* One object, with the voices in full. */
bool why_print(json_out *j, arena *a, store *s, const why_question *q, const why_answer *w,
               str locale, err *e) MUST_USE;
str *names_split(arena *a, str text, size_t *n);  /* "a, b" to a list */
str why_slice_text(arena *a, const why_slice *s); /* "region = 'north' and delay_days > 0" */
#endif
