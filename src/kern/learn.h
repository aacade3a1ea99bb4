/* learn.h - from labelled texts to a linear model, with figures on texts it was not taught with.
**
** One class against the rest for each class (two exclusive classes need one), by kern/svm.h.  The
** figures, the probabilities and the thresholds come from cross-validation: the texts are dealt into
** folds, by class and in turn, each fold is judged by a model taught with the others; at the end the
** model is taught with all.  The same texts in the same order give the same bytes. */
#ifndef KERN_LEARN_H
#define KERN_LEARN_H
#include "kern/linear.h"
#include "kern/svm.h"

/* Folded texts and their classes: text i has labels[from[i]] .. labels[from[i + 1]] (one, unless
** many).  Texts with equal group (> 0) are kept in one fold: near-duplicates, one customer. */
typedef struct {
    const str *texts;
    const u32 *labels;
    const size_t *from; /* n + 1 */
    const u32 *groups;  /* or NULL */
    size_t n;
    const str *classes; /* in bytewise order */
    size_t classes_n;
    bool many; /* several classes, or none, may be true of one text */
} lessons;

/* With many classes each has few texts, and the naive Bayes ratio is mostly chance. */
enum { LEARN_FEW = 8 };
typedef struct {
    grams_shape shape;
    svm_wish svm;
    double nb_many; /* svm.nb where there are more than LEARN_FEW classes */
    u32 folds; /* 2..20; 0 = no cross-validation: no figures, no probabilities */
} learn_wish;
extern const learn_wish learn_usual;

/* How right a model is.  NAN where nothing can be said. */
typedef struct {
    i64 n;
    double accuracy;                 /* many: all classes of a text right */
    double macro_f1, micro_f1;       /* macro: over the classes that stand in the texts */
    double calibration;              /* expected error of the probability of the class said */
    double *recall, *precision, *f1; /* of each class */
    i64 *support;                    /* texts of each class */
} learn_figures;

typedef struct {
    linear_draft *draft;
    learn_figures figures; /* n == 0 without cross-validation */
} learnt;

/* All in a; ~5 bytes for each feature of each text, and 2^bits bytes for each class.  INVALID when
** there is nothing to learn (fewer than two classes with texts), with one sentence. */
bool learn(arena *a, const lessons *l, const learn_wish *w, learnt *out, err *e) MUST_USE;

/* What a model makes of labelled texts: the same figures, on them. */
void learn_examine(arena *a, const linear *m, const lessons *l, learn_figures *out);
#endif
