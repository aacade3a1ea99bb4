/* dates.h - moments as people and programs write them.
**
** Read in every style: 2026-03-01, 2026/3/1, 2026.3.1, 2026年3月1日, 20260301, 20260301080500, 1
** Mar 2026, March 1, 2026, and RFC 3339; each with or without a time (8:05, 08:05:30.5, 8:05 PM, 下午8:05,
** 8时5分) and an offset (Z, +08:00, +0800, UTC).  The style settles what the text alone cannot: the order
** in 3/1/2026, and what a bare number counts. */
#ifndef HEAR_DATES_H
#define HEAR_DATES_H
#include "base/base.h"

typedef enum {
    DATE_ISO,
    DATE_YMD,
    DATE_DMY,
    DATE_MDY,
    DATE_UNIX_S,
    DATE_UNIX_MS,
    DATE_EXCEL
} date_style;

/* Without an offset, zone_min (minutes east of UTC) is meant.  False if the text is no moment of
 *the
 ** years 1900 to 2199 in this style. */
bool date_read(str s, date_style style, i32 zone_min, i64 *utc_ms_out) MUST_USE;
const char *
date_style_name(date_style style); /* "iso", "ymd", "dmy", "mdy", "unix", "unixms", "excel" */
bool date_style_find(str name, date_style *out) MUST_USE;
#endif
