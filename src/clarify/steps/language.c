/* language.c - which language the words are in; before redaction, whose tokens follow it. */
#include "kern/lang.h"
#include "clarify/step.h"

static void run(clarifying *c) {
    c->ins->row.lang = lang_of(c->out->text);
}

const step step_language = {
    .name = "language",
    .title = "Language",
    .help = "Names the language by script, words and letters; \"und\" when too short to tell.",
    .order = 20,
    .run = run,
};
