/* slices.c - the search for the slice that stands out. */
#include "kern/slices.h"
#include "kern/special.h"

enum { ROUNDS = 6, EXTENDED = 120 }; /* of the additive fit; pairs that get a third condition */

typedef struct {
    double sum;
    i64 n;
} mass;
typedef struct {
    mass of[2];
} masses;

typedef struct {
    const slices_question *q;
    arena *a;
    double *r; /* what is left of y */
    masses all;
    double variance[2];
    slice_condition *list; /* all conditions, column by column */
    size_t *first;         /* of each column in it; [columns_n] = all */
    double tried[SLICE_CONDITIONS];
    masses *table; /* codes of one or two columns */
    struct pairs *pairs;
    u32 *rows;
    truth *said;
} search;

typedef struct {
    slice_condition c[SLICE_CONDITIONS];
    size_t n;
    double z, score;
} candidate;

static size_t side_of(const slices_question *q, size_t i) {
    return q->side ? q->side[i] : 1;
}

/* ---- what the mix would do: an additive fit, column by column, over both sides ---- */

static void take_mix(search *s) {
    const slices_question *q = s->q;
    for (size_t round = 0; round < ROUNDS && q->side; round++)
        for (size_t c = 0; c < q->columns_n; c++) {
            const u8 *code = q->columns[c].code;
            mass m[SLICE_CODES] = {{0}};
            for (size_t i = 0; i < q->n; i++) m[code[i]].sum += s->r[i], m[code[i]].n++;
            for (size_t k = 0; k < SLICE_CODES; k++)
                m[k].sum = m[k].n ? m[k].sum / (double)m[k].n : 0;
            for (size_t i = 0; i < q->n; i++) s->r[i] -= m[code[i]].sum;
        }
}

static void take_totals(search *s) {
    const slices_question *q = s->q;
    double squares[2] = {0};
    s->all = (masses){0};
    for (size_t i = 0; i < q->n; i++) {
        mass *m = &s->all.of[side_of(q, i)];
        m->sum += s->r[i], m->n++;
    }
    for (size_t i = 0; i < q->n; i++) {
        size_t k = side_of(q, i);
        double d = s->r[i] - s->all.of[k].sum / (double)s->all.of[k].n;
        squares[k] += d * d;
    }
    for (size_t k = 0; k < 2; k++)
        s->variance[k] = s->all.of[k].n > 1 ? squares[k] / (double)(s->all.of[k].n - 1) : 0;
}

/* ---- conditions ---- */

static void list_conditions(search *s) {
    const slices_question *q = s->q;
    size_t n = 0;
    s->list = NEW_N(s->a, slice_condition, q->columns_n * SLICE_CODES * 2 + 1);
    s->first = NEW_N(s->a, size_t, q->columns_n + 1);
    for (size_t c = 0; c < q->columns_n; c++) {
        const slice_column *x = &q->columns[c];
        u8 column = (u8)c, last = (u8)(x->codes - 1);
        s->first[c] = n;
        if (!x->ordered) {
            u8 end = x->rest ? last : x->codes;
            for (u8 k = 0; k < end; k++) s->list[n++] = (slice_condition){column, k, k};
            continue;
        }
        s->list[n++] = (slice_condition){column, 0, 0};
        for (u8 k = 2; k < x->codes; k++) {
            s->list[n++] = (slice_condition){column, 1, (u8)(k - 1)};
            s->list[n++] = (slice_condition){column, k, last};
        }
    }
    s->first[q->columns_n] = n;
}

static void count_tried(search *s) {
    double e[SLICE_CONDITIONS + 1] = {1};
    for (size_t c = 0; c < s->q->columns_n; c++) {
        double n = (double)(s->first[c + 1] - s->first[c]);
        for (size_t k = SLICE_CONDITIONS; k > 0; k--) e[k] += e[k - 1] * n;
    }
    for (size_t k = 0; k < SLICE_CONDITIONS; k++) s->tried[k] = fmax(1, e[k + 1]);
}

/* ---- z of a part ---- */

static double mean_of(mass m) {
    return m.sum / (double)m.n;
}

