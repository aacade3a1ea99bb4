/* tally_fake.h - random signals by seed, a store made of them, and the same rows in plain SQLite:
** what the tests of the tally agree with. */
#ifndef STORE_TALLY_FAKE_H
#define STORE_TALLY_FAKE_H
#include "base/test.h"
#include "store/tally_int.h"
#include <sqlite3.h>
#include <unistd.h>

typedef struct {
    arena *a;
    signal *sig;
    insight *ins;
    size_t n, visible; /* the store "has" the first visible ones */
    i64 id;
} fake;

static u64 seed_state;
static inline u64 chance(u64 n) {
    seed_state = seed_state * 6364136223846793005u + 1442695040888963407u;
    return (seed_state >> 33) % n;
}

static inline bool fake_scan(void *ctx, i64 after, bool words, store_visit *visit, void *vctx,
                             err *e) {
    fake *f = ctx;
    for (size_t i = 0; i < f->visible; i++) {
        if (f->sig[i].row.id <= after) continue;
        signal s = f->sig[i];
        if (!words) s.row.words = NO_STR;
        if (!visit(vctx, &s, &f->ins[i], e)) return true;
    }
    return true;
}
static inline i64 fake_last(void *ctx) {
    fake *f = ctx;
    return f->visible ? f->sig[f->visible - 1].row.id : 0;
}
static inline i64 fake_count(void *ctx) {
    return (i64)((fake *)ctx)->visible;
}
static inline tally_source fake_source(fake *f) {
    return (tally_source){
        .scan = fake_scan, .last_id = fake_last, .count = fake_count, .id = f->id, .ctx = f};
}

static inline str pick(const char *const *from, size_t n) {
    u64 k = chance(n);
    return str_of(from[k]);
}
#define PICK(list) pick(list, COUNT(list))

static const char *const fake_channels[] = {"call", "chat", "评论", "app", "", "Ünï", "😀"};
static const char *const fake_products[] = {"latte", "mocha", "摩卡", "it's \"x\""};
static const char *const fake_aspects[] = {"service.attitude", "delivery.time", "价格", "quality"};
static const char *const fake_tags[] = {"vip", "late", "退款", "b"};
static const char *const fake_words[] = {"the parcel is late", "我要退款", "good",
                                         "退款 late again", "b"};
static const char *const fake_langs[] = {"zh-Hans", "en"};

static inline void fake_attrs(fake *f, signal *s) {
    s->attrs = NEW_N(f->a, attribute, 6);
    attribute *at = s->attrs;
    if (chance(3)) *at++ = (attribute){S("score:nps"), NO_STR, (i64)chance(11) * NUM6_ONE};
    if (chance(2)) *at++ = (attribute){S("city"), PICK(fake_channels), NONE};
    if (chance(2))
        *at++ = chance(2) ? (attribute){S("混合 x"), PICK(fake_products), NONE}
                          : (attribute){S("混合 x"), NO_STR, ((i64)chance(5) - 2) * NUM6_ONE / 2};
    if (chance(2))
        *at++ = (attribute){S("big"), NO_STR,
                            ((i64)chance(2000) - 1000) * (i64)1000003 * (chance(2) ? 1 : 10000)};
    if (chance(30) == 0)
        *at++ = (attribute){S("rare"), NO_STR, NUM6_ONE * (i64)chance(2)};
    else if (s->row.id % 40 == 1) /* in every world: else it is no column */
        *at++ = (attribute){S("rare"), NO_STR, NUM6_ONE};
    if (chance(4) == 0)
        *at++ = (attribute){S("channel"), S("an attribute of that name does not count"), NONE};
    s->attrs_n = (size_t)(at - s->attrs);
}

static inline void fake_insight(fake *f, insight *i) {
    noun_init(&noun_insight, &i->row);
    if (chance(2)) i->row.lang = PICK(fake_langs);
    i->row.quality = S("ok");
    if (chance(4)) i->row.sentiment = (i64)chance(3) - 1;
    if (chance(2)) i->row.confidence = (i64)chance(101);
    buf tags = {.a = f->a};
    for (size_t k = 0; k < COUNT(fake_tags); k++) {
        if (chance(4)) continue;
        if (tags.n) buf_char(&tags, 0x1f);
        buf_str(&tags, str_of(fake_tags[k]));
    }
    if (tags.n) i->row.tags = buf_view(&tags);
    i->mentions_n = chance(2) ? 0 : chance(5);
    i->mentions = NEW_N(f->a, mention, i->mentions_n);
    for (size_t k = 0; k < i->mentions_n; k++) {
        noun_init(&noun_mention, &i->mentions[k]);
        i->mentions[k].aspect = PICK(fake_aspects);
        i->mentions[k].polarity = (i64)chance(3) - 1;
        i->mentions[k].strength = (i64)chance(4) * 25;
    }
}

/* Ids have gaps now and then; moments gather in a few weeks, some long before and after. */
static inline void fake_fill(fake *f, size_t n, u64 seed) {
    *f = (fake){.a = arena_open((size_t)256 << 20), .n = n, .id = (i64)(seed * 77 + 5)};
    seed_state = seed;
    f->sig = NEW_N(f->a, signal, n);
    f->ins = NEW_N(f->a, insight, n);
    i64 id = 0, base = day_of_ymd(2025, 12, 20) * DAY_MS;
    u64 rare_customers = 3 + chance(50);
    for (size_t k = 0; k < n; k++) {
        signal *s = &f->sig[k];
        signal_init(s);
        s->row.id = id += chance(20) ? 1 : 1 + (i64)chance(90);
        s->row.source = k % 3 ? S("shop") : S("survey");
        s->row.occurred_at = base + (i64)chance(40) * DAY_MS + (i64)chance((u64)DAY_MS);
        if (chance(60) == 0) s->row.occurred_at += ((i64)chance(80000) - 40000) * DAY_MS;
        if (chance(10)) s->row.received_at = base + (i64)k * 1000;
        if (chance(5)) s->row.channel = PICK(fake_channels);
        if (k > n / 2 && chance(2)) s->row.touchpoint = PICK(fake_langs);
        if (chance(4)) s->row.product = PICK(fake_products);
        if (chance(3)) s->row.customer = arena_fmt(f->a, "c%d", (int)chance(rare_customers));
        if (chance(3)) s->row.words = PICK(fake_words);
        if (chance(2))
            s->row.amount =
                chance(3) ? (i64)chance(1000000) * 10000 : (i64)chance(1u << 30) * 1000 - 5;
        fake_attrs(f, s);
        fake_insight(f, &f->ins[k]);
    }
    f->visible = n;
}

static inline char *fake_dir(char out[64]) {
    snprintf(out, 64, "%s/heed-tally-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(out)) fail_msg("no temporary folder");
    return out;
}

static inline bool fake_drop(void *ctx, const char *name) {
    (void)ctx;
    (void)name;
    return false;
}
static inline void fake_dir_remove(const char *dir) {
    dir_clean(dir, fake_drop, NULL);
    rmdir(dir);
}
#endif
