/* sender_run.c - the threads that keep sending: each looks, sends what is due, and sleeps until there is more. */
#include "base/time.h"
#include "flow/sender.h"

enum { SLEEP_MS = 1000 }; /* others (the command line, a rule) make deeds due without telling us */

struct sender {
    world *w;
    atomic_bool stop;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    u64 woken; /* one more with each sender_wake */
    struct hand {
        sender *all;
        store *s;
        pthread_t thread;
        bool runs;
    } hands[LIMIT_SENDERS];
};

static void sleep_until_woken(sender *all, u64 *seen, i64 ms) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += ms % 1000 * 1000000;
    if (t.tv_nsec >= 1000000000) t.tv_sec++, t.tv_nsec -= 1000000000;
    pthread_mutex_lock(&all->lock);
    while (!atomic_load(&all->stop) && all->woken == *seen)
        if (pthread_cond_timedwait(&all->wake, &all->lock, &t) != 0) break;
    *seen = all->woken;
    pthread_mutex_unlock(&all->lock);
}

static void *work(void *ctx) {
    struct hand *h = ctx;
    sender *all = h->all;
    u64 seen = 0;
    while (!atomic_load(&all->stop)) {
        err e;
        send_counts c = {0};
        i64 wait = SLEEP_MS;
        if (send_turn(h->s, all->w, &all->stop, &c, &e)) { /* what failed is told by its deed */
            i64 now = all->w->now_ms(all->w);
            wait = c.next_ms <= now ? 0 : MIN(wait, c.next_ms - now);
        }
        if (wait) sleep_until_woken(all, &seen, wait);
    }
    return NULL;
}

static bool start(sender *all, struct hand *h, str url, err *e) {
    store_options o = {.w = all->w};
    h->all = all;
    if (!store_open(url, &o, &h->s, e)) return false;
    store_actor(h->s, S("sender"));
    h->runs = pthread_create(&h->thread, NULL, work, h) == 0;
    return h->runs || fail(e, LIMIT, "this machine gives no more threads");
}

bool sender_open(str url, world *w, sender **out, err *e) {
    sender *s = mem_new(1, sizeof *s);
    s->w = w;
    check(pthread_mutex_init(&s->lock, NULL) == 0 && pthread_cond_init(&s->wake, NULL) == 0);
    for (size_t i = 0; i < COUNT(s->hands); i++)
        if (!start(s, &s->hands[i], url, e)) {
            sender_close(s);
            return false;
        }
    *out = s;
    return true;
}

void sender_wake(sender *s) {
    pthread_mutex_lock(&s->lock);
    s->woken++;
    pthread_cond_broadcast(&s->wake);
    pthread_mutex_unlock(&s->lock);
}

void sender_close(sender *s) {
    if (!s) return;
    atomic_store(&s->stop, true);
    sender_wake(s);
    for (size_t i = 0; i < COUNT(s->hands); i++) {
        if (s->hands[i].runs) pthread_join(s->hands[i].thread, NULL);
        store_close(s->hands[i].s);
    }
    pthread_cond_destroy(&s->wake);
    pthread_mutex_destroy(&s->lock);
    free(s);
}
