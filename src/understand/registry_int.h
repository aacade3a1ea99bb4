/* registry_int.h - what the files of registry.h share. */
#ifndef UNDERSTAND_REGISTRY_INT_H
#define UNDERSTAND_REGISTRY_INT_H
#include "understand/measure_int.h"

typedef struct {
    const char *name, *title[LANGUAGES], *formula;
    bool down;
} builtin;
extern const builtin builtins[];
extern const size_t builtins_n;
#endif
