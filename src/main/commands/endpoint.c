/* endpoint.c - places outside that messages go to. */
#include "act/way.h"
#include "base/time.h"
#include "flow/sender.h"
#include "main/desk.h"
#include "main/screen.h"

typedef struct {
    str store, way, address, secret;
    str_list set;
    bool near, json;
    str_list words;
} wanted;

static bool found(call *c, const wanted *w, store **s, endpoint *p, err *e) {
    if (!desk_store(c, w->store, false, s, e)) return false;
    store_actor(*s, S("command line"));
    if (store_find(*s, c->a, &noun_endpoint, w->words.items[1], p, e)) return true;
    if (e->code != NOT_FOUND) return false;
    return fail(e, NOT_FOUND, "no endpoint is called \"%.*s\"; see `heed endpoint list`",
                STR_ARG(w->words.items[1]));
}

/* ---- list ---- */

static void print_one(json_out *j, arena *a, const endpoint *p, const endpoint_pace *at) {
    buf b = {.a = a};
    json_out one = json_to(&b);
    noun_print(&one, &noun_pace, at);
    json_object(j);
    json_key(j, S("endpoint"));
    noun_print(j, &noun_endpoint, p);
    json_key(j, S("pace"));
    json_raw(j, buf_view(&b));
    json_end_object(j);
}

static str state_text(arena *a, const endpoint *p, const endpoint_pace *at) {
    if (p->enabled != 1) return S("off");
    if (at->paused.n) return arena_fmt(a, "paused: %.*s", STR_ARG(at->paused));
    if (at->error.n)
        return arena_fmt(a, "failing (%" PRId64 "): %.*s", at->failures, STR_ARG(at->error));
    return S("on");
}

static bool list_json(call *c, store *s, const endpoint *p, size_t n, err *e) {
    buf b = {.a = c->a};
    json_out j = json_to(&b);
    json_array(&j);
    for (size_t i = 0; i < n; i++) {
        endpoint_pace at;
        if (!pace_of(s, c->a, p[i].name, &at, e)) return false;
        print_one(&j, c->a, &p[i], &at);
    }
    json_end_array(&j);
    put_json(c, &b);
    return true;
}

static bool list(call *c, const wanted *w, err *e) {
    store *s;
    void *recs;
    size_t n;
    if (!desk_store(c, w->store, false, &s, e) ||
        !store_list(s, c->a, &noun_endpoint, NULL, &recs, &n, e))
        return false;
    const endpoint *p = recs;
    if (w->json) return list_json(c, s, p, n, e);
    if (!n) fputs("Nothing leaves this house yet.  `heed help endpoint` shows how.\n", c->out);
    if (!n) return true;
    text_table t = table_of(c->a, c->out, 5, 8);
    table_row(&t, (str[]){S("name"), S("way"), S("host"), S("arrived"), S("state")});
    for (size_t i = 0; i < n; i++) {
        endpoint_pace at;
        if (!pace_of(s, c->a, p[i].name, &at, e)) return false;
        table_row(&t, (str[]){one_line(c->a, p[i].name), p[i].way, p[i].host,
                              count_text(c->a, at.sent == NONE ? 0 : at.sent),
                              one_line(c->a, state_text(c->a, &p[i], &at))});
    }
    table_print(&t);
    return true;
}

/* ---- add ---- */

static bool settings_of(call *c, const wanted *w, str *out, err *e) {
    buf b = {.a = c->a};
    json_out j = json_to(&b);
    json_object(&j);
    for (size_t i = 0; i < w->set.n; i++) {
        str key, v;
        if (!str_cut(w->set.items[i], '=', &key, &v))
            return fail(e, INVALID, "--set wants NAME=VALUE, such as from=care@example.org");
        json_key(&j, key);
        json_text(&j, v);
    }
    json_end_object(&j);
    *out = buf_view(&b);
    return true;
}

static bool add(call *c, const wanted *w, err *e) {
    store *s;
    endpoint p;
    noun_init(&noun_endpoint, &p);
    p.name = w->words.items[1];
    p.way = w->way;
    p.address = w->address;
    p.secret = w->secret.p ? w->secret : str_of(getenv("HEED_SECRET"));
    p.near = w->near;
    p.enabled = 1;
    bool told = p.secret.n > 0;
    if (!w->way.n || !w->address.n)
        return fail(e, INVALID, "endpoint add wants --way and --address");
    if (!settings_of(c, w, &p.settings, e) || !endpoint_check(c->a, c->w, &p, e) ||
        !desk_store(c, w->store, true, &s, e))
        return false;
    store_actor(s, S("command line"));
    if (!endpoint_put(s, c->a, &p, e)) return false;
    fprintf(c->out, "endpoint %.*s: %.*s at %.*s\n", STR_ARG(p.name), STR_ARG(p.way),
            STR_ARG(p.host));
    if (!told && p.secret.n)
        fprintf(c->out, "its secret, which the receiver needs, is shown this once:\n%.*s\n",
                STR_ARG(p.secret));
    return true;
}

