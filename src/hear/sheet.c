/* sheet.c - strings, styles, sheets and rows of a workbook. */
#include "hear/sheet.h"
#include "base/limits.h"
#include "base/time.h"
#include <expat.h>

enum { SHEETS_MAX = 1024, STYLES_MAX = 65536, ROWS_MAX = LIMIT_XLSX_ROWS };

typedef struct {
    str name, relation, target; /* heap text */
} sheet_entry;

typedef struct {
    int id;
    bool date;
} number_format;

typedef enum { CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_BOOL, CELL_ERROR } cell_kind;

typedef struct {
    size_t from, n;
    bool there;
} cell_span;

struct book {
    XML_Parser x;
    part kind;
    bool row_ready, stopped;
    err why; /* why it was stopped */
    i64 fed; /* bytes of the part so far */
    bool from_1904;
    sheet_entry sheets[SHEETS_MAX];
    size_t sheets_n;
    number_format formats[STYLES_MAX];
    size_t formats_n;
    bool date_style[STYLES_MAX];
    size_t styles_n;
    bool in_cell_formats;
    buf strings;  /* all shared strings behind one another */
    size_t *ends; /* where each ends */
    size_t ends_n, ends_cap;
    /* the row and cell being read */
    i64 row_no;
    size_t row_n, column;
    cell_kind cell;
    size_t style;
    int in_text, in_phonetic; /* depth inside v, t or is; inside rPh */
    bool in_cell;
    buf value, row;
    cell_span spans[LIMIT_COLUMNS];
    str cells[LIMIT_COLUMNS];
    const char *wrong;
};

book *book_open(void) {
    return mem_new(1, sizeof(book));
}

static str heap_text(const char *z) {
    size_t n = strlen(z);
    char *p = mem_new(n + 1, 1);
    memcpy(p, z, n);
    return (str){p, n};
}

static void heap_free(str s) {
    union {
        const char *from;
        char *to;
    } p = {s.p};
    free(p.to);
}

void book_close(book *b) {
    if (!b) return;
    if (b->x) XML_ParserFree(b->x);
    for (size_t i = 0; i < b->sheets_n; i++) {
        heap_free(b->sheets[i].name);
        heap_free(b->sheets[i].relation);
        heap_free(b->sheets[i].target);
    }
    free(b->ends);
    buf_clear(&b->strings);
    buf_clear(&b->value);
    buf_clear(&b->row);
    free(b);
}

/* Ends the parsing at once; feed then reports the sentence. */
static void stop(book *b, err_code code, const char *why) {
    b->stopped = true;
    (void)fail(&b->why, code, "%s", why);
    XML_StopParser(b->x, XML_FALSE);
}

static const char *attr(const char **atts, const char *name) {
    for (size_t i = 0; atts[i]; i += 2) {
        const char *colon = strrchr(atts[i], ':');
        if (strcmp(colon ? colon + 1 : atts[i], name) == 0) return atts[i + 1];
    }
    return NULL;
}

static i64 attr_int(const char **atts, const char *name, i64 otherwise) {
    i64 v;
    const char *z = attr(atts, name);
    return z && str_int(str_of(z), &v) ? v : otherwise;
}

/* ---- workbook, relations, styles ---- */

static void workbook_start(book *b, const char *name, const char **atts) {
    const char *title = attr(atts, "name"), *relation = NULL;
    if (strcmp(name, "workbookPr") == 0) {
        const char *v = attr(atts, "date1904");
        b->from_1904 = v && (strcmp(v, "1") == 0 || strcmp(v, "true") == 0);
    }
    if (strcmp(name, "sheet") != 0) return;
    for (size_t i = 0; atts[i]; i += 2) /* r:id, not the id of another space */
        if (str_ends(str_of(atts[i]), S(":id"))) relation = atts[i + 1];
    if (b->sheets_n == SHEETS_MAX) {
        stop(b, LIMIT, "the workbook has more than 1024 sheets");
        return;
    }
    b->sheets[b->sheets_n++] =
        (sheet_entry){heap_text(title ? title : ""), heap_text(relation ? relation : ""), NO_STR};
}

static void relations_start(book *b, const char *name, const char **atts) {
    const char *id = attr(atts, "Id"), *target = attr(atts, "Target");
    if (strcmp(name, "Relationship") != 0 || !id || !target) return;
    for (size_t i = 0; i < b->sheets_n; i++)
        if (!b->sheets[i].target.p && str_eq(b->sheets[i].relation, str_of(id)))
            b->sheets[i].target = heap_text(target);
}

