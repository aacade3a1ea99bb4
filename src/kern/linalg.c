/* linalg.c - small dense matrices. */
#include "kern/linalg.h"

mat mat_new(arena *a, size_t rows, size_t cols) {
    check(cols == 0 || rows <= SIZE_MAX / sizeof(double) / cols);
    return (mat){NEW_N(a, double, rows *cols), rows, cols};
}

mat mat_copy(arena *a, mat m) {
    mat r = mat_new(a, m.rows, m.cols);
    if (m.rows > 0 && m.cols > 0) memcpy(r.v, m.v, m.rows * m.cols * sizeof *m.v);
    return r;
}

mat mat_mul(arena *a, mat x, mat y) {
    check(x.cols == y.rows);
    mat r = mat_new(a, x.rows, y.cols);
    for (size_t i = 0; i < x.rows; i++)
        for (size_t k = 0; k < x.cols; k++)
            for (size_t j = 0; j < y.cols; j++)
                *mat_at(r, i, j) += *mat_at(x, i, k) * *mat_at(y, k, j);
    return r;
}

vec mat_vec(arena *a, mat x, vec y) {
    check(x.cols == y.n);
    vec r = {NEW_N(a, double, x.rows), x.rows};
    for (size_t i = 0; i < x.rows; i++)
        for (size_t j = 0; j < x.cols; j++) r.v[i] += *mat_at(x, i, j) * y.v[j];
    return r;
}

mat mat_transpose(arena *a, mat x) {
    mat r = mat_new(a, x.cols, x.rows);
    for (size_t i = 0; i < x.rows; i++)
        for (size_t j = 0; j < x.cols; j++) *mat_at(r, j, i) = *mat_at(x, i, j);
    return r;
}

bool cholesky(mat m, double tol) {
    check(m.rows == m.cols);
    for (size_t j = 0; j < m.cols; j++) {
        double d = *mat_at(m, j, j), whole = fabs(d);
        for (size_t k = 0; k < j; k++) d -= *mat_at(m, j, k) * *mat_at(m, j, k);
        if (!(d > tol * whole) || !(d > 0)) return false;
        d = sqrt(d);
        *mat_at(m, j, j) = d;
        for (size_t i = j + 1; i < m.rows; i++) {
            double s = *mat_at(m, i, j);
            for (size_t k = 0; k < j; k++) s -= *mat_at(m, i, k) * *mat_at(m, j, k);
            *mat_at(m, i, j) = s / d;
        }
    }
    return true;
}

void cholesky_solve(mat l, double *b) {
    for (size_t i = 0; i < l.rows; i++) {
        for (size_t k = 0; k < i; k++) b[i] -= *mat_at(l, i, k) * b[k];
        b[i] /= *mat_at(l, i, i);
    }
    for (size_t i = l.rows; i-- > 0;) {
        for (size_t k = i + 1; k < l.rows; k++) b[i] -= *mat_at(l, k, i) * b[k];
        b[i] /= *mat_at(l, i, i);
    }
}

bool spd_inverse(arena *a, mat m, mat *out) {
    mat l = mat_copy(a, m);
    if (!cholesky(l, 1e-11)) return false;
    mat r = mat_new(a, m.rows, m.rows);
    for (size_t j = 0; j < m.rows; j++) { /* row j is column j: the inverse is symmetric */
        *mat_at(r, j, j) = 1;
        cholesky_solve(l, mat_at(r, j, 0));
    }
    *out = r;
    return true;
}

static void swap_rows(mat m, size_t i, size_t k) {
    for (size_t j = 0; j < m.cols; j++) {
        double t = *mat_at(m, i, j);
        *mat_at(m, i, j) = *mat_at(m, k, j);
        *mat_at(m, k, j) = t;
    }
}

