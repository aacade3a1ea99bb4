/* guess.h - private to the room: what a column's values look like, and what field it may be. */
#ifndef HEAR_GUESS_H
#define HEAR_GUESS_H
#include "hear/plan.h"

/* 64-bit hashes seen; tells whether any came twice.  Heap. */
typedef struct {
    u64 *slots;
    size_t cap, n;
    bool twice, full; /* full: LIMIT_HASHED_ROWS reached, nothing is known any more */
} hash_set;
bool hash_set_add(hash_set *h, u64 hash); /* false: it was there (or the set is full) */
void hash_set_clear(hash_set *h);

typedef struct {
    i64 filled, numbers, whole, leading_zero, amounts;
    i64 day_first, month_first, year_first; /* read as dates in that order */
    double min, max;                        /* of the numbers */
    i64 bytes;                              /* of all filled cells */
    str examples[PLAN_EXAMPLES];
    hash_set seen; /* only of columns that may be an id */
    bool may_be_id;
} column_stats;

typedef struct {
    str *names;
    column_stats *stats;
    size_t n, cap;
    i64 taken, rejected;
    bool mended; /* a reject file of ours comes back: its names are trusted */
    bool whole;  /* the whole file was seen */
} survey;

void survey_cell(arena *a, column_stats *c, str cell);
/* The place of the name among the synonyms of the field, 0 the best; -1 if it is none. */
int guess_name(str column, const char *name);
/* Fields for all columns, from names and values; told ones are already set and stay. */
void guess_columns(arena *a, const survey *s, plan *p, const plan_wish *w);
bool amount_read(str s, num6 *out) MUST_USE; /* "12.5", "1,250", with a currency sign or not */
bool field_known(str field);                 /* may stand on the left of --map and --set */
#endif
