/* tally.h - the columnar mirror of the signals: any filter, any group-by, exact cells.
**
** It lives beside the store (PATH.tally/), follows it by signal id and can be deleted at any time: it
** is rebuilt from the store.  Immutable, checksummed, memory-mapped segments hold one array per
** column; a live tail in memory holds what came since the last one.
**
** Columns: source channel touchpoint product customer event currency lang quality sentiment emotion
** intent (text); tag (text, several per signal); occurred_at received_at (time); amount confidence
** and every numeric attribute (num6, scores among them as score:NAME); every text attribute of at
** most LIMIT_NAME_BYTES; and per mention: aspect polarity strength (polarity and sentiment are the
** texts negative, neutral, positive).  A column no signal has is missing everywhere.  Attributes of
** one name that are text here and number there are one column with both kinds of values.
**
** Mentions: a condition on their columns is asked of each mention, as signal_test does; grouped by
** them, a signal counts once in each cell that one of its selected mentions falls into.  Grouped by
** tag, it counts once in the cell of each of its tags.  TALLY.md tells the files and all laws. */
#ifndef STORE_TALLY_H
#define STORE_TALLY_H
#include "base/zone.h"
#include "store/store.h"

typedef struct tally tally;

/* Threads.  One tally may be used by any number of threads at once; no lock of the caller's is needed.
** tally_ask, tally_rows*, tally_columns, tally_rows_total and tally_check see one consistent state each: what was taken
** when they began, whole batches only.  They never wait for those that write (append, follow, seal,
** rebuild; one at a time, the others wait), nor let them wait; a wait is only where damage is found
** and must be mended first.  What tally_append or tally_follow returned from is in every question
** that begins later.  The tally reads the store through handles of its own: the one given to
** tally_open is free for its thread.  Whoever appends all that is written needs tally_follow only for what
** other processes write: once a second is enough.  tally_open and tally_close are for one thread. */

/* Opens the mirror of s, which it borrows, and brings it up to date (progress may be NULL).  A damaged
** or foreign mirror is rebuilt, and tally_notice says so in one sentence. */
typedef void tally_progress(void *ctx, i64 done, i64 total);
bool tally_open(store *s, tally **out, tally_progress *progress, void *ctx, err *e) MUST_USE;
void tally_close(tally *t); /* NULL is fine */
bool tally_follow(tally *t,
                  err *e) MUST_USE; /* takes what the store has since; cheap when nothing */
/* Are the mirror's files up to what this tally has of the store's changes?  false: another process keeps
** them and has not looked yet, or they cannot be written; one sentence. */
bool tally_files_follow(tally *t, err *e) MUST_USE;
/* tally_follow without asking the store again: items just acknowledged by store_add, in its order. */
bool tally_append(tally *t, const heard *items, size_t n, err *e) MUST_USE;
bool tally_seal(tally *t,
                err *e) MUST_USE; /* writes the tail to a segment: the next open is quick */
bool tally_rebuild(tally *t, tally_progress *progress, void *ctx, err *e) MUST_USE;
str tally_notice(const tally *t); /* "" or why the mirror was rebuilt at open */

typedef enum { BY_VALUE, BY_DAY, BY_WEEK, BY_MONTH, BY_QUARTER, BY_YEAR } by_unit;
typedef struct {
    str column;
    by_unit unit; /* other than BY_VALUE: a time column, in the question's zone */
} tally_by;

/* What is measured in each cell, over the signals (once each) that have a value. */
typedef enum {
    MEASURE_NUM,      /* a numeric column: moments, and a histogram while values are few */
    MEASURE_SHARE,    /* an expression: how many are true, false, unknown */
    MEASURE_DISTINCT, /* a text column: how many different values */
} measure_kind;
typedef struct {
    measure_kind kind;
    str column;
    const expr *test; /* MEASURE_SHARE */
    bool quantiles;   /* NUM: tally_quantile will be asked */
} tally_measure;

typedef struct {
    const expr *where; /* NULL = everything */
    const tally_by *by;
    size_t by_n; /* at most LIMIT_GROUP_COLUMNS */
    const tally_measure *measures;
    size_t measures_n;
    i32 zone_min;          /* minutes east of UTC: where a day begins */
    const time_zone *zone; /* its days and months instead; NULL: zone_min */
    int threads;           /* 0 = one; the answer's bytes do not depend on it */
    const bool *stop;      /* if given and found true: ends with BUSY */
    i64 stop_ms;           /* but not before it has taken so long */
    bool scan;             /* nothing that was counted beforehand is used: for measuring */
    bool afresh;           /* nothing that was answered before is used: for measuring */
    i64 most_ms;           /* 0 = no bound on the time; LIMIT in one sentence behind it */
} tally_question;

