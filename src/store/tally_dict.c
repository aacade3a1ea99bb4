/* tally_dict.c - the texts of one column, numbered; append-only, in memory and on disk.
** File: per entry u32 length and the bytes.  The manifest says how much of it counts and its XXH3.
** An erased entry has the length HOLE and no bytes. */
#define XXH_INLINE_ALL
#include "store/tally_int.h"
#include <xxhash.h>

#define HOLE UINT32_MAX

/* A slot is the text's hash above its code: most misses are told without touching the text. */
static void slot_put(u64 *slots, u32 slots_n, u64 slot) {
    u32 at = (u32)(slot >> 32);
    while (slots[at & (slots_n - 1)]) at++;
    __atomic_store_n(&slots[at & (slots_n - 1)], slot, __ATOMIC_RELAXED);
}

static u64 slot_of(str s, u32 code) {
    return str_hash(s) << 32 | code;
}

static void slots_grow(dict *d) {
    u32 want = MAX(16u, d->slots_n * 2);
    check(want > d->slots_n);
    u64 *fresh = mem_new(want, sizeof *fresh);
    for (u32 k = 0; k < d->slots_n; k++)
        if (d->slots[k]) slot_put(fresh, want, d->slots[k]);
    grave_put(d->grave, d->slots, free);
    d->slots = fresh;
    d->slots_n = want;
}

u32 dict_find(const dict *d, str s) {
    if (!d->slots_n) return 0;
    u64 want = slot_of(s, 0);
    for (u32 at = (u32)(want >> 32);; at++) {
        u64 slot = __atomic_load_n(&d->slots[at & (d->slots_n - 1)], __ATOMIC_RELAXED);
        u32 code = (u32)slot;
        if (!code) return 0;
        if (code > d->n) continue; /* added since this copy was made */
        if ((slot ^ want) >> 32 == 0 && str_eq(d->text[code - 1], s)) return code;
    }
}

static char *blob_new(dict *d, size_t cap) {
    d->blobs = mem_grow(d->blobs, d->blobs_n + 1, sizeof *d->blobs);
    return d->blobs[d->blobs_n++] = mem_new(cap, 1);
}

/* The text must live as long as the dictionary. */
static void put(dict *d, str s) {
    if (d->n == d->cap) {
        d->cap = MAX(16u, d->cap * 2);
        str *fresh = mem_new(d->cap, sizeof *fresh);
        if (d->n) memcpy(fresh, d->text, d->n * sizeof *fresh);
        grave_put(d->grave, d->text, free);
        d->text = fresh;
    }
    check(d->n < UINT32_MAX / 2);
    d->text[d->n++] = s;
}

static u32 add(dict *d, str s) {
    put(d, s);
    if (d->n * 2 > d->slots_n) slots_grow(d);
    if (s.p) slot_put(d->slots, d->slots_n, slot_of(s, d->n));
    return d->n;
}

static u32 dict_copy(dict *d, str s) {
    if (s.n > d->blob_cap - d->blob_used) {
        d->blob_cap = MAX(s.n, MIN((size_t)1 << 20, (size_t)256 << MIN(d->blobs_n, (size_t)12)));
        d->blob_used = 0;
        blob_new(d, d->blob_cap);
    }
    char *p = d->blob_cap ? d->blobs[d->blobs_n - 1] + d->blob_used : blob_new(d, 1);
    if (s.n) memcpy(p, s.p, s.n);
    d->blob_used += s.n;
    return add(d, (str){p, s.n});
}

/* What was loaded is only numbered when something is looked for: whoever asks questions never does. */
static void number_all(dict *d) {
    u32 want = 16;
    while (want < (u64)d->n * 2) want *= 2;
    d->slots = mem_new(want, sizeof *d->slots);
    d->slots_n = want;
    for (u32 c = 1; c <= d->n; c++)
        if (d->text[c - 1].p) slot_put(d->slots, want, slot_of(d->text[c - 1], c));
}

u32 dict_code(dict *d, str s) {
    if (d->n && !d->slots_n) number_all(d);
    u32 code = dict_find(d, s);
    return code ? code : dict_copy(d, s);
}

