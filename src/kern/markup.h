/* markup.h - from what machines wrapped around the words to the words.
**
**   - HTML entities, named and numeric, become their characters; layers (&amp;lt;) all come off;
**   - HTML tags go: block tags become a line end, cells a space, inline ones nothing; script and
**     style go with their content, comments too.  Only what looks like a tag of HTML is one: "a < b",
**     "<3", and typed tokens such as <phone> or <手机> stay;
**   - ruby noise of scraped pages: a Han character with its reading, 業(yè), keeps the character;
**   - full-width letters and digits become ASCII (punctuation stays as typed);
**   - blanks: runs become one, at most one empty line in a row, none at either end; controls, BOMs
**     and zero-width spaces are dropped.  Emoji and their joiners stay.
** Stripping twice changes nothing: each character is judged once, against what is kept before it. */
#ifndef KERN_MARKUP_H
#define KERN_MARKUP_H
#include "base/base.h"

/* Missing stays missing.  Text without anything to do is returned as it is, uncopied.  Bytes that
** are not UTF-8 become U+FFFD. */
str markup_strip(arena *a, str text);
#endif
