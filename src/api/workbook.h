/* workbook.h - a table as an XLSX workbook: one sheet, a bold heading that stays, numbers as numbers. */
#ifndef API_WORKBOOK_H
#define API_WORKBOOK_H
#include "base/base.h"

typedef struct workbook workbook;
/* Cells go in row by row, the heading first; lives in a. */
workbook *workbook_open(arena *a, str sheet);
void workbook_text(workbook *w, str s); /* missing: an empty cell; never a formula */
void workbook_number(workbook *w, double v); /* NAN: an empty cell */
void workbook_row(workbook *w);              /* the next cell begins a row */
/* The bytes of the file, in the arena; the same cells give the same bytes. */
bool workbook_end(workbook *w, str *bytes_out, err *e) MUST_USE;
#endif
