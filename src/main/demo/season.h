/* season.h - how busy a day is: week, holidays, sales, growth. */
#ifndef MAIN_DEMO_SEASON_H
#define MAIN_DEMO_SEASON_H
#include "base/base.h"

typedef enum { WEEK_OFFICE, WEEK_LEISURE, WEEK_FLAT } week_shape;
typedef enum { MOOD_BUYING, MOOD_TRAVEL, MOOD_ANY } season_shape;
/* Thousandths of an average day.  share_milli: how far into the run, 0-1000 (growth over the year). */
u32 season_permille(i64 day, u32 share_milli, week_shape w, season_shape s);
i64 spring_festival(i32 year); /* first day of the lunar year; about right outside 2024-2032 */
#endif
