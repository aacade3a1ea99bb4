/* world_real.h - the clock and chance of this machine. */
#ifndef MAIN_WORLD_REAL_H
#define MAIN_WORLD_REAL_H
#include "base/world.h"

world *world_real(void);
#endif
