/* goal.h - the tree of goals: a KGI, the KPIs it is made of, and what drives them.
**
** A goal is a metric with a target.  Its relation says how it comes of the goals below it: arithmetic on
** their names ("visits * conversion", "0.6 * service + 0.4 * product"; blanks round signs), or
** "mix(COLUMN)": a mean that moves because of who answered (mix) and of how they answered (rate).
** Of each change of the root every leaf has its part: Shapley's value over all orders in which the
** leaves could have moved, and what a relation does not explain is a leaf of its own ("rest").  Parts
** sum to the change exactly.  Without a relation the goals below are listed, not added up. */
#ifndef UNDERSTAND_GOAL_H
#define UNDERSTAND_GOAL_H
#include "kern/forecast.h"
#include "understand/measure.h"

enum {
    GOALS_MAX = 100,    /* of all trees */
    GOAL_PLAYERS = 16,  /* leaves and rests below one root: 2^16 orders are summed up exactly */
    GOAL_SEGMENTS = 40, /* of a mix; the rest of them is one */
    GOAL_WEEKS = 104    /* that a forecast looks back */
};

typedef enum {
    GOAL_NONE,
    GOAL_UNKNOWN,
    GOAL_REACHED,
    GOAL_ON_TRACK,
    GOAL_AT_RISK,
    GOAL_OFF_TRACK
} goal_status;

typedef struct {
    str value; /* NO_STR: missing */
    double mix, rate;
    i64 n[2]; /* before, now */
} goal_segment;

typedef struct goal {
    goal_row row;
    str title[LANGUAGES];
    size_t parent; /* index; SIZE_MAX = none */
    size_t depth;
    measure_answer now; /* cells[0] has both periods */
    double value[2];    /* before, now; NAN = none */
    double gap;         /* target less value, NAN without a target */
    goal_status status;
    bool sure; /* reached, and the whole interval is */
    forecast trend;
    forecast_point ahead; /* at target_at, or the end of the period after this one */
    double contribution;  /* to the change of its root; NAN: it is not in a relation */
    double rest; /* of contribution: what its own relation does not explain; NAN: it has none */
    goal_segment *segments; /* of a mix */
    size_t segments_n;
} goal;

typedef struct {
    const expr *where;
    i64 now_ms, days; /* the last so many days, beside as many before */
    i32 zone_min;
    const time_zone *zone;
    i64 most_ms; /* of each question */
} goal_question;
typedef struct {
    goal *goals; /* parents before children, roots by name */
    size_t n;
} goal_tree;
bool goals_ask(tally *t, store *s, arena *a, const goal_question *q, goal_tree *out,
               err *e) MUST_USE;
void goals_print(json_out *j, arena *a, const goal_question *q, const goal_tree *t);
const char *goal_status_name(goal_status s);

/* Whole, its metric known, its parent there and not below it, its relation on goals that are below it. */
bool goal_check(store *s, arena *a, const goal_row *m, err *e) MUST_USE;

/* ---- relations (goal_relation.c) ---- */
typedef struct relation relation;
/* names: what it may speak of; NULL = anything.  mix_out is set instead for mix(COLUMN). */
bool relation_parse(arena *a, str text, const str *names, size_t n, relation **out, str *mix_out,
                    err *e) MUST_USE;
double relation_value(const relation *r, const double *values); /* by index of names */
bool relation_names(const relation *r, size_t name);            /* speaks of it */

/* Shapley values of f over n players (at most GOAL_PLAYERS): out[i] sum to f(all) - f(none). */
void shapley(arena *a, double (*f)(void *ctx, u32 now), void *ctx, size_t n, double *out);
#endif
