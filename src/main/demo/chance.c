/* chance.c - see chance.h. */
#include "main/demo/chance.h"

static u64 splitmix(u64 *x) {
    u64 z = (*x += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

void chance_seed(chance *c, u64 seed) {
    for (int i = 0; i < 4; i++) c->s[i] = splitmix(&seed);
}

u64 chance_mix(u64 a, u64 b) {
    u64 x = a ^ (b * 0xd1342543de82ef95U);
    (void)splitmix(&x);
    return splitmix(&x);
}

static u64 rotl(u64 x, int k) {
    return (x << k) | (x >> (64 - k));
}

u64 chance_next(chance *c) {
    u64 *s = c->s, out = rotl(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 45);
    return out;
}

u32 chance_below(chance *c, u32 n) {
    check(n > 0);
    return (u32)(((chance_next(c) >> 32) * n) >> 32); /* bias below n / 2^32: nothing to us */
}

i32 chance_between(chance *c, i32 low, i32 high) {
    check(low <= high);
    return low + (i32)chance_below(c, (u32)(high - low) + 1);
}

bool chance_hit(chance *c, u32 permille) {
    return chance_below(c, 1000) < permille;
}

i32 chance_bell(chance *c, i32 sd) {
    check(sd >= 0);
    i64 sum = 0;
    for (int i = 0; i < 4; i++)
        sum += (i64)chance_below(c, 2001) - 1000; /* variance 4 x 1000^2 / 3 */
    return (i32)(sum * sd / 1155);
}

u32 chance_count(chance *c, i64 mean) {
    check(mean >= 0);
    i64 root = 0;
    while ((root + 1) * (root + 1) <= mean * 1000)
        root++; /* the spread of a Poisson count, in thousandths */
    i64 v = mean > 3000 ? mean + chance_bell(c, (i32)MIN(root, 1000000)) : mean;
    if (v <= 0) return 0;
    return (u32)(v / 1000) + (chance_below(c, 1000) < (u32)(v % 1000));
}
