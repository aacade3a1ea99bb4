/* http_exchange.c - one request between its connection and its handler: lifetime, pipe, mailbox. */
#include <unistd.h>
#include <sys/eventfd.h>
#include "api/http_int.h"
#include "api/status.h"

/* Slices of the head move to where the exchange keeps its copy. */
static str moved(str s, str head, const char *to) {
    if (!s.p) return NO_STR;
    check(s.p >= head.p && s.p + s.n <= head.p + head.n);
    return (str){to + (s.p - head.p), s.n};
}

static void id_print(char out[17], u64 v) {
    for (int i = 0; i < 16; i++) out[i] = "0123456789abcdef"[v >> (60 - 4 * i) & 15];
    out[16] = 0;
}

/* splitmix64: distinct for every number, and not to be counted by strangers. */
static u64 next_id(loop *l) {
    u64 z = l->server->id_seed + 0x9e3779b97f4a7c15 * ++l->id_next;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static void take_head(exchange *x, const http_head *h, str head) {
    x->head = (char *)(x->fields + h->fields_n);
    memcpy(x->head, head.p, head.n);
    for (size_t i = 0; i < h->fields_n; i++)
        x->fields[i] = (http_field){moved(h->fields[i].name, head, x->head),
                                    moved(h->fields[i].value, head, x->head)};
    x->r = (http_request){.method = h->method,
                          .path = moved(h->path, head, x->head),
                          .query = moved(h->query, head, x->head),
                          .host = moved(h->host, head, x->head),
                          .fields = x->fields,
                          .fields_n = h->fields_n,
                          .body_bytes = h->chunked          ? NONE
                                        : h->length == NONE ? 0
                                                            : h->length};
    for (size_t i = 0; i < h->fields_n;
         i++) /* an empty value is a literal, not a part of the head */
        if (!x->fields[i].value.p) x->fields[i].value = S("");
}

exchange *exchange_new(loop *l, conn *c, const http_head *h, str head) {
    exchange *x = mem_new(1, sizeof *x + h->fields_n * sizeof *x->fields + head.n);
    take_head(x, h, head);
    x->server = l->server;
    x->home = l;
    x->c = c;
    atomic_init(&x->refs, 1);
    pthread_mutex_init(&x->lock, NULL);
    pthread_cond_init(&x->turn, NULL);
    x->http10 = h->minor == 0;
    x->keep_alive = h->keep_alive;
    x->expects = h->expects_continue;
    x->gzip = h->gzip;
    x->in_end = x->r.body_bytes == 0;
    x->began_us = monotonic_us();
    x->began_utc = l->server->o.w->now_ms(l->server->o.w);
    id_print(x->r.id, next_id(l));
    return x;
}

void exchange_ref(exchange *x) {
    check(atomic_fetch_add(&x->refs, 1) > 0);
}

void exchange_unref(exchange *x) {
    if (!x) return;
    int left = atomic_fetch_sub(&x->refs, 1) - 1;
    check(left >= 0);
    if (left) return;
    check(!x->c);
    segs_free(x->out);
    buf_clear(&x->extra);
    buf_clear(&x->packed);
    pack_close(x->pack);
    unpack_close(x->unpack);
    free(x->raw);
    free(x->in);
    pthread_cond_destroy(&x->turn);
    pthread_mutex_destroy(&x->lock);
    free(x);
}

/* ---- segments ---- */

seg *seg_new(size_t cap) {
    seg *s = mem_grow(NULL, 1, sizeof *s + cap);
    *s = (seg){.p = s->bytes, .cap = cap};
    return s;
}

void seg_put(seg *s, str bytes) {
    check(bytes.n <= s->cap - s->n && s->p == s->bytes);
    if (bytes.n) memcpy(s->bytes + s->n, bytes.p, bytes.n);
    s->n += bytes.n;
}

void segs_free(seg *s) {
    while (s) {
        seg *next = s->next;
        free(s->own);
        free(s);
        s = next;
    }
}

void exchange_append(exchange *x, seg *s) {
    pthread_mutex_lock(&x->lock);
    bool gone = x->gone;
    if (!gone) {
        if (x->out_last)
            x->out_last->next = s;
        else
            x->out = s;
        x->out_last = s;
        x->unsent += s->n;
    }
    pthread_mutex_unlock(&x->lock);
    if (gone) segs_free(s);
}

const bool *http_hung(const http_request *r) {
    return &((const exchange *)(const void *)r)->hung;
}

bool http_listens(http_request *r) {
    exchange *x = (exchange *)r;
    pthread_mutex_lock(&x->lock);
    bool gone = x->gone;
    pthread_mutex_unlock(&x->lock);
    return !gone;
}

/* ---- mailbox ---- */

void loop_wake(loop *l) {
    u64 one = 1;
    ssize_t n = write(l->wake, &one, sizeof one);
    check(n == (ssize_t)sizeof one || errno == EAGAIN);
}

void exchange_post(exchange *x) {
    loop *l = x->home;
    pthread_mutex_lock(&l->mail_lock);
    bool first = !l->mail, mine = !x->mailed;
    if (mine) {
        exchange_ref(x);
        x->mailed = true;
        x->mail_next = l->mail;
        l->mail = x;
    }
    pthread_mutex_unlock(&l->mail_lock);
    if (mine && first) loop_wake(l);
}

/* ---- running ---- */

static bool call_handler(arena *a, void *ctx, err *e) {
    exchange *x = ctx;
    return x->server->o.handler(x->server->o.ctx, a, &x->r, e);
}

/* A large job's memory goes back to the machine; the usual ones find theirs warm. */
static void renew(arena **a, size_t budget) {
    enum { KEPT = 256 * 1024 };
    if (arena_used(*a) <= KEPT) {
        arena_reset(*a);
        return;
    }
    arena_close(*a);
    *a = arena_open(budget);
}

void exchange_run(exchange *x, arena **a) {
    err e = {.code = OK};
    bool ok = job_run_in(*a, call_handler, x, &e);
    renew(a, x->server->o.job_bytes);
    if (!ok && !x->status) status_reply(&x->r, &e);
    if (ok && !x->status)
        status_problem(&x->r, 500, "the page that should answer this request said nothing");
    pthread_mutex_lock(&x->lock);
    bool events = x->events;
    pthread_mutex_unlock(&x->lock);
    if (!events) exchange_finish_stream(x, ok || !x->streaming);
    if (!x->inline_run) exchange_post(x);
}

/* ---- the handler's side of the body ---- */

str http_get(const http_request *r, const char *name) {
    return fields_get(r->fields, r->fields_n, name);
}

bool http_type_is(const http_request *r, const char *type) {
    str have = http_get(r, "content-type"), rest;
    str_cut(have, ';', &have, &rest);
    return str_eq_nocase(str_trim(have), str_of(type));
}

const char *http_method_text(http_method m) {
    static const char *const names[HTTP_METHODS] = {"GET",   "HEAD",   "POST",   "PUT",
                                                    "PATCH", "DELETE", "OPTIONS"};
    return names[m];
}

/* The last reader of this much room asks for more: half the pipe, so that the loop is not woken for crumbs. */
static bool take_from_pipe(exchange *x, char *to, size_t cap, size_t *n_out) {
    size_t n = MIN(cap, x->in_n);
    if (n) memcpy(to, x->in + x->in_from, n);
    bool was_full = x->in_n > x->in_cap / 2;
    x->in_from += n;
    x->in_n -= n;
    if (x->in_n == 0) x->in_from = 0;
    *n_out = n;
    return !x->in_end && was_full && x->in_n <= x->in_cap / 2;
}

static bool raw_read(exchange *x, char *to, size_t cap, size_t *n_out, err *e) {
    pthread_mutex_lock(&x->lock);
    bool ask = x->expects && !x->in_end && !x->in_n;
    x->expects = false;
    x->wants_continue |= ask;
    if (ask) {
        pthread_mutex_unlock(&x->lock);
        exchange_post(x);
        pthread_mutex_lock(&x->lock);
    }
    check(!x->inline_run || x->in_end || x->gone ||
          x->in_failed); /* a quick route has its body before it runs */
    while (!x->in_n && !x->in_end && !x->gone && !x->in_failed)
        pthread_cond_wait(&x->turn, &x->lock);
    bool ok = true, post = false;
    if (x->in_failed)
        ok = fail(e, x->in_failed, "%s", x->in_why);
    else if (x->gone && !x->in_end)
        ok = fail(e, IO, "the client broke the request off");
    else
        post = take_from_pipe(x, to, cap, n_out);
    pthread_mutex_unlock(&x->lock);
    if (post) exchange_post(x);
    return ok;
}

static bool packed_read(exchange *x, char *to, size_t cap, size_t *n_out, err *e) {
    enum { RAW = 16 * 1024 };
    if (!x->unpack) x->unpack = unpack_open(), x->raw = mem_new(1, RAW);
    for (;;) {
        size_t got = 0, more = 0;
        bool end = false;
        if (x->raw_n == 0) {
            if (!raw_read(x, x->raw, RAW, &more, e)) return false;
            x->raw_from = 0;
            x->raw_n = more;
            end = more == 0;
        }
        str in = {x->raw + x->raw_from, x->raw_n};
        if (!unpack_take(x->unpack, &in, end, to, cap, x->body_max, &got, e)) return false;
        x->raw_from += x->raw_n - in.n;
        x->raw_n = in.n;
        *n_out = got;
        if (got || end) return true;
    }
}

bool http_body_read(http_request *r, void *to, size_t cap, size_t *n_out, err *e) {
    exchange *x = (exchange *)r;
    check(cap > 0);
    return x->gzip ? packed_read(x, to, cap, n_out, e) : raw_read(x, to, cap, n_out, e);
}

bool http_body_all(http_request *r, arena *a, size_t max, str *out, err *e) {
    buf b = {.a = a};
    char piece[16 * 1024];
    for (size_t n;;) {
        if (!http_body_read(r, piece, sizeof piece, &n, e)) return false;
        if (n == 0) break;
        if (n > max - b.n) return fail(e, LIMIT, "the body has more than %zu bytes", max);
        buf_bytes(&b, piece, n);
    }
    *out = buf_view(&b);
    return true;
}
