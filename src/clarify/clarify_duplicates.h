/* clarify_duplicates.h - which items of a batch were said before?
**
** The law:
**   duplicate       the same folded words, and either the same customer or at least
**                   DUPLICATE_MIN_CHARS folded characters: many people say "很好", and each counts
**   near_duplicate  not a duplicate; SimHash at most NEAR_BITS away (kern/neardup.h), whoever said
**                   it; texts under SIMHASH_MIN_CHARS have no SimHash and are never near
** Only quality "ok" is changed.  Spam stays spam and empty stays empty, but both may get a
** duplicate_of.  The earlier one (in the store, then by place in the batch) is the original. */
#ifndef CLARIFY_DUPLICATES_H
#define CLARIFY_DUPLICATES_H
#include "kern/neardup.h"
#include "model/signal.h"

enum { DUPLICATE_MIN_CHARS = 12 };

typedef struct {
    const signal *sig;
    insight *ins;        /* as clarify_signal left it */
    size_t folded_chars; /* clarified.folded_chars */
} clarify_item;

typedef struct {
    /* Writes the id of the first stored signal with these words to *id_out, 0 if none; of this
    ** customer only, unless customer is missing.  false = the store failed, with its sentence.
    ** A store that cannot ask by customer answers 0 then. */
    bool (*known)(void *ctx, i64 words_hash, str customer, i64 *id_out, err *e);
    void *ctx;
    neardup *near; /* of what is stored; NULL = near-duplicates within the batch only */
} clarify_memory;

/* Sets quality and duplicate_of (a stored id, or -1 - index of an item of this batch).  On failure
** (known failed) no item is changed. */
bool clarify_duplicates(arena *a, const clarify_item *items, size_t n, const clarify_memory *m,
                        err *e) MUST_USE;

/* After the batch is stored and has its ids: its SimHashes become part of the memory. */
void clarify_remember(const clarify_item *items, size_t n, const clarify_memory *m);
#endif
