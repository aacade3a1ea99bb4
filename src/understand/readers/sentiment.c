/* sentiment.c - does the text, taken whole, judge well or badly, and how sure are we? */
#include "base/limits.h"
#include "kern/linear.h"
#include "understand/cues.h"
#include "understand/selftaught.h"
#include "understand/understand.h"

enum {
    UNDECIDED = 60, /* percent: under it neither of two classes is said */
    CLEAR = 40,     /* a score under this is no judgement: less than one mild word */
    MIXED = 12,     /* percent of the heat under which praise and blame balance */
    LEANING = 55,
    UNBALANCED = 85,
    UNHEARD = 75,
    NEVER = 101, /* percent; see least_sure */
};

/* Share of texts on which the sign of the score was right, by the score's size relative to how much
** was judged and by how much that was; measured on reviews in both languages (README.md). */
static i64 sureness(i32 score, i32 heat) {
    static const i32 sizes[] = {40, 80, 120, 200, 300, 450};
    static const i64 percent[] = {54, 68, 78, 86, 92, 96, 98};
    size_t i = 0;
    while (i < COUNT(sizes) && abs(score) >= sizes[i]) i++;
    i64 one_sided = heat ? (i64)abs(score) * 100 / heat : 0; /* 100: nothing spoke against it */
    i64 p = percent[i] - (100 - MIN(one_sided, 100)) / 8;
    return MAX(p, 50);
}

/* The margin of the second of two classes, the lexicon heard beside it; margins of three. */
static void margins_of(reading *r, const model_use *u, float *margins) {
    if (!r->room) r->room = grams_room_new(r->a);
    linear_margins(&u->m, r->room, r->folded, margins);
    if (u->with_lexicon)
        margins[0] += (float)(selftaught_words(r->found->score) * u->lexicon_weight);
}

/* What a model of one's own says, as -1, 0, 1, and how surely; of two classes the middle is neutral. */
static void ask_own(reading *r, const model_use *u) {
    const linear *m = &u->m;
    insight_row *row = &r->ins->row;
    float margins[3];
    double sure[3];
    margins_of(r, u, margins);
    linear_sure(m, margins, sure);
    size_t best = linear_best(m, margins);
    str name = m->classes[best];
    row->sentiment = str_eq(name, S("positive")) ? 1 : str_eq(name, S("negative")) ? -1 : 0;
    r->lean = (double)row->sentiment;
    row->confidence = (i64)(sure[best] * 100 + 0.5);
    if (u->with_lexicon) row->confidence = MIN(row->confidence, SELFTAUGHT_SURE_MOST);
    if (m->classes_n == 2 && row->confidence < UNDECIDED) row->sentiment = 0;
}

static bool is_balanced(const findings *f) {
    return abs(f->score) * 100LL < (i64)f->heat * MIXED;
}

static bool is_judged(const findings *f) {
    return abs(f->score) >= CLEAR && !is_balanced(f);
}

/* True if a cue says that something is asked. */
static bool asks(const reading *r) {
    i32 votes[LIMIT_LEXICON_NAMES] = {0};
    const vocabulary *v = r->found->v;
    cues_count(r, SENSE_INTENT, votes, COUNT(votes));
    for (size_t i = 0; i < v->intents_n; i++)
        if (str_eq(v->intents[i], S("question"))) return votes[i] > 0;
    return false;
}

/* How sure what ships must be.  Less where the lexicon says the same; more where it hears praise and
** blame in balance, or no judgement at all, and a question without one judges nothing.  The bounds
** were chosen on texts with a neutral class that no weights learnt from (the training half). */
static i64 least_sure(const reading *r, float margin) {
    const findings *f = r->found;
    if (is_judged(f) && (f->score > 0) == (margin > 0)) return 50;
    if (f->heat == 0) return asks(r) ? NEVER : UNHEARD;
    return is_balanced(f) ? UNBALANCED : LEANING;
}

static void ask_shipped(reading *r, const model_use *u) {
    insight_row *row = &r->ins->row;
    float margin;
    double sure[2];
    margins_of(r, u, &margin);
    linear_sure(&u->m, &margin, sure);
    r->lean = (double)margin;
    i64 said = (i64)(MAX(sure[0], sure[1]) * 100 + 0.5);
    bool clear = said >= least_sure(r, margin);
    row->sentiment = !clear ? 0 : margin > 0 ? 1 : -1;
    row->confidence = clear ? said : 50;
}

static void ask_lexicon(reading *r) {
    const findings *f = r->found;
    insight_row *row = &r->ins->row;
    bool read = lang_is_read(row->lang) && !str_eq(row->lang, S("und"));
    r->lean = (double)f->score;
    if (f->heat == 0 && !read) return; /* missing is not neutral */
    row->sentiment = !is_judged(f) ? 0 : f->score > 0 ? 1 : -1;
    row->confidence = is_judged(f) ? sureness(f->score, f->heat) : 50;
}

static bool sentiment_read(reading *r, err *e) {
    (void)e;
    str lang = r->ins->row.lang;
    const model_use *own = models_use(r->models, S("sentiment"), lang), *shipped = NULL;
    if (!r->lexicon_only && lang.n) shipped = models_use(models_shipped(), S("sentiment"), lang);
    if (own && own->m.classes_n <= 3 && !own->m.many)
        ask_own(r, own);
    else if (shipped)
        ask_shipped(r, shipped);
    else
        ask_lexicon(r);
    return true;
}

const reader reader_sentiment = {
    .name = "sentiment",
    .title = "Sentiment",
    .help =
        "Polarity of the whole text by judging words, negation, degree and contrast, with the "
        "confidence in percent that a reader would agree; by the model that ships, and by one of "
        "one's own where one is in use.",
    .order = 10,
    .read = sentiment_read,
};
