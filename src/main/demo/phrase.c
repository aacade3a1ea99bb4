/* phrase.c - reads the embedded clause templates and fills them in.  See phrase.h. */
#include "main/demo/phrase.h"
#include "base/embed.h"

extern const embedded phrases[];
extern const size_t phrases_n;

typedef struct {
    str *items;
    size_t n, cap;
} shelf;
struct book {
    shelf shelves[TONGUE_COUNT][TOPIC_COUNT][3];
    size_t size;
};

#define TOPIC_NAME(name) TEXT(#name),
static const str TOPIC_NAMES[] = {TOPICS(TOPIC_NAME)};
static const str FILES[TONGUE_COUNT] = {TEXT("zh.tsv"), TEXT("tw.tsv"), TEXT("en.tsv")};

static int topic_find(str name) {
    for (int i = 0; i < TOPIC_COUNT; i++)
        if (str_eq(TOPIC_NAMES[i], name)) return i;
    return -1;
}

static int polarity_find(str s) {
    return str_eq(s, S("-")) ? -1 : str_eq(s, S("0")) ? 0 : str_eq(s, S("+")) ? 1 : 2;
}

static void shelve(arena *a, shelf *s, str clause) {
    if (s->n == s->cap) {
        size_t cap = MAX((size_t)8, s->cap * 2);
        str *items = NEW_N(a, str, cap);
        if (s->n) memcpy(items, s->items, s->n * sizeof *items);
        s->items = items;
        s->cap = cap;
    }
    s->items[s->n++] = clause;
}

static bool shelve_line(arena *a, book *b, tongue t, str line) {
    str name, sign, clause;
    if (!str_cut(line, '\t', &name, &line) || !str_cut(line, '\t', &sign, &clause)) return false;
    int what = topic_find(name), polarity = polarity_find(sign);
    chance c;
    buf out = {.a = a};
    chance_seed(&c, 1);
    if (what < 0 || polarity > 1 || clause.n == 0) return false;
    slots s = {S("x"), S("x"), S("x"), 1};
    if (!phrase_expand(&out, clause, &s, t, &c)) return false;
    shelve(a, &b->shelves[t][what][polarity + 1], clause);
    b->size++;
    return true;
}

static bool shelve_file(arena *a, book *b, tongue t, str text, err *e) {
    str line;
    for (int no = 1; text.n > 0; no++) {
        str_line(&text, &line);
        if (line.n == 0 || line.p[0] == '#') continue;
        if (!shelve_line(a, b, t, line))
            return fail(e, INVALID,
                        "phrases/%.*s line %d: want a known topic, a polarity - 0 + and a clause "
                        "with closed brackets and known slots",
                        STR_ARG(FILES[t]), no);
    }
    return true;
}

bool phrasebook_open(arena *a, book **out, err *e) {
    book *b = NEW(a, book);
    for (tongue t = TONGUE_ZH; t < TONGUE_COUNT; t++)
        for (size_t i = 0; i < phrases_n; i++)
            if (str_eq(str_of(phrases[i].name), FILES[t]) &&
                !shelve_file(a, b, t, embedded_text(&phrases[i]), e))
                return false;
    check(b->size > 0);
    *out = b;
    return true;
}

size_t book_size(const book *b) {
    return b->size;
}

size_t book_count(const book *b, tongue t, topic what, int polarity) {
    check(polarity >= -1 && polarity <= 1);
    return b->shelves[t][what][polarity + 1].n;
}

str book_pick(const book *b, tongue t, topic what, int polarity, chance *c) {
    check(polarity >= -1 && polarity <= 1);
    const shelf *s = &b->shelves[t][what][polarity + 1];
    return s->n ? s->items[chance_below(c, (u32)s->n)] : NO_STR;
}

/* ---- slots: numbers, and personal data that can belong to nobody ---- */

static bool slot_number(buf *out, str name, i32 late_days, chance *c) {
    static const struct {
        str name;
        i32 low, high;
    } RANGES[] = {
        {TEXT("n"), 2, 9}, {TEXT("wait"), 12, 70}, {TEXT("lead"), 14, 28}, {TEXT("pct"), 4, 19}};
    for (size_t i = 0; i < COUNT(RANGES); i++)
        if (str_eq(RANGES[i].name, name)) {
            buf_fmt(out, "%d", chance_between(c, RANGES[i].low, RANGES[i].high));
            return true;
        }
    if (str_eq(name, S("km")))
        buf_fmt(out, "%d", 500 * chance_between(c, 1, 60));
    else if (str_eq(name, S("late")))
        buf_fmt(out, "%d", late_days > 0 ? late_days : chance_between(c, 5, 16));
    else
        return false;
    return true;
}

/* Mobile: 154 is not given out in China.  Phone: 555-01xx is kept for fiction.  Mail: example.com
** is kept for examples (RFC 2606).  Card: the well-known test number. */
static bool slot_person(buf *out, str name, chance *c) {
    if (str_eq(name, S("mobile")))
        buf_fmt(out, "1540000%04u", chance_below(c, 10000));
    else if (str_eq(name, S("phone")))
        buf_fmt(out, "+1 415 555 01%02u", chance_below(c, 100));
    else if (str_eq(name, S("mail")))
        buf_fmt(out, "owner%04u@example.com", chance_below(c, 10000));
    else if (str_eq(name, S("card")))
        buf_str(out, S("4111111111111111"));
    else if (str_eq(name, S("spam")))
        buf_fmt(out, "best_deal_%02u", chance_below(c, 100));
    else
        return false;
    return true;
}

static bool slot_fill(buf *out, str name, const slots *s, chance *c) {
    if (str_eq(name, S("city")))
        buf_str(out, s->city);
    else if (str_eq(name, S("model")))
        buf_str(out, s->model);
    else if (str_eq(name, S("order")))
        buf_str(out, s->order);
    else
        return slot_number(out, name, s->late_days, c) || slot_person(out, name, c);
    return true;
}

/* The k-th of the choices between bars. */
static str choice(str body, chance *c) {
    u32 n = 1;
    for (size_t i = 0; i < body.n; i++) n += body.p[i] == '|';
    str head = body, tail;
    for (u32 k = chance_below(c, n); str_cut(body, '|', &head, &tail); body = tail)
        if (k-- == 0) return head;
    return body;
}

bool phrase_expand(buf *out, str clause, const slots *s, tongue t, chance *c) {
    while (clause.n) {
        char ch = clause.p[0];
        str body, rest;
        if (ch != '[' && ch != '{') {
            if (ch == ']' || ch == '}') return false;
            buf_char(out, ch);
            clause = str_from(clause, 1);
            continue;
        }
        if (!str_cut(str_from(clause, 1), ch == '[' ? ']' : '}', &body, &rest)) return false;
        if (memchr(body.p, '[', body.n)) return false;
        bool ok =
            ch == '{' ? slot_fill(out, body, s, c) : phrase_expand(out, choice(body, c), s, t, c);
        if (!ok) return false;
        clause = rest;
    }
    return true;
}
