/* tally_manifest.c - which segments and dictionaries make up the mirror: one small file, replaced
** whole.  What it does not name is not part of the mirror. */
#define XXH_INLINE_ALL
#include "store/tally_words.h"
#include <xxhash.h>

static const char MAGIC[8] = "HEEDTAL3";

void tally_path(const tally *t, char *out, size_t cap, const char *kind, u32 number) {
    check(t->dir);
    int n = number ? snprintf(out, cap, "%s/%06u.%s", t->dir, number, kind)
                   : snprintf(out, cap, "%s/%s", t->dir, kind);
    check(n > 0 && (size_t)n < cap);
}

void dict_path(const tally *t, char *out, size_t cap, u32 number) {
    char kind[24];
    u32 generation = t->columns[number].dict.generation;
    snprintf(kind, sizeof kind, generation ? "%u.dict" : "dict", generation);
    tally_path(t, out, cap, kind, number + 1);
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
        dict_path(t, path, sizeof path, k);
        if (d->n) ok = dict_save(d, path, e);
    }
    buf_bytes(&b, MAGIC, sizeof MAGIC);
    put64(&b, (u64)t->from.id);
    put64(&b, t->next_file);
    put64(&b, (u64)t->change_id);
    put64(&b, t->columns_n);
    for (u32 k = 0; k < t->columns_n; k++) {
        const column *c = &t->columns[k];
        put64(&b, c->name_n);
        buf_str(&b, column_name(c));
        put64(&b, c->kind);
        put64(&b, c->table);
        put64(&b, c->dict.generation);
        put64(&b, c->dict.disk_n);
        put64(&b, c->dict.disk_bytes);
        put64(&b, c->dict.disk_sum);
    }
    put64(&b, t->segments_n);
    for (u32 k = 0; k < t->segments_n; k++) {
        put64(&b, t->segments[k].file);
        put64(&b, t->segments[k].head->sum);
        put64(&b, (u64)t->segments[k].head->first_id);
        put64(&b, (u64)t->segments[k].head->last_id);
    }
    put64(&b, (u64)(t->words.tail.n ? 0 : t->words.last_id));
    put64(&b, t->words.tail.n ? 0 : t->words.runs_n);
    for (u32 k = 0; k < t->words.runs_n && !t->words.tail.n; k++) {
        put64(&b, t->words.runs[k].file);
        put64(&b, t->words.runs[k].head->sum);
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
    u64 kind = get64(r), table = get64(r), generation = get64(r);
    u64 n = get64(r), bytes = get64(r), sum = get64(r);
    if (r->bad || kind > COLUMN_SET || table >= TABLES)
        return fail(e, CORRUPT, "the list of columns is damaged");
    column *c = column_need(t, name, (column_kind)kind, (table_kind)table);
    if (column_number(t, c) != k) return fail(e, CORRUPT, "the list of columns is damaged");
    c->dict.generation = (u32)generation;
    dict_path(t, path, sizeof path, k);
    return !n || dict_load(&c->dict, path, (u32)n, bytes, sum, e);
}

/* No segment speaks of a column or a text that the manifest does not have. */
/* A table's sides are no larger than the dictionaries they count by. */
static bool table_fits(const tally *t, const part *p) {
    const column *c = p->column < t->columns_n ? &t->columns[p->column] : NULL;
    return c && c->kind == COLUMN_TEXT && p->min <= t->columns[COL_ASPECT].dict.n + (u64)2 &&
           p->max <= t->columns[COL_POLARITY].dict.n + (u64)2 &&
           p->most <= (p->column == COL_ASPECT ? 1 : c->dict.n + (u64)1);
}

static bool fits(const tally *t, const segment *g, i64 after, err *e) {
    bool ok = g->head->first_id > after && segment_part(g, PART_ID, OF_SIGNAL);
    for (u32 i = 0; ok && i < g->head->parts_n; i++) {
        const part *p = &g->parts[i];
        if (p->part == PART_TABLE) {
            ok = table_fits(t, p);
            continue;
        }
        bool list = p->part >= PART_ROW;
        ok = p->column < (list ? (u32)TABLES : t->columns_n);
        if (ok)
            ok = p->rows == g->head->rows[p->part == PART_COUNT ? (u32)OF_SIGNAL
                                          : list                ? p->column
                                                                : (u32)t->columns[p->column].table];
        if (ok && p->part == PART_CODE) ok = p->max <= t->columns[p->column].dict.n;
    }
    return ok || fail(e, CORRUPT, "a segment does not fit the rest");
}

typedef struct {
    u32 file;
    u64 sum;
    i64 first, last;
} named;

