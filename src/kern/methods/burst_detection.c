/* burst_detection.c - when something happened much more often than usual. */
#include "kern/method.h"

enum { STATES_MAX = 60 };

typedef struct {
    vec at, gap;
    double s, gamma;
    size_t k; /* states */
} stream;

/* The cheapest sequence of states (Viterbi); state i: exponential gaps with rate s^i / mean. */
static u8 *states_of(calc *c, const stream *b) {
    size_t n = b->gap.n, k = b->k;
    double mean = (b->at.v[n] - b->at.v[0]) / (double)n, cost[STATES_MAX], next[STATES_MAX];
    u8 *from = NEW_N(c->a, u8, n * k + 1), *path = NEW_N(c->a, u8, n + 1);
    for (size_t i = 0; i < k; i++) cost[i] = i ? INFINITY : 0;
    for (size_t t = 0; t < n; t++) {
        for (size_t j = 0; j < k; j++) {
            double rate = pow(b->s, (double)j) / mean, best = INFINITY;
            for (size_t i = 0; i < k; i++) {
                double v = cost[i] + (j > i ? (double)(j - i) * b->gamma * log((double)n) : 0);
                if (v < best) best = v, from[t * k + j] = (u8)i;
            }
            next[j] = best - log(rate) + rate * b->gap.v[t];
        }
        memcpy(cost, next, sizeof cost);
    }
    size_t at = 0;
    for (size_t i = 1; i < k; i++)
        if (cost[i] < cost[at]) at = i;
    for (size_t t = n; t-- > 0;) path[t] = (u8)at, at = from[t * k + at];
    return path;
}

static void write_burst(calc *c, size_t level, double start, double end) {
    out_list(c, NULL);
    out_int(c, NULL, (i64)level);
    out_num(c, NULL, start);
    out_num(c, NULL, end);
    out_end(c);
}

/* In the order they begin; a burst ends where the state falls below its level. */
static void write(calc *c, const stream *b, const u8 *state) {
    size_t n = b->gap.n;
    out_list(c, NULL);
    for (size_t t = 0; t < n; t++)
        for (size_t level = t ? state[t - 1] + 1u : 0; level <= state[t] && calc_steps(c, 1);
             level++) {
            size_t end = t;
            while (end < n && state[end] >= level) end++;
            write_burst(c, level, b->at.v[t], b->at.v[end]);
        }
    out_end(c);
}

static bool run(calc *c) {
    stream b = {.at = in_nums(c, NULL, "offsets")};
    const json *settings = in_list(c, NULL, "settings");
    if (!calc_ok(c)) return false;
    b.at = vec_copy(c->a, b.at);
    vec_sort(b.at);
    if (b.at.n < 2) return calc_bad(c, "\"offsets\" must hold at least two times");
    b.gap = vec_new(c->a, b.at.n - 1);
    double least = INFINITY, whole = b.at.v[b.at.n - 1] - b.at.v[0];
    for (size_t i = 0; i < b.gap.n; i++)
        least = fmin(least, b.gap.v[i] = b.at.v[i + 1] - b.at.v[i]);
    if (!(least > 0)) return calc_bad(c, "\"offsets\" must differ: two events have one time");
    out_list(c, "bursts_level_start_end");
    for (const json *v = settings->first; v && calc_ok(c); v = v->next) {
        b.s = in_num_of(c, v, "s", 1.01, 1000), b.gamma = in_num_of(c, v, "gamma", 0, 1000);
        b.k = (size_t)fmin(STATES_MAX,
                           fmax(1, ceil(1 + log(whole) / log(b.s) + log(1 / least) / log(b.s))));
        if (calc_ok(c) && calc_steps(c, (double)(b.gap.n * b.k * b.k)))
            write(c, &b, states_of(c, &b));
    }
    out_end(c);
    return calc_ok(c);
}

const method method_burst_detection = {
    .name = "burst_detection",
    .title = {"Bursts", "突发检测", "突發偵測"},
    .source = "Kleinberg 2002 (KDD)",
    .formula = "states with rates s^i n/T, up costs gamma ln n a level; the cheapest sequence; "
               "ceil(1 + log_s T + log_s(1/smallest gap)) states",
    .input = "offsets  times\nsettings  list of {s, gamma}",
    .output = "bursts_level_start_end  for each setting a list; level 0 is the usual state",
    .example = "{\"offsets\":[1,10,20,21,22,23,33],\"settings\":[{\"s\":2,\"gamma\":0.2}]}",
    .run = run,
};
