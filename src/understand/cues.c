/* cues.c - votes of cue words.  See cues.h. */
#include "understand/cues.h"

static bool counted_before(const findings *f, size_t i) {
    for (size_t j = i; j-- > 0 && i - j < 200;) /* a hostile text repeats itself for ever */
        if (f->cues[j].term == f->cues[i].term && f->cues[j].sense == f->cues[i].sense) return true;
    return false;
}

void cues_count(const reading *r, sense_kind kind, i32 *votes, size_t votes_n) {
    const findings *f = r->found;
    for (size_t i = 0; i < f->cues_n; i++) {
        const cue *c = &f->cues[i];
        if (c->sense->kind != kind || counted_before(f, i)) continue;
        if (is_negated(r, c->clause, c->start)) continue;
        check(c->sense->what < votes_n);
        votes[c->sense->what] = MIN(votes[c->sense->what] + c->sense->value, 1000);
    }
}
