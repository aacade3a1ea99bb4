/* item_fuzz.c - what strangers post: our items, Segment's calls, wishes about files, cursors. */
#include "api/cursor.h"
#include "flow/loader.h"
#include "base/job.h"
#include "hear/item.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool read_all(arena *a, void *ctx, err *e) {
    const str *text = ctx;
    item_usual usual = {S("fuzz"), 1772000000000, S("name")};
    json *v;
    signal s, again;
    plan_wish w;
    i64 at, id;
    if (cursor_read(*text, 'v', &at, &id, e)) check(str_eq(cursor_print(a, 'v', at, id), *text));
    if (!json_read(a, *text, &v, e)) return true;
    bool item = item_read(a, v, &usual, &s, e);
    check(!item || signal_check(&s, usual.now_ms, e));
    if (item) {
        again = (signal){.row = s.row};
        check(signal_unseal(a, &again, e) && again.attrs_n == s.attrs_n);
    }
    bool call = segment_read(a, v, S("track"), &usual, &s, e);
    check(!call || signal_check(&s, usual.now_ms, e));
    if (!wish_read(a, v, &w, e)) check(e->code != OK);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    str text = {(const char *)data, size};
    err e;
    if (!job_run((size_t)64 << 20, read_all, &text, &e)) check(e.code == LIMIT);
    return 0;
}
