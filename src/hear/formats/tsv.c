/* tsv.c - tab separated text, as spreadsheets copy and export it. */
#include "hear/format.h"
#include "hear/rows.h"

static int tsv_guess(str head, format_options *o) {
    if (o->delimiter && o->delimiter != '\t') return 0;
    if (head.n && memchr(head.p, 0, head.n)) return 0;
    int names = o->header, sure = rows_fit(head, '\t', '"', &names);
    if (sure == 0) return 0;
    o->delimiter = '\t';
    o->header = names;
    return sure + 1; /* a tab means it: text holds commas, not tabs */
}

static bool tsv_parse(arena *a, byte_source *from, const format_options *o, const record_sink *sink,
                      err *e) {
    format_options tab = *o;
    tab.delimiter = '\t';
    return rows_parse(a, from, &tab, sink, e);
}

const format format_tsv = {
    .name = "tsv",
    .title = "TSV",
    .help = "Values separated by tabs; quotes as in CSV.",
    .extensions = "tsv tab",
    .guess = tsv_guess,
    .parse = tsv_parse,
};
