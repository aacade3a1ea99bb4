/* cases.c - a case opened, moved, merged and closed; each step with its line of history. */
#include "act/cases.h"
#include "act/calendar.h"
#include "act/rule.h"
#include "base/time.h"

enum { MERGED_MAX = 1000, ASKED_AGAIN_DAYS = 90 };

static const char *const kinds[] = {"opened",  "message",  "taken",   "released", "handed",
                                    "changed", "comment",  "contact", "step",     "escalated",
                                    "closed",  "reopened", "merged",  "absorbed", "asked_again"};

str case_kind_name(case_kind k) {
    check((size_t)k < COUNT(kinds));
    return str_of(kinds[k]);
}

/* ---- history ---- */

typedef struct {
    case_kind kind;
    i64 signal_id;
    str detail, text;
    str key; /* NO_STR: ticket/place */
} line;

/* The next line of t's history; t->events counts them, so t is stored after it. */
static bool tell(const case_desk *d, ticket *t, const line *l, err *e) {
    case_event ev;
    noun_init(&noun_case_event, &ev);
    check(t->id > 0);
    t->events = (t->events == NONE ? 0 : t->events) + 1;
    ev.key = l->key.p ? l->key : arena_fmt(d->a, "%" PRId64 "/%" PRId64, t->id, t->events);
    ev.ticket_id = t->id;
    ev.at = d->now_ms;
    ev.kind = case_kind_name(l->kind);
    ev.actor = d->actor.n ? d->actor : S("system");
    ev.state = t->state;
    ev.department = t->department;
    ev.owner = t->owner;
    ev.signal_id = l->signal_id ? l->signal_id : NONE;
    ev.detail = l->detail;
    ev.text = l->text;
    return store_put(d->s, &noun_case_event, &ev, e);
}

bool case_history(store *s, arena *a, i64 ticket_id, case_event **out, size_t *n_out, err *e) {
    case_event *all = NULL;
    size_t n = 0, room = 0, got;
    void *recs;
    store_query q = {.field = "ticket_id", .num = ticket_id};
    do {
        if (!store_list(s, a, &noun_case_event, &q, &recs, &got, e)) return false;
        if (n + got > room) {
            case_event *more = NEW_N(a, case_event, room = (n + got) * 2);
            if (n) memcpy(more, all, n * sizeof *all);
            all = more;
        }
        if (got) memcpy(all + n, recs, got * sizeof *all);
        n += got;
        if (got) q.after_id = all[n - 1].id;
    } while (got == LIMIT_PAGE);
    *out = all;
    *n_out = n;
    return true;
}

static void time_add(case_time *all, size_t *n, str whose, i64 ms) {
    for (size_t i = 0; i < *n; i++)
        if (str_eq(all[i].department, whose) && !all[i].department.p == !whose.p) {
            all[i].ms += ms;
            return;
        }
    all[(*n)++] = (case_time){whose, ms};
}

void case_times(arena *a, const case_event *ev, size_t n, i64 now_ms, case_time **out,
                size_t *n_out, i64 *age_ms_out) {
    case_time *all = NEW_N(a, case_time, n + 1);
    size_t all_n = 0;
    i64 age = 0, since = NONE, last = NONE;
    for (size_t i = 0; i < n; i++) { /* by departments: from each line to the next */
        i64 until = i + 1 < n ? ev[i + 1].at : MAX(now_ms, ev[i].at);
        if (!str_eq(ev[i].state, S("closed")))
            time_add(all, &all_n, ev[i].department, until - ev[i].at);
    }
    for (size_t i = 0; i < n; i++) { /* by states alone: from each opening to its closing */
        bool closed = str_eq(ev[i].state, S("closed"));
        if (!closed && since == NONE) since = ev[i].at;
        if (closed && since != NONE) age += ev[i].at - since, since = NONE;
        last = ev[i].at;
    }
    if (since != NONE) age += MAX(now_ms, last) - since;
    *out = all;
    *n_out = all_n;
    *age_ms_out = age;
}

static bool may_follow(str before, str after) {
    if (str_eq(before, after)) return true;
    return !(str_eq(before, S("closed")) && str_eq(after, S("working")));
}

