/* ticket.c - asks a department to act, by when, and does not let go without an outcome. */
#include "act/cases.h"
#include "act/rule.h"
#include "base/time.h"
#include "base/utf8.h"

enum { TITLE_BYTES = 160 };

/* What goes into the ticket as it is. */
static const char *const plain[] = {"department", "owner",    "priority",
                                    "calendar",   "escalate", "playbook"};
/* Lengths of time; due and contact in working time of the calendar. */
static const char *const spans[] = {"due", "contact", "after"};

static bool is_of(str name, const char *const *names, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (str_eq(name, str_of(names[i]))) return true;
    return false;
}

static bool spans_read(const json *params, err *e) {
    i64 ms;
    for (size_t i = 0; i < COUNT(spans); i++) {
        str v = json_get_text(params, str_of(spans[i]));
        if (v.p && !duration_parse(v, &ms))
            return fail(e, INVALID, "ticket: \"%s\" is \"%.*s\", want 30m, 4h, 2d or 1w", spans[i],
                        STR_ARG(v));
    }
    if (json_get_text(params, S("unless")).p && !json_get_text(params, S("after")).p)
        return fail(e, INVALID, "ticket: \"unless\" wants \"after\": until when is it waited for?");
    return true;
}

static bool accepts(const json *params, err *e) {
    str priority = json_get_text(params, S("priority")), each = json_get_text(params, S("each"));
    if (json_get_text(params, S("department")).n == 0)
        return fail(e, INVALID, "ticket: which department? write: ticket department=NAME");
    if (!spans_read(params, e)) return false;
    if (priority.p && !str_eq(priority, S("low")) && !str_eq(priority, S("normal")) &&
        !str_eq(priority, S("high")) && !str_eq(priority, S("urgent")))
        return fail(e, INVALID,
                    "ticket: \"priority\" is \"%.*s\", want low, normal, high or urgent",
                    STR_ARG(priority));
    if (each.p && !str_eq(each, S("yes")) && !str_eq(each, S("no")))
        return fail(e, INVALID, "ticket: \"each\" is \"%.*s\", want yes or no", STR_ARG(each));
    for (const json *p = params->first; p; p = p->next)
        if (!is_of(p->key, plain, COUNT(plain)) && !is_of(p->key, spans, COUNT(spans)) &&
            !str_eq(p->key, S("each")) && !str_eq(p->key, S("unless")) &&
            !str_eq(p->key, S("answered")))
            return fail(e, INVALID, "ticket: no parameter \"%.*s\"", STR_ARG(p->key));
    return true;
}

/* One line people recognise the case by: the customer's own words, without personal data. */
static str title(arena *a, const heard *h) {
    str words = h->ins.row.clean.p ? h->ins.row.clean : h->sig.row.words, line;
    for (str rest = words; rest.n;) {
        str_line(&rest, &line);
        line = str_trim(line);
        if (line.n)
            return line.n > TITLE_BYTES
                       ? arena_fmt(a, "%.*s…", STR_ARG(utf8_clip(line, TITLE_BYTES)))
                       : line;
    }
    for (size_t i = 0; i < h->sig.attrs_n; i++) {
        const attribute *at = &h->sig.attrs[i];
        if (!str_starts(at->key, S("score:")) || at->num == NONE) continue;
        buf b = {.a = a};
        buf_fmt(&b, "%.*s = ", STR_ARG(at->key));
        buf_num6(&b, at->num);
        return buf_view(&b);
    }
    return h->sig.row.event.n ? h->sig.row.event : S("(no words)");
}

static void member(json_out *j, const char *key, str text) {
    if (!text.p) return;
    json_key(j, str_of(key));
    json_text(j, text);
}

static void span(json_out *j, const json *params, const char *name, const char *as) {
    i64 ms;
    str text = json_get_text(params, str_of(name));
    if (!text.p || !duration_parse(text, &ms)) return;
    json_key(j, str_of(as));
    json_int(j, ms);
}

/* A case of another system: the attribute that says when it was answered there. */
static void answered(json_out *j, const json *params, const heard *h) {
    str column = json_get_text(params, S("answered"));
    const attribute *at = column.n ? signal_attr(&h->sig, column) : NULL;
    i64 ms;
    if (!at || !at->text.p || !time_parse(str_trim(at->text), 0, &ms)) return;
    if (ms < h->sig.row.occurred_at) return;
    json_key(j, S("opened"));
    json_int(j, h->sig.row.occurred_at);
    json_key(j, S("answered"));
    json_int(j, ms);
}

