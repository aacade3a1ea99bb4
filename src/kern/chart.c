/* chart.c - Shewhart, EWMA and CUSUM, one score at a time. */
#include "kern/chart.h"

/* Exact limit of the EWMA after its i-th sample. */
static double ewma_limit(const chart *c, i64 i) {
    double w = c->weight;
    return c->limit * sqrt(w / (2 - w) * (1 - pow(1 - w, 2 * (double)i)));
}

static int watched(const chart *c, bool up, bool down) {
    if (up && c->side != CHART_DOWN) return 1;
    return down && c->side != CHART_UP ? -1 : 0;
}

static int cusum_step(const chart *c, chart_state *s, double z) {
    s->up = fmax(0, s->up + z - c->weight);
    s->down = fmax(0, s->down - z - c->weight);
    s->n_up = s->up > 0 ? s->n_up + 1 : 0;
    s->n_down = s->down > 0 ? s->n_down + 1 : 0;
    return watched(c, s->up > c->limit, s->down > c->limit);
}

static int ewma_step(const chart *c, chart_state *s, double z) {
    double limit = ewma_limit(c, s->n), before = s->up;
    s->up = c->weight * z + (1 - c->weight) * before;
    s->n_up = s->up > 0 ? s->n_up + 1 : 0;
    s->n_down = s->up < 0 ? s->n_down + 1 : 0;
    return watched(c, s->up > limit, s->up < -limit);
}

int chart_step(const chart *c, chart_state *s, double z) {
    check(isfinite(z));
    s->n++;
    switch (c->kind) {
    case CHART_EWMA:
        return ewma_step(c, s, z);
    case CHART_CUSUM:
        return cusum_step(c, s, z);
    case CHART_SHEWHART:
        break;
    }
    return watched(c, z > c->limit, z < -c->limit);
}

double chart_reach(const chart *c, const chart_state *s, double z) {
    double up = s->up, down = c->kind == CHART_CUSUM ? s->down : -s->up, limit = c->limit;
    if (c->kind == CHART_SHEWHART) up = z, down = -z;
    if (c->kind == CHART_EWMA) limit = ewma_limit(c, MAX(s->n, 1));
    double far = fmax(c->side == CHART_DOWN ? 0 : up, c->side == CHART_UP ? 0 : down);
    return fmin(1, fmax(0, far / limit));
}

void chart_limits(const chart *c, const chart_state *s, double *low, double *high) {
    double up = c->limit, down = c->limit;
    if (c->kind == CHART_CUSUM) {
        up = c->limit + c->weight - s->up;
        down = c->limit + c->weight - s->down;
    } else if (c->kind == CHART_EWMA) {
        double limit = ewma_limit(c, s->n + 1), kept = (1 - c->weight) * s->up;
        up = (limit - kept) / c->weight;
        down = (limit + kept) / c->weight;
    }
    *high = c->side == CHART_DOWN ? INFINITY : up;
    *low = c->side == CHART_UP ? -INFINITY : -down;
}

i64 chart_since(const chart *c, const chart_state *s, int signal) {
    if (c->kind == CHART_SHEWHART) return 1;
    return MAX(1, signal > 0 ? s->n_up : s->n_down);
}

void chart_hold(const chart *c, chart_state *s) {
    if (c->kind == CHART_CUSUM) {
        s->up = fmin(s->up, c->limit);
        s->down = fmin(s->down, c->limit);
    } else if (c->kind == CHART_EWMA) {
        double limit = ewma_limit(c, MAX(s->n, 1));
        s->up = fmax(-limit, fmin(s->up, limit));
    }
}
