/* metric.h - a metric: a small function of the tally's cells.  One file in metrics/ is one metric. */
#ifndef UNDERSTAND_METRIC_H
#define UNDERSTAND_METRIC_H
#include "store/tally.h"

/* A number people can trust.  value is NAN when undefined, and then reason says why. */
typedef struct {
    double value, low, high;   /* 95 % interval; NAN where none is defined */
    i64 n;                     /* answers used */
    i64 missing;               /* signals in the cell without an answer */
    i64 invalid;               /* answers off the scale: dropped and counted */
    const char *reason;        /* NULL, or no_data, too_few, zero_variance, off_scale */
} estimate;

typedef struct {
    const char *name;          /* nps; parameters follow after colons: topbox:COL:K */
    const char *title;
    const char *unit;          /* "points", "%", "" */
    const char *help;          /* definition, scale, interval, source */
    int params_min, params_max;
    const char *default_column;
    bool higher_is_better;
    /* The measures it needs; at most 2; text lives in a.  params as given, after the name. */
    bool (*measures)(arena *a, const str *params, size_t params_n, tally_measure *out, size_t *n_out, err *e);
    estimate (*value)(const tally_cell *cell, const tally_stat *stats, const str *params, size_t params_n);
} metric;
extern const metric *const metrics[];
extern const size_t metrics_n;
#endif
