/* plan.h - from a file's columns to signals: guessed, shown, overridden, then followed. */
#ifndef HEAR_PLAN_H
#define HEAR_PLAN_H
#include "hear/format.h"
#include "model/signal.h"

typedef struct {
    str field, value;
} field_value;

typedef enum { DECODE_UTF8, DECODE_UTF16LE, DECODE_UTF16BE, DECODE_GB18030, DECODE_BIG5, DECODE_LATIN1 } encoding;
typedef enum { DATE_ISO, DATE_YMD, DATE_DMY, DATE_MDY, DATE_UNIX_S, DATE_UNIX_MS, DATE_EXCEL } date_style;

/* How one column is read.  field is one of: words occurred_at customer channel touchpoint product
** event amount currency external_id, score:NAME, or attr:KEY (text or number as found), or "-" (left out). */
typedef struct {
    str column;
    str field;
    date_style dates;     /* occurred_at, and attributes that are dates */
    const char *why;      /* one phrase: why it was guessed so; "told" when told */
} plan_column;

typedef struct {
    str file;             /* name shown to people */
    str source;
    const format *format;
    encoding encoding;
    bool gzip;
    format_options options;
    plan_column *columns;
    size_t columns_n;
    const field_value *set;  /* fields given for every row: --set */
    size_t set_n;
    i32 zone_min;
    i64 records;          /* -1 = not known (a stream) */
    bool external_id_unique;  /* a mapped external_id column was seen to be unique in the whole file */
} plan;

typedef struct {          /* what the caller insists on; zero values = guess */
    str format, encoding, delimiter, source, sheet;
    int header;           /* -1 guess, 0 no, 1 yes */
    str dates;            /* "ymd", "dmy", "mdy", "unix", "unixms" */
    i32 zone_min;
    const field_value *map;  /* value is the column */
    size_t map_n;
    const field_value *set;
    size_t set_n;
} plan_wish;
#endif
