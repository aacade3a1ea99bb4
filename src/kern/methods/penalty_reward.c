/* penalty_reward.c - pain or delight: what low and high ratings of an attribute do to the whole. */
#include "kern/regress.h"

typedef struct {
    vec y;
    vec *ratings;
    strs names;
} survey;

static bool read(calc *c, survey *s) {
    const json *list = in_object(c, NULL, "attributes");
    s->y = in_nums(c, NULL, "outcome");
    s->ratings = NEW_N(c->a, vec, list->n + 1);
    s->names = (strs){NEW_N(c->a, str, list->n + 1), 0};
    if (list->n > REGRESSORS_MAX / 2) calc_bad(c, "\"attributes\": at most %d", REGRESSORS_MAX / 2);
    for (const json *v = list->first; v && calc_ok(c); v = v->next) {
        const char *name = calc_cstr(c, v->key);
        s->names.v[s->names.n] = v->key;
        s->ratings[s->names.n++] = in_gaps(c, list, name);
        if (calc_ok(c)) in_same(c, "outcome", s->y.n, name, s->ratings[s->names.n - 1].n);
    }
    return calc_ok(c);
}

static bool run(calc *c) {
    survey s;
    double low = in_maybe(c, NULL, "low_at_most", -1e9, 1e9, 2),
           high = in_maybe(c, NULL, "high_at_least", -1e9, 1e9, 4);
    if (!read(c, &s)) return false;
    if (low >= high) return calc_bad(c, "\"low_at_most\" must be below \"high_at_least\"");
    size_t k = s.names.n, n = 0;
    mat x = mat_new(c->a, s.y.n, 2 * k);
    vec y = vec_new(c->a, s.y.n);
    for (size_t i = 0; i < s.y.n; i++) {
        bool gap = false;
        for (size_t j = 0; j < k; j++) {
            double r = s.ratings[j].v[i];
            gap |= isnan(r);
            *mat_at(x, n, 2 * j) = r <= low, *mat_at(x, n, 2 * j + 1) = r >= high;
        }
        y.v[n] = s.y.v[i];
        n += !gap;
    }
    x.rows = y.n = n;
    if (!calc_steps(c, 20.0 * (double)n * (double)k * (double)k)) return false;
    ols_fit f = ols(c->a, x, y);
    for (size_t j = 0; j < k; j++) {
        double p = f.coef.v[1 + 2 * j], r = f.coef.v[2 + 2 * j];
        out_open(c, calc_cstr(c, s.names.v[j]));
        out_num(c, "penalty", p);
        out_num(c, "reward", r);
        out_word(c, "kind", isnan(p + r) ? NULL : fabs(p) > r ? "pain" : "delight");
        out_end(c);
    }
    out_num(c, "intercept", f.coef.v[0]);
    return true;
}

const method method_penalty_reward = {
    .name = "penalty_reward",
    .title = {"Pain or delight", "痛点还是悦点", "痛點還是悅點"},
    .source = "Brandt 1987; Anderson & Mittal 2000, J. Service Research 3(2)",
    .formula = "least squares of the outcome on low_j and high_j, 1 where the rating is at most "
               "low_at_most or "
               "at least high_at_least; |penalty| > reward: pain",
    .input = "outcome  list\nattributes  {\"name\": list of ratings, null = no answer}\n"
             "low_at_most  usually 2\nhigh_at_least  usually 4",
    .output = "for each attribute penalty, reward, kind (pain or delight); intercept",
    .example = "{\"outcome\":[2,5,6,8,3,6],\"attributes\":{\"wait\":[1,3,4,5,2,3]}}",
    .run = run,
};
