/* formats_test.c - csv, tsv, json, jsonl, xes and xlsx: against slow twins, in small pieces, and when hostile. */
#include "base/limits.h"
#include "hear/room_test.h"
#include <minizip/zip.h>

/* ---- any format over text that arrives in pieces ---- */

typedef struct {
    byte_source b;
    str rest;
    size_t piece; /* bytes a read yields; 0 = all that fits */
    i64 endless;  /* bytes of 'x' still to come behind rest */
} pieces;

static bool pieces_read(byte_source *b, char *into, size_t max, size_t *n_out, err *e) {
    pieces *p = (pieces *)b;
    (void)e;
    size_t n = MIN(p->piece ? MIN(p->piece, max) : max, p->rest.n);
    if (n) memcpy(into, p->rest.p, n);
    p->rest = str_from(p->rest, n);
    if (n == 0 && p->endless > 0) {
        n = max;
        memset(into, 'x', n);
        p->endless -= (i64)n;
    }
    *n_out = n;
    return true;
}

typedef struct {
    const format *f;
    pieces from;
    format_options o;
    buf out;
} parsing;

static bool show_columns(void *ctx, const str *names, size_t n, err *e) {
    buf *b = ctx;
    (void)e;
    buf_str(b, S("="));
    for (size_t i = 0; i < n; i++) buf_fmt(b, "<%.*s>", STR_ARG(names[i]));
    buf_char(b, '\n');
    return true;
}

static bool show_record(void *ctx, const record *r, err *e) {
    buf *b = ctx;
    (void)e;
    buf_fmt(b, "%d:", (int)r->line);
    for (size_t i = 0; i < r->cells_n; i++) {
        if (r->cells[i].p)
            buf_fmt(b, "<%.*s>", STR_ARG(r->cells[i]));
        else
            buf_str(b, S("-"));
    }
    buf_char(b, '\n');
    return true;
}

static bool show_reject(void *ctx, const rejection *r, err *e) {
    buf *b = ctx;
    (void)e;
    buf_fmt(b, "%d! %.*s\n", (int)r->line, STR_ARG(r->reason));
    return true;
}

static bool parse_job(arena *a, void *ctx, err *e) {
    parsing *p = ctx;
    record_sink sink = {show_columns, show_record, show_reject, &p->out};
    return p->f->parse(a, &p->from.b, &p->o, &sink, e);
}

static const format *format_named(const char *name) {
    for (size_t i = 0; i < formats_n; i++)
        if (strcmp(formats[i]->name, name) == 0) return formats[i];
    fail_msg("no format %s", name);
    return NULL;
}

static str parse(arena *a, const char *name, str text, size_t piece) {
    parsing p = {.f = format_named(name),
                 .from = {{pieces_read}, text, piece, 0},
                 .o = {.header = 1},
                 .out = {.a = a}};
    err e;
    if (!job_run((size_t)256 << 20, parse_job, &p, &e)) buf_fmt(&p.out, "failed: %s\n", e.msg);
    return buf_view(&p.out);
}

/* ---- csv and tsv ---- */

static void csv_is_read_as_rfc_4180_says(void **state) {
    (void)state;
    arena *a = arena_open(4 << 20);
    assert_str(parse(a, "csv", S("a,b\r\n1,\"x\"\"y\"\r\n\r\n\"two\nlines\",\r\nlast,\"\""), 0),
               S("=<a><b>\n2:<1><x\"y>\n4:<two\nlines><>\n6:<last><>\n"));
    assert_str(parse(a, "csv", S("a,b\n1\n1,2,3\n1,2,,\n"), 0),
               S("=<a><b>\n2! the line has 1 cells where the header has 2\n3! the line has 3 cells "
                 "where the header has 2\n4:<1><2>\n"));
    assert_str(parse(a, "csv", S("a,b\rold,mac\r"), 0), S("=<a><b>\n2:<old><mac>\n"));
    assert_str(parse(a, "tsv", S("a\tb\nx,y\t\"q\tr\"\n"), 0), S("=<a><b>\n2:<x,y><q\tr>\n"));
    arena_close(a);
}

