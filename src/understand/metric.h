/* metric.h - a metric: a small function of the tally's cells.  One file in metrics/ is one metric. */
#ifndef UNDERSTAND_METRIC_H
#define UNDERSTAND_METRIC_H
#include "store/tally.h"

/* A number people can trust.  value is NAN when undefined, and then reason says why. */
typedef struct {
    double value, low, high; /* in the metric's unit; 95 % interval, NAN where none is defined */
    i64 n;                   /* answers used */
    i64 missing;             /* signals in the cell without an answer */
    i64 invalid;             /* answers off the scale: dropped and counted */
    const char *reason;      /* NULL, or no_data, too_few, off_scale */
} estimate;

enum { METRIC_MEASURES_MAX = 10, METRIC_ITEMS_MAX = LIMIT_GROUP_COLUMNS };

/* A metric with its parameters, as asked for: "topbox:score:csat:2". */
typedef struct {
    str column;                  /* NO_STR for metrics without one */
    str value;                   /* share:COLUMN=VALUE */
    bool column_is_num;          /* as the store knows the column: 1 and '1' are different values */
    i64 k;                       /* topbox:COLUMN:K, csat:COLUMN:SCALE; NONE = not given */
    bool at_least;               /* topbox:COLUMN:>=K */
    num6 scale_top;              /* the best answer there is, where the metric needs it */
    str items[METRIC_ITEMS_MAX]; /* csi:COLUMN=WEIGHT,...: several answers of one signal */
    double weights[METRIC_ITEMS_MAX];
    size_t items_n;
    const expr *counted, *base; /* ratio:EXPR / EXPR; rate:EXPR has counted only */
    str test;                   /* their text as it is written in a name */
} metric_params;

struct measure_question;
struct measure_answer;
struct cell_list;
typedef struct {
    const char *name; /* nps */
    const char *title;
    const char *unit;   /* "points", "%", "" */
    const char *help;   /* definition, scale, interval, source */
    const char *params; /* how it is written: "nps[:COLUMN]" */
    const char *column; /* the column when none is given; NULL = must be given or none */
    bool takes_column, takes_k, takes_value, needs_top;
    size_t items_least; /* takes so many columns of one signal, or more; 0 = none */
    bool takes_test, takes_base;
    i64 k_usual; /* what K is when it is not given; 0 = nothing */
    int version; /* goes up when the same data would give another number */
    /* What it needs counted: at most METRIC_MEASURES_MAX; text and expressions live in a.  NULL: it is
    ** the mean of score over the answers, which are counted together. */
    size_t (*measures)(arena *a, const metric_params *p, tally_measure out[METRIC_MEASURES_MAX]);
    estimate (*value)(const metric_params *p, i64 n, const tally_stat *stats);
    /* What one signal's answers are worth; the metric is the mean of it: with weights, and where
    ** answers belong together.  As many values as items, or one; none is missing.  NAN: off the scale.
    ** NULL: the metric is no mean, and takes no weights. */
    double (*score)(const metric_params *p, const tally_key *answers);
    /* What is no function of cells asks for itself; else NULL.  See measure_int.h. */
    bool (*ask)(tally *t, arena *a, const struct measure_question *q, struct measure_answer *r,
                const expr *where, struct cell_list *side, err *e);
} metric;
extern const metric *const metrics[];
extern const size_t metrics_n;

/* ---- what metrics share ---- */
size_t column_measure(arena *a, const metric_params *p, tally_measure *out); /* p->column alone */
/* A whole answer from low to top; NONE: off the scale. */
i64 scale_answer(const tally_key *k, i64 low, i64 top);
estimate estimate_none(const char *reason, i64 n, i64 missing, i64 invalid);
/* Answers of a scale low..top (whole numbers): those off it are invalid.  False when there were too
** many different values for a histogram: then the column is not a scale. */
typedef struct {
    i64 n, invalid;
    i64 up, down;          /* answers >= at_least, answers <= at_most */
    double mean, variance; /* variance with n - 1; NAN when n < 2 */
} scale_count;
bool count_scale(const tally_stat *s, i64 low, i64 top, i64 at_least, i64 at_most,
                 scale_count *out);
estimate share_estimate(i64 yes, i64 n, i64 missing, i64 invalid);            /* %, Wilson */
estimate balance_estimate(i64 up, i64 down, i64 n, i64 missing, i64 invalid); /* points, Rocks */
#endif
