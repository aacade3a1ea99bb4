/* prints.c - fingerprints by which duplicates and near-duplicates are found in flow. */
#include "kern/simhash.h"
#include "clarify/step.h"

static void run(clarifying *c) {
    c->ins->row.words_hash = words_hash(c->out->folded);
    c->ins->row.simhash = simhash64(c->out->folded);
}

const step step_prints = {
    .name = "prints",
    .title = "Fingerprints",
    .help = "Two numbers per text: equal for equal words, near for nearly equal ones.",
    .order = 60,
    .run = run,
};
