/* markup_fuzz.c - stripping any bytes: twice is once. */
#include "base/base.h"
#include "kern/markup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    arena *a = arena_open((size_t)256 << 20);
    str once = markup_strip(a, (str){(const char *)data, size});
    check(str_eq(markup_strip(a, once), once));
    arena_close(a);
    return 0;
}
