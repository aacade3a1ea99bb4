/* calendar.h - working time: hours of the week in a zone, without holidays, with days worked all the same.
**
** Hours are read as  mon-fri 09:00-12:00 13:00-18:00; sat 10:00-14:00  (24:00 ends a day); holidays and
** workdays as days or spans of days, blanks between: 2026-10-01..2026-10-07 2027-01-01.  A workday that
** falls on a day without hours has Monday's. */
#ifndef ACT_CALENDAR_H
#define ACT_CALENDAR_H
#include "base/zone.h"
#include "store/store.h"

typedef struct working working;

/* INVALID names the place.  Hours that never come are refused. */
bool calendar_read(arena *a, const calendar_row *c, const working **out, err *e) MUST_USE;
/* Is the calendar whole?  Run before every store_put of one. */
bool calendar_check(const calendar_row *c, err *e) MUST_USE;
/* The calendar of that name; NO_STR gives NULL, under which all time is working time. */
bool calendar_find(store *s, arena *a, str name, const working **out, err *e) MUST_USE;

/* The first moment by which so much working time has gone since from_ms; NONE when ten years are not
** enough.  NULL: from_ms + ms. */
i64 working_due(const working *w, i64 from_ms, i64 ms);
/* Working time in [from_ms, to_ms), in ms; 0 when to <= from. */
i64 working_between(const working *w, i64 from_ms, i64 to_ms);
#endif
