/* raw_bench.c - reviews from raw bytes to insights on one core; which language short strings are in;
** what looks like personal data in real reviews.
**
** raw_bench FOLDER   the reviews lie in $HEED_SHARED, the short strings in this machine's gettext files
** (/usr/share/locale).  Into FOLDER go strings (language, tab, string) for the peer of script/bench-text and
** personal (kind, tab, hit).  Prints rows of figure, ours, goal and note with tabs between. */
#include "base/job.h"
#include "base/utf8.h"
#include "clarify/clarify.h"
#include "hear/hear.h"
#include "kern/lang.h"
#include "kern/pii.h"
#include "understand/understand.h"
#include <dirent.h>

static const char *folder;

static double cpu_seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}
static FILE *open_for_peers(const char *name) {
    char path[4096];
    if (!folder || snprintf(path, sizeof path, "%s/%s", folder, name) >= 4096) return NULL;
    return fopen(path, "wb");
}

/* ---- from raw bytes to insights ---- */

typedef struct {
    const char *file, *words;
} review_file;
static const review_file files[] = {{"zh/shopping_8cats.csv.gz", "text"},
                                    {"zh/hotel_htl.csv.gz", "text"},
                                    {"zh/waimai.csv.gz", "text"},
                                    {"en/womens_clothing.csv.gz", "text"},
                                    {"en/twitter_airline.csv.gz", "text"}};

typedef enum { HEAR, CLARIFY, UNDERSTAND } depth;
typedef struct {
    arena *batch, *text;
    readers_kit kit;
    depth how_far;
    i64 n, bytes, judged;
    FILE *hits;
    i64 hits_n, kinds[PII_KINDS];
} walking;

static bool look_for_personal(walking *k, str words) {
    pii_hit *hits;
    size_t n = pii_find(k->text, words, &hits);
    for (size_t i = 0; i < n; i++) {
        str hit = str_head(str_from(words, hits[i].from), hits[i].to - hits[i].from);
        fprintf(k->hits, "%.*s\t%.*s\n", STR_ARG(pii_token(hits[i].kind, PII_EN)), STR_ARG(hit));
        k->kinds[hits[i].kind]++;
        k->hits_n++;
    }
    return true;
}

static bool take(void *ctx, signal *s, i64 no, const record *r, err *e) {
    (void)no;
    (void)r;
    walking *k = ctx;
    insight ins;
    clarified c;
    k->n++;
    k->bytes += (i64)s->row.words.n;
    bool ok = true;
    if (k->hits)
        ok = look_for_personal(k, s->row.words);
    else if (k->how_far >= CLARIFY) {
        ok = clarify_signal(k->text, s, NULL, &ins, &c, e);
        if (ok && k->how_far == UNDERSTAND)
            ok = understand_signal(&k->kit, k->text, s, c.text, c.folded, c.offsets,
                                   c.sentence_ends, c.sentences_n, &ins, e);
        k->judged += ok && ins.row.sentiment != NONE;
    }
    arena_reset(k->text);
    arena_reset(k->batch);
    return ok;
}
static bool reject(void *ctx, i64 no, const rejection *r, err *e) {
    (void)ctx;
    (void)no;
    (void)r;
    (void)e;
    return true;
}

static void close_source(void *s) {
    hear_close(s);
}

typedef struct {
    walking *k;
    const review_file *f;
} one_file;
static bool walk_file(arena *a, void *ctx, err *e) {
    one_file *o = ctx;
    const char *told = getenv("HEED_SHARED");
    hear_source *src;
    plan p;
    const field_value map[] = {{S("words"), str_of(o->f->words)}};
    plan_wish wish = {.header = -1, .now_ms = 1767225600000, .map = map, .map_n = 1};
    str path = arena_fmt(a, "%s/data/%s", told ? told : "../shared", o->f->file);
    if (!hear_open(path, &src, e)) return false;
    arena_defer(a, close_source, src);
    hear_sink sink = {.batch = o->k->batch, .take = take, .reject = reject, .ctx = o->k};
    return hear_look(a, src, &wish, &p, e) && hear_follow(a, src, &p, 0, &sink, e);
}

