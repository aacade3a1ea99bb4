/* tally.c - the mirror's life: opened, followed, sealed, rebuilt, closed. */
#include "store/tally_memo.h"
#include "store/tally_words.h"
#include "store/walk_int.h"

/* ---- memory ---- */

void tally_forget(tally *t) {
    for (u32 i = 0; i < t->segments_n; i++) segment_bury(t, &t->segments[i]);
    pieces_clear(t);
    words_forget(t);
    loose_free(&t->tail);
    for (u32 i = 0; i < t->columns_n; i++) {
        grave_put(t->grave, t->columns[i].name, free);
        dict_clear(&t->columns[i].dict);
    }
    free(t->columns);
    grave_put(t->grave, t->names, free);
    t->columns = NULL;
    t->names = NULL;
    t->columns_n = t->columns_cap = t->names_n = t->names_shared = t->segments_n = 0;
    t->last_id = t->change_id = 0;
    __atomic_store_n(&t->broken, false, __ATOMIC_RELAXED);
}

void tally_set_broken(tally *t) {
    __atomic_store_n(&t->broken, true, __ATOMIC_RELAXED);
}

void tally_wipe(tally *t) {
    tally_forget(t);
    if (t->walks) walk_index_clear(t->walks); /* codes change their meaning */
    columns_init(t);
}

static tally *tally_new(const tally_source *from, u32 segment_rows) {
    tally *t = mem_new(1, sizeof *t);
    t->from = *from;
    t->segment_rows = segment_rows;
    t->lock_fd = -1;
    t->grave = grave_open();
    t->memo = memo_open();
    t->walks = walk_index_new();
    check(pthread_mutex_init(&t->pen, NULL) == 0);
    columns_init(t);
    return t;
}

void tally_close(tally *t) {
    if (!t) return;
    check(!t->live);
    tally_forget(t);
    walk_index_free(t->walks);
    grave_close(t->grave);
    memo_close(t->memo);
    free(t->segments);
    free(t->pieces);
    arena_close(t->folds);
    dir_unlock(t->lock_fd);
    free(t->dir);
    if (t->from.close) t->from.close(t->from.ctx);
    pthread_mutex_destroy(&t->pen);
    free(t);
}

/* ---- sealing ---- */

static void segment_push(tally *t, segment g) {
    t->segments = mem_grow(t->segments, t->segments_n + 1, sizeof *t->segments);
    t->segments[t->segments_n++] = g;
}

/* A last segment that is not full goes back into the tail, so that many small imports do not leave
** many small segments.  The file stays until the manifest no longer names it. */
static bool take_back(tally *t, u32 *file_out, err *e) {
    *file_out = 0;
    if (!t->segments_n) return true;
    segment *g = &t->segments[t->segments_n - 1];
    if ((u64)g->head->rows[OF_SIGNAL] + t->tail.n[OF_SIGNAL] > t->segment_rows) return true;
    if (!loose_unseal(t, &t->tail, g, e)) return false;
    *file_out = g->file;
    segment_bury(t, g);
    t->segments_n--;
    return true;
}

/* Reading a sealed segment back through the page cache frees the heap copy. */
static void map_back(tally *t, segment *g) {
    char path[4096];
    const u8 *img;
    size_t n;
    err e = {0};
    segment fresh = {0};
    tally_path(t, path, sizeof path, "seg", g->file);
    if (!file_map(path, &img, &n, &e)) return;
    if (!segment_adopt(&fresh, img, n, t->from.id, &e) || fresh.head->sum != g->head->sum) {
        segment_drop(&fresh);
        file_unmap(img, n);
        return;
    }
    fresh.mapped = true;
    fresh.file = g->file;
    segment_drop(g);
    *g = fresh;
}

bool segment_write(tally *t, segment *g, err *e) {
    char path[4096];
    u32 file = ++t->next_file;
    tally_path(t, path, sizeof path, "seg", file);
    if (!file_save(path, g->base, g->head->bytes, e)) return false;
    g->file = file;
    map_back(t, g);
    return true;
}

static bool write_segment(tally *t, segment *g, err *e) {
    if (!segment_write(t, g, e)) return false;
    segment_push(t, *g);
    if (manifest_save(t, e)) return true;
    t->segments_n--;
    return false;
}

