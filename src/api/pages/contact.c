/* contact.c - the contact policy, and the door by which customers leave. */
#include "act/contact.h"
#include "api/ask.h"

enum { HASH_DIGITS = 64 };

static void print_policy(buf *b, const contact_policy *p) {
    json_out j = json_to(b);
    noun_print(&j, &noun_contact_policy, p);
}

static bool policy(api *x, arena *a, asked *v, err *e) {
    desk *d;
    contact_policy p;
    buf b = {.a = a};
    if (!desk_sit(x, a, v, &d, e) || !contact_policy_get(d->s, a, &p, e)) return false;
    desk_leave(d);
    print_policy(&b, &p);
    reply_noun(a, v, 200, &b);
    return true;
}

static bool change(api *x, arena *a, asked *v, err *e) {
    desk *d;
    json *body;
    contact_policy p;
    buf before = {.a = a}, after = {.a = a};
    if (!body_json(a, v, &body, e) || !desk_write(x, a, v, &d, e) ||
        !contact_policy_get(d->s, a, &p, e))
        return false;
    print_policy(&before, &p);
    if (!match_noun(a, v, &before)) return true;
    if (!noun_read(a, &noun_contact_policy, body, &p, e) || !contact_policy_check(a, &p, e) ||
        !store_put(d->s, &noun_contact_policy, &p, e))
        return false;
    desk_leave(d);
    print_policy(&after, &p);
    reply_noun(a, v, 200, &after);
    return true;
}

static bool opt_out(api *x, arena *a, asked *v, err *e) {
    desk *d;
    json *body;
    if (!body_json(a, v, &body, e)) return false;
    str address = json_get_text(body, S("address"));
    if (!address.n) return fail(e, INVALID, "\"address\" is required: whom nobody writes to");
    if (!desk_write(x, a, v, &d, e) || !optout_add(d->s, a, address, "by_hand", e)) return false;
    desk_leave(d);
    http_reply(v->http, 204, NO_STR, S(""));
    return true;
}

/* ---- the customer's door ---- */

typedef struct {
    const char *lang, *ask, *button, *done, *wrong;
} phrases;

static const phrases *phrases_of(const asked *v) {
    static const phrases all[] = {
        {"zh-CN", "不想再收到我们的邮件?", "不再给我发邮件", "好的,我们不会再给您发邮件。",
         "这个链接不完整。请从邮件里重新打开它。"},
        {"zh-TW", "不想再收到我們的郵件?", "不再寄郵件給我", "好的,我們不會再寄郵件給您。",
         "這個連結不完整。請從郵件裡重新開啟它。"},
        {"en", "You do not want our mails any more?", "Write to me no more",
         "Done: we will not write to you again.",
         "This link is not whole. Please open it from the mail again."}};
    str wish = language(v);
    for (size_t i = 0; i < COUNT(all); i++)
        if (str_eq(wish, str_of(all[i].lang))) return &all[i];
    return &all[COUNT(all) - 1];
}

static void say(arena *a, asked *v, int status, const phrases *p, const char *words, bool ask) {
    str form = ask ? arena_fmt(a,
                               "<form method=post><button name=List-Unsubscribe value=One-Click>%s"
                               "</button></form>",
                               p->button)
                   : S("");
    http_add(v->http, "Content-Security-Policy",
             S("default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"));
    http_add(v->http, "Referrer-Policy", S("no-referrer"));
    http_reply(v->http, status, S("text/html; charset=utf-8"),
               arena_fmt(a,
                         "<!doctype html><html lang=%s><meta charset=utf-8><meta name=viewport "
                         "content=\"width=device-width\"><title>%s</title><main><h1>%s</h1>%.*s"
                         "</main></html>",
                         p->lang, words, words, STR_ARG(form)));
}

/* HASH-PROOF: the proof says that the link is ours, so that nobody fills the list with what they made up. */
static bool link_right(store *s, arena *a, str link, str *hash, bool *right, err *e) {
    str proof, want;
    *right = str_cut(link, '-', hash, &proof) && hash->n == HASH_DIGITS;
    if (!*right) return true;
    if (!optout_proof(s, a, *hash, &want, e)) return false;
    *right = str_eq(want, proof);
    return true;
}

static bool door(api *x, arena *a, asked *v, err *e) {
    (void)x, (void)e;
    const phrases *p = phrases_of(v);
    say(a, v, 200, p, p->ask, true);
    return true;
}

static bool leave(api *x, arena *a, asked *v, err *e) {
    desk *d;
    str hash;
    bool right;
    const phrases *p = phrases_of(v);
    if (!desk_write(x, a, v, &d, e) ||
        !link_right(d->s, a, v->path.items[0].value, &hash, &right, e))
        return false;
    if (right && !optout_add_hash(d->s, a, hash, "unsubscribed", e)) return false;
    desk_leave(d);
    say(a, v, right ? 200 : 404, p, right ? p->done : p->wrong, false);
    return true;
}

static const route routes[] = {
    {METHOD_GET, "/api/v1/contact-policy", "rules.read",
     "How often, and when, customers may be written to", .handle = policy,
     .gives = "contact_policy"},
    {METHOD_PATCH, "/api/v1/contact-policy", "rules.write", "Changes it", .handle = change,
     .takes = "contact_policy_change", .gives = "contact_policy", .fields = "If-Match"},
    {METHOD_POST, "/api/v1/optouts", "rules.write", "Nobody writes to this address any more",
     .handle = opt_out, .takes = "optout_wish"},
    {METHOD_GET, "/leave/{token}", "public", "Where a customer leaves the list", .handle = door,
     .query = "lang", .gives_as = "text/html"},
    {METHOD_POST, "/leave/{token}", "public", "Leaves it, with one click (RFC 8058)",
     .handle = leave, .query = "lang", .takes_as = "application/x-www-form-urlencoded",
     .gives_as = "text/html", .body_max = LIMIT_AUTH_BODY_BYTES},
};
const page page_contact = {
    .name = "contact", .title = "Contact policy", .routes = routes, .routes_n = COUNT(routes)};
