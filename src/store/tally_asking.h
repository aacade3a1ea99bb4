/* tally_asking.h - a question at work: what one thread needs to count its segments. */
#ifndef STORE_TALLY_ASKING_H
#define STORE_TALLY_ASKING_H
#include "store/tally_dim.h"

/* Counters of local keys, taken in by blocks. */
typedef struct {
    u32 *table;    /* keys of them, times SPREAD_TABLES when spread */
    u32 keys, few; /* few: keys below it are counted in pairs, 0 = never */
    bool spread;
    u16 *pairs;     /* few * few */
    u32 pairs_left; /* before one of them may overflow */
    u32 base;       /* where the pairs' keys begin in the table */
} counter;

/* Numbers of one local cell in one segment, as codes. */
typedef struct {
    u64 sum, square;
    u32 n, not_min, max; /* ~min: nothing is the least of it */
    u32 state; /* 0: unknown; 1: each value goes to the answer's cell by itself; 2: added up here */
} sums;

typedef struct {
    const tally_measure *m;
    const column *num, *text; /* NUM; DISTINCT */
    plan_top test;            /* SHARE */
    const part *a;            /* of this segment */
    u32 width; /* counters per cell of the local histogram; 0 = straight to the cells */
    counter hist;
    sums *sums;       /* NUM, straight: per local cell */
    cell_seen **seen; /* DISTINCT: per local cell, NULL = not looked up yet */
    u32 *valued;      /* DISTINCT: per local cell, how many have a value */
    bool two;         /* codes of two bytes: a segment's squares add up in 64 bits */
} measure;

/* Pairs to be counted: rows of the block and the cell of each. */
typedef struct {
    const u32 *row; /* own, or the asking's identity when all rows of a block count */
    u32 *own, *cell;
    u8 **share; /* per measure: the test's truth, NULL unless SHARE */
    u32 n, cap;
} pairs;

/* One of the conditions that "and" joins. */
typedef struct {
    const plan *p;
    u32 names; /* signals, mentions, or both */
    bool on;   /* not true for all of this segment */
} want;
enum { WANTS_MAX = 24, AHEAD_MAX = 12 };

typedef struct {
    tally *t;
    arena *a;
    err *e;
    const tally_question *q;
    const vec *v;
    plan_top where;
    dim dims[LIMIT_GROUP_COLUMNS];
    measure *measures;
    cells cells;
    tally_answer cost;
    bool mentions, tags;   /* items are mentions; cells are found tag by tag */
    const column *said;    /* the only column of mentions that is named; NULL: none, or several */
    bool one_polarity;     /* where is true for one polarity alone */
    want wants[WANTS_MAX]; /* where */
    size_t wants_n;
    /* One segment: */
    segment *g;
    bool filter, dense, counted; /* counted: a histogram counts the rows too */
    bool fast;                   /* keys of 16 bits */
    bool straight;               /* fast: a measure needs row and cell one by one */
    bool apart;                  /* no two mentions of a signal fall into one cell */
    const part *again;           /* or these bits say which do: they are dropped */
    bool some;                   /* fast: truths say which items count */
    const part
        *ahead[AHEAD_MAX]; /* arrays read along the blocks: fetched before they are asked for */
    size_t ahead_n;
    bool by_rows; /* a condition speaks of signals only */
    bool sparse;  /* few rows may be taken one by one */
    size_t cut;   /* the dim whose spans cut the blocks; LIMIT_GROUP_COLUMNS = none */
    u32 local_n, stride[LIMIT_GROUP_COLUMNS];
    u32 *gid, *stamp; /* per local cell; gid: cell + 1; stamp: last row counted there + 1 */
    counter count;
    bool stamped;
    char *pool; /* local counters, reused */
    size_t pool_n;
    block *b;
    u32 base; /* fast: local cell where the block's keys begin */
    /* Buffers of a block: */
    pairs p;
    u32 *identity;
    u8 *truths, **tests, *keep; /* per item */
    u8 *row_truths;             /* per row */
    u32 *codes[LIMIT_GROUP_COLUMNS], *value;
    u16 *key, *key_all, *row, *cell, *item, *ramp, *said_item;
} asking;

bool asking_segment(asking *k, segment *g);
/* tally_local.c: the local tables of a segment, and into the answer with them. */
bool local_open(asking *k);
bool local_merge(asking *k);
bool local_cell(asking *k, u32 local, u32 *out); /* the answer's cell of a local one */
bool cell_of_codes(asking *k, const u32 *codes, u32 *out);
void counter_add(counter *c, const vec *v, const u16 *key, u32 n, u32 base);
bool add_straight(asking *k, size_t which); /* the pairs, one by one */
/* Fast: rows and local cells of a block; truth unused. */
bool add_values(asking *k, size_t which, const u16 *row, const u16 *cell, u32 n);
/* tally_fast.c */
bool fast_rows(asking *k);
bool fast_mentions(asking *k);
u32 fast_to(asking *k); /* the row the next block must not go beyond */
bool fast_straight(asking *k, const u16 *row, u16 *cell, u32 n);
/* tally_select.c */
void select_init(asking *k);
void select_open(asking *k);
/* tally_table.c: the segment's share was taken from its tables, or could not be */
bool table_answers(asking *k, bool *failed);
void ahead_open(asking *k);
void ahead_fetch(const asking *k); /* what the block behind this one will read */
/* The truths of a block; false: nothing is selected.  few: row_truths are of the rows, truths of what
** conditions on mentions say alone; few_count counts them. */
bool select_items(asking *k, bool *few);
void row_truth(const plan *p, block *b, u8 *out); /* per row; of signals alone */
bool few_count(asking *k);
#endif
