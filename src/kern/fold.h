/* fold.h - folding: two ways of writing the same words become the same bytes, for matching only.
**
** What fold does, in this order, code point by code point:
**   1. compatibility decomposition and canonical composition (Unicode NFKC; marks compose with the
**      character right before them, but are not reordered): full-width, ligatures, fancy letters;
**   2. full case folding;
**   3. traditional characters to simplified ones (kern/hans.h), character by character;
**   4. curly quotes and the many dashes to ' " and -;
**   5. zero-width characters, variation selectors, skin tones and other ignorables are dropped;
**   6. every run of blanks (spaces, tabs, line ends, U+3000, controls) becomes one space; nothing is
**      trimmed, so that ' off ' can be looked for as a word;
**   7. four or more equal characters become three.  Not digits: 10000 is not 1000.
** fold(fold(x)) == fold(x).  Bytes that are not UTF-8 become U+FFFD, one each; NUL is a blank. */
#ifndef KERN_FOLD_H
#define KERN_FOLD_H
#include "base/base.h"

/* Folds text (< 4 GiB) into the arena.  If offsets_out is given, it gets folded.n + 1 entries, never
** falling: folded byte i came from the character that starts at text byte offsets[i], and
** offsets[folded.n] == text.n.  Missing text gives missing folded text (and one offset, 0). */
void fold(arena *a, str text, str *folded_out, u32 **offsets_out);

/* Is the folded needle somewhere in fold(text)?  Folds on the fly and allocates nothing that grows
** with the text.  The needle must be folded by the caller, once; the empty needle is everywhere,
** except in missing text. */
bool fold_has(str text, str folded_needle) MUST_USE;

/* The one code point that c folds to; 0 if it is dropped, or c if it folds to several. */
u32 fold_char(u32 c);
#endif
