/* tally_words_find.c - where folded words stand: sets that say where they cannot, then bytes, sixteen at
** once. */
#define XXH_INLINE_ALL
#include "store/tally_words.h"
#include <xxhash.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* ---- one run of text ---- */

/* How common a byte is in folded Chinese and English, about: the two rarest of a needle are looked for. */
static u32 common(u8 c) {
    if (c >= 0xe4 && c <= 0xe9) return 200; /* first bytes of Chinese characters */
    if (c == 0xe3 || c == 0xef) return 80;
    if (c >= 0x80 && c < 0xc0) return 40;
    if (c == ' ' || c == 'e' || c == 't' || c == 'a' || c == 'o') return 120;
    if (c == 'i' || c == 'n' || c == 's' || c == 'r' || c == 'h') return 90;
    if (c >= 'a' && c <= 'z') return 45;
    return 20;
}

static void two_rarest(str needle, size_t *one, size_t *two) {
    const u8 *p = (const u8 *)needle.p;
    size_t a = 0, b = needle.n - 1;
    for (size_t i = 0; i < needle.n; i++)
        if (common(p[i]) < common(p[a])) a = i;
    if (a == b) b = 0;
    for (size_t i = 0; i < needle.n; i++)
        if (i != a && p[i] != p[a] && common(p[i]) < common(p[b])) b = i;
    *one = a;
    *two = b;
}

words_needle words_needle_of(str folded) {
    words_needle n = {.text = folded};
    check(folded.n);
    two_rarest(folded, &n.one, &n.two);
    return n;
}

static bool stands(const u8 *at, str needle) {
    return memcmp(at, needle.p, needle.n) == 0;
}

size_t words_find(const u8 *text, size_t from, size_t to, size_t text_n, const words_needle *k) {
    str needle = k->text;
    size_t i = from, one = k->one, two = k->two;
    check(to <= text_n);
    if (text_n < needle.n) return SIZE_MAX;
    to = MIN(to, text_n - needle.n + 1);
#ifdef __SSE2__
    const __m128i x = _mm_set1_epi8(needle.p[one]), y = _mm_set1_epi8(needle.p[two]);
    for (size_t last = MAX(one, two) + 16; i < to && i + last <= text_n; i += 16) {
        __m128i a = _mm_loadu_si128((const void *)(text + i + one));
        __m128i b = _mm_loadu_si128((const void *)(text + i + two));
        u32 hits =
            (u32)_mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(a, x), _mm_cmpeq_epi8(b, y)));
        for (; hits; hits &= hits - 1) {
            size_t at = i + (u32)__builtin_ctz(hits);
            if (at < to && stands(text + at, needle)) return at;
        }
    }
#endif
    while (i < to) {
        const u8 *p = memchr(text + i + one, needle.p[one], to - i);
        if (!p) break;
        i = (size_t)(p - text) - one;
        if (stands(text + i, needle)) return i;
        i++;
    }
    return SIZE_MAX;
}

/* ---- sets ---- */

static u32 piece(const u8 *p) {
    return ((u32)p[0] | (u32)p[1] << 8 | (u32)p[2] << 16) * 0x9e3779b1u >> 18;
}

static bool in_set(const u64 *set, u32 k) {
    return set[k / 64] >> k % 64 & 1;
}

static void make_sets(u64 *sets, const u8 *text, size_t n) {
    for (size_t i = 0; i + 3 <= n; i++) {
        u32 k = piece(text + i);
        sets[i / WORDS_BLOCK * (WORDS_SET / 64) + k / 64] |= (u64)1 << k % 64;
    }
}

/* A match that begins in block b has its first piece there, the others there or in the next. */
static bool can_begin(const words_run *r, u32 b, str needle) {
    const u64 *set = r->sets + (size_t)b * (WORDS_SET / 64);
    const u64 *next = b + 1 < r->head->blocks ? set + WORDS_SET / 64 : set;
    const u8 *p = (const u8 *)needle.p;
    for (size_t i = 0; i + 3 <= needle.n; i++) {
        u32 k = piece(p + i);
        if (!in_set(set, k) && (i == 0 || !in_set(next, k))) return false;
    }
    return true;
}

/* ---- a search ---- */

typedef struct {
    const u8 *text;
    size_t text_n;
    const u32 *at;
    const i64 *ids;
    u32 n, doc; /* doc: the first not behind us */
    void (*hit)(void *ctx, i64 id);
    void *ctx;
} searching;

/* Matches that begin in [from, to). */
static void search_span(searching *k, size_t from, size_t to, const words_needle *needle) {
    if (k->doc < k->n) from = MAX(from, (size_t)k->at[k->doc]);
    while (from < to) {
        size_t p = words_find(k->text, from, to, k->text_n, needle);
        if (p == SIZE_MAX || p >= to) return;
        while (k->at[k->doc + 1] <= p) k->doc++;
        k->hit(k->ctx, k->ids[k->doc]);
        from = k->at[++k->doc]; /* the rest of its words does not matter */
    }
}

