/* grams.h - the features of a text: which runs of characters and words it holds, hashed.
**
** A Han character, kana, mark or sign makes runs of 1..signs_most with the signs before it (blanks
** between them do not count).  A run of letters and digits makes a word, the pair with the word
** before it, and its pieces of letters_least..letters_most letters with the borders of the word
** ("<ve", "ver", "ry>").  Digits all count as 0.  Each feature counts once, however often it stands.
** A feature is a number below 2^bits; two features may share one (Weinberger et al. 2009).
** The text must be folded (kern/fold.h).  Any bytes are taken; broken ones are signs. */
#ifndef KERN_GRAMS_H
#define KERN_GRAMS_H
#include "base/base.h"

enum {
    GRAMS_BITS_LEAST = 8,
    GRAMS_BITS_MOST = 22,
    GRAMS_SIGNS_MOST = 4,
    GRAMS_LETTERS_MOST = 8,
    GRAMS_WORDS_MOST = 2,
};
/* How texts are cut.  Part of a model: it must be asked as it was taught. */
typedef struct {
    u8 bits;                        /* 8..22 */
    u8 signs_most;                  /* 1..4 */
    u8 words_most;                  /* 1 = words, 2 = and pairs */
    u8 letters_least, letters_most; /* 1..8; letters_most 0 = no pieces of words */
} grams_shape;
bool grams_shape_is_fine(const grams_shape *s);

/* What a feature is; models are taught to trust some more than others. */
typedef enum {
    GRAM_WORD,
    GRAM_PAIR,
    GRAM_PIECE, /* of a word */
    GRAM_SIGN,  /* one */
    GRAM_SIGNS, /* a run of two */
    GRAM_RUN,   /* of more */
    GRAM_KINDS
} gram_kind;
enum { GRAM_KIND_SHIFT = 24 }; /* where grams_kinds puts the kind: above every feature */

/* Room to work in; one a thread.  Grows to what the longest text needs, at most ~3 MB. */
typedef struct grams_room grams_room;
grams_room *grams_room_new(arena *a);

/* The features of a text, each once, in the order they are met; the array is the room's and lives
** until its next use.  Of very long texts the first LIMIT_TEXT_GRAMS runs count. */
size_t grams_of(grams_room *room, const grams_shape *s, str folded, const u32 **out);
/* The same, with the gram_kind of each in the bits from GRAM_KIND_SHIFT up: for who teaches. */
size_t grams_kinds(grams_room *room, const grams_shape *s, str folded, const u32 **out);

/* Where a feature stands: bytes [start, end) of the folded text.  Calls found for each occurrence,
** in order: to show which words made a decision. */
typedef void grams_found_fn(void *ctx, u32 feature, u32 start, u32 end);
void grams_each(const grams_shape *s, str folded, grams_found_fn *found, void *ctx);
#endif
