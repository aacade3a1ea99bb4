/* expr_fuzz.c - any bytes as an expression: refused with a sentence, or printed and read back
 * equal. */
#include "base/job.h"
#include "base/limits.h"
#include "kern/expr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static bool again(arena *a, void *ctx, err *e) {
    const expr *x, *y;
    buf first = {.a = a}, second = {.a = a};
    if (!expr_parse(a, *(const str *)ctx, 480, &x, e)) return false;
    expr_print(&first, x);
    if (first.n > LIMIT_EXPR_BYTES) return true; /* blanks added by printing */
    check(expr_parse(a, buf_view(&first), -300, &y, e));
    expr_print(&second, y);
    check(str_eq(buf_view(&first), buf_view(&second)));
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    err e = {0};
    str text = {(const char *)data, n};
    if (!job_run((size_t)16 << 20, again, &text, &e)) check(e.code != OK && e.msg[0]);
    return 0;
}
