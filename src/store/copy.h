/* copy.h - a whole store as one new file, while others read and write it. */
#ifndef STORE_COPY_H
#define STORE_COPY_H
#include "store/store.h"

/* Pages so far and all there are; false breaks the copy off (BUSY). */
typedef bool copy_step(void *ctx, i64 done, i64 total);

/* Copies one state of the store, that of the moment it begins, to the new file `to`: nothing of what is
** written meanwhile, all of what was acknowledged before.  The copy is read through (pages and indexes),
** then every reference in it, flushed to disk, and only then gets its name.  CONFLICT when `to` is there;
** on failure nothing is left.  step may be NULL.  The tally is not copied: it is made again. */
bool store_copy(store *s, str to, copy_step *step, void *ctx, err *e) MUST_USE;
#endif
