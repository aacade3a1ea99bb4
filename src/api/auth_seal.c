/* auth_seal.c - secrets that must be read again lie sealed in the store: XChaCha20-Poly1305 (RFC 8439, with the
** nonce of 192 bits), by a key in a file of its own beside it, PATH.key, that only its owner may read. */
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>
#include "api/auth_int.h"

enum {
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    PLAIN_MAX = 256,
};
static const str mark = {"sealed:", 7}; /* what does not begin so is from before there were seals */

static str key_path(const auth *u, arena *a) {
    return arena_fmt(a, "%.*s.key", STR_ARG(store_path(u->read.s)));
}

static bool write_key(str path, const u8 *key, err *e) {
    int fd = open(path.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return fail(e, IO, "cannot make %s: %s", path.p, strerror(errno));
    bool ok = write(fd, key, SEAL_KEY_BYTES) == SEAL_KEY_BYTES && fsync(fd) == 0;
    close(fd);
    if (ok) return true;
    unlink(path.p);
    return fail(e, IO, "cannot write %s: %s", path.p, strerror(errno));
}

static bool read_key(str path, u8 *key, bool *found, err *e) {
    u8 more;
    struct stat st;
    int fd = open(path.p, O_RDONLY | O_CLOEXEC);
    *found = fd >= 0;
    if (fd < 0)
        return errno == ENOENT || fail(e, IO, "cannot read %s: %s", path.p, strerror(errno));
    bool whole = read(fd, key, SEAL_KEY_BYTES) == SEAL_KEY_BYTES && read(fd, &more, 1) == 0;
    bool open_to_all = fstat(fd, &st) == 0 && (st.st_mode & 077);
    close(fd);
    if (!whole)
        return fail(e, CORRUPT, "%s is not the key of this store: put back the one of its backup",
                    path.p);
    if (open_to_all)
        return fail(e, DENIED, "%s may be read by others: chmod 600 %s", path.p, path.p);
    return true;
}

/* Read once, made when the first secret is sealed.  Under seal_lock. */
static bool have_key(auth *u, arena *a, bool make, err *e) {
    bool found;
    str path = key_path(u, a);
    if (u->has_key) return true;
    if (!read_key(path, u->key, &found, e)) return false;
    if (!found && !make)
        return fail(
            e, NOT_FOUND,
            "the key of the second factors, %s, is not there: put it back from the backup, or "
            "take the second factors off with heed user",
            path.p);
    if (!found) randombytes_buf(u->key, sizeof u->key);
    if (!found && !write_key(path, u->key, e)) return false;
    return u->has_key = true;
}

static bool get_key(auth *u, arena *a, bool make, err *e) {
    pthread_mutex_lock(&u->seal_lock);
    bool ok = have_key(u, a, make, e);
    pthread_mutex_unlock(&u->seal_lock);
    return ok;
}

bool auth_seal(auth *u, arena *a, str plain, i64 user_id, str *out, err *e) {
    u8 box[NONCE + PLAIN_MAX + TAG];
    unsigned long long n;
    char *text = arena_alloc(a, 2 * sizeof box);
    check(plain.n <= PLAIN_MAX);
    if (!get_key(u, a, true, e)) return false;
    randombytes_buf(box, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(box + NONCE, &n, (const u8 *)plain.p, plain.n,
                                               (const u8 *)&user_id, sizeof user_id, NULL, box,
                                               u->key);
    sodium_bin2base64(text, 2 * sizeof box, box, NONCE + n,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    *out = arena_fmt(a, "%.*s%s", STR_ARG(mark), text);
    return true;
}

bool auth_unseal(auth *u, arena *a, str kept, i64 user_id, str *out, err *e) {
    u8 box[NONCE + PLAIN_MAX + TAG];
    u8 *plain = arena_alloc(a, PLAIN_MAX);
    size_t n;
    unsigned long long plain_n;
    if (!str_starts(kept, mark)) return *out = kept, true;
    if (!get_key(u, a, false, e)) return false;
    kept = str_from(kept, mark.n);
    bool ok = sodium_base642bin(box, sizeof box, kept.p, kept.n, NULL, &n, NULL,
                                sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
              n >= NONCE + TAG && n <= sizeof box &&
              crypto_aead_xchacha20poly1305_ietf_decrypt(plain, &plain_n, NULL, box + NONCE,
                                                         n - NONCE, (const u8 *)&user_id,
                                                         sizeof user_id, box, u->key) == 0;
    if (!ok)
        return fail(
            e, CORRUPT,
            "a second factor was sealed with another key than the one beside the store: put "
            "back the key of its backup");
    *out = (str){(const char *)plain, (size_t)plain_n};
    return true;
}
