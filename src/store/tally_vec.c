/* tally_vec.c - the inner loops of a question: plain, and the same for wider registers. */
#if defined __x86_64__
#include <immintrin.h>
#endif
#include "store/tally_vec.h"

#define INLINE static inline __attribute__((always_inline))

/* ---- plain: what the compiler makes of them is right on any processor ---- */

INLINE void any_lookup(u8 *restrict out, const u8 *restrict code, u32 n, const u8 *restrict lut) {
    for (u32 i = 0; i < n; i++) out[i] = lut[code[i]];
}

INLINE void any_key8(u16 *restrict key, const u8 *restrict code, u32 n, lens l, u32 mul,
                     bool first) {
    u8 low = (u8)l.low, add = (u8)l.add, top = (u8)MIN(l.top, (u32)UINT8_MAX);
    for (u32 i = 0; i < n; i++) {
        u8 v = (u8)((u8)(MAX(code[i], low) - low) + add);
        u16 k = (u16)(MIN(v, top) * (u16)mul);
        key[i] = first ? k : (u16)(key[i] + k);
    }
}

INLINE void any_key16(u16 *restrict key, const u16 *restrict code, u32 n, lens l, u32 mul,
                      bool first) {
    u16 low = (u16)l.low, add = (u16)l.add, top = (u16)MIN(l.top, (u32)UINT16_MAX);
    for (u32 i = 0; i < n; i++) {
        u16 v = (u16)((u16)(MAX(code[i], low) - low) + add);
        u16 k = (u16)((u32)MIN(v, top) * mul);
        key[i] = first ? k : (u16)(key[i] + k);
    }
}

/* out may be key. */
INLINE u32 any_pack(u16 *out, const u16 *key, const u8 *said, u32 n) {
    u32 at = 0;
    for (u32 i = 0; i < n; i++) {
        out[at] = key[i];
        at += said[i] == T_YES;
    }
    return at;
}

INLINE u32 any_pack8(u8 *restrict out, const u8 *restrict code, const u8 *restrict said, u32 n) {
    u32 at = 0;
    for (u32 i = 0; i < n; i++) {
        out[at] = code[i];
        at += said[i] == T_YES;
    }
    return at;
}

INLINE bool any_both(u8 *restrict x, const u8 *restrict y, u32 n, bool all) {
    u8 no = T_NO;
    if (all)
        for (u32 i = 0; i < n; i++) {
            x[i] = (u8)((x[i] & y[i] & T_YES) | ((x[i] | y[i]) & T_NO));
            no &= x[i];
        }
    else
        for (u32 i = 0; i < n; i++) {
            x[i] = (u8)(((x[i] | y[i]) & T_YES) | (x[i] & y[i] & T_NO));
            no &= x[i];
        }
    return no != T_NO;
}

INLINE bool any_twice(u8 *restrict out, const u16 *restrict key, const u16 *restrict row, u32 n,
                      u32 most) {
    u8 any = 0;
    memset(out, T_YES, n);
    for (u32 k = 1; k <= most && k < n; k++)
        for (u32 i = k; i < n; i++) {
            u8 same = (u8)((key[i] == key[i - k]) & (row[i] == row[i - k]));
            out[i] = same ? (u8)T_NO : out[i];
            any |= same;
        }
    return any;
}

INLINE void any_pairs(u16 *restrict pairs, u32 keys, const u16 *restrict key, u32 n) {
    for (u32 i = 0; i < n; i += 2) pairs[key[i] * keys + key[i + 1]]++;
}

INLINE void any_turn(u8 *said, u32 n) {
    for (u32 i = 0; i < n; i++) said[i] = (u8)((said[i] & T_YES) << 1 | (said[i] & T_NO) >> 1);
}

