/* intent.c - what the customer wants of us: the first of the lexicon's intents that is clear. */
#include "base/limits.h"
#include "kern/linear.h"
#include "understand/cues.h"
#include "understand/models.h"

enum {
    CLEAR_VOTES = 3,
    URGENT = 2, /* the first two, danger and threats, are never left to a model */
    SURELY_BAD = -100, /* a score that is a complaint, or praise, without any cue */
    SURELY_GOOD = 100,
};

static const double SURE = 0.6;

/* What a model of one's own says; false when there is none, or it is not sure. */
static bool ask_model(reading *r) {
    const linear *m = models_find(r->models, S("intent"), r->ins->row.lang);
    float margins[LIMIT_LEXICON_NAMES];
    double sure[LIMIT_LEXICON_NAMES];
    if (!m || m->many || m->classes_n > COUNT(sure)) return false;
    linear_margins(m, r->room, r->folded, margins);
    linear_sure(m, margins, sure);
    size_t best = linear_best(m, margins);
    if (sure[best] < SURE) return false;
    if (!str_eq(m->classes[best], S("none"))) r->ins->row.intent = m->classes[best];
    return true;
}

/* The first of the lexicon's intents with clear cues, from..to of them; false if none has. */
static bool read_cues(reading *r, const i32 *votes, size_t from, size_t to) {
    const vocabulary *v = r->found->v;
    for (size_t i = from; i < MIN(to, v->intents_n); i++) {
        if (votes[i] < CLEAR_VOTES) continue;
        r->ins->row.intent = v->intents[i];
        return true;
    }
    return false;
}

static bool intent_read(reading *r, err *e) {
    (void)e;
    const findings *f = r->found;
    i32 votes[LIMIT_LEXICON_NAMES] = {0};
    cues_count(r, SENSE_INTENT, votes, COUNT(votes));
    if (read_cues(r, votes, 0, URGENT) || ask_model(r) ||
        read_cues(r, votes, URGENT, f->v->intents_n))
        return true;
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