enum { TALLY_HIST_MAX = 256 }; /* more different values than this in one cell: no histogram */
typedef struct {
    num6 value;
    i64 count;
} tally_bar;
typedef struct {
    i64 n;           /* NUM: with a value; SHARE: true or false; DISTINCT: with a value */
    i64 missing;     /* NUM, DISTINCT: without; SHARE: unknown */
    i64 yes;         /* SHARE: true; DISTINCT: different values */
    i128 sum;        /* NUM: of num6 */
    u64 square[3];   /* NUM: sum of squares of num6, little-endian 192 bits */
    num6 min, max;   /* NUM: NONE when n == 0 */
    tally_bar *bars; /* NUM: ascending by value; NULL when there are more than TALLY_HIST_MAX */
    size_t bars_n;
    tally_bar *
        bins; /* NUM with quantiles, no bars: counts of ranges 0.8 % wide, their middles as value */
    size_t bins_n;
    bool
        sketched; /* DISTINCT: yes is a sketch's estimate, standard error 0.81 % (HyperLogLog, 16,384
                   ** registers); see LIMIT_DISTINCT_BYTES */
} tally_stat;
double tally_mean(const tally_stat *s); /* in the column's unit; NAN when n == 0 */
/* The least value that at least p (0 < p < 1) of the values do not exceed, in the column's unit: exact
** where there are bars, else within 0.4 % of it (and never beyond min and max); NAN when n == 0. */
double tally_quantile(const tally_stat *s, double p);
double tally_variance(
    const tally_stat *s); /* sample (n-1); exact until the last rounding; NAN when n < 2 */

typedef struct {
    value_kind kind; /* MISSING, TEXT, NUM; TIME = start of the unit, as UTC ms of its civil day */
    str text;
    i64 num;
} tally_key;
typedef struct {
    tally_key *keys;   /* by_n */
    i64 n;             /* signals in the cell */
    tally_stat *stats; /* measures_n */
} tally_cell;
typedef struct {
    tally_cell *cells; /* sorted by keys (missing first, text bytewise); no empty cells, except that
                          ** a question without by has exactly one */
    size_t cells_n;
    i64 rows, rows_read, segments, segments_skipped, bytes_read; /* what it cost */
} tally_answer;
/* Unknown columns in where or by are an error when no column is near, by name ("did you mean"), and
** are missing everywhere when the store is empty; score:NAME is always known, and so is any column of a
** measure.  A time column is grouped by a unit, never by value.  More than LIMIT_CELLS cells is LIMIT. */
bool tally_ask(tally *t, arena *a, const tally_question *q, tally_answer *out, err *e) MUST_USE;

/* The same question with another condition beside it, in one pass over one state: out[0] for q->where,
** out[1] for versus (NULL = everything).  A signal for which both are true counts in both. */
bool tally_compare(tally *t, arena *a, const tally_question *q, const expr *versus,
                   tally_answer out[2], err *e) MUST_USE;

/* Ids of the matching signals, newest occurrence first, at most limit: the rows behind a figure. */
bool tally_rows(tally *t, arena *a, const expr *where, i32 zone_min, size_t limit, i64 **ids_out,
                size_t *n_out, err *e) MUST_USE;

/* The same, page by page: only what comes behind a mark (NULL: from the newest), with their moments. */
typedef struct {
    i64 at, id; /* occurred_at in UTC ms, NONE when missing; signal id */
} tally_mark;
bool tally_rows_after(tally *t, arena *a, const expr *where, const tally_mark *after, size_t limit,
                      tally_mark **out, size_t *n_out, err *e) MUST_USE;

typedef enum { COLUMN_TEXT, COLUMN_NUM, COLUMN_TIME, COLUMN_SET } column_kind;
typedef struct {
    str name;
    column_kind kind;
    bool of_mention;
    i64 present;  /* signals (mentions) with a value */
    i64 distinct; /* TEXT: different values; else -1 */
    i64 bytes;    /* in segments */
} tally_column;
bool tally_columns(tally *t, arena *a, tally_column **out, size_t *n_out, err *e) MUST_USE;
i64 tally_rows_total(const tally *t);

/* Recounts the mirror against the store, column by column, and verifies every checksum. */
bool tally_check(tally *t, void (*report)(void *ctx, str sentence), void *ctx, i64 *bad_out,
                 err *e) MUST_USE;
#endif
