/* slices.h - which part of a whole stands out: the search for the smallest slice, of one to three
** conditions, in which an outcome moved, or lies, otherwise than in all the rest.
**
** Each candidate is measured by z: the change inside it minus the change outside it, over its standard
** error with the pooled variance of each side.  Before, what a different mix of the columns' values
** would do is taken out (an additive fit over both sides together).  The best is the one with the largest
** z^2/2 less the logarithm of the number of candidates with as many conditions: a scan statistic
** (Kulldorff 1997) with the price of the search paid for (as in MDL).  p_adjusted is Bonferroni's over all
** candidates there are, a third of the level for each number of conditions.  What a found slice
** explains is taken out, and the search begins anew.  A signal whose value is missing is neither inside
** nor outside. */
#ifndef KERN_SLICES_H
#define KERN_SLICES_H
#include "kern/expr.h"

enum { SLICE_CONDITIONS = 3, SLICE_CODES = 64, SLICE_COLUMNS = 40, SLICE_LEAST_N = 20 };

/* One column as small numbers: 0 is missing.  Ordered: 1..codes-1 ascend, conditions are the ends.
** rest: the last code stands for all values that have none of their own; it is no condition. */
typedef struct {
    const u8 *code; /* n */
    u8 codes;       /* codes are below it; at most SLICE_CODES */
    bool ordered, rest;
} slice_column;

typedef struct {
    size_t n;
    const double *y;
    const u8 *side; /* 1 now, 0 before; NULL: one side, and the slice is compared with the rest */
    const slice_column *columns;
    size_t columns_n;  /* at most SLICE_COLUMNS */
    size_t conditions; /* 1 to SLICE_CONDITIONS */
    size_t most;       /* slices wanted */
    double alpha;      /* of p_adjusted, 0.05 */
} slices_question;

typedef struct {
    u8 column, low, high; /* codes low..high */
} slice_condition;
typedef struct {
    i64 n;
    double mean, variance; /* of y; n - 1 */
} slice_side;
typedef struct {
    slice_condition conditions[SLICE_CONDITIONS];
    size_t conditions_n;
    slice_side in[2], out[2];       /* [side]; one side: [1] */
    double effect, low, high, z, p; /* inside less outside, mix taken out; 95 % */
    double p_adjusted;
} slice;
typedef struct {
    slice *slices; /* the strongest first; none when nothing is beyond chance */
    size_t slices_n;
    double candidates; /* tried, or told apart from those tried */
} slices_answer;
/* Results live in a; needs about 16 bytes a row beside it. */
void slices_find(arena *a, const slices_question *q, slices_answer *out);
truth slice_holds(const slice *s, const slice_column *columns, size_t row);
#endif
