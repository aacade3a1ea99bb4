/* simhash.c - see simhash.h.  Votes are counted in bytes, eight bits of the hash to a word, and
** emptied into wide counters before a byte can overflow. */
#include "kern/simhash.h"
#include "base/utf8.h"

i64 words_hash(str folded) {
    str s = str_trim(folded);
    if (s.n == 0) return NONE;
    i64 h = (i64)str_hash(s);
    return h == NONE ? 0 : h;
}

static u64 fnv1a(u64 h, u32 c) {
    return (h ^ c) * 0x100000001b3;
}

/* FNV-1a leaves the high bits of short inputs alike: one multiply-shift round spreads them. */
static u64 gram_hash(u32 a, u32 b, u32 c) {
    u64 h = fnv1a(fnv1a(fnv1a(0xcbf29ce484222325, a), b), c);
    h = (h ^ (h >> 32)) * 0x9e3779b97f4a7c15;
    return h ^ (h >> 29);
}

typedef struct {
    u64 bytes[8]; /* byte k of bytes[i] counts ones of bit 8k + i */
    u32 in_bytes;
    u32 ones[64];
} votes;

static void votes_flush(votes *v) {
    for (u32 i = 0; i < 8; i++)
        for (u32 k = 0; k < 8; k++) v->ones[8 * k + i] += (u32)(v->bytes[i] >> (8 * k) & 0xff);
    memset(v->bytes, 0, sizeof v->bytes);
    v->in_bytes = 0;
}

static void vote(votes *v, u64 h) {
    for (u32 i = 0; i < 8; i++) v->bytes[i] += h >> i & 0x0101010101010101;
    if (++v->in_bytes == 255) votes_flush(v);
}

i64 simhash64(str folded) {
    votes v = {0};
    u32 a = 0, b = 0, c = 0;
    size_t chars = 0;
    str s = str_trim(folded);
    for (size_t i = 0; i < s.n;) {
        int n = utf8_next(s, i, &c);
        i += n ? (size_t)n : 1;
        if (c >= '0' && c <= '9') c = '0';
        if (c == '0' && b == '0') continue; /* else long numbers would outvote the words */
        if (++chars > 2) vote(&v, gram_hash(a, b, c));
        a = b;
        b = c;
    }
    if (chars < SIMHASH_MIN_CHARS) return NONE;
    votes_flush(&v);
    u64 out = 0;
    size_t grams = chars - 2;
    for (u32 i = 0; i < 64; i++)
        if ((u64)v.ones[i] * 2 > grams) out |= (u64)1 << i;
    return (i64)out == NONE ? 0 : (i64)out;
}
