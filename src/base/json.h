/* json.h - JSON out (ours, streaming) and in (a tree, by simdjson behind json_in.cc). */
#ifndef BASE_JSON_H
#define BASE_JSON_H
#include "base/base.h"

/* ---- writing: commas and quotes are the writer's business ---- */
typedef struct {
    buf *out;
    u32 depth;
    u64 has_item;      /* one bit a level: a comma is due */
    bool after_key;
} json_out;
json_out json_to(buf *out);
void json_object(json_out *j);                     /* { */
void json_array(json_out *j);                      /* [ */
void json_end_object(json_out *j);
void json_end_array(json_out *j);
void json_key(json_out *j, str key);
void json_text(json_out *j, str s);                /* missing text is null; bad UTF-8 becomes U+FFFD */
void json_int(json_out *j, i64 v);                 /* NONE is null */
void json_num(json_out *j, double v);              /* shortest text that reads back equal; NAN is null */
void json_bool(json_out *j, bool v);
void json_null(json_out *j);
void json_raw(json_out *j, str json);              /* trusted JSON text */

/* ---- reading ---- */
typedef enum { JSON_NULL, JSON_BOOL, JSON_INT, JSON_NUM, JSON_TEXT, JSON_ARRAY, JSON_OBJECT } json_kind;
typedef struct json json;
struct json {
    json_kind kind;
    str key;           /* inside an object */
    str text;          /* JSON_TEXT; decoded */
    i64 i;             /* JSON_INT (fits int64), JSON_BOOL 0/1 */
    double num;        /* JSON_INT and JSON_NUM */
    json *first;       /* children in order; the last of two equal keys counts in json_get */
    json *next;
    u32 n;             /* children */
};
/* Strict RFC 8259 and UTF-8; at most LIMIT_JSON_DEPTH levels.  The tree and all text live in a. */
bool json_read(arena *a, str text, json **out, err *e) MUST_USE;
void json_value(json_out *j, const json *v);            /* writes a tree that was read */
const json *json_get(const json *object, str key);      /* NULL if absent or not an object */
str json_get_text(const json *object, str key);         /* NO_STR unless a text */
i64 json_get_int(const json *object, str key);          /* NONE unless an integer */
double json_get_num(const json *object, str key);       /* NAN unless a number */
#endif
