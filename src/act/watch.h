/* watch.h - what is kept an eye on: a figure by period, scored against what was learned, on a control chart.
**
** A watch learns from the past (the level, its spread, the profile of the week or the day), then takes period
** after period as a streaming state machine; what it remembers is one small row (`watching`).  It learns on
** from every period that is not part of an incident. */
#ifndef ACT_WATCH_H
#define ACT_WATCH_H
#include "act/outcome.h"
#include "kern/chart.h"
#include "kern/score.h"

enum {
    WATCH_RECENT = 40 /* periods that can be unlearned when they turn out to belong to a change */
};

/* Run before every store_put of a watch; one sentence that names the field. */
bool watch_check(const watch *w, err *e) MUST_USE;
/* Before it is read: what must be there, as it usually is. */
void watch_blank(watch *w);
/* After it: everything else that is missing gets its usual value; since becomes now. */
void watch_usual(watch *w, i64 now_ms);

/* ---- the figure, period by period ---- */

typedef struct {
    const watch *w;
    const expr *population;
    outcome what;
    figure_kind kind;
    const time_zone *zone;
    i64 cooldown_ms, escalate_ms, grace_ms, learn; /* learn: periods */
    i64 quiet_from, quiet_to;                      /* minutes of the day; NONE = no quiet hours */
} watch_plan;
bool watch_read(arena *a, const watch *w, watch_plan *out, err *e) MUST_USE;
i64 watch_period(const watch_plan *p, i64 ms); /* start of the period of a moment */
i64 watch_after(const watch_plan *p, i64 start,
                i64 periods); /* that many further; may be negative */
sample_point watch_place(const watch_plan *p,
                         i64 start); /* an empty period at its place in the profile */
bool watch_quiet(const watch_plan *p, i64 ms);
/* The signals of the periods from..to, as an expression and as text: the voices behind a point. */
const expr *watch_where(arena *a, const watch_plan *p, i64 from, i64 to);
/* The points of the periods from (a start) until to (exclusive), without gaps. */
bool watch_series(tally *t, arena *a, const watch_plan *p, i64 from, i64 to, sample_point **out,
                  size_t *n_out, err *e) MUST_USE;

/* ---- the keeper: all a watch remembers ---- */

typedef struct {
    scorer score;
    chart chart; /* weight and limit 0: silence has none */
    chart_state memory;
    double silence;                    /* chart silence: a gap less likely than this is news */
    sample_point recent[WATCH_RECENT]; /* learned since; the newest last */
    size_t recent_n;
    size_t held_n; /* behind them: those of the incident, while it may still be nothing */
    i64 next;      /* start of the period to take */
    i64 learned_from, learned_to;
    i64 periods; /* taken */
    i64 alert;   /* the incident it is in; 0 = none */
    i64 calm;    /* periods it has been back */
    bool ready;  /* something was learned: it can judge */
} keeper;

/* What one period says. */
typedef struct {
    i64 at;                            /* its start */
    double value, n;                   /* NAN when it says nothing */
    double expected, low, high, score; /* NAN while it learns */
    int signal;                        /* 1 up, -1 down */
    bool in_incident;
    i64 began; /* with a first signal: start of the period in which the change began */
} watch_point;

/* Learns the past before `since`. */
bool keeper_begin(tally *t, arena *a, const watch_plan *p, i64 since, keeper *out, err *e) MUST_USE;
/* The same from points of the periods from..to; their places become those of the profile. */
bool keeper_learn(arena *a, const watch_plan *p, i64 from, i64 to, sample_point *x, size_t n,
                  keeper *out, err *e) MUST_USE;
typedef enum { KEEP_NOTHING, KEEP_FOUND, KEEP_GOES_ON, KEEP_OVER } keep_news;
/* Takes the period k->next.  The caller sets k->alert when something was FOUND (0: nobody is told, as while
** trying), and it is 0 again when it is OVER.  *out may be NULL. */
keep_news keeper_take(keeper *k, const watch_plan *p, sample_point x, watch_point *out);
/* A count that is too high already, before its period has ended: FOUND at once. */
keep_news keeper_peek(keeper *k, const watch_plan *p, sample_point x, watch_point *out);
/* Silence since the last signal (NONE: none ever), at a moment. */
keep_news keeper_hush(keeper *k, const watch_plan *p, i64 last_ms, i64 now_ms, watch_point *out);
/* What was found was nothing: it is learned after all, and the chart begins afresh. */
void keeper_dismiss(keeper *k);
void keeper_print(json_out *j, const keeper *k);
bool keeper_parse(const watch_plan *p, const json *v,
                  keeper *out); /* false: not ours, learn anew */

/* What the watch would have said of the past, of what `sees` selects (NULL = everything): learns, then takes
** every period until to. */
bool watch_try(tally *t, arena *a, const watch *w, const expr *sees, i64 since, i64 to,
               watch_point **out, size_t *n_out, keeper *k_out, err *e) MUST_USE;
#endif
