/* seal.c - secrets that must be read again lie sealed in the store, by the key in PATH.key. */
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>
#include "store/sqlite.h"

enum {
    KEY_BYTES = crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    HASH_BYTES = 32,
};
static const str mark = {"sealed:", 7}; /* what does not begin so is from before there were seals */

/* Whole or not at all, and never in place of another: two that make it at once end up with one. */
static bool make_key(str path, err *e) {
    u8 key[KEY_BYTES];
    char draft[1200];
    if (snprintf(draft, sizeof draft, "%s.%ld-%p.new", path.p, (long)getpid(), (void *)key) >=
        (int)sizeof draft)
        return fail(e, LIMIT, "the store's path is too long for its key");
    randombytes_buf(key, sizeof key);
    int fd = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return fail(e, IO, "cannot make %s: %s", draft, strerror(errno));
    bool ok = write(fd, key, sizeof key) == (ssize_t)sizeof key && fsync(fd) == 0;
    close(fd);
    ok = ok && (link(draft, path.p) == 0 || errno == EEXIST);
    int why = errno;
    unlink(draft);
    sodium_memzero(key, sizeof key);
    return ok || fail(e, IO, "cannot write %s: %s", path.p, strerror(why));
}

static bool read_key(str path, u8 *key, bool *found, err *e) {
    u8 more;
    struct stat st;
    int fd = open(path.p, O_RDONLY | O_CLOEXEC);
    *found = fd >= 0;
    if (fd < 0)
        return errno == ENOENT || fail(e, IO, "cannot read %s: %s", path.p, strerror(errno));
    bool whole = read(fd, key, KEY_BYTES) == KEY_BYTES && read(fd, &more, 1) == 0;
    bool open_to_all = fstat(fd, &st) == 0 && (st.st_mode & 077);
    close(fd);
    if (!whole)
        return fail(e, CORRUPT, "%s is not the key of this store: put back the one of its backup",
                    path.p);
    if (open_to_all)
        return fail(e, DENIED, "%s may be read by others: chmod 600 %s", path.p, path.p);
    return true;
}

static bool have_key(store *s, arena *a, bool make, u8 *key, err *e) {
    bool found;
    str path = arena_fmt(a, "%s.key", s->path);
    if (!read_key(path, key, &found, e)) return false;
    if (found) return true;
    if (!make)
        return fail(e, NOT_FOUND,
                    "the key of what is sealed in this store, %s, is not there: put it back from "
                    "the backup; or take the second factors off with heed user, and tell the "
                    "endpoints their addresses again with heed endpoint",
                    path.p);
    if (!make_key(path, e) || !read_key(path, key, &found, e)) return false;
    return found || fail(e, IO, "%s is gone again as soon as it is made", path.p);
}

bool store_seal(store *s, arena *a, str plain, i64 bound_to, str *out, err *e) {
    u8 key[KEY_BYTES];
    size_t room = NONCE + plain.n + TAG;
    u8 *box = arena_alloc(a, room);
    char *text = arena_alloc(a, 2 * room);
    unsigned long long n;
    if (!have_key(s, a, true, key, e)) return false;
    randombytes_buf(box, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(box + NONCE, &n, (const u8 *)plain.p, plain.n,
                                               (const u8 *)&bound_to, sizeof bound_to, NULL, box,
                                               key);
    sodium_memzero(key, sizeof key);
    sodium_bin2base64(text, 2 * room, box, NONCE + n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    *out = arena_fmt(a, "%.*s%s", STR_ARG(mark), text);
    return true;
}

bool store_unseal(store *s, arena *a, str kept, i64 bound_to, str *out, err *e) {
    u8 key[KEY_BYTES], *box, *plain;
    size_t n;
    unsigned long long plain_n;
    if (!str_starts(kept, mark)) return *out = kept, true;
    if (!have_key(s, a, false, key, e)) return false;
    kept = str_from(kept, mark.n);
    box = arena_alloc(a, kept.n);
    plain = arena_alloc(a, kept.n);
    bool ok = sodium_base642bin(box, kept.n, kept.p, kept.n, NULL, &n, NULL,
                                sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
              n >= NONCE + TAG &&
              crypto_aead_xchacha20poly1305_ietf_decrypt(plain, &plain_n, NULL, box + NONCE,
                                                         n - NONCE, (const u8 *)&bound_to,
                                                         sizeof bound_to, box, key) == 0;
    sodium_memzero(key, sizeof key);
    if (!ok)
        return fail(e, CORRUPT,
                    "a secret was sealed with another key than the one beside the store: put back "
                    "the key of its backup");
    *out = (str){(const char *)plain, (size_t)plain_n};
    return true;
}

bool store_keyed_hash(store *s, arena *a, str text, str *out, err *e) {
    u8 key[KEY_BYTES], hash[HASH_BYTES];
    char *hex = arena_alloc(a, 2 * HASH_BYTES + 1);
    if (!have_key(s, a, true, key, e)) return false;
    crypto_generichash(hash, sizeof hash, (const u8 *)text.p, text.n, key, sizeof key);
    sodium_memzero(key, sizeof key);
    sodium_bin2hex(hex, 2 * HASH_BYTES + 1, hash, sizeof hash);
    *out = str_of(hex);
    return true;
}
