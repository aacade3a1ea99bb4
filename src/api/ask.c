/* ask.c - what most pages do: sit down at the store, read a question, answer in JSON. */
#include "api/ask.h"
#include "api/auth.h"
#include "api/status.h"
#include "base/time.h"

/* ---- questions ---- */

bool zone_read(arena *a, str s, i32 *out, const time_zone **zone, err *e) {
    i64 h, m = 0;
    str hours = s, minutes;
    *out = 0;
    *zone = NULL;
    bool name = s.n && ((s.p[0] | 0x20) >= 'a' && (s.p[0] | 0x20) <= 'z') && !str_eq(s, S("Z"));
    if (name && zone_find(a, s, NO_STR, zone, e)) return true;
    if (s.n == 0 || str_eq(s, S("Z"))) return true;
    bool signed_ = s.p[0] == '+' || s.p[0] == '-' || s.p[0] == ' '; /* "+" may arrive as a blank */
    if (str_cut(s, ':', &hours, &minutes) && !str_int(minutes, &m)) m = -1;
    if (!signed_ || !str_int(str_from(hours, 1), &h) || h < 0 || h > 14 || m < 0 || m > 59)
        return fail(e, INVALID,
                    "zone is \"%.*s\", want a distance from UTC such as +08:00, or a "
                    "name such as Asia/Shanghai",
                    (int)MIN(s.n, 40), s.p);
    *out = (i32)(s.p[0] == '-' ? -(h * 60 + m) : h * 60 + m);
    return true;
}

bool question_read(arena *a, const asked *v, i64 limit_usual, question *out, err *e) {
    err inner;
    str where = params_get(&v->query, "where");
    *out = (question){0};
    if (!zone_read(a, params_get(&v->query, "zone"), &out->zone_min, &out->zone, e) ||
        !params_int(&v->query, "limit", 1, LIMIT_API_PAGE, limit_usual, &out->limit, e))
        return false;
    if (where.n > LIMIT_EXPR_BYTES)
        return fail(e, LIMIT, "where has %zu bytes, the limit is %d", where.n, LIMIT_EXPR_BYTES);
    if (where.n && !expr_parse_zone(a, where, out->zone_min, out->zone, &out->told, &inner))
        return fail(e, inner.code, "where: %s", inner.msg);
    out->where = auth_where(a, v->who, out->told);
    return true;
}

bool question_ok(bool ok, err *e) {
    if (!ok && e->code == NOT_FOUND) e->code = INVALID;
    return ok;
}

bool id_read(const asked *v, i64 *out, err *e) {
    str s = params_get(&v->path, "id");
    if (str_int(s, out) && *out > 0) return true;
    return fail(e, NOT_FOUND, "\"%.*s\" is no number of anything here", (int)MIN(s.n, 40), s.p);
}

bool body_json(arena *a, asked *v, json **out, err *e) {
    str body;
    if (!http_body_all(v->http, a, (size_t)LIMIT_HTTP_BODY_BYTES, &body, e)) return false;
    if (str_trim(body).n == 0)
        return fail(e, INVALID, "the request has no body; send a JSON object");
    return json_read(a, body, out, e);
}

str language(const asked *v) {
    str told = params_get(&v->query, "lang");
    return told.n ? told : http_language(v->http);
}

/* ---- answers ---- */

static void forget(void *b) {
    buf_clear(b);
}

buf *reply_buf(arena *a) {
    buf *b = NEW(a, buf);
    arena_defer(a, forget, b);
    return b;
}

bool reply_room(const buf *b, err *e) {
    return b->n <= LIMIT_ANSWER_BYTES ||
           fail(e, LIMIT, "the answer would be larger than %d MB; ask with a smaller limit",
                LIMIT_ANSWER_BYTES >> 20);
}

void reply_json(asked *v, int status, const buf *b) {
    http_add_replace(v->http, "Cache-Control", S("no-store"));
    http_reply(v->http, status, S("application/json"), buf_view(b));
}

static str etag_of(arena *a, const buf *b) {
    return arena_fmt(a, "\"%016" PRIx64 "\"", str_hash(buf_view(b)));
}

void reply_noun(arena *a, asked *v, int status, const buf *b) {
    str tag = etag_of(a, b);
    http_add_replace(v->http, "ETag", tag);
    http_add_replace(v->http, "Cache-Control", S("no-cache"));
    if (v->http->method == METHOD_GET && str_eq(http_get(v->http, "if-none-match"), tag))
        http_reply(v->http, 304, NO_STR, S(""));
    else
        http_reply(v->http, status, S("application/json"), buf_view(b));
}

bool match_noun(arena *a, asked *v, const buf *b) {
    str want = http_get(v->http, "if-match");
    /* A packed answer's tag is weak, as its bytes are others; the noun it names is the same. */
    if (str_starts(want, S("W/"))) want = str_from(want, 2);
    if (!want.n || str_eq(want, S("*")) || str_eq(want, etag_of(a, b))) return true;
    status_problem(v->http, 412,
                   "somebody changed it since you read it; read it again and repeat your change");
    return false;
}

void put_text(json_out *j, const char *key, str v) {
    json_key(j, str_of(key));
    json_text(j, v);
}

void put_int(json_out *j, const char *key, i64 v) {
    json_key(j, str_of(key));
    json_int(j, v);
}

void put_time(json_out *j, arena *a, const char *key, i64 ms) {
    put_text(j, key, ms == NONE ? NO_STR : time_print(a, ms));
}
