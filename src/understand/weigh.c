/* weigh.c - what a judging word is worth among its neighbours: negation, degree, wish, contrast.
** The weights are hand-set; README.md tells what each is for. */
#include "understand/findings.h"
#include "base/utf8.h"

enum {
    NEIGHBOURS = 12,      /* tones looked back over */
    REACH_BYTES = 80,     /* nothing reaches further than nine words: spares counting them */
    BOOST_REACH = 3,      /* words between "very" and "good" */
    NEGATED_PRAISE = 80,  /* "not good" is a little less than "bad" */
    NEGATED_BLAME = 50,   /* "not bad" is rather less than "good" */
    NOT_VERY = 70,        /* "not very good" */
    NEGATED_OUTRAGE = 50, /* "no refund, disgusting": strong blame stays blame */
    BOOST_MOST = 220,
    FORCE_MOST = 1000000, /* keeps the sum of a hostile text within an i32 */
};
static const i32 FORCES[] = {0, 60, 100, 160}, BLAMES[] = {0, 45, 100, 160};

u32 words_between(str t, u32 from, u32 to) {
    u32 n = 0;
    bool in_word = false;
    for (size_t at = from; at < to;) {
        u32 c = 0;
        int len = utf8_next(t, at, &c);
        bool letter = len > 0 && ((c | 32) >= 'a' && (c | 32) <= 'z');
        letter = letter || (c >= '0' && c <= '9') || c == '\'' || (c >= 0xc0 && c < 0x530);
        if (letter ? !in_word : c > 0x2e7f) n++;
        in_word = letter;
        at += (size_t)MAX(len, 1);
    }
    return n;
}

/* What the words before an opinion do to it. */
typedef struct {
    i32 boost; /* percent */
    i32 wish;  /* percent; 0 = no wish */
    bool negated;
    bool boost_inside; /* between the negation and the opinion */
} mood;

static void look_back(const reading *r, size_t i, mood *m, u32 *from) {
    const tone *tones = r->found->tones, *self = &tones[i];
    bool blocked = false;
    for (size_t j = i; j-- > 0 && i - j <= NEIGHBOURS && tones[j].clause == self->clause;) {
        const tone *t = &tones[j];
        const sense *s = &t->term->tone;
        if (s->kind == SENSE_WISH) m->wish = s->value;
        if (s->kind == SENSE_OPINION) blocked = true;
        if (blocked) continue;
        if (s->kind == SENSE_BOOST && s->what == 0 &&
            words_between(r->folded, t->end, *from) <= BOOST_REACH) {
            m->boost = m->boost * s->value / 100;
            m->boost_inside |= !m->negated;
            *from = t->start;
        }
        if (s->kind == SENSE_NEGATE && self->start - t->end <= REACH_BYTES &&
            words_between(r->folded, t->end, self->start) <= (u32)s->value) {
            m->negated = !m->negated;
            *from = t->start;
        }
    }
}

static void look_ahead(const reading *r, size_t i, mood *m, u32 *to) {
    const findings *f = r->found;
    if (i + 1 >= f->tones_n || f->tones[i + 1].clause != f->tones[i].clause) return;
    const tone *t = &f->tones[i + 1];
    const sense *s = &t->term->tone;
    if (s->kind != SENSE_BOOST || s->what != 1) return;
    if (words_between(r->folded, f->tones[i].end, t->start) > 1) return;
    m->boost = m->boost * s->value / 100;
    *to = t->end;
}

static i32 force_of(const mood *m, i32 degree) {
    i32 plain = degree < 0 ? -BLAMES[-degree] : FORCES[degree];
    i32 boost = MIN(m->boost, BOOST_MOST);
    if (m->negated && degree == -3) return plain * NEGATED_OUTRAGE / 100;
    if (m->negated) {
        i32 turned = -plain * (plain > 0 ? NEGATED_PRAISE : NEGATED_BLAME) / 100;
        return m->boost_inside ? turned * NOT_VERY / 100 : turned * boost / 100;
    }
    if (m->wish) return (plain > 0 ? -plain : plain) * m->wish / 100;
    return plain * boost / 100;
}

void weigh(reading *r) {
    findings *f = r->found;
    i64 score = 0, heat = 0;
    for (size_t i = 0; i < f->tones_n; i++) {
        tone *t = &f->tones[i];
        if (t->term->tone.kind != SENSE_OPINION) continue;
        mood m = {.boost = 100};
        if (t->term->worded) { /* nothing turns or scales a smile */
            look_back(r, i, &m, &t->from);
            look_ahead(r, i, &m, &t->to);
        }
        t->force = force_of(&m, t->term->tone.value);
        i32 weight = f->clauses[t->clause].weight;
        for (size_t j = i; j-- > 0 && i - j <= NEIGHBOURS && f->tones[j].clause == t->clause;)
            if (f->tones[j].term->tone.kind == SENSE_WEIGH)
                weight = weight * f->tones[j].term->tone.value / 100;
        score += (i64)t->force * weight / 100;
        heat += (i64)abs(t->force) * weight / 100;
    }
    f->score = (i32)MAX(-FORCE_MOST, MIN(FORCE_MOST, score));
    f->heat = (i32)MIN(FORCE_MOST, heat);
}

bool is_negated(const reading *r, u32 clause, u32 start) {
    const findings *f = r->found;
    for (u32 i = f->clauses[clause].tones_from; i < f->clauses[clause].tones_to; i++) {
        const tone *t = &f->tones[i];
        if (t->end > start) break;
        if (t->term->tone.kind != SENSE_NEGATE || start - t->end > REACH_BYTES) continue;
        if (words_between(r->folded, t->end, start) <= (u32)t->term->tone.value) return true;
    }
    return false;
}
