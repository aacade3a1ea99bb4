/* send.c - says something to an endpoint outside, or by it to the customer; flow's sender carries it out. */
#include "act/contact.h"
#include "act/rule.h"
#include "base/time.h"
#include "base/utf8.h"

enum { TITLE_BYTES = 160, TEXT_BYTES = 6000 };

static const char *const known[] = {"to", "title", "text", "audience", "purpose"};

static bool for_customer(const json *params) {
    return str_eq(json_get_text(params, S("audience")), S("customer"));
}

static bool accepts_customer(const json *params, err *e) {
    str purpose = json_get_text(params, S("purpose"));
    if (!contact_purpose(purpose))
        return fail(e, INVALID,
                    "send: a customer is written to for a purpose: service, survey or marketing");
    if (!json_get_text(params, S("title")).n || !json_get_text(params, S("text")).n)
        return fail(e, INVALID, "send: a customer's mail wants a title and a text");
    return true;
}

static bool accepts(const json *params, err *e) {
    str audience = json_get_text(params, S("audience"));
    if (json_get_text(params, S("to")).n == 0)
        return fail(e, INVALID, "send: to which endpoint? write: send to=NAME");
    if (audience.n && !str_eq(audience, S("team")) && !str_eq(audience, S("customer")))
        return fail(e, INVALID, "send: \"audience\" is \"%.*s\", want team or customer",
                    STR_ARG(audience));
    for (const json *p = params->first; p; p = p->next) {
        bool found = false;
        for (size_t i = 0; i < COUNT(known); i++) found |= str_eq(p->key, str_of(known[i]));
        if (!found) return fail(e, INVALID, "send: no parameter \"%.*s\"", STR_ARG(p->key));
    }
    return !for_customer(params) || accepts_customer(params, e);
}

static str words_of(const heard *h) {
    return h->ins.row.clean.p ? h->ins.row.clean : h->sig.row.words;
}

/* {words}, {channel}, {touchpoint}, {product} and {rule}; other braces stay as they are. */
static str filled(arena *a, str text, const rule *r, const heard *h) {
    const struct {
        str name, v;
    } places[] = {{S("{words}"), words_of(h)},
                  {S("{channel}"), h->sig.row.channel},
                  {S("{touchpoint}"), h->sig.row.touchpoint},
                  {S("{product}"), h->sig.row.product},
                  {S("{rule}"), r->name}};
    buf b = {.a = a};
    while (text.n) {
        size_t took = 0;
        for (size_t i = 0; i < COUNT(places) && !took; i++)
            if (str_starts(text, places[i].name)) buf_str(&b, places[i].v), took = places[i].name.n;
        if (!took) buf_char(&b, text.p[0]), took = 1;
        text = str_from(text, took);
    }
    return buf_view(&b);
}

static void member(json_out *j, const char *key, str text) {
    if (!text.p) return;
    json_key(j, str_of(key));
    json_text(j, text);
}

static void signal_member(json_out *j, arena *a, const heard *h) {
    const signal_row *s = &h->sig.row;
    json_key(j, S("signal"));
    json_object(j);
    member(j, "source", s->source);
    member(j, "external_id", s->external_id);
    member(j, "occurred_at", time_print(a, s->occurred_at));
    member(j, "channel", s->channel);
    member(j, "touchpoint", s->touchpoint);
    member(j, "product", s->product);
    if (h->ins.row.sentiment != NONE) {
        json_key(j, S("sentiment"));
        json_int(j, h->ins.row.sentiment);
    }
    member(j, "intent", h->ins.row.intent);
    json_key(j, S("aspects"));
    json_array(j);
    for (size_t i = 0; i < h->ins.mentions_n; i++) json_text(j, h->ins.mentions[i].aspect);
    json_end_array(j);
    json_end_object(j);
}

static str usual_title(arena *a, const rule *r, const signal_row *s) {
    str place = s->touchpoint.n ? s->touchpoint : s->channel;
    return place.n ? arena_fmt(a, "%.*s · %.*s", STR_ARG(r->name), STR_ARG(place)) : r->name;
}

static void plan(arena *a, const rule *r, const json *params, const heard *h, i64 now_ms,
                 deed *out) {
    buf b = {.a = a};
    json_out j = json_to(&b);
    str title = json_get_text(params, S("title")), text = json_get_text(params, S("text"));
    title = title.n ? filled(a, title, r, h) : usual_title(a, r, &h->sig.row);
    text = text.n ? filled(a, text, r, h) : words_of(h);
    json_object(&j);
    member(&j, "type", S("signal.matched"));
    json_key(&j, S("planned_at"));
    json_int(&j, now_ms);
    member(&j, "title", utf8_clip(title, TITLE_BYTES));
    if (text.p) member(&j, "text", utf8_clip(text, TEXT_BYTES));
    member(&j, "rule", r->name);
    if (for_customer(params)) {
        member(&j, "audience", S("customer"));
        member(&j, "purpose", json_get_text(params, S("purpose")));
    }
    signal_member(&j, a, h);
    json_end_object(&j);
    out->endpoint = json_get_text(params, S("to"));
    out->payload = buf_view(&b);
}

/* The outbox in the house leaves alone what has an endpoint. */
static bool perform(store *s, arena *a, const deed *d, i64 now_ms, err *e) {
    (void)s, (void)a, (void)now_ms;
    return fail(e, INVALID, "deed %" PRId64 " names no endpoint to be sent to", d->id);
}

const action action_send = {
    .name = "send",
    .title = "Send a message",
    .help = "Tells an endpoint (heed endpoint): a mailbox, a chat's robot, a webhook; or writes to "
            "the customer, as the contact policy allows.",
    .params = "to text required Name of the endpoint\n"
              "title text optional One line; {rule}, {touchpoint}, {channel}, {product}\n"
              "text text optional What is said; {words} are the customer's, without personal data\n"
              "audience choice optional team (the usual) or customer\n"
              "purpose choice optional service, survey or marketing: of what goes to a customer",
    .accepts = accepts,
    .plan = plan,
    .perform = perform,
};
