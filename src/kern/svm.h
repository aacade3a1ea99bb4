/* svm.h - learns to tell one class from the rest: a linear support vector machine.
**
** L1-loss, solved by dual coordinate descent with shrinking (Hsieh et al., ICML 2008), each feature
** scaled by how differently the two sides use it: 1 - nb + nb x |log of the naive Bayes ratio|
** (after Wang and Manning, ACL 2012).  A text is the set of its features, each worth 1/sqrt(how
** many).  The order of every sum is fixed: the same texts give the same weights, bit for bit, on
** every machine whose doubles are IEEE 754. */
#ifndef KERN_SVM_H
#define KERN_SVM_H
#include "base/base.h"

/* Texts as sets of features: ids[from[i]] .. ids[from[i + 1]] are those of text i. */
typedef struct {
    const u32 *ids;
    const size_t *from; /* n + 1 */
    size_t n;           /* texts */
    u8 bits;            /* every id < 2^bits */
    const u8 *kinds;    /* of each feature, below SVM_KINDS; or NULL */
} bags;

enum { SVM_KINDS = 8 };
typedef struct {
    double cost;             /* C: how much a wrong text hurts; 1 */
    double trust[SVM_KINDS]; /* scale of each kind of feature; all 1 without kinds */
    double nb;               /* 0..1: how much the naive Bayes ratio scales; 0.5 */
    double balance; /* 0..1: the smaller side weighs (larger / smaller)^balance more; 0.5 */
    double slack;   /* stop when no text violates its condition by more; 0.1 */
    int rounds;     /* at most so many walks over the texts; 100 */
} svm_wish;
extern const svm_wish svm_usual;

/* Room for one training after another over the same texts. */
typedef struct svm svm;
svm *svm_new(arena *a, const bags *texts);

/* weights_out has 2^bits places: the margin of a text is bias + sum of its weights / sqrt(how many
** features it has), positive for the class.  in_class[i]: is text i one of it; take[i]: learn from
** it at all (NULL = from every one).  A side without texts gives all zero and the bias -1 or 1.
** Returns the walks it took. */
int svm_learn(svm *v, const bool *in_class, const bool *take, const svm_wish *wish,
              float *weights_out, float *bias_out);
#endif
