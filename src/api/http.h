/* http.h - an HTTP/1.1 server that knows nothing of Heed.
**
** A few loop threads own the sockets (epoll); a pool of workers runs the handler, so that a long
** question never keeps other people waiting.  A head is checked strictly before the parser (llhttp)
** sees it; everything a stranger controls has a limit and a time-out.  What the handler does not
** read is never sent for: a full body buffer stops the reading of the socket.
**
**   static bool hello(void *ctx, arena *a, http_request *r, err *e) {
**       http_reply(r, 200, S("text/plain"), arena_fmt(a, "you asked for %.*s", STR_ARG(r->path)));
**       return true;
**   }
**   http_options o = {.listen = &(str){S("127.0.0.1:8080")}, .listen_n = 1, .handler = hello, .w = w};
**   if (!http_server_open(&o, &server, e)) ...
**
** TLS, HTTP/2 and virtual hosts are the reverse proxy's business. */
#ifndef API_HTTP_H
#define API_HTTP_H
#include "base/world.h"
#include "base/limits.h"
#include "base/job.h"

typedef struct http_server http_server;

/* The methods served; a request with any other is answered 501. */
typedef enum {
    METHOD_GET,
    METHOD_HEAD,
    METHOD_POST,
    METHOD_PUT,
    METHOD_PATCH,
    METHOD_DELETE,
    METHOD_OPTIONS
} http_method;
enum { HTTP_METHODS = 7 };
const char *http_method_text(http_method m); /* "GET" */

typedef struct {
    str name, value; /* as sent; blanks around the value are off */
} http_field;

/* One request.  Read-only for the handler, alive until it returns. */
typedef struct {
    http_method method; /* HEAD is handled like GET; the server leaves the body out */
    str path;           /* raw, begins with "/" (or is "*" for OPTIONS); not decoded: see route.h */
    str query;          /* raw, without "?"; missing when there was no "?" */
    str host;           /* as sent, with port */
    const http_field *fields;
    size_t fields_n;
    i64 body_bytes;    /* Content-Length; NONE when chunked; 0 when there is no body */
    str client;        /* IP address in text, through trusted proxies; "unix" for local sockets */
    bool secure;       /* a trusted proxy says that the client spoke https */
    bool local;        /* it came through a unix socket, of a program on this machine */
    char id[17];       /* of this request, for people to quote: 16 hexadecimal digits */
    const char *route; /* set by the handler: names the request in the log ("/users/{id}") */
    void *user;        /* the handler's own: a session, a key */
} http_request;

/* ---- reading ---- */

str http_get(const http_request *r,
             const char *name); /* first field of that name; NO_STR if none */
bool http_accepts(const http_request *r, const char *coding); /* Accept-Encoding names it, q > 0 */
bool http_type_is(const http_request *r,
                  const char *type); /* Content-Type without its parameters */

/* Reads up to cap bytes of the body; *n_out == 0 is the end.  Waits for the client.  A body in gzip is
** unpacked, under the limits of the request's terms.  False: the client left (IO), sent too much or a
** bomb (LIMIT), or what cannot be framed or unpacked (INVALID). */
bool http_body_read(http_request *r, void *to, size_t cap, size_t *n_out, err *e) MUST_USE;
/* The whole body, in a; more than max bytes is LIMIT. */
bool http_body_all(http_request *r, arena *a, size_t max, str *out, err *e) MUST_USE;

/* Becomes true (atomically) when the client closes its side, or the connection is gone: nobody may wait
** for the answer.  For questions that take long; valid while the handler runs. */
const bool *http_hung(const http_request *r);
bool http_listens(http_request *r); /* false: the client has left, nobody waits for the answer */

/* ---- answering: once per request ---- */

/* A field of the answer, before it begins.  Control characters in the value become blanks, so nothing
** a client sent can end the field.  Not for Content-Length, Connection, Date, Transfer-Encoding. */
void http_add(http_request *r, const char *name, str value);
void http_add_replace(http_request *r, const char *name, str value);
/* A whole answer.  body is copied and, when large and compressible, packed as the client accepts. */
void http_reply(http_request *r, int status, str type, str body);
/* The same without copying or packing: the body outlives the server (embedded files). */
void http_reply_static(http_request *r, int status, str type, str body);
bool http_replied(const http_request *r); /* an answer has begun */

/* An answer of unknown length: begin, write as often as wanted, return from the handler.  Writing waits
** while the client is slow, and fails with IO when it has left.  A handler that fails after the beginning
** breaks the connection off, so that nobody takes a part for the whole. */
void http_stream(http_request *r, int status, str type);
bool http_write(http_request *r, str bytes, err *e) MUST_USE;
bool http_flush(http_request *r, err *e) MUST_USE; /* what was written so far may travel */

/* ---- server-sent events ---- */

