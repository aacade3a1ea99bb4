/* sentence.c - where the sentences of the clean words end. */
#include "kern/sentence.h"
#include "clarify/step.h"

static void run(clarifying *c) {
    c->out->sentences_n = sentences_split(c->a, c->out->text, &c->out->sentence_ends);
}

const step step_sentence = {
    .name = "sentence",
    .title = "Sentences",
    .help = "Finds where sentences end, in Chinese and English.",
    .order = 50,
    .run = run,
};
