/* tsv.h - the lines of a lexicon file: cells between tabs, '#' begins a remark, empty lines
** skipped. These files are ours or a tenant's own; what customers send goes through hear/. */
#ifndef UNDERSTAND_TSV_H
#define UNDERSTAND_TSV_H
#include "base/base.h"

enum { TSV_CELLS = 8 };
typedef struct {
    str file;             /* set by the caller; for messages */
    str rest;             /* set by the caller: what is still to read */
    size_t line;          /* from 1 */
    str cells[TSV_CELLS]; /* trimmed */
    size_t n;             /* cells of the line; more than TSV_CELLS count, but are not kept */
} tsv_row;

bool tsv_next(tsv_row *row); /* false at the end */
size_t tsv_lines(str text);  /* an upper bound of the rows */
#endif
