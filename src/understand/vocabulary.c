/* vocabulary.c - from lexicon files to entries and the machine that finds them.  See vocabulary.h. */
#include "understand/vocabulary.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "kern/fold.h"
#include "understand/tsv.h"

extern const embedded lexicon[]; /* made by the build from understand/lexicon/ */
extern const size_t lexicon_n;

static const struct {
    const char *name;
    const char *whats; /* the words WHAT may be; NULL: a name of its own; "": an aspect */
    i32 low, high;
} KINDS[] = {
    [SENSE_OPINION] = {"opinion", "-", -3, 3},
    [SENSE_NEGATE] = {"negate", "-", 1, 9},
    [SENSE_BOOST] = {"boost", "before|after", 10, 300},
    [SENSE_CONTRAST] = {"contrast", "any|start", 10, 300},
    [SENSE_WEIGH] = {"weigh", "-", 10, 300},
    [SENSE_WISH] = {"wish", "-", 1, 100},
    [SENSE_PLAIN] = {"plain", "-", 0, 0},
    [SENSE_ASPECT] = {"aspect", "", -3, 3},
    [SENSE_ROUTE] = {"route", "", 0, 0},
    [SENSE_INTENT] = {"intent", NULL, 1, 9},
    [SENSE_EMOTION] = {"emotion", NULL, 1, 9},
};

/* One term of one line, before equal terms are brought together. */
typedef struct {
    str text;
    sense s;
    bool open_end;
    u32 line;
    str file;
} word;
typedef struct {
    arena *a;
    vocabulary *v;
    word *words;
    size_t words_n, words_cap;
    str names[2][LIMIT_LEXICON_NAMES]; /* intents, emotions */
    size_t names_n[2];
} maker;

static bool kind_of(const tsv_row *row, sense_kind *out, err *e) {
    for (size_t k = 0; k < COUNT(KINDS); k++)
        if (str_eq(row->cells[0], str_of(KINDS[k].name))) {
            *out = (sense_kind)k;
            return true;
        }
    return fail(e, INVALID, "%.*s line %zu: \"%.*s\" is no kind of term", STR_ARG(row->file),
                row->line, STR_ARG(str_head(row->cells[0], 60)));
}

/* The place of a word in "a|b|c", or -1. */
static int choice_of(const char *choices, str word_) {
    str rest = str_of(choices), head;
    for (int i = 0;; i++) {
        bool more = str_cut(rest, '|', &head, &rest);
        if (str_eq(more ? head : rest, word_)) return i;
        if (!more) return -1;
    }
}

static bool name_of(maker *m, size_t list, const tsv_row *row, u32 *out, err *e) {
    str name = row->cells[1];
    for (size_t i = 0; i < m->names_n[list]; i++)
        if (str_eq(m->names[list][i], name)) {
            *out = (u32)i;
            return true;
        }
    if (m->names_n[list] == LIMIT_LEXICON_NAMES || name.n == 0 || name.n > 40)
        return fail(e, LIMIT, "%.*s line %zu: at most %d names of 1 to 40 bytes",
                    STR_ARG(row->file), row->line, LIMIT_LEXICON_NAMES);
    *out = (u32)m->names_n[list];
    m->names[list][m->names_n[list]++] = name;
    return true;
}

static bool what_of(maker *m, const tsv_row *row, sense *s, err *e) {
    const char *whats = KINDS[s->kind].whats;
    if (!whats) return name_of(m, s->kind == SENSE_EMOTION, row, &s->what, e);
    if (*whats) {
        int i = choice_of(whats, row->cells[1]);
        if (i < 0)
            return fail(e, INVALID, "%.*s line %zu: the second cell of \"%s\" is one of %s",
                        STR_ARG(row->file), row->line, KINDS[s->kind].name, whats);
        s->what = (u32)i;
        return true;
    }
    const aspect_node *node = taxonomy_find(&m->v->tax, row->cells[1]);
    if (!node || !node->dimension.p)
        return fail(e, INVALID, "%.*s line %zu: \"%.*s\" is no aspect of the taxonomy",
                    STR_ARG(row->file), row->line, STR_ARG(str_head(row->cells[1], 60)));
    s->what = (u32)(node - m->v->tax.nodes);
    return true;
}

