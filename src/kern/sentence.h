/* sentence.h - where sentences end, in Chinese and English (and what is written like them).
**
** A sentence ends behind 。！？!?… or a run of them with the closing quotes and brackets that follow,
** behind a line end, and behind a "." that is followed by a blank or the end and is not part of an
** abbreviation (Mr. e.g. U.S.), a number (3.5), an ellipsis before a small letter, or an initial. */
#ifndef KERN_SENTENCE_H
#define KERN_SENTENCE_H
#include "base/base.h"

/* Byte offsets where sentences end, rising, in the arena; the last one is text.n.  Blanks between two
** sentences belong to the first.  No text or blanks only: none.  Returns how many. */
size_t sentences_split(arena *a, str text, u32 **ends_out);
#endif
