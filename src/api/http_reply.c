/* http_reply.c - the handler's side of an answer: head, whole bodies, streams. */
#include "api/http_int.h"
#include "base/time.h"

static const char *phrase(int status) {
    static const struct {
        int status;
        const char *phrase;
    } known[] = {{200, "OK"},
                 {201, "Created"},
                 {202, "Accepted"},
                 {204, "No Content"},
                 {206, "Partial Content"},
                 {301, "Moved Permanently"},
                 {302, "Found"},
                 {303, "See Other"},
                 {304, "Not Modified"},
                 {307, "Temporary Redirect"},
                 {308, "Permanent Redirect"},
                 {400, "Bad Request"},
                 {401, "Unauthorized"},
                 {403, "Forbidden"},
                 {404, "Not Found"},
                 {405, "Method Not Allowed"},
                 {406, "Not Acceptable"},
                 {408, "Request Timeout"},
                 {409, "Conflict"},
                 {410, "Gone"},
                 {412, "Precondition Failed"},
                 {413, "Content Too Large"},
                 {414, "URI Too Long"},
                 {415, "Unsupported Media Type"},
                 {417, "Expectation Failed"},
                 {422, "Unprocessable Content"},
                 {428, "Precondition Required"},
                 {429, "Too Many Requests"},
                 {431, "Request Header Fields Too Large"},
                 {500, "Internal Server Error"},
                 {501, "Not Implemented"},
                 {502, "Bad Gateway"},
                 {503, "Service Unavailable"},
                 {505, "HTTP Version Not Supported"}};
    for (size_t i = 0; i < COUNT(known); i++)
        if (known[i].status == status) return known[i].phrase;
    return "Answer";
}

static void two_digits(char *to, i32 v) {
    to[0] = (char)('0' + v / 10 % 10);
    to[1] = (char)('0' + v % 10);
}

/* RFC 9110, 5.6.7: Sun, 06 Nov 1994 08:49:37 GMT.  By hand: every answer has one. */
static void put_date(buf *b, i64 utc_ms) {
    static const char days[] = "ThuFriSatSunMonTueWed",
                      months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char line[] = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
    civil c = civil_of(utc_ms);
    i64 weekday = ((day_of_ms(utc_ms) % 7) + 7) % 7; /* 1970-01-01 was a Thursday */
    memcpy(line + 6, days + 3 * weekday, 3);
    two_digits(line + 11, c.day);
    memcpy(line + 14, months + 3 * (c.month - 1), 3);
    two_digits(line + 18, c.year / 100);
    two_digits(line + 20, c.year);
    two_digits(line + 23, c.hour);
    two_digits(line + 26, c.min);
    two_digits(line + 29, c.sec);
    buf_bytes(b, line, sizeof line - 1);
}

static void put_int(buf *b, i64 v) {
    char digits[24];
    size_t n = sizeof digits;
    check(v >= 0);
    do digits[--n] = (char)('0' + v % 10);
    while (v /= 10);
    buf_bytes(b, digits + n, sizeof digits - n);
}

static void put_value(buf *b, str v) {
    size_t from = b->n;
    buf_str(b, v);
    for (size_t i = from; i < b->n; i++)
        if ((u8)b->p[i] < 0x20 || b->p[i] == 0x7f) b->p[i] = ' ';
}

static bool token(const char *name) {
    for (const char *p = name; *p; p++)
        if (*p <= ' ' || *p >= 0x7f || *p == ':') return false;
    return *name != 0;
}

void http_add(http_request *r, const char *name, str value) {
    exchange *x = (exchange *)r;
    check(token(name) && !x->status);
    buf_fmt(&x->extra, "%s: ", name);
    put_value(&x->extra, value);
    buf_str(&x->extra, S("\r\n"));
}

void http_add_replace(http_request *r, const char *name, str value) {
    exchange *x = (exchange *)r;
    buf kept = {0};
    str rest = buf_view(&x->extra), line, head, tail;
    while (rest.n) {
        str_line(&rest, &line);
        if (str_cut(line, ':', &head, &tail) && str_eq_nocase(head, str_of(name))) continue;
        buf_str(&kept, line);
        buf_char(&kept, '\n');
    }
    buf_clear(&x->extra);
    x->extra = kept;
    http_add(r, name, value);
}