INLINE u32 any_sum(const u8 *restrict code, u32 n, u32 *zeros) {
    u16 some = 0, none = 0; /* 64 values of at most 255 */
    u32 sum = 0, without = 0;
    for (u32 from = 0; from < n; from += 64) {
        u32 end = MIN(n, from + 64);
        some = none = 0;
        for (u32 i = from; i < end; i++) {
            some = (u16)(some + code[i]);
            none = (u16)(none + (code[i] == 0));
        }
        sum += some;
        without += none;
    }
    *zeros = without;
    return sum;
}

INLINE u32 any_unlike(u8 *restrict said, const u16 *restrict code, u32 n, u16 not ) {
    u32 found = 0;
    for (u32 i = 0; i < n; i++) {
        said[i] = code[i] == not ? (u8)T_NO : (u8)T_YES;
        found += code[i] != not ;
    }
    return found;
}

INLINE void any_drop(u8 *restrict said, const u8 *restrict bits, u32 from, u32 n) {
    for (u32 i = 0; i < n; i++)
        said[i] = bits[(from + i) / 8] >> (from + i) % 8 & 1 ? (u8)T_NO : said[i];
}

INLINE u32 any_spread(u16 *restrict out, const u16 *restrict in, const u8 *restrict counts,
                      u32 rows, u32 mentions) {
    u16 *restrict none = out + mentions + 4;
    u32 at = 0, none_n = 0;
    for (u32 r = 0; r < rows; r++) {
        u32 n = counts[r];
        u64 four = in[r] * (u64)0x0001000100010001u;
        memcpy(out + at, &four, sizeof four); /* up to four at once; the rest is overwritten */
        for (u32 k = 4; k < n; k++) out[at + k] = in[r];
        none[none_n] = in[r];
        none_n += n == 0;
        at += n;
    }
    check(at == mentions);
    memmove(out + at, none, none_n * sizeof *none);
    return at + none_n;
}

INLINE u32 any_chosen(u16 *restrict row, u16 *restrict before, const u8 *restrict said,
                      const u8 *restrict counts, u32 n) {
    u32 at = 0, sum = 0;
    for (u32 r = 0; r < n; r++) {
        row[at] = (u16)r;
        before[at] = (u16)sum;
        at += said[r] == T_YES;
        sum += counts[r];
    }
    return at;
}

INLINE void any_range8(u8 *restrict out, const u8 *restrict code, u32 n, reach r) {
    u8 low = (u8)r.low, span = (u8)r.span, missing = (u8)r.missing;
    if (r.first)
        for (u32 i = 0; i < n; i++) {
            u8 other = code[i] == missing ? r.absent : r.no;
            out[i] = (u8)(code[i] - low) <= span ? r.yes : other;
        }
    else
        for (u32 i = 0; i < n; i++) out[i] = (u8)(code[i] - low) <= span ? r.yes : out[i];
}

INLINE void any_range16(u8 *restrict out, const u16 *restrict code, u32 n, reach r) {
    u16 low = (u16)r.low, span = (u16)r.span, missing = (u16)r.missing;
    if (r.first)
        for (u32 i = 0; i < n; i++) {
            u8 other = code[i] == missing ? r.absent : r.no;
            out[i] = (u16)(code[i] - low) <= span ? r.yes : other;
        }
    else
        for (u32 i = 0; i < n; i++) out[i] = (u16)(code[i] - low) <= span ? r.yes : out[i];
}

