/* expr.h - the one expression language: filters, segments and rules.
**
**   channel = 'call' and score:nps <= 6 and occurred_at >= 2026-01-01
**   product in ('latte','mocha') and (words ~ '退款' or not city is missing)
**
** Comparisons: = != < <= > >= in ( ), not in ( ), ~, not ~, is missing, is not missing; and, or, not,
** ( ), true, false.
** Literals: 'text' or "text" (a doubled quote is a quote), numbers, dates and moments (2026-01-01,
** 2026-01-01T08:00Z; a day may name its zone: 2026-01-01+08:00), true, false.
** A column name is letters of any script, digits, _ : . - (a name with blanks
** stands in backquotes: `Customer Type`).  Keywords are ASCII and case-insensitive.
** Logic is three-valued as in SQL: a comparison with a missing value is unknown, and what is not
** known to be true is not selected.  "x != 'a'" therefore does not select missing x. */
#ifndef KERN_EXPR_H
#define KERN_EXPR_H
#include "base/base.h"
#include "base/zone.h"
#include "kern/num6.h"

typedef enum {
    EXPR_AND,
    EXPR_OR,
    EXPR_NOT,
    EXPR_CMP,
    EXPR_IN,
    EXPR_HAS,
    EXPR_MISSING,
    EXPR_CONST
} expr_op;
typedef enum { CMP_EQ, CMP_NE, CMP_LT, CMP_LE, CMP_GT, CMP_GE } expr_cmp;
typedef enum { VALUE_MISSING, VALUE_TEXT, VALUE_NUM, VALUE_TIME } value_kind;

typedef struct {
    value_kind kind;
    str text;       /* VALUE_TEXT */
    num6 num;       /* VALUE_NUM; true and false are 1 and 0 */
    i64 ms;         /* VALUE_TIME, UTC */
    bool whole_day; /* VALUE_TIME written as a date: "= date" means any moment of that day */
    i64 shift_ms;   /* by how much that day is longer than 24 hours: clocks were set */
} value;

typedef struct expr expr;
struct expr {
    expr_op op;
    expr_cmp cmp;  /* EXPR_CMP */
    str column;    /* CMP, IN, HAS, MISSING */
    value *values; /* CMP: 1, IN: n, HAS: 1 text */
    size_t values_n;
    bool constant;            /* EXPR_CONST */
    const expr *left, *right; /* AND, OR; NOT uses left */
    u32 at;                   /* byte offset in the text, for messages */
};

/* Parses the whole text; zone_min gives the zone of dates written without one.  Empty text is
** "everything".  Fails with one sentence that names the place, in characters counted from 1:
** `at 17: want a value after "<=", but the text ends`.  Chains of and (or) lean to the left. */
bool expr_parse(arena *a, str text, i32 zone_min, const expr **out, err *e) MUST_USE;
/* The same, where dates are those of a zone whose clocks are set twice a year; NULL = zone_min. */
bool expr_parse_zone(arena *a, str text, i32 zone_min, const time_zone *zone, const expr **out,
                     err *e) MUST_USE;
void expr_print(buf *b, const expr *x); /* canonical text: parses back to the same tree */

typedef enum { NO, YES, UNKNOWN } truth;
truth truth_and(truth a, truth b);
truth truth_or(truth a, truth b);
truth truth_not(truth a);

/* Slow and obvious evaluation of one row.  get fills *out (missing if the row lacks the column).
** has tests `column ~ text`: the caller decides what matching means (folding). */
typedef struct {
    void (*get)(void *ctx, str column, value *out);
    truth (*has)(void *ctx, str column, str text);
    void *ctx;
} expr_row;
truth expr_eval(const expr *x, const expr_row *row);
truth value_compare(expr_cmp cmp, const value *have, const value *want); /* kinds differ: UNKNOWN */

/* Calls fn for each column named, in order of appearance. */
void expr_columns(const expr *x, void (*fn)(void *ctx, str column), void *ctx);
#endif
