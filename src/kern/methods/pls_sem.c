/* pls_sem.c - path models of things measured by several items each (PLS), as satisfaction indices use. */
#include "kern/moments.h"
#include "kern/regress.h"

enum { CONSTRUCTS_MAX = 60, ITEMS_MAX = 300, ROUNDS_MAX = 300 };

typedef struct {
    calc *c;
    strs names;                       /* constructs */
    size_t first[CONSTRUCTS_MAX + 1]; /* their items lie side by side */
    strs items;
    bool *path; /* [from * n + to] */
    mat x, raw; /* items x rows: standardised, and as they are */
    vec w, sd;
    mat scores; /* constructs x rows */
    bool factorial;
    i64 dropped;
} model;

static vec line(mat m, size_t i) {
    return (vec){m.v + i * m.cols, m.cols};
}

static bool standardise(vec v) {
    double mean = vec_mean(v), sd = vec_sd(v);
    for (size_t i = 0; i < v.n; i++) v.v[i] = (v.v[i] - mean) / sd;
    return sd > 0;
}

/* Scores of all constructs from the weights of their items, made to have sd 1. */
static bool score(model *m) {
    bool ok = true;
    for (size_t k = 0; k < m->names.n; k++) {
        vec s = line(m->scores, k);
        memset(s.v, 0, s.n * sizeof *s.v);
        for (size_t j = m->first[k]; j < m->first[k + 1]; j++)
            for (size_t i = 0; i < s.n; i++) s.v[i] += m->w.v[j] * *mat_at(m->x, j, i);
        double sd = vec_sd(s);
        for (size_t i = 0; i < s.n; i++) s.v[i] /= sd;
        for (size_t j = m->first[k]; j < m->first[k + 1]; j++) m->w.v[j] /= sd;
        ok &= sd > 0;
    }
    return ok;
}

/* Coefficients of a construct on those before it; false: singular. */
static bool regress(const model *m, size_t to, vec *b, double *r2, size_t *from, size_t *n) {
    *n = 0;
    for (size_t k = 0; k < m->names.n; k++)
        if (m->path[k * m->names.n + to]) from[(*n)++] = k;
    mat x = mat_new(m->c->a, m->scores.cols, *n);
    for (size_t j = 0; j < *n; j++)
        for (size_t i = 0; i < x.rows; i++) *mat_at(x, i, j) = *mat_at(m->scores, from[j], i);
    if (*n == 0) return true;
    ols_fit f = ols(m->c->a, x, line(m->scores, to));
    *b = (vec){f.coef.v + 1, *n};
    *r2 = f.r2;
    return !f.singular;
}

/* Inner weights: path scheme, coefficients for those before and correlations for those behind. */
static bool inner(const model *m, mat e) {
    size_t n = m->names.n, from[CONSTRUCTS_MAX], k;
    double r2;
    vec b = {0};
    for (size_t to = 0; to < n; to++) {
        if (!m->factorial && !regress(m, to, &b, &r2, from, &k)) return false;
        for (size_t j = 0; j < n; j++)
            if (m->path[to * n + j] || (m->factorial && m->path[j * n + to]))
                *mat_at(e, to, j) = vec_cor(line(m->scores, to), line(m->scores, j));
        for (size_t j = 0; !m->factorial && j < k; j++) *mat_at(e, to, from[j]) = b.v[j];
    }
    return true;
}

/* One round; the largest change of a weight, or -1: it cannot go on. */
static double improve(model *m) {
    size_t n = m->names.n;
    mat e = mat_new(m->c->a, n, n);
    vec z = vec_new(m->c->a, m->scores.cols), was = vec_copy(m->c->a, m->w);
    if (!inner(m, e)) return -1;
    for (size_t k = 0; k < n; k++) {
        bool alone = true;
        memset(z.v, 0, z.n * sizeof *z.v);
        for (size_t j = 0; j < n; j++) {
            double w = *mat_at(e, k, j);
            for (size_t i = 0; i < z.n && w != 0; i++) z.v[i] += w * *mat_at(m->scores, j, i);
            alone &= w == 0;
        }
        for (size_t j = m->first[k]; j < m->first[k + 1] && !alone; j++)
            m->w.v[j] = vec_cov(line(m->x, j), z);
    }
    if (!score(m)) return -1;
    double change = 0;
    for (size_t j = 0; j < was.n; j++)
        change = fmax(change, fabs(fabs(m->w.v[j]) - fabs(was.v[j])));
    return change;
}

/* Signs: the loadings of a construct sum to more than 0. */
static void orient(model *m) {
    for (size_t k = 0; k < m->names.n; k++) {
        double sum = 0;
        for (size_t j = m->first[k]; j < m->first[k + 1]; j++)
            sum += vec_cor(line(m->x, j), line(m->scores, k));
        for (size_t j = m->first[k]; j < m->first[k + 1] && sum < 0; j++) m->w.v[j] = -m->w.v[j];
        for (size_t i = 0; i < m->scores.cols && sum < 0; i++) *mat_at(m->scores, k, i) *= -1;
    }
}

