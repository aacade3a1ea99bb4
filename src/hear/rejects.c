/* rejects.c - the reject file: the rows as they were, with what was wrong behind them. */
#include "base/limits.h"
#include "base/utf8.h"
#include "hear/hear.h"

enum { RAW_KEPT = 64 * 1024 };

static void put_cell(buf *b, str s) {
    bool plain = true;
    for (size_t i = 0; i < s.n && plain; i++) plain = !memchr("\",;|\t\r\n", s.p[i], 7);
    if (plain && !(s.n && (s.p[0] == ' ' || s.p[s.n - 1] == ' '))) {
        buf_str(b, s);
        return;
    }
    buf_char(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"') buf_char(b, '"');
        buf_char(b, s.p[i]);
    }
    buf_char(b, '"');
}

static bool is_note(str column) {
    return str_eq(column, S("heed_line")) || str_eq(column, S("heed_field")) ||
           str_eq(column, S("heed_reason"));
}

void reject_header(buf *b, const plan *p) {
    buf_str(b, S("\xef\xbb\xbf")); /* broken bytes must not make its encoding a guess */
    for (size_t i = 0; i < p->columns_n; i++) {
        if (is_note(p->columns[i].column)) continue; /* a reject file that was rejected again */
        put_cell(b, p->columns[i].column);
        buf_char(b, ',');
    }
    buf_str(b, S("heed_line,heed_field,heed_reason\n"));
}

static void put_cells(buf *b, const plan *p, const rejection *r) {
    bool even = r->cells_n <= p->columns_n;
    size_t n = MAX(r->cells_n, even && r->field.p ? p->columns_n : r->cells_n);
    for (size_t i = 0; i < n; i++) {
        if (i < p->columns_n && is_note(p->columns[i].column)) continue;
        put_cell(b, i < r->cells_n ? r->cells[i] : S(""));
        buf_char(b, ',');
    }
}

void reject_row(buf *b, const plan *p, const rejection *r) {
    if (r->cells && r->cells_n <= LIMIT_COLUMNS) {
        put_cells(b, p, r);
    } else {
        put_cell(b, str_head(r->raw, RAW_KEPT));
        buf_char(b, ',');
        if (p->columns_n == 1) buf_char(b, ','); /* never as many cells as a good row */
    }
    buf_fmt(b, "%" PRId64 ",", r->line);
    put_cell(b, r->field);
    buf_char(b, ',');
    put_cell(b, r->reason);
    buf_char(b, '\n');
}
