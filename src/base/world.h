/* world.h - everything the program cannot decide for itself: the clock and chance.
** Only main/ builds the real one; tests build a fake with a seed. */
#ifndef BASE_WORLD_H
#define BASE_WORLD_H
#include "base/base.h"

typedef struct world world;
struct world {
    i64 (*now_ms)(world *w);   /* UTC, milliseconds since 1970 */
    u64 (*random)(world *w);   /* real: from the system, from any thread; fake: from the seed */
};

typedef struct {
    world w;
    i64 clock_ms;
    u64 seed;
} world_fake;
void world_fake_init(world_fake *f, i64 clock_ms, u64 seed);  /* time moves only when told */
#endif