static bool sense_read(maker *m, const tsv_row *row, sense *s, err *e) {
    if (row->n != 4)
        return fail(e, INVALID, "%.*s line %zu: want kind, what, value and terms between tabs",
                    STR_ARG(row->file), row->line);
    if (!kind_of(row, &s->kind, e) || !what_of(m, row, s, e)) return false;
    i64 v = 0, low = KINDS[s->kind].low, high = KINDS[s->kind].high;
    bool no_zero = s->kind == SENSE_OPINION;
    if (!str_int(row->cells[2], &v) || v < low || v > high || (no_zero && v == 0))
        return fail(e, INVALID,
                    "%.*s line %zu: the value of \"%s\" is a whole number from %lld to %lld%s",
                    STR_ARG(row->file), row->line, KINDS[s->kind].name, (long long)low,
                    (long long)high, no_zero ? ", not 0" : "");
    s->value = (i32)v;
    return true;
}

static void word_add(maker *m, word w) {
    if (m->words_n == m->words_cap) {
        size_t cap = m->words_cap ? m->words_cap * 2 : 1024;
        word *grown = NEW_N(m->a, word, cap);
        if (m->words_n) memcpy(grown, m->words, m->words_n * sizeof *grown);
        m->words = grown;
        m->words_cap = cap;
    }
    m->words[m->words_n++] = w;
}

static bool term_read(maker *m, const tsv_row *row, str term, sense s, err *e) {
    term = str_trim(term);
    bool open = term.n > 1 && term.p[term.n - 1] == '*';
    if (open) term.n--;
    if (term.n == 0 || term.n > LIMIT_TERM_BYTES || utf8_bad(term) >= 0)
        return fail(e, INVALID,
                    "%.*s line %zu: a term needs 1 to %d bytes of UTF-8 (an empty one?)",
                    STR_ARG(row->file), row->line, LIMIT_TERM_BYTES);
    if (m->words_n == LIMIT_TERMS)
        return fail(e, LIMIT, "%.*s line %zu: more than %d terms", STR_ARG(row->file), row->line,
                    LIMIT_TERMS);
    str folded;
    fold(m->a, term, &folded, NULL);
    if (folded.n == 0)
        return fail(e, INVALID, "%.*s line %zu: nothing of \"%.*s\" is left when it is folded",
                    STR_ARG(row->file), row->line, STR_ARG(term));
    word_add(m, (word){folded, s, open, (u32)row->line, row->file});
    return true;
}

static bool words_read(maker *m, str name, str text, err *e) {
    tsv_row row = {.file = name, .rest = text};
    while (tsv_next(&row)) {
        sense s = {0};
        if (!sense_read(m, &row, &s, e)) return false;
        str rest = row.cells[3], term;
        for (bool more = true; more;) {
            more = str_cut(rest, '|', &term, &rest);
            if (!term_read(m, &row, more ? term : rest, s, e)) return false;
        }
    }
    return true;
}

static int by_text(const void *x, const void *y) {
    const word *a = x, *b = y;
    int order = str_cmp(a->text, b->text);
    if (order) return order;
    if (a->s.kind != b->s.kind) return a->s.kind < b->s.kind ? -1 : 1;
    if (a->s.what != b->s.what) return a->s.what < b->s.what ? -1 : 1;
    return (a->s.value > b->s.value) - (a->s.value < b->s.value);
}

static bool worded(str text) {
    for (size_t at = 0; at < text.n;) {
        u32 c = 0;
        int n = utf8_get(text, at, &c);
        check(n > 0);
        at += (size_t)n;
        if (cp_is_han(c) || (c < 128 && ((c | 32) >= 'a' && (c | 32) <= 'z') && text.n > 2))
            return true;
    }
    return false;
}

