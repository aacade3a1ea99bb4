/* pagerank.c - power iteration. */
#include "kern/pagerank.h"

vec pagerank(calc *c, const edge *e, size_t edges, size_t n, double teleport) {
    vec at = vec_new(c->a, n), next = vec_new(c->a, n), out = vec_new(c->a, n);
    for (size_t i = 0; i < edges; i++) out.v[e[i].from] += e[i].weight;
    for (size_t i = 0; i < n; i++) at.v[i] = 1 / (double)n;
    for (int round = 0; round < 2000 && calc_steps(c, (double)(n + edges)); round++) {
        double idle = 0, change = 0;
        for (size_t i = 0; i < n; i++)
            if (!(out.v[i] > 0)) idle += at.v[i];
        double base = (teleport + (1 - teleport) * idle) / (double)n;
        for (size_t i = 0; i < n; i++) next.v[i] = base;
        for (size_t i = 0; i < edges; i++)
            if (e[i].weight > 0)
                next.v[e[i].to] +=
                    (1 - teleport) * at.v[e[i].from] * e[i].weight / out.v[e[i].from];
        for (size_t i = 0; i < n; i++) change += fabs(next.v[i] - at.v[i]), at.v[i] = next.v[i];
        if (change < 1e-14) break;
    }
    return at;
}
