/* email.c - a mail by SMTP (RFC 5321, 5322): to those the endpoint is for, or to one customer, who can leave
** with one click (RFC 8058). */
#include "act/way.h"
#include "base/time.h"
#include "base/utf8.h"

enum { SUBJECT_BYTES = 200, LINE = 76, TEXT_BYTES = 100000 };

/* Enough to keep a second command or header out; whether it exists, the other side knows. */
static bool address_right(str s) {
    ptrdiff_t at = str_find(s, S("@"));
    if (at <= 0 || (size_t)at + 3 > s.n || s.n > 254) return false;
    for (size_t i = 0; i < s.n; i++)
        if ((u8)s.p[i] <= ' ' || (u8)s.p[i] >= 0x7f || strchr("<>,;:\"()[]\\", s.p[i]))
            return false;
    return str_find(str_from(s, (size_t)at + 1), S("@")) < 0;
}

static bool accepts(const endpoint *to, const json *settings, str secret, err *e) {
    (void)to;
    static const char *const names[] = {"from", "to"};
    for (size_t i = 0; i < COUNT(names); i++) {
        str v = json_get_text(settings, str_of(names[i]));
        if (v.n && !address_right(v))
            return fail(e, INVALID, "\"%s\" is \"%.*s\", want one address: name@example.org",
                        names[i], (int)MIN(v.n, (size_t)100), v.p);
    }
    if (secret.n && !json_get_text(settings, S("user")).n)
        return fail(e, INVALID, "a password wants the setting \"user\"");
    return true;
}

/* RFC 2047: words of at most 75 characters, cut between characters. */
static void subject(arena *a, buf *b, str title) {
    enum { PIECE = 42 };
    str rest = utf8_clip(title, SUBJECT_BYTES);
    buf_str(b, S("Subject:"));
    while (rest.n) {
        str piece = utf8_clip(rest, PIECE);
        if (!piece.n) piece = str_head(rest, 1);
        str text = base64_text(a, piece.p, piece.n);
        buf_fmt(b, " =?utf-8?B?%.*s?=\r\n", STR_ARG(text));
        rest = str_from(rest, piece.n);
    }
    if (!title.n) buf_str(b, S(" -\r\n"));
}

static void date(buf *b, i64 ms) {
    static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    civil c = civil_of(ms);
    i64 day = day_of_ms(ms) % 7;
    buf_fmt(b, "Date: %s, %02d %s %04d %02d:%02d:%02d +0000\r\n", days[day < 0 ? day + 7 : day],
            c.day, months[c.month - 1], c.year, c.hour, c.min, c.sec);
}

static void body(arena *a, buf *b, str text) {
    str all = base64_text(a, text.p, text.n);
    for (size_t i = 0; i < all.n; i += LINE) {
        buf_str(b, str_head(str_from(all, i), LINE));
        buf_str(b, S("\r\n"));
    }
}

static str domain_of(str address) {
    ptrdiff_t at = str_find(address, S("@"));
    return str_from(address, (size_t)at + 1);
}

static str whole_mail(arena *a, const letter *l, str from, str to) {
    buf b = {.a = a};
    const note *n = l->notes;
    buf_fmt(&b, "From: %.*s\r\nTo: %.*s\r\n", STR_ARG(from), STR_ARG(to));
    subject(a, &b, n->title);
    date(&b, l->now_ms);
    str domain = domain_of(from);
    buf_fmt(&b, "Message-ID: <%016" PRIx64 "@%.*s>\r\n", str_hash(n->key), STR_ARG(domain));
    if (n->leave.n)
        buf_fmt(&b,
                "List-Unsubscribe: <%.*s>\r\n"
                "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
                STR_ARG(n->leave));
    buf_str(&b, S("Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                  "Content-Type: text/plain; charset=utf-8\r\n"
                  "Content-Transfer-Encoding: base64\r\n\r\n"));
    body(a, &b, n->text.n ? utf8_clip(n->text, TEXT_BYTES) : n->title);
    return buf_view(&b);
}

static bool write_parcel(arena *a, const letter *l, parcel *out, err *e) {
    str from = json_get_text(l->settings, S("from"));
    str to = l->notes->to.n ? l->notes->to : json_get_text(l->settings, S("to"));
    str name = json_get_text(l->settings, S("user"));
    if (!to.n)
        return fail(e, INVALID,
                    "nobody is named as receiver: give the endpoint the setting \"to\"");
    if (!address_right(to)) return fail(e, INVALID, "the receiver's address is none");
    *out = (parcel){.url = l->address,
                    .body = whole_mail(a, l, from, to),
                    .user = name,
                    .password = name.p ? l->secret : NO_STR,
                    .from = arena_fmt(a, "<%.*s>", STR_ARG(from)),
                    .to = arena_fmt(a, "<%.*s>", STR_ARG(to))};
    return true;
}

/* RFC 5321, 4.2.1: 2yz done, 4yz later, 5yz never.  550, 551 and 553 are about the mailbox, and so is what
** RFC 3463 calls 5.1.x. */
static void judge(arena *a, const receipt *r, verdict_out *out) {
    *out = (verdict_out){.fate = WAY_SENT, .wait_ms = NONE};
    if (r->status >= 200 && r->status < 300) return;
    str words = utf8_clip(r->body, 160);
    out->fate = r->status >= 500 ? WAY_NEVER : WAY_AGAIN;
    out->bounced = r->status == 550 || r->status == 551 || r->status == 553 ||
                   (r->status >= 500 && str_find(words, S(" 5.1.")) >= 0);
    out->why = arena_fmt(a, "the mail server answered %d: %.*s", r->status, STR_ARG(words));
}

const way way_email = {
    .name = "email",
    .title = "E-mail",
    .help = "Mails by SMTP: smtps://HOST:465, or smtp://HOST:587 with STARTTLS.",
    .settings = "from text required The address it comes from\n"
                "to text optional Who gets it, unless it is a customer\n"
                "public_url text optional Where customers reach this server: they leave by it\n"
                "user text optional Who signs in; the secret is the password",
    .schemes = "smtps smtp",
    .notes_max = 1,
    .ordered = false,
    .accepts = accepts,
    .write = write_parcel,
    .judge = judge,
};
