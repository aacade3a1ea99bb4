/* http_conn.c - one connection: from head to body to answer to the next head. */
#include <unistd.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include "api/http_int.h"
#include "api/status.h"

enum { SLOW_MS = 1000, LINGER_BYTES = 8 << 20 }; /* a body this late goes to a worker as it comes */

static void set_phase(conn *c, conn_phase p) {
    c->phase = p;
    c->early = false;
    c->since_ms = c->rate_ms = c->home->now_ms;
    c->rate_bytes = 0;
}

static void in_drop(conn *c) {
    if (!c->borrowed) free(c->in);
    c->in = NULL;
    c->in_from = c->in_n = c->in_cap = 0;
    c->borrowed = false;
}

static void in_skip(conn *c, size_t n) {
    check(n <= c->in_n);
    c->in_from += n;
    c->in_n -= n;
}

static str in_view(const conn *c) {
    return (str){c->in_n ? c->in + c->in_from : "", c->in_n};
}

/* ---- opening, closing ---- */

void conn_open(loop *l, int fd, bool local, const u8 address[16], i32 peer) {
    conn *c = mem_new(1, sizeof *c);
    c->home = l;
    c->fd = fd;
    c->local = local;
    c->peer = peer;
    memcpy(c->address, address, 16);
    c->interest = EPOLLIN;
    struct epoll_event ev = {.events = EPOLLIN, .data.ptr = c};
    set_phase(c, CONN_HEAD);
    c->next = l->conns;
    if (l->conns) l->conns->prev = c;
    l->conns = c;
    COUNTER_ADD(l->n.open, 1);
    if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &ev) != 0) conn_close(c);
}

static void count_done(conn *c, exchange *x, int status) {
    loop *l = c->home;
    i64 took = monotonic_us() - x->began_us;
    size_t k = 0;
    while (k + 1 < HTTP_LATENCIES && took > http_latency_us[k]) k++;
    if (!x->events) {
        COUNTER_ADD(l->n.latency[k], 1);
        COUNTER_ADD(l->n.latency_sum_us, took);
    }
    COUNTER_ADD(l->n.requests[status / 100], 1);
    COUNTER_ADD(l->n.busy, -1);
    if (x->events_counted) COUNTER_ADD(l->n.events, -1);
    http_server *s = l->server;
    if (!s->o.log) return;
    http_done d = {.id = x->r.id,
                   .method = http_method_text(x->r.method),
                   .route = status && x->r.route ? x->r.route : "-",
                   .status = status,
                   .at_ms = x->began_utc,
                   .took_us = took,
                   .bytes_in = COUNTER_GET(x->bytes_in),
                   .bytes_out = COUNTER_GET(x->bytes_out)};
    s->o.log(s->o.ctx, &d);
}

/* The connection lets its exchange go; a worker still inside it learns that nobody listens. */
static void leave(conn *c, bool finished) {
    exchange *x = c->x;
    if (!x) return;
    pthread_mutex_lock(&x->lock);
    bool done = x->done;
    x->gone = true;
    __atomic_store_n(&x->hung, true, __ATOMIC_RELAXED);
    if (x->dropped) COUNTER_ADD(c->home->n.events_dropped, 1);
    segs_free(x->out);
    x->out = x->out_last = NULL;
    pthread_cond_broadcast(&x->turn);
    pthread_mutex_unlock(&x->lock);
    count_done(c, x, finished || (done && x->events) ? x->status : 0);
    c->x = NULL;
    x->c = NULL;
    exchange_unref(x);
}

void conn_close(conn *c) {
    if (c->fd < 0) return;
    loop *l = c->home;
    leave(c, false);
    /* epoll would forget it by itself, but not while a forked child still holds the descriptor */
    epoll_ctl(c->home->epoll, EPOLL_CTL_DEL, c->fd, NULL);
    close(c->fd);
    c->fd = -1;
    segs_free(c->out);
    c->out = c->out_last = NULL;
    in_drop(c);
    if (c->prev)
        c->prev->next = c->next;
    else
        l->conns = c->next;
    if (c->next) c->next->prev = c->prev;
    c->next = l->dead;
    l->dead = c;
    COUNTER_ADD(l->n.open, -1);
    if (c->peer != PEER_NONE) atomic_fetch_sub(&l->server->peers[c->peer], 1);
    atomic_fetch_sub(&l->server->open, 1);
}

