/* understand.h - the door of the room: from clean words to what was meant. */
#ifndef UNDERSTAND_UNDERSTAND_H
#define UNDERSTAND_UNDERSTAND_H
#include "understand/models.h"
#include "understand/reader.h"
#include "understand/taxonomy.h"

/* Goes into insight.reader; changes whenever readers or lexicon read something differently. */
#define READERS_VERSION "heed-2"

/* What readers may ask besides the lexicon; one a thread. */
typedef struct {
    const models *own; /* or NULL */
    grams_room *room;  /* NULL: made for each text, which costs; not NULL where own is not */
} readers_kit;

/* Runs all readers over the clean words of one signal and fills sentiment, confidence, emotion,
** intent, mentions and reader of *ins; nothing else of it is touched.  ins->row.lang must be set,
** or missing for "any".  text may be missing: then nothing was meant, and nothing but reader is set.
**   folded, offsets   as made by kern/fold.h: offsets has folded.n + 1 entries, ascending, <=
** text.n   sentence_ends     bytes of text, ascending
**   kit               may be NULL: what ships alone
** Everything set lives in a.  The same words and models give the same insight.  Fails only as a reader fails. */
bool understand_signal(const readers_kit *kit, arena *a, const signal *s, str text, str folded,
                       const u32 *offsets, const u32 *sentence_ends, size_t sentences_n,
                       insight *ins, err *e) MUST_USE;

/* The same for a reading whose a, ins, text, folded and offsets are set; leaves what was found in
** it.  For eval and tests. */
bool understand_reading(reading *r, const u32 *sentence_ends, size_t sentences_n, err *e) MUST_USE;

/* True if the lexicon knows the words of a language tag (zh-..., en..., und or missing). */
bool lang_is_read(str lang);
#endif
