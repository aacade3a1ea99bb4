/* secret.c - tokens: made by chance, kept as hashes, recognised by their form. */
#include <sodium.h>
#include <zlib.h>
#include "api/secret.h"

static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
static const str key_prefix = {"heed_key_", 9};
enum { CRC_CHARS = 6, HASH_BYTES = 32 };

void base62_print(const u8 bytes[SECRET_BYTES], char out[SECRET_CHARS + 1]) {
    u8 left[SECRET_BYTES];
    memcpy(left, bytes, sizeof left);
    out[SECRET_CHARS] = 0;
    for (int at = SECRET_CHARS - 1; at >= 0; at--) { /* long division by 62, from the right */
        u32 rest = 0;
        for (size_t i = 0; i < sizeof left; i++) {
            rest = rest << 8 | left[i];
            left[i] = (u8)(rest / 62);
            rest %= 62;
        }
        out[at] = digits[rest];
    }
    sodium_memzero(left, sizeof left);
}

str secret_make(arena *a) {
    u8 bytes[SECRET_BYTES];
    char *text = arena_alloc(a, SECRET_CHARS + 1);
    check(sodium_init() >= 0);
    randombytes_buf(bytes, sizeof bytes);
    base62_print(bytes, text);
    sodium_memzero(bytes, sizeof bytes);
    return (str){text, SECRET_CHARS};
}

static str hex_of(arena *a, const u8 hash[HASH_BYTES]) {
    char *text = arena_alloc(a, 2 * HASH_BYTES + 1);
    sodium_bin2hex(text, 2 * HASH_BYTES + 1, hash, HASH_BYTES);
    return (str){text, (size_t)2 * HASH_BYTES};
}

str secret_hash(arena *a, str secret) {
    u8 hash[HASH_BYTES];
    crypto_generichash(hash, sizeof hash, (const u8 *)secret.p, secret.n, NULL, 0);
    return hex_of(a, hash);
}

str secret_derive(arena *a, str secret, str purpose) {
    u8 hash[HASH_BYTES];
    check(secret.n >= crypto_generichash_KEYBYTES_MIN &&
          secret.n <= crypto_generichash_KEYBYTES_MAX);
    crypto_generichash(hash, sizeof hash, (const u8 *)purpose.p, purpose.n, (const u8 *)secret.p,
                       secret.n);
    return hex_of(a, hash);
}

bool secret_same(str a, str b) {
    return a.n == b.n && a.n && sodium_memcmp(a.p, b.p, a.n) == 0;
}

static void crc_print(str text, char out[CRC_CHARS]) {
    u32 crc = (u32)crc32(0, (const Bytef *)text.p, (uInt)text.n);
    for (int at = CRC_CHARS - 1; at >= 0; at--, crc /= 62) out[at] = digits[crc % 62];
}

str key_make(arena *a) {
    str secret = secret_make(a);
    char crc[CRC_CHARS];
    crc_print(secret, crc);
    return arena_fmt(a, "%s%.*s%.*s", key_prefix.p, STR_ARG(secret), CRC_CHARS, crc);
}

bool key_whole(str text) {
    char crc[CRC_CHARS];
    if (text.n != key_prefix.n + SECRET_CHARS + CRC_CHARS || !str_starts(text, key_prefix))
        return false;
    str secret = str_head(str_from(text, key_prefix.n), SECRET_CHARS);
    for (size_t i = 0; i < secret.n; i++)
        if (!secret.p[i] || !strchr(digits, secret.p[i])) return false;
    crc_print(secret, crc);
    return memcmp(crc, secret.p + SECRET_CHARS, CRC_CHARS) == 0;
}
