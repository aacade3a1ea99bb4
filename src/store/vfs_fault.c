/* vfs_fault.c - a disk that fails on request; see vfs_fault.h.  Tests only: the one place in the
** store with state of its own. */
#include "store/vfs_fault.h"
#include <sqlite3.h>

enum { FILES_MAX = 16, SECTOR = 512, PATH_MAX_BYTES = 1024 };

/* One change since the last sync: bytes written at an offset, or (truncate) the size cut to. */
typedef struct {
    bool truncate;
    i64 at;
    size_t n;
    size_t from; /* of the bytes in log */
} change;

typedef struct {
    char path[PATH_MAX_BYTES];
    buf durable; /* the file as of its last sync */
    buf changes; /* change[] */
    buf log;
    bool dirty;
} watched;

typedef struct {
    sqlite3_file base;
    watched *watch; /* NULL: a temporary file, or not watching */
    sqlite3_file *real;
} fault_file;

static struct {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    u32 calls;
    i64 left;
    fault_kind kind;
    bool armed, sticky, hit, watching;
    watched files[FILES_MAX];
    size_t files_n;
} disk;

static sqlite3_file *real_of(sqlite3_file *f) {
    return ((fault_file *)(void *)f)->real;
}

static bool fails(fault_calls call) {
    if (!disk.armed || !(disk.calls & call)) return false;
    if (disk.left > 0) {
        disk.left--;
        return false;
    }
    if (disk.hit && !disk.sticky) return false;
    disk.hit = true;
    errno = EIO;
    return true;
}

/* ---- what a power cut would leave ---- */

static bool load(sqlite3_file *real, buf *out) {
    check(real->pMethods);
    sqlite3_int64 size = 0;
    if (real->pMethods->xFileSize(real, &size) != SQLITE_OK) return false;
    buf_clear(out);
    for (i64 i = 0; i < size; i++)
        buf_char(out, 0);
    return size == 0 || real->pMethods->xRead(real, out->p, (int)size, 0) == SQLITE_OK;
}

static void forget(watched *w) {
    w->changes.n = w->log.n = 0;
    w->dirty = false;
}

static watched *watch_file(const char *path, sqlite3_file *real) {
    watched *w = NULL;
    for (size_t i = 0; i < disk.files_n && !w; i++)
        if (strcmp(disk.files[i].path, path) == 0) w = &disk.files[i];
    if (w) return w; /* opened again: what is not synced still is not */
    check(disk.files_n < FILES_MAX && strlen(path) < PATH_MAX_BYTES);
    w = &disk.files[disk.files_n++];
    snprintf(w->path, sizeof w->path, "%s", path);
    check(load(real, &w->durable));
    forget(w);
    return w;
}

static void note(fault_file *f, bool truncate, i64 at, const void *p, size_t n) {
    watched *w = f->watch;
    if (!w || !disk.watching) return;
    change c = {truncate, at, n, w->log.n};
    buf_bytes(&w->changes, &c, sizeof c);
    buf_bytes(&w->log, p, n);
    w->dirty = true;
}

static void apply(buf *image, const watched *w, const change *c, size_t n) {
    size_t end = (size_t)c->at + n;
    while (!c->truncate && image->n < end)
        buf_char(image, 0);
    if (c->truncate)
        image->n = MIN(image->n, (size_t)c->at);
    else if (n)
        memcpy(image->p + c->at, w->log.p + c->from, n);
}

static void synced(fault_file *f) {
    watched *w = f->watch;
    if (!w || !disk.watching) return;
    const change *c = (const change *)(const void *)w->changes.p;
    for (size_t i = 0; i < w->changes.n / sizeof *c; i++)
        apply(&w->durable, w, &c[i], c[i].n);
    forget(w);
}

