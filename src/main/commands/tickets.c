/* tickets.c - what was opened for somebody to act on, and how it is closed. */
#include "act/case_report.h"
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
    str outcome, note, owner, department, by;
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
    } else if (str_eq(verb, S("hand"))) {
        if (!w->department.n) return fail(e, INVALID, "to whom? --department NAME");
    } else {
        return fail(
            e, INVALID,
            "tickets: want show, take, hand, close, reopen, report or scorecard, not \"%.*s\"",
            STR_ARG(verb));
    }
    if (!store_begin(s, e)) return false;
    if (!case_change(&by, &from, &t, e)) return store_rollback(s), false;
    if (!store_commit(s, e)) return false;
    fprintf(c->out, "ticket %" PRId64 " is %.*s\n", t.id, STR_ARG(t.state));
    return true;
}

/* ---- how cases went ---- */

static str days(arena *a, double v) {
    return isnan(v) ? S("n/a") : arena_fmt(a, "%.2f", v);
}

static void report_row(call *c, text_table *out, const case_row *r, str key) {
    arena *a = c->a;
    str rate = isnan(r->recovery) ? S("n/a") : arena_fmt(a, "%.1f %%", 100 * r->recovery);
    table_row(out, (str[]){key, count_text(a, r->cases), count_text(a, r->open),
                           count_text(a, r->overdue), count_text(a, r->closed),
                           days(a, r->contact.median), days(a, r->contact.p90),
                           days(a, r->close.median), days(a, r->close.p90), rate});
}

static bool report(call *c, const wanted *w, err *e) {
    store *s;
    ticket *all;
    size_t n;
    case_report r;
    str by = w->by.p ? w->by : S("");
    if (!desk_store(c, w->ask.store, false, &s, e) ||
        !cases_gather(s, c->a, w->ask.filter, NULL, NULL, &all, &n, e) ||
        !case_report_make(c->a, all, n, by, c->w->now_ms(c->w), &r, e))
        return false;
    if (w->ask.json) {
        buf b = {.a = c->a};
        json_out j = json_to(&b);
        case_report_print(&j, c->a, &r, by);
        return put_json(c, &b), true;
    }
    text_table out = table_of(c->a, c->out, 10, 9);
    table_row(&out, (str[]){by.n ? by : S("all"), S("cases"), S("open"), S("overdue"), S("closed"),
                            S("answer d"), S("p90"), S("close d"), S("p90"), S("won back")});
    for (size_t i = 0; i < r.rows_n; i++)
        report_row(c, &out, &r.rows[i], r.rows[i].key.p ? r.rows[i].key : S("-"));
    report_row(c, &out, &r.all, S("all"));
    table_print(&out);
    return true;
}

static bool scores(call *c, const wanted *w, err *e) {
    store *s;
    ticket *all;
    size_t n;
    scorecard k;
    if (!desk_store(c, w->ask.store, false, &s, e) ||
        !cases_gather(s, c->a, w->ask.filter, NULL, NULL, &all, &n, e) ||
        !scorecard_make(c->a, all, n, c->w->now_ms(c->w), &k, e))
        return false;
    if (w->ask.json) {
        buf b = {.a = c->a};
        json_out j = json_to(&b);
        scorecard_print(&j, &k);
        return put_json(c, &b), true;
    }
    text_table out = table_of(c->a, c->out, 6, 5);
    table_row(&out, (str[]){S("department"), S("cases"), S("in time"), S("adjusted"), S("won back"),
                            S("adjusted")});
    for (size_t i = 0; i < k.rows_n; i++) {
        const score_row *r = &k.rows[i];
        str f[4];
        const double v[] = {r->in_time.raw, r->in_time.shrunken, r->recovered.raw,
                            r->recovered.shrunken};
        for (int x = 0; x < 4; x++)
            f[x] = isnan(v[x]) ? S("n/a") : arena_fmt(c->a, "%.1f %%", 100 * v[x]);
        table_row(&out, (str[]){r->department.p ? r->department : S("-"),
                                count_text(c->a, r->cases), f[0], f[1], f[2], f[3]});
    }
    table_print(&out);
    return true;
}

