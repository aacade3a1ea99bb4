/* linalg.h - small dense matrices (to a few hundred columns), row by row; deterministic.
**
** Everything lives in the arena passed first.  Solvers say false when the matrix is singular to
** working precision; the tolerance is 1e-11 of the largest pivot unless told otherwise. */
#ifndef KERN_LINALG_H
#define KERN_LINALG_H
#include "base/base.h"

typedef struct {
    double *v;
    size_t n;
} vec;
typedef struct {
    str *v;
    size_t n;
} strs;
typedef struct {
    double *v; /* v[i * cols + j] */
    size_t rows, cols;
} mat;

mat mat_new(arena *a, size_t rows, size_t cols); /* zeros */
mat mat_copy(arena *a, mat m);
static inline double *mat_at(mat m, size_t i, size_t j) {
    return &m.v[i * m.cols + j];
}
mat mat_mul(arena *a, mat x, mat y);
vec mat_vec(arena *a, mat x, vec y);
mat mat_transpose(arena *a, mat x);

/* Cholesky, in place in the lower triangle; false unless positive definite (pivot <= tol * diagonal). */
bool cholesky(mat m, double tol);
void cholesky_solve(mat l, double *b); /* b becomes the solution */
/* Symmetric positive definite inverse; false if singular. */
bool spd_inverse(arena *a, mat m, mat *out);

/* Gauss with partial pivoting: solves m x = b (b: rows x k, becomes x). */
bool lu_solve(arena *a, mat m, mat b);

/* Least squares by Householder QR of columns scaled to length 1 (Golub & Van Loan 5.2):
** min |m x - b|.  rank < cols: false.  cov_out (optional): (M'M)^-1. */
bool least_squares(arena *a, mat m, vec b, vec *x_out, mat *cov_out);

/* Symmetric eigenvalues (largest first) and vectors (columns of q), cyclic Jacobi. */
void sym_eigen(arena *a, mat m, vec *values, mat *q);
#endif
