/* selftaught.h - a sentiment model without any label: the lexicon teaches on the texts where it is
** sure, and the model learns from these what else their words say (self-training; Yarowsky 1995).
**
** The texts with a judging word are the first lessons; the model they make judges all texts, together
** with the lexicon, and what they judge are the lessons of the next round. */
#ifndef UNDERSTAND_SELFTAUGHT_H
#define UNDERSTAND_SELFTAUGHT_H
#include "kern/learn.h"

enum { SELFTAUGHT_SURE_MOST = 90 }; /* percent: its probabilities were never held against labels */
enum { SELFTAUGHT_LEAST = 200 };    /* judged texts of each side, below which nothing is learnt */

/* What a score of the lexicon (understand/findings.h) is worth beside a margin; both are added while
** learning, a quarter of it when the model is asked. */
double selftaught_words(i64 score);

/* Folded texts without labels.  classes are "negative" and "positive".  All in a.  INVALID with one
** sentence when too few texts judge clearly. */
bool selftaught(arena *a, const str *texts, size_t n, learnt *out, err *e) MUST_USE;
#endif
