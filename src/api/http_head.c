/* http_head.c - the strict check of a request's head, and its fields by llhttp. */
#include <llhttp.h>
#include "api/http_head.h"

/* ---- finding the end ---- */

/* Where the scan stands: inside a line, behind CR, at a line's beginning, behind the CR of an empty line. */
enum { IN_LINE, LINE_CR, LINE_START, EMPTY_CR, BEFORE, BEFORE_CR };

static bool text_byte(u8 b) {
    return b >= 0x20 ? b != 0x7f : b == '\t';
}

static head_found step(head_scan *scan, u8 b, err *e) {
    switch (scan->state) {
    case LINE_CR:
    case EMPTY_CR:
    case BEFORE_CR:
        if (b != '\n')
            return fail(e, INVALID, "a carriage return without a line feed in the request's head"),
                   HEAD_BAD;
        if (scan->state == EMPTY_CR) return HEAD_WHOLE;
        scan->state = LINE_START;
        return HEAD_MORE;
    case LINE_START:
        if (b == ' ' || b == '\t')
            return fail(e, INVALID, "a header line that continues the one before is not accepted"),
                   HEAD_BAD;
        break;
    }
    if (b == '\r') {
        scan->state = scan->state == LINE_START ? EMPTY_CR : LINE_CR;
    } else if (!text_byte(b)) {
        fail(e, INVALID, "byte 0x%02x is not allowed in the head of a request", b);
        return HEAD_BAD;
    } else {
        scan->state = IN_LINE;
    }
    return HEAD_MORE;
}

head_found head_find(head_scan *scan, str bytes, err *e) {
    check(scan->seen <= bytes.n);
    if (scan->seen == 0 && bytes.n && !(bytes.p[0] >= 'A' && bytes.p[0] <= 'Z'))
        return fail(e, INVALID, "a request begins with a method such as GET"), HEAD_BAD;
    while (scan->seen < bytes.n && scan->seen < LIMIT_HTTP_HEAD_BYTES) {
        head_found f = step(scan, (u8)bytes.p[scan->seen++], e);
        if (f != HEAD_MORE) return f;
    }
    if (scan->seen < LIMIT_HTTP_HEAD_BYTES) return HEAD_MORE;
    return fail(e, LIMIT, "the head of the request has more than %d bytes", LIMIT_HTTP_HEAD_BYTES),
           HEAD_BAD;
}

/* ---- llhttp: tokens only; it is given the head and never a body ---- */

typedef struct {
    llhttp_t p;
    http_head *h;
    bool whole, full, open; /* open: a field's name was begun, its value not ended */
} taking;

/* llhttp may give one token in pieces; the bytes lie side by side. */
static void extend(str *s, const char *at, size_t n) {
    if (!s->p) s->p = at;
    check(s->p + s->n == at);
    s->n += n;
}

static int on_url(llhttp_t *p, const char *at, size_t n) {
    extend(&((taking *)p->data)->h->target, at, n);
    return 0;
}

static int on_name(llhttp_t *p, const char *at, size_t n) {
    taking *t = p->data;
    if (!t->open && t->h->fields_n == LIMIT_HTTP_FIELDS) {
        t->full = true;
        return -1;
    }
    if (!t->open) t->h->fields[t->h->fields_n++] = (http_field){0};
    t->open = true;
    extend(&t->h->fields[t->h->fields_n - 1].name, at, n);
    return 0;
}

static int on_value(llhttp_t *p, const char *at, size_t n) {
    taking *t = p->data;
    check(t->h->fields_n > 0);
    extend(&t->h->fields[t->h->fields_n - 1].value, at, n);
    return 0;
}

static int on_value_end(llhttp_t *p) {
    taking *t = p->data;
    http_field *f = &t->h->fields[t->h->fields_n - 1];
    f->value = f->value.p ? str_trim(f->value) : S("");
    t->open = false;
    return 0;
}

static int on_head(llhttp_t *p) {
    ((taking *)p->data)->whole = true;
    return HPE_PAUSED; /* what comes after the head is ours */
}

static bool method_of(u8 m, http_method *out) {
    static const u8 known[HTTP_METHODS] = {HTTP_GET,   HTTP_HEAD,   HTTP_POST,   HTTP_PUT,
                                           HTTP_PATCH, HTTP_DELETE, HTTP_OPTIONS};
    for (size_t i = 0; i < HTTP_METHODS; i++)
        if (known[i] == m) return *out = (http_method)i, true;
    return false;
}

