/* arl.c - how long control charts run: integral equations at Gauss-Legendre nodes. */
#include "kern/chart.h"
#include "kern/special.h"

enum { NODES = 40, TURNS = 60 /* of bisection, at most */ };

static double density(double z) {
    return exp(-z * z / 2) * 0.3989422804014327;
}

/* Nodes and weights of Gauss-Legendre on low..high, by Newton's method on the Legendre polynomial. */
static void nodes_of(double low, double high, double x[NODES], double w[NODES]) {
    for (int i = 0; i < NODES; i++) {
        double t = cos(M_PI * (i + 0.75) / (NODES + 0.5)), slope = 1;
        for (int turn = 0; turn < 20; turn++) {
            double p = 1, before = 0;
            for (int k = 1; k <= NODES; k++) {
                double next = ((2 * k - 1) * t * p - (k - 1) * before) / k;
                before = p, p = next;
            }
            slope = NODES * (t * p - before) / (t * t - 1);
            t -= p / slope;
            if (fabs(p) < 1e-15) break;
        }
        x[i] = (low + high) / 2 - (high - low) / 2 * t;
        w[i] = (high - low) / ((1 - t * t) * slope * slope);
    }
}

/* ---- CUSUM: one side; unknown 0 is the atom at nought, the rest stand at the nodes ---- */

typedef struct {
    double x[NODES], w[NODES], k;
} cusum_grid;

static cusum_grid cusum_grid_of(const chart *c) {
    cusum_grid g = {.k = c->weight};
    nodes_of(0, c->limit, g.x, g.w);
    return g;
}

static double cusum_at(const cusum_grid *g, size_t i) {
    return i ? g->x[i - 1] : 0;
}

/* Probability (atom) or weighted density of going from unknown i to unknown j. */
static double cusum_move(const cusum_grid *g, size_t i, size_t j, double shift) {
    double from = cusum_at(g, i);
    if (j == 0) return normal_cdf(g->k - from - shift);
    return g->w[j - 1] * density(g->x[j - 1] - from + g->k - shift);
}

static vec cusum_lengths(arena *a, const cusum_grid *g, double shift) {
    mat m = mat_new(a, NODES + 1, NODES + 1), b = mat_new(a, NODES + 1, 1);
    for (size_t i = 0; i <= NODES; i++) {
        for (size_t j = 0; j <= NODES; j++)
            *mat_at(m, i, j) = (i == j) - cusum_move(g, i, j, shift);
        b.v[i] = 1;
    }
    if (!lu_solve(a, m, b))
        for (size_t i = 0; i <= NODES; i++) b.v[i] = INFINITY;
    return (vec){b.v, NODES + 1};
}

/* Where the memory stands after a long time without a signal, by turning the wheel: masses of the unknowns. */
static void cusum_settled(const cusum_grid *g, double mass[NODES + 1]) {
    double next[NODES + 1];
    memset(mass, 0, (NODES + 1) * sizeof *mass);
    mass[0] = 1;
    for (int turn = 0; turn < 200; turn++) {
        double sum = 0;
        memset(next, 0, sizeof next);
        for (size_t i = 0; i <= NODES; i++)
            for (size_t j = 0; j <= NODES; j++) next[j] += mass[i] * cusum_move(g, i, j, 0);
        for (size_t j = 0; j <= NODES; j++) sum += next[j];
        for (size_t j = 0; j <= NODES; j++) mass[j] = next[j] / sum;
    }
}

static double cusum_length(arena *a, const chart *c, double shift) {
    cusum_grid g = cusum_grid_of(c);
    double up = c->side == CHART_DOWN ? INFINITY : cusum_lengths(a, &g, shift).v[0];
    double down = c->side == CHART_UP ? INFINITY : cusum_lengths(a, &g, -shift).v[0];
    return 1 / (1 / up + 1 / down);
}

static double cusum_delay(arena *a, const chart *c, double shift) {
    cusum_grid g = cusum_grid_of(c);
    double mass[NODES + 1], sum = 0;
    vec length = cusum_lengths(a, &g, c->side == CHART_DOWN ? -shift : fabs(shift));
    cusum_settled(&g, mass);
    for (size_t i = 0; i <= NODES; i++) sum += mass[i] * length.v[i];
    return sum;
}

/* ---- EWMA: both sides, or one with the other wide open ---- */

typedef struct {
    double x[NODES], w[NODES], lambda;
} ewma_grid;

enum { OPEN_SIGMAS = 8 /* beyond it no average of the open side comes */ };

/* At the limits after the i-th sample; i large: as they settle. */
static ewma_grid ewma_grid_of(const chart *c, double i) {
    ewma_grid g = {.lambda = c->weight};
    double sigma = sqrt(c->weight / (2 - c->weight) * (1 - pow(1 - c->weight, 2 * i)));
    double low = c->side == CHART_UP ? -OPEN_SIGMAS : -c->limit;
    double high = c->side == CHART_DOWN ? OPEN_SIGMAS : c->limit;
    nodes_of(low * sigma, high * sigma, g.x, g.w);
    return g;
}

static double ewma_move(const ewma_grid *to, double from, size_t j, double shift) {
    double l = to->lambda;
    return to->w[j] / l * density((to->x[j] - (1 - l) * from) / l - shift);
}