bool case_history_check(const ticket *t, const case_event *ev, size_t n, err *e) {
    if (n == 0) return fail(e, CORRUPT, "case %" PRId64 " has no history", t->id);
    if (!str_eq(ev[0].kind, S("opened")))
        return fail(e, CORRUPT, "case %" PRId64 " begins with \"%.*s\"", t->id,
                    STR_ARG(ev[0].kind));
    for (size_t i = 1; i < n; i++) {
        bool closes = str_eq(ev[i].state, S("closed")) && !str_eq(ev[i - 1].state, S("closed"));
        bool opens = !str_eq(ev[i].state, S("closed")) && str_eq(ev[i - 1].state, S("closed"));
        if (ev[i].at < ev[i - 1].at)
            return fail(e, CORRUPT, "case %" PRId64 ": line %zu is older than the one before",
                        t->id, i + 1);
        if (!may_follow(ev[i - 1].state, ev[i].state) ||
            (closes && !str_eq(ev[i].kind, S("closed")) && !str_eq(ev[i].kind, S("merged"))) ||
            (opens && !str_eq(ev[i].kind, S("reopened"))))
            return fail(e, CORRUPT, "case %" PRId64 ": \"%.*s\" took it from %.*s to %.*s", t->id,
                        STR_ARG(ev[i].kind), STR_ARG(ev[i - 1].state), STR_ARG(ev[i].state));
    }
    const case_event *last = &ev[n - 1];
    if (!str_eq(last->state, t->state) || !str_eq(last->department, t->department))
        return fail(e, CORRUPT, "case %" PRId64 " is %.*s, its history ends with %.*s", t->id,
                    STR_ARG(t->state), STR_ARG(last->state));
    return true;
}

/* ---- the clock ---- */

static bool due_from(const case_desk *d, str name, i64 ms, i64 *out, err *e) {
    const working *w;
    err inner;
    *out = NONE;
    if (ms == NONE) return true;
    if (!calendar_find(d->s, d->a, name, &w, &inner)) {
        if (inner.code != NOT_FOUND && inner.code != INVALID) return *e = inner, false;
        w = NULL; /* a calendar that is gone: the clock goes all the time, and is not lost */
    }
    *out = working_due(w, d->now_ms, ms);
    return true;
}

/* What becomes due is a deed: carried out at its time, once, whatever falls between. */
static bool plan_escalation(const case_desk *d, const ticket *t, err *e) {
    deed x;
    if (t->due_at == NONE) return true;
    noun_init(&noun_deed, &x);
    x.key = arena_fmt(d->a, "escalate:%" PRId64 ":%" PRId64, t->id, t->due_at);
    x.action = S("escalate");
    x.signal_id = t->signal_id;
    x.state = S("pending");
    x.attempts = 0;
    x.due_at = t->due_at;
    x.payload = arena_fmt(d->a, "{\"ticket\":%" PRId64 ",\"due\":%" PRId64 "}", t->id, t->due_at);
    err known;
    if (store_put(d->s, &noun_deed, &x, &known) || known.code == CONFLICT) return true;
    *e = known;
    return false;
}

/* ---- whose signal it is ---- */

typedef struct {
    arena *a;
    str source, customer, score;
    num6 value, of_case;
    i64 occurred_at;
    bool found, says;
} origin;

static const char *const scores[] = {"score:nps", "score:csat", "score:rating5"};

/* In the store's scan: only fixed-size copies, so that nothing can jump out of it. */
typedef struct {
    origin *o;
    char source[LIMIT_NAME_BYTES + 1], customer[LIMIT_KEY_BYTES + 1];
} origin_scan;

static str keep(char *room, size_t size, str s) {
    if (!s.p || s.n >= size) return NO_STR;
    memcpy(room, s.p, s.n);
    return (str){room, s.n};
}

static num6 whole_number(const attribute *at) {
    i64 v;
    if (!at) return NONE;
    if (at->num != NONE) return at->num;
    return str_int(at->text, &v) && v > 0 && v < INT64_MAX / NUM6_ONE ? v * NUM6_ONE : NONE;
}

