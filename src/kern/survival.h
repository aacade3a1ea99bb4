/* survival.h - times until something happened, or until we stopped looking. */
#ifndef KERN_SURVIVAL_H
#define KERN_SURVIVAL_H
#include "kern/method.h"

typedef struct {
    double time;
    bool event;
    size_t row;
} spell;
/* Columns time and event (0/1) of a table, in order of time. */
spell *in_spells(calc *c, const table *t);
#endif