static void a_broken_quote_costs_one_line(void **state) {
    (void)state;
    arena *a = arena_open(4 << 20);
    assert_str(parse(a, "csv", S("a,b\n1,\"open\n2,\"x\"\n3,y\n"), 0),
               S("=<a><b>\n2! a quote opened on line 2 closes before other text; write a quote "
                 "inside a cell twice\n3:<2><x>\n4:<3><y>\n"));
    assert_str(parse(a, "csv", S("a,b\n1,\"open\n2,x\n3,y"), 0),
               S("=<a><b>\n2! a quote opened on line 2 is never closed\n3:<2><x>\n4:<3><y>\n"));
    assert_str(parse(a, "csv", S("a,b\n\"1\n1\",\"x\" z\n3,y"), 0),
               S("=<a><b>\n3! a quote opened on line 3 closes before other text; write a quote "
                 "inside a cell twice\n4:<3><y>\n"));
    arena_close(a);
}

/* The slow twin: one character at a time over the whole text, with nothing clever. */
typedef struct {
    buf cells;
    size_t n;
    i64 lines;
    bool junk, open;
    size_t quote_at;
    i64 quote_line;
} twin_row;

static size_t twin_scan(str s, size_t at, twin_row *r) {
    size_t i = at;
    for (;;) {
        buf_char(&r->cells, '<');
        r->n++;
        if (i < s.n && s.p[i] == '"') {
            r->quote_at = i;
            r->quote_line = r->lines;
            for (i++;; i++) {
                if (i >= s.n) return r->open = true, i;
                if (s.p[i] == '"' && i + 1 < s.n && s.p[i + 1] == '"')
                    i++;
                else if (s.p[i] == '"')
                    break;
                r->lines += s.p[i] == '\n';
                buf_char(&r->cells, s.p[i]);
            }
            i++;
        } else {
            while (i < s.n && s.p[i] != ',' && s.p[i] != '\n' &&
                   !(s.p[i] == '\r' && (i + 1 == s.n || s.p[i + 1] == '\n')))
                buf_char(&r->cells, s.p[i++]);
        }
        buf_char(&r->cells, '>');
        if (i < s.n && s.p[i] == '\r' && (i + 1 == s.n || s.p[i + 1] == '\n')) i++;
        if (i >= s.n || s.p[i] == '\n') return r->lines++, i + 1;
        if (s.p[i] != ',') return r->junk = true, i;
        i++;
    }
}

static str twin_parse(arena *a, str s) {
    buf out = {.a = a};
    i64 line = 1;
    size_t columns = 0;
    for (size_t at = 0; at < s.n;) {
        twin_row r = {.cells = {.a = a}};
        size_t next = twin_scan(s, at, &r);
        if (r.junk || r.open) {
            if (columns == 0) return buf_fmt(&out, "failed"), buf_view(&out);
            buf_fmt(&out, "%d! quote\n", (int)(line + r.quote_line));
            for (next = r.quote_at; next < s.n && s.p[next] != '\n'; next++) continue;
            next++;
            line += r.quote_line + 1;
            at = next;
            continue;
        }
        bool blank = r.n == 1 && r.lines == 1 && r.cells.n == 2 && s.p[at] != '"';
        if (!blank && columns == 0) {
            columns = r.n;
            buf_fmt(&out, "=%.*s\n", STR_ARG(buf_view(&r.cells)));
        } else if (!blank) {
            str v = buf_view(&r.cells);
            while (r.n > columns && str_ends(v, S("<>"))) v.n -= 2, r.n--;
            if (r.n == columns)
                buf_fmt(&out, "%d:%.*s\n", (int)line, STR_ARG(v));
            else
                buf_fmt(&out, "%d! count\n", (int)line);
        }
        line += r.lines;
        at = next;
    }
    return buf_view(&out);
}

/* Sentences cut down to what the twin knows. */
static str short_reasons(arena *a, str s) {
    buf b = {.a = a};
    str line;
    if (str_find(s, S("failed")) >= 0) return S("failed");
    while (s.n) {
        str_line(&s, &line);
        ptrdiff_t bang = str_find(line, S("! "));
        bool quote = bang > 0 && str_find(line, S("a quote opened")) > 0;
        bool count = bang > 0 && str_find(line, S("cells where")) > 0;
        if (quote || count)
            buf_fmt(&b, "%.*s! %s\n", (int)bang, line.p, quote ? "quote" : "count");
        else
            buf_fmt(&b, "%.*s\n", STR_ARG(line));
    }
    return buf_view(&b);
}

