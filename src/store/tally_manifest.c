/* tally_manifest.c - which segments and dictionaries make up the mirror: one small file, replaced
** whole.  What it does not name is not part of the mirror. */
#define XXH_INLINE_ALL
#include "store/tally_int.h"
#include <xxhash.h>

static const char MAGIC[8] = "HEEDTAL1";

void tally_path(const tally *t, char *out, size_t cap, const char *kind, u32 number) {
    check(t->dir);
    int n = number ? snprintf(out, cap, "%s/%06u.%s", t->dir, number, kind)
                   : snprintf(out, cap, "%s/%s", t->dir, kind);
    check(n > 0 && (size_t)n < cap);
}

static void put64(buf *b, u64 v) {
    buf_bytes(b, &v, sizeof v);
}

bool manifest_save(tally *t, err *e) {
    char path[4096];
    buf b = {0};
    bool ok = true;
    for (u32 k = 0; ok && k < t->columns_n; k++) {
        dict *d = &t->columns[k].dict;
        tally_path(t, path, sizeof path, "dict", k + 1);
        if (d->n) ok = dict_save(d, path, e);
    }
    buf_bytes(&b, MAGIC, sizeof MAGIC);
    put64(&b, (u64)t->from.id);
    put64(&b, t->next_file);
    put64(&b, t->columns_n);
    for (u32 k = 0; k < t->columns_n; k++) {
        const column *c = &t->columns[k];
        put64(&b, c->name_n);
        buf_str(&b, column_name(c));
        put64(&b, c->kind);
        put64(&b, c->table);
        put64(&b, c->dict.disk_n);
        put64(&b, c->dict.disk_bytes);
        put64(&b, c->dict.disk_sum);
    }
    put64(&b, t->segments_n);
    for (u32 k = 0; k < t->segments_n; k++) {
        put64(&b, t->segments[k].file);
        put64(&b, t->segments[k].head->sum);
    }
    put64(&b, XXH3_64bits(b.p, b.n));
    tally_path(t, path, sizeof path, "manifest", 0);
    ok = ok && file_save(path, b.p, b.n, e) && dir_sync(t->dir, e);
    buf_clear(&b);
    return ok;
}

typedef struct {
    const u8 *p;
    size_t left;
    bool bad;
} reading;

static u64 get64(reading *r) {
    u64 v = 0;
    if (r->left < sizeof v) {
        r->bad = true;
        return 0;
    }
    memcpy(&v, r->p, sizeof v);
    r->p += sizeof v;
    r->left -= sizeof v;
    return v;
}

static str get_text(reading *r) {
    u64 n = get64(r);
    if (n > r->left) r->bad = true;
    if (r->bad) return NO_STR;
    str s = {(const char *)r->p, n};
    r->p += n;
    r->left -= n;
    return s;
}

static bool load_column(tally *t, reading *r, u32 k, err *e) {
    char path[4096];
    str name = get_text(r);
    u64 kind = get64(r), table = get64(r), n = get64(r), bytes = get64(r), sum = get64(r);
    if (r->bad || kind > COLUMN_SET || table >= TABLES)
        return fail(e, CORRUPT, "the list of columns is damaged");
    column *c = column_need(t, name, (column_kind)kind, (table_kind)table);
    if (column_number(t, c) != k) return fail(e, CORRUPT, "the list of columns is damaged");
    tally_path(t, path, sizeof path, "dict", k + 1);
    return !n || dict_load(&c->dict, path, (u32)n, bytes, sum, e);
}

/* No segment speaks of a column or a text that the manifest does not have. */
static bool fits(const tally *t, const segment *g, i64 after, err *e) {
    bool ok = g->head->first_id > after && segment_part(g, PART_ID, OF_SIGNAL);
    for (u32 i = 0; ok && i < g->head->parts_n; i++) {
        const part *p = &g->parts[i];
        bool list = p->part == PART_ROW || p->part == PART_ID;
        ok = p->column < (list ? (u32)TABLES : t->columns_n);
        if (ok) ok = p->rows == g->head->rows[list ? p->column : t->columns[p->column].table];
        if (ok && p->part == PART_CODE) ok = p->max <= t->columns[p->column].dict.n;
    }
    return ok || fail(e, CORRUPT, "a segment does not fit the rest");
}

static bool load_segment(tally *t, reading *r, err *e) {
    char path[4096];
    const u8 *img;
    size_t n;
    u32 file = (u32)get64(r);
    u64 sum = get64(r);
    if (r->bad || !file) return fail(e, CORRUPT, "the list of segments is damaged");
    tally_path(t, path, sizeof path, "seg", file);
    if (!file_map(path, &img, &n, e)) return false;
    segment g = {0};
    if (!segment_adopt(&g, img, n, t->from.id, e)) {
        file_unmap(img, n);
        return false;
    }
    g.mapped = true;
    g.file = file;
    if (g.head->sum != sum || !fits(t, &g, t->last_id, e)) {
        segment_drop(&g);
        return fail(e, CORRUPT, "a segment is not the one that was sealed");
    }
    t->segments = mem_grow(t->segments, t->segments_n + 1, sizeof *t->segments);
    t->segments[t->segments_n++] = g;
    t->last_id = g.head->last_id;
    return true;
}

static bool load(tally *t, reading *r, err *e) {
    i64 id = (i64)get64(r);
    if (id != t->from.id) return fail(e, CONFLICT, "it belongs to another store");
    t->next_file = (u32)get64(r);
    u64 columns = get64(r);
    if (r->bad || columns < COLS_FIXED || columns > r->left)
        return fail(e, CORRUPT, "the list of columns is damaged");
    for (u32 k = 0; k < columns; k++)
        if (!load_column(t, r, k, e)) return false;
    u64 segments = get64(r);
    for (u64 k = 0; k < segments; k++)
        if (!load_segment(t, r, e)) return false;
    return r->left == 0 && !r->bad ? true : fail(e, CORRUPT, "its manifest is damaged");
}

bool manifest_load(tally *t, err *e) {
    char path[4096];
    u8 *p;
    size_t n;
    u64 sum = 0;
    tally_path(t, path, sizeof path, "manifest", 0);
    if (!file_read(path, &p, &n, e)) return false;
    bool ok = n >= sizeof MAGIC + sizeof sum && memcmp(p, MAGIC, sizeof MAGIC) == 0;
    if (ok) memcpy(&sum, p + n - sizeof sum, sizeof sum);
    ok = ok && XXH3_64bits(p, n - sizeof sum) == sum;
    reading r = {p + sizeof MAGIC, ok ? n - sizeof MAGIC - sizeof sum : 0, false};
    ok = ok ? load(t, &r, e) : fail(e, CORRUPT, "its manifest is damaged");
    free(p);
    if (!ok && e->code == NOT_FOUND) e->code = CORRUPT; /* a file the manifest names is gone */
    return ok;
}
