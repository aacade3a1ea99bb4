/* labelled.h - a file of texts with labels, made ready to learn from: read by hear, cleaned and folded
** by clarify exactly as voices are, near-duplicates told. */
#ifndef FLOW_LABELLED_H
#define FLOW_LABELLED_H
#include "base/world.h"
#include "kern/learn.h"
#include "store/store.h"

enum { LABELLED_COLUMNS_MOST = 8 };
typedef struct {
    const str
        *text; /* columns; joined by ". " when there are several; none = guessed as hear does */
    size_t text_n;
    str label;       /* column */
    const str *only; /* COLUMN=VALUE or COLUMN!=VALUE: other rows are left out */
    size_t only_n;
    char between; /* 0, or what stands between several labels of one text */
} labelled_wish;

/* One array entry a text; near[i] is equal for texts nearly alike (kern/simhash.h), never 0. */
typedef struct {
    str *texts;  /* folded */
    str *labels; /* as they stand in the file, blanks off both ends */
    u32 *near;
    i64 *words_hash, *simhash;
    size_t n, cap;
    i64 skipped; /* rows without words or label, or that could not be read */
} labelled;

/* Adds the rows of a file to *l (zeroed before the first file); all in a.  Fails as hear fails, or
** with INVALID naming the column that is not there. */
bool labelled_read(arena *a, world *w, str path, const labelled_wish *wish, labelled *l,
                   err *e) MUST_USE;

/* Adds one text, cleaned; one that is too long, not UTF-8 or without words is counted as skipped. */
void labelled_add(arena *a, labelled *l, str text, str label);
/* After the last labelled_add: tells which are nearly alike. */
void labelled_done(arena *a, labelled *l);

/* Adds the newest LIMIT_HEARD_TEXTS voices of the store that have words, are whole (no spam, not said twice) and were
** said well or badly by a score they came with: stars and CSAT 1-2 negative, 3 neutral, 4-5 positive;
** NPS 0-6, 7-8, 9-10.  scored = false: all of them, with empty labels. */
bool labelled_heard(arena *a, store *s, bool scored, labelled *l, err *e) MUST_USE;

/* Leaves out every text of `from` that is equal or nearly alike to one of `test`; returns how many. */
size_t labelled_without(arena *a, labelled *from, const labelled *test);

/* As lessons: the classes are the labels in bytewise order.  between as in the wish.  With classes
** given, labels that are none of them are left out and counted in *unknown_out (may be NULL). */
void labelled_lessons(arena *a, const labelled *l, char between, const str *classes,
                      size_t classes_n, lessons *out, i64 *unknown_out);
#endif
