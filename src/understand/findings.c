/* findings.c - one pass of the lexicon over one text, cut into clauses.  See findings.h. */
#include "understand/findings.h"
#include "base/limits.h"
#include "base/utf8.h"

typedef struct {
    u32 start, end;
    const entry *term;
} match;
typedef struct {
    arena *a;
    const vocabulary *v;
    match *list;
    size_t n, cap;
    bool worded;
} matches;

static void note_match(void *ctx, const ac_hit *hit) {
    matches *m = ctx;
    const entry *term = &m->v->entries[hit->term];
    if (term->worded && !m->worded) return;
    if (m->n == m->cap) {
        size_t cap = m->cap ? m->cap * 2 : 64;
        match *grown = NEW_N(m->a, match, cap);
        if (m->n) memcpy(grown, m->list, m->n * sizeof *grown);
        m->list = grown;
        m->cap = cap;
    }
    m->list[m->n++] = (match){hit->start, hit->end, term};
}

/* Leftmost first, then longest.  Hits come by end, so each moves only a little. */
static void sort_matches(matches *m) {
    for (size_t i = 1; i < m->n; i++) {
        match x = m->list[i];
        size_t j = i;
        for (; j > 0; j--) {
            const match *y = &m->list[j - 1];
            if (y->start < x.start || (y->start == x.start && y->end >= x.end)) break;
            m->list[j] = *y;
        }
        m->list[j] = x;
    }
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}
/* A term with an open end covers the rest of its word. */
static u32 word_end(str t, const match *m) {
    u32 end = m->end;
    if (m->term->open_end)
        while (end < t.n && is_letter(t.p[end])) end++;
    return end;
}

static void take_tone(findings *f, const match *m, u32 end) {
    if (!m->term->has_tone) return;
    if (f->tones_n && m->start < f->tones[f->tones_n - 1].end) return;
    f->tones[f->tones_n++] =
        (tone){.start = m->start, .end = end, .from = m->start, .to = end, .term = m->term};
}

static void take_senses(findings *f, const match *m, u32 end, u32 *aspects_end) {
    u32 aspects_till = *aspects_end;
    for (u32 i = 0; i < m->term->senses_n; i++) {
        const sense *s = &m->term->senses[i];
        if (s->kind == SENSE_INTENT || s->kind == SENSE_EMOTION)
            f->cues[f->cues_n++] = (cue){m->start, end, 0, s, m->term};
        if (s->kind != SENSE_ASPECT || m->start < *aspects_end) continue;
        f->namings[f->namings_n++] = (naming){m->start, end, 0, s};
        aspects_till = end;
    }
    *aspects_end = aspects_till;
}

static size_t senses_of(const matches *m) {
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++) n += m->list[i].term->senses_n;
    return n;
}

/* ---- clauses ---- */

static bool cuts_sentence(u32 c) {
    return c == '!' || c == '?' || c == '\n' || c == 0x3002 || c == 0xff01 || c == 0xff1f;
}
static bool cuts_clause(u32 c) {
    return c == ';' || c == '(' || c == ')' || c == '~' || c == 0xff1b || c == 0xff0c ||
           c == 0x2014 || c == 0x2026 || c == 0x3001;
}
static u8 byte_at(str t, size_t at) {
    return at < t.n ? (u8)t.p[at] : 0;
}
static bool is_digit(u8 b) {
    return b >= '0' && b <= '9';
}

typedef enum { CUT_NOT, CUT_CLAUSE, CUT_SENTENCE } cut;

/* Dots and commas inside numbers and names do not cut; a blank between Han characters does. */
static cut cut_at(str t, size_t at, u32 c) {
    if (cuts_sentence(c)) return CUT_SENTENCE;
    if (cuts_clause(c)) return CUT_CLAUSE;
    u8 before = at ? (u8)t.p[at - 1] : 0, after = byte_at(t, at + 1);
    if (c == ',') return is_digit(before) && is_digit(after) ? CUT_NOT : CUT_CLAUSE;
    if (c == '.') return is_letter((char)before) && is_letter((char)after) ? CUT_NOT : CUT_SENTENCE;
    if (c == ' ') return before >= 0x80 && after >= 0xe3 ? CUT_CLAUSE : CUT_NOT;
    if (c == '-') return before == ' ' && after == ' ' ? CUT_CLAUSE : CUT_NOT;
    return CUT_NOT;
}

typedef struct {
    reading *r;
    findings *f;
    size_t cap;
    u32 open; /* where the running clause began */
    u32 sentence;
    i32 weight; /* of what follows a contrast marker, until the sentence ends */
} cutter;

