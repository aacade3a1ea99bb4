/* csv.c - comma, semicolon or bar separated text, or one column of text. */
#include "hear/format.h"
#include "hear/rows.h"

enum { NEVER = 0x1f }; /* a delimiter that does not occur: the whole line is one cell */

static int csv_guess(str head, format_options *o) {
    static const char marks[] = {',', ';', '|'};
    int best = 0, header = o->header;
    if (head.n && memchr(head.p, 0, head.n)) return 0;
    for (size_t i = 0; i < COUNT(marks); i++) {
        int names = o->header;
        int sure =
            o->delimiter && o->delimiter != marks[i] ? 0 : rows_fit(head, marks[i], '"', &names);
        if (sure <= best) continue;
        best = sure;
        header = names;
        o->delimiter = marks[i];
    }
    o->header = header < 0 ? 1 : header;
    if (best == 0 && o->delimiter) best = 40; /* told: taken at its word */
    if (best == 0 && head.n) {
        o->delimiter = NEVER;
        best = 5;
    }
    return best;
}

const format format_csv = {
    .name = "csv",
    .title = "CSV",
    .help =
        "Values separated by comma, semicolon or bar (RFC 4180); text without any is one column.",
    .extensions = "csv txt",
    .guess = csv_guess,
    .parse = rows_parse,
};
