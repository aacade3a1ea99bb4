/* clarify_duplicates.c - duplicates of a batch, among themselves and against what is stored. */
#include "clarify/clarify_duplicates.h"
#include "kern/simhash.h"

enum { BANDS = 4 };

typedef struct {
    u64 key; /* of the words, and of the customer where only theirs count; 0 = free */
    u32 item;
} seen;

typedef struct {
    const clarify_item *items;
    size_t n, slots; /* slots: a power of two, at least twice n */
    seen *exact;
    u32 *heads[BANDS]; /* item + 1, newest first, by 16 bits of the SimHash */
    u32 *older[BANDS];
    i64 *of; /* duplicate_of per item, NONE = new words */
    bool *is_near;
} batch;

static batch batch_new(arena *a, const clarify_item *items, size_t n) {
    batch b = {.items = items, .n = n, .slots = 16};
    while (b.slots < n * 2) b.slots *= 2;
    b.exact = NEW_N(a, seen, b.slots);
    for (int k = 0; k < BANDS; k++) {
        b.heads[k] = NEW_N(a, u32, b.slots);
        b.older[k] = NEW_N(a, u32, n);
    }
    b.of = NEW_N(a, i64, n);
    b.is_near = NEW_N(a, bool, n);
    return b;
}

/* Whose words count as the same ones: everybody's when long enough, else the customer's own. */
static bool only_own(const clarify_item *it) {
    return it->folded_chars < DUPLICATE_MIN_CHARS;
}

static i64 exact_in_batch(batch *b, u32 i) {
    const clarify_item *it = &b->items[i];
    u64 key = (u64)it->ins->row.words_hash;
    if (only_own(it)) key = (key ^ str_hash(it->sig->row.customer)) * 0x9e3779b97f4a7c15;
    key += key == 0;
    size_t at = key >> 17 & (b->slots - 1);
    while (b->exact[at].key && b->exact[at].key != key) at = (at + 1) & (b->slots - 1);
    if (b->exact[at].key) return -1 - (i64)b->exact[at].item;
    b->exact[at] = (seen){key, i};
    return NONE;
}

static size_t band_slot(const batch *b, i64 simhash, int band) {
    u64 bits = (u64)simhash >> (16 * band) & 0xffff;
    return (bits * 0x9e3779b1 >> 7) & (b->slots - 1);
}

static i64 near_in_batch(const batch *b, i64 simhash) {
    u32 best = 0;
    for (int k = 0; k < BANDS; k++) {
        u32 walked = 0;
        for (u32 at = b->heads[k][band_slot(b, simhash, k)]; at > best && walked < NEAR_WALK_MAX;
             at = b->older[k][at - 1], walked++)
            if (simhash_distance(b->items[at - 1].ins->row.simhash, simhash) <= NEAR_BITS)
                best = at;
    }
    return best ? -(i64)best : NONE;
}

static void near_add(batch *b, u32 i) {
    i64 simhash = b->items[i].ins->row.simhash;
    for (int k = 0; k < BANDS; k++) {
        u32 *head = &b->heads[k][band_slot(b, simhash, k)];
        b->older[k][i] = *head;
        *head = i + 1;
    }
}

static bool judge_exact(batch *b, u32 i, const clarify_memory *m, err *e) {
    const clarify_item *it = &b->items[i];
    str who = it->sig->row.customer;
    i64 id = 0;
    if (only_own(it) && who.n == 0) return true; /* short, and nobody's: never a duplicate */
    i64 in_batch = exact_in_batch(b, i);
    if (in_batch != NONE) {
        u32 first = (u32)(-1 - in_batch);
        b->of[i] = b->of[first] != NONE && !b->is_near[first] ? b->of[first] : in_batch;
        return true;
    }
    if (m->known && !m->known(m->ctx, it->ins->row.words_hash, only_own(it) ? who : NO_STR, &id, e))
        return false;
    if (id > 0) b->of[i] = id;
    return true;
}

static void judge_near(batch *b, u32 i, const clarify_memory *m) {
    i64 simhash = b->items[i].ins->row.simhash, id = 0;
    if (simhash == NONE) return;
    if (b->of[i] == NONE) {
        i64 in_batch = near_in_batch(b, simhash);
        if (in_batch != NONE) {
            u32 first = (u32)(-1 - in_batch);
            b->of[i] = b->of[first] != NONE ? b->of[first] : in_batch;
        } else if (m->near && neardup_find(m->near, simhash, &id)) {
            b->of[i] = id;
        }
        b->is_near[i] = b->of[i] != NONE;
    }
    near_add(b, i);
}

bool clarify_duplicates(arena *a, const clarify_item *items, size_t n, const clarify_memory *m,
                        err *e) {
    check(n < UINT32_MAX / 4);
    batch b = batch_new(a, items, n);
    for (u32 i = 0; i < n; i++) {
        b.of[i] = NONE;
        if (items[i].ins->row.words_hash == NONE) continue;
        if (!judge_exact(&b, i, m, e)) return false;
        judge_near(&b, i, m);
    }
    for (u32 i = 0; i < n; i++) {
        if (b.of[i] == NONE) continue;
        check(b.of[i] > 0 || -1 - b.of[i] < (i64)i); /* an original comes earlier */
        insight_row *r = &items[i].ins->row;
        r->duplicate_of = b.of[i];
        if (str_eq(r->quality, S("ok")))
            r->quality = b.is_near[i] ? S("near_duplicate") : S("duplicate");
    }
    return true;
}

void clarify_remember(const clarify_item *items, size_t n, const clarify_memory *m) {
    for (size_t i = 0; m->near && i < n; i++) {
        check(items[i].sig->row.id > 0);
        neardup_add(m->near, items[i].ins->row.simhash, items[i].sig->row.id);
    }
}
