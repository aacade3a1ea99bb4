/* change.c - mix and rate effects of a change. */
#include "kern/change.h"
#include "kern/method.h"
#include "kern/moments.h"

static double size_of(const change_part *p, size_t n, int side) {
    neat sum = {0};
    for (size_t i = 0; i < n; i++) neat_add(&sum, p[i].n[side]);
    return neat_sum(&sum);
}

static double mean_of(const change_part *p, size_t n, int side) {
    neat sum = {0};
    double size = size_of(p, n, side);
    for (size_t i = 0; i < n; i++)
        if (p[i].n[side] > 0) neat_add(&sum, p[i].n[side] * p[i].mean[side]);
    return ratio(neat_sum(&sum), size);
}

change_whole change_split(change_part *p, size_t n) {
    double size[2] = {size_of(p, n, 0), size_of(p, n, 1)};
    change_whole w = {.before = mean_of(p, n, 0), .after = mean_of(p, n, 1)};
    for (size_t i = 0; i < n; i++) {
        double w0 = ratio(p[i].n[0], size[0]), w1 = ratio(p[i].n[1], size[1]);
        double m0 = p[i].n[0] > 0 ? p[i].mean[0] : w.before;
        p[i].mix = (w1 - w0) * (m0 - w.before);
        p[i].rate = p[i].n[1] > 0 ? w1 * (p[i].mean[1] - m0) : 0;
        w.mix += p[i].mix, w.rate += p[i].rate;
    }
    return w;
}