/* ---- on, off, test, resume, delete ---- */

static bool turn(call *c, const wanted *w, bool on, err *e) {
    store *s;
    endpoint p;
    if (!found(c, w, &s, &p, e)) return false;
    p.enabled = on;
    if (!store_put(s, &noun_endpoint, &p, e)) return false;
    fprintf(c->out, "endpoint %.*s is %s\n", STR_ARG(p.name), on ? "on" : "off");
    return true;
}

static bool test(call *c, const wanted *w, err *e) {
    store *s;
    endpoint p;
    if (!found(c, w, &s, &p, e) || !send_test(s, c->w, &p, e)) return false;
    fprintf(c->out, "a test message arrived at %.*s\n", STR_ARG(p.host));
    return true;
}

static bool resume(call *c, const wanted *w, err *e) {
    store *s;
    endpoint p;
    if (!found(c, w, &s, &p, e) || !send_resume(s, c->a, p.name, c->w->now_ms(c->w), e))
        return false;
    fprintf(c->out, "endpoint %.*s goes on\n", STR_ARG(p.name));
    return true;
}

static bool drop(call *c, const wanted *w, err *e) {
    store *s;
    endpoint p;
    if (!found(c, w, &s, &p, e) || !endpoint_delete(s, c->a, &p, e)) return false;
    fprintf(c->out, "endpoint %.*s is gone\n", STR_ARG(p.name));
    return true;
}

static bool dispatch(call *c, const wanted *w, err *e) {
    str verb = w->words.n ? w->words.items[0] : S("list");
    if (str_eq(verb, S("list")) && w->words.n <= 1) return list(c, w, e);
    if (w->words.n == 2) {
        if (str_eq(verb, S("add"))) return add(c, w, e);
        if (str_eq(verb, S("test"))) return test(c, w, e);
        if (str_eq(verb, S("on"))) return turn(c, w, true, e);
        if (str_eq(verb, S("off"))) return turn(c, w, false, e);
        if (str_eq(verb, S("resume"))) return resume(c, w, e);
        if (str_eq(verb, S("delete"))) return drop(c, w, e);
    }
    return fail(e, INVALID,
                "endpoint: want list, or add, test, on, off, resume or delete with a NAME; see "
                "`heed help endpoint`");
}

static int run(call *c) {
    err e;
    wanted w = {0};
    const option options[] = {
        {.name = "store", .text = &w.store},     {.name = "way", .text = &w.way},
        {.name = "address", .text = &w.address}, {.name = "secret", .text = &w.secret},
        {.name = "set", .list = &w.set},         {.name = "near", .flag = &w.near},
        {.name = "json", .flag = &w.json}};
    if (!options_read(c, options, COUNT(options), &w.words, &e)) return call_failed(c, &e);
    return dispatch(c, &w, &e) ? 0 : call_failed(c, &e);
}

const command command_endpoint = {
    .name = "endpoint",
    .title = "Places outside that messages go to: mail, webhooks, robots of chats",
    .help = "usage: heed endpoint add NAME --way WAY --address URL [--secret TEXT]\n"
            "                         [--set NAME=VALUE]... [--near]\n"
            "       heed endpoint list [--json]\n"
            "       heed endpoint test|on|off|resume|delete NAME\n\n"
            "Ways: email (smtps://HOST:465, smtp://HOST:587; --set from=ADDRESS, to=ADDRESS, "
            "user=NAME,\n"
            "public_url=URL), webhook (Standard Webhooks), wecom, dingtalk, feishu, slack, teams.\n"
            "A rule sends by the action send to=NAME (heed help rule).  Address and secret lie sealed in the "
            "store; the secret\n"
            "may come in $HEED_SECRET.  A webhook without one gets one, shown once.\n"
            "This machine and private networks are refused unless --near is given.\n"
            "What fails is tried again for three days; then the endpoint pauses, keeps what waits, "
            "and goes on\n"
            "with resume.\n",
    .run = run,
};
