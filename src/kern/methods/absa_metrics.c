/* absa_metrics.c - how well aspects and their polarity were found. */
#include "kern/method.h"

typedef struct {
    strs pair, triple; /* distinct, sorted */
} labels;

static labels read(calc *c, const char *key) {
    const json *list = in_list(c, NULL, key);
    strs pair = {NEW_N(c->a, str, list->n), 0}, triple = {NEW_N(c->a, str, list->n), 0};
    for (const json *v = list->first; v && calc_ok(c); v = v->next) {
        str unit = in_word(c, in_nth(c, v, 0, key), key),
            what = in_word(c, in_nth(c, v, 1, key), key);
        str tone = in_word(c, in_nth(c, v, 2, key), key);
        pair.v[pair.n++] = arena_fmt(c->a, "%.*s\x1f%.*s", STR_ARG(unit), STR_ARG(what));
        triple.v[triple.n++] =
            arena_fmt(c->a, "%.*s\x1f%.*s\x1f%.*s", STR_ARG(unit), STR_ARG(what), STR_ARG(tone));
    }
    return (labels){strs_distinct(c->a, pair), strs_distinct(c->a, triple)};
}

static size_t shared(strs gold, strs found) {
    size_t n = 0;
    for (size_t i = 0; i < found.n; i++) n += strs_find(gold, found.v[i]) != SIZE_MAX;
    return n;
}

static void write(calc *c, const char *key, strs gold, strs found) {
    double tp = (double)shared(gold, found);
    out_open(c, key);
    out_num(c, "tp", tp);
    out_num(c, "precision", ratio(tp, (double)found.n));
    out_num(c, "recall", ratio(tp, (double)gold.n));
    out_num(c, "f1", ratio(2 * tp, (double)(gold.n + found.n)));
    out_end(c);
}

static bool run(calc *c) {
    labels gold = read(c, "gold"), found = read(c, "pred");
    if (!calc_ok(c)) return false;
    write(c, "category", gold.pair, found.pair);
    write(c, "tuple", gold.triple, found.triple);
    out_num(
        c, "polarity_accuracy_on_gold_found",
        ratio((double)shared(gold.triple, found.triple), (double)shared(gold.pair, found.pair)));
    return true;
}

const method method_absa_metrics = {
    .name = "absa_metrics",
    .title = {"Accuracy of aspect sentiment", "方面级情感准确度", "面向級情感準確度"},
    .source = "Pontiki et al. 2014, 2016, SemEval tasks 4 and 5",
    .formula = "micro precision tp/found, recall tp/gold, F1 2tp/(found+gold) over distinct (unit, "
               "category) and (unit, category, polarity)",
    .input = "gold, pred  lists of [unit, category, polarity]",
    .output = "category, tuple  objects: tp, precision, recall, f1\n"
              "polarity_accuracy_on_gold_found",
    .example = "{\"gold\":[[\"1\",\"price\",\"pos\"],[\"1\",\"staff\",\"neg\"]],"
               "\"pred\":[[\"1\",\"price\",\"pos\"],[\"1\",\"wait\",\"neg\"]]}",
    .run = run,
};
