/* tally_words.h - the folded words of all signals, beside the tally: what `words ~ 'text'` is looked for in.
**
** Plain text in runs of a few megabytes, with a set of the three-byte pieces of each block in front: rare
** words skip most blocks, and what is left is read at the speed of memory.  Exact by construction, for
** needles of any length and script.  Kept as the tally is: files named by the manifest, checksummed,
** made again from the store; views share them.  Made when words are first asked for, and then followed. */
#ifndef STORE_TALLY_WORDS_H
#define STORE_TALLY_WORDS_H
#include "store/tally_int.h"

enum {
    WORDS_RUN = 8 << 20, /* bytes of text in a run: written anew when one of its signals changes */
    WORDS_BLOCK = 32 << 10, /* bytes of text told by one set */
    WORDS_SET = 16384,      /* bits of a set: 2 KB, a sixteenth of its block */
    WORDS_END = 0xff,       /* behind each signal's words: no byte of UTF-8 */
};

/* A run as it stands in a file: the head, then ids, ends, sets, text, each at a multiple of 8 bytes. */
typedef struct {
    char magic[8];
    u64 sum; /* XXH3-64 of the head behind this field */
    i64 store_id, first_id, last_id;
    u64 bytes; /* of the file */
    u64 text_n;
    u32 n, blocks;
    u64 data_sum; /* XXH3-64 of all behind the head */
} words_head;

struct words_run {
    const words_head *head;
    const i64 *ids; /* ascending */
    const u32 *at;  /* n + 1: where the words of each begin; one WORDS_END before the next */
    const u64 *sets;
    const u8 *text;
    u8 *checked;
    u32 file; /* 0: on the heap */
};

typedef struct words_tail words_loose; /* words of signals in plain arrays; at has n + 1 entries */

u8 *words_encode(i64 store_id, const words_loose *l, size_t *bytes_out);
bool words_adopt(words_run *r, const u8 *image, u64 bytes, i64 store_id, err *e) MUST_USE;
bool words_verify(const words_run *r, err *e) MUST_USE; /* once per process; CORRUPT */

/* The first place in [from, to) where needle (not empty) begins; SIZE_MAX when nowhere. */
typedef struct {
    str text;
    size_t one, two; /* its two rarest bytes */
} words_needle;
words_needle words_needle_of(str folded);
size_t words_find(const u8 *text, size_t from, size_t to, size_t text_n,
                  const words_needle *needle);
/* Calls hit for each id whose words have the needle, ascending. */
void words_search(const words_run *r, str needle, void (*hit)(void *ctx, i64 id), void *ctx);
void words_search_loose(const words_loose *l, str needle, void (*hit)(void *ctx, i64 id),
                        void *ctx);
#endif
