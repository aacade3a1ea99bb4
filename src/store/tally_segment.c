/* tally_segment.c - rows as arrays of narrow codes in one immutable, checksummed image.
** See TALLY.md for the format. */
#define XXH_INLINE_ALL
#include "store/tally_int.h"
#include <xxhash.h>

enum { DATA_ALIGN = 64, SCALE_MAX = 9 };
static const char MAGIC[8] = "HEEDSEG1";

/* ---- encoding ---- */

typedef struct {
    buf parts, data; /* offsets are of data until the end */
    u32 n;
} image;

static u8 *reserve(image *im, part *p) {
    while (im->data.n % DATA_ALIGN) buf_char(&im->data, 0);
    p->bytes = (u64)p->rows * p->width;
    p->offset = im->data.n;
    static const char zeros[4096];
    for (u64 left = p->bytes; left > 0; left -= MIN(left, sizeof zeros))
        buf_bytes(&im->data, zeros, MIN(left, sizeof zeros));
    return p->bytes ? (u8 *)im->data.p + p->offset : NULL;
}

static void finish(image *im, part *p) {
    p->sum = XXH3_64bits(p->bytes ? im->data.p + p->offset : "", p->bytes);
    buf_bytes(&im->parts, p, sizeof *p);
    im->n++;
}

static void put(u8 *at, u16 width, u32 row, u64 code) {
    if (width)
        memcpy(at + (size_t)row * width, &code,
               width); /* little-endian machines only: see check in adopt */
}

/* Texts: the code itself; 0 is missing.  Nothing is written where nothing is present. */
static void encode_codes(image *im, u32 col, const u32 *v, u32 have, u32 rows) {
    part p = {.column = col, .part = PART_CODE, .rows = rows, .scale = 1, .min = UINT32_MAX};
    for (u32 i = 0; i < have; i++) {
        if (!v[i]) continue;
        p.min = MIN(p.min, (u64)v[i]);
        p.max = MAX(p.max, (u64)v[i]);
        if (v[i] < KNOWN_CODES) p.known[v[i] / 64] |= (u64)1 << v[i] % 64;
        p.present++;
    }
    if (!p.present) return;
    if (p.present == rows && p.min == p.max) {
        p.base = (i64)p.min;
        p.scale = 0;
    } else {
        p.width = p.max <= UINT8_MAX ? 1 : p.max <= UINT16_MAX ? 2 : 4;
    }
    u8 *at = reserve(im, &p);
    for (u32 i = 0; i < have; i++) put(at, p.width, i, v[i]);
    finish(im, &p);
}

static void number_range(const i64 *v, u32 have, part *p, i64 *max) {
    i64 power[SCALE_MAX + 1] = {1}, min = INT64_MAX;
    *max = INT64_MIN;
    int k = SCALE_MAX;
    for (int i = 1; i <= SCALE_MAX; i++) power[i] = power[i - 1] * 10;
    for (u32 i = 0; i < have; i++) {
        if (v[i] == NONE) continue;
        while (k && v[i] % power[k]) k--;
        min = MIN(min, v[i]);
        *max = MAX(*max, v[i]);
        p->present++;
    }
    p->base = min;
    p->scale = power[k];
}

/* Numbers: what is above the smallest one, in units of their common power of ten. */
static void encode_nums(image *im, part_kind kind, u32 col, const i64 *v, u32 have, u32 rows) {
    part p = {.column = col, .part = (u16)kind, .rows = rows};
    i64 max;
    number_range(v, have, &p, &max);
    if (!p.present) return;
    p.max = ((u64)max - (u64)p.base) / (u64)p.scale;
    if (p.present == rows && p.max == 0)
        p.scale = 0;
    else
        p.width = p.max < UINT8_MAX ? 1 : p.max < UINT16_MAX ? 2 : p.max < UINT32_MAX ? 4 : 8;
    p.missing = p.width == 0 || p.width == 8 ? UINT64_MAX : ((u64)1 << 8 * p.width) - 1;
    u8 *at = reserve(im, &p);
    u64 scale = p.scale ? (u64)p.scale : 1;
    for (u32 i = 0; i < rows; i++)
        put(at, p.width, i,
            i >= have || v[i] == NONE ? p.missing : ((u64)v[i] - (u64)p.base) / scale);
    finish(im, &p);
}

