/* tally_segment.c - rows as arrays of narrow codes in one immutable, checksummed image.
** See TALLY.md for the format. */
#define XXH_INLINE_ALL
#include "store/tally_int.h"
#include <xxhash.h>

enum { DATA_ALIGN = 64 };
static const char MAGIC[8] = "HEEDSEG3";

/* ---- encoding ---- */

typedef struct {
    buf parts, data; /* offsets are of data until the end */
    u32 n;
    u64 *room; /* codes of one array */
} image;

static u8 *reserve(image *im, part *p, u64 bytes) {
    while (im->data.n % DATA_ALIGN) buf_char(&im->data, 0);
    p->bytes = bytes;
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

/* Little-endian machines only: see adopt. */
static void put(u8 *restrict at, u32 width, const u64 *restrict code, u32 n) {
    u16 *two = (void *)at;
    u32 *four = (void *)at;
    switch (width) {
    case 0:
        return;
    case 1:
        for (u32 i = 0; i < n; i++) at[i] = (u8)code[i];
        return;
    case 2:
        for (u32 i = 0; i < n; i++) two[i] = (u16)code[i];
        return;
    case 4:
        for (u32 i = 0; i < n; i++) four[i] = (u32)code[i];
        return;
    default:
        for (u32 i = 0; i < n; i++) memcpy(at + (size_t)i * width, &code[i], width);
    }
}

static u8 width_of(u64 max) {
    return max <= UINT8_MAX    ? 1
           : max <= UINT16_MAX ? 2
           : max <= 0xffffff   ? 3
           : max <= UINT32_MAX ? 4
                               : 8;
}

static void put_all(image *im, part *p, const u64 *codes) {
    u8 *at = reserve(im, p, (u64)p->rows * p->width);
    if (at) put(at, p->width, codes, p->rows);
    finish(im, p);
}

/* True when no owner has one code twice; owners ascend. */
static bool codes_apart(const u64 *code, const u32 *owner, u32 n) {
    for (u32 i = 1; owner && i < n; i++)
        for (u32 k = i; k > 0 && owner[k - 1] == owner[i]; k--)
            if (code[k - 1] == code[i]) return false;
    return true;
}

/* Of the codes in im->room. */
static void encode_again(image *im, u32 col, const u32 *owner, u32 rows) {
    part p = {.column = col, .part = PART_AGAIN, .rows = rows, .missing = UINT64_MAX};
    u8 *at = reserve(im, &p, (rows + 7) / 8);
    for (u32 i = 1; i < rows; i++)
        for (u32 k = i; k > 0 && owner[k - 1] == owner[i]; k--)
            if (im->room[k - 1] == im->room[i]) at[i / 8] |= (u8)(1u << i % 8);
    finish(im, &p);
}

/* Texts: the code itself; 0 is missing.  Nothing is written where nothing is present. */
static void encode_codes(image *im, u32 col, const u32 *v, u32 have, u32 rows, const u32 *owner) {
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
        p.width = width_of(p.max);
    }
    for (u32 i = 0; i < have; i++) im->room[i] = v[i];
    for (u32 i = have; i < rows; i++) im->room[i] = 0;
    p.apart = codes_apart(im->room, owner, rows);
    put_all(im, &p, im->room);
    if (owner && !p.apart) encode_again(im, col, owner, rows);
}

static u64 common(u64 x, u64 y) {
    while (y) {
        u64 rest = x % y;
        x = y;
        y = rest;
    }
    return x;
}

/* Gives base, scale (what all differences are multiples of), present; the largest value. */
static void number_range(const i64 *v, u32 have, part *p, i64 *max) {
    i64 min = INT64_MAX, one = NONE;
    u64 scale = 0;
    *max = INT64_MIN;
    for (u32 i = 0; i < have; i++) {
        if (v[i] == NONE) continue;
        if (one == NONE) one = v[i];
        u64 apart = v[i] > one ? (u64)v[i] - (u64)one : (u64)one - (u64)v[i];
        if (scale != 1 && (scale ? apart % scale : apart)) scale = common(apart, scale);
        min = MIN(min, v[i]);
        *max = MAX(*max, v[i]);
        p->present++;
    }
    p->base = min;
    p->scale = scale && scale <= INT64_MAX ? (i64)scale : 1;
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
        p.width = p.max == UINT64_MAX ? 8 : width_of(p.max + 1);
    p.missing = p.width == 0 || p.width == 8 ? UINT64_MAX : ((u64)1 << 8 * p.width) - 1;
    u64 scale = p.scale ? (u64)p.scale : 1;
    for (u32 i = 0; i < rows; i++) {
        bool absent = i >= have || v[i] == NONE;
        u64 above = absent ? p.missing : (u64)v[i] - (u64)p.base;
        im->room[i] = absent || scale == 1 ? above : above / scale;
    }
    put_all(im, &p, im->room);
}

