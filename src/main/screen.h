/* screen.h - text for a terminal: columns that line up in any script, bars, sparklines, numbers. */
#ifndef MAIN_SCREEN_H
#define MAIN_SCREEN_H
#include "main/command.h"

size_t text_width(str s);                    /* cells of a terminal: Han and emoji take two */
str text_fit(arena *a, str s, size_t width); /* cut with "…" or padded on the right */
str one_line(arena *a, str s);               /* blanks and control characters to single spaces */

typedef struct {
    arena *a;
    FILE *out;
    size_t columns;
    str *cells; /* rows * columns */
    size_t rows, cap;
    u32 right; /* bit i: column i is numbers, aligned right */
} text_table;
text_table table_of(arena *a, FILE *out, size_t columns, u32 right);
void table_row(text_table *t, const str *cells); /* cells are borrowed until table_print */
void table_print(text_table *t);                 /* the first row is the heading */

str sparkline(arena *a, const double *v, size_t n); /* ▁▂▃▄▅▆▇█; gaps for NAN */
str bar_text(arena *a, double share, size_t width); /* share 0..1 */
str number_text(arena *a, double v,
                int decimals); /* "n/a" for NAN; thousands by thin groups: 12,345.6 */
str count_text(arena *a, i64 v);
#endif
