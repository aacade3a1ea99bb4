/* hans.h - traditional characters and their simplified ones (the table is made by tools/hans.c). */
#ifndef KERN_HANS_H
#define KERN_HANS_H
#include "base/base.h"

extern const u16 hans_pairs[][2];  /* ascending by the traditional one; BMP only */
extern const size_t hans_pairs_n;

/* The text in simplified characters, one for one as OpenCC's tw2sp has them, so of the same length and
** with the same offsets; words are not changed for others (滑鼠 is not 鼠标).  The text itself when it
** has no traditional character.  Any bytes are taken. */
str hans_simplified(arena *a, str text);
/* The same into out, which has room for text.n bytes; returns whether anything changed. */
bool hans_simplify(str text, char *out);
#endif