static void origin_scores(origin *o, const signal *sig) {
    for (size_t i = 0; i < COUNT(scores) && !o->score.p; i++) {
        const attribute *at = signal_attr(sig, str_of(scores[i]));
        if (!at || at->num == NONE) continue;
        o->score = str_of(scores[i]);
        o->value = at->num;
    }
    o->of_case = whole_number(signal_attr(sig, S("case")));
    o->says = sig->row.words.n > 0;
}

static bool note_origin(void *ctx, const signal *sig, const insight *ins, err *e) {
    origin_scan *k = ctx;
    (void)ins, (void)e;
    origin_scores(k->o, sig);
    k->o->source = keep(k->source, sizeof k->source, sig->row.source);
    k->o->customer = keep(k->customer, sizeof k->customer, sig->row.customer);
    k->o->occurred_at = sig->row.occurred_at;
    k->o->found = true;
    return true;
}

static bool origin_of(const case_desk *d, i64 signal_id, origin *o, i64 *customer_out, err *e) {
    origin_scan k = {.o = o};
    *o = (origin){.a = d->a, .value = NONE, .of_case = NONE, .occurred_at = NONE};
    *customer_out = 0;
    if (!store_scan_ids(d->s, &signal_id, 1, note_origin, &k, e)) return false;
    signal_row r = {.source = o->source, .customer = o->customer};
    o->source = o->customer = NO_STR; /* they lie in k */
    return !o->found || !r.customer.n || store_customer(d->s, &r, customer_out, e);
}

bool case_customer(store *s, arena *a, i64 signal_id, i64 *out, err *e) {
    case_desk d = {.s = s, .a = a};
    origin o;
    return origin_of(&d, signal_id, &o, out, e);
}

/* The customer's newest case that fits; id 0 when there is none. */
static bool newest_case(const case_desk *d, i64 who, bool (*fits)(const ticket *, const void *),
                        const void *ctx, ticket *out, err *e) {
    void *recs;
    size_t n;
    store_query q = {.field = "customer_id", .num = who, .newest_first = true};
    out->id = 0;
    if (!who) return true;
    if (!store_list(d->s, d->a, &noun_ticket, &q, &recs, &n, e)) return false;
    for (size_t i = 0; i < n; i++)
        if (fits((ticket *)recs + i, ctx)) return *out = ((ticket *)recs)[i], true;
    return true;
}

static bool is_open(const ticket *t, const void *ctx) {
    (void)ctx;
    return !str_eq(t->state, S("closed"));
}

/* ---- opening, and further messages ---- */

static int rank_of(str priority) {
    static const char *const names[] = {"low", "normal", "high", "urgent"};
    for (int i = 0; i < 4; i++)
        if (str_eq(priority, str_of(names[i]))) return i;
    return 1;
}

static str raised(str priority) {
    static const char *const next[] = {"normal", "high", "urgent", "urgent"};
    return str_of(next[rank_of(priority)]);
}

static bool store_case(const case_desk *d, ticket *t, err *e) {
    return store_put(d->s, &noun_ticket, t, e);
}

static str message_key(const case_desk *d, i64 ticket_id, i64 signal_id) {
    return arena_fmt(d->a, "%" PRId64 "/m/%" PRId64, ticket_id, signal_id);
}

/* A signal is one message of a case, however many rules and deeds bring it there. */
static bool add_message(const case_desk *d, ticket *t, i64 signal_id, str detail, err *e) {
    case_event there;
    err none;
    line l = {CASE_MESSAGE, signal_id, detail, NO_STR, message_key(d, t->id, signal_id)};
    if (t->signal_id == signal_id) return true;
    if (store_find(d->s, d->a, &noun_case_event, l.key, &there, &none)) return true;
    if (none.code != NOT_FOUND) return *e = none, false;
    t->messages = MAX(t->messages, 1) + 1;
    return tell(d, t, &l, e) && store_case(d, t, e);
}

static bool join(const case_desk *d, ticket *open, const ticket *wish, i64 due_at, err *e) {
    if (rank_of(wish->priority) > rank_of(open->priority)) open->priority = wish->priority;
    bool sooner = due_at != NONE && (open->due_at == NONE || due_at < open->due_at);
    if (sooner) open->due_at = due_at;
    return add_message(d, open, wish->signal_id, wish->department, e) && store_case(d, open, e) &&
           (!sooner || plan_escalation(d, open, e));
}

