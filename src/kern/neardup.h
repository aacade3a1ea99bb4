/* neardup.h - which of the last N texts is nearly this one?  An index of SimHash values in memory.
**
** Two values at most NEAR_BITS apart agree in at least one of four 16-bit bands (pigeonhole), so four
** short lists are walked.  The index holds the newest `capacity` values; older ones fall out. */
#ifndef KERN_NEARDUP_H
#define KERN_NEARDUP_H
#include "base/base.h"

enum {
    NEAR_BITS = 3, /* Manku, Jain, Das Sarma 2007 */
    NEAR_WALK_MAX =
        1024, /* values of one list looked at, newest first: bounds a flood of equal texts */
};

typedef struct neardup neardup;
neardup *neardup_open(size_t capacity);            /* 32 bytes each, and 1 MiB; at least 1 */
void neardup_close(neardup *n);                    /* NULL is fine */
void neardup_add(neardup *n, i64 simhash, i64 id); /* NONE is not taken */
/* The newest id whose value is at most NEAR_BITS away; false if none, or if simhash is NONE. */
bool neardup_find(const neardup *n, i64 simhash, i64 *id_out);
#endif
