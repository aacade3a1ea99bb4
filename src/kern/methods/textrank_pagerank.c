/* textrank_pagerank.c - important nodes of a graph, or words of a text. */
#include "kern/pagerank.h"

static bool by_edges(calc *c) {
    size_t n = (size_t)in_int(c, NULL, "n", 1, 10000000);
    double teleport = in_maybe(c, NULL, "teleport", 0, 1, 0.15);
    mat m = in_mat(c, NULL, "edges", false);
    if (calc_ok(c) && m.rows && m.cols != 2) calc_bad(c, "\"edges\" must hold [from, to]");
    if (!calc_ok(c)) return false;
    edge *e = NEW_N(c->a, edge, m.rows + 1);
    for (size_t i = 0; i < m.rows; i++) {
        double from = *mat_at(m, i, 0), to = *mat_at(m, i, 1);
        if (!(from >= 0 && to >= 0 && from < (double)n && to < (double)n) || from != floor(from) ||
            to != floor(to))
            return calc_bad(c, "\"edges\" must name nodes from 0 to %zu", n - 1);
        e[i] = (edge){(u32)from, (u32)to, 1};
    }
    vec p = pagerank(c, e, m.rows, n, teleport);
    out_nums(c, "pagerank", p);
    return calc_ok(c);
}

static int by_nodes(const void *a, const void *b) {
    const edge *x = a, *y = b;
    if (x->from != y->from) return x->from < y->from ? -1 : 1;
    return (x->to > y->to) - (x->to < y->to);
}

/* Both ways, equal ones added up. */
static size_t near_words(calc *c, strs tokens, strs words, size_t window, edge **out) {
    size_t n = 0;
    edge *e = NEW_N(c->a, edge, 2 * tokens.n * (window - 1) + 1);
    for (size_t i = 0; i < tokens.n; i++)
        for (size_t j = i + 1; j < MIN(tokens.n, i + window); j++) {
            u32 a = (u32)strs_find(words, tokens.v[i]), b = (u32)strs_find(words, tokens.v[j]);
            if (a == b) continue;
            e[n++] = (edge){a, b, 1};
            e[n++] = (edge){b, a, 1};
        }
    if (n) qsort(e, n, sizeof *e, by_nodes);
    size_t k = 0;
    for (size_t i = 0; i < n; i++)
        if (k && by_nodes(&e[k - 1], &e[i]) == 0)
            e[k - 1].weight++;
        else
            e[k++] = e[i];
    *out = e;
    return k;
}

static bool by_tokens(calc *c) {
    strs tokens = in_texts(c, NULL, "tokens");
    size_t window = (size_t)in_maybe_int(c, NULL, "window", 2, 100, 2);
    double damping = in_maybe(c, NULL, "damping", 0, 1, 0.85);
    if (!calc_ok(c)) return false;
    strs words = strs_distinct(c->a, tokens);
    edge *e;
    size_t n = near_words(c, tokens, words, window, &e);
    vec p = pagerank(c, e, n, words.n, 1 - damping), down = vec_new(c->a, words.n);
    if (!calc_ok(c)) return false;
    for (size_t i = 0; i < words.n; i++) down.v[i] = -p.v[i];
    const size_t *order = order_of(c->a, down);
    out_open(c, "score");
    for (size_t i = 0; i < words.n; i++) out_num(c, calc_cstr(c, words.v[i]), p.v[i]);
    out_end(c);
    out_list(c, "ranking");
    for (size_t i = 0; i < words.n; i++) out_text(c, NULL, words.v[order[i]]);
    out_end(c);
    return true;
}

static bool run(calc *c) {
    return in_has(c, NULL, "tokens") ? by_tokens(c) : by_edges(c);
}

const method method_textrank_pagerank = {
    .name = "textrank_pagerank",
    .title = {"Important words and nodes", "TextRank 与 PageRank", "TextRank 與 PageRank"},
    .source = "Brin & Page 1998; Mihalcea & Tarau 2004",
    .formula = "p = teleport/n + (1-teleport) sum p_i w_ij/w_i, to 1e-14; nodes without an edge "
               "jump to any; "
               "words: edges are co-occurrences nearer than window",
    .input =
        "edges  list of [from, to], n, teleport (0.15); or\ntokens, window (2), damping (0.85)",
    .output = "pagerank  by node; or score {\"word\": figure}, ranking",
    .example = "{\"tokens\":[\"slow\",\"app\",\"slow\",\"staff\"],\"window\":2,\"damping\":0.85}",
    .run = run,
};
