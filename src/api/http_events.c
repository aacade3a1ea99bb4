/* http_events.c - server-sent events: an answer that stays open, fed from any thread. */
#include "api/http_int.h"

struct http_events {
    exchange *x;
};

http_events *http_events_open(http_request *r) {
    exchange *x = (exchange *)r;
    check(!x->status && !x->inline_run);
    http_events *s = mem_new(1, sizeof *s);
    http_add(r, "Cache-Control", S("no-store"));
    http_add(r, "X-Accel-Buffering", S("no"));
    http_stream(r, 200, S("text/event-stream; charset=utf-8"));
    exchange_ref(x);
    s->x = x;
    pthread_mutex_lock(&x->lock);
    x->events = true;
    x->done = r->method == METHOD_HEAD; /* the head was all that was asked for */
    pthread_mutex_unlock(&x->lock);
    return s;
}

static void put_line(buf *b, const char *name, str value) {
    buf_fmt(b, "%s: ", name);
    size_t from = b->n;
    buf_str(b, value);
    for (size_t i = from; i < b->n; i++)
        if (b->p[i] == '\n' || b->p[i] == '\r' || b->p[i] == 0) b->p[i] = ' ';
    buf_char(b, '\n');
}

/* One event; data may have lines.  Framed as one chunk where the protocol has chunks. */
static seg *event_seg(const exchange *x, str event, str id, str data) {
    buf b = {0};
    if (event.p) put_line(&b, "event", event);
    if (id.p) put_line(&b, "id", id);
    for (str rest = data, line; rest.n;) {
        str_line(&rest, &line);
        put_line(&b, "data", line);
    }
    if (!data.n) buf_str(&b, S("data:\n"));
    buf_char(&b, '\n');
    char size[24];
    int n = snprintf(size, sizeof size, "%zx\r\n", b.n);
    seg *s = seg_new(b.n + 32);
    if (x->chunked) seg_put(s, (str){size, (size_t)n});
    seg_put(s, buf_view(&b));
    if (x->chunked) seg_put(s, S("\r\n"));
    buf_clear(&b);
    return s;
}

bool http_events_push(http_events *h, str event, str id, str data) {
    exchange *x = h->x;
    pthread_mutex_lock(&x->lock);
    bool full = !x->gone && !x->done && x->unsent + data.n > LIMIT_EVENTS_BYTES;
    bool alive = !x->gone && !x->done && !full;
    if (full) x->done = x->broken = x->dropped = true;
    pthread_mutex_unlock(&x->lock);
    if (alive) exchange_append(x, event_seg(x, event, id, data));
    if (alive || full) exchange_post(x);
    return alive;
}

bool http_events_alive(http_events *h) {
    pthread_mutex_lock(&h->x->lock);
    bool alive = !h->x->gone && !h->x->done;
    pthread_mutex_unlock(&h->x->lock);
    return alive;
}

void http_events_close(http_events *h) {
    if (!h) return;
    exchange *x = h->x;
    pthread_mutex_lock(&x->lock);
    bool end = !x->gone && !x->done;
    pthread_mutex_unlock(&x->lock);
    if (end && x->chunked) {
        seg *s = seg_new(8);
        seg_put(s, S("0\r\n\r\n"));
        exchange_append(x, s);
    }
    pthread_mutex_lock(&x->lock);
    x->done = true;
    pthread_mutex_unlock(&x->lock);
    exchange_post(x);
    exchange_unref(x);
    free(h);
}