/* ---- reading ---- */

static bool read_blocks(calc *c, model *m) {
    const json *blocks = in_object(c, NULL, "blocks");
    if (blocks->n > CONSTRUCTS_MAX) return calc_bad(c, "\"blocks\": at most %d", CONSTRUCTS_MAX);
    m->names.v = NEW_N(c->a, str, CONSTRUCTS_MAX), m->items.v = NEW_N(c->a, str, ITEMS_MAX);
    for (const json *b = blocks->first; b && calc_ok(c); b = b->next) {
        strs items = in_texts(c, blocks, calc_cstr(c, b->key));
        if (calc_ok(c) && items.n == 0) calc_bad(c, "\"%.*s\" has no items", STR_ARG(b->key));
        if (m->items.n + items.n > ITEMS_MAX)
            calc_bad(c, "\"blocks\": at most %d items", ITEMS_MAX);
        for (size_t i = 0; i < items.n && calc_ok(c); i++) m->items.v[m->items.n++] = items.v[i];
        m->names.v[m->names.n++] = b->key;
        m->first[m->names.n] = m->items.n;
    }
    return calc_ok(c);
}

static size_t construct(calc *c, const model *m, str name) {
    for (size_t i = 0; i < m->names.n; i++)
        if (str_eq(m->names.v[i], name)) return i;
    calc_bad(c, "\"paths\": there is no block \"%.*s\"", STR_ARG(name));
    return 0;
}

static bool read_paths(calc *c, model *m) {
    const json *paths = in_list(c, NULL, "paths");
    m->path = NEW_N(c->a, bool, m->names.n * m->names.n + 1);
    for (const json *p = paths->first; p && calc_ok(c); p = p->next) {
        size_t from = construct(c, m, in_word(c, in_nth(c, p, 0, "paths"), "paths"));
        size_t to = construct(c, m, in_word(c, in_nth(c, p, 1, "paths"), "paths"));
        if (calc_ok(c) && (from == to || m->path[to * m->names.n + from]))
            calc_bad(c, "\"paths\" must not run in a circle");
        if (calc_ok(c)) m->path[from * m->names.n + to] = true;
    }
    return calc_ok(c);
}

static bool read(calc *c, model *m) {
    str scheme = in_maybe_text(c, NULL, "inner_scheme", S("path")),
        mode = in_maybe_text(c, NULL, "mode", S("A"));
    m->factorial = str_eq(scheme, S("factorial"));
    if (!m->factorial && !str_eq(scheme, S("path")))
        calc_bad(c, "\"inner_scheme\" must be path or factorial");
    if (!str_eq(mode, S("A"))) calc_bad(c, "\"mode\" must be A");
    if (!calc_ok(c) || !read_blocks(c, m) || !read_paths(c, m)) return false;
    table t = in_table(c, "data");
    if (calc_ok(c) && m->items.n == 0) calc_bad(c, "\"blocks\" is empty");
    if (!calc_ok(c)) return false;
    regression g = regression_of(c, &t, m->items.v[0], m->items);
    if (!calc_ok(c)) return false;
    m->raw = mat_transpose(c->a, g.x), m->x = mat_transpose(c->a, g.x);
    m->dropped = (i64)g.dropped;
    m->w = vec_new(c->a, m->items.n), m->sd = vec_new(c->a, m->items.n);
    m->scores = mat_new(c->a, m->names.n, m->x.cols);
    return calc_steps(c, ROUNDS_MAX * 4.0 * (double)m->x.cols *
                             (double)(m->items.n + m->names.n * m->names.n));
}

/* ---- writing ---- */

static void write_paths(calc *c, const model *m) {
    size_t n = m->names.n, from[CONSTRUCTS_MAX], k;
    mat b = mat_new(c->a, n, n);
    vec r2 = vec_new(c->a, n), beta = {0};
    for (size_t to = 0; to < n; to++) {
        r2.v[to] = NAN;
        bool ok = regress(m, to, &beta, &r2.v[to], from, &k);
        for (size_t j = 0; j < k; j++)
            *mat_at(b, from[j], to) = ok ? beta.v[j] : undefined(SINGULAR);
    }
    out_open(c, "paths");
    for (size_t i = 0; i < n; i++) {
        bool any = false;
        for (size_t j = 0; j < n; j++) any |= m->path[i * n + j];
        if (!any) continue;
        out_open(c, calc_cstr(c, m->names.v[i]));
        for (size_t j = 0; j < n; j++)
            if (m->path[i * n + j]) out_num(c, calc_cstr(c, m->names.v[j]), *mat_at(b, i, j));
        out_end(c);
    }
    out_end(c);
    out_open(c, "r2");
    for (size_t j = 0; j < n; j++) {
        bool any = false;
        for (size_t i = 0; i < n; i++) any |= m->path[i * n + j];
        if (any) out_num(c, calc_cstr(c, m->names.v[j]), r2.v[j]);
    }
    out_end(c);
}

