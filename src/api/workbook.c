/* workbook.c - Office Open XML (ECMA-376) by hand: six small parts, zipped by minizip into memory. */
#include "api/workbook.h"
#include "base/utf8.h"
#include <minizip/zip.h>

enum { CELL_BYTES_MAX = 32767 /* characters of a cell, by the format; bytes are never fewer */ };

struct workbook {
    arena *a;
    str sheet;
    buf rows;
    size_t row, column; /* from 0 */
    bool open;
};

workbook *workbook_open(arena *a, str sheet) {
    workbook *w = NEW(a, workbook);
    w->a = a;
    w->sheet = sheet;
    w->rows = (buf){.a = a};
    return w;
}

/* XML has no place for control characters; they become blanks. */
static void put_xml(buf *b, str s) {
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '&')
            buf_str(b, S("&amp;"));
        else if (c == '<')
            buf_str(b, S("&lt;"));
        else if (c == '>')
            buf_str(b, S("&gt;"));
        else if (c == '"')
            buf_str(b, S("&quot;"));
        else
            buf_char(b, (unsigned char)c < 0x20 && c != '\n' && c != '\t' ? ' ' : c);
    }
}

/* 0 is A, 26 is AA. */
static void put_column(buf *b, size_t column) {
    char z[8];
    size_t n = 0;
    for (size_t c = column + 1; c; c = (c - 1) / 26) z[n++] = (char)('A' + (c - 1) % 26);
    while (n) buf_char(b, z[--n]);
}

static void begin_cell(workbook *w) {
    if (!w->open) buf_fmt(&w->rows, "<row r=\"%zu\">", w->row + 1);
    w->open = true;
    buf_str(&w->rows, S("<c r=\""));
    put_column(&w->rows, w->column++);
    buf_fmt(&w->rows, "%zu\"", w->row + 1);
}

void workbook_text(workbook *w, str s) {
    begin_cell(w);
    if (!s.p) {
        buf_str(&w->rows, S("/>"));
        return;
    }
    if (s.n > CELL_BYTES_MAX) s = utf8_clip(s, CELL_BYTES_MAX);
    if (w->row == 0) buf_str(&w->rows, S(" s=\"1\""));
    buf_str(&w->rows, S(" t=\"inlineStr\"><is><t xml:space=\"preserve\">"));
    put_xml(&w->rows, s);
    buf_str(&w->rows, S("</t></is></c>"));
}

void workbook_number(workbook *w, double v) {
    begin_cell(w);
    if (isfinite(v))
        buf_fmt(&w->rows, "><v>%.15g</v></c>", v);
    else
        buf_str(&w->rows, S("/>"));
}

void workbook_row(workbook *w) {
    if (w->open) buf_str(&w->rows, S("</row>"));
    w->open = false;
    w->row++;
    w->column = 0;
}

/* ---- the zip, in memory ---- */

typedef struct {
    buf bytes; /* on the heap: minizip's frames must not be jumped over */
    size_t at;
} memory;

static voidpf ZCALLBACK memory_open(voidpf opaque, const void *name, int mode) {
    (void)name, (void)mode;
    return opaque;
}
static uLong ZCALLBACK memory_read(voidpf opaque, voidpf stream, void *to, uLong n) {
    memory *m = stream;
    (void)opaque;
    n = MIN(n, (uLong)(m->bytes.n - m->at));
    memcpy(to, m->bytes.p + m->at, n);
    m->at += n;
    return n;
}
static uLong ZCALLBACK memory_write(voidpf opaque, voidpf stream, const void *from, uLong n) {
    memory *m = stream;
    (void)opaque;
    size_t over = MIN((size_t)n, m->bytes.n - m->at);
    if (over) memcpy(m->bytes.p + m->at, from, over);
    buf_bytes(&m->bytes, (const char *)from + over, n - over);
    m->at += n;
    return n;
}
static ZPOS64_T ZCALLBACK memory_tell(voidpf opaque, voidpf stream) {
    (void)opaque;
    return ((memory *)stream)->at;
}
static long ZCALLBACK memory_seek(voidpf opaque, voidpf stream, ZPOS64_T offset, int origin) {
    memory *m = stream;
    (void)opaque;
    size_t from = origin == ZLIB_FILEFUNC_SEEK_CUR   ? m->at
                  : origin == ZLIB_FILEFUNC_SEEK_END ? m->bytes.n
                                                     : 0;
    if (from + offset > m->bytes.n) return -1;
    m->at = (size_t)(from + offset);
    return 0;
}
static int ZCALLBACK memory_ok(voidpf opaque, voidpf stream) {
    (void)opaque, (void)stream;
    return 0;
}

