/* aspect.c - what is spoken of, and how it is judged: the mentions of a signal. */
#include "understand/findings.h"
#include "base/utf8.h"

enum { FULL_STRENGTH = 200 }; /* a force that counts as 100 percent: a strong word, boosted */

typedef struct {
    i32 force;
    u32 from, to; /* of the opinion words, in folded; from == to: none */
    const entry *opinion;
} judgement;

/* Distance in bytes; what follows the aspect is nearer than what precedes it ("room good, bed
** bad"), except right before it ("good room"). */
static u32 distance(const naming *n, const tone *t) {
    if (t->start < n->end && n->start < t->end) return 0;
    if (t->start >= n->end) return t->start - n->end + 1;
    u32 gap = n->start - t->end;
    return gap <= 1 ? gap + 1 : gap * 2;
}

static const tone *nearest(const findings *f, const naming *n, u32 clause) {
    const tone *best = NULL;
    for (u32 i = f->clauses[clause].tones_from; i < f->clauses[clause].tones_to; i++) {
        const tone *t = &f->tones[i];
        if (t->term->tone.kind != SENSE_OPINION || t->force == 0) continue;
        if (!best || distance(n, t) < distance(n, best)) best = t;
    }
    return best;
}

static bool names_something(const findings *f, u32 clause) {
    return f->clauses[clause].namings_from < f->clauses[clause].namings_to;
}

/* In its own clause; else in the next one of the sentence, if that speaks of nothing else. */
static const tone *opinion_of(const reading *r, const naming *n) {
    const findings *f = r->found;
    const tone *t = nearest(f, n, n->clause);
    if (t || n->clause + 1 >= r->clauses_n) return t;
    u32 next = n->clause + 1;
    bool same_sentence = f->clauses[next].sentence == f->clauses[n->clause].sentence;
    return same_sentence && !names_something(f, next) ? nearest(f, n, next) : NULL;
}

/* "Courier's manner is good" judges the manner; "room and breakfast are good" judges both. */
static bool joined(str between) {
    static const char *const links[] = {"和",   "与",   "及", "跟", "或", "、",
                                        "还有", " and", "&",  ",",  "都"};
    for (size_t i = 0; i < COUNT(links); i++)
        if (str_find(between, str_of(links[i])) >= 0) return true;
    return false;
}

/* True if another aspect of the clause stands between this one and the opinion, and takes it. */
static bool taken_by_another(const reading *r, const naming *n, const tone *t) {
    const findings *f = r->found;
    const clause_info *c = &f->clauses[n->clause];
    for (u32 i = c->namings_from; i < c->namings_to; i++) {
        const naming *o = &f->namings[i];
        if (o->start < n->end || o->end > t->start) continue;
        if (!joined(str_head(str_from(r->folded, n->end), o->start - n->end))) return true;
    }
    return false;
}

static judgement judge(const reading *r, const naming *n) {
    const tone *t = opinion_of(r, n);
    if (t && n->sense->value == 0 && t->clause == n->clause && taken_by_another(r, n, t))
        return (judgement){0};
    bool itself = n->sense->value != 0 && !(t && distance(n, t) == 0);
    if (!itself) return t ? (judgement){t->force, t->from, t->to, t->term} : (judgement){0};
    i32 force = n->sense->value * 60; /* its own judging word was hidden by a longer term */
    if (is_negated(r, n->clause, n->start)) force = -force / 2;
    return (judgement){force, n->start, n->end, NULL};
}

/* The leaf of the same family that the opinion speaks for: "parcel ... slow" is about speed. */
static u32 routed(const vocabulary *v, u32 leaf, const entry *opinion) {
    str family = aspect_family(v->tax.nodes[leaf].id);
    for (u32 i = 0; opinion && i < opinion->senses_n; i++) {
        const sense *s = &opinion->senses[i];
        if (s->kind == SENSE_ROUTE && str_eq(aspect_family(v->tax.nodes[s->what].id), family))
            return s->what;
    }
    return leaf;
}

static mention mention_of(reading *r, const naming *n) {
    const vocabulary *v = r->found->v;
    judgement j = judge(r, n);
    u32 leaf = n->sense->value ? n->sense->what : routed(v, n->sense->what, j.opinion);
    span c = r->clauses[n->clause];
    i32 strength = MIN(100, (abs(j.force) * 100 + FULL_STRENGTH - 1) / FULL_STRENGTH);
    return (mention){
        .aspect = v->tax.nodes[leaf].id,
        .polarity = (j.force > 0) - (j.force < 0),
        .strength = strength,
        .opinion = j.from < j.to
                       ? utf8_clip(str_trim(reading_words(r, j.from, j.to)), LIMIT_OPINION_BYTES)
                       : NO_STR,
        .start = r->offsets[c.start],
        .end = r->offsets[c.end],
    };
}

/* One mention of an aspect and polarity, the strongest; an unjudged one gives way to any judged. */
static void keep(insight *ins, mention m) {
    for (size_t i = 0; i < ins->mentions_n; i++) {
        mention *have = &ins->mentions[i];
        if (!str_eq(have->aspect, m.aspect)) continue;
        if (m.polarity == 0) return;
        if (have->polarity != m.polarity && have->polarity != 0) continue;
        if (m.strength > have->strength) *have = m;
        return;
    }
    if (ins->mentions_n < LIMIT_MENTIONS) ins->mentions[ins->mentions_n++] = m;
}

static bool aspect_read(reading *r, err *e) {
    (void)e;
    const findings *f = r->found;
    if (f->namings_n == 0) return true;
    r->ins->mentions = NEW_N(r->a, mention, LIMIT_MENTIONS);
    for (size_t i = 0; i < f->namings_n; i++) keep(r->ins, mention_of(r, &f->namings[i]));
    return true;
}

const reader reader_aspect = {
    .name = "aspect",
    .title = "Aspects",
    .help = "What of the experience taxonomy is mentioned, how it is judged and in which words.",
    .order = 20,
    .read = aspect_read,
};