static void csv_equals_its_slow_twin_in_pieces_of_any_size(void **state) {
    (void)state;
    u64 seed = 12345;
    for (int round = 0; round < 500; round++) {
        char text[200];
        size_t n = 4;
        memcpy(text, "a,b\n", 4);
        for (size_t len = 4 + (seed >> 40) % 190; n < len; n++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            text[n] = "\"\",,\n\nab\r\""[(seed >> 33) % 10];
        }
        arena *a = arena_open(4 << 20);
        str have = short_reasons(a, parse(a, "csv", (str){text, n}, 1 + (size_t)(seed >> 50) % 9));
        str want = twin_parse(a, (str){text, n});
        if (str_find(want, S("failed")) >= 0) want = S("failed");
        if (!str_eq(have, want))
            fail_msg("for [%.*s]\nhave %.*s\nwant %.*s", (int)n, text, STR_ARG(have),
                     STR_ARG(want));
        arena_close(a);
        seed = seed * 6364136223846793005u + 1442695040888963407u;
    }
}

static void an_endless_line_is_one_sentence_in_bounded_memory(void **state) {
    (void)state;
    static const char *names[] = {"csv", "jsonl", "json"};
    static const char *heads[] = {"a,b\n1,2\n", "{\"a\":1}\n", "[{\"a\":1},\""};
    static const char *wants[] = {
        "=<a><b>\n2:<1><2>\n3! the line is longer than 4194304 bytes; only its head is kept here\n",
        "=<a>\n1:<1>\n2! the line is longer than a record may be (4 MB); only",
        "=<a>\n1:<1>\nfailed: line 1: a record is longer than 4194304 bytes"};
    for (size_t i = 0; i < COUNT(names); i++) {
        arena *a = arena_open(4 << 20);
        err e;
        parsing p = {.f = format_named(names[i]),
                     .from = {{pieces_read}, str_of(heads[i]), 0, (i64)40 << 20},
                     .o = {.header = 1},
                     .out = {.a = a}};
        if (!job_run((size_t)32 << 20, parse_job, &p, &e)) buf_fmt(&p.out, "failed: %s\n", e.msg);
        assert_str(str_head(buf_view(&p.out), strlen(wants[i])), str_of(wants[i]));
        arena_close(a);
    }
}

static void too_many_columns_are_one_sentence(void **state) {
    (void)state;
    arena *a = arena_open(64 << 20);
    buf b = {.a = a};
    for (int i = 0; i < 1000000; i++) buf_char(&b, ',');
    buf_str(&b, S("\n1\n"));
    assert_str(parse(a, "csv", buf_view(&b), 0),
               S("failed: line 1 has 1000001 columns, the limit is 4096\n"));
    buf row = {.a = a};
    buf_str(&row, S("a,b\n"));
    buf_str(&row, buf_view(&b));
    buf_str(&row, S("3,4\n"));
    assert_str(parse(a, "csv", buf_view(&row), 0),
               S("=<a><b>\n2! the line has 1000001 cells, the limit is 4096\n3! the line has 1 "
                 "cells where the header has 2\n4:<3><4>\n"));
    arena_close(a);
}

static void nul_bytes_cost_their_record(void **state) {
    (void)state;
    hearing h = hearing_open(8 << 20);
    assert_str(
        hear_text(&h, S("x.csv"), S("text,n\nfine,1\nb\0d,2\n")),
        S("failed: x.csv is in no format we read (csv, json, jsonl, tsv, xes, xlsx); is it a "
          "picture, or encrypted?\n"));
    h.wish.format = S("csv");
    h.wish.delimiter = S(",");
    assert_str(hear_text(&h, S("x.csv"), S("text,n\nfine,1\nb\0d,2\n")),
               S("1 words=[fine] {\"n\":1}\n2 ! line 3 text: this cell holds a NUL byte\n"));
    arena_close(h.a);
}

/* ---- json and jsonl ---- */

