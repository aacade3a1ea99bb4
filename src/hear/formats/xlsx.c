/* xlsx.c - a sheet of an XLSX workbook: minizip unpacks its parts piece by piece, sheet.c reads
 * them. */
#include "base/limits.h"
#include "hear/format.h"
#include "hear/sheet.h"
#include <minizip/unzip.h>

enum { PIECE_BYTES = 64 * 1024 };

typedef struct {
    FILE *spool; /* the packed file: its directory is at its end, so it is read from a copy */
    unzFile zip;
    book *b;
    const record_sink *sink;
    arena *a;
    size_t columns_n;
    bool header;
    i64 unpacked, packed;
    char piece[PIECE_BYTES];
} xlsx;

/* ---- minizip over an open file ---- */

static voidpf ZCALLBACK zip_open(voidpf file, const void *name, int mode) {
    (void)name, (void)mode;
    return file;
}

static uLong ZCALLBACK zip_read(voidpf file, voidpf stream, void *into, uLong n) {
    (void)file;
    return fread(into, 1, n, stream);
}

static uLong ZCALLBACK zip_write(voidpf file, voidpf stream, const void *p, uLong n) {
    (void)file, (void)stream, (void)p, (void)n;
    return 0;
}

static ZPOS64_T ZCALLBACK zip_tell(voidpf file, voidpf stream) {
    (void)file;
    return (ZPOS64_T)ftello(stream);
}

static long ZCALLBACK zip_seek(voidpf file, voidpf stream, ZPOS64_T at, int origin) {
    int whence = origin == ZLIB_FILEFUNC_SEEK_CUR   ? SEEK_CUR
                 : origin == ZLIB_FILEFUNC_SEEK_END ? SEEK_END
                                                    : SEEK_SET;
    (void)file;
    return fseeko(stream, (off_t)at, whence);
}

static int ZCALLBACK zip_close(voidpf file, voidpf stream) {
    (void)file, (void)stream;
    return 0;
}

static int ZCALLBACK zip_error(voidpf file, voidpf stream) {
    (void)file;
    return ferror((FILE *)stream);
}

static void xlsx_close(void *arg) {
    xlsx *x = arg;
    book_close(x->b);
    if (x->zip) unzClose(x->zip);
    if (x->spool) fclose(x->spool);
    x->b = NULL;
    x->zip = NULL;
    x->spool = NULL;
}

static bool spool(xlsx *x, byte_source *from, err *e) {
    i64 total = 0;
    x->spool = tmpfile();
    if (!x->spool) return fail(e, IO, "no temporary file can be made: %s", strerror(errno));
    for (size_t n = 1; n > 0; total += (i64)n) {
        if (!from->read(from, x->piece, sizeof x->piece, &n, e)) return false;
        if (total + (i64)n > LIMIT_XLSX_BYTES)
            return fail(e, LIMIT, "the workbook is larger than %lld bytes; save the sheet as CSV",
                        (long long)LIMIT_XLSX_BYTES);
        if (n && fwrite(x->piece, 1, n, x->spool) != n)
            return fail(e, IO, "the temporary copy of the workbook cannot be written: %s",
                        strerror(errno));
    }
    return fflush(x->spool) == 0 ||
           fail(e, IO, "the temporary copy of the workbook cannot be written: %s", strerror(errno));
}

static bool unzip(xlsx *x, err *e) {
    zlib_filefunc64_def io = {zip_open, zip_read,  zip_write, zip_tell,
                              zip_seek, zip_close, zip_error, x->spool};
    x->zip = unzOpen2_64("workbook", &io);
    return x->zip ||
           fail(e, CORRUPT, "the workbook is damaged or cut off: its ZIP directory cannot be read");
}

/* ---- parts ---- */

static bool part_open(xlsx *x, const char *name, bool *there, err *e) {
    unz_file_info64 info;
    *there = unzLocateFile(x->zip, name, 2) == UNZ_OK;
    if (!*there) return true;
    if (unzGetCurrentFileInfo64(x->zip, &info, NULL, 0, NULL, 0, NULL, 0) != UNZ_OK ||
        unzOpenCurrentFile(x->zip) != UNZ_OK)
        return fail(e, CORRUPT,
                    "the workbook is damaged: its part %s cannot be opened (is it encrypted?)",
                    name);
    x->packed = (i64)info.compressed_size;
    x->unpacked = 0;
    return true;
}