static void encode_time(image *im, u32 col, const i64 *ms, u32 have, u32 rows) {
    i64 *v = mem_new(rows, sizeof *v);
    for (u32 i = 0; i < have; i++) v[i] = ms[i] == NONE ? NONE : day_of_ms(ms[i]);
    encode_nums(im, PART_DAY, col, v, have, rows);
    for (u32 i = 0; i < have; i++)
        if (v[i] != NONE) v[i] = ms[i] - v[i] * DAY_MS;
    encode_nums(im, PART_MS, col, v, have, rows);
    free(v);
}

static void encode_ids(image *im, const i64 *ids, u32 rows) {
    part p = {.column = OF_SIGNAL,
              .part = PART_ID,
              .rows = rows,
              .present = rows,
              .base = ids[0],
              .scale = 1};
    for (u32 i = 0; i < rows; i++)
        if (ids[i] != ids[0] + i) {
            encode_nums(im, PART_ID, OF_SIGNAL, ids, rows, rows);
            return;
        }
    finish(im, &p);
}

static void encode_owners(image *im, table_kind k, const u32 *owner, u32 first, u32 rows) {
    part p = {.column = k,
              .part = PART_ROW,
              .rows = rows,
              .present = rows,
              .scale = 1,
              .width = 4,
              .missing = UINT32_MAX};
    if (!rows) return;
    p.max = owner[rows - 1] - first;
    u8 *at = reserve(im, &p);
    for (u32 i = 0; i < rows; i++) put(at, p.width, i, owner[i] - first);
    finish(im, &p);
}