static bool take_tokens(str head, http_head *out, int *status, err *e) {
    llhttp_settings_t s;
    taking t = {.h = out};
    llhttp_settings_init(&s);
    s.on_url = on_url;
    s.on_header_field = on_name;
    s.on_header_value = on_value;
    s.on_header_value_complete = on_value_end;
    s.on_headers_complete = on_head;
    llhttp_init(&t.p, HTTP_REQUEST, &s);
    t.p.data = &t;
    llhttp_execute(&t.p, head.p, head.n);
    *status = t.full ? 431 : 400;
    if (t.full)
        return fail(e, LIMIT, "the request has more than %d header fields", LIMIT_HTTP_FIELDS);
    if (!t.whole)
        return fail(e, INVALID, "the request's head is not HTTP/1.1: %s",
                    llhttp_get_error_reason(&t.p));
    if (llhttp_get_http_major(&t.p) != 1 || llhttp_get_http_minor(&t.p) > 1)
        return *status = 505, fail(e, INVALID, "only HTTP/1.0 and HTTP/1.1 are spoken here");
    out->minor = llhttp_get_http_minor(&t.p);
    if (!method_of(llhttp_get_method(&t.p), &out->method))
        return *status = 501, fail(e, INVALID, "the method of this request is not served here");
    return true;
}

/* ---- what the fields must be ---- */

static bool named(str name, const char *want) {
    return str_eq_nocase(name, str_of(want));
}

str fields_get(const http_field *fields, size_t n, const char *name) {
    for (size_t i = 0; i < n; i++)
        if (named(fields[i].name, name)) return fields[i].value;
    return NO_STR;
}

bool list_has(str list, str word) {
    while (list.n) {
        str item = list, rest = NO_STR;
        str_cut(list, ',', &item, &rest);
        list = rest;
        str_cut(item, ';', &item, &rest);
        if (str_eq_nocase(str_trim(item), word)) return true;
    }
    return false;
}

/* llhttp 8 lets an empty name pass; RFC 9110, 5.6.2 says what a name is. */
static bool check_names(const http_head *h, err *e) {
    for (size_t i = 0; i < h->fields_n; i++) {
        str n = h->fields[i].name;
        bool ok = n.n > 0;
        for (size_t k = 0; ok && k < n.n; k++)
            ok = n.p[k] > ' ' && n.p[k] < 0x7f && !strchr("\"(),/:;<=>?@[\\]{}", n.p[k]);
        if (!ok) return fail(e, INVALID, "header field %zu has no proper name", i + 1);
    }
    return true;
}

static bool once_only(const http_head *h, err *e) {
    static const char *const single[] = {"host",
                                         "content-length",
                                         "transfer-encoding",
                                         "content-type",
                                         "content-encoding",
                                         "authorization",
                                         "expect",
                                         "origin"};
    for (size_t k = 0; k < COUNT(single); k++) {
        size_t n = 0;
        for (size_t i = 0; i < h->fields_n; i++) n += named(h->fields[i].name, single[k]);
        if (n > 1) return fail(e, INVALID, "the header field %s is there %zu times", single[k], n);
    }
    return true;
}

static bool host_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("-._~:[]%!$&'()*+,;=", c));
}

static bool check_host(http_head *h, err *e) {
    h->host = fields_get(h->fields, h->fields_n, "host");
    if (!h->host.p)
        return h->minor == 0 || fail(e, INVALID, "a request in HTTP/1.1 names its Host");
    bool ok = h->host.n > 0 && h->host.n <= 255;
    for (size_t i = 0; ok && i < h->host.n; i++) ok = host_byte(h->host.p[i]);
    return ok || fail(e, INVALID, "the Host of this request is not a name with a port");
}

static bool check_length(http_head *h, err *e) {
    str s = fields_get(h->fields, h->fields_n, "content-length");
    h->length = NONE;
    if (!s.p) return true;
    i64 v = 0;
    bool ok = s.n > 0 && s.n <= 18;
    for (size_t i = 0; ok && i < s.n; i++) {
        ok = s.p[i] >= '0' && s.p[i] <= '9';
        v = v * 10 + (s.p[i] - '0');
    }
    if (!ok) return fail(e, INVALID, "Content-Length is not a plain number of bytes");
    h->length = v;
    return true;
}

