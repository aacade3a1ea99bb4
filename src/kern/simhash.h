/* simhash.h - fingerprints of texts: equal for equal ones, near for near ones. */
#ifndef KERN_SIMHASH_H
#define KERN_SIMHASH_H
#include "base/base.h"

enum { SIMHASH_MIN_CHARS = 16 }; /* shorter texts share too few 3-grams to be called near */

/* XXH3-64 of the folded text without blanks at its ends; never NONE. NONE if nothing is left. */
i64 words_hash(str folded);

/* 64-bit SimHash (Charikar 2002) over FNV-1a, by code points, of each run of three characters of the
** folded text; a number of any length counts as one 0.  NONE if fewer than SIMHASH_MIN_CHARS
** characters are left; else never NONE. */
i64 simhash64(str folded);

static inline int simhash_distance(i64 a, i64 b) { /* Hamming, 0..64 */
    return __builtin_popcountll((u64)a ^ (u64)b);
}
#endif
