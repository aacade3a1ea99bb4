/* drivers.c - importance of drivers from correlations. */
#include "kern/drivers.h"
#include "kern/moments.h"

drivers in_drivers(calc *c, size_t most) {
    drivers d = {0};
    table t = in_table(c, "data");
    str outcome = in_text(c, NULL, "outcome");
    if (!calc_ok(c)) return d;
    regression g = in_regression(c, &t, outcome, "drivers");
    if (calc_ok(c) && g.names.n > most)
        calc_bad(c, "\"drivers\": at most %zu, not %zu; driver_johnson takes more", most,
                 g.names.n);
    if (calc_ok(c) && g.names.n == 0) calc_bad(c, "\"drivers\" names none");
    if (!calc_ok(c)) return d;
    d.k = g.names.n, d.names = g.names, d.y = g.y, d.x = g.x;
    mat all = mat_new(c->a, g.y.n, d.k + 1);
    for (size_t i = 0; i < g.y.n; i++) {
        for (size_t j = 0; j < d.k; j++) *mat_at(all, i, j) = *mat_at(g.x, i, j);
        *mat_at(all, i, d.k) = g.y.v[i];
    }
    d.r = correlation(c->a, all);
    for (size_t i = 0; i <= d.k; i++) d.flat |= isnan(*mat_at(d.r, i, i));
    return d;
}

/* The sweep operator on pivot p, over the columns behind it: models are built in the order of their
** columns, so that nothing else is looked at again.  A pivot of nought is explained by those before. */
static void sweep(mat from, mat to, size_t p) {
    double pivot = *mat_at(from, p, p);
    for (size_t i = p + 1; i < from.rows; i++) {
        const double *row = mat_at(from, i, 0), *by = mat_at(from, p, 0);
        double *out = mat_at(to, i, 0), factor = pivot > 1e-10 ? by[i] / pivot : 0;
        for (size_t j = i; j < from.cols; j++) out[j] = row[j] - factor * by[j];
    }
}

static void explore(lmg_room *w, size_t from, size_t depth, u32 set) {
    for (size_t j = from; j < w->k; j++) {
        u32 with = set | (1u << j);
        sweep(w->level[depth], w->level[depth + 1], j);
        w->r2[with] = 1 - *mat_at(w->level[depth + 1], w->k, w->k);
        explore(w, j + 1, depth + 1, with);
    }
}

lmg_room lmg_room_of(arena *a, size_t k) {
    check(k <= DRIVERS_EXACT_MAX);
    lmg_room w = {NEW_N(a, double, (size_t)1 << k), NEW_N(a, mat, k + 2), k};
    for (size_t i = 1; i <= k + 1; i++) w.level[i] = mat_new(a, k + 1, k + 1);
    return w;
}

double *subsets_r2(arena *a, mat r, size_t k) {
    lmg_room w = lmg_room_of(a, k);
    check(r.rows == k + 1);
    w.level[0] = r;
    explore(&w, 0, 0, 0);
    return w.r2;
}

double *gains_by_size(arena *a, const double *r2, size_t k) {
    double *gain = NEW_N(a, double, k *k), *models = NEW_N(a, double, k);
    models[0] = 1;
    for (size_t s = 1; s < k; s++) models[s] = models[s - 1] * (double)(k - s) / (double)s;
    for (u32 set = 0; set < 1u << k; set++)
        for (size_t j = 0; j < k; j++)
            if (!(set >> j & 1))
                gain[j * k + (size_t)__builtin_popcount(set)] += r2[set | 1u << j] - r2[set];
    for (size_t j = 0; j < k; j++)
        for (size_t s = 0; s < k; s++) gain[j * k + s] /= models[s];
    return gain;
}

/* With w(s) = s! (k-1-s)! / k!, the mean gain of j is the sum over models T with j of
** (w(|T|-1) + w(|T|)) R2(T), less the sum over all models S of w(|S|) R2(S).  The first sums are taken
** by folding the table once for each driver: 2^(k+1) additions instead of k 2^k. */
double lmg_into(lmg_room *w, mat r, double *out) {
    size_t k = w->k, models = (size_t)1 << k;
    double of[DRIVERS_EXACT_MAX + 2] = {0}, all = 0, r2;
    w->level[0] = r;
    explore(w, 0, 0, 0);
    r2 = w->r2[models - 1];
    if (k) of[0] = 1 / (double)k;
    for (size_t s = 1; s < k; s++) of[s] = of[s - 1] * (double)s / (double)(k - s);
    for (size_t t = 1; t < models; t++) {
        size_t size = (size_t)__builtin_popcountll(t);
        all += of[size] * w->r2[t];
        w->r2[t] *= of[size - 1] + of[size];
    }
    for (size_t j = k; j-- > 0;) {
        size_t half = (size_t)1 << j;
        out[j] = -all;
        for (size_t i = 0; i < half; i++) {
            out[j] += w->r2[half + i];
            w->r2[i] += w->r2[half + i];
        }
    }
    w->r2[0] = 0;
    return r2;
}

vec lmg_of(arena *a, const double *gains, size_t k) {
    vec v = vec_new(a, k);
    for (size_t j = 0; j < k; j++)
        for (size_t s = 0; s < k; s++) v.v[j] += gains[j * k + s] / (double)k;
    return v;
}

static mat head_of(arena *a, mat r, size_t k) {
    mat m = mat_new(a, k, k);
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) *mat_at(m, i, j) = *mat_at(r, i, j);
    return m;
}

bool johnson_of(arena *a, mat r, size_t k, vec *raw) {
    vec d, b = vec_new(a, k), v = vec_new(a, k);
    mat q, s = mat_new(a, k, k);
    sym_eigen(a, head_of(a, r, k), &d, &q);
    if (!(d.v[k - 1] > 1e-10)) return false;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            for (size_t e = 0; e < k; e++) {
                double both = *mat_at(q, i, e) * *mat_at(q, j, e);
                *mat_at(s, i, j) += both * sqrt(d.v[e]);
                b.v[i] += both / sqrt(d.v[e]) * *mat_at(r, j, k);
            }
    for (size_t j = 0; j < k; j++)
        for (size_t i = 0; i < k; i++) v.v[j] += pow(*mat_at(s, j, i) * b.v[i], 2);
    *raw = v;
    return true;
}

bool std_ols_of(arena *a, mat r, size_t k, vec *beta, vec *vif) {
    mat inverse;
    if (!spd_inverse(a, head_of(a, r, k), &inverse)) return false;
    vec xy = vec_new(a, k);
    *vif = vec_new(a, k);
    for (size_t j = 0; j < k; j++) xy.v[j] = *mat_at(r, j, k), vif->v[j] = *mat_at(inverse, j, j);
    *beta = mat_vec(a, inverse, xy);
    return true;
}

void out_named(calc *c, const char *key, strs names, vec v) {
    out_open(c, key);
    for (size_t i = 0; i < v.n; i++) out_num(c, calc_cstr(c, names.v[i]), v.v[i]);
    out_end(c);
}
