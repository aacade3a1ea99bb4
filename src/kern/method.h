/* method.h - a method of calculation, by name: JSON in, JSON out.  One file in methods/ is one method.
**
** A method is pure: the same input gives the same bytes on every machine and with any number of
** threads.  What is undefined is null, and "undefined" at the end of the answer names the reason of
** each null by its path; never 0, never a crash, never "nan".  Bad input is one sentence that names
** the field.
**
** Reading is sticky: the first bad field fills the error, and from then on the in_ functions give
** zeros and empty lists.  A method asks calc_ok() after reading and before it calculates. */
#ifndef KERN_METHOD_H
#define KERN_METHOD_H
#include "base/json.h"
#include "kern/linalg.h"

enum { CALC_DEPTH = 8 }; /* nesting of an answer */

typedef struct {
    arena *a;
    const json *in; /* the input object */
    err *e;
    bool bad;
    i64 steps; /* work done, of LIMIT_CALC_STEPS */
    json_out out;
    const char *path[CALC_DEPTH];
    bool list[CALC_DEPTH];
    u32 index[CALC_DEPTH], depth;
    json_out reasons;
    i64 reasons_n;
} calc;

typedef struct {
    const char *name;     /* "csat": as its file; people may write - for _ */
    const char *title[3]; /* en, zh-CN, zh-TW */
    const char *source;   /* who published it, and where */
    const char *formula;  /* in plain text */
    const char *input;    /* fields, one a line: "name  what it is" */
    const char *output;   /* the same */
    const char *example;  /* an input that works */
    bool (*run)(calc *c); /* false: *c->e says why */
} method;
extern const method *const methods[];
extern const size_t methods_n;

const method *method_find(str name); /* NULL: there is none */
/* Runs m on the input object; the answer is one JSON object, in a. */
bool method_run(arena *a, const method *m, const json *input, buf *answer, err *e) MUST_USE;
void method_write(json_out *j, const method *m); /* all that is said of it, as an object */

/* ---- why a number is undefined: it travels in the NaN, so that formulas pass it on ---- */
typedef enum {
    NO_DATA,       /* nothing to count */
    TOO_FEW,       /* fewer than the formula needs */
    ZERO_VARIANCE, /* nothing differs */
    SINGULAR,      /* columns say the same thing */
    SEPARATION,    /* a group is told apart perfectly: estimates run away */
    NOT_REACHED,   /* as the median of a curve that stays above one half */
    NO_CONVERGENCE,
    INFINITE, /* division by nought */
} reason;
double undefined(reason r);
static inline double ratio(double a, double b) { /* b == 0: undefined, no data */
    return b != 0 ? a / b : undefined(NO_DATA);
}

/* ---- reading; at == NULL: the input object.  key is named in the sentence ---- */
static inline bool calc_ok(const calc *c) {
    return !c->bad;
}
bool calc_bad(calc *c, const char *fmt, ...) PRINTF(2, 3); /* INVALID; yields false */
bool calc_steps(calc *c, double n);                        /* false and LIMIT: too much work */
const char *calc_cstr(calc *c, str s);                     /* NUL at its end; NULs inside end it */

bool in_has(const calc *c, const json *at, const char *key); /* there, and not null */
const json *in_get(calc *c, const json *at, const char *key);
double in_num(calc *c, const json *at, const char *key); /* finite */
double in_num_of(calc *c, const json *at, const char *key, double low, double high);
double in_maybe(calc *c, const json *at, const char *key, double low, double high, double usual);
i64 in_int(calc *c, const json *at, const char *key, i64 low, i64 high);
i64 in_maybe_int(calc *c, const json *at, const char *key, i64 low, i64 high, i64 usual);
str in_text(calc *c, const json *at, const char *key); /* numbers give their text */
str in_maybe_text(calc *c, const json *at, const char *key, str usual);
bool in_flag(calc *c, const json *at, const char *key, bool usual);
vec in_nums(calc *c, const json *at, const char *key);             /* all there */
vec in_gaps(calc *c, const json *at, const char *key);             /* null is NAN */
vec in_counts(calc *c, const json *at, const char *key, size_t n); /* whole, >= 0; n 0 = any */
strs in_texts(calc *c, const json *at, const char *key);
mat in_mat(calc *c, const json *at, const char *key, bool gaps); /* rows of one length */
const json *in_list(calc *c, const json *at, const char *key);   /* an array; never NULL */
const json *in_object(calc *c, const json *at, const char *key); /* an object; never NULL */
/* Values without a key: what of a list. */
double in_value(calc *c, const json *v, const char *what);
str in_word(calc *c, const json *v, const char *what);
const json *in_nth(calc *c, const json *list, u32 i, const char *what);  /* never NULL */
bool in_same(calc *c, const char *a, size_t n, const char *b, size_t m); /* lengths are equal */

/* A table: {"columns": [...], "rows": [[...], ...]}; a command line may name a file instead. */
typedef struct {
    strs columns;
    size_t rows;
    const json **cells; /* rows x columns */
} table;
/* key == NULL: the input itself; else input.key, or the input itself when it has columns. */
table in_table(calc *c, const char *key);
size_t in_column(calc *c, const table *t, str name);
vec column_nums(calc *c, const table *t, size_t column);   /* empty cells are NAN */
strs column_texts(calc *c, const table *t, size_t column); /* empty cells are missing */

/* ---- writing; key is NULL inside a list ---- */
void out_num(calc *c, const char *key, double v); /* not finite: null with its reason */
void out_int(calc *c, const char *key, i64 v);
void out_text(calc *c, const char *key, str s);
void out_word(calc *c, const char *key, const char *s);
void out_bool(calc *c, const char *key, bool v);
void out_null(calc *c, const char *key, reason r);
void out_nums(calc *c, const char *key, vec v);
void out_pair(calc *c, const char *key, double a, double b);
void out_mat(calc *c, const char *key, mat m);
void out_texts(calc *c, const char *key, strs s);
void out_open(calc *c, const char *key); /* an object */
void out_list(calc *c, const char *key);
void out_end(calc *c); /* of the newest object or list */

/* ---- lists ---- */
vec vec_new(arena *a, size_t n);
vec vec_copy(arena *a, vec v);
void vec_sort(vec v);
size_t *order_of(arena *a, vec v);    /* places, smallest first; equal ones keep their order */
vec ranks_of(arena *a, vec v);        /* 1..n, ties share the average */
strs strs_distinct(arena *a, strs s); /* in bytewise order */
size_t strs_find(strs sorted, str s); /* SIZE_MAX: not there */
#endif