/* maybe: inside, or unknown because a value is missing; what is left is outside.  NAN: too small.  One
** side: the slice is the smaller part, so that "late" is told and not "in time". */
static double z_of(const search *s, const masses *in, const masses *maybe) {
    double d = 0, v = 0;
    for (size_t k = s->q->side ? 0 : 1; k < 2; k++) {
        mass i = in->of[k],
             o = {s->all.of[k].sum - maybe->of[k].sum, s->all.of[k].n - maybe->of[k].n};
        if (i.n < SLICE_LEAST_N || o.n < SLICE_LEAST_N) return NAN;
        if (!s->q->side && i.n > o.n) return NAN;
        d += (k ? 1 : -1) * (mean_of(i) - mean_of(o));
        v += s->variance[k] * (1 / (double)i.n + 1 / (double)o.n);
    }
    return v > 0 ? d / sqrt(v) : NAN;
}

static bool take_candidate(const search *s, const masses *in, const masses *maybe, candidate *x) {
    x->z = z_of(s, in, maybe);
    if (isnan(x->z)) return false;
    x->score = x->z * x->z / 2 - log(s->tried[x->n - 1]);
    return true;
}

static void better(candidate *best, const candidate *x) {
    if (x->score > best->score) *best = *x;
}

/* ---- one and two columns: tables of their codes, with running sums, so that ranges cost nothing ---- */

static void mass_add(masses *to, const masses *x, double by) {
    for (size_t k = 0; k < 2; k++) {
        to->of[k].sum += by * x->of[k].sum;
        to->of[k].n += (i64)by * x->of[k].n;
    }
}

enum { EDGE = SLICE_CODES + 1 };

/* table[(i + 1) * EDGE + j + 1]: all with codes up to i and j. */
static void run_sums(masses *t, size_t rows, size_t cols) {
    for (size_t i = 1; i <= rows; i++)
        for (size_t j = 1; j <= cols; j++) {
            mass_add(&t[i * EDGE + j], &t[(i - 1) * EDGE + j], 1);
            mass_add(&t[i * EDGE + j], &t[i * EDGE + j - 1], 1);
            mass_add(&t[i * EDGE + j], &t[(i - 1) * EDGE + j - 1], -1);
        }
}

static masses range_of(const masses *t, slice_condition x, slice_condition y) {
    masses m = t[(x.high + 1) * EDGE + y.high + 1];
    mass_add(&m, &t[x.low * EDGE + y.high + 1], -1);
    mass_add(&m, &t[(x.high + 1) * EDGE + y.low], -1);
    mass_add(&m, &t[x.low * EDGE + y.low], 1);
    return m;
}

/* The same, and where one of them is missing and the other does not say no. */
static masses maybe_of(const masses *t, slice_condition x, slice_condition y) {
    masses m = range_of(t, x, y), one;
    const slice_condition no_x = {x.column, 0, 0}, no_y = {y.column, 0, 0};
    if (x.low) one = range_of(t, no_x, y), mass_add(&m, &one, 1);
    if (y.low) one = range_of(t, x, no_y), mass_add(&m, &one, 1);
    if (x.low && y.low) one = range_of(t, no_x, no_y), mass_add(&m, &one, 1);
    return m;
}

static void fill_table(search *s, const slice_column *x, const slice_column *y) {
    const slices_question *q = s->q;
    memset(s->table, 0, sizeof *s->table * EDGE * EDGE);
    for (size_t i = 0; i < q->n; i++) {
        mass *m = &s->table[(x->code[i] + 1) * EDGE + y->code[i] + 1].of[side_of(q, i)];
        m->sum += s->r[i], m->n++;
    }
    run_sums(s->table, x->codes, y->codes);
}

static void try_one(search *s, candidate *best) {
    static const slice_condition whole = {0, 0, SLICE_CODES - 1};
    for (size_t c = 0; c < s->q->columns_n; c++) {
        slice_column none = {.code = s->q->columns[c].code, .codes = SLICE_CODES};
        fill_table(s, &s->q->columns[c], &none);
        for (size_t i = s->first[c]; i < s->first[c + 1]; i++) {
            candidate x = {.c = {s->list[i]}, .n = 1};
            masses in = range_of(s->table, s->list[i], whole);
            masses maybe = maybe_of(s->table, s->list[i], whole);
            if (take_candidate(s, &in, &maybe, &x)) better(best, &x);
        }
    }
}

/* The best pairs, for a third condition: a heap with the weakest on top. */
typedef struct pairs {
    candidate x[EXTENDED];
    size_t n;
} pairs;