static bool check_framing(http_head *h, err *e) {
    str te = fields_get(h->fields, h->fields_n, "transfer-encoding");
    if (!check_length(h, e)) return false;
    if (!te.p) return true;
    if (h->minor == 0) return fail(e, INVALID, "Transfer-Encoding is not known in HTTP/1.0");
    if (h->length != NONE)
        return fail(e, INVALID, "a request has Content-Length or Transfer-Encoding, not both");
    if (!str_eq_nocase(te, S("chunked")))
        return fail(e, INVALID, "the only Transfer-Encoding taken is chunked");
    h->chunked = true;
    return true;
}

static bool check_coding(http_head *h, int *status, err *e) {
    str coding = fields_get(h->fields, h->fields_n, "content-encoding");
    str expect = fields_get(h->fields, h->fields_n, "expect");
    if (coding.n && !str_eq_nocase(coding, S("identity"))) {
        h->gzip = str_eq_nocase(coding, S("gzip")) || str_eq_nocase(coding, S("x-gzip"));
        if (!h->gzip)
            return *status = 415, fail(e, INVALID, "a body may be packed by gzip, not otherwise");
    }
    if (!expect.p) return true;
    if (!str_eq_nocase(expect, S("100-continue")))
        return *status = 417, fail(e, INVALID, "the only Expect known here is 100-continue");
    h->expects_continue = h->minor == 1;
    return true;
}

/* ---- the request's target ---- */

/* http://host/path is what proxies send; the host must be the one of the field. */
static bool cut_authority(http_head *h, str *path, err *e) {
    str rest = str_from(h->target, str_starts(h->target, S("https://")) ? 8 : 7), host = rest;
    size_t n = 0;
    while (n < rest.n && rest.p[n] != '/' && rest.p[n] != '?') n++;
    host.n = n;
    if (!str_eq_nocase(host, h->host))
        return fail(e, INVALID, "the request's target names another host than Host does");
    *path = str_from(rest, n);
    if (path->n == 0 || path->p[0] != '/')
        return fail(e, INVALID, "the request's target has no path");
    return true;
}

static bool check_target(http_head *h, int *status, err *e) {
    if (h->target.n > LIMIT_HTTP_TARGET_BYTES)
        return *status = 414,
               fail(e, LIMIT, "path and query have more than %d bytes", LIMIT_HTTP_TARGET_BYTES);
    for (size_t i = 0; i < h->target.n; i++)
        if (h->target.p[i] <= ' ' || h->target.p[i] >= 0x7f || h->target.p[i] == '#')
            return fail(e, INVALID, "byte %zu of path and query must be percent-encoded", i + 1);
    str path = h->target;
    if (str_starts(path, S("http://")) || str_starts(path, S("https://"))) {
        if (!cut_authority(h, &path, e)) return false;
    }
    bool star = h->method == METHOD_OPTIONS && str_eq(path, S("*"));
    if (!star && (path.n == 0 || path.p[0] != '/'))
        return fail(e, INVALID, "the request's path must begin with \"/\"");
    h->path = path;
    str_cut(path, '?', &h->path, &h->query);
    return true;
}

static void set_keep_alive(http_head *h) {
    bool close = false, keep = h->minor == 1;
    for (size_t i = 0; i < h->fields_n; i++) {
        if (!named(h->fields[i].name, "connection")) continue;
        close |= list_has(h->fields[i].value, S("close"));
        keep |= list_has(h->fields[i].value, S("keep-alive"));
    }
    h->keep_alive = keep && !close;
}

bool head_parse(str head, http_head *out, int *status, err *e) {
    check(head.n >= 4 && str_ends(head, S("\r\n\r\n")));
    out->fields_n = 0;
    out->target = out->path = out->query = out->host = NO_STR;
    out->length = NONE;
    out->chunked = out->keep_alive = out->expects_continue = out->gzip = false;
    if (!take_tokens(head, out, status, e)) return false;
    if (!check_names(out, e) || !once_only(out, e) || !check_host(out, e) || !check_framing(out, e))
        return false;
    if (!check_target(out, status, e) || !check_coding(out, status, e)) return false;
    set_keep_alive(out);
    return true;
}
