/* desk.h - what most commands need on the table: the store, its tally, an expression, a page size. */
#ifndef MAIN_DESK_H
#define MAIN_DESK_H
#include "main/options.h"
#include "store/tally.h"

typedef struct {
    store *s;
    tally *t;
} desk;

/* Opens URL (NO_STR: $HEED_STORE, else ./heed.db) and its tally; both close with the call's arena.
** create=false: a store that is not there is NOT_FOUND with a hint how to begin. */
bool desk_open(call *c, str url, bool create, desk *out, err *e) MUST_USE;
/* The store alone. */
bool desk_store(call *c, str url, bool create, store **out, err *e) MUST_USE;

/* The options nearly every question takes. */
typedef struct {
    str store, where, zone;
    i64 limit; /* NONE = the command's own */
    bool json;
    i32 zone_min;
    const time_zone *zone_of; /* --zone Asia/Shanghai; NULL = zone_min */
    const expr *filter; /* of where, set by asking_read */
} asking;
enum { ASKING_OPTIONS = 5 };
/* table must have room for n + ASKING_OPTIONS rows. */
bool asking_read(call *c, asking *q, option *table, size_t n, str_list *words, err *e) MUST_USE;
bool zone_parse(str s, i32 *min_out) MUST_USE; /* "+08:00", "Z" */
str locale_of(void); /* zh-CN, zh-TW or en, by $HEED_LANG, $LC_ALL, $LANG */

/* JSON on stdout: one document and a newline. */
void put_json(call *c, const buf *b);
#endif
