/* measure.h - ask for a metric by name and get numbers people can trust. */
#ifndef UNDERSTAND_MEASURE_H
#define UNDERSTAND_MEASURE_H
#include "understand/metric.h"
#include "understand/registry.h"

enum { MEASURE_MINIMUM_N = 5 }; /* below it a value is not shown (methods: small bases) */

typedef struct measure_question {
    str metric; /* a formula: "nps", "topbox:score:csat:2", "share:channel=call"; or a metric of the
                ** registry by its name or id, with its population, weights and minimum n */
    const definition *def; /* instead of metric: it is not looked up */
    const expr *where;     /* NULL = everything */
    const tally_by *by;
    size_t by_n;
    i32 zone_min;
    const time_zone *zone; /* its days instead of zone_min's; NULL = zone_min */
    str weight;    /* column of probability weights instead of the definition's; NO_STR: that one */
    i64 minimum_n; /* NONE = the definition's, else MEASURE_MINIMUM_N; 0 shows every value */
    i64 now_ms;    /* the clock: how old figures are; 0 = not asked, and age rules are not judged */
    bool
        current; /* over the definition's window up to now_ms (which must be given), not over all */
    bool compare; /* with the signals for which versus (NULL = everything) is true */
    const expr *versus;
    i64 top;     /* only so many cells: those with the largest change (compare) or value; 0 = all,
                   ** in the order of their keys */
    int threads; /* 0 = one */
    i64 most_ms; /* of the question; 0 = no bound */
    const bool *stop; /* as tally_question has it */
    i64 stop_ms;
    bool afresh; /* nothing that was answered before is used: for measuring */
} measure_question;

typedef struct {
    const tally_key *keys; /* by_n */
    i64 signals;
    estimate est;
    /* Kish: (sum w)^2 / sum w^2, how many answers without weights would tell as much; NAN or 0
    ** where none are used. */
    double effective, effective_before;
    bool sketched;      /* distinct: est.value is a sketch's estimate */
    i64 signals_before; /* compare: of versus */
    estimate before;
    double change; /* est - before, in the metric's unit; NAN where one of them is not shown */
} measure_cell;

typedef struct {
    quality_rule rule;
    double found; /* in the bound's unit; NAN: there is nothing to judge by */
    bool broken;
} quality_finding;

typedef struct measure_answer {
    const metric *metric;
    metric_params params;
    definition def;            /* .name missing: asked by formula */
    str name;                  /* the formula in its normal form: with its column and parameters */
    quality_finding *findings; /* one for each rule of the definition */
    size_t findings_n;
    bool degraded; /* one of them is broken */
    char definition
        [17]; /* hex; of the definition and the condition: equal ones have equal ids (registry.h) */
    i64 minimum_n;
    measure_cell *cells; /* as tally_ask sorts them; one when there is no by */
    size_t cells_n;
    i64 cells_all;     /* cells before top */
    i64 newest_ms;     /* when the newest signal counted in happened; NONE when there is none */
    double age_days;   /* of that signal, by now_ms; NAN where one of them is not known */
    tally_answer cost; /* rows and segments touched */
} measure_answer;
/* All results live in a.  s may be NULL: metrics of the registry are not known then, nor the newest. */
bool measure(tally *t, store *s, arena *a, const measure_question *q, measure_answer *out,
             err *e) MUST_USE;

/* "channel,week(occurred_at)" to columns; day week month quarter year also alone, of occurred_at. */
bool measure_by(arena *a, str text, const tally_by **out, size_t *n_out, err *e) MUST_USE;
/* "2026-03-02", "2026-03" ..., "12", "call", or "(missing)": how people read a key. */
str measure_key(arena *a, const tally_by *by, const tally_key *key);
str measure_by_name(arena *a,
                    const tally_by *by); /* as it is written: "week(occurred_at)", "channel" */
void measure_print(json_out *j, arena *a, const measure_question *q, const measure_answer *m);
void estimate_print(json_out *j,
                    const estimate *x); /* members of an open object: value low high n ... */
/* Parts of it: members of an open object. */
void measure_quality_print(json_out *j, const measure_answer *m); /* degraded, quality */
void measure_keys_print(json_out *j, arena *a, const measure_question *q, const measure_cell *c);
#endif