/* Is a number format one of dates?  What stands in quotes, brackets or behind a backslash is text. */
static bool is_date_code(const char *z) {
    for (; *z; z++) {
        if (*z == '"') {
            while (z[1] && z[1] != '"') z++;
            if (z[1]) z++;
        } else if (*z == '[') {
            bool elapsed = z[1] == 'h' || z[1] == 'm' || z[1] == 's';
            if (elapsed && (z[2] == ']' || z[2] == z[1])) return true;
            while (z[1] && *z != ']') z++;
        } else if (*z == '\\' || *z == '_' || *z == '*') {
            if (z[1]) z++;
        } else if (strchr("ymdhsYMDHS", *z)) {
            return true;
        }
    }
    return false;
}

static bool is_date_format(const book *b, i64 id) {
    for (size_t i = 0; i < b->formats_n; i++)
        if (b->formats[i].id == id) return b->formats[i].date;
    return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
           (id >= 50 && id <= 58);
}

static void styles_start(book *b, const char *name, const char **atts) {
    if (strcmp(name, "numFmt") == 0 && b->formats_n < 1000) {
        const char *code = attr(atts, "formatCode");
        b->formats[b->formats_n++] =
            (number_format){(int)attr_int(atts, "numFmtId", -1), code && is_date_code(code)};
    }
    if (strcmp(name, "cellXfs") == 0) b->in_cell_formats = true;
    if (strcmp(name, "xf") == 0 && b->in_cell_formats && b->styles_n < STYLES_MAX)
        b->date_style[b->styles_n++] = is_date_format(b, attr_int(atts, "numFmtId", 0));
}

/* ---- shared strings ---- */

static void strings_end(book *b, const char *name) {
    if (strcmp(name, "si") != 0) return;
    if (b->ends_n == b->ends_cap) {
        b->ends_cap = b->ends_cap ? b->ends_cap * 2 : 1024;
        b->ends = mem_grow(b->ends, b->ends_cap, sizeof *b->ends);
    }
    b->ends[b->ends_n++] = b->strings.n;
    if ((i64)(b->strings.n + b->ends_n * sizeof *b->ends) > LIMIT_SHARED_STRINGS)
        stop(b, LIMIT, "the workbook's texts need more than 1 GB; save the sheet as CSV");
}

static str shared_string(const book *b, i64 at) {
    if (at < 0 || (size_t)at >= b->ends_n) return NO_STR;
    size_t from = at ? b->ends[at - 1] : 0;
    return (str){b->strings.p ? b->strings.p + from : "", b->ends[at] - from};
}

/* ---- rows ---- */

/* "AB12" is column 27, from 0. */
static size_t column_of(const char *ref, size_t otherwise) {
    size_t n = 0;
    if (!ref) return otherwise;
    for (; *ref >= 'A' && *ref <= 'Z' && n < 100000; ref++) n = n * 26 + (size_t)(*ref - 'A') + 1;
    return n ? n - 1 : otherwise;
}

static void sheet_start(book *b, const char *name, const char **atts) {
    if (strcmp(name, "row") == 0) {
        b->row_no = attr_int(atts, "r", b->row_no + 1);
        b->row_n = b->column = 0;
        b->row.n = 0;
        b->wrong = NULL;
        if (b->row_no < 1 || b->row_no > ROWS_MAX)
            stop(b, LIMIT, "a sheet has at most 1048576 rows");
    } else if (strcmp(name, "c") == 0) {
        const char *t = attr(atts, "t");
        b->in_cell = true;
        b->value.n = 0;
        b->column = column_of(attr(atts, "r"), b->column);
        b->style = (size_t)attr_int(atts, "s", 0);
        b->cell = !t || strcmp(t, "n") == 0 ? CELL_NUMBER
                  : strcmp(t, "s") == 0     ? CELL_SHARED
                  : strcmp(t, "b") == 0     ? CELL_BOOL
                  : strcmp(t, "e") == 0     ? CELL_ERROR
                                            : CELL_TEXT;
    }
}