/* The days of rows that stand in order: first row and code of each day there is. */
static void encode_runs(image *im, u32 col, const i64 *day, u32 rows) {
    part p = {.column = col, .part = PART_DAY, .rows = rows, .scale = 1, .width = 4};
    i64 max;
    u32 *run = mem_new((size_t)rows * 2, sizeof *run);
    number_range(day, rows, &p, &max);
    p.scale = 1;
    p.max = (u64)max - (u64)p.base;
    p.missing = UINT32_MAX;
    check(p.max < UINT32_MAX);
    for (u32 i = 0; i < rows; i++) {
        if (i > 0 && day[i] == day[i - 1]) continue;
        check(i == 0 || day[i] > day[i - 1]);
        run[p.runs * 2] = i;
        run[p.runs++ * 2 + 1] = day[i] == NONE ? UINT32_MAX : (u32)(day[i] - p.base);
    }
    u8 *at = reserve(im, &p, (u64)p.runs * 2 * sizeof *run);
    memcpy(at, run, p.bytes);
    finish(im, &p);
    free(run);
}

static void encode_time(image *im, u32 col, const i64 *ms, u32 have, u32 rows) {
    i64 *v = mem_new(rows, sizeof *v), any = 0;
    for (u32 i = 0; i < rows; i++) {
        v[i] = i >= have || ms[i] == NONE ? NONE : day_of_ms(ms[i]);
        any |= v[i] != NONE;
    }
    if (any && col == COL_OCCURRED)
        encode_runs(im, col, v, rows);
    else if (any)
        encode_nums(im, PART_DAY, col, v, rows, rows);
    for (u32 i = 0; i < have; i++)
        if (v[i] != NONE) v[i] = ms[i] - v[i] * DAY_MS;
    if (any) encode_nums(im, PART_MS, col, v, rows, rows);
    free(v);
}

/* Rows came about in the order of their ids: kept is how far each stands from where it would. */
static void encode_ids(image *im, const i64 *ids, u32 rows) {
    part p = {.column = OF_SIGNAL, .part = PART_ID, .rows = rows, .present = rows, .step = 1};
    p.base = ids[0];
    p.missing = UINT64_MAX;
    for (u32 i = 0; i < rows; i++) p.base = MIN(p.base, ids[i] - (i64)i);
    for (u32 i = 0; i < rows; i++) {
        im->room[i] = (u64)(ids[i] - (i64)i - p.base);
        p.max = MAX(p.max, im->room[i]);
    }
    if (p.max) {
        p.scale = 1;
        p.width = width_of(p.max);
    }
    put_all(im, &p, im->room);
}

static void encode_owners(image *im, table_kind k, const u32 *owner, u32 first, u32 owned) {
    part p = {
        .column = k, .part = PART_ROW, .rows = owned, .present = owned, .scale = 1, .width = 4};
    if (!owned) return;
    p.missing = UINT32_MAX;
    for (u32 i = 0; i < owned; i++) im->room[i] = owner[i] - first;
    p.max = im->room[owned - 1];
    put_all(im, &p, im->room);
}

/* True when no signal speaks twice of one aspect with one polarity. */
static bool views_apart(image *im, const loose *r, u32 first, u32 owned) {
    const lane *aspect = r->lanes_n > COL_POLARITY ? &r->lanes[COL_ASPECT] : NULL;
    if (!aspect) return false;
    const lane *polarity = &r->lanes[COL_POLARITY];
    for (u32 i = 0; i < owned; i++) {
        u32 at = first + i;
        u64 a = at < aspect->n ? aspect->codes[at] : 0;
        im->room[i] = a << 32 | (at < polarity->n ? polarity->codes[at] : 0);
    }
    return codes_apart(im->room, r->owner[OF_MENTION] + first, owned);
}

