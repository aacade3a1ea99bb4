/* emotion.c - what the customer feels, only when it is said clearly; never a forced label. */
#include "base/limits.h"
#include "understand/cues.h"

enum { CLEAR_VOTES = 2, LEAD = 1 };

/* Feelings that contradict the judgement of the text are irony or somebody else's. */
static bool fits(str emotion, i64 sentiment) {
    bool bright = str_eq(emotion, S("joy")) || str_eq(emotion, S("trust"));
    if (str_eq(emotion, S("surprise")) || sentiment == NONE) return true;
    return bright ? sentiment >= 0 : sentiment <= 0;
}

static bool emotion_read(reading *r, err *e) {
    (void)e;
    const findings *f = r->found;
    i32 votes[LIMIT_LEXICON_NAMES] = {0}, best = 0, second = 0;
    size_t winner = 0;
    cues_count(r, SENSE_EMOTION, votes, COUNT(votes));
    for (size_t i = 0; i < f->v->emotions_n; i++) {
        if (votes[i] > best) {
            second = best;
            best = votes[i];
            winner = i;
        } else if (votes[i] > second) {
            second = votes[i];
        }
    }
    if (best < CLEAR_VOTES || best - second < LEAD) return true;
    if (fits(f->v->emotions[winner], r->ins->row.sentiment))
        r->ins->row.emotion = f->v->emotions[winner];
    return true;
}

const reader reader_emotion = {
    .name = "emotion",
    .title = "Emotion",
    .help =
        "joy, anger, disappointment, anxiety, sadness, surprise or trust; missing when unclear.",
    .order = 40,
    .read = emotion_read,
};
