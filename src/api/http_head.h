/* http_head.h - the head of one request: found, checked to the letter, then taken apart by llhttp.
**
** The check comes first because a parser that is kind to one odd byte lets one request hide in another
** (request smuggling).  RFC 9112 allows refusing all of it. */
#ifndef API_HTTP_HEAD_H
#define API_HTTP_HEAD_H
#include "api/http.h"

/* Looks for the end of a head while its bytes arrive; start from zero. */
typedef struct {
    size_t seen; /* bytes looked at */
    u8 state;
} head_scan;
typedef enum { HEAD_MORE, HEAD_WHOLE, HEAD_BAD } head_found;
/* bytes: all that has arrived of this head, from its first byte.  HEAD_WHOLE: the head is the first
** scan->seen bytes, CRLFCRLF included.  HEAD_BAD (with *e) as soon as it can be known: CR without LF, LF
** without CR, NUL or another control character, a line that continues the one before, or more than
** LIMIT_HTTP_HEAD_BYTES (LIMIT). */
head_found head_find(head_scan *scan, str bytes, err *e);

typedef struct {
    http_method method;
    int minor;                     /* HTTP/1.minor: 0 or 1 */
    str target, path, query, host; /* into the bytes given; query missing without "?" */
    http_field fields[LIMIT_HTTP_FIELDS];
    size_t fields_n;
    i64 length; /* Content-Length, NONE without */
    bool chunked, keep_alive, expects_continue, gzip;
} http_head;

/* head: what head_find called whole.  *status_out: 400, 411, 413, 414, 415, 417, 431, 501 or 505 when false. */
bool head_parse(str head, http_head *out, int *status_out, err *e) MUST_USE;

/* The first field of that name, case ignored. */
str fields_get(const http_field *fields, size_t n, const char *name);
/* A comma-separated list holds the word, case ignored; parameters after ";" are left aside. */
bool list_has(str list, str word);
#endif
