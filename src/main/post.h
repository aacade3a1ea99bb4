/* post.h - the network of the real world. */
#ifndef MAIN_POST_H
#define MAIN_POST_H
#include "base/world.h"

/* world.send by libcurl; see base/world.h. */
bool post_send(world *w, arena *a, const parcel *p, receipt *out, err *e);
#endif