static bool show(call *c, const wanted *w, str number, err *e) {
    store *s;
    ticket t;
    case_event *ev;
    case_time *times;
    size_t n, times_n;
    i64 id, age;
    if (!str_int(number, &id)) return fail(e, INVALID, "which ticket? as in: heed tickets show 12");
    if (!desk_store(c, w->ask.store, false, &s, e) ||
        !store_get(s, c->a, &noun_ticket, id, &t, e) || !case_history(s, c->a, id, &ev, &n, e))
        return false;
    case_times(c->a, ev, n, c->w->now_ms(c->w), &times, &times_n, &age);
    print_tickets(c, &t, 1, 1);
    for (size_t i = 0; i < n; i++)
        fprintf(c->out, "%.*s  %-12.*s %-8.*s %.*s %.*s %.*s\n", STR_ARG(when(c->a, ev[i].at)),
                STR_ARG(ev[i].kind), STR_ARG(ev[i].state), STR_ARG(ev[i].actor),
                STR_ARG(ev[i].detail), STR_ARG(one_line(c->a, ev[i].text)));
    for (size_t i = 0; i < times_n; i++)
        fprintf(c->out, "%10.2f days with %.*s\n", (double)times[i].ms / (double)DAY_MS,
                STR_ARG(times[i].department.p ? times[i].department : S("nobody")));
    fprintf(c->out, "%10.2f days open in all\n", (double)age / (double)DAY_MS);
    return true;
}

static bool dispatch(call *c, const wanted *w, const str_list *words, err *e) {
    str verb = words->n ? words->items[0] : NO_STR;
    if (words->n == 0) return list(c, &w->ask, e);
    if (words->n == 1 && str_eq(verb, S("report"))) return report(c, w, e);
    if (words->n == 1 && str_eq(verb, S("scorecard"))) return scores(c, w, e);
    if (words->n == 2 && str_eq(verb, S("show"))) return show(c, w, words->items[1], e);
    if (words->n == 2) return change(c, w, verb, words->items[1], e);
    return fail(e, INVALID,
                "tickets takes a verb and a number: heed tickets close 12 --outcome CODE");
}

static int run(call *c) {
    err e;
    str_list words;
    wanted w = {0};
    option options[5 + ASKING_OPTIONS] = {{.name = "outcome", .text = &w.outcome},
                                          {.name = "note", .text = &w.note},
                                          {.name = "owner", .text = &w.owner},
                                          {.name = "department", .text = &w.department},
                                          {.name = "by", .text = &w.by}};
    if (!asking_read(c, &w.ask, options, 5, &words, &e)) return call_failed(c, &e);
    return dispatch(c, &w, &words, &e) ? 0 : call_failed(c, &e);
}

const command command_tickets = {
    .name = "tickets",
    .title = "What somebody was asked to act on: take, hand over, close; how cases went",
    .help =
        "usage: heed tickets [--where EXPR] [--limit N] [--store URL] [--json]\n"
        "       heed tickets take NUMBER [--owner NAME]\n"
        "       heed tickets close NUMBER --outcome CODE [--note TEXT]\n"
        "       heed tickets hand NUMBER --department NAME [--owner NAME]\n"
        "       heed tickets reopen NUMBER\n"
        "       heed tickets show NUMBER\n"
        "       heed tickets report [--by department|owner|priority|outcome|month] [--where EXPR]\n"
        "       heed tickets scorecard [--where EXPR] [--json]\n\n"
        "EXPR may name fields of the ticket (state, department, priority, owner, outcome, "
        "due_at) and of its\n"
        "signal (channel, product, score:nps, words ...).\n\n"
        "example: heed tickets --where \"state = 'open' and department = 'logistics'\"\n",
    .run = run,
};
