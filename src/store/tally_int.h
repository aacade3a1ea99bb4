/* tally_int.h - what the files of the tally share.  Nobody outside tally_*.c includes it, except its
** own tests and benchmark. */
#ifndef STORE_TALLY_INT_H
#define STORE_TALLY_INT_H
#include "base/limits.h"
#include "base/time.h"
#include "store/tally.h"

enum {
    TALLY_SEGMENT_ROWS =
        1 << 18,  /* rows of a full segment: its codes of one column fit the L2 cache */
    BLOCK = 2048, /* rows looked at together: a dozen buffers of it fit the L1 cache */
    TALLY_COLUMNS_MAX = 65535,
    KNOWN_CODES = 512, /* codes below it are noted one by one for skipping segments */
};

/* ---- where the signals come from: the store, or a test.  Called by several threads at once ---- */
typedef struct {
    bool (*scan)(void *ctx, i64 after_id, bool words, store_visit *visit, void *vctx, err *e);
    i64 (*last_id)(void *ctx);
    i64 (*count)(void *ctx);
    i64 id;
    void *ctx;
    void (*close)(void *ctx); /* NULL: nothing to close */
    /* Changes of signals that were there already (store_last_change, store_changes); NULL: none ever. */
    i64 (*last_change)(void *ctx);
    bool (*changes)(void *ctx, i64 after, store_run *out, size_t max, size_t *n_out, err *e);
} tally_source;

/* ---- what questions may still be reading when it is replaced: freed when the last of them ends ---- */
typedef struct {
    void *p;
    void (*drop)(void *p);
    u64 seq; /* the newest view that can know it */
} buried;
typedef struct grave grave;
typedef struct memo memo;
void grave_put(grave *g, void *p, void (*drop)(void *p)); /* g or p NULL: drops it now */

/* ---- dictionary: texts of one column, numbered from 1 in the order they came; 0 is missing ----
** One thread adds while others look up what their copy of the struct (a view's) already had: texts and
** slots that grow are buried, not freed. */
typedef struct {
    str *text; /* text[code - 1] */
    u32 n, cap;
    u64 *slots; /* open addressing */
    u32 slots_n;
    grave *grave;
    char **blobs; /* what holds the texts */
    size_t blobs_n, blob_used, blob_cap;
    u32 holes;      /* entries whose text was erased: text.p is NULL, nobody has the code */
    u32 generation; /* of the file: a new one when a text is erased */
    u32 disk_n;     /* entries on disk: the first ones */
    u64 disk_bytes, disk_sum; /* the file's length; XXH3 of it */
} dict;
u32 dict_code(dict *d, str s); /* adds it if it is new */
u32 dict_find(const dict *d,
              str s); /* 0 if it is not there, or nothing was added since it was loaded */
void dict_clear(dict *d);
/* Forgets the texts of the codes whose bit is set, in memory and, with the next dict_save, on disk. */
void dict_erase(dict *d, const u8 *bits);
bool dict_save(dict *d, const char *path, err *e) MUST_USE;
bool dict_load(dict *d, const char *path, u32 n, u64 bytes, u64 sum, err *e) MUST_USE;

/* ---- columns ---- */
typedef enum {
    OF_SIGNAL,
    OF_MENTION,
    OF_TAG,
    TABLES
} table_kind; /* which rows an array runs along */

typedef struct {
    char *name;
    size_t name_n;
    column_kind kind;
    table_kind table;
    dict dict;  /* TEXT, SET */
    bool fixed; /* listed in tally.h: known even when no signal has it */
} column;

/* ---- rows in plain arrays: the live tail, or what a segment is made from ---- */
typedef struct {
    u32 *codes; /* TEXT, SET */
    i64 *nums;  /* NUM, TIME */
    u32 n, cap; /* one value a row so far, fewer when the last rows lack it */
} lane;
typedef struct {
    u32 n[TABLES], cap[TABLES];
    i64 *ids;
    u32 *owner[TABLES]; /* OF_MENTION, OF_TAG: the signal's row */
    lane *lanes;        /* by number of the column */
    u32 lanes_n;        /* columns that have one */
} loose;

