/* plan.h - from a file's columns to signals: guessed, shown, overridden, then followed. */
#ifndef HEAR_PLAN_H
#define HEAR_PLAN_H
#include "hear/dates.h"
#include "hear/decode.h"
#include "hear/format.h"
#include "model/signal.h"

typedef struct {
    str field, value;
} field_value;

enum { PLAN_EXAMPLES = 3 };

/* How one column is read.  field is one of: words occurred_at customer channel touchpoint product
** event amount currency external_id, score:NAME, attr:KEY, or "-" (left out). */
typedef struct {
    str column;
    str field;
    date_style dates; /* occurred_at */
    bool number;      /* attr: every value seen is a number; one that is not stays text */
    const char *why;  /* one phrase: why it was guessed so; "told" when told */
    str examples[PLAN_EXAMPLES]; /* first values that differ, clipped; missing when there are fewer
                                  */
} plan_column;

typedef struct {
    str file; /* name shown to people */
    str source;
    const format *format;
    encoding encoding;
    bool gzip;
    format_options options;
    plan_column *columns;
    size_t columns_n;
    const field_value *set; /* fields given for every row, where its own cell is empty */
    size_t set_n;
    i32 zone_min;
    i64 now_ms;   /* occurred_at of rows that say none, when no column does: "when read" */
    i64 records;  /* -1 = not known (a stream) */
    i64 rejected; /* of them, seen not to be readable */
    bool external_id_unique; /* a mapped external_id column was seen to be unique in the whole file
                              */
} plan;

typedef struct { /* what the caller insists on; missing values = guess */
    str format, encoding, delimiter, source, sheet;
    int header; /* -1 guess, 0 no, 1 yes */
    str dates;  /* "ymd", "dmy", "mdy", "unix", "unixms", "excel" */
    i32 zone_min;
    i64 now_ms;             /* the caller's clock; must be given */
    const field_value *map; /* value is the column; field "-" leaves it out */
    size_t map_n;
    const field_value *set;
    size_t set_n;
} plan_wish;
#endif
