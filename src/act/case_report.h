/* case_report.h - what became of cases: how many, how soon, kept in time, recovered; and departments
** beside each other, shrunken and with the same mix of cases. */
#ifndef ACT_CASE_REPORT_H
#define ACT_CASE_REPORT_H
#include "act/tickets.h"

typedef struct {
    i64 n;
    double median, p90; /* days; type 7; NAN when n is 0 */
} case_span;

typedef struct {
    str key; /* NO_STR: all, or missing */
    i64 cases, open, overdue, closed, reopened, escalated, messages;
    i64 timed, in_time;       /* closed with a due time; of them, closed by then */
    i64 asked, recovered;     /* asked again after closing; no longer unhappy */
    double recovery;          /* recovered / closed; NAN when none is closed */
    case_span contact, close; /* from the opening, in days of 24 hours */
} case_row;

typedef struct {
    case_row all;
    case_row *rows; /* by key; none without by */
    size_t rows_n;
} case_report;

/* by: "", department, owner, priority, outcome, rule_id or month (of the opening, UTC).  Merged cases are
** part of another and not counted.  now_ms tells what is overdue. */
bool case_report_make(arena *a, const ticket *t, size_t n, str by, i64 now_ms, case_report *out,
                      err *e) MUST_USE;
void case_report_print(json_out *j, arena *a, const case_report *r, str by);

/* One figure of one department.  observed and expected count cases; expected is what it would be if each
** of its cases went as such cases (priority and rule) do everywhere (indirect standardisation).  shrunken
** = overall + B (observed - expected) / n with B = tau2 / (tau2 + v), tau2 by DerSimonian & Laird 1986:
** empirical Bayes (Efron & Morris 1975); low..high its 95 % interval. */
typedef struct {
    i64 n, observed;
    double expected, raw, shrunken, low, high;
} score_figure;
typedef struct {
    str department;
    i64 cases, open;
    case_span close;
    score_figure in_time, recovered; /* of closed ones with a due time; of those asked again */
} score_row;
typedef struct {
    double in_time, recovered; /* overall, NAN without any */
    score_row *rows;           /* by department */
    size_t rows_n;
} scorecard;
bool scorecard_make(arena *a, const ticket *t, size_t n, i64 now_ms, scorecard *out,
                    err *e) MUST_USE;
void scorecard_print(json_out *j, const scorecard *s);

/* All tickets that sees and filter allow, merged ones too; sees NULL = all. */
bool cases_gather(store *s, arena *a, const expr *filter, bool (*sees)(void *ctx, const ticket *t),
                  void *ctx, ticket **out, size_t *n_out, err *e) MUST_USE;
#endif
