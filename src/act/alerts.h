/* alerts.h - incidents: what the watches find becomes one alert, told once, until it is over.
**
** - watches of one topic share an alert while it is open;
** - what comes back within the cool-down of the watch reopens its alert;
** - in quiet hours nobody is told (told_at stays empty) unless the watch is critical;
** - what nobody acknowledged in time becomes critical (escalated_at). */
#ifndef ACT_ALERTS_H
#define ACT_ALERTS_H
#include "act/watch.h"

typedef struct {
    i64 watches, periods;          /* looked at */
    i64 found, joined, back, over; /* alerts made, shared, reopened, resolved */
    i64 told, escalated;           /* now */
} watch_round;
/* Takes all periods that are over at now_ms, of every enabled watch; each watch is a transaction of its own.
** fresh: signals have come since the last round, so that counts are looked at before their period ends.
** A watch that cannot be looked at keeps its sentence (watching.trouble) and does not stop the others.
** Not inside store_begin.  Adds to *out. */
bool watches_run(store *s, tally *t, i64 now_ms, bool fresh, watch_round *out, err *e) MUST_USE;

bool alert_acknowledge(store *s, arena *a, i64 id, str by, i64 now_ms, alert *out, err *e) MUST_USE;
/* Nobody is asked before until_ms; in the past: it is awake again. */
bool alert_snooze(store *s, arena *a, i64 id, i64 until_ms, alert *out, err *e) MUST_USE;
/* right: something was the matter; note may be missing. */
bool alert_judge(store *s, arena *a, i64 id, bool right, str note, alert *out, err *e) MUST_USE;
/* Forgets what was learned: from now on this is the normal. */
bool watch_relearn(store *s, arena *a, watch *w, i64 now_ms, err *e) MUST_USE;

/* How a watch has done, beside what it says of itself. */
typedef struct {
    watching state; /* id 0: never looked at */
    i64 alerts, right, wrong, open;
    double stated; /* false alarms to be expected in the periods looked at */
    double delay;  /* periods until a change of two sigmas is found; NAN: no chart yet */
    double weight, limit;
    bool exact, ready;
    size_t places;
} watch_record;
bool watch_record_of(store *s, arena *a, const watch *w, watch_record *out, err *e) MUST_USE;
/* An object: the watch, its state, and its record. */
void watch_record_print(json_out *j, arena *a, const watch *w, const watch_record *r);
void watch_points_print(json_out *j, arena *a, const watch_point *x, size_t n); /* a list */
#endif
