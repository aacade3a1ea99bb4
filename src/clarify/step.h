/* step.h - a cleaning step: from noise to clean, private, comparable text.
** One file in steps/ is one step; .order says when it runs.  A step marks, it never drops. */
#ifndef CLARIFY_STEP_H
#define CLARIFY_STEP_H
#include "model/signal.h"

/* What the steps work on, for one signal.  All text lives in a. */
typedef struct {
    arena *a;
    const signal *sig;
    insight *ins;          /* lang, clean, redacted, quality, sentences are set here */
    str text;              /* the words as they stand after the steps so far; shown to people */
    str folded;            /* for matching, set by the step "fold": see kern/fold.h */
    /* ins->words_hash and ins->simhash are set by the step "prints"; NONE = no words, or too few */
    u32 *sentence_ends;    /* byte offsets in text */
    size_t sentences_n;
    const u8 *secret;      /* 32 bytes: the store's key for hashing personal data */
} clarifying;

typedef struct {
    const char *name;
    const char *title;
    const char *help;
    int order;             /* 10, 20, ...: gaps are for newcomers */
    void (*run)(clarifying *c);
} step;
extern const step *const steps[];
extern const size_t steps_n;
#endif
