/* world_fake.c - a clock that stands still and chance that repeats: for tests and simulations. */
#include "base/world.h"

static i64 fake_now(world *w) {
    return ((world_fake *)w)->clock_ms;
}

static u64 fake_random(world *w) {  /* splitmix64, Steele, Lea & Flood 2014 */
    u64 z = ((world_fake *)w)->seed += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

void world_fake_init(world_fake *f, i64 clock_ms, u64 seed) {
    *f = (world_fake){{fake_now, fake_random, NULL}, clock_ms, seed};
}