/* The first of the table's rows that belongs to signal `row` or a later one. */
static u32 owned_from(const loose *r, table_kind k, u32 row) {
    u32 lo = 0, hi = r->n[k];
    if (k == OF_SIGNAL) return row;
    while (lo < hi) {
        u32 mid = lo + (hi - lo) / 2;
        if (r->owner[k][mid] < row)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static void encode_columns(image *im, const tally *t, const loose *r, const u32 *start,
                           const u32 *all) {
    for (u32 k = 0; k < MIN(t->columns_n, r->lanes_n); k++) {
        const lane *l = &r->lanes[k];
        const column *c = &t->columns[k];
        u32 skip = start[c->table], n = all[c->table], have = MIN(l->n - MIN(l->n, skip), n);
        check(l->n <= r->n[c->table]);
        if (!have) continue;
        if (c->kind == COLUMN_TIME)
            encode_time(im, k, l->nums + skip, have, n);
        else if (c->kind == COLUMN_NUM)
            encode_nums(im, PART_NUM, k, l->nums + skip, have, n);
        else
            encode_codes(im, k, l->codes + skip, have, n);
    }
}

u8 *segment_encode(const tally *t, const loose *r, u32 from, u32 to, size_t *bytes_out) {
    u32 first[TABLES], all[TABLES];
    check(from < to && to <= r->n[OF_SIGNAL]);
    for (u32 k = 0; k < TABLES; k++) {
        first[k] = owned_from(r, (table_kind)k, from);
        all[k] = owned_from(r, (table_kind)k, to) - first[k];
    }
    image im = {0};
    encode_ids(&im, r->ids + from, all[OF_SIGNAL]);
    for (u32 k = OF_MENTION; k < TABLES; k++)
        if (all[k]) encode_owners(&im, (table_kind)k, r->owner[k] + first[k], from, all[k]);
    encode_columns(&im, t, r, first, all);
    segment_head h = {.store_id = t->from.id,
                      .first_id = r->ids[from],
                      .last_id = r->ids[to - 1],
                      .parts_n = im.n};
    memcpy(h.magic, MAGIC, sizeof h.magic);
    for (u32 k = 0; k < TABLES; k++) h.rows[k] = all[k];
    size_t start = (sizeof h + im.parts.n + DATA_ALIGN - 1) / DATA_ALIGN * DATA_ALIGN;
    h.bytes = start + im.data.n;
    u8 *out = mem_new(h.bytes, 1);
    for (u32 i = 0; i < im.n; i++) ((part *)(void *)im.parts.p)[i].offset += start;
    memcpy(out + sizeof h, im.parts.p, im.parts.n);
    if (im.data.n) memcpy(out + start, im.data.p, im.data.n);
    memcpy(out, &h, sizeof h);
    h.sum = XXH3_64bits(out + offsetof(segment_head, store_id),
                        sizeof h - offsetof(segment_head, store_id) + im.parts.n);
    memcpy(out, &h, sizeof h);
    buf_clear(&im.parts);
    buf_clear(&im.data);
    *bytes_out = h.bytes;
    return out;
}

/* ---- reading ---- */

static bool part_sound(const segment_head *h, const part *p) {
    bool width = p->width == 0 || p->width == 1 || p->width == 2 || p->width == 4 || p->width == 8;
    return width && p->bytes == (u64)p->rows * p->width && p->offset <= h->bytes &&
           p->bytes <= h->bytes - p->offset && p->offset % DATA_ALIGN == 0 && p->part <= PART_ID;
}

bool segment_adopt(segment *g, const u8 *img, u64 bytes, i64 store_id, err *e) {
    const segment_head *h = (const void *)img;
    static const u32 one = 1;
    if (*(const u8 *)&one != 1)
        return fail(e, INVALID, "the tally's files are for little-endian machines");
    if (bytes < sizeof *h || memcmp(h->magic, MAGIC, sizeof h->magic) != 0 || h->bytes != bytes ||
        h->parts_n > (bytes - sizeof *h) / sizeof(part))
        return fail(e, CORRUPT, "a segment of the tally is not whole");
    size_t n = sizeof *h - offsetof(segment_head, store_id) + h->parts_n * sizeof(part);
    if (XXH3_64bits(img + offsetof(segment_head, store_id), n) != h->sum)
        return fail(e, CORRUPT, "a segment of the tally is damaged");
    if (h->store_id != store_id)
        return fail(e, CORRUPT, "a segment of the tally belongs to another store");
    const part *p = (const void *)(img + sizeof *h);
    for (u32 i = 0; i < h->parts_n; i++)
        if (!part_sound(h, &p[i])) return fail(e, CORRUPT, "a segment of the tally is damaged");
    *g = (segment){.head = h, .parts = p, .base = img, .checked = mem_new(h->parts_n, 1)};
    return true;
}

void segment_drop(segment *g) {
    if (!g->head) return;
    union {
        const u8 *from;
        void *to;
    } u = {g->base};
    if (g->mapped)
        file_unmap(g->base, g->head->bytes);
    else
        free(u.to);
    free(g->checked);
    *g = (segment){0};
}

const part *segment_part(const segment *g, part_kind k, u32 number) {
    for (u32 i = 0; i < g->head->parts_n; i++)
        if (g->parts[i].column == number && g->parts[i].part == k) return &g->parts[i];
    return NULL;
}

bool segment_verify(segment *g, const part *p, err *e) {
    check(p >= g->parts && p < g->parts + g->head->parts_n);
    u8 *done = &g->checked[p - g->parts];
    if (__atomic_load_n(done, __ATOMIC_RELAXED)) return true;
    if (XXH3_64bits(g->base + p->offset, p->bytes) != p->sum)
        return fail(e, CORRUPT, "a column of the tally is damaged");
    __atomic_store_n(done, 1, __ATOMIC_RELAXED);
    return true;
}

u64 part_code(const segment *g, const part *p, u32 row) {
    u64 code = 0;
    if (!p->width) return p->part == PART_CODE ? (u64)p->base : 0;
    memcpy(&code, g->base + p->offset + (size_t)row * p->width, p->width);
    return code;
}

i64 part_value(const segment *g, const part *p, u32 row) {
    if (!p->width) return p->base + (i64)row * p->scale;
    u64 code = part_code(g, p, row);
    return code == p->missing ? NONE : (i64)((u64)p->base + code * (u64)p->scale);
}

void part_codes(const segment *g, const part *p, u32 from, u32 n, u32 *restrict out) {
    const u8 *at = g->base + p->offset + (size_t)from * p->width;
    const u16 *two = (const void *)at;
    switch (p->width) {
    case 0:
        for (u32 i = 0; i < n; i++) out[i] = p->part == PART_CODE ? (u32)p->base : 0;
        return;
    case 1:
        for (u32 i = 0; i < n; i++) out[i] = at[i];
        return;
    case 2:
        for (u32 i = 0; i < n; i++) out[i] = two[i];
        return;
    default:
        check(p->width == 4);
        memcpy(out, at, n * sizeof *out);
    }
}
