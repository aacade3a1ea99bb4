/* room_test.h - what the store's tests share: a file in a folder of its own, and signals to put in
 * it. */
#ifndef STORE_ROOM_TEST_H
#define STORE_ROOM_TEST_H
#include "base/test.h"
#include "store/store.h"
#include "store/vfs_fault.h"
#include <sys/stat.h>
#include <unistd.h>

#define T0 ((i64)1767225600000) /* 2026-01-01T00:00Z */

typedef struct {
    char dir[200], path[240];
    world_fake w;
    store *s;
    arena *a;
} room;

/* The test disk does not wait for syncs: ten times quicker. */
static inline store_options room_options(room *r) {
    return (store_options){
        .w = &r->w.w, .create = true, .patience_ms = 50, .vfs = vfs_fault_name()};
}

static inline void room_folder(room *r) {
    const char *tmp = getenv("TMPDIR");
    snprintf(r->dir, sizeof r->dir, "%s/heed-store-XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(r->dir));
    snprintf(r->path, sizeof r->path, "%s/heed.db", r->dir);
    world_fake_init(&r->w, T0, 7);
    r->s = NULL;
    r->a = arena_open((size_t)64 << 20);
}

static inline void room_open(room *r) {
    err e;
    store_options o = room_options(r);
    assert_ok(store_open(str_of(r->path), &o, &r->s, &e));
}

static inline void room_start(room *r) {
    room_folder(r);
    room_open(r);
}

static inline void room_remove_files(const room *r) {
    static const char *tails[] = {"", "-wal", "-shm", "-journal"};
    char p[300];
    for (size_t i = 0; i < COUNT(tails); i++) {
        snprintf(p, sizeof p, "%s%s", r->path, tails[i]);
        unlink(p);
    }
}

static inline void room_end(room *r) {
    store_close(r->s);
    arena_close(r->a);
    room_remove_files(r);
    rmdir(r->dir);
}

static inline void print_finding(void *ctx, str sentence) {
    (void)ctx;
    printf("# finding: %.*s\n", STR_ARG(sentence));
}

static inline void assert_clean(store *s) {
    err e;
    i64 bad = -1;
    assert_ok(store_check(s, print_finding, NULL, &bad, &e));
    assert_int_equal(bad, 0);
}

/* An item with the least a store wants. */
static inline heard *heard_bare(arena *a, heard *h, const char *external_id, const char *words) {
    *h = (heard){0};
    signal_init(&h->sig);
    noun_init(&noun_insight, &h->ins.row);
    h->sig.row.source = S("app");
    h->sig.row.external_id = arena_str(a, str_of(external_id));
    h->sig.row.occurred_at = T0 - 1000;
    h->sig.row.words = arena_str(a, str_of(words));
    h->ins.row.quality = S("ok");
    h->ins.row.reader = S("test 1");
    signal_seal(a, &h->sig);
    return h;
}

/* An item with everything: attributes, mentions, a customer, a deed. */
static inline heard *heard_full(arena *a, heard *h, const char *external_id, const char *words) {
    heard_bare(a, h, external_id, words);
    signal_row *r = &h->sig.row;
    r->channel = S("review");
    r->touchpoint = S("delivery");
    r->product = S("latte");
    r->customer = arena_fmt(a, "member:%s", external_id);
    r->amount = 12500000;
    r->currency = S("CNY");
    r->event = S("");
    h->sig.attrs = NEW_N(a, attribute, 2);
    h->sig.attrs[0] = (attribute){S("score:nps"), NO_STR, 9 * NUM6_ONE};
    h->sig.attrs[1] = (attribute){S("city"), S("\xe4\xb8\x8a\xe6\xb5\xb7"), NONE};
    h->sig.attrs_n = 2;
    signal_seal(a, &h->sig);
    insight_row *i = &h->ins.row;
    i->lang = S("en");
    i->words_hash = (i64)str_hash(str_of(words));
    i->simhash = -5;
    i->sentiment = -1;
    i->confidence = 80;
    i->tags = S("late\x1fvip");
    i->sentences = S("4,9");
    h->ins.mentions = NEW_N(a, mention, 2);
    h->ins.mentions_n = 2;
    h->ins.mentions[0] = (mention){0, NONE, S("delivery.speed"), -1, 70, S("slow"), 0, 4};
    h->ins.mentions[1] = (mention){0, NONE, S("taste"), 1, 50, NO_STR, 5, 9};
    h->deeds = NEW(a, deed);
    h->deeds_n = 1;
    noun_init(&noun_deed, h->deeds);
    h->deeds->key = arena_fmt(a, "late/1/%s", external_id);
    h->deeds->action = S("ticket");
    h->deeds->state = S("pending");
    h->deeds->due_at = T0;
    h->deeds->payload = S("{\"department\":\"logistics\"}");
    return h;
}
#endif