/* Answers stay right: this process goes on in memory, the next one catches up. */
void tally_stay_in_memory(tally *t, const err *why) {
    dir_unlock(t->lock_fd);
    t->lock_fd = -1;
    snprintf(t->notice, sizeof t->notice,
             "the tally could not be written (%.200s): this process keeps it in memory", why->msg);
}

static bool seal(tally *t, err *e) {
    u32 old;
    if (!t->tail.n[OF_SIGNAL]) return true;
    if (!take_back(t, &old, e)) {
        tally_set_broken(t);
        return false;
    }
    segment g = segment_make(t, &t->tail, 0, t->tail.n[OF_SIGNAL]);
    words_seal(t);
    bool ok = true;
    if (t->lock_fd >= 0) {
        ok = write_segment(t, &g, e);
        if (!ok) {
            tally_stay_in_memory(t, e);
            segment_push(t, g);
        }
    } else {
        segment_push(t, g);
    }
    pieces_clear(t);
    loose_reset(&t->tail);
    if (ok && t->lock_fd >= 0) {
        char path[4096];
        tally_path(t, path, sizeof path, "seg", old);
        if (old) file_remove(path);
        if (t->words.runs_n) manifest_sweep(t);
    }
    return ok;
}

bool tally_seal(tally *t, err *e) {
    pthread_mutex_lock(&t->pen);
    bool ok = seal(t, e);
    view_publish(t);
    pthread_mutex_unlock(&t->pen);
    return ok;
}

/* Rows the last segment can still take; a full tail goes to disk by itself. */
static bool tail_is_full(const tally *t) {
    u32 last =
        t->segments_n ? t->segments[t->segments_n - 1].head->rows[OF_SIGNAL] : t->segment_rows;
    u32 room = last < t->segment_rows ? t->segment_rows - last : t->segment_rows;
    return t->tail.n[OF_SIGNAL] >= room;
}

static void seal_if_full(tally *t) {
    err e;
    if (tail_is_full(t) && !seal(t, &e)) return; /* said in the notice, or broken */
}

/* ---- following ---- */

typedef struct {
    tally *t;
    tally_progress *progress;
    void *ctx;
    i64 done, total;
} following;

static bool follow_one(void *ctx, const signal *s, const insight *i, err *e) {
    (void)e;
    following *f = ctx;
    tally_take(f->t, s, i);
    seal_if_full(f->t);
    if (f->progress && ++f->done % 4096 == 0) f->progress(f->ctx, f->done, f->total);
    return true;
}

static i64 rows_all(const tally *t) {
    i64 n = t->tail.n[OF_SIGNAL];
    for (u32 i = 0; i < t->segments_n; i++) n += t->segments[i].head->rows[OF_SIGNAL];
    return n;
}

static bool catch_up(tally *t, tally_progress *progress, void *ctx, err *e) {
    if (!change_follow(t, e)) return false;
    if (t->from.last_id(t->from.ctx) <= t->last_id) return true;
    following f = {t, progress, ctx, 0, 0};
    if (progress) f.total = MAX(0, t->from.count(t->from.ctx) - rows_all(t));
    if (!t->from.scan(t->from.ctx, t->last_id, false, follow_one, &f, e)) return false;
    if (progress) progress(ctx, f.done, MAX(f.done, f.total));
    return true;
}

bool tally_follow(tally *t, err *e) {
    pthread_mutex_lock(&t->pen);
    i64 had = t->last_id, change = t->change_id;
    bool ok = catch_up(t, NULL, NULL, e);
    if (t->last_id != had || t->change_id != change) view_publish(t);
    pthread_mutex_unlock(&t->pen);
    return ok;
}

bool tally_files_follow(tally *t, err *e) {
    pthread_mutex_lock(&t->pen);
    i64 change = 0;
    bool ours = t->lock_fd >= 0 || !t->dir;
    bool ok = ours || manifest_change(t, &change, e);
    if (ok && !ours && change < t->change_id)
        ok = fail(e, BUSY,
                  "another Heed keeps the tally's files (%s) and has not looked at the store since",
                  t->dir);
    pthread_mutex_unlock(&t->pen);
    return ok;
}

