/* route.h - the table of routes: what is served where, and who may.
**
** A pattern is parts between slashes: literal text, {name} for one part, {name*} for all the rest (last
** only, at least one part).  Literal parts go before named ones.  Paths are decoded part by part; "..",
** empty parts, hidden slashes and control characters are refused, never repaired. */
#ifndef API_ROUTE_H
#define API_ROUTE_H
#include "api/http.h"

typedef struct api api; /* what every page may use: see api.h */
typedef struct who who; /* who asks: see auth.h */
typedef struct {
    str name, value;
} param;
typedef struct {
    param *items;
    size_t n;
} params;

/* A request that found its route. */
typedef struct {
    http_request *http;
    params path;    /* {name} parts, decoded */
    params query;   /* decoded, in order */
    const who *who; /* never NULL; nobody on public routes */
    str body;       /* missing unless the gate had to read it: see route.key_in_body */
} asked;
typedef bool route_handler(api *x, arena *a, asked *v, err *e);

typedef struct {
    http_method method; /* GET serves HEAD too */
    const char *path;   /* "/api/v1/signals/{id}" */
    const char
        *scope; /* who may: "public", "session", "any" or a right, "signals.read": see auth.h */
    const char *summary; /* a line of the API's description */
    route_handler *handle;
    const char *query; /* names of its parameters, blanks between; NULL = none;
                                               ** one not named here is refused; "*" takes all */
    /* for the description (openapi.h): */
    const char *takes,
        *gives; /* body and answer: a name of schemas/, or a JSON Schema; NULL = none */
    const char *takes_as,
        *gives_as;      /* their media types, blanks between; NULL = application/json */
    const char *status; /* "201 409": what it answers, beside what every route of its kind may;
                        ** without a success: 200, or 204 when nothing is given */
    const char *fields; /* request fields it reads, as query */
    i64 body_max;       /* 0 = LIMIT_HTTP_BODY_BYTES */
    bool key_in_body;   /* JSON whose writeKey may name the asker, as Segment's libraries do;
                               ** then the gate reads the body: it stands in asked.body */
    bool quick;         /* never waits: runs on the loop, even when workers are busy */
} route;

typedef struct router router;
/* Two routes with one method and equal patterns (names aside) end the program: our own mistake. */
router *router_open(void);
void router_add(router *r, const route *routes, size_t n); /* borrowed for the router's life */
void router_close(router *r);                              /* NULL is fine */

typedef struct {
    const route *route;           /* NULL: see status */
    int status;                   /* 200, 400, 404 or 405 */
    u32 allowed;                  /* 405: a bit for each http_method */
    str parts[LIMIT_PATH_PARAMS]; /* raw values of the named parts, in order */
} routed;
/* Never waits and allocates nothing: good for http_terms.  path is raw. */
void router_find(const router *r, http_method m, str path, routed *out);
void router_each(const router *r, void (*fn)(void *ctx, const route *r), void *ctx);

/* Finds, asks the gate (gate.h), decodes, calls; answers 404, 405 (with Allow) and OPTIONS itself. */
bool router_serve(const router *r, api *x, arena *a, http_request *http, err *e) MUST_USE;
void router_terms(const router *r, const http_request *http, http_terms *terms);

/* %41 to A.  INVALID: half an escape, a control character, broken UTF-8; plus: "+" is a blank. */
bool percent_decode(arena *a, str s, bool plus, str *out, err *e) MUST_USE;
/* One part of a path: decodes; ".", "..", slashes and backslashes inside are INVALID too. */
bool path_part(arena *a, str s, str *out, err *e) MUST_USE;
/* A query, or a body in application/x-www-form-urlencoded.  At most LIMIT_QUERY_PARAMS. */
bool query_parse(arena *a, str s, params *out, err *e) MUST_USE;

str params_get(const params *p, const char *name); /* the first; NO_STR if none */
/* A whole number from min to max; missing or empty: usual. */
bool params_int(const params *p, const char *name, i64 min, i64 max, i64 usual, i64 *out,
                err *e) MUST_USE;
/* The one word of a list ("day week month"); missing: the first.  *which_out is its place. */
bool params_word(const params *p, const char *name, const char *words, size_t *which_out,
                 err *e) MUST_USE;
#endif
