/* walk.h - every customer's signals in time order, and what is counted along the way: funnels,
** directly-follows counts, paths, cohorts, repurchase, sessions, stages.
**
** A walk is one case (a customer, or the value of any other text column) with its events by moment;
** events of one moment stand in the order they were heard (signal id).  Signals without a case or a
** moment are in no walk and are counted apart.  The order is kept in an index beside the tally's
** segments (TALLY.md), so that no question sorts the store.  All results are exact, live in the
** arena and do not depend on the order of arrival, the cut into segments or the thread count. */
#ifndef STORE_WALK_H
#define STORE_WALK_H
#include "store/tally.h"

typedef struct {
    str name;
    const expr *is; /* NULL = every event */
} walk_class;

/* What all questions have in common. */
typedef struct {
    const expr *where;            /* the events that count; NULL = all */
    str case_by;                  /* a text column; NO_STR = customer */
    str activity;                 /* what an event is called: a text column; NO_STR = event */
    const walk_class *activities; /* or: the first class that is true; others are left out */
    size_t activities_n;
    i32 zone_min;          /* minutes east of UTC: where a day begins */
    const time_zone *zone; /* its days and months instead; NULL: zone_min */
    bool (*go_on)(
        void *ctx); /* asked now and then by the calling thread; false ends with BUSY; NULL =
                              ** never */
    void *ctx;
    i64 most_ms; /* 0 = no bound on the time; LIMIT behind it */
    int threads; /* 0 = one, at most LIMIT_TALLY_THREADS; the answer's bytes do not depend on it */
} walk_scope;

typedef struct {
    i64 cases, events; /* walked: after where, and with an activity where one is needed */
    i64 without_case, without_at; /* signals of the store in no walk */
    i64 runs, bytes;              /* sorted runs of the index read, and their bytes */
    i64 indexed; /* rows put in order for this question: 0 when the index was there */
} walk_cost;

/* Exact quantiles of whole milliseconds, linear between neighbours (type 7); NAN when n == 0. */
typedef struct {
    i64 n;
    double mean, median, p90;
} walk_times;

/* ---- funnel ---- */
typedef enum {
    ENTRY_ANY,   /* each entry event begins an attempt; the attempt that gets furthest counts, the
                 ** earliest of equals: one per case */
    ENTRY_FIRST, /* only the first entry event of a case */
    ENTRY_EACH,  /* a case may enter again once an attempt has arrived or its window is over */
} funnel_entry;
typedef struct {
    const walk_class *steps; /* 1 to LIMIT_WALK_STEPS; steps follow one another strictly, other
                             ** events may lie between; one event is one step */
    size_t steps_n;
    i64 window_ms; /* from the entry event to the last step, inclusive; NONE = no end */
    funnel_entry entry;
    tally_by by;    /* column NO_STR = not broken down; a text column or unit of occurred_at, as the
                 ** entry event has it */
    size_t lost_at; /* names the cases that reached this step (from 1) and not the next; 0: none */
    size_t lost_limit; /* so many of them at most, up to LIMIT_WALK_SHOWN */
} funnel_question;
typedef struct {
    i64 n;                                /* attempts (cases) that reached the step */
    walk_times from_entry, from_previous; /* of those that reached it; step 1: n 0 */
} funnel_step;
typedef struct {
    tally_key key;
    funnel_step *steps; /* steps_n */
} funnel_group;
typedef struct {
    funnel_group *groups; /* by key; exactly one when not broken down */
    size_t groups_n;
    str *lost; /* those who got there latest first, equal ones by name */
    size_t lost_n;
    walk_cost cost;
} funnel_answer;
bool walk_funnel(tally *t, arena *a, const walk_scope *s, const funnel_question *q,
                 funnel_answer *out, err *e) MUST_USE;

/* ---- directly follows ---- */
typedef struct {
    str name;
    i64 n, cases, starts, ends; /* events; cases with it; cases that begin, end with it */
} walk_activity;
typedef struct {
    u32 from, to;    /* places in activities */
    walk_times wait; /* wait.n: how often */
} follows_pair;
typedef struct {
    walk_activity *activities; /* by n, most first; equal ones by name */
    size_t activities_n;
    follows_pair *pairs; /* by n, most first; equal ones by names */
    size_t pairs_n;
    walk_times duration; /* of cases, first to last event */
    walk_cost cost;
} follows_answer;
bool walk_follows(tally *t, arena *a, const walk_scope *s, follows_answer *out, err *e) MUST_USE;

