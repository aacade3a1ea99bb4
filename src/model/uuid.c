/* uuid.c - UUIDv7, RFC 9562 section 5.7: 48 bits of milliseconds, then chance. */
#include "model/signal.h"

void uuid7(i64 now_ms, u64 a, u64 b, char out[37]) {
    u8 x[16];
    for (int i = 0; i < 6; i++) x[i] = (u8)((u64)now_ms >> (40 - 8 * i));
    x[6] = (u8)(0x70 | (a >> 8 & 0x0f));
    x[7] = (u8)a;
    x[8] = (u8)(0x80 | (b >> 56 & 0x3f));
    for (int i = 9; i < 16; i++) x[i] = (u8)(b >> (8 * (15 - i)));
    static const char hex[] = "0123456789abcdef";
    char *p = out;
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) *p++ = '-';
        *p++ = hex[x[i] >> 4];
        *p++ = hex[x[i] & 15];
    }
    *p = 0;
}
