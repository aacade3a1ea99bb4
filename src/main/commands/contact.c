/* contact.c - how often, and when, customers may be written to. */
#include "act/contact.h"
#include "main/desk.h"

typedef struct {
    str store, quiet, zone, hold;
    i64 most, days;
    bool json;
    str_list words;
} wanted;

/* "21:00" in minutes behind midnight; 24:00 is the end of the day. */
static bool clock_read(str s, i64 *out) {
    str h, m;
    i64 hours, minutes;
    if (!str_cut(s, ':', &h, &m) || m.n != 2 || !str_int(h, &hours) || !str_int(m, &minutes))
        return false;
    *out = hours * 60 + minutes;
    return hours >= 0 && minutes >= 0 && minutes < 60 && *out <= 24 * 60;
}

static bool quiet_read(str s, contact_policy *p, err *e) {
    str from, to;
    if (str_eq(s, S("none"))) return p->quiet_from = p->quiet_to = NONE, true;
    if (str_cut(s, '-', &from, &to) && clock_read(from, &p->quiet_from) &&
        clock_read(to, &p->quiet_to))
        return true;
    return fail(e, INVALID, "--quiet wants 21:00-09:00, or none");
}

static bool change(const wanted *w, contact_policy *p, bool *changed, err *e) {
    *changed = w->most != NONE || w->days != NONE || w->quiet.p || w->zone.p || w->hold.p;
    if (w->most != NONE) p->most = w->most;
    if (w->days != NONE) p->days = w->days;
    if (w->zone.p) p->zone = w->zone;
    if (w->hold.p && !str_eq(w->hold, S("yes")) && !str_eq(w->hold, S("no")))
        return fail(e, INVALID, "--hold-open wants yes or no");
    if (w->hold.p) p->hold_open = str_eq(w->hold, S("yes"));
    return !w->quiet.p || quiet_read(w->quiet, p, e);
}

static void show(call *c, const contact_policy *p) {
    fprintf(c->out, "at most    %" PRId64 " messages to one customer in %" PRId64 " days\n",
            p->most, p->days);
    if (p->quiet_from == NONE)
        fputs("quiet      never\n", c->out);
    else
        fprintf(c->out, "quiet      %02d:%02d to %02d:%02d, by the clock of %.*s\n",
                (int)(p->quiet_from / 60), (int)(p->quiet_from % 60), (int)(p->quiet_to / 60),
                (int)(p->quiet_to % 60), STR_ARG(p->zone));
    fprintf(c->out, "open case  %s\n",
            p->hold_open == 1 ? "no survey and no marketing meanwhile" : "does not matter");
}

static bool policy(call *c, const wanted *w, err *e) {
    store *s;
    contact_policy p;
    bool changed;
    if (!desk_store(c, w->store, false, &s, e) || !contact_policy_get(s, c->a, &p, e) ||
        !change(w, &p, &changed, e))
        return false;
    store_actor(s, S("command line"));
    if (changed &&
        (!contact_policy_check(c->a, &p, e) || !store_put(s, &noun_contact_policy, &p, e)))
        return false;
    if (w->json) {
        buf b = {.a = c->a};
        json_out j = json_to(&b);
        noun_print(&j, &noun_contact_policy, &p);
        put_json(c, &b);
    } else {
        show(c, &p);
    }
    return true;
}

static bool opt_out(call *c, const wanted *w, err *e) {
    store *s;
    if (!desk_store(c, w->store, false, &s, e)) return false;
    store_actor(s, S("command line"));
    if (!optout_add(s, c->a, w->words.items[1], "by_hand", e)) return false;
    fputs("nobody writes to that address any more\n", c->out);
    return true;
}

static int run(call *c) {
    err e;
    wanted w = {.most = NONE, .days = NONE};
    const option options[] = {
        {.name = "store", .text = &w.store}, {.name = "most", .number = &w.most},
        {.name = "days", .number = &w.days}, {.name = "quiet", .text = &w.quiet},
        {.name = "zone", .text = &w.zone},   {.name = "hold-open", .text = &w.hold},
        {.name = "json", .flag = &w.json}};
    if (!options_read(c, options, COUNT(options), &w.words, &e)) return call_failed(c, &e);
    bool ok = false;
    if (w.words.n == 0)
        ok = policy(c, &w, &e);
    else if (w.words.n == 2 && str_eq(w.words.items[0], S("optout")))
        ok = opt_out(c, &w, &e);
    else
        fail(&e, INVALID, "contact: want options, or optout ADDRESS; see `heed help contact`");
    return ok ? 0 : call_failed(c, &e);
}

const command command_contact = {
    .name = "contact",
    .title = "How often, and when, customers may be written to",
    .help =
        "usage: heed contact [--most N] [--days N] [--quiet 21:00-09:00|none] [--zone ZONE]\n"
        "                    [--hold-open yes|no] [--json]\n"
        "       heed contact optout ADDRESS\n\n"
        "One policy over surveys, marketing and service: at most so many messages in so many "
        "days, none in quiet\n"
        "hours, no survey and no marketing while a case of the customer is open.  What may not "
        "leave yet waits;\n"
        "what would wait longer than a week is refused.  Without options it shows the policy.\n",
    .run = run,
};
