/* totp.c - one-time codes by the clock.  SHA-1 is libmd's; what stands around it is short. */
#include <sha1.h>
#include <sodium.h>
#include "api/totp.h"
#include "base/time.h"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
enum { BLOCK = SHA1_BLOCK_LENGTH, DIGEST = SHA1_DIGEST_LENGTH, TOTP_MODULUS = 1000000 };

static void sha1_two(const u8 head[BLOCK], str text, u8 out[DIGEST]) {
    SHA1_CTX c;
    SHA1Init(&c);
    SHA1Update(&c, head, BLOCK);
    SHA1Update(&c, (const u8 *)(text.p ? text.p : ""), text.n);
    SHA1Final(out, &c);
}

void hmac_sha1(str key, str text, u8 out[20]) {
    u8 inner[BLOCK] = {0}, outer[BLOCK], first[DIGEST];
    if (key.n > BLOCK) {
        SHA1_CTX c;
        SHA1Init(&c);
        SHA1Update(&c, (const u8 *)key.p, key.n);
        SHA1Final(inner, &c);
    } else {
        memcpy(inner, key.p, key.n);
    }
    for (size_t i = 0; i < BLOCK; i++) {
        outer[i] = inner[i] ^ 0x5c;
        inner[i] ^= 0x36;
    }
    sha1_two(inner, text, first);
    sha1_two(outer, (str){(const char *)first, sizeof first}, out);
    sodium_memzero(inner, sizeof inner);
    sodium_memzero(outer, sizeof outer);
}

/* RFC 4226, 5.3: four bytes at the place the last half byte names. */
u32 totp_at(str secret, i64 step, u32 modulus) {
    u8 counter[8], mac[DIGEST];
    check(step >= 0 && modulus > 0);
    for (int i = 7; i >= 0; i--, step >>= 8) counter[i] = (u8)(step & 0xff);
    hmac_sha1(secret, (str){(const char *)counter, sizeof counter}, mac);
    const u8 *p = mac + (mac[DIGEST - 1] & 0x0f);
    u32 v = (u32)(p[0] & 0x7f) << 24 | (u32)p[1] << 16 | (u32)p[2] << 8 | p[3];
    return v % modulus;
}

str base32_print(arena *a, str bytes) {
    buf b = {.a = a};
    u32 have = 0, bits = 0;
    for (size_t i = 0; i < bytes.n; i++) {
        have = have << 8 | (u8)bytes.p[i];
        for (bits += 8; bits >= 5; bits -= 5) buf_char(&b, letters[have >> (bits - 5) & 31]);
        have &= (1u << bits) - 1;
    }
    if (bits) buf_char(&b, letters[have << (5 - bits) & 31]);
    return buf_view(&b);
}

bool base32_read(arena *a, str text, str *bytes_out) {
    buf b = {.a = a};
    u32 have = 0, bits = 0;
    for (size_t i = 0; i < text.n; i++) {
        const char *at = text.p[i] ? strchr(letters, text.p[i]) : NULL;
        if (!at) return false;
        have = have << 5 | (u32)(at - letters);
        if ((bits += 5) < 8) continue;
        bits -= 8;
        buf_char(&b, (char)(have >> bits));
        have &= (1u << bits) - 1;
    }
    *bytes_out = buf_view(&b);
    return true;
}

str totp_secret_make(arena *a) {
    u8 bytes[TOTP_SECRET_BYTES];
    check(sodium_init() >= 0);
    randombytes_buf(bytes, sizeof bytes);
    return base32_print(a, (str){(const char *)bytes, sizeof bytes});
}

str totp_uri(arena *a, str user_name, str secret_base32) {
    buf b = {.a = a};
    buf_str(&b, S("otpauth://totp/Heed:"));
    for (size_t i = 0; i < user_name.n; i++) {
        u8 c = (u8)user_name.p[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (plain)
            buf_char(&b, (char)c);
        else
            buf_fmt(&b, "%%%02X", c);
    }
    buf_fmt(&b, "?secret=%.*s&issuer=Heed&algorithm=SHA1&digits=6&period=%d",
            STR_ARG(secret_base32), TOTP_STEP_S);
    return buf_view(&b);
}

bool totp_right(arena *a, str secret_base32, str code, i64 now_ms, i64 last_step, i64 *step_out) {
    str secret;
    i64 now = now_ms / (TOTP_STEP_S * SECOND_MS), found = NONE;
    if (code.n != 6 || !base32_read(a, secret_base32, &secret)) return false;
    for (i64 step = now - 1; step <= now + 1; step++) { /* all three, whatever the first says */
        char want[7];
        snprintf(want, sizeof want, "%06u", totp_at(secret, step, TOTP_MODULUS));
        if (sodium_memcmp(want, code.p, 6) == 0 && (last_step == NONE || step > last_step))
            found = step;
    }
    if (found == NONE) return false;
    *step_out = found;
    return true;
}
