/* topic_coherence.c - do the words of a topic occur together? */
#include "kern/method.h"

typedef struct {
    strs *docs; /* distinct words of each, sorted */
    size_t n;
} library;

static double share(const library *l, str x, str y) {
    double k = 0;
    for (size_t i = 0; i < l->n; i++)
        k += strs_find(l->docs[i], x) != SIZE_MAX && strs_find(l->docs[i], y) != SIZE_MAX;
    return k / (double)l->n;
}

static strs words_of(calc *c, const json *list, const char *what) {
    strs r = {NEW_N(c->a, str, list->n + 1), 0};
    if (list->kind != JSON_ARRAY) calc_bad(c, "\"%s\" must hold lists of words", what);
    for (const json *v = list->first; v && calc_ok(c); v = v->next)
        r.v[r.n++] = in_word(c, v, what);
    return r;
}

static double npmi(const library *l, str x, str y) {
    double px = share(l, x, x), py = share(l, y, y), both = share(l, x, y);
    if (both == 0) return -1;
    return both < 1 ? log(both / (px * py)) / -log(both) : 1;
}

static bool run(calc *c) {
    const json *docs = in_list(c, NULL, "docs"), *topics = in_list(c, NULL, "topics");
    library l = {NEW_N(c->a, strs, docs->n + 1), 0};
    for (const json *v = docs->first; v && calc_ok(c); v = v->next)
        l.docs[l.n++] = strs_distinct(c->a, words_of(c, v, "docs"));
    if (!calc_ok(c)) return false;
    out_list(c, "npmi");
    for (const json *v = topics->first; v && calc_ok(c); v = v->next) {
        strs t = words_of(c, v, "topics");
        double sum = 0, pairs = 0;
        for (size_t i = 0; i < t.n && calc_steps(c, 60.0 * (double)t.n * (double)l.n); i++)
            for (size_t j = i + 1; j < t.n && l.n; j++) sum += npmi(&l, t.v[i], t.v[j]), pairs++;
        out_num(c, NULL, ratio(sum, pairs));
    }
    out_end(c);
    return calc_ok(c);
}

const method method_topic_coherence = {
    .name = "topic_coherence",
    .title = {"Coherence of topics (NPMI)", "主题一致性(NPMI)", "主題一致性(NPMI)"},
    .source = "Bouma 2009; Lau, Newman & Baldwin 2014",
    .formula =
        "mean over pairs of ln(p(x,y)/(p(x)p(y)))/-ln p(x,y) by documents; never together: -1",
    .input = "docs  lists of words\ntopics  lists of words",
    .output = "npmi  by topic, -1 to 1",
    .example = "{\"docs\":[[\"a\",\"b\"],[\"a\",\"b\"],[\"c\"],[\"d\"]],\"topics\":[[\"a\",\"b\"],["
               "\"a\",\"c\"]]}",
    .run = run,
};