static vec ewma_lengths(arena *a, const ewma_grid *g, double shift) {
    mat m = mat_new(a, NODES, NODES), b = mat_new(a, NODES, 1);
    for (size_t i = 0; i < NODES; i++) {
        for (size_t j = 0; j < NODES; j++)
            *mat_at(m, i, j) = (i == j) - ewma_move(g, g->x[i], j, shift);
        b.v[i] = 1;
    }
    if (!lu_solve(a, m, b))
        for (size_t i = 0; i < NODES; i++) b.v[i] = INFINITY;
    return (vec){b.v, NODES};
}

static double ewma_from(const ewma_grid *to, vec length, double from, double shift) {
    double sum = 1;
    for (size_t j = 0; j < NODES; j++) sum += length.v[j] * ewma_move(to, from, j, shift);
    return sum;
}

/* From the average at nought, backwards through the samples in which the limits still widen. */
static double ewma_length(arena *a, const chart *c, double shift) {
    i64 settled = (i64)ceil(log(1e-9) / (2 * log1p(-fmin(c->weight, 0.999))));
    ewma_grid to = ewma_grid_of(c, 1e9);
    vec length = ewma_lengths(a, &to, shift), at = {NEW_N(a, double, NODES), NODES};
    for (i64 i = settled; i >= 1; i--) {
        ewma_grid here = ewma_grid_of(c, (double)i);
        for (size_t k = 0; k < NODES; k++) at.v[k] = ewma_from(&to, length, here.x[k], shift);
        memcpy(length.v, at.v, NODES * sizeof *at.v);
        to = here;
    }
    return ewma_from(&to, length, 0, shift);
}

static double ewma_delay(arena *a, const chart *c, double shift) {
    ewma_grid g = ewma_grid_of(c, 1e9);
    vec length = ewma_lengths(a, &g, shift);
    double mass[NODES], next[NODES], sum = 0;
    for (size_t i = 0; i < NODES; i++) mass[i] = 1.0 / NODES;
    for (int turn = 0; turn < 400; turn++) {
        double all = 0;
        memset(next, 0, sizeof next);
        for (size_t i = 0; i < NODES; i++)
            for (size_t j = 0; j < NODES; j++) next[j] += mass[i] * ewma_move(&g, g.x[i], j, 0);
        for (size_t j = 0; j < NODES; j++) all += next[j];
        for (size_t j = 0; j < NODES; j++) mass[j] = next[j] / all;
    }
    for (size_t i = 0; i < NODES; i++) sum += mass[i] * ewma_from(&g, length, g.x[i], shift);
    return sum;
}

/* ---- what is asked ---- */

static double shewhart_length(const chart *c, double shift) {
    double up = c->side == CHART_DOWN ? 0 : normal_cdf(shift - c->limit);
    double down = c->side == CHART_UP ? 0 : normal_cdf(-c->limit - shift);
    return 1 / (up + down);
}

double chart_run_length(arena *a, const chart *c, double shift) {
    switch (c->kind) {
    case CHART_EWMA:
        return ewma_length(a, c, shift);
    case CHART_CUSUM:
        return cusum_length(a, c, shift);
    case CHART_SHEWHART:
        break;
    }
    return shewhart_length(c, shift);
}

double chart_delay(arena *a, const chart *c, double shift) {
    switch (c->kind) {
    case CHART_EWMA:
        return ewma_delay(a, c, shift);
    case CHART_CUSUM:
        return cusum_delay(a, c, shift);
    case CHART_SHEWHART:
        break;
    }
    return shewhart_length(c, shift);
}

/* The run length grows with the limit. */
static double limit_of(arena *a, chart c, double arl) {
    double low = 0.05, high = c.kind == CHART_CUSUM ? 40 / (0.3 + c.weight) : 7;
    for (int turn = 0; turn < TURNS && high - low > 1e-7; turn++) {
        c.limit = (low + high) / 2;
        double at = chart_run_length(a, &c, 0);
        if (!(at < arl))
            high = c.limit;
        else
            low = c.limit;
    }
    return (low + high) / 2;
}

bool chart_design(arena *a, chart_kind kind, chart_side side, double weight, double arl, chart *out,
                  err *e) {
    bool ewma = kind == CHART_EWMA;
    if (!(arl >= CHART_ARL_MIN && arl <= CHART_ARL_MAX))
        return fail(e, INVALID, "the run length must lie between %d and %d periods", CHART_ARL_MIN,
                    CHART_ARL_MAX);
    if (isnan(weight)) weight = ewma ? 0.2 : 0.5;
    if (kind != CHART_SHEWHART && !(weight >= (ewma ? 0.02 : 0.05) && weight <= (ewma ? 1 : 5)))
        return fail(e, INVALID, "%s",
                    ewma ? "lambda must lie between 0.02 and 1"
                         : "k must lie between 0.05 and 5 sigmas");
    chart c = {kind, side, weight, 3, arl};
    if (kind == CHART_SHEWHART)
        c.limit = -normal_quantile(1 / ((side == CHART_BOTH ? 2 : 1) * arl));
    else
        c.limit = limit_of(a, c, arl);
    if (c.limit < 0.06)
        return fail(e, INVALID, "k is too large: no limit gives a run length of only %.0f periods", arl);
    *out = c;
    return true;
}
