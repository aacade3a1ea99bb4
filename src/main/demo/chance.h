/* chance.h - seeded randomness in whole numbers only, so that a seed gives the same company on
** every machine and compiler.  Generator: xoshiro256** seeded by splitmix64 (Blackman, Vigna 2018). */
#ifndef MAIN_DEMO_CHANCE_H
#define MAIN_DEMO_CHANCE_H
#include "base/base.h"

typedef struct {
    u64 s[4];
} chance;
void chance_seed(chance *c, u64 seed);
u64 chance_next(chance *c);
u64 chance_mix(u64 a, u64 b);                     /* one well mixed number from two */
u32 chance_below(chance *c, u32 n);               /* 0..n-1; n > 0 */
i32 chance_between(chance *c, i32 low, i32 high); /* both ends included */
bool chance_hit(chance *c, u32 permille);
i32 chance_bell(chance *c, i32 sd);          /* mean 0, about normal, within 3.4 sd */
u32 chance_count(chance *c, i64 mean_milli); /* how often, when mean_milli / 1000 is expected */
#endif