static void linger(conn *c) {
    in_drop(c);
    if (c->eof || shutdown(c->fd, SHUT_WR) != 0) {
        conn_close(c);
        return;
    }
    set_phase(c, CONN_LINGER);
}

/* ---- handing over to the handler ---- */

static void too_busy(exchange *x) {
    err e;
    x->inline_run = true;
    fail(&e, BUSY, "more than %d requests are waiting; please try again in a moment",
         LIMIT_HTTP_QUEUE);
    status_reply(&x->r, &e);
    exchange_finish_stream(x, true);
}

static void dispatch(conn *c) {
    exchange *x = c->x;
    check(!x->dispatched);
    x->dispatched = true;
    x->body_max = c->body_max;
    if (c->quick && (x->in_end || c->ignores_body)) {
        x->inline_run = true;
        exchange_run(x, &c->home->jobs);
        return;
    }
    exchange_ref(x);
    if (queue_put(c->home->server, x, !x->in_end)) return;
    exchange_unref(x);
    too_busy(x);
}

/* ---- heads ---- */

static void expect_body(conn *c, const http_head *h) {
    exchange *x = c->x;
    c->chunked = h->chunked;
    c->chunk = (chunk_in){0};
    c->body_left = h->length;
    c->body_taken = 0;
    x->in_cap =
        h->chunked || h->length > LIMIT_HTTP_PIPE_BYTES ? LIMIT_HTTP_PIPE_BYTES : (size_t)h->length;
    x->in = mem_grow(NULL, x->in_cap, 1);
    set_phase(c, CONN_BODY);
    if (h->expects_continue || c->ignores_body)
        dispatch(c); /* its body comes only when the handler asks for it, or never */
}

static void start_request(conn *c, const http_head *h, str head) {
    http_server *s = c->home->server;
    http_terms terms = {.body_max = LIMIT_HTTP_BODY_BYTES};
    err e;
    c->x = exchange_new(c->home, c, h, head);
    COUNTER_ADD(c->home->n.busy, 1);
    net_client(s, c, c->x);
    if (s->o.terms) s->o.terms(s->o.ctx, &c->x->r, &terms);
    c->body_max = terms.body_max;
    c->quick = terms.quick;
    c->ignores_body = terms.ignores_body;
    in_skip(c, head.n);
    c->scan = (head_scan){0};
    if (h->length != NONE && h->length > terms.body_max && !terms.ignores_body) {
        fail(&e, LIMIT, "the body has %" PRId64 " bytes, this address takes at most %" PRId64,
             h->length, terms.body_max);
        conn_refuse(c, 413, &e);
        return;
    }
    if (c->x->in_end) {
        set_phase(c, CONN_WAIT);
        dispatch(c);
    } else {
        expect_body(c, h);
    }
}

static void refuse_bytes(conn *c, int status, const err *e) {
    COUNTER_ADD(c->home->n.refused, 1);
    conn_refuse(c, status, e);
}

/* Clients of old send an empty line after a body; RFC 9112, 2.2 asks to overlook it. */
static void skip_empty_lines(conn *c) {
    while (c->scan.seen == 0 && str_starts(in_view(c), S("\r\n"))) in_skip(c, 2);
}

static bool take_head(conn *c) {
    err e;
    int status = 400;
    http_head h;
    if (!c->scan.seen) skip_empty_lines(c);
    if (c->in_n == 0 || (c->in_n == 1 && *in_view(c).p == '\r')) {
        if (c->eof) conn_close(c);
        return false;
    }
    if (c->scan.seen == 0)
        set_phase(c, CONN_HEAD); /* the clock of the head starts with its first byte */
    switch (head_find(&c->scan, in_view(c), &e)) {
    case HEAD_MORE:
        if (c->eof) conn_close(c);
        return false;
    case HEAD_BAD:
        refuse_bytes(c, e.code == LIMIT ? 431 : 400, &e);
        return true;
    case HEAD_WHOLE:
        break;
    }
    str head = str_head(in_view(c), c->scan.seen);
    if (head_parse(head, &h, &status, &e))
        start_request(c, &h, head);
    else
        refuse_bytes(c, status, &e);
    return true;
}

/* ---- bodies ---- */

