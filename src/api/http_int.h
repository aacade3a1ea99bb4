/* http_int.h - what the files of the HTTP server share; nobody else includes it.
**
** A connection (conn) belongs to one loop and is touched by its thread alone.  A request in hand is an
** exchange, shared by the connection, a worker, perhaps an event handle: counted references, one lock.
** Bytes go loop -> worker by the pipe (exchange.in), worker -> loop by segments (exchange.out).  Who has
** changed an exchange from outside posts it to its loop's mailbox. */
#ifndef API_HTTP_INT_H
#define API_HTTP_INT_H
#include <stdatomic.h>
#include "api/http_chunk.h"
#include "api/http_head.h"

typedef struct conn conn;
typedef struct exchange exchange;
typedef struct loop loop;

/* Bytes on their way out. */
typedef struct seg seg;
struct seg {
    seg *next;
    const char *p; /* behind the struct, or somebody's who outlives us */
    char *own;     /* freed with the segment; NULL: nothing */
    size_t n, off, cap;
    char bytes[];
};
seg *seg_new(size_t cap);
void seg_put(seg *s, str bytes); /* must fit */
void segs_free(seg *s);

/* One worker at a time reads unpacked bytes; see http_pack.c. */
typedef struct unpacker unpacker;
unpacker *unpack_open(void);
void unpack_close(unpacker *u);
/* Takes from *in, gives up to cap bytes; end: nothing follows *in.  *n_out == 0 with *in empty: more input
** is needed, or, at the end, that was all. */
bool unpack_take(unpacker *u, str *in, bool end, char *to, size_t cap, i64 max, size_t *n_out,
                 err *e) MUST_USE;

typedef enum { PACK_NOT, PACK_GZIP, PACK_ZSTD } pack_kind;
typedef struct packer packer;
packer *pack_open(pack_kind k);
void pack_close(packer *p);
typedef enum { PACK_MORE, PACK_FLUSH, PACK_END } pack_how;
void pack_put(packer *p, str in, pack_how how, buf *out);
pack_kind pack_choose(const http_request *r, str type); /* by Accept-Encoding and the type */
const char *pack_name(pack_kind k);

enum { INET6_TEXT = 46 }; /* INET6_ADDRSTRLEN */

struct exchange {
    http_request r; /* first: the handler's pointer is ours */
    http_server *server;
    loop *home;
    atomic_int refs;

    /* the loop's thread alone */
    conn *c; /* NULL once the connection has gone */
    bool dispatched;
    i64 began_us, began_utc;
    i64 last_out_ms; /* events: when something was last sent */
    bool events_counted;

    /* under lock */
    pthread_mutex_t lock;
    pthread_cond_t turn; /* the worker waits here: for bytes, or for room */
    char *in;            /* the pipe: n bytes from in + from */
    size_t in_from, in_n, in_cap;
    bool in_end;        /* nothing will follow */
    err_code in_failed; /* OK or why the body cannot be had; the sentence is in_why */
    const char *in_why;
    bool wants_continue; /* the handler began to read, the client waits for 100 Continue */
    seg *out, *out_last;
    size_t unsent; /* bytes appended and not yet taken by the socket */
    bool done;     /* the answer is whole */
    bool broken;   /* the answer broke off: close without an end */
    bool gone;     /* nobody listens any more */
    bool hung;     /* atomic: or the client has closed its side */
    bool events;   /* an event stream; done when its owner closes it or its reader is dropped */
    bool dropped;

    /* under the mailbox's lock */
    exchange *mail_next;
    bool mailed;

    exchange *queue_next; /* under the queue's lock */

    /* the handler's thread alone */
    bool http10, keep_alive, expects;
    int status; /* of the answer, 0 before it */
    bool streaming, chunked;
    bool inline_run; /* on the loop itself: waiting is forbidden */
    buf extra;       /* fields added by the handler */
    packer *pack;
    buf packed;
    unpacker *unpack;
    char *raw; /* packed bytes not yet unpacked */
    size_t raw_from, raw_n;
    i64 body_max, body_taken;
    bool gzip;
    _Atomic i64 bytes_in, bytes_out;

    char client[INET6_TEXT];
    char *head; /* the head's bytes, that all slices point into */
    http_field fields[];
};

exchange *exchange_new(loop *l, conn *c, const http_head *h, str head);
void exchange_ref(exchange *x);
void exchange_unref(exchange *x);
/* The handler, and what must follow it.  *a serves one job after the other and is renewed when one was large. */
void exchange_run(exchange *x, arena **a);
void exchange_append(exchange *x, seg *s);         /* locks; drops the bytes when nobody listens */
void exchange_post(exchange *x);                   /* to its loop's mailbox */
void exchange_finish_stream(exchange *x, bool ok); /* http_reply.c: the end of what was begun */

