/* totp.h - one-time codes of six digits by the clock (RFC 6238): HMAC-SHA-1, steps of 30 seconds, which
** is what every authenticator on a telephone speaks. */
#ifndef API_TOTP_H
#define API_TOTP_H
#include "base/base.h"

enum { TOTP_STEP_S = 30, TOTP_SECRET_BYTES = 20 };

void hmac_sha1(str key, str text, u8 out[20]); /* RFC 2104 */
u32 totp_at(str secret, i64 step,
            u32 modulus);              /* secret in bytes; modulus 1,000,000 = six digits */
str base32_print(arena *a, str bytes); /* RFC 4648, no padding */
bool base32_read(arena *a, str text, str *bytes_out); /* capitals; false if it is none */
str totp_secret_make(arena *a);                       /* 160 bits, in base 32 */
/* otpauth://totp/...: what a telephone reads from a QR code. */
str totp_uri(arena *a, str user_name, str secret_base32);

/* Is code (six digits) right at this time, give or take one step, and later than last_step (NONE = any)?
** *step_out is then its step, to be kept as the next last_step: no code is taken twice. */
bool totp_right(arena *a, str secret_base32, str code, i64 now_ms, i64 last_step, i64 *step_out);
#endif