static bool open_segment(tally *t, const named *f, segment *out, err *e) {
    char path[4096];
    const u8 *img;
    size_t n;
    segment g = {0};
    tally_path(t, path, sizeof path, "seg", f->file);
    if (!file_map(path, &img, &n, e)) return false;
    if (!segment_adopt(&g, img, n, t->from.id, e)) {
        file_unmap(img, n);
        return false;
    }
    g.mapped = true;
    g.file = f->file;
    if (g.head->sum != f->sum || g.head->first_id != f->first || g.head->last_id != f->last ||
        !fits(t, &g, t->last_id, e)) {
        segment_drop(&g);
        return fail(e, CORRUPT, "a segment is not the one that was sealed");
    }
    *out = g;
    return true;
}

/* A segment that is gone or damaged is made again from the store by itself, the rest stays.  Where
** several were, the sentence names the last of them. */
static bool load_segment(tally *t, reading *r, u64 *lost, err *why, err *e) {
    err what;
    segment g;
    named f = {.file = (u32)get64(r), .sum = get64(r)};
    f.first = (i64)get64(r);
    f.last = (i64)get64(r);
    if (r->bad || !f.file || f.first <= t->last_id || f.last < f.first)
        return fail(e, CORRUPT, "the list of segments is damaged");
    if (open_segment(t, &f, &g, &what)) {
        t->segments = mem_grow(t->segments, t->segments_n + 1, sizeof *t->segments);
        t->segments[t->segments_n++] = g;
        t->last_id = f.last;
        return true;
    }
    if (t->lock_fd < 0)
        return *e = what, false; /* perhaps just replaced: read the manifest again */
    ++*lost;
    *why = what;
    t->last_id = f.last;
    return segment_remake(t, t->segments_n, f.first, f.last, e);
}

/* Words that are damaged are read again from the store when somebody asks for them. */
static bool load_words(tally *t, reading *r, err *e) {
    err why;
    i64 last = (i64)get64(r);
    u64 n = get64(r);
    bool whole = true;
    for (u64 k = 0; k < n && !r->bad; k++) {
        u32 file = (u32)get64(r);
        u64 sum = get64(r);
        whole = whole && !r->bad && words_open(t, file, sum, &why);
    }
    if (r->left || r->bad) return fail(e, CORRUPT, "its manifest is damaged");
    if (whole)
        t->words.last_id = last;
    else
        words_lost(t, &why);
    return true;
}

static bool load_segments(tally *t, reading *r, err *e) {
    err why;
    u64 lost = 0, n = get64(r);
    for (u64 k = 0; k < n; k++)
        if (!load_segment(t, r, &lost, &why, e)) return false;
    if (!load_words(t, r, e)) return false;
    if (!lost) return true;
    snprintf(t->notice, sizeof t->notice,
             "%" PRIu64 " of %" PRIu64
             " segments of the tally were made again from the store: %.250s",
             lost, n, why.msg);
    return manifest_save(t, e);
}

static bool load(tally *t, reading *r, err *e) {
    i64 id = (i64)get64(r);
    if (id != t->from.id) return fail(e, CONFLICT, "it belongs to another store");
    t->next_file = (u32)get64(r);
    t->change_id = (i64)get64(r);
    u64 columns = get64(r);
    if (r->bad || columns < COLS_FIXED || columns > r->left)
        return fail(e, CORRUPT, "the list of columns is damaged");
    for (u32 k = 0; k < columns; k++)
        if (!load_column(t, r, k, e)) return false;
    return load_segments(t, r, e);
}

/* The whole file, magic and checksum verified; p is to be freed. */
static bool read_manifest(const tally *t, u8 **out, reading *r, err *e) {
    char path[4096];
    u8 *p;
    size_t n;
    u64 sum = 0;
    tally_path(t, path, sizeof path, "manifest", 0);
    if (!file_read(path, &p, &n, e)) return false;
    bool ok = n >= sizeof MAGIC + sizeof sum && memcmp(p, MAGIC, sizeof MAGIC) == 0;
    bool older = n > 7 && !ok && memcmp(p, MAGIC, 7) == 0;
    if (ok) memcpy(&sum, p + n - sizeof sum, sizeof sum);
    ok = ok && XXH3_64bits(p, n - sizeof sum) == sum;
    *r = (reading){p + sizeof MAGIC, ok ? n - sizeof MAGIC - sizeof sum : 0, false};
    *out = p;
    if (ok) return true;
    free(p);
    return older ? fail(e, CONFLICT, "another version of Heed wrote it")
                 : fail(e, CORRUPT, "its manifest is damaged");
}

bool manifest_load(tally *t, err *e) {
    u8 *p;
    reading r;
    if (!read_manifest(t, &p, &r, e)) return false;
    bool ok = load(t, &r, e);
    free(p);
    if (!ok && e->code == NOT_FOUND) e->code = CORRUPT; /* a file the manifest names is gone */
    return ok;
}

bool manifest_change(const tally *t, i64 *out, err *e) {
    u8 *p;
    reading r;
    if (!read_manifest(t, &p, &r, e)) return false;
    get64(&r); /* the store's id */
    get64(&r); /* the last file */
    *out = (i64)get64(&r);
    free(p);
    return true;
}
