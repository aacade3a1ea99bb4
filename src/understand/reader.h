/* reader.h - a reader: what was meant.  One file in readers/ is one reader.
** Readers see clean text only, run in .order, and may use what earlier ones found. */
#ifndef UNDERSTAND_READER_H
#define UNDERSTAND_READER_H
#include "kern/grams.h"
#include "model/signal.h"

typedef struct {
    u32 start, end; /* bytes in text (== the same words in folded, see offsets) */
} span;
typedef struct {
    arena *a;
    const signal *sig;  /* scores and event may inform a reader; they never replace the words */
    insight *ins;       /* sentiment, confidence, emotion, intent, mentions are set here */
    str text;           /* clean words, as people see them */
    str folded;         /* folded for matching (kern/fold.h) */
    const u32 *offsets; /* folded byte i came from text byte offsets[i]; folded.n + 1 entries */
    span *clauses;      /* in folded: sentences cut at contrast markers and commas */
    size_t clauses_n;
    struct findings *found; /* what the lexicon pass found: understand/findings.h */
    const struct models *models; /* of one's own, in use: understand/models.h; or NULL */
    grams_room *room;            /* to ask models in; NULL: made when one is asked */
    bool lexicon_only;           /* no model is asked, not those that ship either */
    double lean;                 /* of the whole text: above 0 well, below badly; set by sentiment */
} reading;

typedef struct {
    const char *name;
    const char *title;
    const char *help;
    int order; /* 10, 20, ...: gaps are for newcomers */
    bool (*read)(reading *r, err *e);
} reader;
extern const reader *const readers[];
extern const size_t readers_n;

/* The words of text that stand at folded [from, to), for people. */
static inline str reading_words(const reading *r, u32 from, u32 to) {
    return str_head(str_from(r->text, r->offsets[from]), r->offsets[to] - r->offsets[from]);
}
#endif
