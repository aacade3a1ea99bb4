/* markup.c - HTML, entities, reading marks and invisible characters come off. */
#include "kern/markup.h"
#include "clarify/step.h"

static void run(clarifying *c) {
    c->out->text = markup_strip(c->a, c->out->text);
}

const step step_markup = {
    .name = "markup",
    .title = "Markup",
    .help = "Takes off HTML, entities, readings such as 業(yè), controls and surplus blanks.",
    .order = 10,
    .run = run,
};