static void json_lists_are_found_and_flattened(void **state) {
    (void)state;
    arena *a = arena_open(8 << 20);
    static const char *same[] = {
        "[{\"a\":1,\"b\":{\"c\":\"x\"}},{\"a\":2}]",
        "{\"n\":2,\"s\":[1,[2]],\"rows\":[{\"a\":1,\"b\":{\"c\":\"x\"}},{\"a\":2}],\"z\":\"[{\"}",
        "{\"data\":{\"rows\":[{\"a\":1,\"b\":{\"c\":\"x\"}} , {\"a\":2}]}}"};
    for (size_t i = 0; i < COUNT(same); i++)
        for (size_t piece = 1; piece < 9; piece += 3)
            assert_str(parse(a, "json", str_of(same[i]), piece),
                       S("=<a><b.c>\n1:<1><x>\n1:<2>-\n"));
    assert_str(parse(a, "json", S("{\"a\":1.50,\"b\":[1,{\"c\":null}],\"d\":null,\"e\":false}"), 0),
               S("=<a><b><e>\n1:<1.5><[1,{\"c\":null}]><false>\n"));
    assert_str(parse(a, "json", S("[{\"a\":1},\n{\"b\":2,\"a\":3}]"), 0),
               S("=<a>\n1:<1>\n=<a><b>\n2:<3><2>\n"));
    arena_close(a);
}

static void broken_json_records_cost_only_themselves(void **state) {
    (void)state;
    arena *a = arena_open(8 << 20);
    assert_str(parse(a, "json", S("[{\"a\":1},\n{\"a\":x},\n7,\n{\"a\":2}\n,{\"a\":"), 3),
               S("=<a>\n1:<1>\n2! not valid JSON: the structure is broken (a bracket, comma, colon "
                 "or value is missing or misplaced)\n"
                 "3! a record is an object in { }, this is a number\n4:<2>\n5! the file ends "
                 "inside this record\n"));
    assert_str(parse(a, "json", S("[{\"a\":1}"), 0),
               S("=<a>\n1:<1>\n1! the file ends before its list is closed\n"));
    str two = parse(a, "json", S("{\"x\":[{\"a\":1}],\n\"y\":[{\"b\":1}]}"), 0);
    assert_int_equal(str_find(two, S("=<a>\n1:<1>\n2! a second list of records begins here")), 0);
    assert_str(parse(a, "jsonl", S("{\"a\":1}\n{\"a\":\n\n{\"a\":2}"), 2),
               S("=<a>\n1:<1>\n2! not valid JSON: the structure is broken (a bracket, comma, colon "
                 "or value is missing or misplaced)\n4:<2>\n"));
    arena_close(a);
}

static void late_columns_find_their_place(void **state) {
    (void)state;
    hearing h = hearing_open(8 << 20);
    assert_str(hear_text(&h, S("x.jsonl"),
                         S("{\"text\":\"a\"}\n{\"text\":\"b\",\"rating\":4,\"city\":\"Bern\"}\n")),
               S("1 words=[a]\n2 words=[b] {\"city\":\"Bern\",\"score:rating5\":4}\n"));
    arena_close(h.a);
}

/* ---- xes ---- */

#define XES_HEAD                                                                                   \
    "<?xml version='1.0' encoding='UTF-8'?>\n<log xes.version='1.0' xmlns='http://x'>\n"           \
    "<global scope='event'><string key='concept:name' value='none'/></global>\n"                   \
    "<classifier name='A' keys='concept:name'/><string key='concept:name' value='a log'/>\n"

static const char xes_log[] = XES_HEAD
    "<trace><string key='concept:name' value='c 1'><string key='deep' value='no'/></string>"
    "<int key='amount' value='7'/>\n"
    "<event><string key='concept:name' value='Ask &amp; &quot;wait&quot;'/>\n"
    "<date key='time:timestamp' value='2026-03-01T10:00:00.000+08:00'/>"
    "<list key='l'><values><string key='x' value='y'/></values></list></event>\n"
    "<event><string key='concept:name' value='&#24555;'/><string key='org:resource' "
    "value='Ann'/></event></trace>\n"
    "<trace><event><string key='concept:name' value='alone'/></event></trace>\n"
    "</log>\n";

static void xes_events_bring_the_attributes_of_their_trace(void **state) {
    (void)state;
    arena *a = arena_open(8 << 20);
    for (size_t piece = 0; piece < 70; piece++)
        assert_str(parse(a, "xes", str_of(xes_log), piece),
                   S("=<case><case:amount><event><occurred_at>\n"
                     "6:<c 1><7><Ask & \"wait\"><2026-03-01T10:00:00.000+08:00>\n"
                     "=<case><case:amount><event><occurred_at><org:resource>\n"
                     "8:<c 1><7><快>-<Ann>\n9:--<alone>--\n"));
    arena_close(a);
}

