/* langs.c - prints how often runs of 1 to 4 letters stand in the languages of kern/lang.h, as a table to
** look them up in, from the profiles of libexttextcat (BSD).  Built and run once by the Makefile.
** langs FOLDER   lists of letters and counts between tabs: FOLDER/de.lm and so on */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In the order of kern/lang_runs.h. */
static const char *const langs[] = {"en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi",
                                    "pl", "cs", "tr", "id", "vi", "ro", "hu", "ru", "uk", "bg"};
enum { LANGS = sizeof langs / sizeof *langs, MOST = 16384, SLOTS = 16384, LETTERS = 4 };

typedef struct {
    uint32_t hash;
    int rank[LANGS]; /* from 1; 0 = not in the profile */
} run;
static run runs[MOST];
static int runs_n;

/* Some profiles have counts, some only the order: the mean share at a rank serves all of them. */
enum { RANKS = 400 };
static double share[RANKS + 1], counted;

static int read_char(const unsigned char *p, uint32_t *c) {
    if (p[0] < 0x80) return *c = p[0], 1;
    if (p[0] < 0xe0) return *c = (uint32_t)(p[0] & 31) << 6 | (p[1] & 63), 2;
    return *c = (uint32_t)(p[0] & 15) << 12 | (uint32_t)(p[1] & 63) << 6 | (p[2] & 63), 3;
}

/* As kern/lang.c hashes; 0 = too long, or the border of a word alone. */
static uint32_t hash_of(const char *text) {
    uint32_t h = 0x811c9dc5u, c;
    int n = 0;
    for (const unsigned char *p = (const unsigned char *)text; *p; n++) {
        p += read_char(p, &c);
        h = (h ^ (c == '_' ? ' ' : c)) * 0x9e3779b1u;
    }
    return n > LETTERS || strcmp(text, "_") == 0 ? 0 : h;
}

static int by_hash(const void *a, const void *b) {
    const run *x = a, *y = b;
    return x->hash < y->hash ? -1 : x->hash > y->hash;
}

static void put(uint32_t h, int lang, int rank) {
    int i = 0;
    while (i < runs_n && runs[i].hash != h) i++;
    if (i == runs_n) runs[runs_n++].hash = h;
    runs[i].rank[lang] = rank;
}

static int read_profile(const char *folder, int lang) {
    char path[4096], line[256];
    double counts[RANKS + 1] = {0}, all = 0;
    int rank = 0;
    snprintf(path, sizeof path, "%s/%s.lm", folder, langs[lang]);
    FILE *f = fopen(path, "rb");
    if (!f) {
        fprintf(stderr, "langs: no %s: install libexttextcat-data (script/install-deps does)\n", path);
        return 1;
    }
    while (rank < RANKS && fgets(line, sizeof line, f)) {
        char *end = line + strcspn(line, "\t\n"), *number = *end == '\t' ? end + 1 : NULL;
        *end = 0;
        rank++;
        counts[rank] = number ? strtod(number, NULL) : 0;
        all += counts[rank];
        uint32_t h = hash_of(line);
        if (h && runs_n < MOST) put(h, lang, rank);
    }
    fclose(f);
    for (int r = 1; all > 0 && r <= RANKS; r++) share[r] += counts[r] / all;
    counted += all > 0;
    return 0;
}

int main(int argc, char **argv) {
    static int slots[SLOTS];
    for (int l = 0; l < LANGS; l++)
        if (argc < 2 || read_profile(argv[1], l)) return 1;
    qsort(runs, (size_t)runs_n, sizeof *runs, by_hash);
    printf("/* made by tools/langs.c from libexttextcat's profiles */\n#include \"kern/lang_runs.h\"\n"
           "const lang_run lang_runs[] = {\n{0, {0}},\n");
    for (int i = 0; i < runs_n; i++) {
        printf("{0x%08xu, {", (unsigned)runs[i].hash);
        for (int l = 0; l < LANGS; l++) {
            int rank = runs[i].rank[l];
            double w = round(12 * log((rank ? share[rank] : share[RANKS] * 0.3) / counted));
            printf("%d,", w < -127 ? -127 : (int)w);
        }
        printf("}},\n");
        unsigned at = runs[i].hash >> 18;
        while (slots[at]) at = (at + 1) % SLOTS;
        slots[at] = i + 1;
    }
    printf("};\nconst u16 lang_slots[] = {\n");
    for (int i = 0; i < SLOTS; i++) printf("%d,%s", slots[i], i % 32 == 31 ? "\n" : "");
    printf("};\n");
    return 0;
}
