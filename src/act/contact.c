/* contact.c - the contact policy: consent, opt-outs, open cases, quiet hours and one cap for everything. */
#include "act/contact.h"
#include "base/json.h"
#include "base/time.h"
#include "base/zone.h"
#include "model/signal.h"

enum { USUAL_MOST = 3, USUAL_DAYS = 7, USUAL_FROM = 21 * 60, USUAL_TO = 9 * 60, DAY_MIN = 1440 };
static const str policy_name = {"everybody", 9};

bool contact_purpose(str s) {
    return str_eq(s, S("service")) || str_eq(s, S("survey")) || str_eq(s, S("marketing"));
}

bool contact_policy_check(arena *a, const contact_policy *p, err *e) {
    const time_zone *z;
    if (!noun_check(&noun_contact_policy, p, e)) return false;
    if (p->days != NONE && p->days > 366)
        return fail(e, INVALID, "days is %" PRId64 ", want 1 to 366", p->days);
    if (p->most != NONE && (p->most < 0 || p->most > 1000))
        return fail(e, INVALID, "most is %" PRId64 ", want 0 to 1000", p->most);
    if (p->quiet_from != NONE &&
        (p->quiet_from < 0 || p->quiet_from > DAY_MIN || p->quiet_to < 0 || p->quiet_to > DAY_MIN))
        return fail(e, INVALID, "quiet hours want minutes behind midnight, 0 to 1440");
    return !p->zone.n || zone_find(a, p->zone, NO_STR, &z, e);
}

bool contact_policy_get(store *s, arena *a, contact_policy *out, err *e) {
    if (store_find(s, a, &noun_contact_policy, policy_name, out, e)) return true;
    if (e->code != NOT_FOUND) return false;
    noun_init(&noun_contact_policy, out);
    out->name = policy_name;
    out->most = USUAL_MOST;
    out->days = USUAL_DAYS;
    out->quiet_from = USUAL_FROM;
    out->quiet_to = USUAL_TO;
    out->zone = S("+00:00");
    out->hold_open = 1;
    return true;
}

/* ---- one question after the other; each leaves GO or says why not ---- */

typedef struct {
    store *s;
    arena *a;
    const contact_wish *w;
    contact_policy p;
    i64 now_ms;
    contact_answer *out;
} asking;

static bool never(asking *k, str why) {
    *k->out = (contact_answer){CONTACT_NEVER, NONE, why};
    return true;
}

static bool wait_until(asking *k, i64 until, str why) {
    *k->out = (contact_answer){CONTACT_WAIT, until, why};
    return true;
}

/* {"marketing": {"given": false, ...}} or {"marketing": "refused"}. */
static bool ask_consent(asking *k, err *e) {
    customer c;
    json *doc;
    if (!store_get(k->s, k->a, &noun_customer, k->w->customer_id, &c, e)) return false;
    if (!c.consent.n) return true;
    if (!json_read(k->a, c.consent, &doc, e)) return false;
    const json *of = json_get(doc, k->w->purpose);
    if (!of) return true;
    const json *given = of->kind == JSON_OBJECT ? json_get(of, S("given")) : of;
    bool refused =
        given && ((given->kind == JSON_BOOL && !given->i) || str_eq(given->text, S("refused")));
    if (!refused) return true;
    return never(k,
                 arena_fmt(k->a, "the customer refused messages for %.*s", STR_ARG(k->w->purpose)));
}

static bool ask_optout(asking *k, err *e) {
    bool out;
    if (!optout_has(k->s, k->a, k->w->address, &out, e)) return false;
    return !out || never(k, S("nobody writes to this address any more: it left the list, or mail "
                              "to it came back"));
}

static bool ask_case(asking *k, err *e) {
    bool is_open;
    if (k->p.hold_open != 1 || str_eq(k->w->purpose, S("service"))) return true;
    if (!store_case_open(k->s, k->w->customer_id, &is_open, e)) return false;
    return !is_open ||
           wait_until(k, k->now_ms + HOUR_MS, S("a case of this customer is still open"));
}

/* The end of the quiet hours that hold at now, by the clock of the policy's zone; now if none does. */
static bool quiet_end(asking *k, i64 *end, err *e) {
    const time_zone *z;
    i64 from = k->p.quiet_from, to = k->p.quiet_to;
    *end = k->now_ms;
    if (from == NONE || from == to) return true;
    if (!zone_find(k->a, k->p.zone.n ? k->p.zone : S("+00:00"), NO_STR, &z, e)) return false;
    i64 local = k->now_ms + zone_offset(z, k->now_ms, NULL), day = day_of_ms(local);
    i64 minute = (local - day * DAY_MS) / MINUTE_MS;
    bool over_night = from > to;
    if (over_night ? minute < from && minute >= to : minute < from || minute >= to) return true;
    i64 end_day = over_night && minute >= from ? day + 1 : day;
    *end = MAX(zone_utc(z, end_day * DAY_MS + to * MINUTE_MS), k->now_ms + MINUTE_MS);
    return true;
}

static bool ask_quiet(asking *k, err *e) {
    i64 end;
    if (!quiet_end(k, &end, e)) return false;
    return end <= k->now_ms || wait_until(k, end, S("quiet hours"));
}

