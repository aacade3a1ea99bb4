/* time.h - dates and moments without the C library's hidden state.  Proleptic Gregorian calendar. */
#ifndef BASE_TIME_H
#define BASE_TIME_H
#include "base/base.h"

#define SECOND_MS ((i64)1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

typedef struct {
    i32 year;             /* -9999..9999 */
    i32 month, day;       /* 1-12, 1-31 */
    i32 hour, min, sec;   /* 0-23, 0-59, 0-59 */
    i32 ms;
} civil;

i64 day_of_ymd(i32 year, i32 month, i32 day);     /* days since 1970-01-01 */
bool ymd_valid(i32 year, i32 month, i32 day);
civil civil_of(i64 utc_ms);
i64 civil_ms(const civil *c);
i64 day_of_ms(i64 utc_ms);                         /* floor: right before 1970 too */
i64 day_week(i64 day);                             /* the Monday of its ISO week, as a day number */
i64 day_month(i64 day);                            /* the first of its month, as a day number */
i64 day_quarter(i64 day);
i64 day_year(i64 day);

/* RFC 3339 and its common relatives: 2026-03-01, 2026-03-01T10:20:30.5Z, 2026-03-01 10:20+08:00.
** Without a zone, zone_min (minutes east of UTC) is meant.  False if the text is none of these. */
bool time_parse(str s, i32 zone_min, i64 *utc_ms_out) MUST_USE;
str time_print(arena *a, i64 utc_ms);              /* 2026-03-01T10:20:30Z, with .123 when not whole */
str day_print(arena *a, i64 day);                  /* 2026-03-01 */
#endif