#define SET(name, target)                                                                          \
    target static void name##_lookup(u8 *out, const u8 *code, u32 n, const u8 *lut) {              \
        any_lookup(out, code, n, lut);                                                             \
    }                                                                                              \
    target static void name##_key8(u16 *key, const u8 *code, u32 n, lens l, u32 mul, bool first) { \
        if (first)                                                                                 \
            any_key8(key, code, n, l, mul, true);                                                  \
        else                                                                                       \
            any_key8(key, code, n, l, mul, false);                                                 \
    }                                                                                              \
    target static void name##_key16(u16 *key, const u16 *code, u32 n, lens l, u32 mul,             \
                                    bool first) {                                                  \
        if (first)                                                                                 \
            any_key16(key, code, n, l, mul, true);                                                 \
        else                                                                                       \
            any_key16(key, code, n, l, mul, false);                                                \
    }                                                                                              \
    target static u32 name##_pack(u16 *out, const u16 *key, const u8 *said, u32 n) {               \
        return any_pack(out, key, said, n);                                                        \
    }                                                                                              \
    target static u32 name##_pack8(u8 *out, const u8 *code, const u8 *said, u32 n) {               \
        return any_pack8(out, code, said, n);                                                      \
    }                                                                                              \
    target static bool name##_both(u8 *x, const u8 *y, u32 n, bool all) {                          \
        return any_both(x, y, n, all);                                                             \
    }                                                                                              \
    target static bool name##_twice(u8 *out, const u16 *key, const u16 *row, u32 n, u32 most) {    \
        return any_twice(out, key, row, n, most);                                                  \
    }                                                                                              \
    target static void name##_pairs(u16 *pairs, u32 keys, const u16 *key, u32 n) {                 \
        any_pairs(pairs, keys, key, n);                                                            \
    }                                                                                              \
    target static void name##_turn(u8 *said, u32 n) {                                              \
        any_turn(said, n);                                                                         \
    }                                                                                              \
    target static u32 name##_sum(const u8 *code, u32 n, u32 *zeros) {                              \
        return any_sum(code, n, zeros);                                                            \
    }                                                                                              \
    target static u32 name##_unlike(u8 *said, const u16 *code, u32 n, u16 not ) {                  \
        return any_unlike(said, code, n, not );                                                    \
    }                                                                                              \
    target static void name##_drop(u8 *said, const u8 *bits, u32 from, u32 n) {                    \
        any_drop(said, bits, from, n);                                                             \
    }                                                                                              \
    target static u32 name##_spread(u16 *out, const u16 *in, const u8 *counts, u32 rows,           \
                                    u32 mentions, u32 most) {                                      \
        (void)most;                                                                                \
        return any_spread(out, in, counts, rows, mentions);                                        \
    }                                                                                              \
    target static u32 name##_chosen(u16 *row, u16 *before, const u8 *said, const u8 *counts,       \
                                    u32 n, u32 most) {                                             \
        (void)most;                                                                                \
        return any_chosen(row, before, said, counts, n);                                           \
    }                                                                                              \
    target static void name##_range8(u8 *out, const u8 *code, u32 n, const reach *r) {             \
        any_range8(out, code, n, *r);                                                              \
    }                                                                                              \
    target static void name##_range16(u8 *out, const u16 *code, u32 n, const reach *r) {           \
        any_range16(out, code, n, *r);                                                             \
    }                                                                                              \
    __attribute__((unused)) static const vec name = {                                              \
        #name,       name##_lookup, name##_key8,   name##_key16,  name##_pack,   name##_pack8,     \
        name##_both, name##_twice,  name##_pairs,  name##_turn,   name##_sum,    name##_unlike,    \
        name##_drop, name##_spread, name##_chosen, name##_range8, name##_range16};

SET(plain, )

#if defined __x86_64__
SET(avx2, __attribute__((target("avx2,bmi,bmi2,popcnt"))))

/* ---- AVX-512 with the byte instructions: tables of 256 in four registers, packing in one ---- */
#define WIDE                                                                                       \
    __attribute__((                                                                                \
        target("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt")))

SET(wide_any, WIDE)

WIDE static void wide_lookup(u8 *out, const u8 *code, u32 n, const u8 *lut) {
    __m512i a = _mm512_loadu_si512(lut), b = _mm512_loadu_si512(lut + 64);
    __m512i c = _mm512_loadu_si512(lut + 128), d = _mm512_loadu_si512(lut + 192);
    for (u32 i = 0; i < n; i += 64) {
        __mmask64 live = n - i >= 64 ? ~(__mmask64)0 : ((__mmask64)1 << (n - i)) - 1;
        __m512i v = _mm512_maskz_loadu_epi8(live, code + i);
        __m512i low = _mm512_permutex2var_epi8(a, v, b), high = _mm512_permutex2var_epi8(c, v, d);
        _mm512_mask_storeu_epi8(out + i, live,
                                _mm512_mask_blend_epi8(_mm512_movepi8_mask(v), low, high));
    }
}

WIDE static u32 wide_pack(u16 *out, const u16 *key, const u8 *said, u32 n) {
    u32 at = 0;
    for (u32 i = 0; i < n; i += 32) {
        __mmask32 live = n - i >= 32 ? ~(__mmask32)0 : ((__mmask32)1 << (n - i)) - 1;
        __m256i t = _mm256_maskz_loadu_epi8(live, said + i);
        __mmask32 yes = _mm256_cmpeq_epi8_mask(t, _mm256_set1_epi8(T_YES));
        __m512i k = _mm512_maskz_loadu_epi16(live, key + i);
        _mm512_storeu_si512(out + at, _mm512_maskz_compress_epi16(yes, k));
        at += (u32)__builtin_popcount(yes);
    }
    return at;
}

WIDE static u32 wide_pack8(u8 *out, const u8 *code, const u8 *said, u32 n) {
    u32 at = 0;
    for (u32 i = 0; i < n; i += 64) {
        __mmask64 live = n - i >= 64 ? ~(__mmask64)0 : ((__mmask64)1 << (n - i)) - 1;
        __m512i t = _mm512_maskz_loadu_epi8(live, said + i);
        __mmask64 yes = _mm512_cmpeq_epi8_mask(t, _mm512_set1_epi8(T_YES));
        __m512i c = _mm512_maskz_loadu_epi8(live, code + i);
        _mm512_storeu_si512(out + at, _mm512_maskz_compress_epi8(yes, c));
        at += (u32)__builtin_popcountll(yes);
    }
    return at;
}

WIDE static inline u32 bits_of(u64 x) {
    return (u32)__builtin_popcountll(x);
}

WIDE static void wide_pairs(u16 *pairs, u32 keys, const u16 *key, u32 n) {
    __m128i mul = _mm_set1_epi32((int)(keys | 1u << 16));
    u32 i = 0;
    for (; i + 8 <= n; i += 8) {
        __m128i v = _mm_madd_epi16(_mm_loadu_si128((const void *)(key + i)), mul);
        u64 x = (u64)_mm_cvtsi128_si64(v), y = (u64)_mm_extract_epi64(v, 1);
        pairs[(u32)x]++;
        pairs[x >> 32]++;
        pairs[(u32)y]++;
        pairs[y >> 32]++;
    }
    any_pairs(pairs, keys, key + i, n - i);
}

WIDE static void wide_drop(u8 *said, const u8 *bits, u32 from, u32 n) {
    for (u32 i = 0; i < n; i += 56) { /* so many bits there are behind any start in eight bytes */
        u32 at = from + i, left = MIN(n - i, 56u);
        u64 some;
        memcpy(&some, bits + at / 8, sizeof some);
        __mmask64 live = ((__mmask64)1 << left) - 1;
        _mm512_mask_storeu_epi8(said + i, live & some >> at % 8, _mm512_set1_epi8(T_NO));
    }
}

/* Four rows at a time: how their mentions lie is looked up by their four counts. */
enum { FOUR_COUNTS = 5 * 5 * 5 * 5 };
static struct { u8 row[FOUR_COUNTS][16], n[FOUR_COUNTS]; } four;

static void four_make(void) {
    for (u32 key = 0; key < FOUR_COUNTS; key++)
        for (u32 r = 0, left = key; r < 4; r++, left /= 5)
            for (u32 k = 0; k < left % 5; k++) four.row[key][four.n[key]++] = (u8)r;
}

WIDE static u32 wide_spread(u16 *out, const u16 *in, const u8 *counts, u32 rows, u32 mentions,
                            u32 most) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    u32 at = 0, end = mentions, key[16];
    if (most > 4) return any_spread(out, in, counts, rows, mentions);
    pthread_once(&once, four_make);
    __m512i weight = _mm512_set1_epi32(1 | 5 << 8 | 25 << 16 | 125 << 24);
    for (u32 i = 0; i < rows; i += 64) {
        __mmask64 live = rows - i >= 64 ? ~(__mmask64)0 : ((__mmask64)1 << (rows - i)) - 1;
        __m512i c = _mm512_maskz_loadu_epi8(live, counts + i);
        __m512i pairs = _mm512_maddubs_epi16(c, weight);
        _mm512_storeu_si512(key, _mm512_madd_epi16(pairs, _mm512_set1_epi16(1)));
        for (u32 g = 0; g < 16; g++) {
            u64 rows4;
            memcpy(&rows4, in + i + g * 4, sizeof rows4);
            __m256i index = _mm256_cvtepu8_epi16(_mm_loadu_si128((const void *)four.row[key[g]]));
            __m256i from = _mm256_set1_epi64x((long long)rows4);
            _mm256_storeu_si256((void *)(out + at), _mm256_permutexvar_epi16(index, from));
            at += four.n[key[g]];
        }
    }
    check(at == mentions);
    for (u32 i = 0; i < rows; i += 32) {
        __mmask32 live = rows - i >= 32 ? ~(__mmask32)0 : ((__mmask32)1 << (rows - i)) - 1;
        __m256i c = _mm256_maskz_loadu_epi8(live, counts + i);
        __mmask32 none = live & _mm256_testn_epi8_mask(c, c);
        __m512i v = _mm512_maskz_loadu_epi16(live, in + i);
        _mm512_storeu_si512(out + end, _mm512_maskz_compress_epi16(none, v));
        end += (u32)__builtin_popcount(none);
    }
    return end;
}

