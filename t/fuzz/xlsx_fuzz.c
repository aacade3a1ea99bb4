/* xlsx_fuzz.c - any bytes as the parts of a workbook: styles, strings and a sheet, divided by NUL. */
#include "base/job.h"
#include "hear/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
    str text;
    book *b;
} input;

static bool feed(input *in, part kind, str s, err *e) {
    bool row;
    if (!book_begin(in->b, kind, e)) return false;
    for (size_t n = 1; n > 0;) {
        n = MIN((size_t)11, s.n);
        if (!book_feed(in->b, s.p ? s.p : "", n, &row, e)) return false;
        s = str_from(s, n);
        while (row) {
            sheet_row r;
            book_row(in->b, &r);
            for (size_t i = 0; i < r.n; i++) check(!r.cells[i].n || r.cells[i].p);
            if (!book_more(in->b, &row, e)) return false;
        }
    }
    return true;
}

static bool once(arena *a, void *ctx, err *e) {
    static const part kinds[] = {PART_WORKBOOK, PART_RELATIONS, PART_STYLES, PART_STRINGS,
                                 PART_SHEET};
    input *in = ctx;
    str rest = in->text, one, path;
    for (size_t i = 0; i < COUNT(kinds) && rest.n; i++) {
        if (!str_cut(rest, 0, &one, &rest)) one = rest, rest = NO_STR;
        if (!feed(in, kinds[i], one, e)) check(e->msg[0]);
    }
    return book_sheet(in->b, a, NO_STR, &path, e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    err e;
    input in = {{(const char *)data, size}, book_open()};
    if (!job_run(8 << 20, once, &in, &e)) check(e.msg[0]);
    book_close(in.b);
    return 0;
}
