/* pagerank.h - where a random walker is found: Brin & Page 1998, by power iteration to 1e-14. */
#ifndef KERN_PAGERANK_H
#define KERN_PAGERANK_H
#include "kern/method.h"

typedef struct {
    u32 from, to;
    double weight;
} edge;
/* teleport: chance of a jump to any node; nodes without an edge jump always.  Sums to 1. */
vec pagerank(calc *c, const edge *e, size_t edges, size_t n, double teleport);
#endif