void dict_clear(dict *d) {
    for (size_t i = 0; i < d->blobs_n; i++) grave_put(d->grave, d->blobs[i], free);
    free(d->blobs);
    grave_put(d->grave, d->text, free);
    grave_put(d->grave, d->slots, free);
    *d = (dict){.grave = d->grave};
}

static void put_entry(buf *b, str s) {
    u32 n = s.p ? (u32)s.n : HOLE;
    buf_bytes(b, &n, sizeof n);
    if (s.p) buf_str(b, s);
}

/* New arrays and texts throughout: questions may read the old ones, whose bytes go when they end. */
void dict_erase(dict *d, const u8 *bits) {
    dict old = *d;
    *d = (dict){.grave = old.grave, .generation = old.generation + 1};
    for (u32 c = 0; c < old.n; c++) {
        if (old.text[c].p && !(bits[(c + 1) / 8] >> (c + 1) % 8 & 1)) {
            dict_copy(d, old.text[c]);
            continue;
        }
        add(d, NO_STR);
        d->holes++;
    }
    dict_clear(&old);
}

/* The sum runs over the sums of the pieces appended, so that a long file is not read to add to it. */
static u64 sum_on(u64 sum, const void *p, size_t n) {
    return XXH3_64bits_withSeed(p, n, sum);
}

/* Writes what the disk does not have yet, as one piece: u32 entries, u32 bytes, entries. */
bool dict_save(dict *d, const char *path, err *e) {
    if (d->disk_n == d->n && d->disk_bytes) return true;
    buf b = {0};
    u32 head[2] = {d->n - d->disk_n, 0};
    buf_bytes(&b, head, sizeof head);
    for (u32 i = d->disk_n; i < d->n; i++) put_entry(&b, d->text[i]);
    head[1] = (u32)(b.n - sizeof head);
    check(b.n - sizeof head <= UINT32_MAX);
    memcpy(b.p, head, sizeof head);
    bool ok = file_append(path, d->disk_bytes, b.p, b.n, e);
    if (ok) {
        d->disk_sum = sum_on(d->disk_sum, b.p, b.n);
        d->disk_bytes += b.n;
        d->disk_n = d->n;
    }
    buf_clear(&b);
    return ok;
}

/* Takes one piece off the front; false where the bytes are not a piece. */
static bool load_piece(dict *d, const u8 *p, u64 left, u64 *used) {
    u32 head[2];
    if (left < sizeof head) return false;
    memcpy(head, p, sizeof head);
    if (head[1] > left - sizeof head) return false;
    u64 at = sizeof head, end = at + head[1];
    for (u32 i = 0; i < head[0]; i++) {
        u32 n;
        if (end - at < sizeof n) return false;
        memcpy(&n, p + at, sizeof n);
        at += sizeof n;
        if (n == HOLE) {
            put(d, NO_STR);
            d->holes++;
            continue;
        }
        if (n > end - at) return false;
        put(d, (str){(const char *)p + at, n});
        at += n;
    }
    d->disk_sum = sum_on(d->disk_sum, p, end);
    *used = end;
    return at == end;
}

bool dict_load(dict *d, const char *path, u32 n, u64 bytes, u64 sum, err *e) {
    u8 *p;
    size_t have;
    if (!file_read(path, &p, &have, e)) return false;
    d->blob_cap = d->blob_used = 0; /* what is added goes elsewhere */
    d->blobs = mem_grow(d->blobs, d->blobs_n + 1, sizeof *d->blobs);
    d->blobs[d->blobs_n++] = (char *)p;
    bool ok = have >= bytes && n <= bytes / sizeof(u32) && !d->n;
    if (ok) {
        d->cap = MAX(n, 16u);
        free(d->text);
        d->text = mem_new(d->cap, sizeof *d->text);
    }
    for (u64 at = 0, used; ok && at < bytes; at += used)
        ok = load_piece(d, p + at, bytes - at, &used);
    if (!ok || d->n != n || d->disk_sum != sum) return fail(e, CORRUPT, "a dictionary is damaged");
    d->disk_n = n;
    d->disk_bytes = bytes;
    return true;
}
