/* voice.c - how one signal is shown on a terminal. */
#include "main/voice.h"
#include "base/time.h"
#include "main/screen.h"
#include "understand/taxonomy.h"

static void put(buf *b, str label, str text) {
    if (!text.n) return;
    buf_fmt(b, "%s%.*s%.*s", b->n ? " · " : "", STR_ARG(label), STR_ARG(text));
}

static void scores(buf *b, const signal *sig) {
    for (size_t i = 0; i < sig->attrs_n; i++) {
        const attribute *at = &sig->attrs[i];
        if (!str_starts(at->key, S("score:")) || at->num == NONE) continue;
        buf_fmt(b, " · %.*s ", STR_ARG(str_from(at->key, 6)));
        buf_num6(b, at->num);
    }
}

static void understood(call *c, const insight *ins, str locale) {
    buf b = {.a = c->a};
    put(&b, S(""), polarity_word(ins->row.sentiment));
    put(&b, S(""), ins->row.intent);
    put(&b, S(""), ins->row.emotion);
    if (!str_eq(ins->row.quality, S("ok"))) put(&b, S(""), ins->row.quality);
    for (size_t i = 0; i < ins->mentions_n; i++) {
        const mention *m = &ins->mentions[i];
        str title = taxonomy_title(taxonomy_shipped(), m->aspect, locale);
        put(&b, m->polarity < 0 ? S("− ") : m->polarity > 0 ? S("+ ") : S("○ "), title);
    }
    if (b.n) fprintf(c->out, "    %.*s\n", STR_ARG(buf_view(&b)));
}

void voice_print(call *c, const signal *sig, const insight *ins, str locale) {
    buf b = {.a = c->a};
    put(&b, S(""), str_head(time_print(c->a, sig->row.occurred_at), 16));
    put(&b, S(""), sig->row.channel);
    put(&b, S(""), sig->row.touchpoint);
    put(&b, S(""), sig->row.product);
    put(&b, S(""), sig->row.event);
    scores(&b, sig);
    fprintf(c->out, "#%" PRId64 "  %.*s\n", sig->row.id, STR_ARG(buf_view(&b)));
    str words = one_line(c->a, voice_text(sig, ins));
    if (words.n) fprintf(c->out, "    %.*s\n", STR_ARG(words));
    understood(c, ins, locale);
}

typedef struct {
    call *c;
    const i64 *ids;
    str *out;
    size_t n, width;
} quoting;

static bool take_quote(void *ctx, const signal *sig, const insight *ins, err *e) {
    (void)e;
    quoting *q = ctx;
    for (size_t i = 0; i < q->n; i++)
        if (q->ids[i] == sig->row.id) {
            str line = one_line(q->c->a, voice_text(sig, ins));
            q->out[i] = text_width(line) > q->width ? text_fit(q->c->a, line, q->width)
                                                    : arena_str(q->c->a, line);
        }
    return true;
}

bool voice_quotes(call *c, store *s, const i64 *ids, size_t n, size_t width, str *out, err *e) {
    quoting q = {c, ids, out, n, width};
    return store_scan_ids(s, ids, n, take_quote, &q, e);
}