static bool added(const exchange *x, str line_start) {
    str rest = buf_view(&x->extra), line;
    while (rest.n) {
        str_line(&rest, &line);
        if (line.n >= line_start.n && str_eq_nocase(str_head(line, line_start.n), line_start))
            return true;
    }
    return false;
}

bool http_replied(const http_request *r) {
    return ((const exchange *)r)->status != 0;
}

/* An answer given before the body has come ends the connection: else what follows could not be told apart. */
static bool must_close(exchange *x) {
    pthread_mutex_lock(&x->lock);
    bool close = !x->keep_alive || !x->in_end || x->in_failed != OK;
    pthread_mutex_unlock(&x->lock);
    return close || atomic_load(&x->server->phase) != 0;
}

static bool bodyless(int status) {
    return status == 204 || status == 304 || (status >= 100 && status < 200);
}

static void put_head(exchange *x, buf *b, int status, str type, i64 length) {
    http_server *s = x->server;
    buf_str(b, S("HTTP/1.1 "));
    put_int(b, status);
    buf_char(b, ' ');
    buf_str(b, str_of(phrase(status)));
    buf_str(b, S("\r\n"));
    put_date(b, s->o.w->now_ms(s->o.w));
    if (type.n) {
        buf_str(b, S("Content-Type: "));
        put_value(b, type);
        buf_str(b, S("\r\nX-Content-Type-Options: nosniff\r\n"));
    }
    if (length != NONE && !bodyless(status)) {
        buf_str(b, S("Content-Length: "));
        put_int(b, length);
        buf_str(b, S("\r\n"));
    }
    if (x->chunked) buf_str(b, S("Transfer-Encoding: chunked\r\n"));
    buf_str(b, S("X-Request-Id: "));
    buf_bytes(b, x->r.id, sizeof x->r.id - 1);
    buf_str(b, S("\r\n"));
    buf_bytes(b, x->extra.p, x->extra.n);
    bool close = must_close(x) || (x->streaming && !x->chunked);
    x->keep_alive = !close;
    if (close)
        buf_str(b, S("Connection: close\r\n"));
    else if (x->http10)
        buf_str(b, S("Connection: keep-alive\r\n"));
    buf_str(b, S("\r\n"));
}

/* The bytes go over to the segment. */
static void send_take(exchange *x, buf *b) {
    seg *s = seg_new(0);
    s->p = s->own = b->p;
    s->n = b->n;
    *b = (buf){0};
    exchange_append(x, s);
}

static buf room_for(const exchange *x, str type, size_t body) {
    enum { HEAD = 384 }; /* what every head holds, with room */
    size_t cap = HEAD + type.n + x->extra.n + body;
    return (buf){.p = mem_grow(NULL, cap, 1), .cap = cap};
}

static void send_whole(exchange *x, int status, str type, str body, bool copy) {
    bool with_body = x->r.method != METHOD_HEAD && !bodyless(status);
    buf b = room_for(x, type, with_body && copy ? body.n : 0);
    x->status = status;
    put_head(x, &b, status, type, (i64)body.n);
    if (with_body && copy) buf_str(&b, body);
    send_take(x, &b);
    if (with_body) COUNTER_ADD(x->bytes_out, (i64)body.n);
    if (!with_body || copy || !body.n) return;
    seg *s = seg_new(0);
    s->p = body.p;
    s->n = body.n;
    exchange_append(x, s);
}

/* A packed answer is another representation: its strong ETag becomes a weak one. */
static void weaken_etag(exchange *x) {
    ptrdiff_t at = str_find(buf_view(&x->extra), S("ETag: \""));
    if (at < 0) return;
    buf b = {0};
    buf_bytes(&b, x->extra.p, (size_t)at + 6);
    buf_str(&b, S("W/"));
    buf_bytes(&b, x->extra.p + at + 6, x->extra.n - (size_t)at - 6);
    buf_clear(&x->extra);
    x->extra = b;
}

static pack_kind choose(exchange *x, str type) {
    if (added(x, S("content-encoding:"))) return PACK_NOT;
    pack_kind k = pack_choose(&x->r, type);
    if (k == PACK_NOT) return k;
    http_add(&x->r, "Content-Encoding", str_of(pack_name(k)));
    weaken_etag(x);
    return k;
}