static void pairs_put(pairs *p, const candidate *x) {
    size_t i = p->n;
    if (i < EXTENDED) {
        p->n++;
    } else {
        if (fabs(x->z) <= fabs(p->x[0].z)) return;
        for (i = 0;;) { /* the hole goes down */
            size_t k = 2 * i + 1;
            if (k >= p->n) break;
            k += k + 1 < p->n && fabs(p->x[k + 1].z) < fabs(p->x[k].z);
            if (fabs(p->x[k].z) >= fabs(x->z)) break;
            p->x[i] = p->x[k], i = k;
        }
        p->x[i] = *x;
        return;
    }
    for (; i > 0 && fabs(p->x[(i - 1) / 2].z) > fabs(x->z); i = (i - 1) / 2)
        p->x[i] = p->x[(i - 1) / 2];
    p->x[i] = *x;
}

static void try_two(search *s, candidate *best, pairs *keep) {
    const slices_question *q = s->q;
    for (size_t c = 0; c < q->columns_n; c++)
        for (size_t d = c + 1; d < q->columns_n; d++) {
            fill_table(s, &q->columns[c], &q->columns[d]);
            for (size_t i = s->first[c]; i < s->first[c + 1]; i++)
                for (size_t j = s->first[d]; j < s->first[d + 1]; j++) {
                    candidate x = {.c = {s->list[i], s->list[j]}, .n = 2};
                    masses in = range_of(s->table, s->list[i], s->list[j]);
                    masses maybe = maybe_of(s->table, s->list[i], s->list[j]);
                    if (!take_candidate(s, &in, &maybe, &x)) continue;
                    better(best, &x);
                    pairs_put(keep, &x);
                }
        }
}

/* ---- a third condition for the rows of a pair ---- */

static truth within(slice_condition c, const slice_column *columns, size_t row) {
    u8 code = columns[c.column].code[row];
    if (code >= c.low && code <= c.high) return YES;
    return code == 0 ? UNKNOWN : NO;
}

/* Codes of the rows: [0] inside the pair, [1] inside or unknown; running sums. */
static void line_of(const search *s, const u8 *code, const u32 *rows, const truth *said, size_t n,
                    masses (*m)[SLICE_CODES + 1]) {
    memset(m, 0, 2 * sizeof *m);
    for (size_t i = 0; i < n; i++)
        for (size_t k = said[i] == YES ? 0 : 1; k < 2; k++) {
            mass *to = &m[k][code[rows[i]] + 1].of[side_of(s->q, rows[i])];
            to->sum += s->r[rows[i]], to->n++;
        }
    for (size_t j = 0; j < 2; j++)
        for (size_t k = 1; k <= SLICE_CODES; k++) mass_add(&m[j][k], &m[j][k - 1], 1);
}

static masses stretch(const masses *line, u8 low, u8 high) {
    masses m = line[high + 1];
    mass_add(&m, &line[low], -1);
    return m;
}

static size_t rows_of(const search *s, const candidate *pair, u32 *rows, truth *said) {
    size_t n = 0;
    for (size_t i = 0; i < s->q->n; i++) {
        rows[n] = (u32)i;
        said[n] =
            truth_and(within(pair->c[0], s->q->columns, i), within(pair->c[1], s->q->columns, i));
        n += said[n] != NO;
    }
    return n;
}

static void try_third(search *s, const candidate *pair, candidate *best) {
    const slices_question *q = s->q;
    masses m[2][SLICE_CODES + 1];
    size_t n = rows_of(s, pair, s->rows, s->said);
    for (size_t c = 0; c < q->columns_n; c++) {
        if (c == pair->c[0].column || c == pair->c[1].column) continue;
        line_of(s, q->columns[c].code, s->rows, s->said, n, m);
        for (size_t i = s->first[c]; i < s->first[c + 1]; i++) {
            slice_condition one = s->list[i];
            candidate x = {.c = {pair->c[0], pair->c[1], one}, .n = 3};
            masses in = stretch(m[0], one.low, one.high), maybe = stretch(m[1], one.low, one.high);
            masses gap = stretch(m[1], 0, 0);
            if (one.low) mass_add(&maybe, &gap, 1);
            if (take_candidate(s, &in, &maybe, &x)) better(best, &x);
        }
    }
}

static bool find_best(search *s, candidate *best) {
    pairs *keep = s->pairs;
    keep->n = 0;
    *best = (candidate){.score = -INFINITY};
    take_totals(s);
    try_one(s, best);
    if (s->q->conditions > 1) try_two(s, best, keep);
    for (size_t i = 0; i < keep->n && s->q->conditions > 2; i++) try_third(s, &keep->x[i], best);
    return best->n > 0;
}

