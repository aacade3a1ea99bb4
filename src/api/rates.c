/* rates.c - token buckets in a table of fixed size, four places for each hash. */
#include "api/rates.h"
#include "base/limits.h"

typedef struct {
    u64 client; /* 0 = free */
    i64 at_ms;
    i64 micro; /* millionths of a request that may still be made */
} bucket;

enum { WAYS = 4, SETS = LIMIT_RATE_CLIENTS / WAYS, MICRO = 1000000 };
struct rates {
    pthread_mutex_t lock;
    u64 seed;
    bucket sets[SETS][WAYS];
};

rates *rates_open(u64 seed) {
    rates *r = mem_new(1, sizeof *r);
    r->seed = seed;
    check(pthread_mutex_init(&r->lock, NULL) == 0);
    return r;
}

void rates_close(rates *r) {
    if (!r) return;
    pthread_mutex_destroy(&r->lock);
    free(r);
}

static u64 hash_of(const rates *r, const rate_class *c, str client) {
    u64 parts[3] = {r->seed, str_hash(str_of(c->name)), str_hash(client)};
    u64 h = str_hash((str){(const char *)parts, sizeof parts});
    return h ? h : 1;
}

static bucket *bucket_of(rates *r, u64 client, const rate_class *c, i64 now_ms) {
    bucket *set = r->sets[client % SETS], *oldest = &set[0];
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].client == client) return &set[i];
        if (!set[i].client || (oldest->client && set[i].at_ms < oldest->at_ms)) oldest = &set[i];
    }
    *oldest = (bucket){.client = client, .at_ms = now_ms, .micro = c->burst * MICRO};
    return oldest;
}

/* A clock that was set back fills nothing. */
static void fill(bucket *b, const rate_class *c, i64 now_ms) {
    i64 passed = MIN(MAX(now_ms - b->at_ms, 0), c->window_ms);
    b->micro = MIN(b->micro + passed * c->burst * MICRO / c->window_ms, c->burst * MICRO);
    b->at_ms = now_ms;
}

bool rates_take(rates *r, const rate_class *c, str client, i64 now_ms, rate_left *out) {
    *out = (rate_left){.left = c->burst};
    if (!c->window_ms) return true;
    check(c->burst > 0 && c->burst <= 1000000 && c->window_ms <= 3600 * 1000);
    u64 key = hash_of(r, c, client);
    pthread_mutex_lock(&r->lock);
    bucket *b = bucket_of(r, key, c, now_ms);
    fill(b, c, now_ms);
    bool ok = b->micro >= MICRO;
    if (ok) b->micro -= MICRO;
    i64 micro = b->micro;
    pthread_mutex_unlock(&r->lock);
    out->left = micro / MICRO;
    if (micro < MICRO) out->wait_ms = (MICRO - micro) * c->window_ms / (c->burst * MICRO) + 1;
    return ok;
}

void rates_give(rates *r, const rate_class *c, str client, i64 now_ms) {
    if (!c->window_ms) return;
    u64 key = hash_of(r, c, client);
    pthread_mutex_lock(&r->lock);
    bucket *b = bucket_of(r, key, c, now_ms);
    fill(b, c, now_ms);
    b->micro = MIN(b->micro + MICRO, c->burst * MICRO);
    pthread_mutex_unlock(&r->lock);
}
