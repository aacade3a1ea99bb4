/* kano.c - what must be, what pays, what delights. */
#include "kern/method.h"

typedef enum { A, O, M, I, R, Q, CATEGORIES } category;
static const char names[] = "AOMIRQ", answers[] = "LMNWD";
static const category rule[5][5] = {/* functional x dysfunctional */
                                    {Q, A, A, A, O},
                                    {R, I, I, I, M},
                                    {R, I, I, I, M},
                                    {R, I, I, I, M},
                                    {R, R, R, R, Q}};
static const category order[] = {M, O, A, I, R, Q}; /* of equal counts the first is it */

static str name_of(category k) {
    return (str){names + k, 1};
}

static size_t answer_of(calc *c, const json *v) {
    str s = in_word(c, v, "pairs");
    const char *at = s.n == 1 ? strchr(answers, s.p[0]) : NULL;
    if (!at || s.n != 1) calc_bad(c, "\"pairs\": an answer must be L, M, N, W or D");
    return at && s.n == 1 ? (size_t)(at - answers) : 0;
}

/* The two largest, by the order of ties. */
static void top_two(const double *n, size_t among, category *first, category *second) {
    *first = order[0];
    for (size_t i = 1; i < among; i++)
        if (n[order[i]] > n[*first]) *first = order[i];
    *second = *first == order[0] ? order[1] : order[0];
    for (size_t i = 0; i < among; i++)
        if (order[i] != *first && n[order[i]] > n[*second]) *second = order[i];
}

static bool by_pairs(calc *c) {
    const json *list = in_list(c, NULL, "pairs");
    double n[CATEGORIES] = {0}, all = 0;
    for (const json *v = list->first; v && calc_ok(c); v = v->next) {
        size_t f = answer_of(c, in_nth(c, v, 0, "pairs")),
               d = answer_of(c, in_nth(c, v, 1, "pairs"));
        n[rule[f][d]]++, all++;
    }
    if (!calc_ok(c)) return false;
    double base = n[A] + n[O] + n[M] + n[I];
    category first, second;
    top_two(n, CATEGORIES, &first, &second);
    out_open(c, "counts");
    for (category k = A; k < CATEGORIES; k++) out_num(c, calc_cstr(c, name_of(k)), n[k]);
    out_end(c);
    out_num(c, "better", ratio(n[A] + n[O], base));
    out_num(c, "worse", -ratio(n[O] + n[M], base));
    if (all > 0)
        out_text(c, "category", name_of(first));
    else
        out_null(c, "category", NO_DATA);
    out_num(c, "total_strength", ratio(n[A] + n[O] + n[M], all));
    out_num(c, "category_strength", ratio(n[first] - n[second], all));
    out_bool(c, "badly_worded", n[Q] > 0.1 * all);
    return true;
}

static bool by_counts(calc *c) {
    const json *v = in_object(c, NULL, "counts");
    double n[CATEGORIES] = {0}, all = 0;
    for (category k = A; k < CATEGORIES && calc_ok(c); k++) {
        n[k] = (double)in_maybe_int(c, v, calc_cstr(c, name_of(k)), 0, INT64_C(1000000000000), 0);
        all += n[k];
    }
    if (!calc_ok(c)) return false;
    category first, second;
    top_two(n, CATEGORIES, &first, &second);
    double both = n[first] + n[second], critical = 1.65 * sqrt(both * (2 * all - both) / (2 * all));
    out_text(c, "first", name_of(first));
    out_text(c, "second", name_of(second));
    out_num(c, "difference", n[first] - n[second]);
    out_num(c, "critical", all > 0 ? critical : undefined(NO_DATA));
    out_bool(c, "significant", all > 0 && n[first] - n[second] >= critical);
    return true;
}

static bool by_table(calc *c) {
    out_open(c, "table");
    for (size_t i = 0; i < 5; i++) {
        out_list(c, calc_cstr(c, (str){answers + i, 1}));
        for (size_t j = 0; j < 5; j++) out_text(c, NULL, name_of(rule[i][j]));
        out_end(c);
    }
    out_end(c);
    return true;
}

static bool run(calc *c) {
    return in_has(c, NULL, "pairs")    ? by_pairs(c)
           : in_has(c, NULL, "counts") ? by_counts(c)
                                       : by_table(c);
}

const method method_kano = {
    .name = "kano",
    .title = {"Kano classes", "Kano 模型", "Kano 模型"},
    .source = "Kano et al. 1984; Berger et al. 1993, Center for Quality of Management J. 2(4); "
              "Fong 1996; Lee & "
              "Newcomb 1997",
    .formula = "better (A+O)/(A+O+M+I), worse -(O+M)/(A+O+M+I); of equal counts M, O, A, I; Fong: "
               "|a-b| >= 1.65 "
               "sqrt((a+b)(2n-a-b)/(2n)); Q above 10 %: badly worded",
    .input = "pairs  list of [functional, dysfunctional] answers: L like, M must be, N neutral, W "
             "can live with, "
             "D dislike; or\ncounts  {A, O, M, I, R, Q}; or nothing: the table",
    .output =
        "counts, better, worse, category, total_strength, category_strength, badly_worded; or\n"
        "first, second, difference, critical, significant; or table",
    .example = "{\"pairs\":[[\"L\",\"D\"],[\"N\",\"D\"],[\"L\",\"N\"],[\"N\",\"D\"]]}",
    .run = run,
};
