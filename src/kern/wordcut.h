/* wordcut.h - cuts Chinese text into words, by a dictionary with frequencies.
**
** Of all ways to cut a run of Han characters the one whose words are likeliest together is taken
** (Viterbi over single words, as jieba cuts without its guesses at new words); a character the
** dictionary does not know stands alone.  Letters and digits make a word of their own ("3.5",
** "don't"), other signs stand alone, blanks are in no word.  Traditional characters are looked up as
** their simplified ones, so text is cut as it was written, unfolded.
**
** The dictionary (349,000 words, from Debian's python3-jieba, MIT) lies in a double array (Aoe, IEEE
** TSE 1989), made when the program is built; it is used where it lies. */
#ifndef KERN_WORDCUT_H
#define KERN_WORDCUT_H
#include "base/base.h"

/* A dictionary as it lies in memory.  Costs are thousandths of -ln(share of all words). */
typedef struct {
    const u16 *codes; /* [65536] of characters; 0 = begins and continues no word */
    const u64 *nodes; /* base << 40 | parent << 16 | cost of the word that ends here, 0 = none */
    u32 nodes_n, words_n;
    i32 lone; /* cost of a character that is no word */
} word_trie;

typedef struct {
    const word_trie *shipped;
    const word_trie *own; /* NULL: none */
} wordcut;
typedef struct {
    u32 start, end; /* bytes of the text */
} cut_word;

/* What is in the binary. */
const word_trie *wordcut_shipped(void);

/* From lines of a word, a blank and how often it was met; anything behind a second blank is left out.
** Words of more than WORDCUT_CHARS characters, or with some beyond the basic plane, are passed over;
** of two entries for one word the more frequent counts.  Lives in a.  INVALID when no word is left. */
enum { WORDCUT_CHARS = 16 };
bool wordcut_build(arena *a, str lines, word_trie *out, err *e) MUST_USE;
/* The same, of an organisation's own words, one a line, blanks inside allowed ("Moka Latte"): they
** are never cut.  Capitals and traditional characters are like small and simplified ones. */
bool wordcut_build_own(arena *a, str lines, word_trie *out, err *e) MUST_USE;

/* Room to work in; one a thread. */
typedef struct wordcut_room wordcut_room;
wordcut_room *wordcut_room_new(arena *a);
/* The words of text (< 4 GiB) in order; the array is the room's and lives until its next use.  Any
** bytes are taken; a broken one is a sign. */
size_t wordcut_text(const wordcut *w, wordcut_room *room, str text, const cut_word **out);
#endif