/* ---- arrays of a segment ----
** Mentions are counted per signal (COUNT), tags name the row of theirs (ROW).  AGAIN: a bit per mention,
** set where an earlier one of the same signal has the same code.  TABLE: counted beforehand
** (tally_table.c); its min, max and most are its sides. */
typedef enum {
    PART_CODE,
    PART_NUM,
    PART_DAY,
    PART_MS,
    PART_AGAIN,
    PART_ROW,
    PART_COUNT,
    PART_ID,
    PART_TABLE
} part_kind;

/* One array as it stands in a file: little-endian, no padding.
** value = base + row * step + code * scale. */
typedef struct {
    u32 column; /* number of the column; ROW, COUNT, ID: the table */
    u16 part;
    u8 width;          /* bytes of a code: 0 (none), 1, 2, 3, 4, 8 */
    u8 apart;          /* CODE of mentions, tags: no signal has the same code twice; COUNT:
                       ** nor the same aspect with the same polarity */
    u64 offset, bytes; /* in the file */
    u64 sum;           /* XXH3 of the bytes */
    i64 base;
    i64 step;     /* PART_ID: 1 */
    i64 scale;    /* what all differences are multiples of; 0 when the width is */
    u64 missing;  /* the code that means missing; CODE: 0 */
    u64 min, max; /* of the codes that are not missing; min > max when all are */
    u32 present, rows;
    u32 runs; /* PART_DAY of occurred_at: instead of codes, first row and code of each of its runs */
    u32 most;                    /* PART_COUNT: the largest */
    u64 known[KNOWN_CODES / 64]; /* CODE: bit c = code c is there (c < KNOWN_CODES) */
} part;

typedef struct {
    char magic[8];
    u64 sum; /* XXH3 of all after this field up to the data */
    i64 store_id;
    i64 first_id, last_id;
    u64 bytes; /* of the file */
    u32 rows[TABLES];
    u32 parts_n;
} segment_head; /* parts_n parts follow */

typedef struct {
    const segment_head *head;
    const part *parts;
    const u8 *base; /* the whole image */
    bool mapped;    /* else on the heap */
    u8 *checked;    /* per part: its checksum was verified in this process */
    u32 file;       /* number in its name */
} segment;

enum {
    TABLE_SHARE = 32,  /* a table has at most one counter in so many rows */
    TABLE_LEAST = 512, /* or so many */
    TABLES_MAX = 8,    /* of one segment */
};
/* How many of the rows speak of what, by a column's texts (COL_ASPECT: by none), for the segment's
** directory; to be freed.  NULL: too many cells. */
u64 *table_count(const loose *r, const u32 *first, const u32 *all, u32 col, part *p);
bool table_sound(const part *p);

/* Encodes the signals [from, to) of r, to > from, into an image on the heap; *bytes_out long. */
struct tally;
u8 *segment_encode(const struct tally *t, const loose *r, u32 from, u32 to, size_t *bytes_out);
bool segment_adopt(segment *g, const u8 *image, u64 bytes, i64 store_id, err *e) MUST_USE;
void segment_drop(segment *g);
const part *segment_part(const segment *g, part_kind k, u32 column); /* NULL: missing everywhere */
bool segment_verify(segment *g, const part *p, err *e) MUST_USE;     /* once; CORRUPT */
u64 part_code(const segment *g, const part *p, u32 row);
i64 part_value(const segment *g, const part *p, u32 row);                    /* NONE if missing */
void part_codes(const segment *g, const part *p, u32 from, u32 n, u32 *out); /* width <= 4 */
/* Runs: the one that row lies in; its first row; the code all of them have (missing: p->missing). */
u32 part_run(const segment *g, const part *p, u32 row);
u32 run_row(const segment *g, const part *p, u32 run); /* run == p->runs: all rows */
u32 run_code(const segment *g, const part *p, u32 run);
/* How many mentions (tags) the signals [from, to) have: a COUNT part's codes added up. */
u32 part_sum(const segment *g, const part *p, u32 from, u32 to);