typedef enum {
    CONN_HEAD,   /* between requests, or in the middle of a head */
    CONN_BODY,   /* a request's body is still coming */
    CONN_WAIT,   /* the request is whole; its answer is not */
    CONN_LINGER, /* all was said; reading on so that the other side hears it */
} conn_phase;

struct conn {
    conn *prev, *next;
    loop *home;
    exchange *x;
    seg *out, *out_last;
    char *in; /* bytes read and not yet used: the loop's scratch while borrowed, else ours */
    size_t in_from, in_n, in_cap;
    bool borrowed;
    int fd;       /* -1: closed, freed after this turn */
    u32 interest; /* what epoll was told */
    conn_phase phase;
    head_scan scan;
    chunk_in chunk;
    bool chunked, eof, close_after, out_blocked;
    bool
        early; /* something arrived while the answer was awaited: no more reading until it is given */
    bool local;     /* a unix socket */
    u8 address[16]; /* of the peer, IPv4 mapped into IPv6 */
    i32 peer;       /* where it is counted, or PEER_NONE */
    i64 body_left;  /* with Content-Length */
    i64 body_taken, body_max;
    bool quick, ignores_body;
    i64 since_ms;            /* the phase began */
    i64 rate_ms, rate_bytes; /* the window of the minimum rate, in or out */
    i64 lingered;
};

typedef struct {
    u8 net[16];
    int bits; /* -1: unix sockets */
} network;

typedef struct {
    _Atomic i64 accepted, turned_away, open, busy, events, refused, timed_out, events_dropped,
        bytes_in, bytes_out;
    _Atomic i64 requests[6], latency[HTTP_LATENCIES], latency_sum_us;
} loop_counts;

struct loop {
    http_server *server;
    pthread_t thread;
    int epoll, wake;
    i64 now_ms; /* monotonic, at this turn */
    _Atomic i64 turned_ms;
    conn *conns; /* a list */
    conn *dead;  /* freed after the turn */
    i64 swept_ms;
    bool accepting, draining, killed;
    u64 id_next;
    pthread_mutex_t mail_lock;
    exchange *mail;
    arena *jobs; /* of quick requests, one after the other */
    loop_counts n;
    char scratch[LIMIT_HTTP_PIPE_BYTES];
};

enum { PEERS = 16384, PEER_NONE = -1 };

struct http_server {
    http_options o;
    network *trusted;
    bool counts_own;    /* connections of this machine too */
    _Atomic i64 *peers; /* PEERS: open connections by address */
    int *listeners;
    bool *listener_local;
    size_t listeners_n;
    char **unix_paths; /* removed at the end; NULL entries for the others */
    int port;
    loop *loops;
    int loops_n, workers_n;
    pthread_t *workers;
    _Atomic i64 open;
    atomic_int phase; /* 0 serving, 1 draining, 2 breaking off */
    atomic_int loops_left;
    atomic_int broken_off;
    u64 id_seed;
    bool joined;

    pthread_mutex_t queue_lock;
    pthread_cond_t queue_turn;
    exchange *ready, *ready_last; /* the body is whole, or as good as */
    exchange *slow, *slow_last;   /* the body is still coming: at most half the workers take such */
    i64 queued;
    int slow_busy;
    bool queue_closed;
};

i64 monotonic_us(void);
#define NOW_MS() (monotonic_us() / 1000)
bool queue_put(http_server *s, exchange *x, bool slow); /* false: too many wait */
void *loop_main(void *l);
void loop_wake(loop *l);

/* http_conn.c */
void conn_open(loop *l, int fd, bool local, const u8 address[16], i32 peer);
void conn_ready(conn *c, u32 events); /* what epoll says */
void conn_mail(conn *c);              /* its exchange has changed */
void conn_sweep(conn *c);             /* time-outs */
void conn_close(conn *c);
void conn_drain(conn *c); /* idle ones go */

/* http_out.c */
bool conn_send(conn *c);                             /* false: the connection has broken */
void conn_refuse(conn *c, int status, const err *e); /* a canned answer, then the end */

/* http_net.c */
bool net_listen(str address, int *fd_out, bool *local_out, err *e) MUST_USE;
bool net_adopt(int fd, bool *local_out, err *e) MUST_USE;
int net_port(int fd);
void net_unlink(str address);
bool network_parse(str s, network *out, err *e) MUST_USE;
bool network_has(const network *list, size_t n, const u8 address[16], bool local);
/* Fills r.client, r.local and r.secure, as far as trusted proxies tell. */
void net_client(const http_server *s, const conn *c, exchange *x);

#define COUNTER_ADD(counter, by) atomic_fetch_add_explicit(&(counter), (by), memory_order_relaxed)
#define COUNTER_GET(counter)     atomic_load_explicit(&(counter), memory_order_relaxed)
#endif