static bool load_steps(const case_desk *d, ticket *t, err *e) {
    playbook p;
    err none;
    if (!t->playbook.n) return true;
    if (!store_find(d->s, d->a, &noun_playbook, t->playbook, &p, &none)) {
        if (none.code != NOT_FOUND) return *e = none, false;
        return t->playbook = NO_STR, true;
    }
    buf b = {.a = d->a};
    json_out j = json_to(&b);
    str rest = p.steps, one;
    json_array(&j);
    while (rest.n) {
        str_line(&rest, &one);
        one = str_trim(one);
        if (!one.n) continue;
        json_object(&j);
        json_key(&j, S("title"));
        json_text(&j, one);
        json_end_object(&j);
    }
    json_end_array(&j);
    t->steps = buf_view(&b);
    return true;
}

/* What was over before we heard of it: its history is made with its own moments. */
static bool open_answered(const case_desk *d, ticket *t, const case_terms *terms, err *e) {
    case_desk then = *d;
    line opened = {CASE_OPENED, t->signal_id, NO_STR, NO_STR, NO_STR},
         contact = {CASE_CONTACT, 0, S("answer"), NO_STR, NO_STR},
         closed = {CASE_CLOSED, 0, S("answered"), NO_STR, NO_STR};
    if (terms->answered_at < terms->opened_at)
        return fail(e, INVALID, "signal %" PRId64 " was answered before it was said", t->signal_id);
    then.now_ms = t->opened_at = terms->opened_at;
    if (!store_case(d, t, e) || !tell(&then, t, &opened, e)) return false;
    then.now_ms = t->contacted_at = t->closed_at = terms->answered_at;
    if (!tell(&then, t, &contact, e)) return false;
    t->state = S("closed");
    t->outcome = S("answered");
    return tell(&then, t, &closed, e) && store_case(d, t, e);
}

bool case_open(const case_desk *d, ticket *t, const case_terms *terms, err *e) {
    bool over = terms->answered_at && terms->answered_at != NONE;
    origin o;
    i64 who = 0, due_at = NONE;
    ticket open;
    check(t->signal_id > 0 && t->deed.n);
    if (!origin_of(d, t->signal_id, &o, &who, e) ||
        !due_from(d, t->calendar, terms->due_ms, &due_at, e) ||
        !newest_case(d, terms->each || over ? 0 : who, is_open, NULL, &open, e))
        return false;
    if (open.id) {
        if (!join(d, &open, t, due_at, e)) return false;
        return *t = open, true;
    }
    t->state = S("open");
    t->opened_at = d->now_ms;
    t->due_at = due_at;
    t->allowed_ms = terms->due_ms;
    t->customer_id = who ? who : NONE;
    t->score = o.score;
    t->score_before = o.value;
    t->messages = 1;
    t->reopened = 0;
    t->events = 0;
    if (over) return open_answered(d, t, terms, e);
    line l = {CASE_OPENED, t->signal_id, t->playbook, NO_STR, NO_STR};
    return due_from(d, t->calendar, terms->contact_ms, &t->contact_due_at, e) &&
           load_steps(d, t, e) && store_case(d, t, e) && tell(d, t, &l, e) && store_case(d, t, e) &&
           plan_escalation(d, t, e);
}

/* ---- steps people take ---- */

bool case_may_turn(const ticket *t, str to, err *e) {
    if (t->merged_into != NONE)
        return fail(e, CONFLICT, "ticket %" PRId64 " was merged into %" PRId64 "; work on that one",
                    t->id, t->merged_into);
    if (str_eq(t->state, S("closed")) && str_eq(to, S("working")))
        return fail(e, CONFLICT, "ticket %" PRId64 " is closed: open it again first", t->id);
    return true;
}

