/* http_server.c - opening and closing the server; the workers and their queue; the counts. */
#include <unistd.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include "api/http_int.h"

const i64 http_latency_us[HTTP_LATENCIES] = {100,    500,    1000,    5000,    10000,    50000,
                                             100000, 500000, 1000000, 5000000, 30000000, INT64_MAX};

/* ---- the queue ---- */

static void push(exchange **first, exchange **last, exchange *x) {
    x->queue_next = NULL;
    if (*last)
        (*last)->queue_next = x;
    else
        *first = x;
    *last = x;
}

static exchange *pop(exchange **first, exchange **last) {
    exchange *x = *first;
    *first = x->queue_next;
    if (!*first) *last = NULL;
    return x;
}

bool queue_put(http_server *s, exchange *x, bool slow) {
    pthread_mutex_lock(&s->queue_lock);
    bool room = s->queued < LIMIT_HTTP_QUEUE && !s->queue_closed;
    if (room) {
        s->queued++;
        if (slow)
            push(&s->slow, &s->slow_last, x);
        else
            push(&s->ready, &s->ready_last, x);
    }
    pthread_mutex_unlock(&s->queue_lock);
    if (room) pthread_cond_signal(&s->queue_turn); /* outside: who wakes finds the lock free */
    return room;
}

/* Requests whose body still trickles in hold at most half of the workers, so they cannot stop the others. */
static bool may_take_slow(const http_server *s) {
    return s->slow && s->slow_busy < MAX(1, s->workers_n / 2);
}

static exchange *queue_take(http_server *s, bool *slow) {
    exchange *x = NULL;
    pthread_mutex_lock(&s->queue_lock);
    while (!s->ready && !may_take_slow(s) && !s->queue_closed)
        pthread_cond_wait(&s->queue_turn, &s->queue_lock);
    *slow = !s->ready && s->slow;
    if (s->ready || s->slow)
        x = *slow ? pop(&s->slow, &s->slow_last) : pop(&s->ready, &s->ready_last);
    if (x) s->queued--;
    if (x && *slow) s->slow_busy++;
    pthread_mutex_unlock(&s->queue_lock);
    return x;
}

static void slow_over(http_server *s) {
    pthread_mutex_lock(&s->queue_lock);
    s->slow_busy--;
    pthread_cond_signal(&s->queue_turn);
    pthread_mutex_unlock(&s->queue_lock);
}

static bool unwanted(exchange *x) {
    pthread_mutex_lock(&x->lock);
    bool gone = x->gone;
    pthread_mutex_unlock(&x->lock);
    return gone;
}

static void *worker_main(void *ctx) {
    http_server *s = ctx;
    bool slow;
    arena *jobs = arena_open(s->o.job_bytes);
    for (exchange *x; (x = queue_take(s, &slow)) != NULL;) {
        if (!unwanted(x)) exchange_run(x, &jobs);
        if (slow) slow_over(s);
        exchange_unref(x);
    }
    arena_close(jobs);
    return NULL;
}

/* ---- opening ---- */

static i64 or_else(i64 v, i64 usual) {
    return v ? v : usual;
}

static void fill_options(http_server *s, const http_options *o) {
    s->o = *o;
    s->o.head_ms = or_else(o->head_ms, LIMIT_HTTP_HEAD_MS);
    s->o.idle_ms = or_else(o->idle_ms, LIMIT_HTTP_IDLE_MS);
    s->o.rate_ms = or_else(o->rate_ms, LIMIT_HTTP_RATE_MS);
    s->o.ping_ms = or_else(o->ping_ms, LIMIT_EVENTS_PING_MS);
    s->o.connections_max = or_else(o->connections_max, LIMIT_HTTP_CONNECTIONS);
    s->counts_own = o->connections_each != 0;
    s->o.connections_each = or_else(o->connections_each, LIMIT_HTTP_CONNECTIONS_EACH);
    s->peers = mem_new(PEERS, sizeof *s->peers);
    s->o.job_bytes = o->job_bytes ? o->job_bytes : LIMIT_JOB_BYTES;
    s->loops_n = (int)or_else(o->loops, 1);
    s->workers_n = (int)or_else(o->workers, 8);
    s->id_seed = o->w->random(o->w);
    s->o.listen = s->o.trusted = NULL;
    s->o.inherited = NULL;
}

