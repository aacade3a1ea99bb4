/* linear_fuzz.c - model files of any bytes: with a right checksum they may open, never lead outside. */
#include "base/base.h"
#include "kern/linear.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 40 || size > 1 << 20) return 0;
    arena *a = arena_open((size_t)64 << 20);
    char *copy = arena_raw(a, size);
    memcpy(copy, data, size);
    u64 n = size, hash = str_hash((str){copy + 24, size - 24});
    memcpy(copy, "HEEDWRD1", 8);
    memcpy(copy + 8, &n, 8);
    memcpy(copy + 16, &hash, 8);
    linear m;
    err e;
    if (linear_open(a, S("fuzzed"), (str){copy, size}, &m, &e)) {
        float *margins = NEW_N(a, float, m.rows_n);
        double *sure = NEW_N(a, double, m.classes_n);
        str text = S("very good room, 很好吃 but 太慢了");
        linear_margins(&m, grams_room_new(a), text, margins);
        linear_sure(&m, margins, sure);
        linear_reason why[4];
        check(linear_best(&m, margins) < m.classes_n);
        check(linear_reasons(&m, a, text, m.classes_n - 1, 4, why) <= 4);
    } else {
        check(e.code == CORRUPT || e.code == LIMIT);
    }
    arena_close(a);
    return 0;
}