WIDE static u32 wide_chosen(u16 *row, u16 *before, const u8 *said, const u8 *counts, u32 n,
                            u32 most) {
    u32 at = 0, sum = 0;
    if (most > 7) return any_chosen(row, before, said, counts, n);
    for (u32 i = 0; i < n; i += 64) {
        __mmask64 live = n - i >= 64 ? ~(__mmask64)0 : ((__mmask64)1 << (n - i)) - 1;
        __m512i c = _mm512_maskz_loadu_epi8(live, counts + i);
        u64 c1 = _mm512_test_epi8_mask(c, _mm512_set1_epi8(1));
        u64 c2 = _mm512_test_epi8_mask(c, _mm512_set1_epi8(2));
        u64 c4 = _mm512_test_epi8_mask(c, _mm512_set1_epi8(4));
        u64 yes = _mm512_cmpeq_epi8_mask(_mm512_maskz_loadu_epi8(live, said + i),
                                         _mm512_set1_epi8(T_YES));
        for (; yes; yes &= yes - 1) {
            u64 below = (yes & -yes) - 1;
            row[at] = (u16)(i + (u32)__builtin_ctzll(yes));
            before[at++] = (u16)(sum + bits_of(c1 & below) + 2 * bits_of(c2 & below) +
                                 4 * bits_of(c4 & below));
        }
        sum += bits_of(c1) + 2 * bits_of(c2) + 4 * bits_of(c4);
    }
    return at;
}

