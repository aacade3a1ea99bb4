/* person.h - a person is erased: from the store, the tally beside it, and the files of rejected rows. */
#ifndef FLOW_PERSON_H
#define FLOW_PERSON_H
#include "store/tally.h"

typedef struct {
    erasure receipt;  /* state done, or wiping: person_finish goes on */
    char uid[37];     /* receipt.uid points here: not to be moved */
    i64 reject_lines; /* taken out of reject files */
} erased;

/* Erases who (store.h: store_erase) through s, a handle that writes, brings t along, takes rows that name
** them out of reject files (those in the store's spool, and the given ones), and wipes the files.  When it
** returns true the rows are gone, from every answer too; out->receipt.state says whether the bytes are
** as well, and *later why not (BUSY: others were reading; or another process keeps the tally's files). */
bool person_erase(store *s, tally *t, arena *a, str who, const str *rejects, size_t rejects_n,
                  erased *out, err *later, err *e) MUST_USE;
/* What an earlier process, or one that was told BUSY, left: all receipts in state wiping.  *done_out of
** them are done now. */
bool person_finish(store *s, tally *t, arena *a, i64 *done_out, i64 *left_out, err *e) MUST_USE;
#endif