static bool turn(const case_desk *d, const ticket *from, ticket *to, err *e) {
    bool was = str_eq(from->state, S("closed")), is = str_eq(to->state, S("closed"));
    if (is && !to->outcome.n)
        return fail(e, CONFLICT,
                    "a ticket does not close without an outcome, such as refunded, explained, "
                    "repaired or unreachable");
    if (is && str_eq(to->outcome, S("merged")))
        return fail(e, CONFLICT,
                    "\"merged\" is the outcome of merging tickets, not of closing one");
    if (is && !was) to->closed_at = d->now_ms;
    if (!is) to->closed_at = NONE;
    if (str_eq(to->state, S("open")) && (was || !str_eq(from->state, to->state)))
        to->outcome = NO_STR;
    if (is || !was) return true;
    to->reopened = (from->reopened == NONE ? 0 : from->reopened) + 1;
    to->escalated_at = NONE;
    to->score_after = to->asked_signal = to->recovered = NONE;
    return due_from(d, to->calendar, to->allowed_ms, &to->due_at, e);
}

/* What a change is called; CASE_CHANGED when it is none of the greater ones. */
static case_kind name_of_turn(const ticket *from, const ticket *to) {
    bool was = str_eq(from->state, S("closed")), is = str_eq(to->state, S("closed"));
    if (is && !was) return CASE_CLOSED;
    if (was && !is) return CASE_REOPENED;
    bool worked = str_eq(from->state, S("working")), works = str_eq(to->state, S("working"));
    if (works && (!worked || !str_eq(from->owner, to->owner))) return CASE_TAKEN;
    if (worked && !works) return CASE_RELEASED;
    return CASE_CHANGED;
}

static bool same(const ticket *x, const ticket *y) {
    return str_eq(x->state, y->state) && str_eq(x->owner, y->owner) &&
           str_eq(x->department, y->department) && str_eq(x->priority, y->priority) &&
           str_eq(x->outcome, y->outcome) && str_eq(x->note, y->note) && x->due_at == y->due_at;
}

static str what_changed(const case_desk *d, const ticket *from, const ticket *to) {
    if (!str_eq(from->priority, to->priority))
        return arena_fmt(d->a, "priority %.*s", STR_ARG(to->priority));
    if (!str_eq(from->owner, to->owner)) return arena_fmt(d->a, "owner %.*s", STR_ARG(to->owner));
    return NO_STR;
}

bool case_change(const case_desk *d, const ticket *from, ticket *to, err *e) {
    check(from->id == to->id && from->id > 0);
    if (!case_may_turn(from, to->state, e) || !turn(d, from, to, e)) return false;
    if (same(from, to)) return true;
    case_kind kind = name_of_turn(from, to);
    bool handed = !str_eq(from->department, to->department);
    str wrote = str_eq(from->note, to->note) ? NO_STR : to->note;
    ticket first = *to; /* handed over in the state it was in */
    if (handed && kind == CASE_CLOSED) {
        first.state = from->state;
        line l = {CASE_HANDED, 0, from->department, NO_STR, NO_STR};
        if (!tell(d, &first, &l, e)) return false;
        to->events = first.events;
    } else if (handed && kind != CASE_REOPENED) {
        kind = CASE_HANDED;
    }
    line l = {kind, 0, NO_STR, wrote, NO_STR};
    if (kind == CASE_HANDED) l.detail = from->department;
    if (kind == CASE_CLOSED) l.detail = to->outcome;
    if (kind == CASE_CHANGED) l.detail = what_changed(d, from, to);
    if (!tell(d, to, &l, e) || !store_case(d, to, e)) return false;
    bool clock = kind == CASE_REOPENED || from->due_at != to->due_at;
    return !clock || plan_escalation(d, to, e);
}

static bool still_there(const ticket *t, err *e) {
    return case_may_turn(t, t->state, e);
}

bool case_comment(const case_desk *d, ticket *t, str text, err *e) {
    line l = {CASE_COMMENT, 0, NO_STR, str_trim(text), NO_STR};
    if (!l.text.n) return fail(e, INVALID, "comment: \"text\" is required");
    return still_there(t, e) && tell(d, t, &l, e) && store_case(d, t, e);
}