void words_search(const words_run *r, str needle, void (*hit)(void *ctx, i64 id), void *ctx) {
    size_t n = r->head->text_n;
    searching k = {r->text, n, r->at, r->ids, r->head->n, 0, hit, ctx};
    words_needle rare = words_needle_of(needle);
    for (u32 b = 0; b < r->head->blocks;) {
        u32 end = b;
        while (end < r->head->blocks && can_begin(r, end, needle)) end++;
        if (end > b)
            search_span(&k, (size_t)b * WORDS_BLOCK, MIN(n, (size_t)end * WORDS_BLOCK), &rare);
        b = end + 1;
    }
}

void words_search_loose(const words_loose *l, str needle, void (*hit)(void *ctx, i64 id),
                        void *ctx) {
    searching k = {l->text, l->text_n, l->at, l->ids, l->n, 0, hit, ctx};
    words_needle rare = words_needle_of(needle);
    if (l->n) search_span(&k, 0, l->text_n, &rare);
}

/* ---- images ---- */

static const char MAGIC[8] = "HEEDWRD1";

static size_t padded(size_t n) {
    return (n + 7) / 8 * 8;
}

static u64 head_sum(const words_head *h) {
    return XXH3_64bits((const char *)h + offsetof(words_head, store_id),
                       sizeof *h - offsetof(words_head, store_id));
}

u8 *words_encode(i64 store_id, const words_loose *l, size_t *bytes_out) {
    check(l->n > 0 && l->text_n <= UINT32_MAX);
    words_head h = {.store_id = store_id,
                    .first_id = l->ids[0],
                    .last_id = l->ids[l->n - 1],
                    .text_n = l->text_n,
                    .n = l->n,
                    .blocks = (u32)((l->text_n + WORDS_BLOCK - 1) / WORDS_BLOCK)};
    size_t ids_n = l->n * sizeof *l->ids, at_n = padded(((size_t)l->n + 1) * sizeof *l->at);
    size_t sets_n = (size_t)h.blocks * (WORDS_SET / 8);
    memcpy(h.magic, MAGIC, sizeof h.magic);
    h.bytes = sizeof h + ids_n + at_n + sets_n + l->text_n;
    u8 *out = mem_new(h.bytes, 1), *p = out + sizeof h;
    memcpy(p, l->ids, ids_n);
    memcpy(p + ids_n, l->at, ((size_t)l->n + 1) * sizeof *l->at);
    make_sets((u64 *)(void *)(p + ids_n + at_n), l->text, l->text_n);
    memcpy(p + ids_n + at_n + sets_n, l->text, l->text_n);
    h.data_sum = XXH3_64bits(p, h.bytes - sizeof h);
    h.sum = head_sum(&h);
    memcpy(out, &h, sizeof h);
    *bytes_out = h.bytes;
    return out;
}

bool words_adopt(words_run *r, const u8 *image, u64 bytes, i64 store_id, err *e) {
    const words_head *h = (const void *)image;
    bool ok = bytes >= sizeof *h && memcmp(h->magic, MAGIC, sizeof MAGIC) == 0 &&
              h->bytes == bytes && head_sum(h) == h->sum && h->store_id == store_id && h->n > 0;
    size_t ids_n = ok ? h->n * sizeof *r->ids : 0;
    size_t at_n = ok ? padded(((size_t)h->n + 1) * sizeof *r->at) : 0;
    size_t sets_n = ok ? (size_t)h->blocks * (WORDS_SET / 8) : 0;
    ok = ok && bytes == sizeof *h + ids_n + at_n + sets_n + h->text_n;
    if (!ok) return fail(e, CORRUPT, "a file of words beside the tally is damaged");
    const u8 *p = image + sizeof *h;
    *r = (words_run){.head = h,
                     .ids = (const void *)p,
                     .at = (const void *)(p + ids_n),
                     .sets = (const void *)(p + ids_n + at_n),
                     .text = p + ids_n + at_n + sets_n,
                     .checked = mem_new(1, 1)};
    return true;
}

/* What the sum covers was made by words_encode: ends ascend and stay within the text. */
bool words_verify(const words_run *r, err *e) {
    if (__atomic_load_n(r->checked, __ATOMIC_RELAXED)) return true;
    const u8 *data = (const u8 *)r->head + sizeof *r->head;
    if (XXH3_64bits(data, r->head->bytes - sizeof *r->head) != r->head->data_sum)
        return fail(e, CORRUPT, "a file of words beside the tally is damaged");
    __atomic_store_n(r->checked, 1, __ATOMIC_RELAXED);
    return true;
}
