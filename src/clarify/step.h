/* step.h - a cleaning step: from noise to clean, private, comparable text.
** One file in steps/ is one step; .order says when it runs.  A step marks, it never drops. */
#ifndef CLARIFY_STEP_H
#define CLARIFY_STEP_H
#include "clarify/clarify.h"

/* What the steps work on, for one signal.  All text lives in a. */
typedef struct {
    arena *a;
    const signal *sig;
    const clarify_setup *setup; /* never NULL */
    insight *ins;               /* lang, redacted, quality, words_hash, simhash are set by steps */
    clarified *out; /* text is changed by the early steps; the rest speaks of its last form */
} clarifying;

typedef struct {
    const char *name;
    const char *title;
    const char *help;
    int order; /* 10, 20, ...: gaps are for newcomers; equal ones run by name */
    void (*run)(clarifying *c);
} step;
extern const step *const steps[];
extern const size_t steps_n;
#endif
