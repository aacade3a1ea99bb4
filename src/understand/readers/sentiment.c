/* sentiment.c - does the text, taken whole, judge well or badly, and how sure are we? */
#include "understand/findings.h"
#include "kern/linear.h"
#include "understand/selftaught.h"
#include "understand/understand.h"

enum {
    UNDECIDED = 60, /* percent: under it neither of two classes is said */
    CLEAR = 40,     /* a score under this is no judgement: less than one mild word */
    MIXED = 12,     /* percent of the heat under which praise and blame balance */
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

/* What a model of one's own says, as -1, 0, 1, and how surely; of two classes the middle is neutral. */
static i64 ask_model(const reading *r, const model_use *u, i64 *sure_out) {
    const linear *m = &u->m;
    float margins[3];
    double sure[3];
    linear_margins(m, r->room, r->folded, margins);
    if (u->with_lexicon) margins[0] += (float)(selftaught_words(r->found->score) / 4);
    linear_sure(m, margins, sure);
    size_t best = linear_best(m, margins);
    *sure_out = (i64)(sure[best] * 100 + 0.5);
    if (u->with_lexicon) *sure_out = MIN(*sure_out, SELFTAUGHT_SURE_MOST);
    if (m->classes_n == 2 && *sure_out < UNDECIDED) return 0;
    str name = m->classes[best];
    return str_eq(name, S("positive")) ? 1 : str_eq(name, S("negative")) ? -1 : 0;
}

static bool sentiment_read(reading *r, err *e) {
    (void)e;
    const model_use *own = models_use(r->models, S("sentiment"), r->ins->row.lang);
    if (own && own->m.classes_n <= 3 && !own->m.many) {
        r->ins->row.sentiment = ask_model(r, own, &r->ins->row.confidence);
        return true;
    }
    const findings *f = r->found;
    insight_row *row = &r->ins->row;
    bool read = lang_is_read(row->lang) && !str_eq(row->lang, S("und"));
    if (f->heat == 0 && !read) return true; /* missing is not neutral */
    bool balanced = abs(f->score) * 100LL < (i64)f->heat * MIXED;
    bool judged = abs(f->score) >= CLEAR && !balanced;
    row->sentiment = !judged ? 0 : f->score > 0 ? 1 : -1;
    row->confidence = judged ? sureness(f->score, f->heat) : 50;
    return true;
}

const reader reader_sentiment = {
    .name = "sentiment",
    .title = "Sentiment",
    .help = "Polarity of the whole text by judging words, negation, degree and contrast, with the "
            "confidence in percent that a reader would agree; by a model of one's own where one is "
            "in use.",
    .order = 10,
    .read = sentiment_read,
};