/* ---- paths and variants ---- */
typedef struct {
    const expr *from, *to; /* begin at the first event that is, end with the next that is; NULL */
    size_t steps;          /* at most so many events of a path; 0 = whole walks (variants) */
    bool collapse;         /* equal activities in a row are one */
    size_t limit;          /* most frequent paths shown */
} paths_question;
typedef struct {
    const str *names;
    size_t names_n;
    bool goes_on; /* cut by steps */
    i64 n;
    walk_times duration; /* of the events shown */
} walk_path;
typedef struct {
    u32 step;     /* from the step'th event (from 1) to the next */
    str from, to; /* to NO_STR: the path ended there */
    i64 n;
} path_link;
typedef struct {
    i64 n, variants;  /* paths; different ones */
    walk_path *paths; /* most frequent first; equal ones in a fixed order */
    size_t paths_n;
    path_link *links; /* by step, from, to; only when steps > 0 */
    size_t links_n;
    walk_times duration; /* of all */
    walk_cost cost;
} paths_answer;
bool walk_paths(tally *t, arena *a, const walk_scope *s, const paths_question *q, paths_answer *out,
                err *e) MUST_USE;

/* ---- cohorts ---- */
typedef struct {
    by_unit unit;              /* not BY_VALUE */
    const expr *first, *again; /* what makes a case new; what is activity.  NULL = every event */
    i64 until;      /* UTC ms up to which was observed; NONE = the newest of all journeys */
    size_t periods; /* at most so many after the first; 0 = all */
} cohort_question;
typedef struct {
    i64 day; /* first day of the cohort's period, days since 1970 */
    i64 size;
    i64 *active;      /* [k]: cases active in the k'th period after; [0] counts `again` too */
    i64 *returned;    /* [k]: cases active in any of the periods 1..k; [0] = 0 */
    size_t periods_n; /* observed, the first included; the last may not be over */
} cohort_row;
typedef struct {
    cohort_row *rows; /* ascending */
    size_t rows_n;
    i64 until;
    walk_cost cost;
} cohort_answer;
bool walk_cohorts(tally *t, arena *a, const walk_scope *s, const cohort_question *q,
                  cohort_answer *out, err *e) MUST_USE;

/* ---- repurchase ---- */
typedef struct {
    i64 from_day, to_day; /* days of the first order that make a customer new; NONE = open */
    i64 within_days; /* a second order day at most so many days after the first; NONE: up to the end
                     ** of to_day, or of what was observed */
    by_unit by;      /* of the first order; BY_VALUE = not broken down */
    i64 until;       /* UTC ms up to which was observed; NONE = the newest event */
} repurchase_question;
typedef struct {
    i64 day;      /* of the unit; NONE when not broken down */
    i64 fresh;    /* new customers */
    i64 again;    /* of them, with a second order day in time */
    i64 observed; /* new customers watched for all of within_days */
    i64 observed_again;
    i64 censored;            /* watched for less, and not back so far */
    walk_times until_second; /* of those that came back in time, in days */
} repurchase_row;
typedef struct {
    repurchase_row *rows;
    size_t rows_n;
    i64 buyers, repeat_buyers; /* cases with an order day in the period; with two or more there */
    i64 until;
    walk_cost cost;
} repurchase_answer;
bool walk_repurchase(tally *t, arena *a, const walk_scope *s, const repurchase_question *q,
                     repurchase_answer *out, err *e) MUST_USE;

/* ---- sessions ---- */
typedef struct {
    i64 gap_ms; /* a longer silence ends a session */
} session_question;
typedef struct {
    i64 sessions, single;                  /* with one event only */
    walk_times duration, events, per_case; /* ms; events of a session; sessions of a case */
    walk_cost cost;
} session_answer;
bool walk_sessions(tally *t, arena *a, const walk_scope *s, const session_question *q,
                   session_answer *out, err *e) MUST_USE;

/* ---- stages ---- */
typedef struct {
    const walk_class *stages; /* the first that is true; events of none change nothing */
    size_t stages_n;
    i64 at;     /* UTC ms: who is where then, by events up to it; NONE = the newest event */
    i64 gap_ms; /* silent longer than this before `at`: dropped off there; NONE = never */
} stage_question;
typedef struct {
    i64 now;              /* cases in the stage at the moment */
    i64 dropped;          /* of them, silent for longer than the gap */
    i64 entries;          /* stays begun */
    walk_times dwell;     /* of stays that ended */
    walk_times dwell_now; /* of those who are there */
    i64 *to;              /* [stage]: stays that ended by entering it */
} stage_row;
typedef struct {
    stage_row *rows; /* stages_n */
    i64 none;        /* cases in no stage yet */
    i64 at;
    walk_cost cost;
} stage_answer;
bool walk_stages(tally *t, arena *a, const walk_scope *s, const stage_question *q,
                 stage_answer *out, err *e) MUST_USE;
#endif
