/* classification_metrics.c - how well classes were told apart. */
#include "kern/method.h"

typedef struct {
    strs labels;
    bool numbers; /* labels are whole numbers and come back as such */
    mat m;        /* truth x found */
} confusion;

static int by_number(const void *a, const void *b) {
    i64 x = 0, y = 0;
    (void)!str_int(*(const str *)a, &x), (void)!str_int(*(const str *)b, &y);
    return (x > y) - (x < y);
}

static size_t place(const confusion *k, str s) {
    for (size_t i = 0; i < k->labels.n; i++)
        if (str_eq(k->labels.v[i], s)) return i;
    return 0;
}

static bool read(calc *c, confusion *k) {
    strs truth = in_texts(c, NULL, "y_true"), found = in_texts(c, NULL, "y_pred");
    if (calc_ok(c)) in_same(c, "y_true", truth.n, "y_pred", found.n);
    if (!calc_ok(c)) return false;
    strs all = {NEW_N(c->a, str, 2 * truth.n), 2 * truth.n};
    for (size_t i = 0; i < truth.n; i++) all.v[2 * i] = truth.v[i], all.v[2 * i + 1] = found.v[i];
    k->labels = strs_distinct(c->a, all);
    k->numbers = true;
    i64 v;
    for (size_t i = 0; i < k->labels.n; i++) k->numbers &= str_int(k->labels.v[i], &v);
    if (k->numbers && k->labels.n) qsort(k->labels.v, k->labels.n, sizeof(str), by_number);
    if (k->labels.n > 1000) return calc_bad(c, "\"y_true\": at most 1000 different labels");
    if (!calc_steps(c, (double)truth.n * (double)k->labels.n)) return false;
    k->m = mat_new(c->a, k->labels.n, k->labels.n);
    for (size_t i = 0; i < truth.n; i++)
        ++*mat_at(k->m, place(k, truth.v[i]), place(k, found.v[i]));
    return true;
}

typedef struct {
    double n, right, squares_true, squares_found, product, macro, weighted;
    vec p, r, f, support;
} scores;

static scores score(calc *c, const confusion *k) {
    size_t n = k->labels.n;
    scores s = {.p = vec_new(c->a, n),
                .r = vec_new(c->a, n),
                .f = vec_new(c->a, n),
                .support = vec_new(c->a, n)};
    for (size_t i = 0; i < n; i++) {
        double tp = *mat_at(k->m, i, i), found = 0;
        for (size_t j = 0; j < n; j++)
            s.support.v[i] += *mat_at(k->m, i, j), found += *mat_at(k->m, j, i);
        s.p.v[i] = found > 0 ? tp / found : 0; /* as is usual, nought when there is nothing */
        s.r.v[i] = s.support.v[i] > 0 ? tp / s.support.v[i] : 0;
        s.f.v[i] = 2 * tp / (s.support.v[i] + found);
        s.n += s.support.v[i], s.right += tp;
        s.macro += s.f.v[i] / (double)n, s.weighted += s.f.v[i] * s.support.v[i];
        s.squares_true += s.support.v[i] * s.support.v[i], s.squares_found += found * found;
        s.product += s.support.v[i] * found;
    }
    return s;
}

static void write_labels(calc *c, const confusion *k) {
    i64 v = 0;
    out_list(c, "labels");
    for (size_t i = 0; i < k->labels.n; i++)
        if (k->numbers && str_int(k->labels.v[i], &v))
            out_int(c, NULL, v);
        else
            out_text(c, NULL, k->labels.v[i]);
    out_end(c);
}

static bool run(calc *c) {
    confusion k = {0};
    if (!read(c, &k)) return false;
    scores s = score(c, &k);
    double n2 = s.n * s.n, chance = ratio(s.product, n2), top = s.right * s.n - s.product;
    double below = sqrt((n2 - s.squares_true) * (n2 - s.squares_found));
    write_labels(c, &k);
    out_mat(c, "confusion", k.m);
    out_num(c, "accuracy", ratio(s.right, s.n));
    out_nums(c, "precision", s.p);
    out_nums(c, "recall", s.r);
    out_nums(c, "f1", s.f);
    out_nums(c, "support", s.support);
    out_num(c, "macro_f1", s.n > 0 ? s.macro : undefined(NO_DATA));
    out_num(c, "micro_f1", ratio(s.right, s.n));
    out_num(c, "weighted_f1", ratio(s.weighted, s.n));
    out_num(c, "cohen_kappa",
            chance < 1 ? (ratio(s.right, s.n) - chance) / (1 - chance) : undefined(ZERO_VARIANCE));
    out_num(c, "mcc", below > 0 ? top / below : undefined(ZERO_VARIANCE));
    return true;
}

const method method_classification_metrics = {
    .name = "classification_metrics",
    .title = {"Accuracy of classes", "分类评测指标", "分類評測指標"},
    .source = "Cohen 1960 (kappa); Matthews 1975, Gorodkin 2004 (MCC); macro and micro F1 as usual",
    .formula =
        "precision tp/found, recall tp/support, F1 2tp/(found+support), 0 where nothing was found; "
        "kappa (accuracy-chance)/(1-chance)",
    .input = "y_true, y_pred  labels, equally many",
    .output =
        "labels, confusion (truth x found), accuracy, precision, recall, f1, support, macro_f1, "
        "micro_f1, weighted_f1, cohen_kappa, mcc",
    .example = "{\"y_true\":[\"a\",\"b\",\"b\",\"c\"],\"y_pred\":[\"a\",\"b\",\"c\",\"c\"]}",
    .run = run,
};
