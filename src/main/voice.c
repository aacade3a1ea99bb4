/* voice.c - how one signal is shown. */
#include "main/voice.h"
#include "base/time.h"
#include "base/utf8.h"
#include "main/screen.h"
#include "understand/taxonomy.h"

str voice_text(const signal *sig, const insight *ins) {
    return ins->row.clean.p ? ins->row.clean : sig->row.words;
}

static str polarity(i64 p) {
    return p == NONE ? NO_STR : p < 0 ? S("negative") : p > 0 ? S("positive") : S("neutral");
}

static void member(json_out *j, const char *key, str text) {
    json_key(j, str_of(key));
    json_text(j, text);
}

/* The API counts code points; inside we count bytes. */
static i64 code_points(str words, i64 bytes) {
    return (i64)utf8_count(str_head(words, (size_t)MAX(bytes, 0)));
}

static void mentions_json(json_out *j, str words, const insight *ins) {
    json_key(j, S("mentions"));
    json_array(j);
    for (size_t i = 0; i < ins->mentions_n; i++) {
        const mention *m = &ins->mentions[i];
        json_object(j);
        member(j, "aspect", m->aspect);
        member(j, "polarity", polarity(m->polarity));
        json_key(j, S("strength"));
        json_int(j, m->strength);
        member(j, "opinion", m->opinion);
        json_key(j, S("start"));
        json_int(j, code_points(words, m->start));
        json_key(j, S("end"));
        json_int(j, code_points(words, m->end));
        json_end_object(j);
    }
    json_end_array(j);
}

static void insight_json(json_out *j, const insight *ins) {
    const insight_row *r = &ins->row;
    member(j, "lang", r->lang);
    member(j, "quality", r->quality);
    json_key(j, S("duplicate_of"));
    json_int(j, r->duplicate_of);
    json_key(j, S("redacted"));
    json_int(j, r->redacted);
    member(j, "sentiment", polarity(r->sentiment));
    json_key(j, S("confidence"));
    json_int(j, r->confidence);
    member(j, "emotion", r->emotion);
    member(j, "intent", r->intent);
    json_key(j, S("tags"));
    json_array(j);
    str rest = r->tags, one;
    for (bool more = r->tags.n > 0; more;) {
        more = str_cut(rest, 0x1f, &one, &rest);
        json_text(j, more ? one : rest);
    }
    json_end_array(j);
    member(j, "reader", r->reader);
}

static void amount_json(json_out *j, num6 amount) {
    json_key(j, S("amount"));
    if (amount == NONE) {
        json_null(j);
        return;
    }
    buf b = {0};
    buf_num6(&b, amount);
    json_raw(j, buf_view(&b));
    buf_clear(&b);
}

void voice_json(json_out *j, const signal *sig, const insight *ins) {
    const signal_row *r = &sig->row;
    arena *a = arena_open(4096 * 16);
    json_object(j);
    json_key(j, S("id"));
    json_int(j, r->id);
    member(j, "uid", r->uid);
    member(j, "source", r->source);
    member(j, "external_id", r->external_id);
    member(j, "occurred_at", time_print(a, r->occurred_at));
    member(j, "received_at", time_print(a, r->received_at));
    member(j, "channel", r->channel);
    member(j, "touchpoint", r->touchpoint);
    member(j, "product", r->product);
    member(j, "customer", r->customer);
    member(j, "event", r->event);
    amount_json(j, r->amount);
    member(j, "currency", r->currency);
    member(j, "words", voice_text(sig, ins));
    json_key(j, S("attributes"));
    json_raw(j, r->attributes.p ? r->attributes : S("{}"));
    insight_json(j, ins);
    mentions_json(j, voice_text(sig, ins), ins);
    json_end_object(j);
    arena_close(a);
}

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
    put(&b, S(""), polarity(ins->row.sentiment));
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
