/* wordcut_fuzz.c - any bytes are cut into words that follow each other; and any lines are a dictionary
** of one's own or one sentence. */
#include "kern/hans.h"
#include "kern/wordcut.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n) {
    if (n > 20000) return 0;
    arena *a = arena_open((size_t)64 << 20);
    str text = {(const char *)p, n}, lines = str_head(text, n / 4);
    err e;
    word_trie own;
    wordcut w = {.shipped = wordcut_shipped()};
    if (wordcut_build_own(a, lines, &own, &e)) w.own = &own;
    const cut_word *cuts;
    size_t k = wordcut_text(&w, wordcut_room_new(a), text, &cuts);
    for (size_t i = 0; i < k; i++) {
        check(cuts[i].start < cuts[i].end && cuts[i].end <= n);
        check(i == 0 || cuts[i].start >= cuts[i - 1].end);
    }
    str once = hans_simplified(a, text);
    check(once.n == n && str_eq(hans_simplified(a, once), once));
    arena_close(a);
    return 0;
}
