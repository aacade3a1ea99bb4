/* intent.c - what the customer wants of us: the first of the lexicon's intents that is clear. */
#include "base/limits.h"
#include "understand/cues.h"

enum {
    CLEAR_VOTES = 3,
    SURELY_BAD = -100, /* a score that is a complaint, or praise, without any cue */
    SURELY_GOOD = 100,
};

static bool intent_read(reading *r, err *e) {
    (void)e;
    const findings *f = r->found;
    i32 votes[LIMIT_LEXICON_NAMES] = {0};
    cues_count(r, SENSE_INTENT, votes, COUNT(votes));
    for (size_t i = 0; i < f->v->intents_n; i++)
        if (votes[i] >= CLEAR_VOTES) {
            r->ins->row.intent = f->v->intents[i];
            return true;
        }
    if (r->ins->row.sentiment == -1 && f->score <= SURELY_BAD) r->ins->row.intent = S("complaint");
    if (r->ins->row.sentiment == 1 && f->score >= SURELY_GOOD) r->ins->row.intent = S("praise");
    return true;
}

const reader reader_intent = {
    .name = "intent",
    .title = "Intent",
    .help = "complaint, refund, repair, question, praise, suggestion, churn, escalation, safety or "
            "purchase; missing when none is clear.",
    .order = 30,
    .read = intent_read,
};
