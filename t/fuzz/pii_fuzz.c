/* pii_fuzz.c - personal data in any bytes: hits rise and lie inside, redacting twice is once. */
#include "base/base.h"
#include "kern/pii.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    arena *a = arena_open((size_t)256 << 20);
    str text = {(const char *)data, size};
    pii_hit *hits;
    u32 n_once, n_twice;
    size_t n = pii_find(a, text, &hits);
    for (size_t i = 0; i < n; i++)
        check(hits[i].from < hits[i].to && hits[i].to <= size && (i == 0 || hits[i - 1].to <= hits[i].from));
    str once = pii_redact(a, text, PII_ZH_HANS, &n_once);
    check(str_eq(pii_redact(a, once, PII_ZH_HANS, &n_twice), once));
    check((n > 0) == (n_once > 0));
    arena_close(a);
    return 0;
}
