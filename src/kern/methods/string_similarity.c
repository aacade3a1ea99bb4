/* string_similarity.c - how alike names are. */
#include "kern/similar.h"
#include "kern/method.h"

static bool run(calc *c) {
    const json *list = in_list(c, NULL, "pairs");
    double above = in_maybe(c, NULL, "boost_above", 0, 1, 0);
    vec v[4];
    for (int k = 0; k < 4; k++) v[k] = vec_new(c->a, list->n);
    size_t i = 0;
    for (const json *p = list->first; p && calc_ok(c); p = p->next, i++) {
        points x = points_of(c->a, in_word(c, in_nth(c, p, 0, "pairs"), "pairs"));
        points y = points_of(c->a, in_word(c, in_nth(c, p, 1, "pairs"), "pairs"));
        if (!calc_ok(c) || !calc_steps(c, 10.0 * (double)(x.n + 1) * (double)(y.n + 1))) break;
        v[0].v[i] = jaro(c->a, x, y);
        v[1].v[i] = jaro_winkler(c->a, x, y, above);
        v[2].v[i] = (double)levenshtein(c->a, x, y);
        v[3].v[i] = (double)osa(c->a, x, y);
    }
    if (!calc_ok(c)) return false;
    static const char *const keys[] = {"jaro", "jaro_winkler", "levenshtein", "osa"};
    for (int k = 0; k < 4; k++) out_nums(c, keys[k], v[k]);
    return true;
}

const method method_string_similarity = {
    .name = "string_similarity",
    .title = {"How alike names are", "字符串相似度", "字串相似度"},
    .source = "Jaro 1989; Winkler 1990; Levenshtein 1966; Damerau 1964",
    .formula = "Jaro (m/|x| + m/|y| + (m-t)/m)/3; Winkler adds 0.1 for each of up to 4 equal first "
               "characters; "
               "Levenshtein; OSA: swaps of neighbours count once; all by code points",
    .input = "pairs  list of [text, text]\nboost_above  Winkler's prefix counts above this Jaro "
             "value, usually 0",
    .output = "jaro, jaro_winkler, levenshtein, osa  in the order given",
    .example = "{\"pairs\":[[\"DWAYNE\",\"DUANE\"],[\"ab\",\"ba\"]]}",
    .run = run,
};
