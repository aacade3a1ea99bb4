/* secret.h - tokens: made by chance, kept as hashes, recognised by their form. */
#ifndef API_SECRET_H
#define API_SECRET_H
#include "base/base.h"

enum { SECRET_BYTES = 32, SECRET_CHARS = 43 };

/* 256 bits as 43 digits of base 62 (0-9A-Za-z), most significant first, zeros kept. */
void base62_print(const u8 bytes[SECRET_BYTES], char out[SECRET_CHARS + 1]);
str secret_make(arena *a);             /* by libsodium: never by a world with a seed */
str secret_hash(arena *a, str secret); /* BLAKE2b-256 in hexadecimal: what the store keeps */
/* Another secret that follows from this one, and does not tell it. */
str secret_derive(arena *a, str secret, str purpose);
bool secret_same(str a, str b); /* the time taken tells only the lengths */

/* heed_key_<43 digits><CRC-32 of those, 6 digits of base 62>: found by scanners of leaked keys, and a
** slip of the hand is told from a wrong key without asking the store. */
str key_make(arena *a);
bool key_whole(str text);
#endif
