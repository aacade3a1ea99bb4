/* voice_json.c - one signal with what was understood of it, for programs. */
#include "understand/voice_json.h"
#include "base/time.h"
#include "base/utf8.h"

str voice_text(const signal *sig, const insight *ins) {
    return ins->row.clean.p ? ins->row.clean : sig->row.words;
}

str polarity_word(i64 p) {
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
        member(j, "polarity", polarity_word(m->polarity));
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
    member(j, "sentiment", polarity_word(r->sentiment));
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
