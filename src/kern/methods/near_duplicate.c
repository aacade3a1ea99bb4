/* near_duplicate.c - nearly the same text: SimHash of words, and chances of MinHash banding. */
#include "kern/method.h"

/* ---- SimHash ---- */

static u64 fnv1a(str s) {
    u64 h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < s.n; i++) h = (h ^ (u8)s.p[i]) * 0x100000001b3u;
    return h;
}

static u64 simhash_of(strs words) {
    i64 votes[64] = {0};
    u64 out = 0;
    for (size_t i = 0; i < words.n; i++) {
        u64 h = fnv1a(words.v[i]);
        for (int b = 0; b < 64; b++) votes[b] += h >> b & 1 ? 1 : -1;
    }
    for (int b = 0; b < 64; b++)
        if (votes[b] > 0) out |= (u64)1 << b;
    return out;
}

static bool by_simhash(calc *c) {
    const json *docs = in_list(c, NULL, "documents");
    u64 *hash = NEW_N(c->a, u64, docs->n + 1);
    size_t n = 0, all_n = 0;
    for (const json *d = docs->first; d; d = d->next) all_n += d->n;
    strs all = {NEW_N(c->a, str, all_n + 1), 0};
    json whole = {.kind = JSON_OBJECT, .n = 1}, one;
    for (const json *d = docs->first; d && calc_ok(c); d = d->next) {
        one = *d, one.key = S("documents"), one.next = NULL, whole.first = &one;
        strs words = in_texts(c, &whole, "documents");
        for (size_t i = 0; i < words.n; i++) all.v[all.n++] = words.v[i];
        hash[n++] = simhash_of(words);
    }
    if (!calc_ok(c) || !calc_steps(c, (double)n * (double)n)) return false;
    strs words = strs_distinct(c->a, all);
    out_open(c, "fnv1a64");
    for (size_t i = 0; i < words.n; i++)
        out_text(c, calc_cstr(c, words.v[i]), arena_fmt(c->a, "%016" PRIx64, fnv1a(words.v[i])));
    out_end(c);
    out_list(c, "simhash");
    for (size_t i = 0; i < n; i++) out_text(c, NULL, arena_fmt(c->a, "%016" PRIx64, hash[i]));
    out_end(c);
    out_list(c, "hamming");
    for (size_t i = 0; i < n; i++) {
        out_list(c, NULL);
        for (size_t j = 0; j < n; j++) out_int(c, NULL, __builtin_popcountll(hash[i] ^ hash[j]));
        out_end(c);
    }
    out_end(c);
    return true;
}

/* ---- shingles and bands ---- */

static strs shingles(calc *c, str text, size_t k) {
    strs words = {NEW_N(c->a, str, text.n + 2), 0}, r = {NEW_N(c->a, str, text.n + 2), 0};
    str word;
    while (text.n) {
        if (!str_cut(text, ' ', &word, &text)) word = text, text = S("");
        if (word.n) words.v[words.n++] = word;
    }
    for (size_t i = 0; i + k <= words.n; i++) /* the words of one text lie behind each other */
        r.v[r.n++] = (str){words.v[i].p,
                           (size_t)(words.v[i + k - 1].p + words.v[i + k - 1].n - words.v[i].p)};
    return strs_distinct(c->a, r);
}

static bool by_bands(calc *c) {
    double r = (double)in_int(c, NULL, "r", 1, 1000), b = (double)in_int(c, NULL, "b", 1, 100000);
    vec s = in_nums(c, NULL, "s");
    for (size_t i = 0; i < s.n && calc_ok(c); i++)
        if (s.v[i] < 0 || s.v[i] > 1) calc_bad(c, "\"s\" must lie between 0 and 1");
    if (!calc_ok(c)) return false;
    out_list(c, "probability");
    for (size_t i = 0; i < s.n; i++) out_num(c, NULL, -expm1(b * log1p(-pow(s.v[i], r))));
    out_end(c);
    if (!in_has(c, NULL, "texts")) return true;
    strs texts = in_texts(c, NULL, "texts");
    size_t k = (size_t)in_maybe_int(c, NULL, "shingle_words", 1, 20, 2);
    if (calc_ok(c) && texts.n != 2) calc_bad(c, "\"texts\" must hold two texts");
    if (!calc_ok(c)) return false;
    strs x = shingles(c, texts.v[0], k), y = shingles(c, texts.v[1], k);
    double both = 0;
    for (size_t i = 0; i < x.n; i++) both += strs_find(y, x.v[i]) != SIZE_MAX;
    out_num(c, "jaccard", ratio(both, (double)(x.n + y.n) - both));
    return true;
}

static bool run(calc *c) {
    return in_has(c, NULL, "documents") ? by_simhash(c) : by_bands(c);
}

const method method_near_duplicate = {
    .name = "near_duplicate",
    .title = {"Nearly the same text", "近似重复文本", "近似重複文本"},
    .source = "Charikar 2002; Manku, Jain & Das Sarma 2007 (SimHash); Leskovec, Rajaraman & "
              "Ullman, Mining of "
              "Massive Datasets, 3.4 (bands)",
    .formula = "SimHash: 64 votes of FNV-1a hashes by word count, bit set where the sum is above "
               "0; bands: "
               "1-(1-s^r)^b; Jaccard of runs of words",
    .input = "documents  lists of words; or\nr, b, s (list of similarities), texts (two), "
             "shingle_words (2)",
    .output = "fnv1a64 {\"word\": hash}, simhash, hamming; or probability, jaccard",
    .example = "{\"r\":1,\"b\":2,\"s\":[0.5],\"texts\":[\"a b c\",\"a b d\"],\"shingle_words\":1}",
    .run = run,
};
