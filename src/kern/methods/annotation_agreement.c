/* annotation_agreement.c - do coders agree?  Krippendorff's alpha. */
#include "kern/method.h"

enum { NOMINAL, ORDINAL, INTERVAL, RATIO, LEVELS };

typedef struct {
    vec values; /* distinct, rising */
    mat pairs;  /* coincidences */
    vec totals;
    double n;
} coincidence;

static size_t place(vec v, double x) {
    size_t i = 0;
    while (v.v[i] < x) i++;
    return i;
}

static coincidence count(calc *c, mat m) {
    coincidence k = {.values = vec_new(c->a, m.rows * m.cols)};
    k.values.n = 0;
    for (size_t i = 0; i < m.rows * m.cols; i++)
        if (!isnan(m.v[i])) k.values.v[k.values.n++] = m.v[i];
    vec_sort(k.values);
    size_t n = 0;
    for (size_t i = 0; i < k.values.n; i++)
        if (n == 0 || k.values.v[n - 1] != k.values.v[i]) k.values.v[n++] = k.values.v[i];
    k.values.n = n;
    if (n > 500) calc_bad(c, "\"coders_by_units\": at most 500 different values");
    if (!calc_steps(c, (double)m.rows * (double)m.rows * (double)m.cols * 10 +
                           (double)n * (double)n * (double)n))
        return k;
    k.pairs = mat_new(c->a, n, n), k.totals = vec_new(c->a, n);
    for (size_t u = 0; u < m.cols; u++) {
        double coders = 0;
        for (size_t i = 0; i < m.rows; i++) coders += !isnan(*mat_at(m, i, u));
        for (size_t i = 0; i < m.rows && coders > 1; i++)
            for (size_t j = 0; j < m.rows; j++) {
                double x = *mat_at(m, i, u), y = *mat_at(m, j, u);
                if (i != j && !isnan(x) && !isnan(y))
                    *mat_at(k.pairs, place(k.values, x), place(k.values, y)) += 1 / (coders - 1);
            }
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            k.totals.v[i] += *mat_at(k.pairs, i, j), k.n += *mat_at(k.pairs, i, j);
    return k;
}

static double distance(const coincidence *k, size_t i, size_t j, int level) {
    double x = k->values.v[i], y = k->values.v[j], s = 0;
    if (i == j) return 0;
    if (level == NOMINAL) return 1;
    if (level == INTERVAL) return (x - y) * (x - y);
    if (level == RATIO) return x + y != 0 ? pow((x - y) / (x + y), 2) : undefined(NO_DATA);
    for (size_t g = MIN(i, j); g <= MAX(i, j); g++) s += k->totals.v[g];
    s -= (k->totals.v[i] + k->totals.v[j]) / 2;
    return s * s;
}

static double alpha_of(const coincidence *k, int level) {
    double seen = 0, chance = 0;
    for (size_t i = 0; i < k->values.n; i++)
        for (size_t j = 0; j < k->values.n; j++) {
            double d = distance(k, i, j, level);
            seen += *mat_at(k->pairs, i, j) * d;
            chance += k->totals.v[i] * k->totals.v[j] * d;
        }
    if (k->n < 2) return undefined(TOO_FEW);
    return chance != 0 ? 1 - (k->n - 1) * seen / chance : undefined(ZERO_VARIANCE);
}

static bool run(calc *c) {
    static const char *const names[LEVELS] = {"nominal", "ordinal", "interval", "ratio"};
    mat m = in_mat(c, NULL, "coders_by_units", true);
    if (!calc_ok(c)) return false;
    coincidence k = count(c, m);
    if (!calc_ok(c)) return false;
    for (int i = 0; i < LEVELS; i++) out_num(c, names[i], alpha_of(&k, i));
    out_num(c, "pairable_values", k.n);
    return true;
}

const method method_annotation_agreement = {
    .name = "annotation_agreement",
    .title = {"Agreement of coders (Krippendorff)", "标注一致性(Krippendorff α)",
              "標註一致性(Krippendorff α)"},
    .source = "Krippendorff 2011, Computing Krippendorff's Alpha-Reliability",
    .formula = "1 - (n-1) sum o_ck d2 / sum n_c n_k d2 over coincidences; units with one value "
               "only say nothing",
    .input = "coders_by_units  a row for each coder, null = not coded",
    .output = "nominal, ordinal, interval, ratio, pairable_values",
    .example = "{\"coders_by_units\":[[1,2,3,1],[1,2,3,2]]}",
    .run = run,
};
