/* journey.h - questions about journeys as people and programs write them, and their answers as numbers
** with intervals: over store/walk.h, which counts.
**
** A question is a JSON object: "kind" and what that kind takes (journey_kinds tells).  Steps, stages and
** activities are lists; an item is an expression, the name of an event, either with a name of its own
** before ":=" ("paid := event = 'pay' and amount > 100"), or {"name", "where"}.  Spans are "30m", "12h",
** "90d", "2w"; days are 2026-03-01 in the question's zone.  Shares and rates are from 0 to 1. */
#ifndef UNDERSTAND_JOURNEY_H
#define UNDERSTAND_JOURNEY_H
#include "base/json.h"
#include "store/walk.h"

typedef enum {
    JOURNEY_FUNNEL,
    JOURNEY_FOLLOWS,
    JOURNEY_PATHS,
    JOURNEY_VARIANTS,
    JOURNEY_COHORT,
    JOURNEY_REPURCHASE,
    JOURNEY_SESSIONS,
    JOURNEY_STAGES,
    JOURNEY_KINDS
} journey_kind;
typedef struct {
    const char *name, *title, *takes; /* takes: its keys beside the common ones, by blanks */
} journey_kind_told;
extern const journey_kind_told journey_kinds[JOURNEY_KINDS];
#define JOURNEY_COMMON "kind where zone case activity activities limit"

typedef struct {
    journey_kind kind;
    walk_scope scope;
    str where; /* as told; NO_STR = none */
    i64 limit; /* pairs or paths shown */
    funnel_question funnel;
    paths_question paths;
    cohort_question cohort;
    repurchase_question repurchase;
    session_question sessions;
    stage_question stages;
} journey;
/* One sentence names the key that is wrong.  The tree must outlive the question. */
bool journey_read(arena *a, const json *body, journey *out, err *e) MUST_USE;

typedef struct {
    funnel_answer funnel;
    follows_answer follows;
    paths_answer paths;
    cohort_answer cohort;
    repurchase_answer repurchase;
    session_answer sessions;
    stage_answer stages;
    walk_cost cost;
} journey_answer; /* of the question's kind */
bool journey_ask(tally *t, arena *a, const journey *q, journey_answer *out, err *e) MUST_USE;
void journey_print(json_out *j, arena *a, const journey *q, const journey_answer *x);

/* The same as a table: the first row is the heading. */
typedef struct {
    arena *a;
    size_t columns, rows, cap;
    str *cells;
    u32 right; /* bit i: column i is numbers */
} journey_table;
journey_table journey_tabled(arena *a, const journey *q, const journey_answer *x);
/* |a>b| - |b>a| over their sum and one; of an activity with itself |a>a| / (|a>a| + 1): the dependency of
** van der Aalst's heuristics miner. */
double follows_dependency(const follows_answer *f, size_t pair);
#endif
