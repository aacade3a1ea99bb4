/* tickets.c - what was opened for somebody to act on, and how it is closed. */
#include "base/time.h"
#include "main/desk.h"
#include "main/screen.h"

enum { TICKETS_SHOWN = 20, TITLE_WIDTH = 60 };

/* A condition on a ticket may name the ticket's own fields and those of its signal. */
typedef struct {
    const expr *filter;
    const ticket *t;
    const signal *sig;
    const insight *ins;
} asked;

static void ticket_value(const ticket *t, const field *f, value *out) {
    *out = (value){0};
    if (field_is_text(f)) {
        str v = noun_text(f, t);
        if (v.p) *out = (value){.kind = VALUE_TEXT, .text = v};
        return;
    }
    i64 v = noun_int(f, t);
    if (v == NONE) return;
    if (f->kind == FIELD_TIME)
        *out = (value){.kind = VALUE_TIME, .ms = v};
    else
        *out = (value){.kind = VALUE_NUM, .num = v * NUM6_ONE};
}

static truth has_words(void *ctx, str text) {
    const asked *q = ctx;
    str words = q->ins->row.clean.p ? q->ins->row.clean : q->sig->row.words;
    return str_find(words, text) >= 0 ? YES : NO;
}

/* Conditions on ticket fields are answered here, all others by the signal. */
static truth ask(const asked *q, const expr *x) {
    if (x->op == EXPR_AND) return truth_and(ask(q, x->left), ask(q, x->right));
    if (x->op == EXPR_OR) return truth_or(ask(q, x->left), ask(q, x->right));
    if (x->op == EXPR_NOT) return truth_not(ask(q, x->left));
    const field *f = x->op == EXPR_CONST ? NULL : noun_field(&noun_ticket, x->column);
    if (!f) {
        asked copy = *q;
        return signal_test(x, q->sig, q->ins, has_words, &copy);
    }
    value v;
    ticket_value(q->t, f, &v);
    if (x->op == EXPR_MISSING) return v.kind == VALUE_MISSING ? YES : NO;
    if (x->op == EXPR_HAS)
        return v.kind != VALUE_TEXT ? UNKNOWN : str_find(v.text, x->values[0].text) >= 0 ? YES : NO;
    truth any = NO;
    for (size_t i = 0; i < x->values_n; i++)
        any = truth_or(any, value_compare(x->op == EXPR_CMP ? x->cmp : CMP_EQ, &v, &x->values[i]));
    return any;
}

typedef struct {
    ticket *all;
    size_t n;
    const expr *filter;
    bool *keep;
    size_t at;
} sifting;

static bool sift_one(void *ctx, const signal *sig, const insight *ins, err *e) {
    (void)e;
    sifting *s = ctx;
    while (s->at < s->n && s->all[s->at].signal_id != sig->row.id) s->at++;
    if (s->at == s->n) return true;
    asked q = {s->filter, &s->all[s->at], sig, ins};
    s->keep[s->at] = !s->filter || ask(&q, s->filter) == YES;
    s->at++;
    return true;
}

static bool sift(call *c, store *s, const expr *filter, ticket *all, size_t *n, err *e) {
    if (!filter || *n == 0) return true;
    sifting k = {all, *n, filter, NEW_N(c->a, bool, *n), 0};
    i64 *ids = NEW_N(c->a, i64, *n);
    for (size_t i = 0; i < *n; i++) ids[i] = all[i].signal_id;
    if (!store_scan_ids(s, ids, *n, sift_one, &k, e)) return false;
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++)
        if (k.keep[i]) all[kept++] = all[i];
    *n = kept;
    return true;
}

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
    void *recs;
    size_t n;
    store_query newest = {.newest_first = true};
    if (!desk_store(c, ask_for->store, false, &s, e) ||
        !store_list(s, c->a, &noun_ticket, &newest, &recs, &n, e) ||
        !sift(c, s, ask_for->filter, recs, &n, e))
        return false;
    i64 total = (i64)n;
    if (!ask_for->filter && !store_count(s, &noun_ticket, &(store_query){0}, &total, e))
        return false;
    n = MIN(n, ask_for->limit == NONE ? (size_t)TICKETS_SHOWN : (size_t)ask_for->limit);
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
        t.closed_at = c->w->now_ms(c->w);
    } else if (str_eq(verb, S("take"))) {
        t.state = S("working");
    } else if (str_eq(verb, S("reopen"))) {
        t.state = S("open");
        t.outcome = NO_STR;
        t.closed_at = NONE;
    } else {
        return fail(e, INVALID, "tickets: want close, take or reopen, not \"%.*s\"", STR_ARG(verb));
    }
    if (!store_put(s, &noun_ticket, &t, e)) return false;
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
