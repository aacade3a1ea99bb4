/* err.c - failures are values; broken invariants end the process with the place. */
#include "base/base.h"

_Noreturn void check_failed(const char *cond, const char *file, int line) {
    fprintf(stderr, "heed: %s:%d: check failed: %s\n", file, line, cond);
    abort();
}

bool err_set(err *e, err_code c, const char *file, int line, const char *fmt, ...) {
    va_list ap;
    e->code = c;
    e->file = file;
    e->line = line;
    va_start(ap, fmt);
    vsnprintf(e->msg, sizeof e->msg, fmt, ap);
    va_end(ap);
    return false;
}