static void body_failed(conn *c, err_code code, const char *why) {
    exchange *x = c->x;
    err e;
    if (!x->dispatched) {
        fail(&e, code, "%s", why);
        if (code == INVALID)
            refuse_bytes(c, 400, &e);
        else
            conn_refuse(c, 413, &e);
        return;
    }
    pthread_mutex_lock(&x->lock);
    x->in_failed = code;
    x->in_why = why;
    pthread_cond_broadcast(&x->turn);
    pthread_mutex_unlock(&x->lock);
    set_phase(c, CONN_WAIT);
    c->in_n = 0;
}

static void pipe_put(exchange *x, str data) {
    if (x->in_from && x->in_from + x->in_n + data.n > x->in_cap) {
        memmove(x->in, x->in + x->in_from, x->in_n);
        x->in_from = 0;
    }
    check(x->in_from + x->in_n + data.n <= x->in_cap);
    if (data.n) memcpy(x->in + x->in_from + x->in_n, data.p, data.n);
    x->in_n += data.n;
}

/* Moves what fits into the pipe, under its lock. */
static bool fill_pipe(conn *c, err *e) {
    exchange *x = c->x;
    str in = str_head(in_view(c), x->in_cap - x->in_n), data;
    size_t given = in.n;
    while (in.n && !x->in_end) {
        if (!c->chunked) {
            data = str_head(in, (size_t)MIN(c->body_left, (i64)in.n));
            in = str_from(in, data.n);
            c->body_left -= (i64)data.n;
            x->in_end = c->body_left == 0;
        } else {
            if (!chunk_take(&c->chunk, &in, &data, e)) return false;
            x->in_end = chunk_done(&c->chunk);
        }
        c->body_taken += (i64)data.n;
        if (c->body_taken > c->body_max)
            return fail(e, LIMIT, "the body is larger than this address takes");
        pipe_put(x, data);
    }
    COUNTER_ADD(x->bytes_in, (i64)(given - in.n));
    in_skip(c, given - in.n);
    return true;
}

static bool take_body(conn *c) {
    exchange *x = c->x;
    err e = {.code = OK};
    size_t before = c->in_n;
    pthread_mutex_lock(&x->lock);
    bool ok = fill_pipe(c, &e), end = x->in_end, full = x->in_n == x->in_cap;
    if (before) pthread_cond_broadcast(&x->turn);
    pthread_mutex_unlock(&x->lock);
    if (!ok) {
        body_failed(c, e.code,
                    e.code == LIMIT ? "the body is larger than this address takes"
                                    : "the body's chunks are not as HTTP/1.1 wants them");
        return true;
    }
    if (!end && c->eof && c->in_n == 0) {
        conn_close(c); /* an upload that broke off: no half of it is taken for the whole */
        return false;
    }
    if (end) set_phase(c, CONN_WAIT);
    if (!x->dispatched && (end || full)) dispatch(c);
    return end;
}

/* ---- the answer ---- */

static void say_continue(conn *c) {
    exchange *x = c->x;
    pthread_mutex_lock(&x->lock);
    bool say = x->wants_continue;
    x->wants_continue = false;
    pthread_mutex_unlock(&x->lock);
    if (!say || c->out || c->phase != CONN_BODY) return;
    seg *s = seg_new(32);
    seg_put(s, S("HTTP/1.1 100 Continue\r\n\r\n"));
    c->out = c->out_last = s;
    set_phase(c, CONN_BODY); /* from here on the body is awaited */
}

static bool answered(conn *c, bool *broken) {
    exchange *x = c->x;
    pthread_mutex_lock(&x->lock);
    bool done = x->done && (!x->out || x->broken);
    *broken = x->broken;
    bool events = x->events;
    pthread_mutex_unlock(&x->lock);
    if (events && !x->events_counted) {
        x->events_counted = true;
        x->last_out_ms = c->home->now_ms;
        COUNTER_ADD(c->home->n.events, 1);
    }
    return done && (!c->out || *broken);
}

/* True: a next request may begin. */
static bool take_end(conn *c) {
    bool broken;
    if (!c->x) {
        if (c->close_after && !c->out) linger(c);
        return false;
    }
    if (!answered(c, &broken)) return false;
    if (broken) {
        conn_close(c);
        return false;
    }
    bool close = !c->x->keep_alive || c->eof || c->phase == CONN_BODY || c->home->draining;
    leave(c, true);
    if (close) {
        linger(c);
        return false;
    }
    set_phase(c, CONN_HEAD);
    return true;
}

