/* grams.c - hashed runs of characters and words of a text.  See grams.h. */
#include "kern/grams.h"
#include "base/limits.h"
#include "base/utf8.h"

enum {
    WORD_LETTERS_MOST = 60, /* of a longer run of letters the rest makes a new word */
    SLOTS_LEAST = 1024,
    FEATURES_OF_A_CHAR = GRAMS_LETTERS_MOST + 2,
};

/* Odd constants without a pattern (from the digits of pi and e). */
#define MIX_1 0x9e3779b97f4a7c15ull
#define MIX_2 0xc2b2ae3d27d4eb4full
#define MIX_3 0x165667b19e3779f9ull
#define MIX_4 0x27d4eb2f165667c5ull

typedef enum { KIND_SIGN, KIND_LETTER, KIND_BLANK } kind;

static inline kind kind_of(u32 c) {
    if (c < 0x80) {
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') return KIND_BLANK;
        return ((c | 32) - 'a') < 26u || (c - '0') < 10u || c == '\'' ? KIND_LETTER : KIND_SIGN;
    }
    return c >= 0xc0 && c < 0x2000 ? KIND_LETTER : KIND_SIGN;
}

/* What the walk over a text remembers, and where its findings go. */
typedef struct {
    const grams_shape *shape;
    u32 *ids; /* or NULL: found is called */
    size_t n, cap;
    grams_found_fn *found;
    void *ctx;
    u64 signs[GRAMS_SIGNS_MOST]; /* the newest first */
    u32 starts[GRAMS_SIGNS_MOST];
    u32 signs_n;
    u64 last_word; /* 0 = none */
    u32 last_word_start;
    bool full;
} walk;

static inline u32 id_of(const walk *w, u64 hash, u64 salt) {
    return (u32)(((hash ^ salt) * MIX_3) >> (64 - w->shape->bits));
}
static inline void put(walk *w, u64 hash, u64 salt, gram_kind k, size_t start, size_t end) {
    hash ^= hash >> 29;
    u32 id = id_of(w, hash, salt);
    if (w->ids)
        w->ids[w->n] = id | (u32)k << GRAM_KIND_SHIFT;
    else
        w->found(w->ctx, id, (u32)start, (u32)end);
    w->n++;
}

static inline void take_sign(walk *w, u32 c, size_t start, size_t end) {
    u32 most = w->shape->signs_most;
    _Static_assert(GRAMS_SIGNS_MOST == 4, "moved one by one: a loop becomes a call of memmove");
    w->signs[3] = w->signs[2], w->starts[3] = w->starts[2];
    w->signs[2] = w->signs[1], w->starts[2] = w->starts[1];
    w->signs[1] = w->signs[0], w->starts[1] = w->starts[0];
    w->signs[0] = (u64)c + 1;
    w->starts[0] = (u32)start;
    if (w->signs_n < most) w->signs_n++;
    u64 hash = 0;
    for (u32 i = 0; i < w->signs_n; i++) {
        hash = (hash ^ w->signs[i]) * MIX_1;
        put(w, hash, i, GRAM_SIGN + MIN(i, 2u), w->starts[i], end);
    }
    w->last_word = 0;
}

/* The pieces of a word with its borders; at[i] is where letter i begins, at[n] where the word ends. */
static void take_pieces(walk *w, const u32 *letters, const u32 *at, u32 n) {
    u32 least = w->shape->letters_least, most = w->shape->letters_most;
    for (u32 i = 0; i < n; i++) {
        u64 hash = MIX_4;
        for (u32 j = 0; j < most && i + j < n; j++) {
            hash = (hash ^ letters[i + j]) * MIX_2;
            if (j + 1 >= least) put(w, hash, 0x100 + j, GRAM_PIECE, at[i], at[i + j + 1]);
        }
    }
}

/* Reads a run of letters from at; returns where it ends. */
static size_t take_word(walk *w, str t, size_t at) {
    u32 letters[WORD_LETTERS_MOST + 2], places[WORD_LETTERS_MOST + 3], n = 0;
    size_t start = at;
    u64 hash = MIX_4;
    letters[n] = '<';
    places[n++] = (u32)at;
    while (at < t.n && n <= WORD_LETTERS_MOST) {
        u32 c = 0;
        int len = utf8_next(t, at, &c);
        if (len == 0 || kind_of(c) != KIND_LETTER) break;
        if (c >= '0' && c <= '9') c = '0';
        hash = (hash ^ c) * MIX_1;
        letters[n] = c;
        places[n++] = (u32)at;
        at += (size_t)len;
    }
    letters[n] = '>';
    places[n++] = (u32)at;
    places[n] = (u32)at;
    put(w, hash, 0x200, GRAM_WORD, start, at);
    if (w->last_word && w->shape->words_most > 1)
        put(w, (w->last_word ^ (hash >> 7)) * MIX_2, 0x201, GRAM_PAIR, w->last_word_start, at);
    if (w->shape->letters_most) take_pieces(w, letters, places, n);
    w->last_word = hash | 1;
    w->last_word_start = (u32)start;
    w->signs_n = 0;
    return at;
}

