/* eval.h - how often the readers are right on labelled texts. */
#ifndef UNDERSTAND_EVAL_H
#define UNDERSTAND_EVAL_H
#include "understand/reader.h"

/* Sentiment against the truth.  Two classes (no truth is 0): the sign of the score decides; a text
** without any judging word counts as negative, for people who are content say so, while complaints
** often tell facts.  Three classes: the sentiment reader's answer as it stands, missing as neutral.
** Source of the measures: methods of the field; macro-F1 is the plain mean over classes with truth. */
typedef struct {
    i64 n;
    i64 confusion[3][3]; /* [truth + 1][answer + 1] */
    i64 spoke;           /* texts with at least one judging word */
    i64 right_if_spoke;
    /* by tens of confidence: texts, and those answered right; for the calibration */
    i64 sure_n[11], sure_right[11];
} eval_sentiment;

/* Reads one text and counts it.  want, the truth, is -1, 0 or 1; three: see above. */
bool eval_sentiment_add(eval_sentiment *t, arena *a, str words, int want, bool three,
                        err *e) MUST_USE;
double eval_accuracy(const eval_sentiment *t); /* NAN without texts */
double eval_macro_f1(const eval_sentiment *t);
double eval_coverage(const eval_sentiment *t); /* share of texts with a judging word */
#endif
