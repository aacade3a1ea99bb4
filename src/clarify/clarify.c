/* clarify.c - runs the steps in their order over one signal. */
#include "clarify/clarify.h"
#include "base/utf8.h"
#include "clarify/step.h"

/* The step that comes after (order, index) = (*order, *at); NULL when all have run. */
static const step *next_step(int *order, size_t *at) {
    const step *best = NULL;
    size_t best_at = 0;
    for (size_t i = 0; i < steps_n; i++) {
        int o = steps[i]->order;
        bool later = o > *order || (o == *order && i > *at);
        if (later && (!best || o < best->order)) {
            best = steps[i];
            best_at = i;
        }
    }
    if (!best) return NULL;
    *order = best->order;
    *at = best_at;
    return best;
}

/* Numbers with commas between; by hand, for every signal has some. */
static str sentences_print(arena *a, const clarified *c) {
    char digits[12];
    buf b = {.a = a};
    for (size_t i = 0; i < c->sentences_n; i++) {
        size_t at = sizeof digits;
        for (u32 x = c->sentence_ends[i]; x > 0 || at == sizeof digits; x /= 10)
            digits[--at] = (char)('0' + x % 10);
        if (i) digits[--at] = ',';
        buf_bytes(&b, digits + at, sizeof digits - at);
    }
    return c->sentences_n ? buf_view(&b) : NO_STR;
}

/* What the steps promise each other and the next room. */
static void check_result(const clarifying *c) {
    const clarified *o = c->out;
    check(o->text.p && o->folded.p && o->offsets);
    check(o->offsets[o->folded.n] == o->text.n);
    check(o->sentences_n == 0 || o->sentence_ends[o->sentences_n - 1] == o->text.n);
    check(c->ins->row.quality.n > 0 && c->ins->row.lang.n > 0);
    check(o->folded_chars > 0 || c->ins->row.words_hash == NONE);
}

bool clarify_signal(arena *a, const signal *s, const clarify_setup *setup, insight *ins_out,
                    clarified *out, err *e) {
    static const clarify_setup usual = {.keep_personal_data = false};
    str words = s->row.words;
    if (words.n > LIMIT_WORDS_BYTES)
        return fail(e, INVALID, "words: %zu bytes are more than the %d one signal may have",
                    words.n, LIMIT_WORDS_BYTES);
    ptrdiff_t bad = words.p ? utf8_bad(words) : -1;
    if (bad >= 0)
        return fail(e, INVALID, "words: byte %td is not UTF-8; give the file's encoding", bad + 1);
    insight ins = {.mentions = NULL};
    noun_init(&noun_insight, &ins.row);
    ins.row.quality = S("ok");
    clarified result = {.text = words.p ? words : S("")};
    clarifying c = {.a = a, .sig = s, .setup = setup ? setup : &usual, .ins = &ins, .out = &result};
    int order = INT_MIN;
    size_t at = 0;
    for (const step *st = next_step(&order, &at); st; st = next_step(&order, &at)) st->run(&c);
    check_result(&c);
    if (result.folded_chars == 0) ins.row.quality = S("empty");
    ins.row.clean = words.p && !str_eq(result.text, words) ? result.text : NO_STR;
    ins.row.sentences = sentences_print(a, &result);
    *ins_out = ins;
    *out = result;
    return true;
}