static u64 chance(u64 *seed) {
    u64 z = *seed += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static bool rewrite(watched *w, u64 *seed) {
    const change *c = (const change *)(const void *)w->changes.p;
    size_t n = w->changes.n / sizeof *c;
    for (size_t i = 0; i < n; i++) {
        u64 dice = chance(seed) % 4;
        if (dice == 0) continue; /* never reached the disk */
        size_t part = dice == 1 ? c[i].n / SECTOR / 2 * SECTOR : c[i].n;
        apply(&w->durable, w, &c[i], part);
    }
    forget(w);
    FILE *out = fopen(w->path, "r+b"); /* a file that was deleted stays deleted */
    if (!out) return errno == ENOENT;
    bool ok = fclose(out) == 0 && (out = fopen(w->path, "wb")) != NULL;
    if (!ok) return false;
    ok = fwrite(w->durable.p ? w->durable.p : "", 1, w->durable.n, out) == w->durable.n;
    return fclose(out) == 0 && ok;
}

bool vfs_fault_cut(u64 seed) {
    bool ok = true;
    for (size_t i = 0; i < disk.files_n; i++) {
        watched *w = &disk.files[i];
        if (w->dirty) ok = rewrite(w, &seed) && ok;
        buf_clear(&w->durable);
        buf_clear(&w->changes);
        buf_clear(&w->log);
    }
    disk.files_n = 0;
    disk.watching = false;
    return ok;
}

void vfs_fault_watch(void) {
    check(disk.files_n == 0);
    disk.watching = true;
}

/* ---- the file ---- */

static int file_close(sqlite3_file *f) {
    sqlite3_file *real = real_of(f);
    return real->pMethods ? real->pMethods->xClose(real) : SQLITE_OK;
}

static int file_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at) {
    if (fails(FAULT_READ)) return SQLITE_IOERR_READ;
    return real_of(f)->pMethods->xRead(real_of(f), p, n, at);
}

static int file_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at) {
    bool bad = fails(FAULT_WRITE);
    int rc = SQLITE_OK;
    if (bad && disk.kind == FAULT_TORN) n /= 2;
    if (!bad || disk.kind == FAULT_TORN) {
        rc = real_of(f)->pMethods->xWrite(real_of(f), p, n, at);
        if (rc == SQLITE_OK) note((fault_file *)(void *)f, false, at, p, (size_t)n);
    }
    if (bad) return disk.kind == FAULT_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    return rc;
}

static int file_truncate(sqlite3_file *f, sqlite3_int64 size) {
    if (fails(FAULT_TRUNCATE)) return SQLITE_IOERR_TRUNCATE;
    int rc = real_of(f)->pMethods->xTruncate(real_of(f), size);
    if (rc == SQLITE_OK) note((fault_file *)(void *)f, true, size, NULL, 0);
    return rc;
}

static int file_sync(sqlite3_file *f, int flags) {
    if (fails(FAULT_SYNC)) return SQLITE_IOERR_FSYNC;
    synced((
        fault_file *)(void *)f); /* a real sync tells the disk nothing new in a test, and is slow */
    (void)flags;
    return SQLITE_OK;
}

static int file_size(sqlite3_file *f, sqlite3_int64 *out) {
    return real_of(f)->pMethods->xFileSize(real_of(f), out);
}

static int file_lock(sqlite3_file *f, int level) {
    return real_of(f)->pMethods->xLock(real_of(f), level);
}

static int file_unlock(sqlite3_file *f, int level) {
    return real_of(f)->pMethods->xUnlock(real_of(f), level);
}

static int file_reserved(sqlite3_file *f, int *out) {
    return real_of(f)->pMethods->xCheckReservedLock(real_of(f), out);
}

static int file_control(sqlite3_file *f, int op, void *arg) {
    if (op == SQLITE_FCNTL_SIZE_HINT || op == SQLITE_FCNTL_CHUNK_SIZE)
        return SQLITE_OK; /* unseen growth */
    return real_of(f)->pMethods->xFileControl(real_of(f), op, arg);
}

static int file_sector(sqlite3_file *f) {
    return real_of(f)->pMethods->xSectorSize(real_of(f));
}

/* The plainest disk: it promises nothing about what a power cut leaves. */
static int file_traits(sqlite3_file *f) {
    (void)f;
    return 0;
}