/* ---- one turn ---- */

static u32 interest(conn *c) {
    u32 in = 0;
    switch (c->phase) {
    case CONN_HEAD:
    case CONN_LINGER:
        in = EPOLLIN;
        break;
    case CONN_BODY:
        pthread_mutex_lock(&c->x->lock);
        if (c->in_n == 0 && c->x->in_n < c->x->in_cap) in = EPOLLIN;
        pthread_mutex_unlock(&c->x->lock);
        break;
    case CONN_WAIT:
        in = c->eof     ? 0
             : c->early ? EPOLLRDHUP
                        : EPOLLIN; /* mostly nothing comes: epoll need not be told */
        break;
    }
    return in | (c->out_blocked ? (u32)EPOLLOUT : 0);
}

static void settle(conn *c) {
    if (c->in_n == 0) {
        in_drop(c);
    } else if (c->borrowed) { /* the scratch is needed by the next connection */
        char *own = mem_grow(NULL, c->in_n, 1);
        memcpy(own, c->in + c->in_from, c->in_n);
        c->in = own;
        c->in_from = 0;
        c->in_cap = c->in_n;
        c->borrowed = false;
    }
    u32 want = interest(c);
    if (want == c->interest) return;
    c->interest = want;
    struct epoll_event ev = {.events = want, .data.ptr = c};
    if (epoll_ctl(c->home->epoll, EPOLL_CTL_MOD, c->fd, &ev) != 0) conn_close(c);
}

static void run(conn *c) {
    for (bool more = true; more && c->fd >= 0;) {
        more = false;
        if (c->phase == CONN_HEAD) more = take_head(c);
        if (c->fd >= 0 && c->phase == CONN_BODY) more |= take_body(c);
        if (c->fd < 0 || c->phase == CONN_LINGER) break;
        if (c->x) say_continue(c);
        if (!conn_send(c)) {
            conn_close(c);
            break;
        }
        if (c->phase == CONN_WAIT || c->phase == CONN_BODY) more |= take_end(c);
    }
    if (c->fd >= 0) settle(c);
}

/* Room for more of a head behind what is there. */
static size_t own_room(conn *c) {
    if (c->in_from) memmove(c->in, c->in + c->in_from, c->in_n);
    c->in_from = 0;
    if (c->in_cap - c->in_n < 1024) {
        c->in_cap = MAX((size_t)4096, c->in_cap * 2);
        c->in = mem_grow(c->in, c->in_cap, 1);
    }
    return c->in_cap - c->in_n;
}

static size_t read_room(conn *c, char **to) {
    loop *l = c->home;
    if (c->in_n) {
        size_t room = own_room(c);
        *to = c->in + c->in_n;
        return room;
    }
    in_drop(c);
    c->in = *to = l->scratch;
    c->in_cap = sizeof l->scratch;
    c->borrowed = true;
    if (c->phase != CONN_BODY) return sizeof l->scratch;
    pthread_mutex_lock(&c->x->lock);
    size_t room = c->x->in_cap - c->x->in_n;
    pthread_mutex_unlock(&c->x->lock);
    return c->chunked ? room : MIN(room, (size_t)c->body_left);
}

static bool read_some(conn *c) {
    char *to;
    size_t room = read_room(c, &to);
    if (room == 0) return true;
    ssize_t n = recv(c->fd, to, room, MSG_DONTWAIT);
    if (n < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    if (n == 0) c->eof = true;
    c->in_n += (size_t)n;
    c->rate_bytes += n;
    COUNTER_ADD(c->home->n.bytes_in, (i64)n);
    return true;
}

static void drop_some(conn *c) {
    ssize_t n = recv(c->fd, c->home->scratch, sizeof c->home->scratch, MSG_DONTWAIT);
    if (n > 0) c->lingered += n;
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR) || c->lingered > LINGER_BYTES)
        conn_close(c);
}