static void a_damaged_or_hostile_log_is_one_sentence(void **state) {
    (void)state;
    arena *a = arena_open(64 << 20);
    str cut = parse(a, "xes", str_head(str_of(xes_log), sizeof xes_log - 15), 5);
    assert_true(
        str_find(cut, S("9:--<alone>--\nfailed: the log is damaged: its XML has an error in "
                        "line 9")) > 0);
    str entity = parse(a, "xes", S("<!DOCTYPE log [<!ENTITY a 'aaaa'>]><log><trace/></log>"), 0);
    assert_true(str_starts(entity, S("failed: the log holds a document type declaration")));
    buf big = {.a = a};
    buf_str(&big, S(XES_HEAD "<trace><event><string key='concept:name' value='"));
    for (int i = 0; i < 2 << 20; i++) buf_char(&big, 'x');
    buf_str(&big, S("'/></event></trace><trace><event><string key='concept:name' value='fine'/>"
                    "</event></trace></log>"));
    assert_str(
        parse(a, "xes", buf_view(&big), 0),
        S("=\n5! the event and its trace are longer than 1 MB each may be\n=<event>\n5:<fine>\n"));
    arena_close(a);
    a = arena_open(4 << 20);
    err e;
    parsing p = {.f = format_named("xes"),
                 .from = {{pieces_read}, S("<log><trace a='"), 0, (i64)40 << 20},
                 .out = {.a = a}};
    assert_false(job_run((size_t)32 << 20, parse_job, &p, &e));
    assert_true(str_find(str_of(e.msg), S("one tag in it is longer")) > 0);
    arena_close(a);
}

/* ---- xlsx ---- */

static void zip_part(zipFile z, const char *name, str text) {
    assert_int_equal(zipOpenNewFileInZip(z, name, NULL, NULL, 0, NULL, 0, NULL, Z_DEFLATED, 1),
                     ZIP_OK);
    assert_int_equal(zipWriteInFileInZip(z, text.p, (unsigned)text.n), ZIP_OK);
    zipCloseFileInZip(z);
}

typedef struct {
    str book, styles, strings, sheet;
} parts;

static const parts plain_parts = {
    .book = {"<workbook xmlns:r=\"r\"><sheets><sheet name=\"One\" r:id=\"r1\"/><sheet name=\"二\" "
             "r:id=\"r2\"/></sheets></workbook>",
             0},
    .styles =
        {"<styleSheet><numFmts><numFmt numFmtId=\"170\" "
         "formatCode=\"yyyy&quot;年&quot;m\"/><numFmt numFmtId=\"171\" "
         "formatCode=\"0.0&quot;days&quot;\"/></numFmts><cellStyleXfs><xf "
         "numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf "
         "numFmtId=\"22\"/><xf numFmtId=\"170\"/><xf numFmtId=\"171\"/></cellXfs></styleSheet>",
         0},
    .strings = {"<sst><si><t>text</t></si><si><r><t>two "
                "</t></r><r><t>runs</t></r><rPh><t>no</t></rPh></si></sst>",
                0},
    .sheet = {"<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" "
              "t=\"inlineStr\"><is><t>date</t></is></c><c "
              "r=\"C1\" t=\"str\"><v>n</v></c></row><row r=\"3\"><c r=\"A3\" "
              "t=\"s\"><v>1</v></c><c r=\"B3\" s=\"1\"><v>46082.5</v></c><c r=\"C3\" "
              "s=\"3\"><v>4.5</v></c></row><row r=\"4\"><c r=\"B4\" s=\"2\"><v>46083</v></c><c "
              "r=\"C4\" t=\"b\"><v>1</v></c></row><row r=\"5\"><c "
              "r=\"A5\" t=\"s\"><v>9</v></c></row></sheetData></worksheet>",
              0},
};

static str or_plain(str s, str plain) {
    return s.p ? s : str_of(plain.p);
}