static bool walk_all(arena *a, walking *k, err *e) {
    k->batch = arena_open((size_t)64 << 20);
    k->text = arena_open((size_t)64 << 20);
    k->kit.room = grams_room_new(a);
    bool ok = true;
    for (size_t i = 0; ok && i < COUNT(files); i++)
        ok = job_run((size_t)1 << 30, walk_file, &(one_file){k, &files[i]}, e);
    arena_close(k->batch);
    arena_close(k->text);
    return ok;
}

/* The best of three; seconds. */
static bool timed(arena *a, depth how_far, walking *out, double *best, err *e) {
    *best = HUGE_VAL;
    for (int round = 0; round < 3; round++) {
        walking k = {.how_far = how_far};
        double from = cpu_seconds();
        if (!walk_all(a, &k, e)) return false;
        *best = MIN(*best, cpu_seconds() - from);
        *out = k;
    }
    return true;
}

static bool raw(arena *a, void *ctx, err *e) {
    (void)ctx;
    walking k;
    double hear, clarify, understand;
    if (!timed(a, HEAR, &k, &hear, e) || !timed(a, CLARIFY, &k, &clarify, e) ||
        !timed(a, UNDERSTAND, &k, &understand, e))
        return false;
    double each = 1e6 / (double)k.n;
    printf("raw bytes to insights, thousand reviews a second\t%.1f\t>= 60\t%" PRId64
           " reviews of %.0f bytes; us each: heard %.1f, cleaned %.1f, understood %.1f\n",
           (double)k.n / understand / 1e3, k.n, (double)k.bytes / (double)k.n, hear * each,
           (clarify - hear) * each, (understand - clarify) * each);
    walking p = {.hits = open_for_peers("personal")};
    if (!p.hits) return true;
    if (!walk_all(a, &p, e)) return false;
    fclose(p.hits);
    printf("personal data in real reviews, hits\t%" PRId64 "\t\t", p.hits_n);
    const char *between = "";
    for (int i = 0; i < PII_KINDS; i++) {
        if (p.kinds[i] == 0) continue;
        printf("%s%.*s %" PRId64, between, STR_ARG(pii_token((pii_kind)i, PII_EN)), p.kinds[i]);
        between = ", ";
    }
    printf("\n");
    return true;
}

/* ---- short strings of many languages ---- */

enum { EACH = 250, STRINGS_MOST = 40 * EACH, LETTERS_LEAST = 25, LETTERS_MOST = 160 };
static const char *const spoken[][2] = {
    {"de", "de"},   {"fr", "fr"}, {"es", "es"},         {"it", "it"},         {"pt_BR", "pt"},
    {"nl", "nl"},   {"sv", "sv"}, {"da", "da"},         {"nb", "no"},         {"fi", "fi"},
    {"pl", "pl"},   {"cs", "cs"}, {"tr", "tr"},         {"id", "id"},         {"vi", "vi"},
    {"ro", "ro"},   {"hu", "hu"}, {"ru", "ru"},         {"uk", "uk"},         {"bg", "bg"},
    {"ja", "ja"},   {"ko", "ko"}, {"zh_CN", "zh-Hans"}, {"zh_TW", "zh-Hant"}, {"th", "th"},
    {"ar", "ar"},   {"fa", "fa"}, {"el", "el"},         {"he", "he"},         {"hi", "hi"},
    {"en_GB", "en"}};

typedef struct {
    str text;
    size_t language;
} short_string;
typedef struct {
    arena *a;
    short_string list[STRINGS_MOST];
    size_t n;
} strings;

static bool is_prose(str s) {
    size_t chars = utf8_count(s), signs = 0, blanks = 0;
    if (utf8_bad(s) >= 0 || chars < LETTERS_LEAST || chars > LETTERS_MOST) return false;
    for (size_t i = 0; i < s.n; i++) {
        signs += strchr("%<>{}/\\_|=[]`#@", s.p[i]) != NULL;
        if (s.p[i] == '\n') return false;
        blanks += s.p[i] == ' ';
    }
    return signs == 0 && (blanks >= 3 || s.n > 2 * chars);
}