static bool append(tally *t, const heard *items, size_t n, err *e) {
    for (size_t i = 0; i < n; i++) {
        i64 id = items[i].sig.row.id;
        if (!items[i].added || id <= t->last_id) continue;
        if (id != t->last_id + 1) /* another writer's rows lie between */
            return catch_up(t, NULL, NULL, e);
        bool words = t->words.last_id == t->last_id;
        tally_take(t, &items[i].sig, &items[i].ins);
        if (words && !words_take(t, &items[i].sig, &items[i].ins, e)) return false;
        seal_if_full(t);
    }
    return true;
}

bool tally_append(tally *t, const heard *items, size_t n, err *e) {
    pthread_mutex_lock(&t->pen);
    i64 had = t->last_id, change = t->change_id;
    bool ok = append(t, items, n, e);
    if (t->last_id != had || t->change_id != change) view_publish(t);
    pthread_mutex_unlock(&t->pen);
    return ok;
}

static bool keep_nothing(void *ctx, const char *name) {
    (void)ctx;
    return strcmp(name, "lock") == 0;
}

bool tally_rebuild_from(tally *t, tally_progress *progress, void *ctx, err *e) {
    tally_wipe(t);
    t->era++;
    t->next_file = 0;
    if (t->from.last_change) t->change_id = t->from.last_change(t->from.ctx);
    if (t->lock_fd >= 0) {
        char path[4096];
        tally_path(t, path, sizeof path, "manifest", 0);
        file_remove(path); /* first: what remains of the rest is then no mirror */
        dir_clean(t->dir, keep_nothing, NULL);
    }
    if (catch_up(t, progress, ctx, e) && seal(t, e)) {
        view_publish(t);
        return true;
    }
    tally_set_broken(t); /* half of it is no answer */
    return false;
}

bool tally_rebuild(tally *t, tally_progress *progress, void *ctx, err *e) {
    pthread_mutex_lock(&t->pen);
    bool ok = tally_rebuild_from(t, progress, ctx, e);
    pthread_mutex_unlock(&t->pen);
    return ok;
}

/* What fails its checksum is never read: its segment is made again, or where that is not enough
** everything, and the question asked again. */
bool tally_mend(tally *t, const err *why, err *e) {
    i64 mended = 0;
    pthread_mutex_lock(&t->pen);
    bool whole = t->broken || !segments_mend(t, &mended, e);
    bool ok = !whole || tally_rebuild_from(t, NULL, NULL, e);
    if (ok && whole)
        snprintf(t->notice, sizeof t->notice, "the tally was made again from its store: %.300s",
                 why->msg);
    else if (ok && mended)
        snprintf(t->notice, sizeof t->notice,
                 "%" PRId64 " segments of the tally were made again from the store: %.250s", mended,
                 why->msg);
    if (ok) view_publish(t);
    pthread_mutex_unlock(&t->pen);
    return ok;
}

/* ---- opening ---- */

static bool keep_dict(const tally *t, const char *name, u32 number) {
    char path[4096];
    if (number < 1 || number > t->columns_n || !t->columns[number - 1].dict.n) return false;
    dict_path(t, path, sizeof path, number - 1);
    return str_ends(str_of(path), str_of(name));
}

static bool keep_words(const tally *t, u32 number) {
    for (u32 i = 0; i < t->words.runs_n; i++)
        if (t->words.runs[i].file == number) return true;
    return false;
}

static bool keep_named(void *ctx, const char *name) {
    const tally *t = ctx;
    u32 number = (u32)strtoul(name, NULL, 10);
    if (str_ends(str_of(name), S(".new"))) return false;
    if (str_ends(str_of(name), S(".dict"))) return keep_dict(t, name, number);
    if (str_ends(str_of(name), S(".walk"))) return run_fits(t, name);
    if (str_ends(str_of(name), S(".words"))) return keep_words(t, number);
    if (!str_ends(str_of(name), S(".seg"))) return true;
    for (u32 i = 0; i < t->segments_n; i++)
        if (t->segments[i].file == number) return true;
    return false;
}

/* What a crash left behind: segments no manifest names. */
void manifest_sweep(tally *t) {
    if (t->lock_fd >= 0) dir_clean(t->dir, keep_named, t);
}

