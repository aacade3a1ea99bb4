/* sentence_fuzz.c - sentence ends of any bytes rise and reach the end; fingerprints take anything. */
#include "base/base.h"
#include "kern/sentence.h"
#include "kern/simhash.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    arena *a = arena_open((size_t)256 << 20);
    str text = {(const char *)data, size};
    u32 *ends;
    size_t n = sentences_split(a, text, &ends);
    for (size_t i = 0; i < n; i++) check(ends[i] > (i ? ends[i - 1] : 0));
    check(n == 0 || ends[n - 1] == size);
    (void)words_hash(text);
    (void)simhash64(text);
    arena_close(a);
    return 0;
}
