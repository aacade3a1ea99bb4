/* row_name.h - names for rows that bring none: a hash of all cells, and a count among equal ones. */
#ifndef HEAR_ROW_NAME_H
#define HEAR_ROW_NAME_H
#include "base/base.h"

typedef struct {
    u64 high, low; /* XXH3-128 of the cells, each with its length */
    u32 k;         /* the k-th row with these cells, from 1 */
} row_name;

typedef struct row_names row_names;
row_names *row_names_open(void);
void row_names_close(row_names *t); /* NULL is fine */
/* Counts the row.  LIMIT when the file has more different rows than can be remembered. */
bool row_names_next(row_names *t, const str *cells, size_t n, row_name *out, err *e) MUST_USE;
str row_name_text(arena *a, row_name r); /* "h:" 32 hex digits "#k" */
#endif
