/* feed.h - what happens, told at once to everybody who listens (GET /api/v1/events).
**
**   signals {added, total}    new ones since the last, and all there are
**   tickets {open}
**   alerts  {open}             open ones, after any of them changed
**   import  {id, records, added, known, rejected, finished, state}
**
** Who sees one department only gets null for what counts the others': a sign to ask again. */
#ifndef API_FEED_H
#define API_FEED_H
#include "api/api.h"
#include "api/auth.h"
#include "flow/flow.h"

typedef struct feed feed;
feed *feed_open(void);
void feed_hush(feed *f);  /* ends all streams; takes no more */
void feed_close(feed *f); /* NULL is fine */

/* A listener; full: LIMIT_LISTENERS are there. */
bool feed_listen(feed *f, http_request *r, const who *w, err *e) MUST_USE;
/* Any thread. */
void feed_beat(void *x, const flow_counts *since); /* for writer_options; x is the api */
void feed_tickets(api *x);              /* tickets have changed: told with the next beat */
void feed_alerts(void *x);              /* the same of alerts; for writer_options */
void feed_import(api *x, str document); /* told at once */
#endif
