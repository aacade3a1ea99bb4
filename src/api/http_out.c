/* http_out.c - bytes onto the socket, and the short answers the server gives by itself. */
#include <sys/socket.h>
#include <sys/uio.h>
#include "api/http_int.h"
#include "api/status.h"

enum {
    PARTS = 16,
    BYTES_A_TURN = 1 << 20
}; /* one fast reader does not keep the loop from the others */

static void splice_out(conn *c) {
    exchange *x = c->x;
    if (!x) return;
    pthread_mutex_lock(&x->lock);
    if (x->out) {
        if (c->out_last)
            c->out_last->next = x->out;
        else
            c->out = x->out;
        c->out_last = x->out_last;
        x->out = x->out_last = NULL;
    }
    pthread_mutex_unlock(&x->lock);
}

static void sent(conn *c, size_t n) {
    exchange *x = c->x;
    COUNTER_ADD(c->home->n.bytes_out, (i64)n);
    c->rate_bytes += (i64)n;
    if (x) {
        pthread_mutex_lock(&x->lock);
        x->unsent -= MIN(n, x->unsent);
        if (x->unsent <= LIMIT_HTTP_OUT_BYTES / 2) pthread_cond_broadcast(&x->turn);
        pthread_mutex_unlock(&x->lock);
        x->last_out_ms = c->home->now_ms;
    }
    while (n) {
        seg *s = c->out;
        size_t part = MIN(n, s->n - s->off);
        s->off += part;
        n -= part;
        if (s->off < s->n) break;
        c->out = s->next;
        if (!c->out) c->out_last = NULL;
        s->next = NULL;
        segs_free(s);
    }
}

static ssize_t write_some(conn *c) {
    struct iovec v[PARTS];
    size_t k = 0;
    for (seg *s = c->out; s && k < PARTS; s = s->next)
        v[k++] = (struct iovec){(void *)(uintptr_t)(s->p + s->off), s->n - s->off};
    struct msghdr m = {.msg_iov = v, .msg_iovlen = k};
    return sendmsg(c->fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT);
}

bool conn_send(conn *c) {
    size_t turn = 0;
    splice_out(c);
    c->out_blocked = false;
    while (c->out) {
        if (turn >= BYTES_A_TURN) return c->out_blocked = true;
        ssize_t n = write_some(c);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return c->out_blocked = true;
        if (n < 0) return false;
        turn += (size_t)n;
        sent(c, (size_t)n);
        if (!c->out) splice_out(c);
    }
    return true;
}

static void let_go(conn *c) {
    exchange *x = c->x;
    if (!x) return;
    check(!x->dispatched);
    COUNTER_ADD(c->home->n.busy, -1);
    c->x = NULL;
    x->c = NULL;
    exchange_unref(x);
}

void conn_refuse(conn *c, int status, const err *e) {
    buf body = {0}, b = {0};
    let_go(c);
    status_print(&body, status, str_of(e->msg), NO_STR, S("en"));
    buf_fmt(
        &b,
        "HTTP/1.1 %d Refused\r\nContent-Type: application/problem+json\r\nContent-Length: %zu\r\n"
        "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
        "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
        status, body.n);
    buf_str(&b, buf_view(&body));
    seg *s = seg_new(b.n);
    seg_put(s, buf_view(&b));
    if (c->out_last)
        c->out_last->next = s;
    else
        c->out = s;
    c->out_last = s;
    buf_clear(&body);
    buf_clear(&b);
    COUNTER_ADD(c->home->n.requests[status / 100], 1);
    c->phase = CONN_WAIT;
    c->close_after = true;
    c->in_n = 0;
}