static void plan(arena *a, const rule *r, const json *params, const heard *h, i64 now_ms,
                 deed *out) {
    (void)now_ms;
    i64 after_ms;
    buf b = {.a = a};
    json_out j = json_to(&b);
    str after = json_get_text(params, S("after"));
    json_object(&j);
    for (size_t i = 0; i < COUNT(plain); i++)
        member(&j, plain[i], json_get_text(params, str_of(plain[i])));
    member(&j, "each", json_get_text(params, S("each")));
    member(&j, "unless", json_get_text(params, S("unless")));
    member(&j, "rule", r->name);
    member(&j, "title", title(a, h));
    span(&j, params, "due", "due_ms");
    span(&j, params, "contact", "contact_ms");
    span(&j, params, "after", "after_ms");
    answered(&j, params, h);
    if (after.p && duration_parse(after, &after_ms)) {
        json_key(&j, S("since"));
        json_int(&j, h->sig.row.occurred_at);
        out->due_at = h->sig.row.occurred_at + after_ms; /* promised then, asked about then */
    }
    json_end_object(&j);
    out->payload = buf_view(&b);
}

static void fill(const json *payload, const deed *d, ticket *t) {
    noun_init(&noun_ticket, t);
    str priority = json_get_text(payload, S("priority"));
    t->deed = d->key;
    t->signal_id = d->signal_id;
    t->rule_id = d->rule_id;
    t->title = json_get_text(payload, S("title"));
    t->department = json_get_text(payload, S("department"));
    t->owner = json_get_text(payload, S("owner"));
    t->priority = priority.p ? priority : S("normal");
    t->calendar = json_get_text(payload, S("calendar"));
    t->escalate_to = json_get_text(payload, S("escalate"));
    t->playbook = json_get_text(payload, S("playbook"));
}

/* Did what was waited for come in time?  Counted by a fact, in the store. */
static bool kept(store *s, arena *a, const json *payload, const deed *d, bool *out, err *e) {
    fact f;
    i64 who = 0, n = 0, since = json_get_int(payload, S("since"));
    str name = json_get_text(payload, S("unless"));
    *out = false;
    if (!name.p) return true;
    if (!store_find(s, a, &noun_fact, name, &f, e)) return false;
    if (!case_customer(s, a, d->signal_id, &who, e)) return false;
    if (!who) return true;
    i64 until = since + json_get_int(payload, S("after_ms"));
    if (!store_fact_count(s, f.id, who, since - 1, until, INT64_MAX, &n, e)) return false;
    *out = n > 0;
    return true;
}

static bool perform(store *s, arena *a, const deed *d, i64 now_ms, err *e) {
    json *payload;
    ticket t, there;
    err none;
    bool was_kept;
    if (!json_read(a, d->payload, &payload, e)) return false;
    if (store_find(s, a, &noun_ticket, d->key, &there, &none)) return true; /* once is enough */
    if (none.code != NOT_FOUND) return *e = none, false;
    if (!kept(s, a, payload, d, &was_kept, e)) return false;
    if (was_kept) return true;
    fill(payload, d, &t);
    str rule_name = json_get_text(payload, S("rule"));
    case_terms terms = {json_get_int(payload, S("due_ms")), json_get_int(payload, S("contact_ms")),
                        str_eq(json_get_text(payload, S("each")), S("yes")),
                        json_get_int(payload, S("opened")), json_get_int(payload, S("answered"))};
    i64 due_at = json_get_int(payload, S("due_at")); /* of a deed planned by an older Heed */
    if (due_at != NONE) terms.due_ms = MAX(due_at - now_ms, 0);
    case_desk desk = {
        s, a, rule_name.n ? arena_fmt(a, "rule:%.*s", STR_ARG(rule_name)) : S("system"), now_ms};
    if (desk.actor.n > LIMIT_NAME_BYTES) desk.actor = S("rule");
    return case_open(&desk, &t, &terms, e);
}

const action action_ticket = {
    .name = "ticket",
    .title = "Open a ticket",
    .help = "Asks a department to act.  A ticket closes only with an outcome code.",
    .params = "department text required Who is asked to act\n"
              "owner text optional The person\n"
              "due duration optional By when: 30m, 4h, 2d, 1w of working time\n"
              "contact duration optional By when the customer is contacted first\n"
              "calendar text optional Whose working hours; none: all hours\n"
              "escalate text optional The department that is given it when it is late\n"
              "playbook text optional The steps to take\n"
              "priority choice optional low, normal, high or urgent\n"
              "each choice optional yes: a case of its own though the customer has an open one\n"
              "answered text optional The attribute that says when another system answered: such a "
              "case is over\n"
              "after duration optional Not at once but so long after it happened\n"
              "unless text optional And only if this fact has not happened to the customer by then",
    .accepts = accepts,
    .plan = plan,
    .perform = perform,
};