/* No text can overfill ids: the walk stops while a whole word still fits. */
static inline bool walk_has_room(walk *w) {
    return w->n + (WORD_LETTERS_MOST + 2) * FEATURES_OF_A_CHAR <= w->cap;
}

static inline void walk_text(walk *w, str t) {
    for (size_t at = 0; at < t.n && walk_has_room(w);) {
        u32 c = 0;
        int len = utf8_next(t, at, &c);
        if (len == 0) {
            c = 0xfffd;
            len = 1;
        }
        kind k = kind_of(c);
        if (k == KIND_LETTER) {
            at = take_word(w, t, at);
            continue;
        }
        if (k == KIND_SIGN) take_sign(w, c, at, at + (size_t)len);
        at += (size_t)len;
    }
}

bool grams_shape_is_fine(const grams_shape *s) {
    return s->bits >= GRAMS_BITS_LEAST && s->bits <= GRAMS_BITS_MOST && s->signs_most >= 1 &&
           s->signs_most <= GRAMS_SIGNS_MOST && s->words_most >= 1 &&
           s->words_most <= GRAMS_WORDS_MOST && s->letters_most <= GRAMS_LETTERS_MOST &&
           (s->letters_most == 0 || (s->letters_least >= 1 && s->letters_least <= s->letters_most));
}

void grams_each(const grams_shape *s, str folded, grams_found_fn *found, void *ctx) {
    check(grams_shape_is_fine(s) && found);
    walk w = {.shape = s, .found = found, .ctx = ctx, .cap = LIMIT_TEXT_GRAMS};
    walk_text(&w, folded);
}

/* ---- each once ---- */

struct grams_room {
    arena *a;
    u32 *ids;
    size_t cap;
    u64 *slots; /* round << 32 | feature */
    size_t slots_n;
    u32 round;
};

grams_room *grams_room_new(arena *a) {
    grams_room *room = NEW(a, grams_room);
    room->a = a;
    return room;
}

/* The most features a text of so many bytes can have; old space stays with the arena, but as it
** doubles, all of it together is no more than the newest. */
static void room_for(grams_room *room, const grams_shape *s, size_t bytes) {
    size_t a_char =
        MAX(s->signs_most, s->letters_most ? s->letters_most - s->letters_least + 1u : 0);
    size_t most = MIN(bytes, (size_t)LIMIT_TEXT_GRAMS) * (a_char + 2) +
                  (WORD_LETTERS_MOST + 2) * FEATURES_OF_A_CHAR;
    most = MIN(most, (size_t)LIMIT_TEXT_GRAMS);
    if (room->cap >= most) return;
    size_t cap = MAX(room->cap * 2, SLOTS_LEAST), slots = SLOTS_LEAST;
    while (cap < most) cap *= 2;
    cap = MIN(cap, (size_t)LIMIT_TEXT_GRAMS);
    while (slots < cap * 2) slots *= 2;
    room->ids = arena_raw(room->a, cap * sizeof *room->ids);
    room->slots = NEW_N(room->a, u64, slots);
    room->cap = cap;
    room->slots_n = slots;
    room->round = 0;
}

/* kept_bits: what of each place of ids stays. */
static size_t once_each(grams_room *room, size_t n, u32 kept_bits) {
    size_t slots = SLOTS_LEAST, kept = 0;
    while (slots < n * 2) slots *= 2;
    check(slots <= room->slots_n);
    if (++room->round == 0) {
        memset(room->slots, 0, room->slots_n * sizeof *room->slots);
        room->round = 1;
    }
    u64 round = (u64)room->round << 32, *table = room->slots;
    size_t mask = slots - 1;
    u32 *ids = room->ids;
    for (size_t i = 0; i < n; i++) {
        u32 id = ids[i] & ((1u << GRAM_KIND_SHIFT) - 1);
        u64 want = round | id;
        size_t at = id & mask;
        while (table[at] >= round && table[at] != want) at = (at + 1) & mask;
        ids[kept] = ids[i] & kept_bits;
        kept += table[at] != want;
        table[at] = want;
    }
    return kept;
}

static size_t features_of(grams_room *room, const grams_shape *s, str folded, u32 kept_bits,
                          const u32 **out) {
    check(grams_shape_is_fine(s) && folded.n < UINT32_MAX);
    room_for(room, s, folded.n);
    walk w = {.shape = s, .ids = room->ids, .cap = room->cap};
    walk_text(&w, folded);
    *out = room->ids;
    return once_each(room, w.n, kept_bits);
}

size_t grams_of(grams_room *room, const grams_shape *s, str folded, const u32 **out) {
    return features_of(room, s, folded, (1u << GRAM_KIND_SHIFT) - 1, out);
}
size_t grams_kinds(grams_room *room, const grams_shape *s, str folded, const u32 **out) {
    return features_of(room, s, folded, UINT32_MAX, out);
}
