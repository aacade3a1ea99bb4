/* walk_bench.c - journeys on generated events: nanoseconds an event for a funnel of five steps, what
** follows what, cohorts and repurchase, one thread; and what the index costs.
** Arguments: events (2000000), customers (events / 20), folder (a new one under TMPDIR, removed), and
** "csv": also writes events.csv and the answers as JSON there, for walk_peers.mjs. */
#include "store/tally_int.h"
#include "store/walk_int.h"
#include <sys/stat.h>
#include <unistd.h>

enum { ROUNDS = 5, KINDS = 9, YEARS_MS_DAYS = 730 };
static const char *const kinds[KINDS] = {"view", "search", "cart",   "checkout", "pay",
                                         "call", "chat",   "return", "review"};
static const u32 shares[KINDS] = {42, 20, 12, 6, 8, 3, 3, 2, 4}; /* of a hundred */

static u64 mix(u64 x) {
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

typedef struct {
    i64 rows, customers, first_n; /* the source has the first first_n of rows */
} source;
typedef struct {
    i64 at;
    u32 customer, kind;
} made;

/* Event i: two years in order, every fiftieth a few hours late or early; no two at one moment; some
** customers come far more often than others. */
static made make(const source *s, i64 i) {
    u64 h = mix((u64)i), g = mix(h);
    i64 pair = i & ~(i64)0x800, slot = i;
    if (mix((u64)pair + 77) % 50 == 0 && (pair | 0x800) < s->rows) slot = i ^ 0x800;
    i64 step = YEARS_MS_DAYS * DAY_MS / s->rows;
    double u = (double)(g >> 11) / (double)((u64)1 << 53);
    made m = {.at = day_of_ymd(2024, 1, 1) * DAY_MS + slot * step + (i64)(h % (u64)MAX(1, step))};
    m.customer = (u32)((double)s->customers * u * (0.25 + 0.75 * u));
    u32 of = (u32)(h >> 40) % 100;
    while (of >= shares[m.kind]) of -= shares[m.kind++];
    return m;
}

static _Noreturn void stop(const char *what) {
    fprintf(stderr, "walk_bench: %s\n", what);
    exit(1);
}

/* Processor time: equal to the clock's on a quiet machine, and fair on a busy one. */
static double now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool scan(void *ctx, i64 after, bool words, store_visit *visit, void *vctx, err *e) {
    const source *s = ctx;
    (void)words;
    signal sig;
    insight ins;
    char who[32];
    signal_init(&sig);
    ins = (insight){0};
    noun_init(&noun_insight, &ins.row);
    sig.row.source = S("bench");
    ins.row.quality = S("ok");
    for (i64 i = after; i < s->first_n; i++) {
        made m = make(s, i);
        sig.row.id = i + 1;
        sig.row.occurred_at = m.at;
        sig.row.event = str_of(kinds[m.kind]);
        sig.row.customer = (str){who, (size_t)snprintf(who, sizeof who, "c%u", m.customer)};
        if (!visit(vctx, &sig, &ins, e)) return true;
    }
    return true;
}

static i64 last_id(void *ctx) {
    return ((const source *)ctx)->first_n;
}

static tally *opened(source *s, const char *dir) {
    err e;
    tally *t;
    tally_source from = {.scan = scan, .last_id = last_id, .count = last_id, .id = 42, .ctx = s};
    if (!tally_open_from(&from, dir, TALLY_SEGMENT_ROWS, &t, NULL, NULL, &e)) stop(e.msg);
    return t;
}

/* ---- the questions; answers as lines, for the peers ---- */

static const expr *is(arena *a, const char *text) {
    err e;
    const expr *x;
    if (!expr_parse(a, str_of(text), 0, &x, &e)) stop(e.msg);
    return x;
}

static void put_times(FILE *out, walk_times t) {
    fprintf(out, "\t%.17g\t%.17g\t%.17g", t.mean, t.median, t.p90);
}

static bool funnel(tally *t, arena *a, FILE *out, err *e) {
    static const char *const names[] = {"view", "cart", "checkout", "pay", "review"};
    walk_class steps[COUNT(names)];
    walk_scope s = {0};
    funnel_answer f;
    for (size_t i = 0; i < COUNT(names); i++)
        steps[i] = (walk_class){str_of(names[i]), is(a, arena_fmt(a, "event = '%s'", names[i]).p)};
    funnel_question q = {.steps = steps, .steps_n = COUNT(names), .window_ms = 30 * DAY_MS};
    if (!walk_funnel(t, a, &s, &q, &f, e)) return false;
    for (size_t i = 0; i < COUNT(names); i++)
        fprintf(out, "%s%" PRId64, i ? "\t" : "", f.groups[0].steps[i].n);
    fprintf(out, "\t%.17g\n", f.groups[0].steps[4].from_entry.median);
    return true;
}

static bool follows(tally *t, arena *a, FILE *out, err *e) {
    walk_scope s = {0};
    follows_answer f;
    if (!walk_follows(t, a, &s, &f, e)) return false;
    for (size_t i = 0; i < f.pairs_n; i++) {
        const follows_pair *p = &f.pairs[i];
        fprintf(out, "%.*s\t%.*s\t%" PRId64, STR_ARG(f.activities[p->from].name),
                STR_ARG(f.activities[p->to].name), p->wait.n);
        put_times(out, p->wait);
        fputc('\n', out);
    }
    return true;
}

static bool cohorts(tally *t, arena *a, FILE *out, err *e) {
    walk_scope s = {0};
    cohort_question q = {.unit = BY_MONTH, .until = NONE, .periods = 11};
    cohort_answer c;
    if (!walk_cohorts(t, a, &s, &q, &c, e)) return false;
    for (size_t i = 0; i < c.rows_n; i++)
        for (size_t k = 0; k < c.rows[i].periods_n; k++)
            fprintf(out, "%.*s\t%zu\t%" PRId64 "\n", 7, day_print(a, c.rows[i].day).p, k,
                    c.rows[i].active[k]);
    return true;
}

static bool repurchase(tally *t, arena *a, FILE *out, err *e) {
    walk_scope s = {.where = is(a, "event = 'pay'")};
    repurchase_question q = {NONE, NONE, 90, BY_MONTH, NONE};
    repurchase_answer r;
    if (!walk_repurchase(t, a, &s, &q, &r, e)) return false;
    for (size_t i = 0; i < r.rows_n; i++)
        fprintf(out, "%.*s\t%" PRId64 "\t%" PRId64 "\n", 7, day_print(a, r.rows[i].day).p,
                r.rows[i].fresh, r.rows[i].again);
    return true;
}

static const struct {
    const char *name;
    bool (*ask)(tally *t, arena *a, FILE *out, err *e);
} questions[] = {{"funnel of five steps in 30 days", funnel},
                 {"what follows what", follows},
                 {"cohorts of twelve months", cohorts},
                 {"repurchase within 90 days", repurchase}};

static void ask(tally *t, size_t k, i64 rows, const char *dir, bool csv) {
    err e;
    double best = INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
        arena *a = arena_open((size_t)1 << 30);
        char path[4400];
        snprintf(path, sizeof path, "%s/answer-%zu.tsv", dir, k);
        FILE *out = fopen(csv ? path : "/dev/null", "w");
        if (!out) stop("an answer cannot be written");
        double from = now_s();
        if (!questions[k].ask(t, a, out, &e)) stop(e.msg);
        best = fmin(best, now_s() - from);
        fclose(out);
        arena_close(a);
    }
    printf("walk: %s\t%.2f\tns an event\n", questions[k].name, best * 1e9 / (double)rows);
}

