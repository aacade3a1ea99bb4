/* world_real.c - the only place that asks this machine for the time and for chance; post.c is its network. */
#include <sys/random.h>
#include "main/post.h"
#include "main/world_real.h"

static i64 now_ms(world *w) {
    (void)w;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (i64)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static u64 chance(world *w) {
    (void)w;
    u64 v = 0;
    check(getrandom(&v, sizeof v, 0) == (ssize_t)sizeof v);
    return v;
}

world *world_real(void) {
    static world w = {now_ms, chance, post_send};
    return &w;
}
