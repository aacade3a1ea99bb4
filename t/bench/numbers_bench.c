/* numbers_bench.c - a registry of 200 metrics over many rows: counted in one pass, beside a pass for each.
**
** numbers_bench [ROWS]   10,000,000 unless told, here or by $METRIC_ROWS.  Rows are generated; forty
** populations (a channel, a product, a touchpoint) times five formulas.  Both ways must give the same
** numbers to the last bit.  Prints rows of name, value, unit and note with tabs between. */
#include "base/time.h"
#include "kern/expr_make.h"
#include "store/tally_int.h"
#include "understand/measure_int.h"
#include "understand/refresh.h"
#include <sys/stat.h>
#include <unistd.h>

enum { CHANNELS = 8, PRODUCTS = 20, TOUCHPOINTS = 12, FORMULAS = 5, METRICS = 200, ROUNDS = 3 };
static const char *const formulas[FORMULAS] = {"nps", "csat", "ces", "share:sentiment=negative",
                                               "rate:score:nps >= 9"};

typedef struct {
    i64 n;
    str channel[CHANNELS], product[PRODUCTS], touchpoint[TOUCHPOINTS];
} crowd;

static _Noreturn void give_up(const char *why) {
    fprintf(stderr, "numbers_bench: %s\n", why);
    exit(1);
}

static u64 scattered(u64 x) {
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static bool scan(void *ctx, i64 after, bool words, store_visit *visit, void *vctx, err *e) {
    const crowd *k = ctx;
    attribute attrs[3] = {
        {S("score:ces"), NO_STR, 0}, {S("score:csat"), NO_STR, 0}, {S("score:nps"), NO_STR, 0}};
    insight ins = {0};
    signal s;
    (void)words;
    signal_init(&s);
    noun_init(&noun_insight, &ins.row);
    ins.row.quality = S("ok");
    s.row.source = S("bench");
    s.attrs = attrs;
    for (i64 i = after; i < k->n; i++) {
        u64 h = scattered((u64)i);
        s.row.id = i + 1;
        s.row.occurred_at = INT64_C(1735689600000) + i * 6000;
        s.row.channel = k->channel[(h & 0xff) % CHANNELS];
        s.row.product = k->product[(h >> 8 & 0xff) % PRODUCTS];
        s.row.touchpoint = k->touchpoint[(h >> 16 & 0xff) % TOUCHPOINTS];
        ins.row.sentiment = h >> 24 & 3 ? (i64)(h >> 26 & 0xff) % 3 - 1 : NONE;
        attrs[0].num = (1 + (i64)(h >> 34 & 0xff) % 7) * NUM6_ONE;
        attrs[1].num = (1 + (i64)(h >> 42 & 0xff) % 5) * NUM6_ONE;
        attrs[2].num = (i64)(h >> 50 & 0xff) % 11 * NUM6_ONE;
        s.attrs_n = h >> 60 & 1 ? 3 : 0;
        if (!visit(vctx, &s, &ins, e)) return true;
    }
    return true;
}

static i64 count(void *ctx) {
    return ((const crowd *)ctx)->n;
}

static void name_all(arena *a, str *out, size_t n, const char *what) {
    for (size_t i = 0; i < n; i++) out[i] = arena_fmt(a, "%s-%zu", what, i);
}

typedef struct {
    double wall, cpu;
} clock_at;

static clock_at now_at(void) {
    struct timespec t, c;
    clock_gettime(CLOCK_MONOTONIC, &t);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &c);
    return (clock_at){(double)t.tv_sec + (double)t.tv_nsec / 1e9,
                      (double)c.tv_sec + (double)c.tv_nsec / 1e9};
}

static clock_at since(clock_at from) {
    clock_at to = now_at();
    return (clock_at){to.wall - from.wall, to.cpu - from.cpu};
}

static definition *define(arena *a, const crowd *k) {
    definition *d = NEW_N(a, definition, METRICS);
    err e;
    for (size_t i = 0; i < METRICS; i++) {
        size_t who = i / FORMULAS;
        if (!registry_find(NULL, a, str_of(formulas[i % FORMULAS]), &d[i], &e)) give_up(e.msg);
        d[i].population =
            who < CHANNELS ? expr_text_is(a, S("channel"), k->channel[who])
            : who < CHANNELS + PRODUCTS
                ? expr_text_is(a, S("product"), k->product[who - CHANNELS])
                : expr_text_is(a, S("touchpoint"), k->touchpoint[who - CHANNELS - PRODUCTS]);
    }
    return d;
}