/* Turns the answer into text/event-stream.  The handle outlives the handler; any thread may push to it;
** its owner closes it once.  A comment every LIMIT_EVENTS_PING_MS keeps proxies awake. */
typedef struct http_events http_events;
http_events *http_events_open(http_request *r);
/* event and id may be missing.  Never waits.  False: the client left, or has LIMIT_EVENTS_BYTES unread
** and was dropped (it reconnects and asks by Last-Event-ID); close the handle. */
bool http_events_push(http_events *s, str event, str id, str data);
bool http_events_alive(http_events *s);
void http_events_close(http_events *s); /* NULL is fine; always before http_server_close */

/* ---- the server ---- */

/* Handles one request in a job of its own.  False with *e: the server answers problem+json by
** status.h if nothing was answered yet. */
typedef bool http_handler(void *ctx, arena *a, http_request *r, err *e);

/* What a request may do, decided when its head is known, on the loop: must not wait. */
typedef struct {
    i64 body_max; /* bytes of the body, unpacked; more is 413 */
    bool quick;   /* the handler never waits: it runs on the loop, even when workers are busy */
    bool
        ignores_body; /* the handler will not read a body: it runs at once, and one that comes ends the
                              * connection after the answer */
} http_terms;
typedef void http_terms_fn(void *ctx, const http_request *r, http_terms *terms);

/* One finished request, for a log without personal data: no address, no query, no body. */
typedef struct {
    const char *id, *method, *route; /* route: as the handler named it, else "-" */
    int status;                      /* 0: the client left before the answer */
    i64 at_ms;                       /* UTC: when its head was whole */
    i64 took_us;
    i64 bytes_in, bytes_out; /* of bodies, as they travelled */
} http_done;
typedef void http_log_fn(void *ctx, const http_done *d);

typedef struct {
    const str
        *listen; /* "127.0.0.1:8080", "[::1]:8080", "*:8080", "unix:/run/x.sock"; port 0 = any */
    size_t listen_n;
    const int
        *inherited; /* listening sockets somebody opened for us (socket activation); we own them */
    size_t inherited_n;
    const str
        *trusted; /* networks of proxies whose X-Forwarded-* counts: "10.0.0.0/8", "::1", "unix" */
    size_t trusted_n;
    http_handler *handler;
    http_terms_fn *terms; /* NULL: LIMIT_HTTP_BODY_BYTES, not quick */
    http_log_fn *log;     /* NULL: none.  Called on loops: must not wait for long */
    void *ctx;            /* for all three */
    world *w;             /* the time of day from any thread; chance once, at open */
    int loops, workers;   /* 0 = 1 loop, 8 workers */
    size_t job_bytes;     /* arena budget of one request; 0 = LIMIT_JOB_BYTES */
    i64 connections_max;  /* 0 = LIMIT_HTTP_CONNECTIONS */
    i64 connections_each; /* of one address, proxies of ours aside; 0 = LIMIT_HTTP_CONNECTIONS_EACH, and
                          ** this machine's are not counted */
    i64 head_ms, idle_ms; /* 0 = LIMIT_HTTP_HEAD_MS, LIMIT_HTTP_IDLE_MS; tests shorten them */
    i64 rate_ms;          /* window of the minimum rate; 0 = LIMIT_HTTP_RATE_MS */
    i64 ping_ms;          /* 0 = LIMIT_EVENTS_PING_MS */
} http_options;

/* Listens and starts the threads; o is copied, what it points to is borrowed only until return, except
** ctx and w.  A taken port is BUSY, an address that cannot be read INVALID. */
bool http_server_open(const http_options *o, http_server **out, err *e) MUST_USE;
/* No new connections; idle ones end; requests in hand are finished, at most patience_ms, then broken
** off.  Returns when the last has gone; true if none was broken off.  Once. */
bool http_server_drain(http_server *s, i64 patience_ms);
void http_server_close(http_server *s);     /* drains with no patience if need be; NULL is fine */
int http_server_port(const http_server *s); /* of the first TCP address: for port 0 */
bool http_server_alive(const http_server *s,
                       i64 within_ms); /* every loop has turned in that time */

/* Counts since the start, and how it stands now. */
enum { HTTP_LATENCIES = 12 }; /* upper bounds in http_latency_us, last: no bound */
extern const i64 http_latency_us[HTTP_LATENCIES];
typedef struct {
    i64 accepted, turned_away;   /* connections; away: above a limit */
    i64 open, busy, events;      /* connections now; requests in hand now; event streams now */
    i64 waiting;                 /* requests waiting for a worker now */
    i64 requests[6];             /* finished, by status / 100; [0]: the client left */
    i64 refused;                 /* heads or bodies that broke the protocol */
    i64 timed_out;               /* head, body or answer too slow */
    i64 events_dropped;          /* event streams whose reader was too slow */
    i64 bytes_in, bytes_out;     /* on the wire */
    i64 latency[HTTP_LATENCIES]; /* finished requests at most that slow, not cumulative */
    i64 latency_sum_us;
} http_counts;
void http_server_counts(const http_server *s, http_counts *out);

/* ---- the process's manager ---- */

/* Tells systemd (socket path as $NOTIFY_SOCKET has it; missing: does nothing), such as "READY=1". */
bool http_notify(str socket_path, str state, err *e) MUST_USE;
#endif
