/* implicit_als.c - one sweep of matrix factorisation of what people did, not of what they rated. */
#include "kern/method.h"
#include "kern/moments.h"

/* The factors of one side by those of the other; counts by rows of that side. */
static bool half(calc *c, mat counts, mat other, double lambda, double alpha, mat *out) {
    size_t k = other.cols;
    mat base = mat_mul(c->a, mat_transpose(c->a, other), other);
    for (size_t i = 0; i < k; i++) *mat_at(base, i, i) += lambda;
    *out = mat_new(c->a, counts.rows, k);
    for (size_t u = 0; u < counts.rows; u++) {
        mat m = mat_copy(c->a, base);
        double *b = mat_at(*out, u, 0);
        for (size_t i = 0; i < counts.cols; i++) {
            double r = *mat_at(counts, u, i);
            if (r <= 0) continue;
            for (size_t p = 0; p < k; p++) {
                b[p] += (1 + alpha * r) * *mat_at(other, i, p);
                for (size_t q = 0; q < k; q++)
                    *mat_at(m, p, q) += alpha * r * *mat_at(other, i, p) * *mat_at(other, i, q);
            }
        }
        if (!cholesky(m, 1e-14)) return false;
        cholesky_solve(m, b);
    }
    return true;
}

static double objective(mat counts, mat x, mat y, double lambda, double alpha) {
    neat s = {0};
    for (size_t u = 0; u < counts.rows; u++)
        for (size_t i = 0; i < counts.cols; i++) {
            double r = *mat_at(counts, u, i), p = r > 0;
            for (size_t k = 0; k < x.cols; k++) p -= *mat_at(x, u, k) * *mat_at(y, i, k);
            neat_add(&s, (1 + alpha * fmax(r, 0)) * p * p);
        }
    for (size_t i = 0; i < x.rows * x.cols; i++) neat_add(&s, lambda * x.v[i] * x.v[i]);
    for (size_t i = 0; i < y.rows * y.cols; i++) neat_add(&s, lambda * y.v[i] * y.v[i]);
    return neat_sum(&s);
}

static bool run(calc *c) {
    mat counts = in_mat(c, NULL, "counts", false), y = in_mat(c, NULL, "item_factors", false), x,
        after;
    double lambda = in_num_of(c, NULL, "lambda", 1e-9, 1e9),
           alpha = in_num_of(c, NULL, "alpha", 0, 1e9);
    if (calc_ok(c)) in_same(c, "item_factors", y.rows, "counts (columns)", counts.cols);
    for (size_t i = 0; i < counts.rows * counts.cols && calc_ok(c); i++)
        if (counts.v[i] < 0) calc_bad(c, "\"counts\" must hold none below 0");
    double k = (double)y.cols, users = (double)counts.rows, items = (double)counts.cols;
    if (!calc_ok(c) ||
        !calc_steps(c, (users + items + 1) * k * k * k + 2 * users * items * (1 + k * k)))
        return false;
    bool ok = half(c, counts, y, lambda, alpha, &x) &&
              half(c, mat_transpose(c->a, counts), x, lambda, alpha, &after);
    if (!ok)
        return calc_bad(c, "\"item_factors\" and \"alpha\" are too large for \"lambda\": raise it");
    out_mat(c, "user_factors", x);
    out_mat(c, "item_factors_after", after);
    out_num(c, "objective_after", objective(counts, x, after, lambda, alpha));
    return true;
}

const method method_implicit_als = {
    .name = "implicit_als",
    .title = {"Implicit matrix factorisation", "隐式反馈矩阵分解", "隱式回饋矩陣分解"},
    .source = "Hu, Koren & Volinsky 2008 (ICDM)",
    .formula = "confidence 1 + alpha r; x_u = (Y'Y + Y'(C_u - I)Y + lambda I)^-1 Y'C_u p_u, then "
               "the items the "
               "same way; objective sum c (p - x y)^2 + lambda (|x|^2 + |y|^2)",
    .input = "counts  users x items\nitem_factors  items x factors to begin with\nlambda, alpha",
    .output = "user_factors, item_factors_after, objective_after",
    .example =
        "{\"counts\":[[1,0],[0,2]],\"item_factors\":[[1],[0.5]],\"lambda\":0.1,\"alpha\":10}",
    .run = run,
};