static void eliminate(mat u, mat b, size_t k) {
    for (size_t i = k + 1; i < u.rows; i++) {
        double f = *mat_at(u, i, k) / *mat_at(u, k, k);
        if (f == 0) continue;
        for (size_t j = k; j < u.cols; j++) *mat_at(u, i, j) -= f * *mat_at(u, k, j);
        for (size_t j = 0; j < b.cols; j++) *mat_at(b, i, j) -= f * *mat_at(b, k, j);
    }
}

bool lu_solve(arena *a, mat m, mat b) {
    check(m.rows == m.cols && b.rows == m.rows);
    mat u = mat_copy(a, m);
    double largest = 0;
    for (size_t i = 0; i < m.rows * m.cols; i++) largest = fmax(largest, fabs(m.v[i]));
    for (size_t k = 0; k < u.rows; k++) {
        size_t best = k;
        for (size_t i = k + 1; i < u.rows; i++)
            if (fabs(*mat_at(u, i, k)) > fabs(*mat_at(u, best, k))) best = i;
        if (!(fabs(*mat_at(u, best, k)) > 1e-13 * largest)) return false;
        swap_rows(u, k, best);
        swap_rows(b, k, best);
        eliminate(u, b, k);
    }
    for (size_t c = 0; c < b.cols; c++)
        for (size_t i = u.rows; i-- > 0;) {
            for (size_t k = i + 1; k < u.rows; k++)
                *mat_at(b, i, c) -= *mat_at(u, i, k) * *mat_at(b, k, c);
            *mat_at(b, i, c) /= *mat_at(u, i, i);
        }
    return true;
}

/* One Householder reflection: makes column j of q zero below the diagonal, and turns b along. */
static void reflect(mat q, vec b, size_t j) {
    double norm = 0;
    for (size_t i = j; i < q.rows; i++) norm = hypot(norm, *mat_at(q, i, j));
    if (norm == 0) return;
    double alpha = *mat_at(q, j, j) > 0 ? -norm : norm, vv = 0;
    *mat_at(q, j, j) -= alpha;
    for (size_t i = j; i < q.rows; i++) vv += *mat_at(q, i, j) * *mat_at(q, i, j);
    for (size_t k = j + 1; k <= q.cols; k++) { /* k == cols: b */
        double s = 0;
        for (size_t i = j; i < q.rows; i++)
            s += *mat_at(q, i, j) * (k < q.cols ? *mat_at(q, i, k) : b.v[i]);
        s *= 2 / vv;
        for (size_t i = j; i < q.rows; i++)
            *(k < q.cols ? mat_at(q, i, k) : &b.v[i]) -= s * *mat_at(q, i, j);
    }
    for (size_t i = j + 1; i < q.rows; i++) *mat_at(q, i, j) = 0;
    *mat_at(q, j, j) = alpha;
}

/* (R'R)^-1 of the upper triangle of q, columns scaled back. */
static mat triangle_cov(arena *a, mat q, const double *scale) {
    size_t k = q.cols;
    mat inv = mat_new(a, k, k), cov = mat_new(a, k, k);
    for (size_t c = 0; c < k; c++)
        for (size_t i = c + 1; i-- > 0;) {
            double s = i == c;
            for (size_t j = i + 1; j <= c; j++) s -= *mat_at(q, i, j) * *mat_at(inv, j, c);
            *mat_at(inv, i, c) = s / *mat_at(q, i, i);
        }
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            for (size_t c = 0; c < k; c++)
                *mat_at(cov, i, j) += *mat_at(inv, i, c) * *mat_at(inv, j, c);
            *mat_at(cov, i, j) /= scale[i] * scale[j];
        }
    return cov;
}

static bool scale_columns(mat q, double *scale) {
    for (size_t j = 0; j < q.cols; j++) {
        for (size_t i = 0; i < q.rows; i++) scale[j] = hypot(scale[j], *mat_at(q, i, j));
        if (!(scale[j] > 0) || !isfinite(scale[j])) return false;
        for (size_t i = 0; i < q.rows; i++) *mat_at(q, i, j) /= scale[j];
    }
    return true;
}