size_t book_serial_text(double v, bool from_1904, char out[40]) {
    double day = floor(v);
    i64 second = (i64)floor((v - day) * 86400 + 0.5);
    i64 ms = ((i64)day + (from_1904 ? 1462 : 0) - 25569) * DAY_MS + second * SECOND_MS;
    civil c = civil_of(ms);
    if (v < 1 && !from_1904)
        return (size_t)snprintf(out, 40, "%02d:%02d:%02d", c.hour, c.min, c.sec);
    if (second == 0) return (size_t)snprintf(out, 40, "%04d-%02d-%02d", c.year, c.month, c.day);
    return (size_t)snprintf(out, 40, "%04d-%02d-%02d %02d:%02d:%02d", c.year, c.month, c.day,
                            c.hour, c.min, c.sec);
}

static bool date_cell(const book *b, str v, buf *out) {
    double serial;
    bool date = b->style < b->styles_n && b->date_style[b->style];
    if (!date || !str_num(v, &serial) || serial < 0 || serial >= 2958466) return false;
    char z[40];
    buf_bytes(out, z, book_serial_text(serial, b->from_1904, z));
    return true;
}

static void put_value(book *b) {
    str v = buf_view(&b->value);
    i64 at;
    if (b->cell == CELL_ERROR || (v.n == 0 && b->cell != CELL_TEXT)) return;
    if (b->cell == CELL_SHARED) {
        str s = str_int(str_trim(v), &at) ? shared_string(b, at) : NO_STR;
        if (!s.p) b->wrong = "a cell points to a text the workbook does not have";
        buf_str(&b->row, s);
    } else if (b->cell == CELL_BOOL) {
        buf_str(&b->row, str_eq(v, S("1")) ? S("true") : S("false"));
    } else if (b->cell != CELL_NUMBER || !date_cell(b, v, &b->row)) {
        buf_str(&b->row, v);
    }
}

static void cell_end(book *b) {
    size_t from = b->row.n;
    b->in_cell = false;
    b->in_text = 0;
    put_value(b);
    if (b->row.n == from && b->value.n == 0) {
        b->column++;
        return;
    }
    if (b->column >= LIMIT_COLUMNS) {
        b->wrong = "the row has more than 4096 columns";
        return;
    }
    if (b->row.n > LIMIT_ROW_BYTES) {
        b->wrong = "the row is longer than 4 MB";
        b->row.n = from;
        return;
    }
    while (b->row_n <= b->column) b->spans[b->row_n++] = (cell_span){0};
    b->spans[b->column] = (cell_span){from, b->row.n - from, true};
    b->column++;
}

void book_row(book *b, sheet_row *out) {
    for (size_t i = 0; i < b->row_n; i++) {
        const cell_span *s = &b->spans[i];
        b->cells[i] = s->there ? (str){b->row.p ? b->row.p + s->from : "", s->n} : NO_STR;
    }
    *out = (sheet_row){b->row_no, b->row_n, b->cells, b->wrong};
}

/* ---- expat ---- */