bool case_contact(const case_desk *d, ticket *t, str way, str text, err *e) {
    line l = {CASE_CONTACT, 0, str_trim(way), str_trim(text), NO_STR};
    if (!l.detail.n)
        return fail(e, INVALID, "contact: \"way\" is required, such as phone, message or visit");
    if (!l.text.n) l.text = NO_STR;
    if (!still_there(t, e)) return false;
    if (t->contacted_at == NONE) t->contacted_at = d->now_ms;
    return tell(d, t, &l, e) && store_case(d, t, e);
}

static void put_step(json_out *j, const case_desk *d, const json *step, bool here, bool done) {
    json_object(j);
    json_key(j, S("title"));
    json_text(j, json_get_text(step, S("title")));
    str at = json_get_text(step, S("done_at")), by = json_get_text(step, S("by"));
    if (here) at = done ? time_print(d->a, d->now_ms) : NO_STR, by = done ? d->actor : NO_STR;
    if (at.p) {
        json_key(j, S("done_at"));
        json_text(j, at);
        json_key(j, S("by"));
        json_text(j, by);
    }
    json_end_object(j);
}

bool case_step(const case_desk *d, ticket *t, i64 place, bool done, err *e) {
    json *steps = NULL;
    buf b = {.a = d->a};
    json_out j = json_to(&b);
    line l = {CASE_STEP, 0, NO_STR, NO_STR, NO_STR};
    i64 i = 0;
    if (!still_there(t, e) || (t->steps.n && !json_read(d->a, t->steps, &steps, e))) return false;
    if (!steps || place < 0 || place >= (i64)steps->n)
        return fail(e, INVALID, "step: there is no step %" PRId64 "; the case has %u", place,
                    steps ? steps->n : 0);
    json_array(&j);
    for (const json *s = steps->first; s; s = s->next, i++) {
        put_step(&j, d, s, i == place, done);
        if (i == place)
            l.detail = arena_fmt(d->a, "%s%.*s", done ? "" : "not ",
                                 STR_ARG(json_get_text(s, S("title"))));
    }
    json_end_array(&j);
    t->steps = buf_view(&b);
    if (l.detail.n > 400) l.detail = str_head(l.detail, 400);
    return tell(d, t, &l, e) && store_case(d, t, e);
}

bool case_merge(const case_desk *d, ticket *into, ticket *from, err *e) {
    line gone = {CASE_MERGED, 0, arena_fmt(d->a, "%" PRId64, into->id), NO_STR, NO_STR};
    line got = {CASE_ABSORBED, from->signal_id, arena_fmt(d->a, "%" PRId64, from->id), from->title,
                NO_STR};
    if (into->id == from->id)
        return fail(e, INVALID, "ticket %" PRId64 " cannot be merged into itself", into->id);
    if (!still_there(into, e) || !still_there(from, e)) return false;
    if (str_eq(into->state, S("closed")))
        return fail(e, CONFLICT, "ticket %" PRId64 " is closed: open it again first", into->id);
    from->state = S("closed");
    from->outcome = S("merged");
    from->merged_into = into->id;
    from->closed_at = d->now_ms;
    into->messages = MAX(into->messages, 1) + MAX(from->messages, 1);
    if (rank_of(from->priority) > rank_of(into->priority)) into->priority = from->priority;
    if (into->customer_id == NONE) into->customer_id = from->customer_id;
    bool sooner = from->due_at != NONE && (into->due_at == NONE || from->due_at < into->due_at);
    if (sooner) into->due_at = from->due_at;
    return tell(d, from, &gone, e) && store_case(d, from, e) && tell(d, into, &got, e) &&
           store_case(d, into, e) && (!sooner || plan_escalation(d, into, e));
}

bool case_escalate(const case_desk *d, ticket *t, err *e) {
    line l = {CASE_ESCALATED, 0, t->department, NO_STR, NO_STR};
    t->priority = raised(t->priority);
    t->escalated_at = d->now_ms;
    if (t->escalate_to.n && !str_eq(t->escalate_to, t->department)) {
        t->department = t->escalate_to;
        t->owner = NO_STR;
        if (str_eq(t->state, S("working"))) t->state = S("open");
    }
    return tell(d, t, &l, e) && store_case(d, t, e);
}

/* ---- what the customer says next ---- */