bool least_squares(arena *a, mat m, vec b, vec *x_out, mat *cov_out) {
    check(m.rows == b.n);
    if (m.rows < m.cols || m.cols == 0) return false;
    mat q = mat_copy(a, m);
    vec y = {NEW_N(a, double, b.n), b.n}, x = {NEW_N(a, double, m.cols), m.cols};
    memcpy(y.v, b.v, b.n * sizeof *b.v);
    double *scale = NEW_N(a, double, m.cols);
    if (!scale_columns(q, scale)) return false;
    for (size_t j = 0; j < m.cols; j++) {
        reflect(q, y, j);
        if (!(fabs(*mat_at(q, j, j)) > 1e-10)) return false;
    }
    for (size_t i = m.cols; i-- > 0;) {
        x.v[i] = y.v[i];
        for (size_t j = i + 1; j < m.cols; j++) x.v[i] -= *mat_at(q, i, j) * x.v[j];
        x.v[i] /= *mat_at(q, i, i);
    }
    if (cov_out) *cov_out = triangle_cov(a, q, scale);
    for (size_t i = 0; i < m.cols; i++) x.v[i] /= scale[i];
    *x_out = x;
    return true;
}

/* One Jacobi rotation of rows and columns p < r. */
static void rotate(mat s, mat q, size_t p, size_t r) {
    double apr = *mat_at(s, p, r);
    if (apr == 0) return;
    double theta = (*mat_at(s, r, r) - *mat_at(s, p, p)) / (2 * apr);
    double t = (theta >= 0 ? 1 : -1) / (fabs(theta) + sqrt(theta * theta + 1));
    double c = 1 / sqrt(t * t + 1), n = t * c;
    for (size_t k = 0; k < s.rows; k++) {
        double x = *mat_at(s, k, p), y = *mat_at(s, k, r);
        *mat_at(s, k, p) = c * x - n * y;
        *mat_at(s, k, r) = n * x + c * y;
    }
    for (size_t k = 0; k < s.rows; k++) {
        double x = *mat_at(s, p, k), y = *mat_at(s, r, k);
        *mat_at(s, p, k) = c * x - n * y;
        *mat_at(s, r, k) = n * x + c * y;
        x = *mat_at(q, k, p), y = *mat_at(q, k, r);
        *mat_at(q, k, p) = c * x - n * y;
        *mat_at(q, k, r) = n * x + c * y;
    }
}

static double off_diagonal(mat s) {
    double sum = 0;
    for (size_t i = 0; i < s.rows; i++)
        for (size_t j = 0; j < s.cols; j++)
            if (i != j) sum += *mat_at(s, i, j) * *mat_at(s, i, j);
    return sum;
}

void sym_eigen(arena *a, mat m, vec *values, mat *q_out) {
    check(m.rows == m.cols);
    size_t n = m.rows;
    mat s = mat_copy(a, m), q = mat_new(a, n, n), sorted = mat_new(a, n, n);
    double whole = off_diagonal(m);
    for (size_t i = 0; i < n; i++)
        *mat_at(q, i, i) = 1, whole += *mat_at(m, i, i) * *mat_at(m, i, i);
    for (int sweep = 0; sweep < 60 && off_diagonal(s) > 1e-32 * whole; sweep++)
        for (size_t p = 0; p + 1 < n; p++)
            for (size_t r = p + 1; r < n; r++) rotate(s, q, p, r);
    vec d = {NEW_N(a, double, n), n};
    for (size_t k = 0; k < n; k++) { /* selection: the largest that is left */
        size_t best = SIZE_MAX;
        for (size_t i = 0; i < n; i++)
            if (!isnan(*mat_at(s, i, i)) &&
                (best == SIZE_MAX || *mat_at(s, i, i) > *mat_at(s, best, best)))
                best = i;
        if (best == SIZE_MAX) break;
        d.v[k] = *mat_at(s, best, best);
        for (size_t i = 0; i < n; i++) *mat_at(sorted, i, k) = *mat_at(q, i, best);
        *mat_at(s, best, best) = NAN;
    }
    *values = d;
    *q_out = sorted;
}
