/* findings.h - what one pass of the lexicon found in one text: the common ground of the readers. */
#ifndef UNDERSTAND_FINDINGS_H
#define UNDERSTAND_FINDINGS_H
#include "understand/reader.h"
#include "understand/vocabulary.h"

/* A word that judges, or changes how others judge.  They do not overlap: the leftmost, then the
** longest wins, so that "not bad" is not "not" and "bad". */
typedef struct {
    u32 start, end; /* in folded */
    u32 from;       /* where its modifiers begin ("not very" good); set by weigh */
    u32 to;         /* where they end ("good" indeed) */
    u32 clause;
    const entry *term;
    i32 force; /* opinions: signed, 100 = a plain judgement; set by weigh */
} tone;
/* A word that names an aspect; they do not overlap either, but one word can name two. */
typedef struct {
    u32 start, end, clause;
    const sense *sense;
} naming;
/* A word that speaks for an intent or an emotion. */
typedef struct {
    u32 start, end, clause;
    const sense *sense;
    const entry *term;
} cue;
typedef struct {
    u32 sentence;
    i32 weight;               /* percent, by contrast */
    u32 tones_from, tones_to; /* its tones and namings: [from, to) */
    u32 namings_from, namings_to;
} clause_info;

enum { CLAUSE_BYTES_MOST = 600 }; /* real clauses stay under 200 */
typedef struct findings {
    const vocabulary *v;
    tone *tones;
    size_t tones_n;
    naming *namings;
    size_t namings_n;
    cue *cues;
    size_t cues_n;
    clause_info *clauses; /* beside reading.clauses; none is longer than CLAUSE_BYTES_MOST, so that
                          ** looking around in one is cheap whatever strangers send */
    i32 score;            /* of the whole text: sum of force x weight; set by weigh */
    i32 heat;             /* the same sum without signs: how much judging there is */
} findings;

/* Fills r->clauses and r->found from r->folded.  sentence_ends are bytes of r->text, ascending.
** worded: false when the text is in a language the lexicon does not know; then only signs such as
** emoji count. */
void findings_make(reading *r, const vocabulary *v, const u32 *sentence_ends, size_t n,
                   bool worded);
/* Gives each opinion its force from the words around it, and the text its score. */
void weigh(reading *r);
/* Words between two places: a Han character or another sign counts one, a run of letters one. */
u32 words_between(str folded, u32 from, u32 to);
/* True if a negation reaches the word at start. */
bool is_negated(const reading *r, u32 clause, u32 start);
#endif
