/* tally_memo.h - answers kept up to an id, so that a question asked again reads only what came since. */
#ifndef STORE_TALLY_MEMO_H
#define STORE_TALLY_MEMO_H
#include "store/tally_int.h"

/* Any thread. */
memo *memo_open(void);
void memo_close(memo *m); /* NULL is fine */

/* What a question holds of the memo while it is asked: all zero at first; memo_give in any case. */
typedef struct {
    memo *of;
    struct kept *held;
} memo_hold;
void memo_give(memo_hold *h);

/* What can be kept: the cells of a question, or (q NULL) the newest rows for which where is true. */
typedef struct {
    tally_answer cells;
    tally_mark *marks; /* newest first */
    size_t marks_n;
} memo_answer;
typedef struct memo_question memo_question;
typedef bool memo_kernel(tally *view, arena *a, const memo_question *q, memo_answer *out, err *e);
struct memo_question {
    const tally_question *q;
    const expr *where;
    size_t limit;
    memo_kernel *kernel; /* answers of the segments of the view it is given */
};
/* The answer of all segments of view. */
bool memo_ask(tally *view, memo_hold *h, arena *a, const memo_question *q, memo_answer *out,
              err *e) MUST_USE;
int newest_first(const void *x, const void *y); /* of tally_mark, for qsort */
#endif
