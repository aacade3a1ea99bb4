/* chance.c - seeded random numbers. */
#include "kern/chance.h"
#include "kern/special.h"

chance chance_of(u64 seed) {
    chance c;
    for (int i = 0; i < 4; i++) { /* splitmix64 */
        u64 z = seed += 0x9e3779b97f4a7c15u;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        c.s[i] = z ^ (z >> 31);
    }
    return c;
}

static u64 rotate(u64 x, int k) {
    return x << k | x >> (64 - k);
}

u64 chance_bits(chance *c) {
    u64 *s = c->s, out = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return out;
}

double chance_uniform(chance *c) {
    return ((double)(chance_bits(c) >> 11) + 0.5) * 0x1p-53;
}

double chance_normal(chance *c) {
    return normal_quantile(chance_uniform(c));
}

double chance_gamma(chance *c, double k) {
    check(k > 0);
    if (k < 1) return chance_gamma(c, k + 1) * pow(chance_uniform(c), 1 / k);
    double d = k - 1.0 / 3, b = 1 / sqrt(9 * d);
    for (;;) {
        double x = chance_normal(c), v = 1 + b * x;
        if (v <= 0) continue;
        v = v * v * v;
        if (log(chance_uniform(c)) < x * x / 2 + d - d * v + d * log(v)) return d * v;
    }
}
