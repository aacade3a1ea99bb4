/* json_rows.h - JSON objects to rows, which json.c and jsonl.c share.  Nested objects become
 *columns
 ** named a.b; a list inside a record is one cell, its JSON text; null is a missing cell. */
#ifndef HEAR_JSON_ROWS_H
#define HEAR_JSON_ROWS_H
#include "hear/format.h"

typedef struct json_rows json_rows;
json_rows *json_rows_open(arena *a, const record_sink *sink);
/* One record's text: taken or rejected. */
bool json_rows_add(json_rows *t, i64 line, str text, err *e) MUST_USE;
bool json_rows_reject(json_rows *t, i64 line, str text, const char *reason, err *e) MUST_USE;
#endif
