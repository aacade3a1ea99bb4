/* tfidf.c - words weighted by how rare they are. */
#include "kern/method.h"

static bool run(calc *c) {
    mat m = in_mat(c, NULL, "counts", false);
    for (size_t i = 0; i < m.rows * m.cols && calc_ok(c); i++)
        if (m.v[i] < 0) calc_bad(c, "\"counts\" must hold none below 0");
    if (!calc_ok(c)) return false;
    vec idf = vec_new(c->a, m.cols);
    for (size_t j = 0; j < m.cols; j++) {
        double df = 0;
        for (size_t i = 0; i < m.rows; i++) df += *mat_at(m, i, j) > 0;
        idf.v[j] = log((1 + (double)m.rows) / (1 + df)) + 1;
    }
    for (size_t i = 0; i < m.rows; i++) {
        double length = 0;
        for (size_t j = 0; j < m.cols; j++) length = hypot(length, *mat_at(m, i, j) *= idf.v[j]);
        for (size_t j = 0; j < m.cols && length > 0; j++) *mat_at(m, i, j) /= length;
    }
    out_mat(c, "tfidf", m);
    out_nums(c, "idf", idf);
    return true;
}

const method method_tfidf = {
    .name = "tfidf",
    .title = {"TF-IDF", "TF-IDF 词权重", "TF-IDF 詞權重"},
    .source = "Sparck Jones 1972; Salton & Buckley 1988",
    .formula = "count x (ln((1+n)/(1+df))+1), rows of length 1; a row of nothing stays 0",
    .input = "counts  documents x words",
    .output = "tfidf, idf",
    .example = "{\"counts\":[[3,0],[2,2]]}",
    .run = run,
};
