/* flow_bench.c - how fast signals go through all rooms, and what a start costs when many are there.
**
** flow_bench [SIGNALS]   SIGNALS (1,000,000) is what the start is measured with; imports with
** readers take a tenth of it.  Prints rows of name, value, unit and note with tabs between. */
#include "base/job.h"
#include "base/time.h"
#include "flow/flow.h"
#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

enum { BATCH = 4096 };

static char dir[400];

static _Noreturn void give_up(const char *what, const err *e) {
    fprintf(stderr, "flow_bench: %s: %s\n", what, e->msg);
    exit(1);
}

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void row(const char *name, double number, const char *unit, const char *note) {
    printf("%s\t%.*f\t%s\t%s\n", name, number < 100 ? 2 : 0, number, unit, note);
    fflush(stdout);
}

/* ---- made-up signals: the same for the same number ---- */

static const char *const first[] = {
    "门店环境很干净",
    "客服等了半个小时才接通",
    "物流太慢了,一周还没到",
    "这次更新之后续航明显变好",
    "The driver was friendly and early",
    "I waited three weeks for my refund",
    "App keeps crashing when I log in",
    "Seats are comfortable and quiet",
    "價格有點貴,不過品質很好",
    "Support answered within minutes",
};
static const char *const second[] = {
    ",下次还会再来。",
    ",希望能尽快处理!",
    ",但是包装破了。",
    ". I would recommend it to friends.",
    ", but nobody called me back.",
    ". Please fix this soon!",
    ",总体还可以。",
    " 😀",
    ",真的很失望。",
    ".",
};
static const char *const channels[] = {"call", "chat", "review", "survey", "email", "app"};

static void make_signal(arena *a, i64 i, i64 now_ms, signal *s) {
    signal_init(s);
    s->row.source = S("bench");
    s->row.external_id = arena_fmt(a, "%" PRId64, i);
    s->row.occurred_at = now_ms - i % 365 * DAY_MS;
    s->row.channel = str_of(channels[i % (i64)COUNT(channels)]);
    s->row.product = arena_fmt(a, "model-%" PRId64, i % 40);
    s->row.customer = arena_fmt(a, "c%" PRId64, i % 50000);
    s->row.words = arena_fmt(a, "%s%s %" PRId64, first[i % 10], second[i / 10 % 10], i % 997);
    s->attrs = NEW_N(a, attribute, 2);
    s->attrs_n = 2;
    s->attrs[0] = (attribute){S("score:nps"), NO_STR, i * 7 % 11 * NUM6_ONE};
    s->attrs[1] = (attribute){S("city"), arena_fmt(a, "city-%" PRId64, i % 60), NONE};
    signal_seal(a, s);
}

typedef struct {
    flow *f;
    world *w;
    i64 from, to;
    i64 bytes;
} batch;

static bool take_batch(arena *a, void *ctx, err *e) {
    batch *b = ctx;
    size_t n = (size_t)(b->to - b->from);
    flow_counts counts = {0};
    signal *sigs = NEW_N(a, signal, n);
    for (size_t i = 0; i < n; i++) {
        make_signal(a, b->from + (i64)i, b->w->now_ms(b->w), &sigs[i]);
        b->bytes += (i64)sigs[i].row.words.n;
    }
    return flow_take(b->f, sigs, n, NULL, &counts, e);
}

static void fill(const char *path, i64 signals, int threads, bool silent, const char *name) {
    err e = {0};
    store *s = NULL;
    tally *t = NULL;
    world_fake w;
    world_fake_init(&w, 1767603600000, 1);
    store_options so = {.w = &w.w, .create = true};
    if (!store_open(str_of(path), &so, &s, &e) || !tally_open(s, &t, NULL, NULL, &e))
        give_up("open", &e);
    batch b = {.w = &w.w};
    flow_options fo = {.w = &w.w, .threads = threads, .silent = silent};
    if (!flow_open(s, t, &fo, &b.f, &e)) give_up("flow", &e);
    double began = seconds();
    for (b.from = 0; b.from < signals; b.from = b.to) {
        b.to = MIN(b.from + BATCH, signals);
        if (!job_run((size_t)1 << 30, take_batch, &b, &e)) give_up("take", &e);
    }
    double took = seconds() - began;
    flow_close(b.f);
    if (!tally_seal(t, &e)) give_up("seal", &e);
    tally_close(t);
    store_close(s);
    char note[120];
    snprintf(note, sizeof note, "%" PRId64 " signals, %.0f bytes of words each, in %.1f s", signals,
             (double)b.bytes / (double)signals, took);
    row(name, (double)signals / took, "signals/s", note);
}

/* ---- start: in a process of its own, so that its memory is its own ---- */

static bool count_job(arena *a, void *ctx, err *e) {
    tally_question q = {0};
    tally_answer answer;
    return tally_ask(ctx, a, &q, &answer, e);
}

static int start(const char *path) {
    err e = {0};
    store *s = NULL;
    tally *t = NULL;
    world_fake w;
    struct rusage used;
    world_fake_init(&w, 1767603600000, 1);
    double began = seconds();
    store_options so = {.w = &w.w, .read_only = true};
    if (!store_open(str_of(path), &so, &s, &e) || !tally_open(s, &t, NULL, NULL, &e))
        give_up("start", &e);
    if (!job_run(LIMIT_JOB_BYTES, count_job, t, &e)) give_up("count", &e);
    double took = seconds() - began;
    getrusage(RUSAGE_SELF, &used);
    char note[120];
    snprintf(note, sizeof note, "%" PRId64 " signals, to the first answer", tally_rows_total(t));
    row("start: time", took * 1e3, "ms", note);
    row("start: memory", (double)used.ru_maxrss / 1024, "MiB", "resident at most");
    tally_close(t);
    store_close(s);
    return 0;
}

static void start_apart(const char *self, const char *path) {
    char command[1200], text[400];
    snprintf(command, sizeof command, "'%s' start '%s'", self, path);
    FILE *p = popen(command, "r");
    while (p && fgets(text, sizeof text, p))
        fputs(text, stdout);
    if (!p || pclose(p) != 0) fprintf(stderr, "flow_bench: the start failed\n");
}

static void remove_tree(const char *path) {
    char inner[800];
    DIR *d = opendir(path);
    if (!d) return;
    for (struct dirent *f; (f = readdir(d)) != NULL;) {
        if (strcmp(f->d_name, ".") == 0 || strcmp(f->d_name, "..") == 0) continue;
        snprintf(inner, sizeof inner, "%s/%s", path, f->d_name);
        if (unlink(inner) != 0) remove_tree(inner);
    }
    closedir(d);
    rmdir(path);
}

static const char *path_of(const char *name) {
    static char path[500];
    snprintf(path, sizeof path, "%s/%s.db", dir, name);
    return path;
}

int main(int argc, char **argv) {
    i64 many = 1000000;
    const char *tmp = getenv("TMPDIR");
    if (argc == 3 && strcmp(argv[1], "start") == 0) return start(argv[2]);
    if (argc > 1 && !str_int(str_of(argv[1]), &many)) return 2;
    snprintf(dir, sizeof dir, "%s/heed-bench-XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(dir)) return 1;
    fill(path_of("one"), many / 10, 1, false, "import, all readers, 1 thread");
    fill(path_of("two"), many / 10, 2, false, "import, all readers, 2 threads");
    fill(path_of("silent"), many, 1, true, "import, no readers");
    start_apart(argv[0], path_of("silent"));
    remove_tree(dir);
    return 0;
}
