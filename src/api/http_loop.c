/* http_loop.c - one thread that owns connections: accepts, waits, sweeps, drains. */
#include <unistd.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include "api/http_int.h"
#include "api/status.h"

enum { EVENTS = 64, ACCEPTS_A_TURN = 64, TICK_MS_MAX = 500, TICK_MS_MIN = 10 };

/* Not the time of day: only for how long something waits, which a clock that is set must not change. */
i64 monotonic_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (i64)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* ---- accepting ---- */

static void turn_away(loop *l, int fd, const char *why) {
    buf body = {0}, b = {0};
    COUNTER_ADD(l->n.turned_away, 1);
    status_print(&body, 503, str_of(why), NO_STR, S("en"));
    buf_fmt(&b,
            "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\n"
            "X-Content-Type-Options: nosniff\r\nRetry-After: 5\r\nContent-Length: %zu\r\n"
            "Connection: close\r\n\r\n",
            body.n);
    buf_str(&b, buf_view(&body));
    ssize_t n = send(fd, b.p, b.n, MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)n; /* politeness only */
    buf_clear(&body);
    buf_clear(&b);
    close(fd);
}

/* Connections are counted by the hash of where they come from (IPv6: of its /64): two who share a number
** by chance share a limit.  Proxies of ours, and this machine unless the limit was asked for, are not
** counted: PEER_NONE. */
static i32 peer_of(const http_server *s, bool local, const u8 address[16]) {
    static const u8 mapped[12] = {[10] = 0xff, [11] = 0xff}, loopback6[16] = {[15] = 1};
    bool v4 = memcmp(address, mapped, sizeof mapped) == 0;
    bool own = v4 ? address[12] == 127 : memcmp(address, loopback6, sizeof loopback6) == 0;
    if (local || (own && !s->counts_own) || network_has(s->trusted, s->o.trusted_n, address, local))
        return PEER_NONE;
    u8 key[24] = {0};
    memcpy(key, &s->id_seed, sizeof s->id_seed);
    memcpy(key + 8, address, v4 ? 16 : 8);
    return (i32)(str_hash((str){(const char *)key, sizeof key}) % PEERS);
}

static void address_of(const struct sockaddr_storage *a, u8 out[16]) {
    static const u8 mapped[12] = {[10] = 0xff, [11] = 0xff};
    memset(out, 0, 16);
    if (a->ss_family == AF_INET) {
        memcpy(out, mapped, 12);
        memcpy(out + 12, &((const struct sockaddr_in *)(const void *)a)->sin_addr, 4);
    } else if (a->ss_family == AF_INET6) {
        memcpy(out, &((const struct sockaddr_in6 *)(const void *)a)->sin6_addr, 16);
    }
}

/* With no descriptors left, accepting rests until the next sweep instead of turning in circles. */
static void set_accepting(loop *l, bool on) {
    if (l->accepting == on) return;
    l->accepting = on;
    http_server *s = l->server;
    for (size_t i = 0; i < s->listeners_n; i++) {
        struct epoll_event ev = {.events = EPOLLIN | EPOLLEXCLUSIVE, .data.ptr = &s->listeners[i]};
        int r = epoll_ctl(l->epoll, on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, s->listeners[i], &ev);
        check(r == 0);
    }
}

static void accept_some(loop *l, size_t which) {
    http_server *s = l->server;
    int one = 1;
    for (int i = 0; i < ACCEPTS_A_TURN; i++) {
        struct sockaddr_storage from = {0};
        socklen_t size = sizeof from;
        u8 address[16];
        int fd = accept4(s->listeners[which], (struct sockaddr *)&from, &size,
                         SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)) {
            set_accepting(l, false);
            return;
        }
        if (fd < 0) return;
        COUNTER_ADD(l->n.accepted, 1);
        if (atomic_fetch_add(&s->open, 1) >= s->o.connections_max) {
            atomic_fetch_sub(&s->open, 1);
            turn_away(l, fd, "the server has as many connections as it can hold");
            continue;
        }
        bool local = s->listener_local[which];
        address_of(&from, address);
        i32 peer = peer_of(s, local, address);
        if (peer != PEER_NONE && atomic_fetch_add(&s->peers[peer], 1) >= s->o.connections_each) {
            atomic_fetch_sub(&s->peers[peer], 1);
            atomic_fetch_sub(&s->open, 1);
            turn_away(l, fd, "too many connections from one address");
            continue;
        }
        if (!local) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        conn_open(l, fd, local, address, peer);
    }
}

/* ---- turning ---- */

static void read_mail(loop *l) {
    pthread_mutex_lock(&l->mail_lock);
    exchange *x = l->mail;
    l->mail = NULL;
    for (exchange *i = x; i; i = i->mail_next) i->mailed = false;
    pthread_mutex_unlock(&l->mail_lock);
    while (x) {
        exchange *next = x->mail_next;
        if (x->c) conn_mail(x->c);
        exchange_unref(x);
        x = next;
    }
}

static i64 tick_ms(const http_options *o) {
    i64 least = MIN(MIN(o->head_ms, o->idle_ms), MIN(o->rate_ms, o->ping_ms)) / 4;
    return MAX(TICK_MS_MIN, MIN(least, TICK_MS_MAX));
}

static void for_each(loop *l, void (*fn)(conn *)) {
    for (conn *c = l->conns, *next; c; c = next) {
        next = c->next;
        fn(c);
    }
}

static void bury(loop *l) {
    while (l->dead) {
        conn *c = l->dead;
        l->dead = c->next;
        check(c->fd < 0 && !c->x);
        free(c);
    }
}

static void sweep(loop *l) {
    l->swept_ms = l->now_ms;
    for_each(l, conn_sweep);
    if (!l->draining) set_accepting(l, true);
}

static void count_broken(conn *c) {
    if (c->x) atomic_fetch_add(&c->home->server->broken_off, 1);
    conn_close(c);
}

static void follow_phase(loop *l) {
    int phase = atomic_load(&l->server->phase);
    if (phase >= 1 && !l->draining) {
        l->draining = true;
        set_accepting(l, false);
        for_each(l, conn_drain);
    }
    if (phase >= 2) for_each(l, count_broken);
}

static void meet(loop *l, const struct epoll_event *ev) {
    http_server *s = l->server;
    int *p = ev->data.ptr;
    if (ev->data.ptr == l) {
        read_mail(l);
    } else if (p >= s->listeners && p < s->listeners + s->listeners_n) {
        if (!l->draining) accept_some(l, (size_t)(p - s->listeners));
    } else {
        conn *c = ev->data.ptr;
        if (c->fd >= 0) conn_ready(c, ev->events);
    }
}

void *loop_main(void *ctx) {
    loop *l = ctx;
    struct epoll_event ev[EVENTS];
    i64 tick = tick_ms(&l->server->o);
    set_accepting(l, true);
    for (;;) {
        bool calm = !l->conns && l->accepting;
        int n = epoll_wait(l->epoll, ev, EVENTS, calm ? 1000 : (int)tick);
        check(n >= 0 || errno == EINTR);
        l->now_ms = NOW_MS();
        atomic_store(&l->turned_ms, l->now_ms);
        for (int i = 0; i < n; i++) meet(l, &ev[i]);
        follow_phase(l);
        if (l->now_ms - l->swept_ms >= tick) sweep(l);
        bury(l);
        if (l->draining && !l->conns) break;
    }
    atomic_fetch_sub(&l->server->loops_left, 1);
    return NULL;
}