static void clause_close(cutter *k, u32 end) {
    reading *r = k->r;
    if (end <= k->open) return;
    if (r->clauses_n == k->cap) {
        size_t cap = k->cap ? k->cap * 2 : 16;
        span *spans = NEW_N(r->a, span, cap);
        clause_info *infos = NEW_N(r->a, clause_info, cap);
        if (r->clauses_n) {
            memcpy(spans, r->clauses, r->clauses_n * sizeof *spans);
            memcpy(infos, k->f->clauses, r->clauses_n * sizeof *infos);
        }
        r->clauses = spans;
        k->f->clauses = infos;
        k->cap = cap;
    }
    k->f->clauses[r->clauses_n] = (clause_info){.sentence = k->sentence, .weight = k->weight};
    r->clauses[r->clauses_n++] = (span){k->open, end};
    k->open = end;
}

static void sentence_close(cutter *k, u32 end) {
    clause_close(k, end);
    k->sentence++;
    k->weight = 100;
}

enum {
    BEFORE_CONTRAST = 70, /* percent: what comes before "but" counts less */
    CONTRAST_REACH = 8,   /* clauses back that a "but" belittles */
};

static void contrast(cutter *k, const tone *t) {
    str rest = str_head(str_from(k->r->folded, k->open), t->start - k->open);
    if (t->term->tone.what == 1 && str_trim(rest).n > 0) return;
    clause_close(k, t->start);
    clause_info *infos = k->f->clauses;
    for (size_t i = k->r->clauses_n, left = CONTRAST_REACH; i-- > 0 && left > 0; left--) {
        if (infos[i].sentence != k->sentence) break;
        infos[i].weight = infos[i].weight * BEFORE_CONTRAST / 100;
    }
    k->weight = t->term->tone.value;
}

/* Walks the text once, with the sentence ends and the tones beside it. */
static void cut_clauses(reading *r, findings *f, const u32 *ends, size_t ends_n) {
    cutter k = {.r = r, .f = f, .weight = 100};
    str t = r->folded;
    size_t end_i = 0, tone_i = 0;
    for (size_t at = 0; at < t.n;) {
        u32 c = 0;
        int n = utf8_next(t, at, &c);
        if (n == 0) n = 1;
        for (; end_i < ends_n && ends[end_i] <= r->offsets[at]; end_i++)
            if (at > k.open) sentence_close(&k, (u32)at);
        for (; tone_i < f->tones_n && f->tones[tone_i].start <= at; tone_i++)
            if (f->tones[tone_i].term->tone.kind == SENSE_CONTRAST) contrast(&k, &f->tones[tone_i]);
        bool in_term = tone_i > 0 && at < f->tones[tone_i - 1].end; /* ":(" cuts nothing */
        cut how = in_term ? CUT_NOT : cut_at(t, at, c);
        if (!in_term && at - k.open > CLAUSE_BYTES_MOST - LIMIT_TERM_BYTES)
            how = MAX(how, CUT_CLAUSE);
        at += (size_t)n;
        if (how == CUT_CLAUSE) clause_close(&k, (u32)at);
        if (how == CUT_SENTENCE) sentence_close(&k, (u32)at);
    }
    clause_close(&k, (u32)t.n);
}

static void number_tones(const reading *r, findings *f) {
    u32 i = 0;
    for (u32 c = 0; c < r->clauses_n; c++) {
        f->clauses[c].tones_from = i;
        for (; i < f->tones_n && f->tones[i].start < r->clauses[c].end; i++) f->tones[i].clause = c;
        f->clauses[c].tones_to = i;
    }
    check(i == f->tones_n);
}
static void number_namings(const reading *r, findings *f) {
    u32 i = 0;
    for (u32 c = 0; c < r->clauses_n; c++) {
        f->clauses[c].namings_from = i;
        for (; i < f->namings_n && f->namings[i].start < r->clauses[c].end; i++)
            f->namings[i].clause = c;
        f->clauses[c].namings_to = i;
    }
    check(i == f->namings_n);
}
static void number_cues(const reading *r, findings *f) {
    u32 c = 0;
    for (size_t i = 0; i < f->cues_n; i++) {
        while (r->clauses[c].end <= f->cues[i].start) c++;
        f->cues[i].clause = c;
    }
}

void findings_make(reading *r, const vocabulary *v, const u32 *sentence_ends, size_t n,
                   bool worded) {
    matches m = {.a = r->a, .v = v, .worded = worded};
    ac_scan(v->machine, r->folded, note_match, &m);
    sort_matches(&m);
    findings *f = NEW(r->a, findings);
    f->v = v;
    f->tones = NEW_N(r->a, tone, m.n);
    size_t senses = senses_of(&m);
    f->namings = NEW_N(r->a, naming, senses);
    f->cues = NEW_N(r->a, cue, senses);
    u32 aspects_end = 0;
    for (size_t i = 0; i < m.n; i++) {
        u32 end = word_end(r->folded, &m.list[i]);
        take_tone(f, &m.list[i], end);
        take_senses(f, &m.list[i], end, &aspects_end);
    }
    r->found = f;
    r->clauses = NULL;
    r->clauses_n = 0;
    cut_clauses(r, f, sentence_ends, n);
    number_tones(r, f);
    number_namings(r, f);
    number_cues(r, f);
}
