/* json_out.c - JSON text, written once, always valid. */
#include "base/json.h"
#include "base/number.h"
#include "base/utf8.h"

json_out json_to(buf *out) {
    return (json_out){.out = out};
}

static void item(json_out *j) {
    if (j->after_key) {
        j->after_key = false;
        return;
    }
    u64 bit = (u64)1 << j->depth;
    if (j->has_item & bit) buf_char(j->out, ',');
    j->has_item |= bit;
}

static void open(json_out *j, char c) {
    item(j);
    buf_char(j->out, c);
    check(j->depth < 63);
    j->depth++;
    j->has_item &= ~((u64)1 << j->depth);
}

static void close(json_out *j, char c) {
    check(j->depth > 0 && !j->after_key);
    j->depth--;
    buf_char(j->out, c);
}

void json_object(json_out *j) {
    open(j, '{');
}

void json_array(json_out *j) {
    open(j, '[');
}

void json_end_object(json_out *j) {
    close(j, '}');
}

void json_end_array(json_out *j) {
    close(j, ']');
}

static void escape(buf *b, u8 c) {
    static const char named[] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    if (c == '"' || c == '\\')
        buf_fmt(b, "\\%c", c);
    else if (c < sizeof named && named[c])
        buf_fmt(b, "\\%c", named[c]);
    else
        buf_fmt(b, "\\u%04x", c);
}

static void quoted(buf *b, str s) {
    buf_char(b, '"');
    size_t from = 0;
    for (size_t i = 0; i < s.n;) {
        u8 c = (u8)s.p[i];
        u32 cp;
        int n = c < 0x80 ? 1 : utf8_get(s, i, &cp);
        bool plain = c >= 0x20 && c != '"' && c != '\\' && n > 0;
        if (!plain) {
            buf_bytes(b, s.p + from, i - from);
            if (n == 0)
                buf_str(b, S("\xef\xbf\xbd"));
            else
                escape(b, c);
            from = i + 1;
        }
        i += n > 0 ? (size_t)n : 1;
    }
    buf_bytes(b, s.p + from, s.n - from);
    buf_char(b, '"');
}

void json_key(json_out *j, str key) {
    check(!j->after_key);
    item(j);
    quoted(j->out, key);
    buf_char(j->out, ':');
    j->after_key = true;
}

void json_text(json_out *j, str s) {
    item(j);
    if (s.p)
        quoted(j->out, s);
    else
        buf_str(j->out, S("null"));
}

void json_int(json_out *j, i64 v) {
    item(j);
    if (v == NONE)
        buf_str(j->out, S("null"));
    else
        buf_fmt(j->out, "%" PRId64, v);
}

void json_num(json_out *j, double v) {
    item(j);
    if (!isfinite(v)) {
        buf_str(j->out, S("null"));
        return;
    }
    char z[NUMBER_ROOM];
    buf_bytes(j->out, z, number_print(v, z));
}

void json_bool(json_out *j, bool v) {
    item(j);
    buf_str(j->out, v ? S("true") : S("false"));
}

void json_null(json_out *j) {
    item(j);
    buf_str(j->out, S("null"));
}

void json_raw(json_out *j, str text) {
    item(j);
    buf_str(j->out, text);
}

void json_value(json_out *j, const json *v) {
    bool object = v->kind == JSON_OBJECT, array = v->kind == JSON_ARRAY;
    if (object) json_object(j);
    if (array) json_array(j);
    for (const json *c = v->first; c; c = c->next) {
        if (object) json_key(j, c->key);
        json_value(j, c);
    }
    if (object) json_end_object(j);
    if (array) json_end_array(j);
    if (v->kind == JSON_NULL) json_null(j);
    if (v->kind == JSON_BOOL) json_bool(j, v->i != 0);
    if (v->kind == JSON_INT) json_int(j, v->i);
    if (v->kind == JSON_NUM) json_num(j, v->num);
    if (v->kind == JSON_TEXT) json_text(j, v->text);
}
