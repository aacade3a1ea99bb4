/* rules_bench.c - decisions of 500 rules a second on one core; with a folder as argument it also writes the rules
 * and signals there, for rules_peers.mjs to ask others of the same.  Env: RULES, SIGNALS. */
#include "act/decide.h"
#include "base/sys.h"
#include "kern/fold.h"
#include <time.h>

static u64 seed = 1;
static u32 dice(u32 n) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (u32)((seed >> 33) % n);
}

static i64 env_int(const char *name, i64 usual) {
    i64 v;
    const char *s = getenv(name);
    return s && str_int(str_of(s), &v) && v > 0 ? v : usual;
}

static double seconds(clockid_t c) {
    struct timespec t;
    clock_gettime(c, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static const char *const channels[] = {"call", "chat", "review", "survey",
                                       "mail", "shop", "app",    "web"};
static const char *const topics[] = {"late",   "cold",  "broken", "rude",
                                     "refund", "price", "lost",   "dirty"};

/* As an organisation writes them: who, where, how bad, sometimes a word, how often lately. */
static void write_rule(buf *b) {
    switch (dice(4)) {
    case 0:
        buf_fmt(b, "shop = 's%u' and score:nps <= %u", dice(200), dice(7));
        break;
    case 1:
        buf_fmt(b, "channel = '%s' and product = 'p%u' and words ~ '%s'", channels[dice(8)],
                dice(50), topics[dice(8)]);
        break;
    case 2:
        buf_fmt(b, "(shop = 's%u' or shop = 's%u') and (score:csat <= %u or words ~ '%s')",
                dice(200), dice(200), 1 + dice(3), topics[dice(8)]);
        break;
    default:
        buf_fmt(b, "product in ('p%u','p%u') and score:nps < %u and calls >= %u", dice(50),
                dice(50), 1 + dice(8), 1 + dice(4));
    }
}

typedef struct {
    signal s;
    insight i;
    str folded;
} row;

static void write_signal(arena *a, row *r) {
    signal_init(&r->s);
    noun_init(&noun_insight, &r->i.row);
    r->s.row.channel = str_of(channels[dice(8)]);
    r->s.row.product = arena_fmt(a, "p%u", dice(50));
    r->s.row.words =
        arena_fmt(a, "it was %s and %s, I have been waiting for three weeks and nobody answers",
                  topics[dice(8)], topics[dice(8)]);
    attribute all[] = {{S("calls"), NO_STR, dice(6) * NUM6_ONE},
                       {S("score:csat"), NO_STR, (1 + dice(5)) * NUM6_ONE},
                       {S("score:nps"), NO_STR, dice(11) * NUM6_ONE},
                       {S("shop"), arena_fmt(a, "s%u", dice(200)), NONE}};
    r->s.attrs = NEW_N(a, attribute, COUNT(all));
    memcpy(r->s.attrs, all, sizeof all);
    r->s.attrs_n = COUNT(all);
    fold(a, r->s.row.words, &r->folded, NULL);
}

static void dump(const char *dir, const str *rules, size_t n, const row *rows, size_t rows_n) {
    char path[500];
    snprintf(path, sizeof path, "%s/rules.txt", dir);
    FILE *f = fopen(path, "w");
    check(f);
    for (size_t i = 0; i < n; i++) fprintf(f, "%.*s\n", STR_ARG(rules[i]));
    fclose(f);
    snprintf(path, sizeof path, "%s/signals.tsv", dir);
    f = fopen(path, "w");
    check(f);
    for (size_t i = 0; i < rows_n; i++)
        fprintf(f, "%.*s\t%.*s\t%.*s\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%.*s\n",
                STR_ARG(rows[i].s.row.channel), STR_ARG(rows[i].s.row.product),
                STR_ARG(rows[i].s.row.words), rows[i].s.attrs[0].num / NUM6_ONE,
                rows[i].s.attrs[1].num / NUM6_ONE, rows[i].s.attrs[2].num / NUM6_ONE,
                STR_ARG(rows[i].s.attrs[3].text));
    fclose(f);
}

int main(int argc, char **argv) {
    size_t n = (size_t)env_int("RULES", 500), rows_n = (size_t)env_int("SIGNALS", 20000);
    arena *a = arena_open((size_t)2 << 30);
    const expr **when = NEW_N(a, const expr *, n);
    str *texts = NEW_N(a, str, n);
    row *rows = NEW_N(a, row, rows_n);
    u32 *out = NEW_N(a, u32, n);
    err e;
    i64 hits = 0, decided = 0;
    for (size_t i = 0; i < n; i++) {
        buf b = {.a = a};
        write_rule(&b);
        texts[i] = buf_view(&b);
        check(expr_parse(a, texts[i], 0, &when[i], &e));
    }
    for (size_t i = 0; i < rows_n; i++) write_signal(a, &rows[i]);
    if (argc > 1) dump(argv[1], texts, n, rows, rows_n);
    decider *d = decider_make(a, when, n);
    double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    for (int round = 0; round < 5; round++)
        for (size_t i = 0; i < rows_n; i++, decided++) {
            size_t got = decider_ask(d, &rows[i].s, &rows[i].i, rows[i].folded, NULL, NULL, out);
            if (round == 0) hits += (i64)got;
        }
    wall = seconds(CLOCK_MONOTONIC) - wall;
    cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    decider_size z = decider_count(d);
    printf("rules: decisions\t%.0f\t/s CPU\t%zu rules, %zu demands as %zu nodes, %zu behind an "
           "equality\n",
           (double)decided / cpu, n, z.leaves, z.nodes, z.indexed);
    printf("rules: decisions\t%.0f\t/s wall\tbar: 100,000\n", (double)decided / wall);
    printf("rules: matches\t%" PRId64 "\t\tof %zu signals\n", hits, rows_n);
    double slow = seconds(CLOCK_PROCESS_CPUTIME_ID);
    i64 slow_hits = 0;
    size_t few = MIN(rows_n, (size_t)100);
    for (size_t i = 0; i < few; i++)
        for (size_t r = 0; r < n; r++)
            slow_hits +=
                decide_slowly(when[r], &rows[i].s, &rows[i].i, rows[i].folded, NULL, NULL) == YES;
    slow = seconds(CLOCK_PROCESS_CPUTIME_ID) - slow;
    printf("rules: one by one\t%.0f\t/s CPU\tthe twin, %" PRId64 " matches in %zu signals\n",
           (double)few / slow, slow_hits, few);
    arena_close(a);
    return 0;
}