static void encode_counts(image *im, table_kind k, const u32 *owner, u32 first, u32 owned, u32 rows,
                          bool apart) {
    part p = {.column = k, .part = PART_COUNT, .rows = rows, .present = rows, .scale = 1};
    if (!owned) return;
    p.apart = apart;
    memset(im->room, 0, rows * sizeof *im->room);
    for (u32 i = 0; i < owned; i++) {
        check(owner[i] >= first && owner[i] - first < rows);
        u64 have = ++im->room[owner[i] - first];
        p.max = MAX(p.max, have);
    }
    p.most = (u32)p.max;
    p.width = width_of(p.max);
    p.missing = UINT64_MAX;
    put_all(im, &p, im->room);
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
            encode_codes(im, k, l->codes + skip, have, n,
                         c->table == OF_SIGNAL ? NULL : r->owner[c->table] + skip);
    }
}

/* What is often asked of mentions is counted beforehand, by the columns of few texts. */
static void encode_tables(image *im, const tally *t, const loose *r, const u32 *first,
                          const u32 *all) {
    u32 tables = 0, columns = MIN(t->columns_n, r->lanes_n);
    if (!all[OF_MENTION] || columns <= COL_STRENGTH) return;
    for (u32 k = 0; k < columns && tables < TABLES_MAX; k++) {
        const column *c = &t->columns[k];
        part p;
        if (k != COL_ASPECT && (c->kind != COLUMN_TEXT || c->table != OF_SIGNAL)) continue;
        u64 *counted = table_count(r, first, all, k, &p);
        if (!counted) continue;
        u64 most = 0;
        for (u32 i = 0; i < p.rows; i++) most = MAX(most, counted[i]);
        p.width = width_of(most);
        put_all(im, &p, counted);
        free(counted);
        tables++;
    }
}

static void id_range(const i64 *ids, u32 n, segment_head *h) {
    h->first_id = h->last_id = ids[0];
    for (u32 i = 1; i < n; i++) {
        h->first_id = MIN(h->first_id, ids[i]);
        h->last_id = MAX(h->last_id, ids[i]);
    }
}

/* Head, directory, arrays, and eight bytes behind them: three-byte codes are read four at a time. */
static u8 *assemble(image *im, segment_head *h, size_t *bytes_out) {
    size_t start = (sizeof *h + im->parts.n + DATA_ALIGN - 1) / DATA_ALIGN * DATA_ALIGN;
    h->parts_n = im->n;
    h->bytes = start + im->data.n + 8;
    u8 *out = mem_new(h->bytes, 1);
    for (u32 i = 0; i < im->n; i++) ((part *)(void *)im->parts.p)[i].offset += start;
    memcpy(out + sizeof *h, im->parts.p, im->parts.n);
    if (im->data.n) memcpy(out + start, im->data.p, im->data.n);
    memcpy(out, h, sizeof *h);
    h->sum = XXH3_64bits(out + offsetof(segment_head, store_id),
                         sizeof *h - offsetof(segment_head, store_id) + im->parts.n);
    memcpy(out, h, sizeof *h);
    *bytes_out = h->bytes;
    buf_clear(&im->parts);
    buf_clear(&im->data);
    free(im->room);
    return out;
}

static u8 *encode(const tally *t, const loose *r, u32 from, u32 to, size_t *bytes_out) {
    u32 first[TABLES], all[TABLES], most = 0;
    for (u32 k = 0; k < TABLES; k++) {
        first[k] = loose_owned(r, (table_kind)k, from);
        all[k] = loose_owned(r, (table_kind)k, to) - first[k];
        most = MAX(most, all[k]);
    }
    image im = {.room = mem_new(most, sizeof *im.room)};
    encode_ids(&im, r->ids + from, all[OF_SIGNAL]);
    encode_counts(&im, OF_MENTION, r->owner[OF_MENTION] + first[OF_MENTION], from, all[OF_MENTION],
                  all[OF_SIGNAL], views_apart(&im, r, first[OF_MENTION], all[OF_MENTION]));
    encode_owners(&im, OF_TAG, r->owner[OF_TAG] + first[OF_TAG], from, all[OF_TAG]);
    encode_columns(&im, t, r, first, all);
    encode_tables(&im, t, r, first, all);
    segment_head h = {.store_id = t->from.id};
    memcpy(h.magic, MAGIC, sizeof h.magic);
    for (u32 k = 0; k < TABLES; k++) h.rows[k] = all[k];
    id_range(r->ids + from, all[OF_SIGNAL], &h);
    return assemble(&im, &h, bytes_out);
}

