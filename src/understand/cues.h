/* cues.h - votes of cue words for intents or emotions. */
#ifndef UNDERSTAND_CUES_H
#define UNDERSTAND_CUES_H
#include "understand/findings.h"

/* Adds the weights of the cues of one kind, each term once, by the index of their name.  Cues that
** a negation reaches do not vote ("no refund needed"), unless they hold it themselves. */
void cues_count(const reading *r, sense_kind kind, i32 *votes, size_t votes_n);
#endif
