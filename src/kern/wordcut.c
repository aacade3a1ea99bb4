/* wordcut.c - the likeliest words of a text.  See wordcut.h. */
#include "kern/wordcut.h"
#include "base/utf8.h"

enum { RUN_MOST = 4096 }; /* Han characters cut together; a longer run is cut there */

struct wordcut_room {
    arena *a;
    cut_word *words;
    size_t cap, n;
    u16 codes[RUN_MOST];
    i32 best[RUN_MOST + 1];
    u8 back[RUN_MOST + 1]; /* characters of the last word of the best way to here */
    u16 cuts[RUN_MOST + 1];
};

wordcut_room *wordcut_room_new(arena *a) {
    wordcut_room *r = arena_raw(a, sizeof *r);
    r->a = a;
    r->words = NULL;
    r->cap = r->n = 0;
    return r;
}

static inline u32 base_of(u64 node) {
    return (u32)(node >> 40);
}
static inline u32 parent_of(u64 node) {
    return (u32)(node >> 16) & 0xffffff;
}
static inline i32 cost_of(u64 node) {
    return (i32)(node & 0xffff);
}

/* ---- a run of Han ---- */

/* Every word that begins at i, and the lone character. */
static inline void try_words(const word_trie *t, wordcut_room *r, size_t i, size_t n) {
    i32 here = r->best[i], lone = here + t->lone;
    if (lone < r->best[i + 1]) {
        r->best[i + 1] = lone;
        r->back[i + 1] = 1;
    }
    u32 s = 0, base = base_of(t->nodes[0]);
    for (size_t j = i; j < n && base; j++) {
        u32 at = base + r->codes[j];
        u64 node = t->nodes[at];
        if (parent_of(node) != s) return;
        s = at;
        base = base_of(node);
        i32 cost = cost_of(node);
        if (cost && here + cost < r->best[j + 1]) {
            r->best[j + 1] = here + cost;
            r->back[j + 1] = (u8)(j + 1 - i);
        }
    }
}

/* Three bytes a character, from byte start on. */
static void cut_run(const word_trie *t, wordcut_room *r, size_t n, u32 start) {
    r->best[0] = 0;
    for (size_t i = 1; i <= n; i++) r->best[i] = INT32_MAX;
    for (size_t i = 0; i < n; i++) try_words(t, r, i, n);
    size_t cuts = 0;
    for (size_t i = n; i > 0; i -= r->back[i]) r->cuts[cuts++] = (u16)i;
    u32 from = start;
    while (cuts-- > 0) {
        u32 to = start + 3u * r->cuts[cuts];
        r->words[r->n++] = (cut_word){from, to};
        from = to;
    }
}

/* ---- what is no Han ---- */

static inline bool is_letter(u32 c) {
    if (c < 0x80) return ((c | 32) - 'a') < 26u || (c - '0') < 10u;
    return (c >= 0xc0 && c < 0x2000) || (c >= 0x3041 && c <= 0x30ff) ||
           (c >= 0xac00 && c <= 0xd7a3);
}
static inline bool is_blank(u32 c) {
    return c <= ' ' || c == 0x3000 || c == 0xa0;
}
static bool is_digit_at(str t, size_t at) {
    return at < t.n && (u8)(t.p[at] - '0') < 10;
}

/* Does the sign at this place hold a word together: "3.5", "10,000", "don't"? */
static bool joins(str t, size_t at, u32 c) {
    if (at == 0) return false;
    if (c == '.' || c == ',') return is_digit_at(t, at - 1) && is_digit_at(t, at + 1);
    if (c != '\'' || at + 1 >= t.n) return false;
    u8 before = (u8)t.p[at - 1] | 32, after = (u8)t.p[at + 1] | 32;
    return (u8)(before - 'a') < 26 && (u8)(after - 'a') < 26;
}

static size_t letters_end(str t, size_t at) {
    while (at < t.n) {
        u32 c = 0;
        int len = utf8_next(t, at, &c);
        if (len == 0 || (!is_letter(c) && !joins(t, at, c))) break;
        at += (size_t)len;
    }
    return at;
}

