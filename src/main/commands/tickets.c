/* tickets.c - what was opened for somebody to act on, and how it is closed. */
#include "act/cases.h"
#include "act/tickets.h"
#include "base/time.h"
#include "main/desk.h"
#include "main/screen.h"

enum { TICKETS_SHOWN = 20, TITLE_WIDTH = 60 };

static str when(arena *a, i64 ms) {
    return ms == NONE ? S("") : str_head(time_print(a, ms), 16);
}

static void print_tickets(call *c, const ticket *t, size_t n, i64 total) {
    arena *a = c->a;
    text_table out = table_of(a, c->out, 7, 1);
    table_row(&out, (str[]){S("no."), S("state"), S("priority"), S("department"), S("due"),
                            S("outcome"), S("title")});
    for (size_t i = 0; i < n; i++)
        table_row(&out, (str[]){arena_fmt(a, "%" PRId64, t[i].id), t[i].state, t[i].priority,
                                t[i].department, when(a, t[i].due_at), t[i].outcome,
                                str_trim(text_fit(a, one_line(a, t[i].title), TITLE_WIDTH))});
    table_print(&out);
    if ((i64)n < total) fprintf(c->out, "%zu of %" PRId64 "; --limit shows more.\n", n, total);
}

static void tickets_json(call *c, const ticket *t, size_t n, i64 total) {
    buf b = {.a = c->a};
    json_out j = json_to(&b);
    json_object(&j);
    json_key(&j, S("total"));
    json_int(&j, total);
    json_key(&j, S("tickets"));
    json_array(&j);
    for (size_t i = 0; i < n; i++) noun_print(&j, &noun_ticket, &t[i]);
    json_end_array(&j);
    json_end_object(&j);
    put_json(c, &b);
}

static bool list(call *c, const asking *ask_for, err *e) {
    store *s;
    ticket *recs;
    size_t n, most = ask_for->limit == NONE ? (size_t)TICKETS_SHOWN : (size_t)ask_for->limit;
    i64 total;
    if (!desk_store(c, ask_for->store, false, &s, e) ||
        !tickets_find(s, c->a, ask_for->filter, 0, MIN(most, (size_t)LIMIT_PAGE), &recs, &n, &total,
                      e))
        return false;
    if (ask_for->json)
        tickets_json(c, recs, n, total);
    else if (n)
        print_tickets(c, recs, n, total);
    else
        fputs("No tickets.  Rules open them: see `heed rule list`.\n", c->out);
    return true;
}

typedef struct {
    asking ask;
    str outcome, note, owner, department;
} wanted;

static bool change(call *c, const wanted *w, str verb, str number, err *e) {
    store *s;
    ticket t;
    i64 id;
    if (!str_int(number, &id))
        return fail(e, INVALID, "which ticket? as in: heed tickets close 12 --outcome refunded");
    if (!desk_store(c, w->ask.store, false, &s, e) || !store_get(s, c->a, &noun_ticket, id, &t, e))
        return false;
    ticket from = t;
    case_desk by = {s, c->a, S("command line"), c->w->now_ms(c->w)};
    if (w->note.p) t.note = w->note;
    if (w->owner.p) t.owner = w->owner;
    if (w->department.p) t.department = w->department;
    if (str_eq(verb, S("close"))) {
        if (w->outcome.n == 0)
            return fail(
                e, INVALID,
                "a ticket does not close without an outcome: --outcome CODE, such as refunded, "
                "explained, repaired or unreachable");
        t.outcome = w->outcome;
        t.state = S("closed");
    } else if (str_eq(verb, S("take"))) {
        t.state = S("working");
    } else if (str_eq(verb, S("reopen"))) {
        t.state = S("open");
    } else {
        return fail(e, INVALID, "tickets: want close, take or reopen, not \"%.*s\"", STR_ARG(verb));
    }
    if (!store_begin(s, e)) return false;
    if (!case_change(&by, &from, &t, e)) return store_rollback(s), false;
    if (!store_commit(s, e)) return false;
    fprintf(c->out, "ticket %" PRId64 " is %.*s\n", t.id, STR_ARG(t.state));
    return true;
}

static int run(call *c) {
    err e;
    str_list words;
    wanted w = {0};
    option options[4 + ASKING_OPTIONS] = {{.name = "outcome", .text = &w.outcome},
                                          {.name = "note", .text = &w.note},
                                          {.name = "owner", .text = &w.owner},
                                          {.name = "department", .text = &w.department}};
    if (!asking_read(c, &w.ask, options, 4, &words, &e)) return call_failed(c, &e);
    bool ok = words.n == 0 ? list(c, &w.ask, &e)
              : words.n == 2
                  ? change(c, &w, words.items[0], words.items[1], &e)
                  : fail(&e, INVALID,
                         "tickets takes a verb and a number: heed tickets close 12 --outcome CODE");
    return ok ? 0 : call_failed(c, &e);
}

const command command_tickets = {
    .name = "tickets",
    .title = "What somebody was asked to act on; take, close, reopen",
    .help = "usage: heed tickets [--where EXPR] [--limit N] [--store URL] [--json]\n"
            "       heed tickets take NUMBER [--owner NAME]\n"
            "       heed tickets close NUMBER --outcome CODE [--note TEXT]\n"
            "       heed tickets reopen NUMBER\n\n"
            "EXPR may name fields of the ticket (state, department, priority, owner, outcome, "
            "due_at) and of its\n"
            "signal (channel, product, score:nps, words ...).\n\n"
            "example: heed tickets --where \"state = 'open' and department = 'logistics'\"\n",
    .run = run,
};
