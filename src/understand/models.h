/* models.h - trained models that people taught with their own texts.
**
** A task is what a model tells apart.  "sentiment" (negative, neutral, positive) and "intent" (the
** intents of the lexicon) are read into every voice once a model of one's own is in use; any other
** task can be taught and asked. */
#ifndef UNDERSTAND_MODELS_H
#define UNDERSTAND_MODELS_H
#include "kern/linear.h"
#include "store/store.h"

typedef struct {
    str task, name; /* name: TASK-VERSION */
    linear m;
    bool zh, en;       /* languages it was taught in, by its card */
    bool with_lexicon; /* the lexicon is heard too (selftaught.h), its judgement worth */
    double lexicon_weight; /* so much of a margin */
} model_use;
typedef struct models {
    const model_use *list;
    size_t n;
    str names; /* of one's own, blanks between; "" when there are none */
    arena *room; /* where those that ship live, for ever; NULL for one's own */
} models;

/* What is in use, opened.  A file that is not sound fails with CORRUPT and one sentence that names
** it and says how to go back.  Lives in a. */
bool models_load(store *s, arena *a, const models **out, err *e) MUST_USE;
/* NULL if none is in use, or it was not taught in the language (missing: any); m may be NULL. */
const linear *models_find(const models *m, str task, str lang);
const model_use *models_use(const models *m, str task,
                            str lang); /* the same, with its card's facts */

/* What ships in the binary: sentiment in Chinese and English.  Opened at the first call (a few ms),
** lives for ever; any thread.  make models makes them (tools/models.c); the cards say from what. */
const models *models_shipped(void);

/* Sets the facts of u from the card of u->m. */
bool model_card(arena *a, model_use *u, err *e) MUST_USE;

/* Makes the labels of a file those of the task, in place: stars, -1 0 1, 0 1 and words become
** negative, neutral, positive.  INVALID names the label that is none, and what may stand there. */
bool task_labels(str task, str *labels, size_t n, err *e) MUST_USE;
/* a-z, 0-9 and _ ; at most 60. */
bool task_check(str task, err *e) MUST_USE;

/* ---- switching ---- */

/* Puts this one in use instead of the task's other; what is read from now on is read with it. */
bool model_switch(store *s, arena *a, str name, model_row *out, err *e) MUST_USE;
/* Puts the one before in use again: the newest kept one that is older; without one, none of one's
** own is in use, and *out has an empty name. */
bool model_back(store *s, arena *a, str task, model_row *out, err *e) MUST_USE;
#endif