void conn_ready(conn *c, u32 events) {
    if (c->phase == CONN_LINGER) {
        if (events & (EPOLLERR | EPOLLHUP))
            conn_close(c);
        else
            drop_some(c);
        return;
    }
    if (c->phase == CONN_WAIT && (events & EPOLLIN)) c->early = true;
    bool reads = (c->interest & EPOLLIN) && c->phase != CONN_WAIT;
    if ((events & EPOLLERR) || ((events & EPOLLHUP) && !reads)) {
        conn_close(c);
        return;
    }
    if (reads && (events & (EPOLLIN | EPOLLHUP)) && !read_some(c)) {
        conn_close(c);
        return;
    }
    if (events & EPOLLRDHUP)
        c->eof = true; /* perhaps only half closed: the answer is still wanted */
    if (c->eof && c->x) __atomic_store_n(&c->x->hung, true, __ATOMIC_RELAXED);
    if (c->eof && c->x && c->x->events_counted)
        conn_close(c);
    else
        run(c);
}

void conn_mail(conn *c) {
    if (c->phase != CONN_LINGER) run(c);
}

void conn_drain(conn *c) {
    if (c->phase == CONN_HEAD && c->in_n == 0 && !c->scan.seen) {
        conn_close(c);
        return;
    }
    if (!c->x || !c->x->events_counted) return;
    pthread_mutex_lock(&c->x->lock);
    bool end = !c->x->done;
    c->x->done = true;
    pthread_mutex_unlock(&c->x->lock);
    if (end && c->x->chunked) {
        seg *s = seg_new(8);
        seg_put(s, S("0\r\n\r\n"));
        exchange_append(c->x, s);
    }
    c->x->keep_alive = false;
    run(c);
}

/* ---- time-outs ---- */

static bool too_slow(conn *c) {
    loop *l = c->home;
    i64 window = l->now_ms - c->rate_ms;
    if (window < l->server->o.rate_ms) return false;
    bool slow = c->rate_bytes * 1000 < LIMIT_HTTP_RATE_BYTES * window;
    c->rate_ms = l->now_ms;
    c->rate_bytes = 0;
    return slow;
}

static void time_out(conn *c, const char *what) {
    err e;
    COUNTER_ADD(c->home->n.timed_out, 1);
    if (c->out || (c->x && c->x->dispatched)) {
        conn_close(c);
        return;
    }
    fail(&e, IO, "%s", what);
    conn_refuse(c, 408, &e);
    run(c);
}

static void sweep_body(conn *c) {
    exchange *x = c->x;
    pthread_mutex_lock(&x->lock);
    bool asked = !(x->dispatched && x->expects) && x->in_n < x->in_cap;
    bool some = x->in_n > 0;
    pthread_mutex_unlock(&x->lock);
    if (!asked) { /* we are the ones who wait */
        c->rate_ms = c->home->now_ms;
        c->rate_bytes = 0;
    } else if (too_slow(c)) {
        time_out(c, "the body came too slowly");
    } else if (!x->dispatched && some && c->home->now_ms - c->since_ms > SLOW_MS) {
        dispatch(c);
    }
}

static void ping(conn *c) {
    exchange *x = c->x;
    if (!x || !x->events_counted || c->out_blocked) return;
    if (c->home->now_ms - x->last_out_ms < c->home->server->o.ping_ms) return;
    seg *s = seg_new(16);
    seg_put(s, x->chunked ? S("3\r\n:\n\n\r\n") : S(":\n\n"));
    x->last_out_ms = c->home->now_ms;
    exchange_append(x, s);
    run(c);
}

void conn_sweep(conn *c) {
    loop *l = c->home;
    const http_options *o = &l->server->o;
    i64 age = l->now_ms - c->since_ms;
    bool blocked = c->out_blocked;
    switch (c->phase) {
    case CONN_HEAD:
        if (c->scan.seen && age > o->head_ms)
            time_out(c, "the head of the request came too slowly");
        else if (!c->scan.seen && age > o->idle_ms)
            conn_close(c);
        return;
    case CONN_BODY:
        if (!blocked) {
            sweep_body(c);
            return;
        }
        break;
    case CONN_WAIT:
        break;
    case CONN_LINGER:
        if (age > LIMIT_HTTP_LINGER_MS) conn_close(c);
        return;
    }
    if (!blocked) {
        c->rate_ms = l->now_ms;
        c->rate_bytes = 0;
        ping(c);
    } else if (too_slow(c)) {
        time_out(c, "the answer is read too slowly");
    }
}