/* ---- words: tally_words.h ---- */
typedef struct words_run words_run;
typedef struct {
    words_run *runs;
    u32 runs_n;
    struct words_tail {
        u8 *text;
        size_t text_n, text_cap;
        i64 *ids;
        u32 *at;
        u32 n, cap;
    } tail;      /* words since the last run */
    i64 last_id; /* words of all signals up to it are here; 0: nobody asked yet */
} wordbook;

/* The mirror, or a view of it: what one question sees, frozen.  A view has columns, names, segments (the
** tail's pieces are the last of them), last_id and from; nothing else of it may be used. */
struct tally {
    tally_source from;
    column *columns;
    u32 columns_n, columns_cap;
    u32 *names, names_n; /* hash of (name, kind) to column + 1 */
    segment *segments;
    u32 segments_n, segments_cap;
    i64 last_id; /* newest signal taken, tail included */
    wordbook words;
    i64 change_id; /* newest change of the store's that is in it */
    /* A view: */
    tally *live; /* of what; NULL: this is the mirror itself */
    u64 seq;     /* views are numbered from 1 */
    i64 words_after, words_upto; /* of a part of a view: between them lie its ids; upto 0 = all */
    u64 era;     /* of the mirror too: one more each time it is made again from the store */
    u32 holders;
    tally *newer;
    /* The mirror, under pen: */
    pthread_mutex_t pen; /* whoever writes */
    memo *memo;          /* answers kept: tally_memo.h */
    grave *grave;        /* the views, under a lock of its own that is never held for long */
    char *dir;           /* NULL: memory only */
    int lock_fd;         /* -1: another process writes the mirror; we keep ours in memory */
    u32 segment_rows;
    u32 next_file;
    loose tail;      /* signals since the last segment */
    segment *pieces; /* images of the tail's rows for questions, in order, the newest smallest */
    u32 pieces_n, pieces_cap;
    u32 names_shared; /* columns when names was last given to a view */
    arena *folds;     /* words are folded here, one signal's at a time */
    bool broken;      /* damage was found: mend before the next answer */
    struct walk_index
        *walks; /* every case's rows in time order, beside the segments (walk_int.h) */
    char notice[400];
};

/* Pen held, all of them. */
bool words_take(tally *t, const signal *s, const insight *i, err *e) MUST_USE; /* ascending ids */
bool words_follow(tally *t, err *e) MUST_USE; /* up to last_id, from the store */
void words_seal(tally *t);                    /* the tail becomes a run */
void words_forget(tally *t);
bool words_open(tally *t, u32 file, u64 sum, err *e) MUST_USE; /* of the manifest */
void words_lost(tally *t, const err *why);                     /* forgotten, and said so */
bool words_sound(tally *t);                                    /* verifies all anew */
/* Spans of ids that changed, sorted and apart. */
typedef struct {
    size_t n;
    i64 (*first)(const void *ctx, size_t i);
    i64 (*last)(const void *ctx, size_t i);
    bool (*changed)(const void *ctx, i64 id);
    const void *ctx;
} words_change;
void words_changed(tally *t, const words_change *c); /* runs with changed signals are made again */

/* The fixed columns' numbers, in this order in every mirror. */
enum {
    COL_SOURCE,
    COL_CHANNEL,
    COL_TOUCHPOINT,
    COL_PRODUCT,
    COL_CUSTOMER,
    COL_EVENT,
    COL_CURRENCY,
    COL_LANG,
    COL_QUALITY,
    COL_SENTIMENT,
    COL_EMOTION,
    COL_INTENT,
    COL_TAG,
    COL_OCCURRED,
    COL_RECEIVED,
    COL_AMOUNT,
    COL_CONFIDENCE,
    COL_ASPECT,
    COL_POLARITY,
    COL_STRENGTH,
    COLS_FIXED
};

/* The core, over any source. */
bool tally_open_from(const tally_source *from, const char *dir, u32 segment_rows, tally **out,
                     tally_progress *progress, void *ctx, err *e) MUST_USE;
