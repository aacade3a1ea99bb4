/* ahocorasick.h - finds every one of many terms in a text in one pass.
**
** Source: Aho and Corasick, "Efficient string matching", CACM 18(6), 1975; the goto function lies
** in a double array (Aoe 1989), so a lexicon of 10,000 terms takes about a megabyte.
** Terms and text are bytes, compared as they are: fold both first (kern/fold.h). */
#ifndef KERN_AHOCORASICK_H
#define KERN_AHOCORASICK_H
#include "base/base.h"

/* A term to look for.  Where it begins or ends with a letter or digit of a script that writes
** blanks between words (Latin, Greek, Cyrillic), it is found only at a border of a word. */
typedef struct {
    str text;      /* not empty; not copied: must live as long as the machine */
    bool open_end; /* need not end at a border: "disappoint" finds "disappointed" */
} ac_term;
typedef struct {
    u32 term;       /* index in the terms given to ac_build */
    u32 start, end; /* bytes of the text */
} ac_hit;
typedef struct ac ac;

/* The machine lives in a; building is linear in the bytes of the terms.  Equal terms are all found.
** At most 2^31 bytes of terms. */
ac *ac_build(arena *a, const ac_term *terms, size_t n);

/* Calls found for every occurrence, overlapping ones too: by end, the longest first.  text.n <
 * 2^32. */
typedef void ac_found_fn(void *ctx, const ac_hit *hit);
void ac_scan(const ac *m, str text, ac_found_fn *found, void *ctx);

size_t ac_states(const ac *m); /* for reports */
/* True where a word of a blank-separated script may begin or end: before text[at]. */
bool word_border(str text, size_t at);
#endif
