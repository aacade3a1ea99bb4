/* tsv.c - cells between tabs.  See tsv.h. */
#include "understand/tsv.h"

static void cut_cells(tsv_row *row, str line) {
    str cell, tail;
    row->n = 0;
    for (bool more = true; more; line = tail) {
        more = str_cut(line, '\t', &cell, &tail);
        if (!more) cell = line;
        if (row->n < TSV_CELLS) row->cells[row->n] = str_trim(cell);
        row->n++;
    }
}

bool tsv_next(tsv_row *row) {
    while (row->rest.n > 0) {
        str line;
        str_line(&row->rest, &line);
        row->line++;
        line = str_ends(line, S("\r")) ? str_head(line, line.n - 1) : line;
        if (line.n == 0 || line.p[0] == '#') continue;
        cut_cells(row, line);
        return true;
    }
    return false;
}

size_t tsv_lines(str text) {
    size_t n = 1;
    for (size_t i = 0; i < text.n; i++) n += text.p[i] == '\n';
    return n;
}
