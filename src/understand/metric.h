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

enum { METRIC_PARAMS_MAX = 2, METRIC_MEASURES_MAX = 2 };

/* A metric with its parameters, as asked for: "topbox:score:csat:2". */
typedef struct {
    str column;         /* NO_STR for metrics without one */
    str value;          /* share:COLUMN=VALUE */
    bool column_is_num; /* as the store knows the column: 1 and '1' are different values */
    i64 k;              /* topbox:COLUMN:K, csat:COLUMN:SCALE; NONE = not given */
    bool at_least;      /* topbox:COLUMN:>=K */
    num6 scale_top;     /* the best answer there is, where the metric needs it */
} metric_params;

typedef struct {
    const char *name; /* nps */
    const char *title;
    const char *unit;   /* "points", "%", "" */
    const char *help;   /* definition, scale, interval, source */
    const char *params; /* how it is written: "nps[:COLUMN]" */
    const char *column; /* the column when none is given; NULL = must be given or none */
    bool takes_column, takes_k, takes_value, needs_top;
    int version; /* goes up when the same data would give another number */
    /* What it needs counted: at most METRIC_MEASURES_MAX; text and expressions live in a. */
    size_t (*measures)(arena *a, const metric_params *p, tally_measure out[METRIC_MEASURES_MAX]);
    estimate (*value)(const metric_params *p, i64 n, const tally_stat *stats);
} metric;
extern const metric *const metrics[];
extern const size_t metrics_n;

/* ---- what metrics share ---- */
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
