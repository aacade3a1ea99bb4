/* method_lists.c - lists of numbers and words: sorted, ranked, told apart. */
#include "kern/method.h"

vec vec_new(arena *a, size_t n) {
    return (vec){NEW_N(a, double, n), n};
}

vec vec_copy(arena *a, vec v) {
    vec r = vec_new(a, v.n);
    if (v.n) memcpy(r.v, v.v, v.n * sizeof *v.v);
    return r;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void vec_sort(vec v) {
    if (v.n) qsort(v.v, v.n, sizeof *v.v, by_value);
}

typedef struct {
    double v;
    size_t i;
} placed;

static int by_place(const void *a, const void *b) {
    const placed *x = a, *y = b;
    int by = (x->v > y->v) - (x->v < y->v);
    return by ? by : (x->i > y->i) - (x->i < y->i);
}

size_t *order_of(arena *a, vec v) {
    placed *p = NEW_N(a, placed, v.n);
    size_t *r = NEW_N(a, size_t, v.n);
    for (size_t i = 0; i < v.n; i++) p[i] = (placed){v.v[i], i};
    if (v.n) qsort(p, v.n, sizeof *p, by_place);
    for (size_t i = 0; i < v.n; i++) r[i] = p[i].i;
    return r;
}

vec ranks_of(arena *a, vec v) {
    size_t *o = order_of(a, v);
    vec r = vec_new(a, v.n);
    for (size_t i = 0, j; i < v.n; i = j) {
        for (j = i + 1; j < v.n && v.v[o[j]] == v.v[o[i]]; j++) {
        }
        for (size_t k = i; k < j; k++) r.v[o[k]] = ((double)i + 1 + (double)j) / 2;
    }
    return r;
}

static int by_text(const void *a, const void *b) {
    return str_cmp(*(const str *)a, *(const str *)b);
}

strs strs_distinct(arena *a, strs s) {
    strs r = {NEW_N(a, str, s.n), 0};
    for (size_t i = 0; i < s.n; i++)
        if (s.v[i].p) r.v[r.n++] = s.v[i];
    if (r.n) qsort(r.v, r.n, sizeof *r.v, by_text);
    size_t n = 0;
    for (size_t i = 0; i < r.n; i++)
        if (n == 0 || !str_eq(r.v[n - 1], r.v[i])) r.v[n++] = r.v[i];
    r.n = n;
    return r;
}

size_t strs_find(strs sorted, str s) {
    size_t low = 0, high = sorted.n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int by = str_cmp(sorted.v[mid], s);
        if (by == 0) return mid;
        if (by < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return SIZE_MAX;
}