static bool take_trusted(http_server *s, const http_options *o, err *e) {
    s->trusted = mem_new(o->trusted_n, sizeof *s->trusted);
    for (size_t i = 0; i < o->trusted_n; i++)
        if (!network_parse(o->trusted[i], &s->trusted[i], e)) return false;
    return true;
}

static bool take_listeners(http_server *s, const http_options *o, err *e) {
    size_t n = o->listen_n + o->inherited_n;
    if (n == 0) return fail(e, INVALID, "there is no address to listen at");
    s->listeners = mem_new(n, sizeof *s->listeners);
    s->listener_local = mem_new(n, sizeof *s->listener_local);
    s->unix_paths = mem_new(n, sizeof *s->unix_paths);
    for (size_t i = 0; i < o->inherited_n; i++) {
        if (!net_adopt(o->inherited[i], &s->listener_local[s->listeners_n], e)) return false;
        s->listeners[s->listeners_n++] = o->inherited[i];
    }
    for (size_t i = 0; i < o->listen_n; i++) {
        size_t k = s->listeners_n;
        if (!net_listen(o->listen[i], &s->listeners[k], &s->listener_local[k], e)) return false;
        s->listeners_n++;
        if (!s->listener_local[k]) continue;
        s->unix_paths[k] = mem_new(o->listen[i].n + 1, 1);
        memcpy(s->unix_paths[k], o->listen[i].p, o->listen[i].n);
    }
    for (size_t i = 0; i < s->listeners_n && !s->port; i++) s->port = net_port(s->listeners[i]);
    return true;
}

static bool loop_open(http_server *s, loop *l, int which, err *e) {
    l->server = s;
    l->id_next = (u64)which << 56;
    l->now_ms = l->swept_ms = NOW_MS();
    atomic_store(&l->turned_ms, l->now_ms);
    pthread_mutex_init(&l->mail_lock, NULL);
    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    l->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    l->jobs = arena_open(s->o.job_bytes);
    struct epoll_event ev = {.events = EPOLLIN | EPOLLET,
                             .data.ptr = l}; /* each write is an edge: never read */
    if (l->epoll < 0 || l->wake < 0 || epoll_ctl(l->epoll, EPOLL_CTL_ADD, l->wake, &ev) != 0)
        return fail(e, IO, "cannot start serving: %s", strerror(errno));
    return true;
}

static void free_server(http_server *s) {
    for (int i = 0; s->loops && i < s->loops_n; i++) {
        if (s->loops[i].epoll > 0) close(s->loops[i].epoll);
        if (s->loops[i].wake > 0) close(s->loops[i].wake);
        arena_close(s->loops[i].jobs);
        pthread_mutex_destroy(&s->loops[i].mail_lock);
    }
    for (size_t i = 0; i < s->listeners_n; i++) {
        close(s->listeners[i]);
        if (s->unix_paths[i]) net_unlink(str_of(s->unix_paths[i]));
        free(s->unix_paths[i]);
    }
    pthread_cond_destroy(&s->queue_turn);
    pthread_mutex_destroy(&s->queue_lock);
    free(s->unix_paths);
    free(s->listeners);
    free(s->listener_local);
    free(s->trusted);
    free(s->peers);
    free(s->loops);
    free(s->workers);
    free(s);
}

static void start(http_server *s) {
    s->workers = mem_new((size_t)s->workers_n, sizeof *s->workers);
    atomic_store(&s->loops_left, s->loops_n);
    for (int i = 0; i < s->workers_n; i++)
        check(pthread_create(&s->workers[i], NULL, worker_main, s) == 0);
    for (int i = 0; i < s->loops_n; i++)
        check(pthread_create(&s->loops[i].thread, NULL, loop_main, &s->loops[i]) == 0);
}

