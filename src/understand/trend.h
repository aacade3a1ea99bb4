/* trend.h - a metric over time with its breaks, bridges and control limits; and by columns, with marks
** that hold for many comparisons at once. */
#ifndef UNDERSTAND_TREND_H
#define UNDERSTAND_TREND_H
#include "understand/measure.h"

typedef struct {
    str metric;
    const expr *where;
    by_unit unit; /* BY_DAY to BY_YEAR */
    i32 zone_min;
    const time_zone *zone;
    i64 now_ms, most_ms;
} trend_question;

typedef struct {
    tally_key key;
    estimate est;
    size_t part;  /* of trend.parts */
    bool outside; /* of the control limits of its part */
} trend_point;

/* A stretch counted by one definition. */
typedef struct {
    definition def;
    double center, low,
        high; /* XmR: mean and mean +- 2.66 x the mean moving range (Wheeler 1993); NAN
                              ** with fewer than TREND_CONTROL points */
    size_t points;
} trend_part;

/* Where the definition changed: periods around it are counted both ways. */
typedef struct {
    i64 at;            /* UTC ms */
    i64 before, after; /* versions */
    double difference, low,
        high;       /* new less old over these periods; Student's t of the differences */
    size_t periods; /* 0: there is no bridge */
} trend_bridge;

enum { TREND_CONTROL = 6, TREND_OVERLAP = 3 /* periods on either side of a break */ };

typedef struct {
    measure_answer last; /* by the newest definition: unit, findings, age */
    trend_part *parts;
    size_t parts_n;
    trend_point *points; /* in the order of time */
    size_t points_n;
    trend_bridge *bridges;
    size_t bridges_n; /* parts_n - 1 */
} trend;
bool trend_ask(tally *t, store *s, arena *a, const trend_question *q, trend *out, err *e) MUST_USE;
void trend_print(json_out *j, arena *a, const trend_question *q, const trend *x);

/* Each cell of an answer against all others together: Welch's z of the two means; p values adjusted
** for all cells (Benjamini & Hochberg 1995).  NAN where there is nothing to compare. */
typedef struct {
    double p, adjusted;
    int mark; /* 1 above the others, -1 below, 0 not told apart at 5 % */
} standing;
standing *standings(arena *a, const measure_answer *m);
void breakdown_print(json_out *j, arena *a, const measure_question *q, const measure_answer *m);
#endif