static void write_events(const source *s, const char *dir) {
    char path[4400];
    snprintf(path, sizeof path, "%s/events.csv", dir);
    FILE *f = fopen(path, "w");
    if (!f) stop("events.csv cannot be written");
    fputs("id,customer,event,ms\n", f);
    for (i64 i = 0; i < s->rows; i++) {
        made m = make(s, i);
        fprintf(f, "%" PRId64 ",%u,%s,%" PRId64 "\n", i + 1, m.customer, kinds[m.kind], m.at);
    }
    if (fclose(f) != 0) stop("events.csv cannot be written");
}

static i64 walk_bytes(const tally *t) {
    i64 bytes = 0;
    for (u32 i = 0; i < t->walks->columns_n; i++)
        for (u32 k = 0; k < t->walks->columns[i].n; k++)
            bytes += (i64)t->walks->columns[i].runs[k]->head->bytes;
    return bytes;
}

static void index_cost(source *s, tally *t, const char *dir) {
    err e;
    walk_scope scope = {0};
    session_question q = {HOUR_MS};
    session_answer answer;
    arena *a = arena_open((size_t)1 << 30);
    double from = now_s();
    if (!walk_sessions(t, a, &scope, &q, &answer, &e)) stop(e.msg);
    printf("walk: first question, index made\t%.2f\tns an event\n",
           (now_s() - from) * 1e9 / (double)s->rows);
    printf("walk: index\t%.2f\tbytes an event\n", (double)walk_bytes(t) / (double)s->rows);
    tally_close(t);
    arena_reset(a);
    t = opened(s, dir);
    from = now_s();
    if (!walk_sessions(t, a, &scope, &q, &answer, &e)) stop(e.msg);
    printf("walk: first question of the next process\t%.2f\tns an event\n",
           (now_s() - from) * 1e9 / (double)s->rows);
    arena_close(a);
    tally_close(t);
}

static bool keep_nothing(void *ctx, const char *name) {
    (void)ctx, (void)name;
    return false;
}

int main(int argc, char **argv) {
    char made_dir[4096], dir[4200];
    err e;
    source s = {.rows = argc > 1 ? strtoll(argv[1], NULL, 10) : 2000000};
    s.customers = argc > 2 ? strtoll(argv[2], NULL, 10) : 0;
    if (s.customers < 1) s.customers = s.rows / 20 + 1;
    s.first_n = s.rows;
    bool csv = argc > 4 && strcmp(argv[4], "csv") == 0;
    const char *tmp = getenv("TMPDIR");
    snprintf(made_dir, sizeof made_dir, "%s/walk-bench-XXXXXX", tmp ? tmp : "/tmp");
    if (argc <= 3 && !mkdtemp(made_dir)) stop("no temporary folder");
    if (argc > 3) snprintf(made_dir, sizeof made_dir, "%s", argv[3]);
    snprintf(dir, sizeof dir, "%s/tally", made_dir);
    if (csv) write_events(&s, made_dir);
    tally *t = opened(&s, dir);
    if (!tally_seal(t, &e)) stop(e.msg);
    index_cost(&s, t, dir);
    t = opened(&s, dir);
    const char *only = getenv("WALK_ONLY"); /* the number of one question, for a profiler */
    for (size_t k = 0; k < COUNT(questions); k++)
        if (!only || strtoul(only, NULL, 10) == k) ask(t, k, s.rows, made_dir, csv);
    tally_close(t);
    dir_clean(dir, keep_nothing, NULL);
    rmdir(dir);
    if (argc <= 3) rmdir(made_dir);
    return 0;
}
