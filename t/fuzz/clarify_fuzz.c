/* clarify_fuzz.c - one signal through all cleaning steps; clean words stay as they are. */
#include "base/base.h"
#include "clarify/clarify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    arena *a = arena_open((size_t)256 << 20);
    signal s;
    insight ins;
    clarified out;
    err e;
    signal_init(&s);
    s.row.words = (str){(const char *)data, size};
    if (clarify_signal(a, &s, NULL, &ins, &out, &e)) {
        s.row.words = out.text;
        check(clarify_signal(a, &s, NULL, &ins, &out, &e));
        check(!ins.row.clean.p && ins.row.redacted == 0);
    }
    arena_close(a);
    return 0;
}