static str workbook(arena *a, parts p) {
    char path[] = "/tmp/heed-xlsx-XXXXXX";
    int fd = mkstemp(path);
    close(fd);
    zipFile z = zipOpen(path, APPEND_STATUS_CREATE);
    assert_non_null(z);
    zip_part(z, "xl/workbook.xml", or_plain(p.book, plain_parts.book));
    zip_part(z, "xl/_rels/workbook.xml.rels",
             S("<Relationships><Relationship Id=\"r1\" "
               "Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" "
               "Target=\"/xl/worksheets/sheet2.xml\"/></Relationships>"));
    zip_part(z, "xl/styles.xml", or_plain(p.styles, plain_parts.styles));
    zip_part(z, "xl/sharedStrings.xml", or_plain(p.strings, plain_parts.strings));
    zip_part(z, "xl/worksheets/sheet1.xml", or_plain(p.sheet, plain_parts.sheet));
    zip_part(
        z, "xl/worksheets/sheet2.xml",
        S("<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>text</t></is></c></row><row><c "
          "t=\"str\"><v>第二</v></c></row></sheetData></worksheet>"));
    zipClose(z, NULL);
    buf b = {.a = a};
    char block[4096];
    FILE *f = fopen(path, "rb");
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;) buf_bytes(&b, block, n);
    fclose(f);
    unlink(path);
    return buf_view(&b);
}

static void xlsx_texts_dates_and_sheets_are_read(void **state) {
    (void)state;
    hearing h = hearing_open(16 << 20);
    str book = workbook(h.a, (parts){.book = {0}});
    assert_str(hear_text(&h, S("x.xlsx"), book),
               S("1 at=2026-03-01T12:00:00Z words=[two runs] {\"n\":\"4.5\"}\n2 "
                 "at=2026-03-02T00:00:00Z {\"n\":\"true\"}\n"
                 "3 ! line 5: a cell points to a text the workbook does not have\n"));
    h.wish.sheet = S("二");
    assert_str(hear_text(&h, S("x.xlsx"), book), S("1 words=[第二]\n"));
    h.wish.sheet = S("3");
    assert_str(hear_text(&h, S("x.xlsx"), book),
               S("failed: there is no sheet \"3\"; there are One, 二\n"));
    h.wish.sheet = NO_STR;
    str old = workbook(
        h.a, (parts){.book = S("<workbook xmlns:r=\"r\"><workbookPr date1904=\"1\"/><sheets><sheet "
                               "name=\"One\" r:id=\"r1\"/></sheets></workbook>")});
    assert_true(str_starts(hear_text(&h, S("x.xlsx"), old), S("1 at=2030-03-02T12:00:00Z")) ||
                str_find(hear_text(&h, S("x.xlsx"), old), S("future")) > 0);
    arena_close(h.a);
}

static void a_damaged_or_hostile_workbook_is_one_sentence(void **state) {
    (void)state;
    hearing h = hearing_open((size_t)512 << 20);
    str book = workbook(h.a, (parts){.book = {0}});
    assert_str(hear_text(&h, S("x.xlsx"), str_head(book, book.n / 2)),
               S("failed: the workbook is damaged or cut off: its ZIP directory cannot be read\n"));
    str entity = S("<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b "
                   "\"&a;&a;\">]><worksheet><sheetData/></worksheet>");
    assert_true(str_starts(hear_text(&h, S("x.xlsx"), workbook(h.a, (parts){.sheet = entity})),
                           S("failed: the workbook holds a document type declaration")));
    assert_true(
        str_starts(hear_text(&h, S("x.xlsx"),
                             workbook(h.a, (parts){.sheet = S("<worksheet><row></worksheet>")})),
                   S("failed: the workbook is damaged: its XML has an error in line 1")));
    buf bomb = {.a = h.a};
    buf_str(&bomb, S("<worksheet><sheetData>"));
    for (int i = 0; i < 2000000; i++)
        buf_str(&bomb, S("                                                "));
    assert_true(str_starts(
        hear_text(&h, S("x.xlsx"), workbook(h.a, (parts){.sheet = buf_view(&bomb)})),
        S("failed: the workbook's part xl/worksheets/sheet1.xml unpacks to more than 200 times")));
    buf tag = {.a = h.a};
    buf_str(&tag, S("<worksheet x='"));
    for (int i = 0; i < 1000000; i++) buf_str(&tag, S("abcdefghijklmnop"));
    assert_true(
        str_starts(hear_text(&h, S("x.xlsx"), workbook(h.a, (parts){.sheet = buf_view(&tag)})),
                   S("failed: the workbook is not read: one tag in it is longer")));
    arena_close(h.a);
}