void http_reply(http_request *r, int status, str type, str body) {
    exchange *x = (exchange *)r;
    check(!x->status && status >= 200 && status <= 599);
    pack_kind k = PACK_NOT;
    if (body.n >= LIMIT_HTTP_PACK_BYTES && !bodyless(status)) {
        k = choose(x, type);
        http_add(r, "Vary", S("Accept-Encoding"));
    }
    if (k == PACK_NOT) {
        send_whole(x, status, type, body, true);
        return;
    }
    packer *p = pack_open(k);
    buf packed = {0};
    pack_put(p, body, PACK_END, &packed);
    send_whole(x, status, type, buf_view(&packed), true);
    buf_clear(&packed);
    pack_close(p);
}

void http_reply_static(http_request *r, int status, str type, str body) {
    exchange *x = (exchange *)r;
    check(!x->status && status >= 200 && status <= 599);
    send_whole(x, status, type, body, false);
}

/* ---- streams ---- */

void http_stream(http_request *r, int status, str type) {
    exchange *x = (exchange *)r;
    check(!x->status && status >= 200 && status <= 599 && !bodyless(status));
    pack_kind k = r->method == METHOD_HEAD ? PACK_NOT : choose(x, type);
    if (pack_choose(r, type) != PACK_NOT) http_add(r, "Vary", S("Accept-Encoding"));
    buf b = room_for(x, type, 0);
    x->status = status;
    x->streaming = true;
    x->chunked = !x->http10;
    if (k != PACK_NOT) x->pack = pack_open(k);
    put_head(x, &b, status, type, NONE);
    send_take(x, &b);
}

/* Waits until the client has taken most of what was said before. */
static bool wait_for_room(exchange *x, err *e) {
    pthread_mutex_lock(&x->lock);
    check(!x->inline_run || x->unsent <= LIMIT_HTTP_OUT_BYTES); /* a quick route does not stream */
    while (x->unsent > LIMIT_HTTP_OUT_BYTES && !x->gone) pthread_cond_wait(&x->turn, &x->lock);
    bool gone = x->gone;
    pthread_mutex_unlock(&x->lock);
    return !gone || fail(e, IO, "the client broke the answer off");
}

static void send_piece(exchange *x, str piece, bool last) {
    bool silent = x->r.method == METHOD_HEAD;
    if (silent || (!piece.n && !(last && x->chunked))) return;
    seg *s = seg_new(piece.n + 32);
    char size[24];
    if (x->chunked && piece.n)
        seg_put(s, (str){size, (size_t)snprintf(size, sizeof size, "%zx\r\n", piece.n)});
    seg_put(s, piece);
    if (x->chunked && piece.n) seg_put(s, S("\r\n"));
    if (x->chunked && last) seg_put(s, S("0\r\n\r\n"));
    COUNTER_ADD(x->bytes_out, (i64)piece.n);
    exchange_append(x, s);
}

enum { PIECE = 16 * 1024 };

static bool send_gathered(exchange *x, bool post, err *e) {
    str piece = buf_view(&x->packed);
    send_piece(x, piece, false);
    bool big = piece.n > 0;
    x->packed.n = 0;
    if (big && post && !x->inline_run) exchange_post(x);
    return wait_for_room(x, e);
}

bool http_write(http_request *r, str bytes, err *e) {
    exchange *x = (exchange *)r;
    check(x->streaming);
    while (bytes.n) { /* in steps, so that one large write waits for its reader too */
        str now = str_head(bytes, PIECE);
        bytes = str_from(bytes, now.n);
        if (x->pack)
            pack_put(x->pack, now, PACK_MORE, &x->packed);
        else
            buf_str(&x->packed, now);
        if (x->packed.n >= PIECE && !send_gathered(x, true, e)) return false;
    }
    return true;
}

bool http_flush(http_request *r, err *e) {
    exchange *x = (exchange *)r;
    check(x->streaming);
    if (x->pack) pack_put(x->pack, S(""), PACK_FLUSH, &x->packed);
    return send_gathered(x, true, e);
}

void exchange_finish_stream(exchange *x, bool ok) {
    if (x->streaming && ok) {
        if (x->pack) pack_put(x->pack, S(""), PACK_END, &x->packed);
        send_piece(x, buf_view(&x->packed), true);
    }
    pthread_mutex_lock(&x->lock);
    x->done = true;
    x->broken = !ok;
    pthread_mutex_unlock(&x->lock);
}
