/* understand_fuzz.c - any words, any sentence ends: all readers stay within the text. */
#include "base/job.h"
#include "kern/fold.h"
#include "understand/understand.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool read_job(arena *a, void *ctx, err *e) {
    str words = *(const str *)ctx, folded;
    u32 *offsets = NULL, ends[2] = {(u32)(words.n / 3), (u32)words.n};
    insight ins = {.row = {.lang = NO_STR}};
    fold(a, words, &folded, &offsets);
    if (!understand_signal(NULL, a, NULL, words, folded, offsets, ends, 2, &ins, e)) return false;
    for (size_t i = 0; i < ins.mentions_n; i++) {
        const mention *m = &ins.mentions[i];
        check(m->start >= 0 && m->start <= m->end && (size_t)m->end <= words.n);
        check(m->polarity >= -1 && m->polarity <= 1 && m->strength >= 0 && m->strength <= 100);
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    err e = {0};
    str words = {(const char *)data, MIN(size, (size_t)LIMIT_WORDS_BYTES)};
    if (!job_run((size_t)256 << 20, read_job, &words, &e)) check(e.code == LIMIT);
    return 0;
}
