/* rows.h - the scanner for delimited text (RFC 4180), which csv.c and tsv.c share.
**
** A record whose quotes are unbalanced (a closing quote followed by anything but a delimiter, a
** line end or the end; a quote never closed) is one rejection that names the line the quote opened on,
** and reading goes on at the next physical line.  A record with more or fewer cells than the header is
** rejected, unless those too many are all empty.  Blank lines are no records. */
#ifndef HEAR_ROWS_H
#define HEAR_ROWS_H
#include "hear/format.h"

bool rows_parse(arena *a, byte_source *from, const format_options *o, const record_sink *sink,
                err *e) MUST_USE;

/* How well text divides by a delimiter: 0 (not at all) to 100; fills header when it is -1. */
int rows_fit(str head, char delimiter, char quote, int *header_inout);
#endif