/* ---- what is told of it ---- */

truth slice_holds(const slice *s, const slice_column *columns, size_t row) {
    truth t = YES;
    for (size_t i = 0; i < s->conditions_n; i++)
        t = truth_and(t, within(s->conditions[i], columns, row));
    return t;
}

static int condition_order(const void *x, const void *y) {
    const slice_condition *a = x, *b = y;
    return (a->column > b->column) - (a->column < b->column);
}

typedef struct {
    i64 n;
    double mean, m2;
} running;

static void running_add(running *m, double x) {
    double d = x - m->mean;
    m->mean += d / (double)++m->n;
    m->m2 += d * (x - m->mean);
}

static slice_side side_told(const running *m) {
    return (slice_side){m->n, m->n ? m->mean : NAN, m->n > 1 ? m->m2 / (double)(m->n - 1) : NAN};
}

/* Welch's interval of the contrast, on what is left of y. */
static void measure_effect(const search *s, slice *x) {
    running y[2][2] = {0}, r[2][2] = {0};
    for (size_t i = 0; i < s->q->n; i++) {
        truth t = slice_holds(x, s->q->columns, i);
        size_t in = t == YES, k = side_of(s->q, i);
        if (t == UNKNOWN) continue;
        running_add(&y[in][k], s->q->y[i]);
        running_add(&r[in][k], s->r[i]);
    }
    double se2 = 0, below = 0;
    x->effect = 0;
    for (size_t k = 0; k < 2; k++) {
        x->in[k] = side_told(&y[1][k]), x->out[k] = side_told(&y[0][k]);
        if (!s->q->side && !k) continue;
        x->effect += (k ? 1 : -1) * (r[1][k].mean - r[0][k].mean);
        for (size_t in = 0; in < 2; in++) {
            double n = (double)r[in][k].n, v = r[in][k].m2 / (n - 1) / n;
            se2 += v, below += v * v / (n - 1);
        }
    }
    double wide = se2 > 0 ? t_quantile(0.975, se2 * se2 / below) * sqrt(se2) : 0;
    x->low = x->effect - wide;
    x->high = x->effect + wide;
}

static void take_out(search *s, const slice *x) {
    for (size_t i = 0; i < s->q->n; i++)
        if (side_of(s->q, i) && slice_holds(x, s->q->columns, i) == YES) s->r[i] -= x->effect;
}

static slice slice_of(const search *s, const candidate *x) {
    slice out = {.conditions_n = x->n, .z = x->z};
    memcpy(out.conditions, x->c, sizeof out.conditions);
    qsort(out.conditions, out.conditions_n, sizeof *out.conditions, condition_order);
    out.p = normal_two_sided(x->z);
    out.p_adjusted = fmin(1, out.p * s->tried[x->n - 1] * (double)s->q->conditions);
    return out;
}

void slices_find(arena *a, const slices_question *q, slices_answer *out) {
    check(q->columns_n <= SLICE_COLUMNS && q->n < UINT32_MAX);
    check(q->conditions >= 1 && q->conditions <= SLICE_CONDITIONS);
    search s = {.q = q, .a = a, .r = arena_raw(a, (q->n + 1) * sizeof(double))};
    slices_answer r = {.slices = NEW_N(a, slice, q->most + 1)};
    for (size_t c = 0; c < q->columns_n; c++) check(q->columns[c].codes <= SLICE_CODES);
    if (q->n) memcpy(s.r, q->y, q->n * sizeof *s.r);
    s.table = NEW_N(a, masses, (size_t)EDGE * EDGE);
    s.pairs = NEW(a, pairs);
    s.rows = arena_raw(a, (q->n + 1) * sizeof *s.rows);
    s.said = arena_raw(a, (q->n + 1) * sizeof *s.said);
    list_conditions(&s);
    count_tried(&s);
    take_mix(&s);
    for (size_t k = 0; k < q->conditions; k++) r.candidates += s.tried[k];
    for (candidate best; r.slices_n < q->most && find_best(&s, &best);) {
        slice x = slice_of(&s, &best);
        if (!(x.p_adjusted < q->alpha)) break;
        measure_effect(&s, &x);
        take_out(&s, &x);
        r.slices[r.slices_n++] = x;
    }
    *out = r;
}
