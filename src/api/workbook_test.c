/* workbook_test.c - a workbook is a zip of XML that opens, the same twice; nothing in it is a formula. */
#include "base/test.h"
#include "api/workbook.h"
#include <minizip/unzip.h>
#include <unistd.h>

static str made(arena *a) {
    err e;
    str out;
    workbook *w = workbook_open(a, S("A & B"));
    workbook_text(w, S("channel"));
    workbook_text(w, S("value"));
    workbook_row(w);
    workbook_text(w, S("=1+1 <b> \"语音\" \x01"));
    workbook_number(w, -2.5);
    workbook_row(w);
    workbook_text(w, NO_STR);
    workbook_number(w, NAN);
    for (int i = 0; i < 30; i++) workbook_number(w, i);
    assert_ok(workbook_end(w, &out, &e));
    return out;
}

static str part(arena *a, str bytes, const char *name) {
    char path[] = "/tmp/heed-workbook-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n);
    close(fd);
    unzFile z = unzOpen(path);
    assert_non_null(z);
    assert_int_equal(unzLocateFile(z, name, 1), UNZ_OK);
    assert_int_equal(unzOpenCurrentFile(z), UNZ_OK);
    char *to = arena_alloc(a, 1 << 16);
    int n = unzReadCurrentFile(z, to, 1 << 16);
    assert_true(n > 0);
    unzClose(z);
    unlink(path);
    return (str){to, (size_t)n};
}

static void a_workbook_holds_its_cells(void **state) {
    (void)state;
    arena *a = arena_open((size_t)16 << 20);
    str bytes = made(a), sheet = part(a, bytes, "xl/worksheets/sheet1.xml");
    assert_true(str_starts(bytes, S("PK")));
    assert_true(str_eq(bytes, made(a)));
    assert_true(
        str_find(sheet,
                 S("<c r=\"A2\" t=\"inlineStr\"><is><t xml:space=\"preserve\">=1+1 &lt;b&gt; "
                   "&quot;语音&quot;  </t>")) > 0);
    assert_true(str_find(sheet, S("<c r=\"B2\"><v>-2.5</v></c>")) > 0);
    assert_true(str_find(sheet, S("<c r=\"A3\"/><c r=\"B3\"/>")) > 0);
    assert_true(str_find(sheet, S("<c r=\"AF3\"><v>29</v></c>")) > 0);
    assert_true(str_find(sheet, S("<f>")) < 0);
    assert_true(str_find(part(a, bytes, "xl/workbook.xml"), S("A &amp; B")) > 0);
    arena_close(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_workbook_holds_its_cells)};
    return RUN_TESTS(tests);
}
