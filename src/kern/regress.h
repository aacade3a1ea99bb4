/* regress.h - regressions on tables: an outcome, and columns said to move it. */
#ifndef KERN_REGRESS_H
#define KERN_REGRESS_H
#include "kern/method.h"

typedef struct {
    vec y;
    mat x;          /* rows x columns, without intercept */
    strs names;     /* of the columns */
    size_t dropped; /* rows with a gap in any of them */
} regression;
enum { REGRESSORS_MAX = 300 };
/* outcome and columns of a table by name; columns NO list: all others.  Rows with gaps are left out. */
regression in_regression(calc *c, const table *t, str outcome, const char *columns_key);
strs others_of(calc *c, const table *t, str outcome);
regression regression_of(calc *c, const table *t, str outcome, strs columns);

typedef struct {
    vec coef, se; /* [0] the intercept */
    double rss, tss, r2, residual_sd, df;
    bool singular; /* then coef and se are undefined */
} ols_fit;
ols_fit ols(arena *a, mat x, vec y); /* with an intercept; QR */

typedef struct {
    vec coef, se;
    double loglik, null_loglik;
    reason why; /* when coef is undefined: SINGULAR, SEPARATION, ZERO_VARIANCE */
    bool found;
} logit_fit;
/* y is 0 or 1; iterated reweighted least squares.  Perfectly told groups: SEPARATION. */
logit_fit logit(arena *a, mat x, vec y);
#endif
