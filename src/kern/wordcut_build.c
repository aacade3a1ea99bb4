/* wordcut_build.c - a dictionary of words into a double array.  See wordcut.h.
** Also compiled into tools/words.c, which makes the dictionary that ships. */
#include "base/utf8.h"
#include "kern/hans.h"
#include "kern/wordcut.h"

enum {
    CODES = 65536,
    NODES_MOST = 1 << 24, /* 24 bits hold the number of a node */
    COST_MOST = 65535,
    TRIES = 64, /* places tried for a node's children before the search moves on for good */
};

typedef struct {
    u32 chars[WORDCUT_CHARS];
    u8 n;
    i32 cost;
} entry_;
typedef struct {
    arena *a;
    entry_ *words;
    size_t n;
    u16 *simple, *codes;
    u64 *nodes;
    u64 *used; /* a bit a node */
    size_t cap, last;
    size_t free_from, wide_from; /* no free node is before the first; see place_for */
} builder;

/* ---- reading ---- */

static void table_of_chars(builder *b) {
    b->simple = NEW_N(b->a, u16, CODES);
    for (u32 c = 0; c < CODES; c++) b->simple[c] = (u16)(c >= 'A' && c <= 'Z' ? c | 32 : c);
    for (size_t i = 0; i < hans_pairs_n; i++) b->simple[hans_pairs[i][0]] = hans_pairs[i][1];
}

/* The characters of a word; false when there is one we cannot hold. */
static bool spell(const builder *b, str text, entry_ *out) {
    out->n = 0;
    for (size_t at = 0; at < text.n;) {
        u32 c = 0;
        int len = utf8_next(text, at, &c);
        if (len == 0 || c >= CODES || out->n == WORDCUT_CHARS) return false;
        out->chars[out->n++] = b->simple[c];
        at += (size_t)len;
    }
    return out->n > 0;
}

static bool next_entry(const builder *b, bool own, str *rest, entry_ *out, double *times_out) {
    while (rest->n) {
        str line, text, tail, times, behind;
        str_line(rest, &line);
        line = str_trim(line);
        *times_out = 1;
        if (own) {
            if (spell(b, line, out)) return true;
            continue;
        }
        if (!str_cut(line, ' ', &text, &tail)) continue;
        if (!str_cut(tail, ' ', &times, &behind)) times = tail;
        if (!str_num(times, times_out) || !(*times_out >= 0) || *times_out > 1e12) continue;
        *times_out = MAX(*times_out, 1);
        if (spell(b, text, out)) return true;
    }
    return false;
}

static void read_words(builder *b, str lines, bool own) {
    entry_ e;
    str rest = lines;
    double times, all = 1;
    size_t n = 0;
    while (next_entry(b, own, &rest, &e, &times)) {
        all += times;
        n++;
    }
    b->words = arena_raw(b->a, (n + 1) * sizeof *b->words);
    for (rest = lines; next_entry(b, own, &rest, &e, &times);) {
        e.cost = (i32)MIN(MAX(lround(-1000 * log(times / all)), 1), COST_MOST);
        b->words[b->n++] = e;
    }
    check(b->n == n);
}

/* ---- codes: frequent characters get small ones, so that children lie close together ---- */

typedef struct {
    u32 c, met;
} letter;
static int most_met_first(const void *a, const void *b) {
    const letter *x = a, *y = b;
    if (x->met != y->met) return x->met < y->met ? 1 : -1;
    return x->c < y->c ? -1 : x->c > y->c;
}

static void give_codes(builder *b) {
    u32 *met = NEW_N(b->a, u32, CODES);
    letter *list = NEW_N(b->a, letter, CODES);
    size_t n = 0;
    for (size_t i = 0; i < b->n; i++)
        for (u8 k = 0; k < b->words[i].n; k++) met[b->words[i].chars[k]]++;
    for (u32 c = 0; c < CODES; c++)
        if (met[c]) list[n++] = (letter){c, met[c]};
    check(n < CODES);
    qsort(list, n, sizeof *list, most_met_first);
    b->codes = NEW_N(b->a, u16, CODES);
    b->free_from = b->wide_from = n + 1; /* below, a large code finds no place: not tried */
    for (size_t i = 0; i < n; i++) b->codes[list[i].c] = (u16)(i + 1);
    for (size_t i = 0; i < b->n; i++)
        for (u8 k = 0; k < b->words[i].n; k++)
            b->words[i].chars[k] = b->codes[b->words[i].chars[k]];
    for (u32 c = 0; c < CODES; c++) /* a traditional character is its simplified one */
        if (b->simple[c] != c) b->codes[c] = b->codes[b->simple[c]];
}

