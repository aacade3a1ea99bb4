/* files.c - large things beside the store, each a file named by its contents.  See store.h. */
#include "store/sqlite.h"
#include "store/tally_int.h"

enum { PATH_MOST = 4096 };

static bool path_of(const store *s, str name, char out[PATH_MOST], err *e) {
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool fine = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!fine) return fail(e, INVALID, "\"%.*s\" names no file of a store", STR_ARG(name));
    }
    if (name.n == 0 || name.n > 64) return fail(e, INVALID, "a file of a store needs a name");
    int n = snprintf(out, PATH_MOST, "%s.models/%.*s", s->path, STR_ARG(name));
    return n < PATH_MOST || fail(e, IO, "the path of the store is too long for its files");
}

bool store_keep(store *s, str bytes, char name_out[33], err *e) {
    char path[PATH_MOST], dir[PATH_MOST];
    if (s->read_only) return fail(e, DENIED, "this store is open for reading only");
    snprintf(name_out, 33, "%016" PRIx64, str_hash(bytes));
    if (!path_of(s, str_of(name_out), path, e)) return false;
    snprintf(dir, sizeof dir, "%s.models", s->path);
    return dir_make(dir, e) && file_save(path, bytes.p, bytes.n, e) && dir_sync(dir, e);
}

static void release(void *p) {
    free(p);
}

bool store_fetch(store *s, arena *a, str name, str *bytes_out, err *e) {
    char path[PATH_MOST];
    u8 *bytes;
    size_t n;
    if (!path_of(s, name, path, e) || !file_read(path, &bytes, &n, e)) return false;
    arena_defer(a, release, bytes);
    *bytes_out = (str){(const char *)bytes, n};
    return true;
}

bool store_forget(store *s, str name, err *e) {
    char path[PATH_MOST];
    if (!path_of(s, name, path, e)) return false;
    file_remove(path);
    return true;
}