WIDE static u32 wide_sum(const u8 *code, u32 n, u32 *zeros) {
    __m512i sum = _mm512_setzero_si512();
    u32 without = 0;
    for (u32 i = 0; i < n; i += 64) {
        __mmask64 live = n - i >= 64 ? ~(__mmask64)0 : ((__mmask64)1 << (n - i)) - 1;
        __m512i c = _mm512_maskz_loadu_epi8(live, code + i);
        sum = _mm512_add_epi64(sum, _mm512_sad_epu8(c, _mm512_setzero_si512()));
        without += bits_of(live & _mm512_testn_epi8_mask(c, c));
    }
    *zeros = without;
    return (u32)_mm512_reduce_add_epi64(sum);
}

WIDE static void wide_range8(u8 *out, const u8 *code, u32 n, const reach *r) {
    __m512i low = _mm512_set1_epi8((char)r->low), span = _mm512_set1_epi8((char)r->span);
    __m512i yes = _mm512_set1_epi8((char)r->yes), no = _mm512_set1_epi8((char)r->no);
    __m512i missing = _mm512_set1_epi8((char)r->missing), none = _mm512_set1_epi8((char)r->absent);
    for (u32 i = 0; i < n; i += 64) {
        __mmask64 live = n - i >= 64 ? ~(__mmask64)0 : ((__mmask64)1 << (n - i)) - 1;
        __m512i c = _mm512_maskz_loadu_epi8(live, code + i);
        __mmask64 in = _mm512_cmple_epu8_mask(_mm512_sub_epi8(c, low), span);
        __m512i other = _mm512_mask_blend_epi8(_mm512_cmpeq_epi8_mask(c, missing), no, none);
        _mm512_mask_storeu_epi8(out + i, r->first ? live : live & in,
                                _mm512_mask_blend_epi8(in, other, yes));
    }
}

