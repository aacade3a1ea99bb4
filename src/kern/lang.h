/* lang.h - which language a text is written in, by script first, then by words and letters.
**
**   zh-Hans, zh-Hant  Han letters x 3 >= Latin letters; the form by characters only one form has
**   ja, ko            kana >= 1 and >= 20 % of the Han; Hangul >= 2 and the majority
**   ru, uk, bg        Cyrillic, by letters that only one of them has, then by runs of letters
**   th ar fa he el hi   their scripts (fa by its own letters)
**   en de fr es it pt nl sv da no fi pl cs tr id vi ro hu   Latin: frequent function words, letters
**                     with marks and typical letter runs vote, our own short lists;
**                     where these are not clear, naive Bayes over libexttextcat's profiles
**                     (Cavnar and Trenkle 1994 count the same runs) beside them
**   und               fewer than two letters (one Han character is zh), or few Latin ones that vote for
**                     nothing: no language is better than a wrong one */
#ifndef KERN_LANG_H
#define KERN_LANG_H
#include "base/base.h"

/* A BCP 47 tag with static life.  Typed tokens (<phone>, see kern/pii.h), URLs, e-mail addresses and
** @names do not vote. */
str lang_of(str text);
#endif
