/* tally_file.c - the few things the tally asks of the file system. */
#include "store/tally_int.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- tests: a process that is killed at its nth write ---- */

static _Thread_local i64 fail_in = -1, writes;

i64 file_fail_after(i64 n) {
    i64 were = writes;
    fail_in = n;
    writes = 0;
    return were;
}

static bool dead(void) {
    return fail_in == 0;
}

/* One more write; how much of it still gets done. */
static size_t survives(size_t n) {
    writes++;
    if (fail_in > 0 && --fail_in == 0) return n / 2;
    return n;
}

static bool said(err *e, const char *what, const char *path) {
    int code = dead() ? ENOSPC : errno;
    return fail(e, code == ENOENT ? NOT_FOUND : IO, "cannot %s %s: %s", what, path, strerror(code));
}

static bool put_all(int fd, const void *p, size_t all) {
    size_t n = survives(all);
    if (n < all || dead()) errno = ENOSPC;
    if (dead() && n == all) return false;
    bool cut = n < all;
    for (const char *at = p; n > 0;) {
        ssize_t w = write(fd, at, n);
        if (w < 0 && errno == EINTR) continue;
        if (w <= 0) return false;
        at += w;
        n -= (size_t)w;
    }
    if (cut) errno = ENOSPC;
    return !cut;
}

/* What root makes in the folder of another belongs to that one, who must be able to write it too. */
static void belong(int fd, const char *path) {
    char dir[4096];
    struct stat st;
    const char *end = strrchr(path, '/');
    if (geteuid() != 0 || !end || (size_t)(end - path) >= sizeof dir) return;
    memcpy(dir, path, (size_t)(end - path));
    dir[end - path] = '\0';
    if (stat(end == path ? "/" : dir, &st) != 0 || st.st_uid == 0) return;
    if (fchown(fd, st.st_uid, st.st_gid) != 0) return; /* no worse than before */
}

bool dir_sync(const char *path, err *e) {
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (!ok) said(e, "keep", path);
    if (fd >= 0) close(fd);
    return ok;
}

/* Written beside and renamed: a reader sees the old file or the new one, whole. */
bool file_save(const char *path, const void *p, size_t n, err *e) {
    char fresh[4096];
    if ((size_t)snprintf(fresh, sizeof fresh, "%s.new", path) >= sizeof fresh)
        return fail(e, IO, "the path of the store is too long for its mirror");
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) return said(e, "write", fresh);
    belong(fd, path);
    bool ok = put_all(fd, p, n) && fsync(fd) == 0;
    if (!ok) said(e, "write", fresh);
    close(fd);
    if (ok && (survives(2) < 2 || dead() || rename(fresh, path) != 0))
        ok = said(e, "rename", fresh);
    if (!ok && !dead()) unlink(fresh);
    return ok;
}

bool file_append(const char *path, u64 at, const void *p, size_t n, err *e) {
    check(p || !n);
    int fd = dead() ? -1 : open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) return said(e, "write", path);
    belong(fd, path);
    bool ok = ftruncate(fd, (off_t)at) == 0 && lseek(fd, (off_t)at, SEEK_SET) == (off_t)at &&
              put_all(fd, p, n) && fsync(fd) == 0;
    if (!ok) said(e, "write", path);
    close(fd);
    return ok;
}

static int open_sized(const char *path, size_t *n_out, err *e) {
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        said(e, "read", path);
        if (fd >= 0) close(fd);
        return -1;
    }
    *n_out = (size_t)st.st_size;
    return fd;
}

bool file_read(const char *path, u8 **out, size_t *n_out, err *e) {
    size_t n = 0, have = 0;
    int fd = open_sized(path, &n, e);
    if (fd < 0) return false;
    u8 *p = mem_new(n + 1, 1);
    while (have < n) {
        ssize_t r = read(fd, p + have, n - have);
        if (r < 0 && errno == EINTR) continue;
        if (r <= 0) break;
        have += (size_t)r;
    }
    close(fd);
    *out = p;
    *n_out = have;
    return true;
}

bool file_map(const char *path, const u8 **out, size_t *n_out, err *e) {
    size_t n = 0;
    int fd = open_sized(path, &n, e);
    if (fd < 0) return false;
    void *p = n ? mmap(NULL, n, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
    close(fd);
    if (p == MAP_FAILED) return n ? said(e, "map", path) : fail(e, CORRUPT, "%s is empty", path);
    *out = p;
    *n_out = n;
    return true;
}

void file_unmap(const u8 *p, size_t n) {
    union {
        const u8 *from;
        void *to;
    } u = {p}; /* munmap wants no const */
    munmap(u.to, n);
}

void file_remove(const char *path) {
    if (survives(2) == 2 && !dead()) unlink(path);
}

bool dir_make(const char *path, err *e) {
    if (mkdir(path, 0700) != 0) return errno == EEXIST || said(e, "make", path);
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return true;
    belong(fd, path);
    close(fd);
    return true;
}

void dir_clean(const char *path, bool (*keep)(void *ctx, const char *name), void *ctx) {
    DIR *d = opendir(path);
    if (!d) return;
    for (struct dirent *f; (f = readdir(d));)
        if (f->d_name[0] != '.' && !keep(ctx, f->d_name) && !dead())
            unlinkat(dirfd(d), f->d_name, 0);
    closedir(d);
}

int dir_lock(const char *dir) {
    char path[4096];
    if ((size_t)snprintf(path, sizeof path, "%s/lock", dir) >= sizeof path) return -1;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0) belong(fd, path);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

void dir_unlock(int fd) {
    if (fd >= 0) close(fd);
}