/* A question of its own for each, as measure() asks it. */
static void each(tally *t, arena *a, const definition *d, estimate *out) {
    err e;
    for (size_t i = 0; i < METRICS; i++) {
        const metric *m;
        metric_params p;
        tally_measure x[METRIC_MEASURES_MAX];
        tally_answer r;
        if (!formula_parse(a, d[i].formula, &m, &p, &e)) give_up(e.msg);
        tally_question q = {.where = d[i].population,
                            .measures = x,
                            .measures_n = m->measures(a, &p, x),
                            .afresh = true};
        if (!tally_ask(t, a, &q, &r, &e)) give_up(e.msg);
        out[i] = estimate_shown(m, m->value(&p, r.cells[0].n, r.cells[0].stats), MEASURE_MINIMUM_N);
    }
}

static void same(const refresh_answer *all, const estimate *each_one) {
    for (size_t i = 0; i < METRICS; i++) {
        const estimate *x = &all->values[i].est, *y = &each_one[i];
        if (x->n != y->n || x->missing != y->missing ||
            memcmp(&x->value, &y->value, sizeof x->value) ||
            memcmp(&x->low, &y->low, sizeof x->low) || memcmp(&x->high, &y->high, sizeof x->high))
            give_up("one pass and a pass for each do not agree");
    }
}

static void row(const char *name, double number, const char *unit, const char *note) {
    printf("%s\t%.*f\t%s\t%s\n", name, number < 100 ? 2 : 0, number, unit, note);
    fflush(stdout);
}

static void told(const char *name, clock_at took, const char *what, double cpu_beside) {
    char note[200];
    snprintf(note, sizeof note, "%s; CPU %.3f s", what, took.cpu);
    row(name, took.wall, "s", note);
    if (cpu_beside > 0)
        row("  200 passes cost", cpu_beside / took.cpu, "x", "CPU time, same run, one thread");
}

static void keep_best(clock_at *best, clock_at began) {
    clock_at took = since(began);
    if (took.cpu < best->cpu) *best = took;
}

static void measure_all(tally *t, arena *a, const crowd *k) {
    definition *d = define(a, k);
    estimate *each_one = NEW_N(a, estimate, METRICS);
    clock_at best[3] = {{1e9, 1e9}, {1e9, 1e9}, {1e9, 1e9}};
    static const i64 most[2] = {100000, 0};
    refresh_answer r[2];
    char what[2][120];
    err e;
    for (int round = 0; round < ROUNDS; round++) {
        clock_at began = now_at();
        each(t, a, d, each_one);
        keep_best(&best[2], began);
        for (int i = 0; i < 2; i++) {
            refresh_question q = {.threads = 1, .afresh = true, .cells = most[i]};
            began = now_at();
            if (!refresh(t, NULL, a, d, METRICS, &q, &r[i], &e)) give_up(e.msg);
            keep_best(&best[i], began);
            same(&r[i], each_one);
        }
    }
    if (r[0].passes != 1) give_up("it was more than one pass");
    snprintf(what[0], sizeof what[0], "%d metrics, %" PRId64 " rows", METRICS, k->n);
    snprintf(what[1], sizeof what[1], "as the registry asks them: %zu passes of fewer cells",
             r[1].passes);
    told("registry in 200 passes", best[2],
         "a question for each; all numbers equal to the last bit", 0);
    told("registry in one pass", best[0], what[0], best[2].cpu);
    told("registry as planned", best[1], what[1], best[2].cpu);
}

int main(int argc, char **argv) {
    crowd k = {.n = 10000000};
    const char *told = argc > 1 ? argv[1] : getenv("METRIC_ROWS"), *tmp = getenv("TMPDIR");
    char dir[200], command[240];
    arena *a = arena_open((size_t)4 << 30);
    tally *t;
    err e;
    if (told && (!str_int(str_of(told), &k.n) || k.n < 1)) give_up("want a number of rows");
    name_all(a, k.channel, CHANNELS, "channel");
    name_all(a, k.product, PRODUCTS, "product");
    name_all(a, k.touchpoint, TOUCHPOINTS, "touchpoint");
    snprintf(dir, sizeof dir, "%s/heed-numbers-XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(dir)) give_up("no folder under TMPDIR");
    tally_source from = {.scan = scan, .last_id = count, .count = count, .id = 42, .ctx = &k};
    if (!tally_open_from(&from, dir, TALLY_SEGMENT_ROWS, &t, NULL, NULL, &e)) give_up(e.msg);
    if (!tally_seal(t, &e)) give_up(e.msg);
    measure_all(t, a, &k);
    tally_close(t);
    arena_close(a);
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    return system(command) ? 1 : 0;
}