static void write_items(calc *c, const model *m, bool loadings) {
    out_open(c, loadings ? "outer_loadings" : "outer_weights");
    for (size_t k = 0; k < m->names.n; k++)
        for (size_t j = m->first[k]; j < m->first[k + 1]; j++) {
            out_open(c, calc_cstr(c, m->items.v[j]));
            out_num(c, calc_cstr(c, m->names.v[k]),
                    loadings ? vec_cor(line(m->x, j), line(m->scores, k)) : m->w.v[j]);
            out_end(c);
        }
    out_end(c);
}

/* Unstandardised weights that sum to 1, on raw items of 1..10: an index of 0..100. */
static void write_index(calc *c, const model *m, size_t k) {
    double sum = 0, low = INFINITY, high = -INFINITY;
    vec index = vec_new(c->a, m->raw.cols);
    for (size_t j = m->first[k]; j < m->first[k + 1]; j++) sum += m->w.v[j] / m->sd.v[j];
    for (size_t j = m->first[k]; j < m->first[k + 1]; j++)
        for (size_t i = 0; i < index.n; i++) {
            double x = *mat_at(m->raw, j, i);
            low = fmin(low, x), high = fmax(high, x);
            index.v[i] += m->w.v[j] / m->sd.v[j] / sum * (x - 1) / 9 * 100;
        }
    if (low < 1 || high > 10) return;
    str name = m->names.v[k];
    char *key = arena_alloc(c->a, name.n + 20);
    memcpy(key, name.p, name.n);
    if (name.n && key[0] >= 'A' && key[0] <= 'Z') key[0] = (char)(key[0] + 32);
    memcpy(key + name.n, "_index_0_100", sizeof "_index_0_100");
    out_open(c, key);
    out_open(c, "weights");
    for (size_t j = m->first[k]; j < m->first[k + 1]; j++)
        out_num(c, calc_cstr(c, m->items.v[j]), m->w.v[j] / m->sd.v[j] / sum);
    out_end(c);
    out_num(c, "mean", vec_mean(index));
    out_num(c, "sd", vec_sd(index));
    out_end(c);
}

static bool run(calc *c) {
    model m = {.c = c};
    if (!read(c, &m)) return false;
    for (size_t j = 0; j < m.items.n; j++) {
        m.sd.v[j] = vec_sd(line(m.raw, j)), m.w.v[j] = 1;
        if (m.x.cols < 3) return calc_bad(c, "at least three complete rows are needed");
        if (!standardise(line(m.x, j)))
            return calc_bad(c, "item \"%.*s\" does not vary: leave it out", STR_ARG(m.items.v[j]));
    }
    i64 rounds = 0;
    double change = score(&m) ? 1 : -1;
    while (change > 1e-9 && rounds < ROUNDS_MAX) change = improve(&m), rounds++;
    if (change < 0)
        return calc_bad(c, "blocks say the same thing: two constructs cannot be told apart");
    orient(&m);
    write_paths(c, &m);
    write_items(c, &m, false);
    write_items(c, &m, true);
    for (size_t k = 0; k < m.names.n; k++) write_index(c, &m, k);
    out_int(c, "n", (i64)m.x.cols);
    out_int(c, "rows_left_out", m.dropped);
    out_bool(c, "converged", change <= 1e-7);
    return true;
}

const method method_pls_sem = {
    .name = "pls_sem",
    .title = {"Path model of satisfaction (PLS)", "满意度路径模型(PLS)", "滿意度路徑模型(PLS)"},
    .source =
        "Wold 1982; Lohmoeller 1989; Tenenhaus, Esposito Vinzi, Chatelin & Lauro 2005, CSDA 48",
    .formula = "items standardised (n-1); outer proxy X w, inner proxy sum e y (coefficients "
               "before, correlations "
               "behind), w = corr(X, z) until still; least squares of the scores; index: "
               "weights/sd, summing to 1, on "
               "(x-1)/9 x 100",
    .input = "data  table; rows with a gap are left out\nblocks  {\"construct\": [items]}\npaths  "
             "list of [from, to]\n"
             "inner_scheme  path or factorial\nmode  A",
    .output = "paths, r2, outer_weights, outer_loadings; CONSTRUCT_index_0_100 {weights, mean, sd} "
              "where items are "
              "1-10; n, rows_left_out, converged",
    .example =
        "{\"data\":{\"columns\":[\"a1\",\"a2\",\"b1\",\"b2\"],\"rows\":[[1,2,2,1],[3,3,4,3],[5,4,5,"
        "6],[7,8,6,7],"
        "[9,9,8,9],[4,5,6,4]]},\"blocks\":{\"Image\":[\"a1\",\"a2\"],\"Loyalty\":[\"b1\",\"b2\"]},"
        "\"paths\":[[\"Image\",\"Loyalty\"]]}",
    .run = run,
};
