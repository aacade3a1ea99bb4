/* ticket.c - asks a department to act, by when, and does not let go without an outcome. */
#include "act/rule.h"
#include "base/utf8.h"

enum { TITLE_BYTES = 160 };

static const char *const known[] = {"department", "owner", "due", "priority"};

static bool accepts(const json *params, err *e) {
    i64 ms;
    str due = json_get_text(params, S("due")), priority = json_get_text(params, S("priority"));
    if (json_get_text(params, S("department")).n == 0)
        return fail(e, INVALID, "ticket: which department? write: ticket department=NAME");
    if (due.p && !duration_parse(due, &ms))
        return fail(e, INVALID, "ticket: \"due\" is \"%.*s\", want 30m, 4h, 2d or 1w",
                    STR_ARG(due));
    if (priority.p && !str_eq(priority, S("low")) && !str_eq(priority, S("normal")) &&
        !str_eq(priority, S("high")) && !str_eq(priority, S("urgent")))
        return fail(e, INVALID,
                    "ticket: \"priority\" is \"%.*s\", want low, normal, high or urgent",
                    STR_ARG(priority));
    for (const json *p = params->first; p; p = p->next) {
        bool found = false;
        for (size_t i = 0; i < COUNT(known); i++) found |= str_eq(p->key, str_of(known[i]));
        if (!found) return fail(e, INVALID, "ticket: no parameter \"%.*s\"", STR_ARG(p->key));
    }
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

static void plan(arena *a, const rule *r, const json *params, const heard *h, i64 now_ms,
                 deed *out) {
    (void)r;
    i64 due_ms;
    buf b = {.a = a};
    json_out j = json_to(&b);
    str due = json_get_text(params, S("due"));
    json_object(&j);
    for (size_t i = 0; i < COUNT(known); i++)
        if (!str_eq(str_of(known[i]), S("due")))
            member(&j, known[i], json_get_text(params, str_of(known[i])));
    member(&j, "title", title(a, h));
    if (due.p && duration_parse(due, &due_ms)) {
        json_key(&j, S("due_at"));
        json_int(&j, now_ms + due_ms);
    }
    json_end_object(&j);
    out->payload = buf_view(&b);
}

static void fill(const json *payload, const deed *d, i64 now_ms, ticket *t) {
    noun_init(&noun_ticket, t);
    str priority = json_get_text(payload, S("priority"));
    t->deed = d->key;
    t->signal_id = d->signal_id;
    t->rule_id = d->rule_id;
    t->title = json_get_text(payload, S("title"));
    t->department = json_get_text(payload, S("department"));
    t->owner = json_get_text(payload, S("owner"));
    t->priority = priority.p ? priority : S("normal");
    t->state = S("open");
    t->opened_at = now_ms;
    t->due_at = json_get_int(payload, S("due_at"));
}

static bool perform(store *s, arena *a, const deed *d, i64 now_ms, err *e) {
    json *payload;
    ticket t;
    if (!json_read(a, d->payload, &payload, e)) return false;
    fill(payload, d, now_ms, &t);
    if (store_put(s, &noun_ticket, &t, e)) return true;
    return e->code == CONFLICT; /* this deed opened its ticket before a crash: once is enough */
}

const action action_ticket = {
    .name = "ticket",
    .title = "Open a ticket",
    .help = "Asks a department to act.  A ticket closes only with an outcome code.",
    .params = "department text required Who is asked to act\n"
              "owner text optional The person\n"
              "due duration optional By when: 30m, 4h, 2d, 1w after the signal was heard\n"
              "priority choice optional low, normal, high or urgent",
    .accepts = accepts,
    .plan = plan,
    .perform = perform,
};