bool http_server_open(const http_options *o, http_server **out, err *e) {
    check(o->handler && o->w && o->loops >= 0 && o->loops <= 64 && o->workers >= 0 &&
          o->workers <= 256);
    http_server *s = mem_new(1, sizeof *s);
    pthread_mutex_init(&s->queue_lock, NULL);
    pthread_cond_init(&s->queue_turn, NULL);
    fill_options(s, o);
    s->loops = mem_new((size_t)s->loops_n, sizeof *s->loops);
    bool ok = take_trusted(s, o, e) && take_listeners(s, o, e);
    for (int i = 0; ok && i < s->loops_n; i++) ok = loop_open(s, &s->loops[i], i, e);
    if (!ok) {
        free_server(s);
        return false;
    }
    start(s);
    *out = s;
    return true;
}

/* ---- closing ---- */

static void set_phase(http_server *s, int phase) {
    atomic_store(&s->phase, phase);
    for (int i = 0; i < s->loops_n; i++) loop_wake(&s->loops[i]);
}

bool http_server_drain(http_server *s, i64 patience_ms) {
    check(!s->joined);
    i64 until = NOW_MS() + patience_ms;
    set_phase(s, 1);
    while (atomic_load(&s->loops_left) > 0 && NOW_MS() < until) usleep(2000);
    set_phase(s, 2);
    for (int i = 0; i < s->loops_n; i++) pthread_join(s->loops[i].thread, NULL);
    pthread_mutex_lock(&s->queue_lock);
    s->queue_closed = true;
    pthread_cond_broadcast(&s->queue_turn);
    pthread_mutex_unlock(&s->queue_lock);
    for (int i = 0; i < s->workers_n; i++) pthread_join(s->workers[i], NULL);
    s->joined = true;
    return atomic_load(&s->broken_off) == 0;
}

void http_server_close(http_server *s) {
    if (!s) return;
    if (!s->joined) (void)http_server_drain(s, 0);
    for (int i = 0; i < s->loops_n; i++)
        for (exchange *x = s->loops[i].mail, *next; x; x = next) {
            next = x->mail_next;
            exchange_unref(x);
        }
    free_server(s);
}

int http_server_port(const http_server *s) {
    return s->port;
}

bool http_server_alive(const http_server *s, i64 within_ms) {
    i64 now = NOW_MS();
    for (int i = 0; i < s->loops_n; i++)
        if (now - atomic_load(&s->loops[i].turned_ms) > within_ms) return false;
    return true;
}

static void add_counts(const loop_counts *n, http_counts *out) {
    out->accepted += COUNTER_GET(n->accepted);
    out->turned_away += COUNTER_GET(n->turned_away);
    out->open += COUNTER_GET(n->open);
    out->busy += COUNTER_GET(n->busy);
    out->events += COUNTER_GET(n->events);
    out->refused += COUNTER_GET(n->refused);
    out->timed_out += COUNTER_GET(n->timed_out);
    out->events_dropped += COUNTER_GET(n->events_dropped);
    out->bytes_in += COUNTER_GET(n->bytes_in);
    out->bytes_out += COUNTER_GET(n->bytes_out);
    out->latency_sum_us += COUNTER_GET(n->latency_sum_us);
    for (size_t i = 0; i < COUNT(n->requests); i++) out->requests[i] += COUNTER_GET(n->requests[i]);
    for (size_t i = 0; i < HTTP_LATENCIES; i++) out->latency[i] += COUNTER_GET(n->latency[i]);
}

void http_server_counts(const http_server *s, http_counts *out) {
    *out = (http_counts){0};
    for (int i = 0; i < s->loops_n; i++) add_counts(&s->loops[i].n, out);
    pthread_mutex_t *lock =
        (pthread_mutex_t *)(uintptr_t)&s->queue_lock; /* the lock is not what is counted */
    pthread_mutex_lock(lock);
    out->waiting = s->queued;
    pthread_mutex_unlock(lock);
}
