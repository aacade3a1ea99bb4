/* linear.c - a trained linear model: opened, asked, explained.  See linear.h. */
#include "kern/linear.h"
#include "base/limits.h"
#include "kern/linear_file.h"
#include "kern/strict.h"

static inline u32 start_at(const linear *m, size_t i) {
    u32 x;
    memcpy(&x, m->starts + i * 4, 4);
    return x;
}
static inline u32 holder_at(const linear *m, size_t i) {
    if (m->classes_n <= LINEAR_NARROW) return m->holders[i];
    u16 x;
    memcpy(&x, m->holders + i * 2, 2);
    return x;
}

static void sum_dense(const linear *m, const u32 *ids, size_t n, i32 *sums) {
    if (m->rows_n == 1) {
        i32 sum = 0;
        for (size_t i = 0; i < n; i++) sum += m->weights[ids[i]];
        sums[0] = sum;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        const i8 *w = m->weights + (size_t)ids[i] * m->rows_n;
        for (size_t r = 0; r < m->rows_n; r++) sums[r] += w[r];
    }
}
static void sum_sparse(const linear *m, const u32 *ids, size_t n, i32 *sums) {
    for (size_t i = 0; i < n; i++)
        for (u32 j = start_at(m, ids[i]), to = start_at(m, ids[i] + 1); j < to; j++)
            sums[holder_at(m, j)] += m->weights[j];
}

/* A file may hold numbers that are finite and absurd: what comes of them stays finite too, so that no
** difference or product of margins is none. */
static float bounded(double v) {
    enum { MARGIN_MOST = 1000000 };
    return (float)MAX(-(double)MARGIN_MOST, MIN(v, (double)MARGIN_MOST));
}

void linear_margins(const linear *m, grams_room *room, str folded, float *margins_out) {
    i32 sums[LIMIT_MODEL_CLASSES];
    const u32 *ids;
    size_t n = grams_of(room, &m->shape, folded, &ids);
    check(m->rows_n <= LIMIT_MODEL_CLASSES);
    memset(sums, 0, m->rows_n * sizeof *sums);
    if (m->sparse)
        sum_sparse(m, ids, n, sums);
    else
        sum_dense(m, ids, n, sums);
    double unit = 1 / sqrt((double)MAX(n, 1u));
    for (size_t r = 0; r < m->rows_n; r++)
        margins_out[r] =
            bounded((double)m->rows[r].scale * unit * sums[r] + (double)m->rows[r].bias);
}

size_t linear_best(const linear *m, const float *margins) {
    if (m->rows_n == 1) return margins[0] > 0;
    size_t best = 0;
    for (size_t r = 1; r < m->rows_n; r++)
        if (margins[r] > margins[best]) best = r;
    return best;
}

void linear_sure(const linear *m, const float *margins, double *sure_out) {
    if (m->rows_n == 1) {
        sure_out[1] = platt_sure(m->rows[0].sure, (double)margins[0]);
        sure_out[0] = 1 - sure_out[1];
        return;
    }
    if (m->many) {
        for (size_t r = 0; r < m->rows_n; r++)
            sure_out[r] = platt_sure(m->rows[r].sure, (double)margins[r]);
        return;
    }
    double top = (double)margins[linear_best(m, margins)], sum = 0;
    for (size_t r = 0; r < m->rows_n; r++)
        sum += sure_out[r] = strict_exp(-(double)m->rows[r].sure.a * ((double)margins[r] - top));
    for (size_t r = 0; r < m->rows_n; r++) sure_out[r] /= sum;
}

/* ---- why ---- */

typedef struct {
    const linear *m;
    size_t class_;
    linear_reason *list;
    size_t n, cap;
    double unit;
} reasoning;

static i32 weight_of(const linear *m, u32 id, size_t class_) {
    if (m->rows_n == 1) return class_ == 1 ? m->weights[id] : -m->weights[id];
    if (!m->sparse) return m->weights[(size_t)id * m->rows_n + class_];
    for (u32 j = start_at(m, id), to = start_at(m, id + 1); j < to; j++)
        if (holder_at(m, j) == class_) return m->weights[j];
    return 0;
}

static void note_reason(void *ctx, u32 id, u32 start, u32 end) {
    reasoning *r = ctx;
    i32 w = weight_of(r->m, id, r->class_);
    if (w == 0 || r->n == r->cap) return;
    size_t row = r->m->rows_n == 1 ? 0 : r->class_;
    float share = (float)((double)r->m->rows[row].scale * r->unit * w);
    r->list[r->n++] = (linear_reason){start, end, share};
}

static int by_share(const void *a, const void *b) {
    const linear_reason *x = a, *y = b;
    float fx = fabsf(x->share), fy = fabsf(y->share);
    if (fx != fy) return fx < fy ? 1 : -1;
    return x->start < y->start ? -1 : x->start > y->start;
}

/* Inside one already shown, or around one, it would say the same again. */
static bool said_already(const linear_reason *out, size_t n, const linear_reason *r) {
    for (size_t i = 0; i < n; i++) {
        bool apart = r->end <= out[i].start || out[i].end <= r->start;
        if (!apart && (r->share > 0) == (out[i].share > 0)) return true;
    }
    return false;
}

size_t linear_reasons(const linear *m, arena *a, str folded, size_t class_, size_t most,
                      linear_reason *out) {
    check(class_ < m->classes_n);
    const u32 *ids;
    grams_room *room = grams_room_new(a);
    size_t n = grams_of(room, &m->shape, folded, &ids), kept = 0;
    reasoning r = {.m = m, .class_ = class_, .unit = 1 / sqrt((double)MAX(n, 1u))};
    r.cap = LIMIT_TEXT_GRAMS;
    while (r.cap > 1024 && r.cap / 2 > folded.n * 8) r.cap /= 2;
    r.list = NEW_N(a, linear_reason, r.cap);
    grams_each(&m->shape, folded, note_reason, &r);
    qsort(r.list, r.n, sizeof *r.list, by_share);
    for (size_t i = 0; i < r.n && kept < most; i++)
        if (!said_already(out, kept, &r.list[i])) out[kept++] = r.list[i];
    return kept;
}