static int shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out) {
    return real_of(f)->pMethods->xShmMap(real_of(f), page, size, extend, out);
}

static int shm_lock(sqlite3_file *f, int at, int n, int flags) {
    return real_of(f)->pMethods->xShmLock(real_of(f), at, n, flags);
}

static void shm_barrier(sqlite3_file *f) {
    real_of(f)->pMethods->xShmBarrier(real_of(f));
}

static int shm_unmap(sqlite3_file *f, int remove) {
    return real_of(f)->pMethods->xShmUnmap(real_of(f), remove);
}

static const sqlite3_io_methods file_methods = {
    .iVersion = 2, /* no memory map: every byte passes here */
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
};

/* ---- the disk ---- */

static int disk_open(sqlite3_vfs *v, const char *name, sqlite3_file *file, int flags,
                     int *flags_out) {
    (void)v;
    fault_file *f = (fault_file *)(void *)file;
    f->base.pMethods = NULL;
    f->watch = NULL;
    f->real = (sqlite3_file *)(void *)(f + 1);
    if (fails(FAULT_OPEN)) return SQLITE_CANTOPEN;
    int rc = disk.real->xOpen(disk.real, name, f->real, flags, flags_out);
    if (f->real->pMethods) f->base.pMethods = &file_methods;
    if (rc == SQLITE_OK && name && disk.watching) f->watch = watch_file(name, f->real);
    return rc;
}

static int disk_delete(sqlite3_vfs *v, const char *name, int sync_folder) {
    (void)v;
    for (size_t i = 0; i < disk.files_n; i++)
        if (strcmp(disk.files[i].path, name) == 0) {
            buf_clear(&disk.files[i].durable);
            forget(&disk.files[i]);
        }
    return disk.real->xDelete(disk.real, name, sync_folder);
}

static int disk_access(sqlite3_vfs *v, const char *name, int flags, int *out) {
    (void)v;
    return disk.real->xAccess(disk.real, name, flags, out);
}

static int disk_full_path(sqlite3_vfs *v, const char *name, int n, char *out) {
    (void)v;
    return disk.real->xFullPathname(disk.real, name, n, out);
}

static int disk_random(sqlite3_vfs *v, int n, char *out) {
    (void)v;
    return disk.real->xRandomness(disk.real, n, out);
}

static int disk_sleep(sqlite3_vfs *v, int us) {
    (void)v;
    return disk.real->xSleep(disk.real, us);
}

static int disk_time(sqlite3_vfs *v, double *out) {
    (void)v;
    return disk.real->xCurrentTime(disk.real, out);
}

static int disk_error(sqlite3_vfs *v, int n, char *out) {
    (void)v;
    return disk.real->xGetLastError(disk.real, n, out);
}

const char *vfs_fault_name(void) {
    if (disk.real) return disk.vfs.zName;
    disk.real = sqlite3_vfs_find(NULL);
    check(disk.real);
    disk.vfs = (sqlite3_vfs){
        .iVersion = 1,
        .szOsFile = (int)sizeof(fault_file) + disk.real->szOsFile,
        .mxPathname = disk.real->mxPathname,
        .zName = "fault",
        .xOpen = disk_open,
        .xDelete = disk_delete,
        .xAccess = disk_access,
        .xFullPathname = disk_full_path,
        .xRandomness = disk_random,
        .xSleep = disk_sleep,
        .xCurrentTime = disk_time,
        .xGetLastError = disk_error,
    };
    check(sqlite3_vfs_register(&disk.vfs, 0) == SQLITE_OK);
    return disk.vfs.zName;
}

void vfs_fault_after(u32 calls, i64 n, fault_kind kind, bool sticky) {
    check(calls && n >= 0);
    disk.calls = calls;
    disk.left = n;
    disk.kind = kind;
    disk.sticky = sticky;
    disk.armed = true;
    disk.hit = false;
}

bool vfs_fault_hit(void) {
    return disk.hit;
}

void vfs_fault_off(void) {
    disk.armed = false;
}
