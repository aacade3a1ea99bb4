/* clarify.h - from what was heard to clean, private, comparable text (听清). */
#ifndef CLARIFY_CLARIFY_H
#define CLARIFY_CLARIFY_H
#include "model/signal.h"

typedef struct {
    bool keep_personal_data; /* do not redact: for an organisation that said so in writing */
} clarify_setup;

/* What the readers of the next room read.  All of it lives in the arena (or is the signal's own). */
typedef struct {
    str text;            /* clean words, as people see them; "" when there are none */
    str folded;          /* for matching: kern/fold.h */
    u32 *offsets;        /* folded.n + 1 entries: folded byte i came from text byte offsets[i] */
    size_t folded_chars; /* code points of folded */
    u32 *sentence_ends;  /* byte offsets in text, rising; the last is text.n */
    size_t sentences_n;
} clarified;

/* Runs every step over one signal.  *ins_out starts as a new insight without mentions and gets lang,
** clean (missing when equal to the words), redacted, quality (ok, empty, spam), words_hash, simhash
** and sentences; duplicates are decided for a whole batch: clarify/clarify_duplicates.h.  setup may
** be NULL.  Cleaning clean text again changes nothing.  Fails with INVALID for words over
** LIMIT_WORDS_BYTES or not UTF-8. */
bool clarify_signal(arena *a, const signal *s, const clarify_setup *setup, insight *ins_out,
                    clarified *out, err *e) MUST_USE;
#endif