WIDE static void wide_range16(u8 *out, const u16 *code, u32 n, const reach *r) {
    __m512i low = _mm512_set1_epi16((short)r->low), span = _mm512_set1_epi16((short)r->span);
    __m256i yes = _mm256_set1_epi8((char)r->yes), no = _mm256_set1_epi8((char)r->no);
    __m512i missing = _mm512_set1_epi16((short)r->missing);
    __m256i none = _mm256_set1_epi8((char)r->absent);
    for (u32 i = 0; i < n; i += 32) {
        __mmask32 live = n - i >= 32 ? ~(__mmask32)0 : ((__mmask32)1 << (n - i)) - 1;
        __m512i c = _mm512_maskz_loadu_epi16(live, code + i);
        __mmask32 in = _mm512_cmple_epu16_mask(_mm512_sub_epi16(c, low), span);
        __m256i other = _mm256_mask_blend_epi8(_mm512_cmpeq_epi16_mask(c, missing), no, none);
        _mm256_mask_storeu_epi8(out + i, r->first ? live : live & in,
                                _mm256_mask_blend_epi8(in, other, yes));
    }
}

static const vec wide = {
    "avx512",      wide_lookup,    wide_any_key8, wide_any_key16, wide_pack,   wide_pack8,
    wide_any_both, wide_any_twice, wide_pairs,    wide_any_turn,  wide_sum,    wide_any_unlike,
    wide_drop,     wide_spread,    wide_chosen,   wide_range8,    wide_range16};
#endif

const vec *const vec_sets[] = {&plain,
#if defined __x86_64__
                               &avx2, &wide,
#endif
                               NULL};

bool vec_runs(const vec *v) {
#if defined __x86_64__
    if (v == &avx2)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
               __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
    if (v == &wide)
        return vec_runs(&avx2) && __builtin_cpu_supports("avx512f") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vbmi") &&
               __builtin_cpu_supports("avx512vbmi2");
#endif
    return v == &plain;
}

const vec *vec_best(void) {
    size_t k = COUNT(vec_sets) - 2;
    while (!vec_runs(vec_sets[k])) k--;
    return vec_sets[k];
}

void count_keys(u32 *restrict table, u32 keys, const u16 *restrict key, u32 n, bool spread) {
    u32 i = 0, *restrict b = table + keys, *restrict c = b + keys, *restrict d = c + keys;
    for (; spread && i + 4 <= n; i += 4) {
        u64 x;
        memcpy(&x, key + i, sizeof x);
        table[(u16)x]++;
        b[(u16)(x >> 16)]++;
        c[(u16)(x >> 32)]++;
        d[x >> 48]++;
    }
    for (; i < n; i++) table[key[i]]++;
}