truth score_unhappy(str score, num6 v) {
    if (v == NONE) return UNKNOWN;
    if (str_eq(score, S("score:nps"))) return v <= 6 * NUM6_ONE ? YES : NO;
    if (str_eq(score, S("score:csat")) || str_eq(score, S("score:rating5")))
        return v <= 3 * NUM6_ONE ? YES : NO;
    return UNKNOWN;
}

/* Closed, not asked again since, on the same scale, and not years ago. */
static bool awaits(const ticket *t, const void *ctx) {
    const origin *o = ctx;
    if (!str_eq(t->state, S("closed")) || t->merged_into != NONE || t->score_after != NONE)
        return false;
    if (t->score.p && !str_eq(t->score, o->score)) return false;
    return o->occurred_at >= t->closed_at &&
           o->occurred_at <= t->closed_at + ASKED_AGAIN_DAYS * DAY_MS;
}

static bool asked_again(const case_desk *d, ticket *t, i64 signal_id, const origin *o, err *e) {
    line l = {CASE_ASKED_AGAIN, signal_id, o->score, NO_STR, message_key(d, t->id, signal_id)};
    case_event there;
    err none;
    if (store_find(d->s, d->a, &noun_case_event, l.key, &there, &none)) return true;
    if (none.code != NOT_FOUND) return *e = none, false;
    t->score = o->score;
    t->score_after = o->value;
    t->asked_signal = signal_id;
    t->recovered = score_unhappy(o->score, o->value) == NO;
    return tell(d, t, &l, e) && store_case(d, t, e);
}

/* The answer names its case (attribute "case"), or it is the customer's last one that waits for it. */
static bool find_asked(const case_desk *d, i64 who, const origin *o, ticket *out, err *e) {
    err none;
    out->id = 0;
    if (o->of_case != NONE && o->of_case % NUM6_ONE == 0) {
        ticket t;
        if (store_get(d->s, d->a, &noun_ticket, o->of_case / NUM6_ONE, &t, &none)) {
            bool theirs = !who || t.customer_id == NONE || t.customer_id == who;
            if (theirs && awaits(&t, o)) *out = t;
        } else if (none.code != NOT_FOUND) {
            return *e = none, false;
        }
        if (out->id) return true;
    }
    return newest_case(d, who, awaits, o, out, e);
}

bool case_heard(const case_desk *d, i64 signal_id, err *e) {
    origin o;
    i64 who;
    ticket t;
    if (!origin_of(d, signal_id, &o, &who, e)) return false;
    if (!o.found) return true;
    if (o.score.p) {
        if (!find_asked(d, who, &o, &t, e)) return false;
        if (t.id) return asked_again(d, &t, signal_id, &o, e);
    }
    if (!o.says) return true;
    if (!newest_case(d, who, is_open, NULL, &t, e)) return false;
    return !t.id || add_message(d, &t, signal_id, NO_STR, e);
}

bool case_concerns(store *s, arena *a, const heard *h, bool *out, err *e) {
    i64 who = 0;
    void *recs;
    size_t n = 0;
    const signal_row *r = &h->sig.row;
    bool scored = false;
    *out = false;
    for (size_t i = 0; i < COUNT(scores); i++)
        scored |= signal_attr(&h->sig, str_of(scores[i])) != NULL;
    if (scored && signal_attr(&h->sig, S("case"))) return *out = true, true;
    if (!r->customer.n || (!r->words.n && !scored)) return true;
    if (!store_customer(s, r, &who, e)) return false;
    store_query q = {.field = "customer_id", .num = who, .limit = 1};
    if (who && !store_list(s, a, &noun_ticket, &q, &recs, &n, e)) return false;
    *out = n > 0;
    return true;
}

deed case_heard_deed(arena *a, const heard *h, i64 now_ms) {
    deed d;
    const signal_row *r = &h->sig.row;
    noun_init(&noun_deed, &d);
    str both = arena_fmt(a, "%.*s\x1f%.*s", STR_ARG(r->source), STR_ARG(r->external_id));
    d.key = arena_fmt(a, "case:%016" PRIx64, str_hash(both));
    d.action = S("case");
    d.state = S("pending");
    d.attempts = 0;
    d.due_at = now_ms;
    d.payload = S("{}");
    if (r->id) d.signal_id = r->id;
    return d;
}