bool tally_open_sized(store *s, u32 segment_rows, tally **out, err *e) MUST_USE; /* tests */
void tally_take(tally *t, const signal *s, const insight *i);                    /* into the tail */
void tally_forget(tally *t); /* everything it has in memory */
void tally_wipe(tally *t);   /* and begins anew */

/* ---- views: what a question works on ----
** view_ask runs job with the newest view, as a job of its own in a (so that the view is given back
** whatever happens).  Where it fails with CORRUPT, the mirror is mended and the job run once more. */
typedef bool view_job(tally *view, arena *a, void *ctx, err *e);
bool view_ask(tally *t, arena *a, view_job *job, void *ctx, err *e) MUST_USE;
tally *view_take(const tally *t); /* give it back in any case */
void view_give(tally *view);
void view_publish(tally *t); /* pen held: what was taken is from now on in every new question */
grave *grave_open(void);
void grave_close(grave *g);                                 /* no view is held any more */
bool tally_mend(tally *t, const err *why, err *e) MUST_USE; /* what is damaged is made again */
/* Pen held.  Takes the store's changes since change_id: the segments they touch are made again, with
** what is unchanged from themselves; dictionaries lose the texts nobody has any more. */
bool change_follow(tally *t, err *e) MUST_USE;
/* Pen held.  Verifies every segment and makes those that are damaged again from the store. */
bool segments_mend(tally *t, i64 *mended_out, err *e) MUST_USE;
/* A segment from the store's signals first..last, placed before number `at`; nothing if none is left. */
bool segment_remake(tally *t, u32 at, i64 first, i64 last, err *e) MUST_USE;
void tally_set_broken(tally *t);
void manifest_sweep(tally *t); /* removes the files the manifest does not name */
void tally_stay_in_memory(tally *t, const err *why);       /* after a write failed */
bool segment_write(tally *t, segment *g, err *e) MUST_USE; /* to its file, and mapped from there */
bool tally_rebuild_from(tally *t, tally_progress *progress, void *ctx, err *e) MUST_USE;
static inline str column_name(const column *c) {
    return (str){c->name, c->name_n};
}
column *column_find(const tally *t, str name, column_kind kind); /* NULL */
column *column_need(tally *t, str name, column_kind kind, table_kind table);
u32 column_number(const tally *t, const column *c);
void columns_init(tally *t);
void loose_take(tally *t, loose *r, const signal *s, const insight *i);
bool loose_unseal(const tally *t, loose *r, segment *g,
                  err *e) MUST_USE; /* g's rows, before r's own */
void loose_copy(const tally *t, loose *to, const loose *from, u32 row); /* with mentions and tags */
/* The signals [from, to) in the order of their moments, then ids, as a copy for loose_free; false:
** they stand so already.  loose_owned: a table's first row of that signal or a later one. */
bool loose_ordered(const tally *t, const loose *r, u32 from, u32 to, loose *out);
u32 loose_owned(const loose *r, table_kind k, u32 row);
void loose_reset(loose *r); /* forgets the rows, keeps the memory */
void loose_free(loose *r);
segment segment_make(const tally *t, const loose *r, u32 from, u32 to); /* on the heap, checked */
void pieces_grow(tally *t); /* images for the rows that have none yet */
void pieces_clear(tally *t);
void segment_bury(tally *t, segment *g); /* dropped when no question reads it; *g is empty then */
str polarity_text(i64 p);

/* files */
bool file_save(const char *path, const void *p, size_t n,
               err *e) MUST_USE; /* whole, durable, atomic */
bool file_append(const char *path, u64 at, const void *p, size_t n,
                 err *e) MUST_USE;                                          /* cuts at `at` first */