/* The longest word of the dictionary that begins at this place; 0 = none.  One that begins or ends
** with a letter begins or ends a run of letters. */
static size_t longest_word(const word_trie *d, str t, size_t from) {
    u32 s = 0, c = 0;
    size_t best = 0;
    for (size_t at = from; at < t.n && base_of(d->nodes[s]);) {
        int len = utf8_next(t, at, &c);
        if (len == 0 || c >= 65536 || d->codes[c] == 0) break;
        u32 to = base_of(d->nodes[s]) + d->codes[c];
        if (parent_of(d->nodes[to]) != s) break;
        s = to;
        at += (size_t)len;
        bool inside = is_letter(c) && at < t.n && letters_end(t, at) > at;
        if (cost_of(d->nodes[s]) && !inside) best = at;
    }
    return best > from ? best - from : 0;
}

/* ---- the walk ---- */

static inline u32 han_at(str t, size_t at) {
    const u8 *p = (const u8 *)t.p + at;
    if (t.n - at < 3 || (p[0] & 0xf0) != 0xe0 || (p[1] & 0xc0) != 0x80 || (p[2] & 0xc0) != 0x80)
        return 0;
    u32 c = (u32)(p[0] & 0x0f) << 12 | (u32)(p[1] & 0x3f) << 6 | (p[2] & 0x3f);
    return c >= 0x3400 && c < 0xa000 ? c : 0;
}

/* A run of Han from at on; it ends where a word of one's own begins.  Returns its end. */
static size_t take_han(const wordcut *w, wordcut_room *r, str t, size_t at) {
    size_t start = at, n = 0;
    for (u32 c; n < RUN_MOST && at < t.n && (c = han_at(t, at)); at += 3) {
        if (w->own && w->own->codes[c] && n && longest_word(w->own, t, at)) break;
        r->codes[n++] = w->shipped->codes[c];
    }
    cut_run(w->shipped, r, n, (u32)start);
    return at;
}

/* Anything else: a word of letters, or one sign.  Returns its end. */
static size_t take_other(const wordcut *w, wordcut_room *r, str t, size_t at) {
    u32 c = 0xfffd;
    int len = utf8_next(t, at, &c);
    size_t end = at + (size_t)MAX(len, 1);
    if (len > 0 && is_blank(c)) return end;
    if (len > 0 && is_letter(c)) {
        end = letters_end(t, at);
        size_t mixed = longest_word(w->shipped, t, at); /* a letter and Han: "T 恤" in one */
        if (at + mixed > end) end = at + mixed;
    }
    r->words[r->n++] = (cut_word){(u32)at, (u32)end};
    return end;
}

static size_t take_own(const wordcut *w, wordcut_room *r, str t, size_t at) {
    size_t n = w->own ? longest_word(w->own, t, at) : 0;
    if (n) r->words[r->n++] = (cut_word){(u32)at, (u32)(at + n)};
    return at + n;
}

size_t wordcut_text(const wordcut *w, wordcut_room *r, str text, const cut_word **out) {
    check(text.n < UINT32_MAX && w->shipped);
    if (text.n > r->cap) {
        r->cap = MAX(text.n, r->cap * 2);
        r->words = arena_raw(r->a, r->cap * sizeof *r->words);
    }
    r->n = 0;
    for (size_t at = 0; at < text.n;) {
        size_t own = take_own(w, r, text, at);
        if (own > at)
            at = own;
        else
            at = han_at(text, at) ? take_han(w, r, text, at) : take_other(w, r, text, at);
    }
    *out = r->words;
    return r->n;
}

/* ---- what ships: made by tools/words.c ---- */

extern const u64 wordcut_file[];
static word_trie shipped;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* u64 words, nodes, lone cost; codes; nodes. */
static void open_shipped(void) {
    const u64 *f = wordcut_file;
    shipped = (word_trie){.words_n = (u32)f[0],
                          .nodes_n = (u32)f[1],
                          .lone = (i32)f[2],
                          .codes = (const u16 *)(const void *)(f + 3),
                          .nodes = f + 3 + 65536 / 4};
}
const word_trie *wordcut_shipped(void) {
    pthread_once(&once, open_shipped);
    return &shipped;
}