/* ---- recognising ---- */

static void each_format_knows_its_own_head(void **state) {
    (void)state;
    static const struct {
        const char *head, *want;
    } all[] = {{"a,b\n1,2\n", "csv"},
               {"a;b\n1,5;2\n", "csv"},
               {"a|b\n1|2\n", "csv"},
               {"a\tb, c\n1\t2\n", "tsv"},
               {"just words\nin lines, some with commas\n", "csv"},
               {" [ {\"a\":1} ]", "json"},
               {"{\"a\":1}\n{\"a\":2}\n", "jsonl"},
               {"{\n \"a\": [{\"b\":1}]}", "json"},
               {"<?xml version=\"1.0\"?>\n<log xes.version=\"1.0\">\n<trace>", "xes"},
               {"PK\3\4 xl/workbook.xml", "xlsx"}};
    for (size_t i = 0; i < COUNT(all); i++) {
        int best = 0;
        const char *name = "";
        for (size_t k = 0; k < formats_n; k++) {
            format_options o = {.header = -1};
            int sure = formats[k]->guess(str_of(all[i].head), &o);
            if (sure > best) best = sure, name = formats[k]->name;
        }
        if (strcmp(name, all[i].want) != 0) fail_msg("%s taken for %s", all[i].head, name);
    }
}

static void a_file_without_a_header_is_seen(void **state) {
    (void)state;
    hearing h = hearing_open(8 << 20);
    assert_str(
        hear_text(&h, S("x.csv"),
                  S("7,the parcel came on time and whole\n8,nobody answered the phone at all\n")),
        S("1 words=[the parcel came on time and whole] {\"c1\":7}\n2 words=[nobody answered the "
          "phone at all] {\"c1\":8}\n"));
    arena_close(h.a);
}

static void encodings_are_recognised(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t n;
        encoding want;
    } all[] = {
        {"text\nplain", 10, DECODE_UTF8},
        {"text\n\xe5\xbf\xab\xe9\x80\x92", 11, DECODE_UTF8},
        {"text\n\xbf\xec\xb5\xdd\xcc\xab\xc2\xfd\xc1\xcb", 15, DECODE_GB18030},
        {"text\n\xab\xc8\xaa\x41\xba\x41\xab\xd7\xab\xdc\xa6\x6e", 17, DECODE_BIG5},
        {"text\ncaf\xe9 tr\xe8s bon", 17, DECODE_LATIN1},
        {"a\0,\0b\0\n\0", 8, DECODE_UTF16LE},
        {"\0a\0,\0b\0\n", 8, DECODE_UTF16BE},
    };
    for (size_t i = 0; i < COUNT(all); i++)
        if (encoding_guess((str){all[i].bytes, all[i].n}) != all[i].want)
            fail_msg("number %zu is taken for %s", i,
                     encoding_name(encoding_guess((str){all[i].bytes, all[i].n})));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_is_read_as_rfc_4180_says),
        cmocka_unit_test(a_broken_quote_costs_one_line),
        cmocka_unit_test(csv_equals_its_slow_twin_in_pieces_of_any_size),
        cmocka_unit_test(an_endless_line_is_one_sentence_in_bounded_memory),
        cmocka_unit_test(too_many_columns_are_one_sentence),
        cmocka_unit_test(nul_bytes_cost_their_record),
        cmocka_unit_test(json_lists_are_found_and_flattened),
        cmocka_unit_test(broken_json_records_cost_only_themselves),
        cmocka_unit_test(late_columns_find_their_place),
        cmocka_unit_test(xes_events_bring_the_attributes_of_their_trace),
        cmocka_unit_test(a_damaged_or_hostile_log_is_one_sentence),
        cmocka_unit_test(xlsx_texts_dates_and_sheets_are_read),
        cmocka_unit_test(a_damaged_or_hostile_workbook_is_one_sentence),
        cmocka_unit_test(each_format_knows_its_own_head),
        cmocka_unit_test(a_file_without_a_header_is_seen),
        cmocka_unit_test(encodings_are_recognised),
    };
    return RUN_TESTS(tests);
}
