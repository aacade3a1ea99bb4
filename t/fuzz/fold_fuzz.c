/* fold_fuzz.c - folding any bytes: idempotent, offsets in order, and fold_has agrees with fold. */
#include "base/base.h"
#include "kern/fold.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    arena *a = arena_open((size_t)256 << 20);
    str text = {(const char *)data, size}, once, twice;
    u32 *offsets;
    fold(a, text, &once, &offsets);
    fold(a, once, &twice, NULL);
    check(str_eq(once, twice));
    for (size_t i = 0; i < once.n; i++) check(offsets[i] <= offsets[i + 1]);
    check(offsets[once.n] == size);
    str needle = str_head(str_from(once, once.n / 3), once.n / 4);
    check(size == 0 || fold_has(text, needle));
    arena_close(a);
    return 0;
}
