/* outbox.c - what left the house, what waits, and why. */
#include "base/time.h"
#include "flow/sender.h"
#include "main/desk.h"
#include "main/screen.h"

enum { SHOWN = 50 };

typedef struct {
    str store, state, endpoint;
    i64 limit;
    bool json;
    str_list words;
} wanted;

/* Of the newest deeds, those that leave the house and are asked for. */
static size_t sift(const wanted *w, deed *d, size_t n) {
    size_t kept = 0;
    for (size_t i = 0; i < n && kept < (size_t)w->limit; i++) {
        if (!d[i].endpoint.n) continue;
        if (w->state.p && !str_eq(d[i].state, w->state)) continue;
        d[kept++] = d[i];
    }
    return kept;
}

static bool list(call *c, const wanted *w, err *e) {
    store *s;
    void *recs;
    size_t n;
    store_query q = {.newest_first = true,
                     .field = w->endpoint.p ? "endpoint" : "action",
                     .text = w->endpoint.p ? w->endpoint : S("send")};
    if (!desk_store(c, w->store, false, &s, e) ||
        !store_list(s, c->a, &noun_deed, &q, &recs, &n, e))
        return false;
    deed *d = recs;
    n = sift(w, d, n);
    if (w->json) {
        buf b = {.a = c->a};
        json_out j = json_to(&b);
        json_array(&j);
        for (size_t i = 0; i < n; i++) noun_print(&j, &noun_deed, &d[i]);
        json_end_array(&j);
        put_json(c, &b);
        return true;
    }
    if (!n) fputs("Nothing is here.\n", c->out);
    text_table t = table_of(c->a, c->out, 6, 1 | 8);
    table_row(&t, (str[]){S("id"), S("to"), S("state"), S("tries"), S("due or done"), S("why")});
    for (size_t i = 0; i < n; i++)
        table_row(&t, (str[]){count_text(c->a, d[i].id), one_line(c->a, d[i].endpoint), d[i].state,
                              count_text(c->a, d[i].attempts == NONE ? 0 : d[i].attempts),
                              time_print(c->a, d[i].done_at == NONE ? d[i].due_at : d[i].done_at),
                              one_line(c->a, d[i].error)});
    if (n) table_print(&t);
    return true;
}

static bool send_now(call *c, const wanted *w, err *e) {
    store *s;
    send_counts all = {0};
    if (!desk_store(c, w->store, false, &s, e)) return false;
    store_actor(s, S("command line"));
    for (bool more = true; more;) {
        send_counts one = {0};
        if (!send_turn(s, c->w, NULL, &one, e)) return false;
        all.sent += one.sent;
        all.failed += one.failed;
        more = one.sent > 0;
    }
    fprintf(c->out, "%" PRId64 " arrived, %" PRId64 " will be tried again\n", all.sent, all.failed);
    return true;
}

static bool again(call *c, const wanted *w, err *e) {
    store *s;
    i64 id;
    if (!str_int(w->words.items[1], &id))
        return fail(e, INVALID, "outbox again wants the id that `heed outbox` shows");
    if (!desk_store(c, w->store, false, &s, e)) return false;
    store_actor(s, S("command line"));
    if (!send_again(s, c->a, id, c->w->now_ms(c->w), e)) return false;
    fprintf(c->out, "deed %" PRId64 " is due again\n", id);
    return true;
}

static bool dispatch(call *c, const wanted *w, err *e) {
    str verb = w->words.n ? w->words.items[0] : S("list");
    if (w->limit < 1 || w->limit > LIMIT_PAGE)
        return fail(e, INVALID, "--limit wants 1 to %d", LIMIT_PAGE);
    if (str_eq(verb, S("list")) && w->words.n <= 1) return list(c, w, e);
    if (str_eq(verb, S("send")) && w->words.n == 1) return send_now(c, w, e);
    if (str_eq(verb, S("again")) && w->words.n == 2) return again(c, w, e);
    return fail(e, INVALID, "outbox: want list, send or again ID; see `heed help outbox`");
}

static int run(call *c) {
    err e;
    wanted w = {.limit = SHOWN};
    const option options[] = {{.name = "store", .text = &w.store},
                              {.name = "state", .text = &w.state},
                              {.name = "endpoint", .text = &w.endpoint},
                              {.name = "limit", .number = &w.limit},
                              {.name = "json", .flag = &w.json}};
    if (!options_read(c, options, COUNT(options), &w.words, &e)) return call_failed(c, &e);
    return dispatch(c, &w, &e) ? 0 : call_failed(c, &e);
}

const command command_outbox = {
    .name = "outbox",
    .title = "What left for endpoints, what waits, and why",
    .help = "usage: heed outbox [list] [--endpoint NAME] [--state pending|done|failed|refused]\n"
            "                   [--limit N] [--json]\n"
            "       heed outbox send\n"
            "       heed outbox again ID\n\n"
            "The server sends by itself; send does it once, now, without one.  again takes a deed "
            "that failed, was\n"
            "refused or arrived, and sends it with the same id.\n",
    .run = run,
};
