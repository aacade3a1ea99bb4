/* item_similarity.c - things liked by the same people. */
#include "kern/similar.h"
#include "kern/method.h"

typedef struct {
    strs users, items;
    mat r; /* users x items, NAN = not rated */
} ratings;

static bool read(calc *c, ratings *t) {
    const json *list = in_object(c, NULL, "ratings");
    size_t room = 1;
    for (const json *u = list->first; u; u = u->next) room += u->n;
    strs items = {NEW_N(c->a, str, room), 0};
    t->users.v = NEW_N(c->a, str, list->n + 1);
    for (const json *u = list->first; u; u = u->next) {
        if (u->kind != JSON_OBJECT) return calc_bad(c, "\"ratings\" must hold {\"item\": rating}");
        t->users.v[t->users.n++] = u->key;
        for (const json *v = u->first; v; v = v->next) items.v[items.n++] = v->key;
    }
    t->items = strs_distinct(c->a, items);
    if (!calc_steps(c, 8.0 * (double)t->items.n * (double)t->items.n * (double)list->n))
        return false;
    t->r = mat_new(c->a, list->n, t->items.n);
    size_t i = 0;
    for (const json *u = list->first; u && calc_ok(c); u = u->next, i++) {
        for (size_t j = 0; j < t->items.n; j++) *mat_at(t->r, i, j) = undefined(NO_DATA);
        for (const json *v = u->first; v && calc_ok(c); v = v->next)
            *mat_at(t->r, i, strs_find(t->items, v->key)) = in_value(c, v, "ratings");
    }
    return calc_ok(c);
}

typedef struct {
    double dot, xx, yy, both, x, y;
} pair_sums;

static pair_sums sums_of(const ratings *t, size_t i, size_t j) {
    pair_sums s = {0};
    for (size_t u = 0; u < t->r.rows; u++) {
        double x = *mat_at(t->r, u, i), y = *mat_at(t->r, u, j);
        if (!isnan(x)) s.xx += x * x, s.x++;
        if (!isnan(y)) s.yy += y * y, s.y++;
        if (!isnan(x) && !isnan(y)) s.dot += x * y, s.both++;
    }
    return s;
}

enum { COSINE, BINARY, JACCARD, LLR, MEASURES };

static double measure(const pair_sums *s, double n, int which) {
    if (which == COSINE)
        return s->xx > 0 && s->yy > 0 ? s->dot / sqrt(s->xx * s->yy) : undefined(ZERO_VARIANCE);
    if (which == BINARY) return ratio(s->both, sqrt(s->x * s->y));
    if (which == JACCARD) return ratio(s->both, s->x + s->y - s->both);
    return log_likelihood_2x2(s->both, s->x - s->both, s->y - s->both, n - s->x - s->y + s->both);
}

/* What user u would rate item i: differences to what he rated, weighted by how many know both. */
static double slope_one(const ratings *t, size_t u, size_t i) {
    double sum = 0, weight = 0;
    for (size_t j = 0; j < t->items.n; j++) {
        double own = *mat_at(t->r, u, j), n = 0, d = 0;
        if (j == i || isnan(own)) continue;
        for (size_t v = 0; v < t->r.rows; v++) {
            double x = *mat_at(t->r, v, i) - *mat_at(t->r, v, j);
            if (!isnan(x)) d += x, n++;
        }
        if (n > 0) sum += (own + d / n) * n, weight += n;
    }
    return ratio(sum, weight);
}

static void predict(calc *c, const ratings *t) {
    const json *list = in_list(c, NULL, "predict");
    out_list(c, "slope_one");
    for (const json *v = list->first; v && calc_ok(c); v = v->next) {
        str user = in_word(c, in_nth(c, v, 0, "predict"), "predict");
        size_t u = 0, i = strs_find(t->items, in_word(c, in_nth(c, v, 1, "predict"), "predict"));
        while (u < t->users.n && !str_eq(t->users.v[u], user)) u++;
        if (!calc_steps(c, (double)t->items.n * (double)t->users.n)) break;
        out_num(c, NULL, u < t->users.n && i != SIZE_MAX ? slope_one(t, u, i) : undefined(NO_DATA));
    }
    out_end(c);
}

static bool run(calc *c) {
    static const char *const names[MEASURES] = {"cosine", "cosine_binary", "jaccard", "llr"};
    ratings t = {0};
    if (!read(c, &t)) return false;
    for (int m = 0; m < MEASURES; m++) {
        out_open(c, names[m]);
        for (size_t i = 0; i < t.items.n; i++)
            for (size_t j = i + 1; j < t.items.n; j++) {
                pair_sums s = sums_of(&t, i, j);
                str key =
                    arena_fmt(c->a, "%.*s|%.*s", STR_ARG(t.items.v[i]), STR_ARG(t.items.v[j]));
                out_num(c, calc_cstr(c, key), measure(&s, (double)t.r.rows, m));
            }
        out_end(c);
    }
    if (in_has(c, NULL, "predict")) predict(c, &t);
    return calc_ok(c);
}

const method method_item_similarity = {
    .name = "item_similarity",
    .title = {"Things liked by the same people", "物品相似度", "物品相似度"},
    .source = "Sarwar et al. 2001; Linden, Smith & York 2003; Lemire & Maclachlan 2005 (Slope "
              "One); Dunning 1993",
    .formula = "cosine of ratings (not rated = 0) and of yes/no; Jaccard; log likelihood ratio of "
               "users; Slope "
               "One: mean of own rating + mean difference, weighted by users of both",
    .input = "ratings  {\"user\": {\"item\": rating}}\npredict  optional list of [user, item]",
    .output = "cosine, cosine_binary, jaccard, llr  {\"item|item\": figure}; slope_one",
    .example = "{\"ratings\":{\"u\":{\"A\":5,\"B\":3},\"v\":{\"A\":4},\"w\":{\"B\":2,\"C\":2}},"
               "\"predict\":[[\"v\",\"B\"]]}",
    .run = run,
};
