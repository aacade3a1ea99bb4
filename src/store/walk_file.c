/* walk_file.c - runs on disk, beside the segments: COLUMN-FIRST-LAST.walk, named by the files of their
** first and last segment.  A file that fits no segments is removed; one that is damaged is made again. */
#include "store/walk_int.h"

/* The mirror's folder; a view has none of its own. */
static const tally *home(const tally *t) {
    return t->live ? t->live : t;
}

static bool run_path(const char *dir, u32 of, u32 first, u32 last, char *out, size_t cap) {
    return (size_t)snprintf(out, cap, "%s/%u-%06u-%06u.walk", dir, of, first, last) < cap;
}

static bool path_of(const tally *t, const run *r, char *out, size_t cap) {
    const run_head *h = r->head;
    return run_path(home(t)->dir, h->column, t->segments[r->first].file,
                    t->segments[r->first + h->segments_n - 1].file, out, cap);
}

/* A run that cannot be written stays in memory: answers are the same, the next process sorts again. */
bool run_seal(const tally *t, run *r) {
    char path[4200];
    const u8 *image;
    size_t n;
    err e;
    run fresh;
    if (!home(t)->dir || home(t)->lock_fd < 0 || !path_of(t, r, path, sizeof path)) return false;
    if (!file_save(path, r->base, r->head->bytes, &e)) return false;
    r->kept = true;
    if (!file_map(path, &image, &n, &e)) return true;
    if (!run_adopt(&fresh, image, n, t->from.id, &e)) {
        file_unmap(image, n);
        return true;
    }
    union {
        const u8 *from;
        void *to;
    } was = {r->base};
    fresh.first = r->first;
    fresh.mapped = fresh.kept = fresh.checked = true;
    free(was.to);
    *r = fresh;
    return true;
}

typedef struct {
    const tally *t;
    u32 of;
    walk_column *into;
} looking;

/* The file's name as it is in the tally's folder. */
static bool name_read(const char *name, u32 *of, u32 *first, u32 *last) {
    int end = 0;
    return str_ends(str_of(name), S(".walk")) &&
           sscanf(name, "%u-%u-%u.walk%n", of, first, last, &end) == 3 && !name[end];
}

static void load(looking *k, const char *path) {
    const u8 *image;
    size_t n;
    err e;
    run r;
    if (!file_map(path, &image, &n, &e)) return;
    if (!run_adopt(&r, image, n, k->t->from.id, &e) || r.head->column != k->of) {
        file_unmap(image, n);
        return;
    }
    walk_column *c = k->into;
    run *kept = mem_new(1, sizeof *kept);
    *kept = r;
    kept->mapped = kept->kept = true;
    c->runs = mem_grow(c->runs, c->n + (size_t)1, sizeof(run *));
    c->runs[c->n++] = kept;
}

static bool look(void *ctx, const char *name) {
    looking *k = ctx;
    char path[4200];
    u32 of, first, last;
    if (name_read(name, &of, &first, &last) && of == k->of &&
        run_path(home(k->t)->dir, of, first, last, path, sizeof path))
        load(k, path);
    return true;
}

void runs_find(const tally *t, u32 case_column, walk_column *into) {
    looking k = {t, case_column, into};
    if (home(t)->dir) dir_clean(home(t)->dir, look, &k);
}

typedef struct {
    const tally *t;
    const walk_column *c;
} sweeping;

static bool named(void *ctx, const char *name) {
    const sweeping *k = ctx;
    u32 of, first, last;
    if (!name_read(name, &of, &first, &last) || of != k->c->column) return true;
    for (u32 i = 0; i < k->c->n; i++) {
        const run *r = k->c->runs[i];
        if (r->kept && k->t->segments[r->first].file == first &&
            k->t->segments[r->first + r->head->segments_n - 1].file == last)
            return true;
    }
    return false;
}

/* Files of runs that are no more. */
void runs_sweep(const tally *t, const walk_column *c) {
    sweeping k = {t, c};
    if (home(t)->dir && home(t)->lock_fd >= 0) dir_clean(home(t)->dir, named, &k);
}

static bool has_segment(const tally *t, u64 sum) {
    for (u32 i = 0; i < t->segments_n; i++)
        if (t->segments[i].head->sum == sum) return true;
    return false;
}

/* Whether a file speaks only of segments that are still there: what was erased goes with its runs. */
bool run_fits(const tally *t, const char *name) {
    u32 of, first, last;
    char path[4200];
    const u8 *image;
    size_t n;
    err e;
    run r;
    if (!name_read(name, &of, &first, &last) ||
        !run_path(t->dir, of, first, last, path, sizeof path) || !file_map(path, &image, &n, &e))
        return false;
    bool fits = run_adopt(&r, image, n, t->from.id, &e);
    for (u32 i = 0; fits && i < r.head->segments_n; i++) fits = has_segment(t, r.keys[i]);
    file_unmap(image, n);
    return fits;
}
