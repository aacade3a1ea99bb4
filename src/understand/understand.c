/* understand.c - one lexicon pass, then every reader in order.  See understand.h. */
#include "understand/understand.h"
#include "understand/findings.h"

enum { READERS_MOST = 64, READER_NAMES_MOST = 60 };
static const reader *in_order[READERS_MOST];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void sort_readers(void) {
    check(readers_n <= READERS_MOST);
    for (size_t i = 0; i < readers_n; i++) {
        size_t j = i;
        for (; j > 0 && in_order[j - 1]->order > readers[i]->order; j--)
            in_order[j] = in_order[j - 1];
        in_order[j] = readers[i];
    }
}

bool lang_is_read(str lang) {
    return lang.n == 0 || str_starts(lang, S("zh")) || str_starts(lang, S("en")) ||
           str_eq(lang, S("und"));
}

bool understand_reading(reading *r, const u32 *sentence_ends, size_t sentences_n, err *e) {
    check(r->a && r->ins && (r->offsets || !r->text.p));
    check(pthread_once(&once, sort_readers) == 0);
    insight_row *row = &r->ins->row;
    row->sentiment = row->confidence = NONE;
    row->emotion = row->intent = NO_STR;
    r->ins->mentions = NULL;
    r->ins->mentions_n = 0;
    row->reader = S(READERS_VERSION);
    if (r->models)
        row->reader = arena_fmt(r->a, "%s %.*s", READERS_VERSION,
                                STR_ARG(str_head(r->models->names, READER_NAMES_MOST)));
    if (r->text.n == 0 || r->folded.n == 0) return true;
    check(r->folded.n < UINT32_MAX && r->offsets[r->folded.n] <= r->text.n);
    findings_make(r, vocabulary_shipped(), sentence_ends, sentences_n, lang_is_read(row->lang));
    weigh(r);
    for (size_t i = 0; i < readers_n; i++)
        if (!in_order[i]->read(r, e)) return false;
    return true;
}

bool understand_signal(const readers_kit *kit, arena *a, const signal *s, str text, str folded,
                       const u32 *offsets, const u32 *sentence_ends, size_t sentences_n,
                       insight *ins, err *e) {
    reading r = {.a = a, .sig = s, .ins = ins, .text = text, .folded = folded, .offsets = offsets};
    if (kit) r.room = kit->room;
    if (kit && kit->own && kit->own->n) {
        check(kit->room);
        r.models = kit->own;
    }
    return understand_reading(&r, sentence_ends, sentences_n, e);
}
