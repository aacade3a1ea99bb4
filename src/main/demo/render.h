/* render.h - from a scene to a signal, as a system of that channel would have sent it. */
#ifndef MAIN_DEMO_RENDER_H
#define MAIN_DEMO_RENDER_H
#include "main/demo/scene.h"
#include "model/signal.h"

/* The whole signal but source's external_id, not sealed; in a. */
void render(arena *a, const book *b, scene *s, signal *out);
#endif
