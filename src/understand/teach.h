/* teach.h - a model for a task, taught with labelled texts, and compared with what is in use.
**
** Every fifth text (by a hash of its words, so that it is the same text in the next file too) is held
** back.  A first model, the proof, learns without them; it and what is in use (its own proof, or the
** readers of the program) are asked about them.  Then the model itself learns from all.  A model that
** loses is stored and not put in use. */
#ifndef UNDERSTAND_TEACH_H
#define UNDERSTAND_TEACH_H
#include "kern/learn.h"
#include "understand/models.h"

typedef struct {
    str task;
    str sources; /* for the card: files, or "scores of voices" */
    str licence; /* may be missing */
    i64 now_ms;
} teach_about;

typedef struct {
    str file, proof;       /* models */
    str card;              /* JSON */
    learn_figures figures; /* of the proof, on the texts held back */
    double before;         /* macro-F1 of what was in use on them; NAN: nothing was */
    bool better;           /* than that, or than always saying the most frequent class */
    size_t texts;
} taught;

/* What is said of a folded text now, by name; missing when nothing is. */
typedef struct {
    str (*says)(void *ctx, arena *a, str folded);
    void *ctx;
} teach_rival;

/* All in a.  INVALID when there are fewer than TEACH_TEXTS_LEAST texts, or one class only. */
enum { TEACH_TEXTS_LEAST = 20 };
bool teach(arena *a, const lessons *l, const learn_wish *w, const teach_about *about,
           const teach_rival *rival, taught *out, err *e) MUST_USE;

/* Sentiment from texts without labels (selftaught.h).  Its figures are not known: what was in use
** with labels is better. */
bool teach_self(store *s, arena *a, const str *texts, size_t n, const teach_about *about,
                taught *out, err *e) MUST_USE;

/* Who the rival is for a task: the proof of the model in use, else the readers (sentiment, intent),
** else nobody (says == NULL). */
bool teach_rival_of(store *s, arena *a, str task, teach_rival *out, err *e) MUST_USE;

/* Stores it, and puts it in use if it is better or must be. */
bool teach_keep(store *s, arena *a, const teach_about *about, const taught *t, bool must,
                model_row *out, err *e) MUST_USE;
#endif
