/* cases.h - a ticket's life as a case: every step is checked, written into a history that is only added
** to, and can be recounted from it.
**
**   open -> working -> closed -> open (again), and open -> closed.  A case that was merged stays closed.
**
** All functions work in the transaction the caller has opened (store_begin), so that a case and its
** history move together.  They re-read nothing: *t is the case as the caller has just read it. */
#ifndef ACT_CASES_H
#define ACT_CASES_H
#include "act/action.h"

typedef struct {
    store *s;
    arena *a;
    str actor; /* user:NAME, key:NAME, rule:NAME or system */
    i64 now_ms;
} case_desk;

typedef enum {
    CASE_OPENED,
    CASE_MESSAGE,
    CASE_TAKEN,
    CASE_RELEASED,
    CASE_HANDED,
    CASE_CHANGED,
    CASE_COMMENT,
    CASE_CONTACT,
    CASE_STEP,
    CASE_ESCALATED,
    CASE_CLOSED,
    CASE_REOPENED,
    CASE_MERGED,
    CASE_ABSORBED,
    CASE_ASKED_AGAIN
} case_kind;
str case_kind_name(case_kind k);

/* May a case go from one state to the other?  CONFLICT says what to do instead. */
bool case_may_turn(const ticket *t, str to, err *e) MUST_USE;

/* Opens a case for a stored signal, or, when its customer has an open one already and each is false, adds
** the signal to that one.  t: department, owner, priority, title, calendar, escalate_to, playbook and deed
** are taken; due_ms and contact_ms are working time, NONE = none.  *t is the case that has the signal. */
typedef struct {
    i64 due_ms, contact_ms;
    bool each; /* a case of its own for every signal */
    i64 opened_at, answered_at; /* a case of another system that is over: opened, contacted and closed then;
                                ** answered_at 0 or NONE: none */
} case_terms;
bool case_open(const case_desk *d, ticket *t, const case_terms *terms, err *e) MUST_USE;

/* The step from `from` to `to` (the same case with fields changed): state, owner, department, priority,
** outcome, note, due_at.  Sets what follows from it (closed_at, reopened, a new due time), writes the
** history and stores it. */
bool case_change(const case_desk *d, const ticket *from, ticket *to, err *e) MUST_USE;
bool case_comment(const case_desk *d, ticket *t, str text, err *e) MUST_USE;
/* way: phone, chat, visit, ...; the first one ends the clock for the first contact. */
bool case_contact(const case_desk *d, ticket *t, str way, str text, err *e) MUST_USE;
bool case_step(const case_desk *d, ticket *t, i64 place, bool done, err *e) MUST_USE;
/* from becomes part of into: closed with the outcome "merged", its messages counted there. */
bool case_merge(const case_desk *d, ticket *into, ticket *from, err *e) MUST_USE;
/* Overdue: one priority higher, and to the department named for it. */
bool case_escalate(const case_desk *d, ticket *t, err *e) MUST_USE;

/* A signal of somebody who has cases: a further message of the open one, or the answer to asking again
** after it was closed.  Neither: nothing happens. */
bool case_heard(const case_desk *d, i64 signal_id, err *e) MUST_USE;
/* Is there any case such a signal may belong to?  Asked before the commit, of every signal. */
bool case_concerns(store *s, arena *a, const heard *h, bool *out, err *e) MUST_USE;
/* The deed that brings such a signal to its case once it is stored. */
deed case_heard_deed(arena *a, const heard *h, i64 now_ms);

/* Whose signal it is; 0 when nobody's. */
bool case_customer(store *s, arena *a, i64 signal_id, i64 *out, err *e) MUST_USE;

/* The whole history, oldest first. */
bool case_history(store *s, arena *a, i64 ticket_id, case_event **out, size_t *n_out,
                  err *e) MUST_USE;
/* How long the case was open in each department, told from its history; they add up to age_ms, which is
** told from the same history by the states alone.  department NO_STR: nobody's. */
typedef struct {
    str department;
    i64 ms;
} case_time;
void case_times(arena *a, const case_event *ev, size_t n, i64 now_ms, case_time **out,
                size_t *n_out, i64 *age_ms_out);
/* Is this history legal: it begins with the opening, every step may follow the one before, moments do not
** go back, and it ends as the case stands?  One sentence about the first that is not. */
bool case_history_check(const ticket *t, const case_event *ev, size_t n, err *e) MUST_USE;

/* Is a score one of an unhappy customer?  score: its attribute's name.  UNKNOWN for other scales. */
truth score_unhappy(str score, num6 v);
#endif