static u32 u32_at(str f, size_t at) {
    u32 x = 0;
    if (at + 4 <= f.n) memcpy(&x, f.p + at, 4);
    return x;
}
static str string_at(str f, size_t table, size_t i) {
    u32 n = u32_at(f, table + i * 8), at = u32_at(f, table + i * 8 + 4);
    return str_head(str_from(f, at), n);
}

/* The translations of one gettext file that differ from the original. */
static void take_mo(strings *k, str f, size_t language, size_t until) {
    if (u32_at(f, 0) != 0x950412de) return;
    u32 n = u32_at(f, 8);
    for (u32 i = 1; i < n && k->n < until; i++) {
        str from = string_at(f, u32_at(f, 12), i), to = string_at(f, u32_at(f, 16), i);
        bool english = strcmp(spoken[language][1], "en") == 0;
        if (memchr(to.p, 0, to.n) || !is_prose(to) || (!english && str_eq(from, to))) continue;
        k->list[k->n++] = (short_string){arena_str(k->a, to), language};
    }
}

static str read_file(arena *a, const char *path) {
    FILE *f = fopen(path, "rb");
    buf b = {.a = a};
    char part[65536];
    if (!f) return S("");
    for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0;) buf_bytes(&b, part, n);
    fclose(f);
    return buf_view(&b);
}

/* From several programs, so that no one's words are all there is. */
static void gather_language(strings *k, size_t language) {
    char path[4096];
    size_t from = k->n;
    snprintf(path, sizeof path, "/usr/share/locale/%s/LC_MESSAGES", spoken[language][0]);
    struct dirent **names;
    int n = scandir(path, &names, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        char file[8192];
        snprintf(file, sizeof file, "%s/%s", path, names[i]->d_name);
        size_t until = MIN(from + EACH, k->n + EACH / 5);
        if (strstr(names[i]->d_name, ".mo")) take_mo(k, read_file(k->a, file), language, until);
        free(names[i]);
    }
    if (n >= 0) free(names);
}

static bool right_language(str said, const char *want) {
    return str_eq(said, str_of(want)) || (strncmp(want, "zh", 2) == 0 && str_starts(said, S("zh")));
}

static void languages(arena *a) {
    strings *k = NEW(a, strings);
    k->a = a;
    size_t right = 0, counts[COUNT(spoken)][2] = {0}, kinds = 0;
    FILE *f = open_for_peers("strings");
    for (size_t i = 0; i < COUNT(spoken); i++) gather_language(k, i);
    for (size_t i = 0; i < k->n; i++) {
        const short_string *s = &k->list[i];
        bool ok = right_language(lang_of(s->text), spoken[s->language][1]);
        right += ok;
        counts[s->language][0]++;
        counts[s->language][1] += ok;
        if (f) fprintf(f, "%s\t%.*s\n", spoken[s->language][1], STR_ARG(s->text));
    }
    if (f) fclose(f);
    if (k->n == 0) return;
    double best = HUGE_VAL;
    for (int round = 0; round < 5; round++) {
        double from = cpu_seconds();
        for (size_t i = 0; i < k->n; i++) (void)lang_of(k->list[i].text);
        best = MIN(best, cpu_seconds() - from);
    }
    for (size_t i = 0; i < COUNT(spoken); i++) kinds += counts[i][0] > 0;
    printf("language of short strings, share right\t%.4f\t>= 0.920\t%zu strings in %zu languages; "
           "weakest:",
           (double)right / (double)k->n, k->n, kinds);
    for (size_t i = 0; i < COUNT(spoken); i++)
        if (counts[i][0] && counts[i][1] * 100 < counts[i][0] * 88)
            printf(" %s %.2f", spoken[i][1], (double)counts[i][1] / (double)counts[i][0]);
    printf("\nlanguage, thousand strings a second\t%.0f\t>= 500\t\n", (double)k->n / best / 1e3);
}

static bool languages_job(arena *a, void *ctx, err *e) {
    (void)ctx;
    (void)e;
    languages(a);
    return true;
}

int main(int argc, char **argv) {
    err e;
    folder = argc > 1 ? argv[1] : NULL;
    if (job_run((size_t)2 << 30, languages_job, NULL, &e) &&
        job_run((size_t)2 << 30, raw, NULL, &e))
        return 0;
    fprintf(stderr, "raw_bench: %s\n", e.msg);
    return 1;
}
