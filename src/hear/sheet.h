/* sheet.h - the XML parts of an XLSX workbook, read as they stream by (expat).
**
** Document types are refused, so there are no entities to expand.  expat calls back only into this
** room's collecting code; rows are handed out between its calls, so no jump crosses its frames.
** All memory is on the heap and bounded: LIMIT_SHARED_STRINGS, LIMIT_ROW_BYTES, LIMIT_COLUMNS. */
#ifndef HEAR_SHEET_H
#define HEAR_SHEET_H
#include "hear/format.h"

typedef struct book book;
book *book_open(void);
void book_close(book *b); /* NULL is fine */

typedef enum { PART_WORKBOOK, PART_RELATIONS, PART_STYLES, PART_STRINGS, PART_SHEET } part;

/* A part is begun, fed in pieces, and ended by an empty piece.  Sheets stop at each row: feeding
 *yields
 ** *row_out = true, the row is taken with book_row, and book_more goes on with the same piece. */
bool book_begin(book *b, part kind, err *e) MUST_USE;
bool book_feed(book *b, const char *p, size_t n, bool *row_out, err *e) MUST_USE;
bool book_more(book *b, bool *row_out, err *e) MUST_USE;

typedef struct {
    i64 no;            /* row number of the sheet */
    size_t n;          /* cells up to the last filled one */
    const str *cells;  /* missing where there is none */
    const char *wrong; /* NULL, or why the row cannot be taken */
} sheet_row;
void book_row(book *b, sheet_row *out); /* good until the next feed or more */

/* The part that holds a sheet, by name or number from 1; missing = the first. */
bool book_sheet(const book *b, arena *a, str wish, str *part_out, err *e) MUST_USE;
/* A date cell as ISO text; its length. */
size_t book_serial_text(double serial, bool from_1904, char out[40]);
#endif
