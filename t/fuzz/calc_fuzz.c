/* calc_fuzz.c - any JSON for any method: answered or refused; an answer is JSON without nan. */
#include "base/job.h"
#include "kern/method.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool once(arena *a, void *ctx, err *e) {
    str text = *(str *)ctx, name;
    json *input, *again;
    buf b;
    if (!str_cut(text, '\n', &name, &text)) return fail(e, INVALID, "a method's name comes first");
    const method *m = method_find(name);
    if (!m && name.n) m = methods[(u8)name.p[0] % methods_n];
    if (!m) return fail(e, INVALID, "no name");
    if (!json_read(a, text, &input, e) || !method_run(a, m, input, &b, e)) return false;
    check(json_read(a, buf_view(&b), &again, e));
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    err e = {0};
    str text = {(const char *)data, size};
    if (!job_run((size_t)32 << 20, once, &text, &e)) check(e.msg[0]);
    return 0;
}
