/* flow.h - the corridor: walks signals hear -> clarify -> understand -> act -> store -> tally. */
#ifndef FLOW_FLOW_H
#define FLOW_FLOW_H
#include "base/world.h"
#include "store/tally.h"

typedef struct flow flow;

typedef struct {
    world *w;
    int threads; /* that analyse; 0 = 1; what comes out does not depend on it */
    bool silent; /* no readers and no rules: store and count only */
} flow_options;

typedef struct {
    i64 added, known;                      /* of what was taken */
    i64 duplicates, spam, redacted, deeds; /* of what was added */
} flow_counts;

/* Borrows s and t until flow_close; s may be another handle than the one t follows.  Loads the enabled rules
** and what is needed to see duplicates. */
bool flow_open(store *s, tally *t, const flow_options *o, flow **out, err *e) MUST_USE;
void flow_close(flow *f);

/* Takes sealed, checked signals (borrowed) through all rooms and commits them as one batch, with the
** progress row if given.  When it returns true they are durable, in the tally, and their deeds are
** done.  false before the commit: nothing of the batch is stored.  Adds to *counts. */
bool flow_take(flow *f, const signal *sigs, size_t n, intake *progress, flow_counts *counts,
               err *e) MUST_USE;

/* The same, and says what became of each: fates[0..n), filled in when it returns true. */
typedef struct {
    i64 id; /* of the signal; of the first one when it was known */
    bool added;
} flow_fate;
bool flow_take_each(flow *f, const signal *sigs, size_t n, intake *progress, flow_counts *counts,
                    flow_fate *fates, err *e) MUST_USE;

/* Takes what others (a command line) have put into the store since into the tally; cheap when nothing. */
bool flow_follow(flow *f, err *e) MUST_USE;

/* Reads signals again as this version of Heed reads: new insights for those with the ids (ascending), or for
** all that are there when it begins (ids NULL).  Rules are not asked again: tags stay, and so does what is
** known of duplicates.  Each batch is one commit; the tally follows at the end, so that questions see
** either the old reading or the new one.  Interrupted (step returns false: what is committed stays) it fails
** with BUSY.  *done_out: signals with a new insight. */
typedef bool reread_step(void *ctx, i64 done, i64 total);
bool flow_reread(flow *f, const i64 *ids, size_t n, reread_step *step, void *ctx, i64 *done_out,
                 err *e) MUST_USE;

/* Takes up the rules as they are in the store now; on failure the old ones stay. */
bool flow_reload(flow *f, err *e) MUST_USE;

/* Carries out pending deeds that are due; what fails is tried again later (1 m, 5 m, 30 m, 2 h, then
** every 12 h; DEED_ATTEMPTS_MAX times).  Adds the number done to *done. */
bool outbox_run(store *s, world *w, i64 *done, err *e) MUST_USE;
enum { DEED_ATTEMPTS_MAX = 10 };

/* A new store gets departments, roles and two rules that open tickets for the worst voices.  Does
** nothing to a store that has any rule or department. */
bool flow_furnish(store *s, err *e) MUST_USE;
#endif