static bool put_part(zipFile z, const char *name, str text) {
    const zip_fileinfo when = {.tmz_date = {.tm_mday = 1, .tm_year = 1980}}; /* no clock */
    return zipOpenNewFileInZip(z, name, &when, NULL, 0, NULL, 0, NULL, Z_DEFLATED, 6) == ZIP_OK &&
           zipWriteInFileInZip(z, text.p, (unsigned)text.n) == ZIP_OK &&
           zipCloseFileInZip(z) == ZIP_OK;
}

#define HEAD    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define MAIN    "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define OFFICE  "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006/"
#define SHEET   "application/vnd.openxmlformats-officedocument.spreadsheetml."

static const char types[] =
    HEAD "<Types xmlns=\"" PACKAGE "content-types\">"
         "<Default Extension=\"rels\" "
         "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
         "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
         "<Override PartName=\"/xl/workbook.xml\" ContentType=\"" SHEET "sheet.main+xml\"/>"
         "<Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"" SHEET "worksheet+xml\"/>"
         "<Override PartName=\"/xl/styles.xml\" ContentType=\"" SHEET "styles+xml\"/></Types>";
static const char root[] = HEAD "<Relationships xmlns=\"" PACKAGE
                                "relationships\"><Relationship Id=\"rId1\" Type=\"" OFFICE
                                "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
static const char parts[] = HEAD
    "<Relationships xmlns=\"" PACKAGE "relationships\"><Relationship Id=\"rId1\" Type=\"" OFFICE
    "/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"" OFFICE
    "/styles\" Target=\"styles.xml\"/></Relationships>";
static const char styles[] = HEAD
    "<styleSheet xmlns=\"" MAIN
    "\"><fonts count=\"2\"><font><sz val=\"11\"/></font><font><b/><sz val=\"11\"/></font>"
    "</fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill "
    "patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border/></borders><cellStyleXfs "
    "count=\"1\"><xf/>"
    "</cellStyleXfs><cellXfs count=\"2\"><xf/><xf fontId=\"1\" "
    "applyFont=\"1\"/></cellXfs><cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" "
    "builtinId=\"0\"/></cellStyles></styleSheet>";

/* Made before the zip is opened: what runs out of memory here leaves nothing behind. */
static str book_of(const workbook *w) {
    buf b = {.a = w->a};
    buf_str(&b,
            S(HEAD "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" OFFICE "\"><sheets><sheet name=\""));
    put_xml(&b, w->sheet);
    buf_str(&b, S("\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"));
    return buf_view(&b);
}
static str sheet_of(const workbook *w) {
    buf b = {.a = w->a};
    buf_str(&b, S(HEAD
                  "<worksheet xmlns=\"" MAIN "\"><sheetViews><sheetView workbookViewId=\"0\"><pane "
                  "ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/>"
                  "</sheetView></sheetViews><sheetData>"));
    buf_str(&b, buf_view(&w->rows));
    buf_str(&b, S("</sheetData></worksheet>"));
    return buf_view(&b);
}

static bool put_all(zipFile z, str book, str sheet) {
    return put_part(z, "[Content_Types].xml", str_of(types)) &&
           put_part(z, "_rels/.rels", str_of(root)) && put_part(z, "xl/workbook.xml", book) &&
           put_part(z, "xl/_rels/workbook.xml.rels", str_of(parts)) &&
           put_part(z, "xl/styles.xml", str_of(styles)) &&
           put_part(z, "xl/worksheets/sheet1.xml", sheet);
}

static void forget(void *arg) {
    buf_clear(&((memory *)arg)->bytes);
}

bool workbook_end(workbook *w, str *bytes_out, err *e) {
    memory *m = NEW(w->a, memory);
    zlib_filefunc64_def calls = {memory_open, memory_read, memory_write, memory_tell,
                                 memory_seek, memory_ok,   memory_ok,    m};
    arena_defer(w->a, forget, m);
    if (w->open) workbook_row(w);
    str book = book_of(w), sheet = sheet_of(w);
    zipFile z = zipOpen2_64("memory", APPEND_STATUS_CREATE, NULL, &calls);
    bool ok = z && put_all(z, book, sheet);
    ok = z && zipClose(z, NULL) == ZIP_OK && ok;
    if (!ok) return fail(e, IO, "the workbook cannot be packed");
    *bytes_out = arena_str(w->a, buf_view(&m->bytes));
    return true;
}
