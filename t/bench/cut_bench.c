/* cut_bench.c - how fast words are cut and traditional characters made simplified, on public reviews.
**
** cut_bench FOLDER   writes texts (one a line), words (the same, a blank between words) and traditional
** (made by OpenCC's peer, if it is there already) for the peers of script/bench-text; prints rows of
** figure, ours, goal and note with tabs between.  Without $HEED_SHARED nothing is said. */
#include "base/job.h"
#include "flow/labelled.h"
#include "kern/hans.h"
#include "kern/wordcut.h"
#include <unistd.h>

static const char *const files[] = {"zh/shopping_8cats.csv.gz", "zh/hotel_htl.csv.gz",
                                    "zh/waimai.csv.gz"};
enum { ROUNDS = 5 };
static const char *folder;

static double cpu_seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}
static i64 now_ms(world *w) {
    (void)w;
    return 1767225600000;
}

static FILE *open_for_peers(const char *name, const char *how) {
    char path[4096];
    if (!folder || snprintf(path, sizeof path, "%s/%s", folder, name) >= 4096) return NULL;
    return fopen(path, how);
}

static bool read_texts(arena *a, labelled *l, err *e) {
    const char *told = getenv("HEED_SHARED");
    world w = {.now_ms = now_ms};
    str text = S("text");
    labelled_wish wish = {.text = &text, .text_n = 1, .label = S("label")};
    for (size_t i = 0; i < COUNT(files); i++) {
        str path = arena_fmt(a, "%s/data/%s", told ? told : "../shared", files[i]);
        if (!labelled_read(a, &w, path, &wish, l, e)) return false;
    }
    return true;
}

static double megabytes(const labelled *l) {
    double bytes = 0;
    for (size_t i = 0; i < l->n; i++) bytes += (double)l->texts[i].n;
    return bytes / 1e6;
}

static void cut_all(const labelled *l, const wordcut *w, wordcut_room *room, FILE *texts,
                    FILE *words) {
    for (size_t i = 0; i < l->n; i++) {
        str t = l->texts[i];
        const cut_word *cuts;
        size_t n = wordcut_text(w, room, t, &cuts);
        if (!texts || !words) continue;
        fprintf(texts, "%.*s\n", STR_ARG(t));
        for (size_t k = 0; k < n; k++)
            fprintf(words, "%s%.*s", k ? " " : "", (int)(cuts[k].end - cuts[k].start),
                    t.p + cuts[k].start);
        fputc('\n', words);
    }
}

static void segmentation(arena *a, const labelled *l) {
    wordcut w = {.shipped = wordcut_shipped()};
    wordcut_room *room = wordcut_room_new(a);
    FILE *texts = open_for_peers("texts", "wb"), *words = open_for_peers("words", "wb");
    cut_all(l, &w, room, texts, words);
    if (texts) fclose(texts);
    if (words) fclose(words);
    double best = HUGE_VAL;
    for (int round = 0; round < ROUNDS; round++) {
        double from = cpu_seconds();
        cut_all(l, &w, room, NULL, NULL);
        best = MIN(best, cpu_seconds() - from);
    }
    printf("segmentation, MB a second\t%.1f\t>= 40\t%u words in %.1f MB, %.1f MB of reviews\n",
           megabytes(l) / best, w.shipped->words_n, w.shipped->nodes_n * 8e-6, megabytes(l));
}

/* The texts twice over: as they are, and in traditional characters. */
static void conversion(arena *a, str texts, const char *name) {
    char *out = arena_raw(a, texts.n + 8);
    double best = HUGE_VAL;
    for (int round = 0; round < ROUNDS; round++) {
        double from = cpu_seconds();
        hans_simplify(texts, out);
        best = MIN(best, cpu_seconds() - from);
    }
    printf("%s\t%.0f\t>= 300\t%.1f MB\n", name, (double)texts.n / 1e6 / best,
           (double)texts.n / 1e6);
    FILE *f = open_for_peers("simplified", "wb");
    if (!f) return;
    fwrite(out, 1, texts.n, f);
    fclose(f);
}

static str read_back(arena *a, const char *name) {
    FILE *f = open_for_peers(name, "rb");
    buf b = {.a = a};
    char part[65536];
    if (!f) return S("");
    for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0;) buf_bytes(&b, part, n);
    fclose(f);
    return buf_view(&b);
}

static bool bench(arena *a, void *ctx, err *e) {
    labelled l = {0};
    (void)ctx;
    str traditional = read_back(a, "traditional");
    if (traditional.n) {
        conversion(a, traditional, "to simplified characters, MB a second");
        return true;
    }
    if (!read_texts(a, &l, e)) return false;
    segmentation(a, &l);
    return true;
}

int main(int argc, char **argv) {
    err e;
    folder = argc > 1 ? argv[1] : NULL;
    if (job_run((size_t)4 << 30, bench, NULL, &e)) return 0;
    fprintf(stderr, "cut_bench: %s\n", e.msg);
    return 1;
}
