/* expr_make.h - building expressions in code: what people write as text, without the text. */
#ifndef KERN_EXPR_MAKE_H
#define KERN_EXPR_MAKE_H
#include "kern/expr.h"

/* All borrow their arguments; nodes live in a.  NULL stands for "everything" in expr_both. */
const expr *expr_text_is(arena *a, str column, str text);
const expr *expr_num_is(arena *a, str column, num6 num);
const expr *expr_num_from(arena *a, str column, num6 num); /* column >= num */
const expr *expr_is_missing(arena *a, str column);
const expr *expr_time_from(arena *a, str column, i64 ms);   /* column >= ms */
const expr *expr_time_before(arena *a, str column, i64 ms); /* column < ms */
const expr *expr_not(arena *a, const expr *x);
const expr *expr_always(arena *a); /* true */
const expr *expr_both(arena *a, const expr *x, const expr *y);
const expr *expr_either(arena *a, const expr *x, const expr *y);
/* One form for expressions that select the same by the laws of logic: chains flat, in the order of
** their text and without repetition, "not" moved inwards, lists sorted.  Everything: NULL. */
const expr *expr_normal(arena *a, const expr *x);
#endif
