/* row_name.c - a table of the 128-bit hashes seen, each with how often. */
#include "hear/row_name.h"
#include "base/limits.h"
#define XXH_INLINE_ALL
#include <xxhash.h>

/* The table keeps 64 of the 128 bits and a count: two different rows that agree in them still get
** different names, for the name has all 128; only their counts run on together. */
struct row_names {
    u64 *hash;
    u32 *count;
    size_t cap, n;
    buf scratch;
};

row_names *row_names_open(void) {
    return mem_new(1, sizeof(row_names));
}

void row_names_close(row_names *t) {
    if (!t) return;
    free(t->hash);
    free(t->count);
    buf_clear(&t->scratch);
    free(t);
}

static size_t place(const row_names *t, u64 h) {
    size_t i = h & (t->cap - 1);
    while (t->count[i] && t->hash[i] != h) i = (i + 1) & (t->cap - 1);
    return i;
}

static void grow(row_names *t) {
    row_names old = *t;
    t->cap = old.cap ? old.cap * 2 : 1024;
    t->hash = mem_new(t->cap, sizeof *t->hash);
    t->count = mem_new(t->cap, sizeof *t->count);
    for (size_t i = 0; i < old.cap; i++) {
        if (!old.count[i]) continue;
        size_t at = place(t, old.hash[i]);
        t->hash[at] = old.hash[i];
        t->count[at] = old.count[i];
    }
    free(old.hash);
    free(old.count);
}

bool row_names_next(row_names *t, const str *cells, size_t n, row_name *out, err *e) {
    while (n > 0 && !cells[n - 1].p) n--; /* columns that came later change nothing */
    t->scratch.n = 0;
    for (size_t i = 0; i < n; i++) {
        u32 size = cells[i].p ? (u32)cells[i].n : UINT32_MAX;
        buf_bytes(&t->scratch, &size, sizeof size);
        buf_str(&t->scratch, cells[i]);
    }
    str all = buf_view(&t->scratch);
    XXH128_hash_t h = XXH3_128bits(all.p, all.n);
    if (t->n >= (size_t)LIMIT_HASHED_ROWS)
        return fail(e, LIMIT,
                    "the file has more than %lld rows without an id; name an id column with --map "
                    "external_id=COLUMN, or split the file",
                    (long long)LIMIT_HASHED_ROWS);
    if (t->n * 4 >= t->cap * 3) grow(t);
    size_t at = place(t, h.low64);
    t->n += t->count[at] == 0;
    t->hash[at] = h.low64;
    t->count[at]++;
    *out = (row_name){h.high64, h.low64, t->count[at]};
    return true;
}

str row_name_text(arena *a, row_name r) {
    check(r.k > 0);
    return arena_fmt(a, "h:%016" PRIx64 "%016" PRIx64 "#%" PRIu32, r.high, r.low, r.k);
}