u8 *segment_encode(const tally *t, const loose *r, u32 from, u32 to, size_t *bytes_out) {
    loose sorted;
    check(from < to && to <= r->n[OF_SIGNAL]);
    if (!loose_ordered(t, r, from, to, &sorted)) return encode(t, r, from, to, bytes_out);
    u8 *out = encode(t, &sorted, 0, to - from, bytes_out);
    loose_free(&sorted);
    return out;
}

/* ---- reading ---- */

static bool part_sound(const segment_head *h, const part *p) {
    u64 each = p->runs ? 2 * sizeof(u32) : p->width, n = p->runs ? p->runs : p->rows;
    u64 bytes = p->part == PART_AGAIN ? ((u64)p->rows + 7) / 8 : n * each;
    bool width = p->width <= 4 || p->width == 8;
    return width && p->bytes == bytes && p->runs <= p->rows && p->offset <= h->bytes &&
           p->bytes + 8 <= h->bytes - p->offset && p->offset % DATA_ALIGN == 0 &&
           p->part <= PART_TABLE && (p->part != PART_TABLE || table_sound(p)) &&
           (!p->runs || (p->part == PART_DAY && p->width == 4));
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

static const u32 *runs_of(const segment *g, const part *p) {
    return (const u32 *)(const void *)(g->base + p->offset);
}

u32 part_run(const segment *g, const part *p, u32 row) {
    const u32 *run = runs_of(g, p);
    u32 lo = 0, hi = p->runs;
    check(p->runs);
    while (hi - lo > 1) {
        u32 mid = lo + (hi - lo) / 2;
        if (run[mid * 2] <= row)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

u32 run_row(const segment *g, const part *p, u32 run) {
    return run >= p->runs ? p->rows : runs_of(g, p)[run * 2];
}

u32 run_code(const segment *g, const part *p, u32 run) {
    return runs_of(g, p)[run * 2 + 1];
}

u64 part_code(const segment *g, const part *p, u32 row) {
    u64 code = 0;
    if (!p->width) return p->part == PART_CODE ? (u64)p->base : 0;
    if (p->runs) return run_code(g, p, part_run(g, p, row));
    memcpy(&code, g->base + p->offset + (size_t)row * p->width, p->width);
    return code;
}

i64 part_value(const segment *g, const part *p, u32 row) {
    if (!p->width) return p->base + (i64)row * p->step;
    u64 code = part_code(g, p, row);
    if (code == p->missing) return NONE;
    return (i64)((u64)p->base + (u64)row * (u64)p->step + code * (u64)p->scale);
}

static void run_codes(const segment *g, const part *p, u32 from, u32 n, u32 *restrict out) {
    for (u32 at = part_run(g, p, from), done = 0; done < n; at++) {
        u32 end = MIN(run_row(g, p, at + 1) - from, n), code = run_code(g, p, at);
        for (; done < end; done++) out[done] = code;
    }
}

void part_codes(const segment *g, const part *p, u32 from, u32 n, u32 *restrict out) {
    const u8 *at = g->base + p->offset + (size_t)from * p->width;
    const u16 *two = (const void *)at;
    if (p->runs) {
        run_codes(g, p, from, n, out);
        return;
    }
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
    case 3:
        for (u32 i = 0; i < n; i++) {
            memcpy(&out[i], at + (size_t)i * 3, 4);
            out[i] &= 0xffffff;
        }
        return;
    default:
        check(p->width == 4);
        memcpy(out, at, n * sizeof *out);
    }
}

u32 part_sum(const segment *g, const part *p, u32 from, u32 to) {
    u32 sum = 0, codes[256];
    for (u32 i = from; i < to; i += COUNT(codes)) {
        u32 n = MIN((u32)COUNT(codes), to - i);
        part_codes(g, p, i, n, codes);
        for (u32 k = 0; k < n; k++) sum += codes[k];
    }
    return sum;
}
