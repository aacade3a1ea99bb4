/* writer.h - many threads hand signals in; one thread commits them, many requests to one fsync.
**
** What waits while a batch is being written goes together into the next: at a low rate a signal waits
** for nothing, at a high one for at most the batch before it. */
#ifndef FLOW_WRITER_H
#define FLOW_WRITER_H
#include "flow/flow.h"

typedef struct writer writer;

typedef struct {
    flow_options flow;
    /* On the writer's thread, without any lock: after each commit, and every BEAT_MS with nothing new. */
    void (*beat)(void *ctx, const flow_counts *since);
    void (*alerts)(void *ctx); /* the watches (act/alerts.h) found something, or something is over; may be NULL */
    void *ctx;
} writer_options;
enum { WRITER_BEAT_MS = 250 };

/* Opens a handle of its own on the store of url; borrows t. */
bool writer_open(str url, tally *t, const writer_options *o, writer **out, err *e) MUST_USE;
/* What was handed in before is finished.  NULL is fine. */
void writer_close(writer *w);

/* Any thread.  Takes sealed, checked signals, borrowed until it returns, and waits for their commit;
** more than one batch's worth are several commits.  fates may be NULL.  With progress (of a file) they
** are one commit of their own, and at most LIMIT_BATCH_SIGNALS.  false: see flow_take; of several
** commits the first may be stored.  BUSY when the writer is closing. */
bool writer_take(writer *w, const signal *sigs, size_t n, intake *progress, flow_counts *counts,
                 flow_fate *fates, err *e) MUST_USE;

/* Since it was opened.  Any thread. */
typedef struct {
    i64 signals; /* acknowledged: durable and answered, known ones too */
    i64 added, known, deeds;
    i64 commits; /* each is one fsync of the store's log */
    i64 failed;  /* commits that failed; what was in them was refused, or tried again one by one */
    i64 waiting; /* calls of writer_take in the queue now */
} writer_totals;
void writer_count(writer *w, writer_totals *out);

/* Rules in the store have changed: every batch that begins after this call goes by the new ones. */
void writer_rules_changed(writer *w);
#endif