static void note_rebuild(tally *t, const err *why) {
    i64 n = t->from.count(t->from.ctx);
    if (why->code == NOT_FOUND && n == 0) return;
    snprintf(t->notice, sizeof t->notice,
             "the tally was made again from %" PRId64 " signals: %.300s", n,
             why->code == NOT_FOUND ? "it was not there" : why->msg);
}

/* A writer may replace files between our reading the manifest and the segments: look again. */
static bool load_patiently(tally *t, err *e) {
    bool ok = manifest_load(t, e);
    for (int k = 0; !ok && e->code != NOT_FOUND && t->lock_fd < 0 && k < 3; k++) {
        tally_wipe(t);
        ok = manifest_load(t, e);
    }
    if (ok && MAX(t->last_id, t->words.last_id) > t->from.last_id(t->from.ctx))
        ok = fail(e, CONFLICT, "it has signals the store does not have");
    return ok;
}

bool tally_open_from(const tally_source *from, const char *dir, u32 segment_rows, tally **out,
                     tally_progress *progress, void *ctx, err *e) {
    check(from && segment_rows >= 1);
    tally *t = tally_new(from, segment_rows);
    err why = {.code = NOT_FOUND};
    if (dir) {
        size_t n = strlen(dir) + 1;
        check(n < 4000);
        t->dir = mem_new(n, 1);
        memcpy(t->dir, dir, n);
        if (dir_make(dir, &why)) t->lock_fd = dir_lock(dir);
    }
    bool ok = dir && load_patiently(t, &why);
    if (ok) {
        manifest_sweep(t);
        ok = catch_up(t, progress, ctx, e);
        view_publish(t);
    } else {
        note_rebuild(t, &why);
        ok = tally_rebuild_from(t, progress, ctx, e);
    }
    if (!ok) {
        tally_close(t);
        return false;
    }
    *out = t;
    return true;
}

/* ---- telling ---- */

str tally_notice(const tally *t) {
    return str_of(t->notice);
}

i64 tally_rows_total(const tally *t) {
    i64 n = 0;
    tally *live = t->live ? NULL : view_take(t);
    const tally *v = live ? live : t;
    for (u32 i = 0; i < v->segments_n; i++) n += v->segments[i].head->rows[OF_SIGNAL];
    if (live) view_give(live);
    return n;
}

static void count_parts(const segment *g, u32 k, tally_column *c) {
    for (u32 i = 0; g->head && i < g->head->parts_n; i++) {
        const part *p = &g->parts[i];
        bool rows_of = (p->part == PART_ROW && k == COL_TAG) ||
                       (p->part == PART_COUNT && k == COL_ASPECT) ||
                       (p->part == PART_ID && k == COL_OCCURRED); /* what their order costs */
        if (rows_of && g->file) c->bytes += (i64)p->bytes;        /* whose mention, whose tag */
        if (p->column != k || p->part >= PART_ROW) continue;
        if (p->part != PART_MS) c->present += p->present;
        if (g->file) c->bytes += (i64)p->bytes;
    }
}

typedef struct {
    tally_column *all;
    size_t n;
} columns_told;

static bool columns_view(tally *t, arena *a, void *ctx, err *e) {
    (void)e;
    columns_told *told = ctx;
    tally_column *cols = NEW_N(a, tally_column, t->columns_n);
    for (u32 k = 0; k < t->columns_n; k++) {
        const column *c = &t->columns[k];
        cols[k] = (tally_column){.name = arena_str(a, column_name(c)),
                                 .kind = c->kind,
                                 .of_mention = c->table == OF_MENTION};
        cols[k].distinct = c->kind == COLUMN_TEXT || c->kind == COLUMN_SET ? (i64)c->dict.n : -1;
        for (u32 i = 0; i < t->segments_n; i++) count_parts(&t->segments[i], k, &cols[k]);
    }
    *told = (columns_told){cols, t->columns_n};
    return true;
}

bool tally_columns(tally *t, arena *a, tally_column **out, size_t *n_out, err *e) {
    columns_told told;
    if (!view_ask(t, a, columns_view, &told, e)) return false;
    *out = told.all;
    *n_out = told.n;
    return true;
}
