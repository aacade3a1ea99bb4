/* person.c - erasing a person, step by step; each can be taken again. */
#include "flow/person.h"
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WHOLE_CELL = 6 }; /* bytes: a shorter name counts only as a whole cell */

/* ---- reject files ---- */

typedef struct {
    const str *names;
    size_t n;
    i64 lines;
} scrub;

/* One cell off the front of a CSV record, without its quotes. */
static str cell(str *rest) {
    str all = *rest;
    bool quoted = false;
    size_t i = 0;
    for (; i < all.n && (quoted || (all.p[i] != ',' && all.p[i] != '\t')); i++)
        quoted ^= all.p[i] == '"';
    *rest = str_from(all, i + 1);
    str c = str_trim(str_head(all, i));
    if (c.n >= 2 && c.p[0] == '"' && c.p[c.n - 1] == '"') c = str_head(str_from(c, 1), c.n - 2);
    return c;
}

static bool names_somebody(const scrub *k, str record) {
    for (size_t i = 0; i < k->n; i++)
        if (k->names[i].n >= WHOLE_CELL && str_find(record, k->names[i]) >= 0) return true;
    while (record.n) {
        str c = cell(&record);
        for (size_t i = 0; i < k->n; i++)
            if (str_eq(c, k->names[i])) return true;
    }
    return false;
}

/* A record ends with a newline outside of quotes. */
static bool read_record(FILE *in, buf *b) {
    bool quoted = false;
    b->n = 0;
    for (int c; (c = getc(in)) != EOF;) {
        buf_char(b, (char)c);
        quoted ^= c == '"';
        if (c == '\n' && !quoted) break;
        if (b->n > LIMIT_ROW_BYTES) quoted = false; /* not CSV: line by line then */
    }
    return b->n > 0;
}

static bool copy_others(scrub *k, FILE *in, FILE *out) {
    buf b = {0};
    while (read_record(in, &b)) {
        if (names_somebody(k, str_trim(buf_view(&b))))
            k->lines++;
        else
            fwrite(b.p, 1, b.n, out);
    }
    buf_clear(&b);
    return !ferror(in) && !ferror(out) && fflush(out) == 0 && fsync(fileno(out)) == 0;
}

static bool scrub_file(arena *a, scrub *k, str path, err *e) {
    str fresh = arena_fmt(a, "%.*s.new", STR_ARG(path));
    str file = arena_str(a, path);
    i64 had = k->lines;
    FILE *in = fopen(file.p, "rb"), *out = in ? fopen(fresh.p, "wb") : NULL;
    bool ok = out && fchmod(fileno(out), 0600) == 0 && copy_others(k, in, out);
    int why = errno;
    if (in) fclose(in);
    if (out && fclose(out) != 0) ok = false;
    if (ok && k->lines == had)
        unlink(fresh.p);
    else if (ok)
        ok = rename(fresh.p, file.p) == 0;
    if (ok) return true;
    if (out) unlink(fresh.p);
    return fail(e, IO, "cannot write %s anew: %s", file.p, strerror(why));
}

static bool scrub_spool(arena *a, scrub *k, str store_file, err *e) {
    str dir = arena_fmt(a, "%.*s.spool", STR_ARG(store_file));
    DIR *d = opendir(dir.p);
    bool ok = true;
    if (!d) return true;
    for (struct dirent *f; ok && (f = readdir(d));)
        if (str_ends(str_of(f->d_name), S(".rejected.csv")))
            ok = scrub_file(a, k, arena_fmt(a, "%.*s/%s", STR_ARG(dir), f->d_name), e);
    closedir(d);
    return ok;
}

/* ---- the steps ---- */

static bool wipe(store *s, tally *t, erasure *r, err *later, err *e) {
    if (!tally_follow(t, e)) return false;
    if (!tally_files_follow(t, later)) return true;
    if (store_wipe(s, r, later)) return true;
    if (later->code == BUSY || later->code == IO) return true;
    *e = *later;
    return false;
}

bool person_erase(store *s, tally *t, arena *a, str who, const str *rejects, size_t rejects_n,
                  erased *out, err *later, err *e) {
    scrub k = {0};
    str *names;
    check(s && t && out && later);
    *later = (err){0};
    if (!store_identities(s, a, who, &names, &k.n, e)) return false;
    k.names = names;
    for (size_t i = 0; i < rejects_n; i++)
        if (!scrub_file(a, &k, rejects[i], e)) return false;
    if (!scrub_spool(a, &k, store_path(s), e)) return false;
    if (!store_erase(s, who, &out->receipt, out->uid, e)) return false;
    out->reject_lines = k.lines;
    return wipe(s, t, &out->receipt, later, e);
}

bool person_finish(store *s, tally *t, arena *a, i64 *done_out, i64 *left_out, err *e) {
    void *recs;
    size_t n;
    err later = {0};
    store_query q = {.field = "state", .text = S("wiping")};
    *done_out = *left_out = 0;
    if (!store_list(s, a, &noun_erasure, &q, &recs, &n, e)) return false;
    if (!n) return true;
    erasure *first = recs;
    if (!wipe(s, t, first, &later, e)) return false; /* once for all */
    *(str_eq(first->state, S("done")) ? done_out : left_out) = (i64)n;
    return true;
}
