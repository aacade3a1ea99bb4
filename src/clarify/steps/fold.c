/* fold.c - the form in which words are compared and looked for. */
#include "kern/fold.h"
#include "base/utf8.h"
#include "clarify/step.h"

static void run(clarifying *c) {
    fold(c->a, c->out->text, &c->out->folded, &c->out->offsets);
    c->out->folded_chars = utf8_count(str_trim(c->out->folded));
}

const step step_fold = {
    .name = "fold",
    .title = "Folding",
    .help = "Width, case, traditional or simplified, stretched letters: one form for matching.",
    .order = 40,
    .run = run,
};