/* The cap-th newest contact leaves the window first of those that count. */
static bool ask_cap(asking *k, err *e) {
    void *recs;
    size_t n;
    store_query q = {
        .field = "customer_id", .num = k->w->customer_id, .newest_first = true, .limit = 1000};
    if (k->p.most == NONE) return true;
    if (k->p.most == 0) return never(k, S("the policy allows no message to customers at all"));
    if (!store_list(k->s, k->a, &noun_contact, &q, &recs, &n, e)) return false;
    const contact_row *c = recs;
    i64 window = k->p.days * DAY_MS, seen = 0, first = k->now_ms;
    for (size_t i = 0; i < n && seen < k->p.most; i++)
        if (c[i].at > k->now_ms - window) seen++, first = MIN(first, c[i].at);
    if (seen < k->p.most) return true;
    return wait_until(k, first + window,
                      arena_fmt(k->a, "%" PRId64 " messages in %" PRId64 " days are the most",
                                k->p.most, k->p.days));
}

static bool count_it(asking *k, err *e) {
    contact_row c;
    noun_init(&noun_contact, &c);
    c.deed = k->w->deed;
    c.customer_id = k->w->customer_id;
    c.purpose = k->w->purpose;
    c.at = k->now_ms;
    return store_put(k->s, &noun_contact, &c, e);
}

bool contact_ask(store *s, arena *a, const contact_wish *w, i64 now_ms, contact_answer *out,
                 err *e) {
    static bool (*const questions[])(asking *, err *) = {ask_optout, ask_consent, ask_case,
                                                         ask_quiet, ask_cap};
    asking k = {.s = s, .a = a, .w = w, .now_ms = now_ms, .out = out};
    contact_row known;
    bool counted = store_find(s, a, &noun_contact, w->deed, &known, e);
    if (!counted && e->code != NOT_FOUND) return false;
    *out = (contact_answer){CONTACT_GO, NONE, NO_STR};
    if (!contact_policy_get(s, a, &k.p, e)) return false;
    /* What was counted is a message that did not get through: the cap has room for it already. */
    for (size_t i = 0; i < COUNT(questions) - counted; i++) {
        if (!questions[i](&k, e)) return false;
        if (out->fate != CONTACT_GO) return true;
    }
    return counted || count_it(&k, e);
}

/* ---- who ---- */

/* Copied: a visit must not take from the arena while the cursor stands. */
typedef struct {
    char space[LIMIT_KEY_BYTES], name[LIMIT_KEY_BYTES];
    size_t space_n, name_n;
} said_by;

static bool note_who(void *ctx, const signal *sig, const insight *ins, err *e) {
    said_by *b = ctx;
    str space, name;
    (void)ins, (void)e;
    if (!sig->row.customer.n) return true;
    customer_identity(&sig->row, &space, &name);
    b->space_n = MIN(space.n, sizeof b->space);
    b->name_n = MIN(name.n, sizeof b->name);
    memcpy(b->space, space.p, b->space_n);
    memcpy(b->name, name.p, b->name_n);
    return true;
}

bool contact_of_signal(store *s, arena *a, i64 signal_id, i64 *customer_id, str *email, err *e) {
    said_by b = {.space_n = 0};
    void *recs;
    size_t n;
    *customer_id = 0;
    *email = NO_STR;
    if (signal_id == NONE || signal_id == 0) return true;
    if (!store_scan_ids(s, &signal_id, 1, note_who, &b, e)) return false;
    if (!b.name_n) return true;
    if (!store_customer_of(s, (str){b.space, b.space_n}, (str){b.name, b.name_n}, customer_id, e))
        return false;
    if (!*customer_id) return true;
    store_query q = {.field = "customer_id", .num = *customer_id};
    if (!store_list(s, a, &noun_identity, &q, &recs, &n, e)) return false;
    for (const identity *rows = recs; n-- > 0;)
        if (str_eq(rows[n].namespace, S("email"))) *email = rows[n].value;
    return true;
}

/* ---- opt-outs ---- */

bool optout_hash(store *s, arena *a, str address, str *out, err *e) {
    str bare = str_trim(address);
    char *low = arena_alloc(a, bare.n + 1);
    for (size_t i = 0; i < bare.n; i++)
        low[i] = bare.p[i] >= 'A' && bare.p[i] <= 'Z' ? (char)(bare.p[i] | 32) : bare.p[i];
    return store_keyed_hash(s, a, (str){low, bare.n}, out, e);
}

bool optout_has(store *s, arena *a, str address, bool *out, err *e) {
    optout row;
    str hash;
    if (!optout_hash(s, a, address, &hash, e)) return false;
    *out = store_find(s, a, &noun_optout, hash, &row, e);
    return *out || e->code == NOT_FOUND;
}

bool optout_add_hash(store *s, arena *a, str hash, const char *why, err *e) {
    optout row;
    if (store_find(s, a, &noun_optout, hash, &row, e)) return true;
    if (e->code != NOT_FOUND) return false;
    noun_init(&noun_optout, &row);
    row.why = str_of(why);
    row.hash = hash;
    return store_put(s, &noun_optout, &row, e);
}

bool optout_add(store *s, arena *a, str address, const char *why, err *e) {
    str hash;
    return optout_hash(s, a, address, &hash, e) && optout_add_hash(s, a, hash, why, e);
}

bool optout_proof(store *s, arena *a, str hash, str *out, err *e) {
    str whole;
    if (!store_keyed_hash(s, a, arena_fmt(a, "leave:%.*s", STR_ARG(hash)), &whole, e)) return false;
    *out = str_head(whole, 32);
    return true;
}