static int by_codes(const void *a, const void *b) {
    const entry_ *x = a, *y = b;
    for (u8 i = 0; i < MIN(x->n, y->n); i++)
        if (x->chars[i] != y->chars[i]) return x->chars[i] < y->chars[i] ? -1 : 1;
    if (x->n != y->n) return x->n - y->n;
    return x->cost < y->cost ? -1 : x->cost > y->cost; /* the likelier of two first */
}

/* ---- the double array ---- */

#define NOBODYS ((u64)0xffffff << 16) /* a place no node has as its child */

static bool is_used(const builder *b, size_t i) {
    return (b->used[i >> 6] >> (i & 63)) & 1;
}

static void room_for(builder *b, size_t n) {
    if (n < b->cap) return;
    size_t cap = MAX(b->cap * 2, (size_t)1 << 10);
    while (cap <= n) cap *= 2;
    check(cap <= NODES_MOST);
    u64 *nodes = arena_raw(b->a, cap * sizeof *nodes), *used = NEW_N(b->a, u64, cap / 64);
    for (size_t i = b->cap; i < cap; i++) nodes[i] = NOBODYS;
    if (b->cap) {
        memcpy(nodes, b->nodes, b->cap * sizeof *nodes);
        memcpy(used, b->used, b->cap / 64 * sizeof *used);
    }
    b->nodes = nodes;
    b->used = used;
    b->cap = cap;
}

/* A base under which all the children's places are free.  One child fills the first hole; several are
** looked for where there is room, or the holes would be tried again and again. */
static size_t place_for(builder *b, const u32 *kids, size_t n) {
    while (b->free_from < b->cap && is_used(b, b->free_from)) b->free_from++;
    size_t from = n == 1 ? b->free_from : MAX(b->free_from, b->wide_from);
    size_t at = from > kids[0] ? from - kids[0] : 1;
    for (int tries = 0;; at++) {
        room_for(b, at + kids[n - 1] + 1);
        if (is_used(b, at + kids[0])) continue;
        size_t k = 1;
        while (k < n && !is_used(b, at + kids[k])) k++;
        if (k == n) return at;
        if (++tries == TRIES) b->wide_from = at + kids[0];
    }
}

/* The words [from, to) share their first depth codes, which lead to node s. */
static void build_node(builder *b, size_t s, size_t from, size_t to, u8 depth) {
    if (b->words[from].n == depth) {
        b->nodes[s] |= (u64)b->words[from].cost;
        while (from < to && b->words[from].n == depth) from++;
    }
    if (from == to) return;
    size_t n = 0;
    for (size_t i = from; i < to; i++)
        n += i == from || b->words[i].chars[depth] != b->words[i - 1].chars[depth];
    u32 *kids = NEW_N(b->a, u32, n);
    n = 0;
    for (size_t i = from; i < to; i++)
        if (n == 0 || kids[n - 1] != b->words[i].chars[depth]) kids[n++] = b->words[i].chars[depth];
    size_t base = place_for(b, kids, n);
    b->nodes[s] |= (u64)base << 40;
    for (size_t k = 0; k < n; k++) {
        b->nodes[base + kids[k]] = (u64)s << 16;
        b->used[(base + kids[k]) >> 6] |= 1ull << ((base + kids[k]) & 63);
        b->last = MAX(b->last, base + kids[k]);
    }
    for (size_t k = 0, i = from; k < n; k++) {
        size_t first = i;
        while (i < to && b->words[i].chars[depth] == kids[k]) i++;
        build_node(b, base + kids[k], first, i, (u8)(depth + 1));
    }
}

static bool build(arena *a, str lines, bool own, word_trie *out, err *e) {
    builder b = {.a = a};
    table_of_chars(&b);
    read_words(&b, lines, own);
    if (b.n == 0)
        return fail(e, INVALID, "%s",
                    own ? "no words: write one word of at most 16 characters a line"
                        : "a dictionary wants lines of a word, a blank and how often it was met");
    give_codes(&b);
    qsort(b.words, b.n, sizeof *b.words, by_codes);
    room_for(&b, CODES);
    b.used[0] |= 1;
    b.nodes[0] = 0;
    build_node(&b, 0, 0, b.n, 0);
    i32 lone = 1;
    for (size_t i = 0; i < b.n; i++) lone = MAX(lone, b.words[i].cost);
    room_for(&b, b.last + CODES); /* base + code of any character lies inside */
    *out = (word_trie){.codes = b.codes,
                       .nodes = b.nodes,
                       .nodes_n = (u32)(b.last + CODES),
                       .words_n = (u32)b.n,
                       .lone = lone};
    return true;
}

bool wordcut_build(arena *a, str lines, word_trie *out, err *e) {
    return build(a, lines, false, out, e);
}
bool wordcut_build_own(arena *a, str lines, word_trie *out, err *e) {
    return build(a, lines, true, out, e);
}
