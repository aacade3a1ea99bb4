/* tally_vec.h - the inner loops of a question.  Each set of them gives the same results; the best one
** this processor can run is chosen once.  Lengths are at most a block's items. */
#ifndef STORE_TALLY_VEC_H
#define STORE_TALLY_VEC_H
#include "store/tally_int.h"

/* How a byte (or two) of a column becomes a small number: min((code -| low) + add, top), where -| stops
** at 0 and + stays within the code's width. */
typedef struct {
    u32 low, add, top;
} lens;

/* A code in [low, low + span] gives yes; else, when first, the missing one absent and the others no. */
typedef struct {
    u32 low, span, missing;
    u8 yes, no, absent;
    bool first;
} reach;

typedef struct {
    const char *name;
    /* out[i] = lut[code[i]] */
    void (*lookup)(u8 *out, const u8 *code, u32 n, const u8 *lut);
    /* key[i] (+)= mul * lens(code[i]) modulo 65536; first: = */
    void (*key8)(u16 *key, const u8 *code, u32 n, lens l, u32 mul, bool first);
    void (*key16)(u16 *key, const u16 *code, u32 n, lens l, u32 mul, bool first);
    /* out = those of key where said is T_YES; how many.  out, which may be key, has room for
    ** n + 32. */
    u32 (*pack)(u16 *out, const u16 *key, const u8 *said, u32 n);
    /* The same of bytes, apart; out has room for n + 64. */
    u32 (*pack8)(u8 *out, const u8 *code, const u8 *said, u32 n);
    /* x = x and y (x or y), truth bytes; false: none of x is T_YES or unknown any more */
    bool (*both)(u8 *x, const u8 *y, u32 n, bool all);
    /* out[i] = T_NO where a k in 1..most has key and row equal at i and i - k, else T_YES; any? */
    bool (*twice)(u8 *out, const u16 *key, const u16 *row, u32 n, u32 most);
    /* pairs[key[i] * keys + key[i + 1]]++ for even i; keys^2 counters; n is even */
    void (*pairs)(u16 *pairs, u32 keys, const u16 *key, u32 n);
    /* said = not said, truth bytes */
    void (*turn)(u8 *said, u32 n);
    /* The sum of n <= BLOCK bytes, and how many of them are 0. */
    u32 (*sum)(const u8 *code, u32 n, u32 *zeros_out);
    /* said[i] = code[i] is not `not`; how many */
    u32 (*unlike)(u8 *said, const u16 *code, u32 n, u16 not );
    /* said[i] = T_NO where bit from + i is set; eight bytes behind the last one can be read */
    void (*drop)(u8 *said, const u8 *bits, u32 from, u32 n);
    /* out = in[row] for each mention of the row, rows in order; then in[row] of rows without any.  out
    ** has room for ITEMS_MAX + 64; no count is above most, mentions is their sum.  How many. */
    u32 (*spread)(u16 *out, const u16 *in, const u8 *counts, u32 rows, u32 mentions, u32 most);
    /* The rows where said is T_YES, and how many mentions of the block lie before each; how many. */
    u32 (*chosen)(u16 *row, u16 *before, const u8 *said, const u8 *counts, u32 n, u32 most);
    /* The codes of one byte (two) as truths of a range. */
    void (*range8)(u8 *out, const u8 *code, u32 n, const reach *r);
    void (*range16)(u8 *out, const u16 *code, u32 n, const reach *r);
} vec;

const vec *vec_best(void);
extern const vec
    *const vec_sets[];       /* plain first; NULL at the end; only those this processor has */
bool vec_runs(const vec *v); /* on this processor */

/* ---- plain loops ---- */
enum { SPREAD_TABLES = 4 };
/* table[key[i]]++; tables > 1: SPREAD_TABLES tables of keys counters take turns, so that equal keys in
** a row do not wait for each other. */
void count_keys(u32 *table, u32 keys, const u16 *key, u32 n, bool spread);
#endif