/* The next piece, under the limits that a ZIP bomb meets. */
static bool part_read(xlsx *x, const char *name, size_t *n_out, err *e) {
    int n = unzReadCurrentFile(x->zip, x->piece, PIECE_BYTES);
    if (n < 0)
        return fail(e, CORRUPT, "the workbook is damaged: its part %s cannot be unpacked", name);
    x->unpacked += n;
    if (x->unpacked > LIMIT_XML_PART_BYTES)
        return fail(e, LIMIT,
                    "the workbook's part %s unpacks to more than %lld bytes; save the sheet as CSV",
                    name, (long long)LIMIT_XML_PART_BYTES);
    if (x->unpacked > LIMIT_ZIP_RATIO_FREE && x->unpacked / LIMIT_ZIP_RATIO > x->packed)
        return fail(e, LIMIT,
                    "the workbook's part %s unpacks to more than %d times its size, as no real "
                    "sheet does; save the sheet as CSV",
                    name, LIMIT_ZIP_RATIO);
    *n_out = (size_t)n;
    return true;
}

static bool announce(xlsx *x, const sheet_row *r, err *e) {
    str *names = NEW_N(x->a, str, r->n);
    if (r->wrong) return fail(e, LIMIT, "row %" PRId64 ", the header: %s", r->no, r->wrong);
    for (size_t i = 0; i < r->n; i++) {
        names[i] =
            x->header ? arena_str(x->a, str_trim(r->cells[i])) : arena_fmt(x->a, "c%zu", i + 1);
        if (!names[i].p) names[i] = S("");
        if (names[i].n > LIMIT_NAME_BYTES)
            return fail(e, LIMIT,
                        "row %" PRId64 ": the name of column %zu has %zu bytes, the limit is %d",
                        r->no, i + 1, names[i].n, LIMIT_NAME_BYTES);
    }
    x->columns_n = r->n;
    return x->sink->columns(x->sink->ctx, names, r->n, e);
}

static bool take(xlsx *x, err *e) {
    sheet_row r;
    book_row(x->b, &r);
    if (r.n == 0 && !r.wrong) return true;
    if (x->columns_n == 0) {
        if (!announce(x, &r, e)) return false;
        if (x->header) return true;
    }
    while (r.n > x->columns_n && str_trim(r.cells[r.n - 1]).n == 0)
        r.n--;
    rejection no = {.line = r.no, .cells = r.cells, .cells_n = r.n, .reason = str_of(r.wrong)};
    if (!r.wrong && r.n > x->columns_n)
        no.reason = S("the row has cells behind the last column of the header");
    if (no.reason.p) return x->sink->reject(x->sink->ctx, &no, e);
    record rec = {.line = r.no, .cells = r.cells, .cells_n = r.n};
    return x->sink->take(x->sink->ctx, &rec, e);
}

static bool read_part(xlsx *x, const char *name, part kind, bool required, err *e) {
    bool there, row;
    if (!part_open(x, name, &there, e)) return false;
    if (!there)
        return !required ||
               fail(e, INVALID, "this ZIP file is no XLSX workbook: it has no %s", name);
    if (!book_begin(x->b, kind, e)) return false;
    for (size_t n = 1; n > 0;) {
        if (!part_read(x, name, &n, e) || !book_feed(x->b, x->piece, n, &row, e)) return false;
        while (row)
            if (!take(x, e) || !book_more(x->b, &row, e)) return false;
    }
    unzCloseCurrentFile(x->zip);
    return true;
}

static bool xlsx_parse(arena *a, byte_source *from, const format_options *o,
                       const record_sink *sink, err *e) {
    xlsx *x = NEW(a, xlsx);
    str sheet;
    x->a = a;
    x->sink = sink;
    x->header = o->header != 0;
    arena_defer(a, xlsx_close, x);
    x->b = book_open();
    bool ok = spool(x, from, e) && unzip(x, e) &&
              read_part(x, "xl/workbook.xml", PART_WORKBOOK, true, e) &&
              read_part(x, "xl/_rels/workbook.xml.rels", PART_RELATIONS, true, e) &&
              read_part(x, "xl/styles.xml", PART_STYLES, false, e) &&
              read_part(x, "xl/sharedStrings.xml", PART_STRINGS, false, e) &&
              book_sheet(x->b, a, o->sheet, &sheet, e) &&
              read_part(x, sheet.p, PART_SHEET, true, e);
    xlsx_close(x);
    return ok;
}

static int xlsx_guess(str head, format_options *o) {
    (void)o;
    if (!str_starts(head, S("PK\003\004"))) return 0;
    return str_find(head, S("xl/")) >= 0 || str_find(head, S("[Content_Types].xml")) >= 0 ? 99 : 50;
}

const format format_xlsx = {
    .name = "xlsx",
    .title = "Excel workbook",
    .help = "One sheet of an XLSX file; cells styled as dates arrive as dates.",
    .extensions = "xlsx xlsm",
    .binary = true,
    .guess = xlsx_guess,
    .parse = xlsx_parse,
};
