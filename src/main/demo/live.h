/* live.h - the simulated company goes on: while the pages are open, its customers keep talking.
**
** What they say is what they would say today, by the same seed; how often is told, since a company of
** seventy signals a day would seem asleep.  Each is heard the moment it happens. */
#ifndef MAIN_DEMO_LIVE_H
#define MAIN_DEMO_LIVE_H
#include "main/demo/demo.h"

enum { LIVE_MOST = 64 }; /* signals of one turn */

typedef struct live live;
/* per_minute: 1-6000 on average.  Not on the heap of a request: lives until live_close. */
live *live_open(u64 seed, i64 per_minute, i64 now_ms);
void live_close(live *l); /* NULL is fine */

/* What happened after newest_ms and before now_ms, as thinly as the company usually speaks (a_day signals
** a day), at most the last 29 days: for a store that slept.  In order of time. */
bool live_catch_up(live *l, i64 newest_ms, i64 now_ms, i64 a_day, demo_take *take, void *ctx,
                   err *e) MUST_USE;

/* What is due by now, at most LIVE_MOST at a time; sealed, borrowed until the next call. */
bool live_due(live *l, i64 now_ms, const signal **out, size_t *n_out, err *e) MUST_USE;
#endif