/* An aspect that judges is an opinion too, unless the lexicon says better. */
static void tone_from_aspects(entry *en) {
    for (u32 i = 0; !en->has_tone && i < en->senses_n; i++)
        if (en->senses[i].kind == SENSE_ASPECT && en->senses[i].value != 0) {
            en->tone = (sense){SENSE_OPINION, en->senses[i].value, 0};
            en->has_tone = true;
        }
}

static bool entry_make(const word *w, size_t n, sense *senses, entry *en, err *e) {
    *en = (entry){.text = w->text, .senses = senses, .worded = worded(w->text)};
    for (size_t i = 0; i < n; i++) {
        en->open_end |= w[i].open_end;
        bool again = i > 0 && w[i].s.kind == w[i - 1].s.kind && w[i].s.what == w[i - 1].s.what;
        bool tone = w[i].s.kind <= SENSE_PLAIN;
        if (again || (tone && en->has_tone))
            return fail(e, INVALID, "%.*s line %u: \"%.*s\" is already there (%.*s line %u)",
                        STR_ARG(w[i].file), w[i].line, STR_ARG(w->text), STR_ARG(w[i - 1].file),
                        w[i - 1].line);
        if (tone) {
            en->tone = w[i].s;
            en->has_tone = true;
        } else {
            senses[en->senses_n++] = w[i].s;
        }
    }
    tone_from_aspects(en);
    return true;
}

static bool entries_make(maker *m, err *e) {
    vocabulary *v = m->v;
    if (m->words_n) qsort(m->words, m->words_n, sizeof *m->words, by_text);
    entry *entries = NEW_N(m->a, entry, m->words_n);
    sense *senses = NEW_N(m->a, sense, m->words_n);
    ac_term *terms = NEW_N(m->a, ac_term, m->words_n);
    for (size_t i = 0, n; i < m->words_n; i += n) {
        for (n = 1; i + n < m->words_n && str_eq(m->words[i].text, m->words[i + n].text); n++) {
        }
        entry *en = &entries[v->entries_n];
        if (!entry_make(m->words + i, n, senses + i, en, e)) return false;
        terms[v->entries_n++] = (ac_term){en->text, en->open_end};
    }
    v->entries = entries;
    v->machine = ac_build(m->a, terms, v->entries_n);
    return true;
}

static void names_keep(maker *m, size_t list, const str **out, size_t *n_out) {
    str *names = NEW_N(m->a, str, m->names_n[list]);
    memcpy(names, m->names[list], m->names_n[list] * sizeof *names);
    *out = names;
    *n_out = m->names_n[list];
}

bool vocabulary_read(arena *a, const embedded *files, size_t n, const vocabulary **out, err *e) {
    maker *m = NEW(a, maker);
    m->a = a;
    m->v = NEW(a, vocabulary);
    const str tree = S("taxonomy.tsv");
    for (size_t i = 0; i < n; i++)
        if (str_eq(str_of(files[i].name), tree) &&
            !taxonomy_read(a, tree, embedded_text(&files[i]), &m->v->tax, e))
            return false;
    for (size_t i = 0; i < n; i++)
        if (!str_eq(str_of(files[i].name), tree) &&
            !words_read(m, str_of(files[i].name), embedded_text(&files[i]), e))
            return false;
    if (!entries_make(m, e)) return false;
    names_keep(m, 0, &m->v->intents, &m->v->intents_n);
    names_keep(m, 1, &m->v->emotions, &m->v->emotions_n);
    *out = m->v;
    return true;
}

static const vocabulary *shipped;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void build_shipped(void) {
    err e = {0};
    arena *a = arena_open((size_t)64 << 20); /* for ever: the tables live as long as the program */
    if (!vocabulary_read(a, lexicon, lexicon_n, &shipped, &e)) fprintf(stderr, "heed: %s\n", e.msg);
    check(shipped != NULL);
}

const vocabulary *vocabulary_shipped(void) {
    check(pthread_once(&once, build_shipped) == 0);
    return shipped;
}

const taxonomy *taxonomy_shipped(void) {
    return &vocabulary_shipped()->tax;
}