bool file_read(const char *path, u8 **out, size_t *n_out, err *e) MUST_USE; /* malloc */
bool file_map(const char *path, const u8 **out, size_t *n_out, err *e) MUST_USE;
void file_unmap(const u8 *p, size_t n);
void file_remove(const char *path);
/* Tests only, this thread only: the nth write from now stops halfway, and nothing works from then on, as
** if the process was killed or the disk was full; -1 = never.  Yields how many writes there were. */
i64 file_fail_after(i64 n);
bool dir_make(const char *path, err *e) MUST_USE;
bool dir_sync(const char *path, err *e) MUST_USE;
void dir_clean(const char *path, bool (*keep)(void *ctx, const char *name), void *ctx);
int dir_lock(const char *dir); /* -1 if another has it */
void dir_unlock(int fd);
bool manifest_save(tally *t, err *e) MUST_USE;
bool manifest_load(tally *t, err *e) MUST_USE; /* NOT_FOUND, CORRUPT, CONFLICT (foreign) */
bool manifest_change(const tally *t, i64 *out, err *e) MUST_USE; /* change_id as it is on disk */
void tally_path(const tally *t, char *out, size_t cap, const char *kind, u32 number);
void dict_path(const tally *t, char *out, size_t cap, u32 number);

/* ---- plan: a condition against columns ---- */
enum { T_UNKNOWN = 0, T_YES = 1, T_NO = 2 }; /* a truth byte: bit 0 yes, bit 1 no */
enum { CAN_UNKNOWN = 1, CAN_YES = 2, CAN_NO = 4 };

typedef struct {
    i64 lo, hi; /* inclusive */
} range;

typedef struct plan plan;
struct plan {
    expr_op op;
    const expr *x;
    plan *left, *right;
    bool of_mention, words;
    const column *text, *num, *time, *set; /* the columns of that name; NULL = none */
    u8 *by_code;                           /* text, set: truth byte per code; [0] = missing */
    range *ranges;                         /* num, time: where it is true (before negate) */
    size_t ranges_n;
    bool negate, half;     /* half: not true means unknown, not false (a value of another kind) */
    bool all_unknown;      /* no value of this kind is comparable */
    u8 missing;            /* truth byte of a row without a value */
    u64 *ids_yes, *ids_no; /* words: a bit per signal id; neither: unknown */
    i64 ids_after, ids_max;
};
typedef struct {
    plan *root;    /* NULL: everything */
    bool mentions; /* names mention columns */
} plan_top;
bool plan_make(tally *t, arena *a, const expr *x, plan_top *out, err *e) MUST_USE;
bool plan_known(const tally *t, str column, err *e) MUST_USE;
bool words_hits(tally *t, arena *a, plan *p, err *e) MUST_USE;
/* EXPR_HAS and EXPR_MISSING of words: sets bits for the ids up to p->ids_max.  The needle is folded. */
bool words_ask(tally *view, plan *p, str needle, err *e) MUST_USE;
u8 plan_can(const plan *p, const segment *g, const tally *t); /* CAN_ bits of its rows */

/* ---- whole numbers, numbered from 0 in the order they came ---- */
typedef struct {
    arena *a;
    i64 *keys;
    u32 n, cap, *slots, slots_n;
} key_set;
u32 key_number(key_set *k, i64 v);     /* adds it if it is new */
void keys_forget(key_set *k);          /* all of them; the memory stays */
i64 unit_start(by_unit unit, i64 day); /* first day of the unit the day lies in */

/* ---- scanning ---- */
enum { ITEMS_MAX = 4096 }; /* most items of one block */
typedef struct {
    const tally *t;
    segment *g;
    u32 from, n, end;   /* rows of the block; the last block ends at end */
    u32 m_from, m_n;    /* its mentions */
    const part *counts; /* how many mentions each signal has; NULL: none */
    const u32 *g_row;   /* signal row of each tag of the segment */
    u32 g_from, g_n;    /* its tags */
    /* Items are what is asked one by one: the rows themselves (not exploded) or their mentions. */
    u32 items;
    bool exploded, rows_known;
    u16 item_row[ITEMS_MAX + 16]; /* see block_rows */
} block;
/* An exploded block: the row of each item, relative to from; the first m_n items are its mentions, in
** order, then come the rows without any. */
const u16 *block_rows(block *b);
void block_spread(block *b, const u8 *rows, u8 *out);  /* truth bytes of rows to items */
void block_open(block *b, const tally *t, segment *g); /* all rows of g */
void block_span(block *b, u32 from, u32 end);          /* before the first block: these rows only */
bool block_next(block *b, bool mentions);              /* the next rows; false at the end */
/* The same, but no row behind `to`. */
bool block_next_to(block *b, bool mentions, u32 to);
/* The rows outside [*from, *to) are not selected, told by occurred_at alone. */
void plan_rows(const plan *p, segment *g, u32 *from, u32 *to);
/* The first row of g, which stands in order, whose occurred_at is at least ms. */
u32 rows_since(const segment *g, i64 ms);
void plan_truth(const plan *p, block *b, u8 *out); /* a truth byte per item */
/* Verifies what the plan reads of a segment and adds its size. */
bool plan_touch(const plan *p, segment *g, const tally *t, i64 *bytes, err *e) MUST_USE;
bool part_touch(segment *g, part_kind k, u32 number, i64 *bytes, err *e) MUST_USE;