static const char *local(const char *name) {
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static bool holds_text(const book *b, const char *name) {
    if (b->kind == PART_STRINGS) return strcmp(name, "t") == 0;
    return b->kind == PART_SHEET && b->in_cell &&
           (strcmp(name, "v") == 0 || strcmp(name, "t") == 0);
}

static void XMLCALL on_start(void *ctx, const char *full, const char **atts) {
    book *b = ctx;
    const char *name = local(full);
    if (strcmp(name, "rPh") == 0) b->in_phonetic++;
    if (holds_text(b, name)) b->in_text++;
    switch (b->kind) {
    case PART_WORKBOOK:
        workbook_start(b, name, atts);
        break;
    case PART_RELATIONS:
        relations_start(b, name, atts);
        break;
    case PART_STYLES:
        styles_start(b, name, atts);
        break;
    case PART_STRINGS:
        break;
    case PART_SHEET:
        sheet_start(b, name, atts);
        break;
    }
}

static void XMLCALL on_end(void *ctx, const char *full) {
    book *b = ctx;
    const char *name = local(full);
    if (strcmp(name, "rPh") == 0 && b->in_phonetic > 0) b->in_phonetic--;
    if (holds_text(b, name) && b->in_text > 0) b->in_text--;
    if (b->kind == PART_STYLES && strcmp(name, "cellXfs") == 0) b->in_cell_formats = false;
    if (b->kind == PART_STRINGS) strings_end(b, name);
    if (b->kind != PART_SHEET) return;
    if (strcmp(name, "c") == 0 && b->in_cell) cell_end(b);
    if (strcmp(name, "row") == 0) {
        b->row_ready = true;
        XML_StopParser(b->x, XML_TRUE);
    }
}

static void XMLCALL on_text(void *ctx, const char *p, int n) {
    book *b = ctx;
    if (b->in_text == 0 || b->in_phonetic > 0) return;
    buf *to = b->kind == PART_STRINGS ? &b->strings : &b->value;
    buf_bytes(to, p, (size_t)n);
    if (b->kind == PART_STRINGS && (i64)to->n > LIMIT_SHARED_STRINGS)
        stop(b, LIMIT, "the workbook's texts need more than 1 GB; save the sheet as CSV");
    if (b->kind == PART_SHEET && to->n > LIMIT_ROW_BYTES) {
        b->wrong = "a cell is longer than 4 MB";
        to->n = 0;
    }
}

static void XMLCALL on_doctype(void *ctx, const char *name, const char *system, const char *public,
                               int internal) {
    (void)name, (void)system, (void)public, (void)internal;
    stop(ctx, INVALID,
         "the workbook holds a document type declaration, which no spreadsheet writes; it is not "
         "read");
}

bool book_begin(book *b, part kind, err *e) {
    if (b->x) XML_ParserFree(b->x);
    b->x = XML_ParserCreate("UTF-8");
    if (!b->x) return fail(e, LIMIT, "the machine has no memory left to read this workbook");
    b->kind = kind;
    b->in_text = b->in_phonetic = 0;
    b->in_cell = b->stopped = b->row_ready = false;
    b->fed = 0;
    b->row_no = 0;
    XML_SetUserData(b->x, b);
    XML_SetElementHandler(b->x, on_start, on_end);
    XML_SetCharacterDataHandler(b->x, on_text);
    XML_SetStartDoctypeDeclHandler(b->x, on_doctype);
    return true;
}

static bool parsed(book *b, enum XML_Status s, bool *row, err *e) {
    *row = s == XML_STATUS_SUSPENDED;
    if (b->stopped) {
        *e = b->why;
        return false;
    }
    if (s != XML_STATUS_ERROR) return true;
    return fail(e, CORRUPT, "the workbook is damaged: its XML has an error in line %lu (%s)",
                (unsigned long)XML_GetCurrentLineNumber(b->x),
                XML_ErrorString(XML_GetErrorCode(b->x)));
}

bool book_feed(book *b, const char *p, size_t n, bool *row, err *e) {
    check(b->x && n <= INT_MAX);
    b->fed += (i64)n;
    if (b->fed - XML_GetCurrentByteIndex(b->x) > 2 * (i64)LIMIT_ROW_BYTES)
        return fail(e, LIMIT,
                    "the workbook is not read: one tag in it is longer than a record may be");
    return parsed(b, XML_Parse(b->x, p, (int)n, n == 0), row, e);
}

bool book_more(book *b, bool *row, err *e) {
    check(b->row_ready);
    b->row_ready = false;
    return parsed(b, XML_ResumeParser(b->x), row, e);
}

bool book_sheet(const book *b, arena *a, str wish, str *out, err *e) {
    i64 no = 1;
    const sheet_entry *hit = NULL;
    if (b->sheets_n == 0) return fail(e, INVALID, "the workbook has no sheets");
    for (size_t i = 0; i < b->sheets_n && wish.p && !hit; i++)
        if (str_eq(b->sheets[i].name, wish)) hit = &b->sheets[i];
    if (!hit && (!wish.p || str_int(wish, &no)) && no >= 1 && (size_t)no <= b->sheets_n)
        hit = &b->sheets[no - 1];
    if (!hit) {
        buf names = {.a = a};
        for (size_t i = 0; i < MIN(b->sheets_n, (size_t)8); i++)
            buf_fmt(&names, "%s%.*s", i ? ", " : "", STR_ARG(b->sheets[i].name));
        return fail(e, INVALID, "there is no sheet \"%.*s\"; there are %.*s", STR_ARG(wish),
                    STR_ARG(buf_view(&names)));
    }
    str t = hit->target;
    if (!t.p)
        return fail(e, CORRUPT, "the workbook is damaged: it does not say where its sheet is");
    *out =
        str_starts(t, S("/")) ? arena_str(a, str_from(t, 1)) : arena_fmt(a, "xl/%.*s", STR_ARG(t));
    return true;
}