/* ---- cells ---- */
typedef struct {
    i64 v;    /* code, number, or day */
    u32 kind; /* value_kind */
} cell_key;
/* Different codes of one cell: a few of them in a small table, many as bits, and as a sketch (exact no
** more) where the bits of all cells would be too many. */
typedef struct {
    u32 n, cap; /* of slots */
    u32 *slots; /* code, 0 = free */
    u64 *bits;  /* many */
    u8 *ranks;  /* sketched */
} cell_seen;
typedef struct {
    const dict *d;
    u64 *hashes; /* per code, made when the first sketch is */
    i64 bytes;   /* of bits */
    bool sketched;
} seen_all;
enum { SEEN_FEW = 1024, SKETCH_BITS = 14 };
void seen_add(arena *a, seen_all *all, cell_seen *s, u32 code);
bool seen_over(const seen_all *all); /* call seen_sketch for all cells then */
void seen_sketch(arena *a, seen_all *all, cell_seen *s);
void seen_merge(arena *a, seen_all *to_all, cell_seen *to, const cell_seen *from);
i64 seen_count(const seen_all *all, const cell_seen *s);

typedef struct {
    tally_stat s;
    u32 bars_cap;
    bool many;       /* more than TALLY_HIST_MAX different values */
    cell_seen *seen; /* DISTINCT */
    bool binned;     /* quantiles are asked for: */
    i64 *bins;       /* counts of the bins bin_low, bin_low + 1 ... (tally_bins.c) */
    i32 bin_low;
    u32 bins_n;
} cell_stat;
typedef struct {
    arena *a;
    size_t by_n, measures_n;
    cell_key *keys; /* by_n per cell */
    i64 *n;
    cell_stat *stats; /* measures_n per cell */
    u32 cells, cap;
    u32 *slots, slots_n;
    seen_all *seen; /* per measure */
    bool *binned;   /* per measure */
} cells;
void cells_init(cells *c, arena *a, size_t by_n, size_t measures_n);
bool cells_find(cells *c, const cell_key *key, u32 *out,
                err *e) MUST_USE; /* adds it; LIMIT_CELLS */
void stat_add(arena *a, cell_stat *s, num6 v, i64 count);
/* Adds count[c] times base + c * scale for c < n; the counts are a segment's. */
void stat_counts(arena *a, cell_stat *s, i64 base, u64 scale, const u32 *count, u32 n);
void cells_see(cells *c, u32 cell, size_t measure, u32 code);
cell_seen *cells_seen(cells *c, u32 cell, size_t measure);
void cells_bound(cells *c, size_t measure); /* to sketches when the bits are too many */
bool cells_join(cells *c, const cells *other, err *e) MUST_USE; /* another thread's */
void stat_bin(arena *a, cell_stat *s, num6 v, i64 count);
void stat_bins_join(arena *a, cell_stat *to, const cell_stat *from);
tally_bar *stat_bins(arena *a, const cell_stat *s, size_t *n_out);
void stat_moments(arena *a, cell_stat *s, const tally_stat *m); /* adds all but bars */
/* n values base + scale * code: sum and square of the codes. */
void stat_codes(arena *a, cell_stat *s, i64 base, u64 scale, u64 n, u64 sum, u64 square, u64 min,
                u64 max);
void cells_answer(cells *c, const tally *t, const tally_question *q, tally_answer *out);
#endif
