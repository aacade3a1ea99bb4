/* tally_bench.c - the tally on generated rows of a demo-like schema: ns a row, bytes a row, start-up;
** SQLite beside it on fewer rows, equal answers being a condition.
** Arguments: rows (10000000), rows for SQLite (1000000), folder (a new one under TMPDIR, removed), and
** "csv": also writes signals.csv, mentions.csv and answers.tsv there, for tally_peers.mjs. */
#include "store/tally_int.h"
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    CHANNELS = 8,
    TOUCHPOINTS = 12,
    PRODUCTS = 20,
    CITIES = 30,
    ASPECTS = 25,
    QUESTIONS = 4,
    ROUNDS = 3
};
static const char *const channels[CHANNELS] = {"app",   "call",  "chat",   "电商评论",
                                               "email", "order", "social", "survey"};

typedef struct {
    i64 id, at, nps; /* nps NONE = no answer */
    u32 channel, touchpoint, product, city, customer;
    u32 aspects, aspect[3];
    i32 polarity[3];
} made;

static u64 mix(u64 x) {
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

/* Row i of rows: moments in order over one year, a little late now and then. */
static made make(i64 i, i64 rows) {
    u64 h = mix((u64)i), g = mix(h), k = mix(g);
    made m = {.id = i + 1, .nps = NONE};
    i64 year = 365 * DAY_MS;
    m.at = day_of_ymd(2025, 1, 1) * DAY_MS + (i64)((double)i / (double)rows * (double)year) +
           (i64)(h % 7) * HOUR_MS;
    m.channel = (u32)(h >> 8) % CHANNELS;
    m.touchpoint = (u32)(h >> 20) % TOUCHPOINTS;
    m.product = (u32)(h >> 32) % PRODUCTS;
    m.city = (u32)(h >> 44) % CITIES;
    m.customer = (u32)(g % (u64)(rows / 10 + 1));
    if (g >> 40 & 1) m.nps = (i64)(g >> 50) % 11;
    m.aspects = (u32)(k % 4);
    for (u32 a = 0; a < m.aspects; a++) { /* 0, 8, 16 apart: no aspect twice in one signal */
        m.aspect[a] = (u32)(k >> 8) % 8 + a * 8;
        m.polarity[a] = (i32)((k >> (16 + a)) % 3) - 1;
    }
    return m;
}

static _Noreturn void stop(const char *what) {
    fprintf(stderr, "tally_bench: %s\n", what);
    exit(1);
}

/* Processor time: equal to the clock's on a quiet machine, and fair on a busy one. */
static double now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- into the tally ---- */

typedef struct {
    i64 rows, first_n; /* the source has the first first_n of rows */
    double visit_s;
} source;

static str numbered(char *out, size_t cap, const char *what, u32 k) {
    return (str){out, (size_t)snprintf(out, cap, "%s-%u", what, k)};
}

static bool scan(void *ctx, i64 after, bool words, store_visit *visit, void *vctx, err *e) {
    const source *s = ctx;
    (void)words;
    signal sig;
    insight ins;
    mention said[3];
    attribute attrs[2];
    char text[4][32], aspects[3][32];
    signal_init(&sig);
    noun_init(&noun_insight, &ins.row);
    for (int k = 0; k < 3; k++) noun_init(&noun_mention, &said[k]);
    sig.row.source = S("bench");
    ins.row.quality = S("ok");
    sig.attrs = attrs;
    ins.mentions = said;
    for (i64 i = after; i < s->first_n; i++) {
        made m = make(i, s->rows);
        sig.row.id = m.id;
        sig.row.occurred_at = m.at;
        sig.row.channel = str_of(channels[m.channel]);
        sig.row.touchpoint = numbered(text[0], 32, "touchpoint", m.touchpoint);
        sig.row.product = numbered(text[1], 32, "product", m.product);
        sig.row.customer = numbered(text[2], 32, "c", m.customer);
        attrs[0] = (attribute){S("city"), numbered(text[3], 32, "city", m.city), NONE};
        attrs[1] = (attribute){S("score:nps"), NO_STR, m.nps * NUM6_ONE};
        sig.attrs_n = m.nps == NONE ? 1 : 2;
        if (m.nps == NONE) attrs[1].num = NONE;
        ins.mentions_n = m.aspects;
        for (u32 k = 0; k < m.aspects; k++) {
            said[k].aspect = numbered(aspects[k], 32, "aspect", m.aspect[k]);
            said[k].polarity = m.polarity[k];
            said[k].strength = 50;
        }
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

/* ---- the questions ---- */

typedef struct {
    const char *name, *where, *by[2];
    by_unit unit[2];
    bool nps;
    const char *sql;
} question;
#define NPS_SQL                                                                                    \
    "count(*), count(nps), coalesce(sum(nps >= 9), 0), coalesce(sum(nps <= 6), 0) from signals"
static const question questions[QUESTIONS] = {
    {"nps by channel",
     "",
     {"channel", NULL},
     {BY_VALUE, BY_VALUE},
     true,
     "select channel, ''," NPS_SQL " group by 1"},
    {"nps by channel, week",
     "",
     {"channel", "occurred_at"},
     {BY_VALUE, BY_WEEK},
     true,
     "select channel, day - (day + 3) % 7," NPS_SQL " group by 1, 2"},
    {"the same, 3 filters",
     "product in ('product-1','product-2','product-3','product-4','product-5') and city != "
     "'city-7' and occurred_at >= "
     "2025-03-01 and occurred_at < 2025-10-01",
     {"channel", "occurred_at"},
     {BY_VALUE, BY_WEEK},
     true,
     "select channel, day - (day + 3) % 7," NPS_SQL
     " where product in ('product-1','product-2','product-3','product-4','product-5') and city != "
     "'city-7' and day >= "
     "20148 and day < 20362 group by 1, 2"},
    {"aspect x touchpoint",
     "aspect is not missing",
     {"aspect", "touchpoint"},
     {BY_VALUE, BY_VALUE},
     false,
     "select aspect, touchpoint, count(*), 0, 0, 0 from mentions group by 1, 2"},
};

static void print_key(buf *b, const tally_key *k) {
    if (k->kind == VALUE_TEXT) buf_str(b, k->text);
    if (k->kind == VALUE_TIME) buf_fmt(b, "%" PRId64, k->num / DAY_MS);
    buf_char(b, '\t');
}

static i64 between(const tally_stat *s, i64 lo, i64 hi) {
    i64 n = 0;
    for (size_t i = 0; i < s->bars_n; i++)
        if (s->bars[i].value >= lo * NUM6_ONE && s->bars[i].value <= hi * NUM6_ONE)
            n += s->bars[i].count;
    return n;
}

static void print_answer(buf *b, size_t number, const question *q, const tally_answer *out) {
    for (size_t i = 0; i < out->cells_n; i++) {
        const tally_cell *c = &out->cells[i];
        buf_fmt(b, "%zu\t", number);
        print_key(b, &c->keys[0]);
        if (q->by[1])
            print_key(b, &c->keys[1]);
        else
            buf_char(b, '\t');
        const tally_stat *s = c->stats;
        buf_fmt(b, "%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\n", c->n, q->nps ? s->n : 0,
                q->nps ? between(s, 9, 10) : 0, q->nps ? between(s, 0, 6) : 0);
    }
}

static double ask(tally *t, size_t number, buf *answers, tally_answer *out) {
    const question *q = &questions[number];
    err e;
    double best = 1e9;
    arena *a = arena_open(LIMIT_JOB_BYTES);
    for (int round = 0; round < ROUNDS; round++) {
        arena_reset(a);
        const expr *where;
        if (!expr_parse(a, str_of(q->where), 0, &where, &e)) stop(e.msg);
        tally_by by[2] = {{str_of(q->by[0]), q->unit[0]}, {str_of(q->by[1]), q->unit[1]}};
        tally_measure m = {.kind = MEASURE_NUM, .column = S("score:nps")};
        tally_question ask = {.where = where,
                              .by = by,
                              .by_n = q->by[1] ? 2 : 1,
                              .measures = &m,
                              .measures_n = q->nps};
        double from = now_s();
        if (!tally_ask(t, a, &ask, out, &e)) stop(e.msg);
        best = MIN(best, now_s() - from);
    }
    if (answers) print_answer(answers, number, q, out);
    arena_close(a);
    return best;
}

/* ---- SQLite beside it ---- */

static void exec(sqlite3 *db, const char *sql) {
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) stop(sqlite3_errmsg(db));
}

static void put_text(sqlite3_stmt *st, int at, const char *what, u32 k) {
    char text[32];
    str s = numbered(text, sizeof text, what, k);
    sqlite3_bind_text(st, at, s.p, (int)s.n, SQLITE_TRANSIENT);
}

static sqlite3 *sqlite_fill(const source *s) {
    sqlite3 *db;
    sqlite3_stmt *one, *said;
    if (sqlite3_open(":memory:", &db) != SQLITE_OK) stop("no SQLite");
    exec(db, "create table signals(id integer primary key, channel, touchpoint, product, city, "
             "day, nps);"
             "create table mentions(signal, aspect, touchpoint); begin");
    sqlite3_prepare_v2(db, "insert into signals values(?,?,?,?,?,?,?)", -1, &one, NULL);
    sqlite3_prepare_v2(db, "insert into mentions values(?,?,?)", -1, &said, NULL);
    for (i64 i = 0; i < s->first_n; i++) {
        made m = make(i, s->rows);
        sqlite3_bind_int64(one, 1, m.id);
        sqlite3_bind_text(one, 2, channels[m.channel], -1, SQLITE_STATIC);
        put_text(one, 3, "touchpoint", m.touchpoint);
        put_text(one, 4, "product", m.product);
        put_text(one, 5, "city", m.city);
        sqlite3_bind_int64(one, 6, day_of_ms(m.at));
        if (m.nps == NONE)
            sqlite3_bind_null(one, 7);
        else
            sqlite3_bind_int64(one, 7, m.nps);
        sqlite3_step(one);
        sqlite3_reset(one);
        for (u32 k = 0; k < m.aspects; k++) {
            sqlite3_bind_int64(said, 1, m.id);
            put_text(said, 2, "aspect", m.aspect[k]);
            put_text(said, 3, "touchpoint", m.touchpoint);
            sqlite3_step(said);
            sqlite3_reset(said);
        }
    }
    exec(db, "commit");
    sqlite3_finalize(one);
    sqlite3_finalize(said);
    return db;
}

static double sqlite_ask(sqlite3 *db, size_t number, buf *answers) {
    sqlite3_stmt *st;
    char sql[2000];
    snprintf(sql, sizeof sql, "%s order by 1, 2", questions[number].sql);
    if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK) stop(sqlite3_errmsg(db));
    double from = now_s();
    while (sqlite3_step(st) == SQLITE_ROW) {
        buf_fmt(answers, "%zu", number);
        for (int c = 0; c < 6; c++)
            buf_fmt(answers, "\t%s", (const char *)sqlite3_column_text(st, c));
        buf_char(answers, '\n');
    }
    double s = now_s() - from;
    sqlite3_finalize(st);
    return s;
}

static void beside_sqlite(i64 rows) {
    source s = {.rows = rows, .first_n = rows};
    tally *t = opened(&s, NULL);
    sqlite3 *db = sqlite_fill(&s);
    for (size_t k = 0; k < QUESTIONS; k++) {
        buf ours = {0}, theirs = {0};
        tally_answer out;
        double mine = ask(t, k, &ours, &out), other = sqlite_ask(db, k, &theirs);
        if (!str_eq(buf_view(&ours), buf_view(&theirs))) stop("SQLite answers differently");
        printf("sqlite: %s\t%.1f\tns/row\t%.0f times the tally's on the same %" PRId64
               " rows; equal answers\n",
               questions[k].name, other * 1e9 / (double)rows, other / mine, rows);
        buf_clear(&ours);
        buf_clear(&theirs);
    }
    sqlite3_close(db);
    tally_close(t);
}

/* ---- files for the other peers ---- */

static FILE *file_in(const char *dir, const char *name) {
    char path[600];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "w");
    if (!f) stop("cannot write the files for the peers");
    return f;
}

static void write_csv(const char *dir, i64 rows) {
    FILE *one = file_in(dir, "signals.csv"), *said = file_in(dir, "mentions.csv");
    fputs("id,channel,touchpoint,product,city,day,nps\n", one);
    fputs("signal,aspect,touchpoint\n", said);
    for (i64 i = 0; i < rows; i++) {
        made m = make(i, rows);
        fprintf(one, "%" PRId64 ",%s,touchpoint-%u,product-%u,city-%u,%" PRId64 ",", m.id,
                channels[m.channel], m.touchpoint, m.product, m.city, day_of_ms(m.at));
        if (m.nps != NONE) fprintf(one, "%" PRId64, m.nps);
        fputc('\n', one);
        for (u32 k = 0; k < m.aspects; k++)
            fprintf(said, "%" PRId64 ",aspect-%u,touchpoint-%u\n", m.id, m.aspect[k], m.touchpoint);
    }
    if (fclose(one) || fclose(said)) stop("cannot write the files for the peers");
    FILE *sql = file_in(dir, "questions.tsv");
    for (size_t k = 0; k < QUESTIONS; k++)
        fprintf(sql, "%zu\t%s\t%s\n", k, questions[k].name, questions[k].sql);
    fclose(sql);
}

static void report_columns(tally *t, i64 rows) {
    err e;
    tally_column *cols;
    size_t n;
    i64 total = 0;
    arena *a = arena_open(LIMIT_JOB_BYTES);
    if (!tally_columns(t, a, &cols, &n, &e)) stop(e.msg);
    for (size_t i = 0; i < n; i++) {
        total += cols[i].bytes;
        if (cols[i].bytes)
            printf("tally: bytes of %.*s\t%.2f\tbytes/row\t\n", STR_ARG(cols[i].name),
                   (double)cols[i].bytes / (double)rows);
    }
    printf("tally: bytes in all\t%.2f\tbytes/row\t\n", (double)total / (double)rows);
    arena_close(a);
}

static bool none(void *ctx, const char *name) {
    (void)ctx;
    (void)name;
    return false;
}

int main(int argc, char **argv) {
    i64 rows = 10000000, few = 1000000;
    char folder[500], dir[520];
    if (argc > 1 && !str_int(str_of(argv[1]), &rows)) stop("rows is not a number");
    if (argc > 2 && !str_int(str_of(argv[2]), &few)) stop("rows for SQLite is not a number");
    const char *tmp = getenv("TMPDIR");
    if (argc > 3)
        snprintf(folder, sizeof folder, "%s", argv[3]);
    else
        snprintf(folder, sizeof folder, "%s/tally_bench.%d", tmp ? tmp : "/tmp", (int)getpid());
    mkdir(folder, 0700);
    snprintf(dir, sizeof dir, "%s/bench.tally", folder);
    bool csv = argc > 4;
    source s = {.rows = rows, .first_n = rows};
    double from = now_s();
    tally *t = opened(&s, dir);
    printf("tally: built\t%.2f\tM rows/s\tfrom generated signals, 1 thread\n",
           (double)rows / (now_s() - from) / 1e6);
    tally_close(t);
    from = now_s();
    t = opened(&s, dir);
    printf("tally: opened\t%.0f\tms\t%" PRId64 " rows\n", (now_s() - from) * 1e3, rows);
    buf answers = {0};
    for (size_t k = 0; k < QUESTIONS; k++) {
        tally_answer out = {0};
        double sec = ask(t, k, &answers, &out);
        printf("tally: %s\t%.2f\tns/row\t%.0f ms, %zu cells, %.1f bytes/row read, %" PRId64
               " of %" PRId64 " segments skipped\n",
               questions[k].name, sec * 1e9 / (double)rows, sec * 1e3, out.cells_n,
               (double)out.bytes_read / (double)rows, out.segments_skipped, out.segments);
    }
    report_columns(t, rows);
    tally_close(t);
    if (few) beside_sqlite(MIN(few, rows));
    if (csv) {
        write_csv(folder, rows);
        FILE *f = file_in(folder, "answers.tsv");
        fwrite(answers.p, 1, answers.n, f);
        fclose(f);
    }
    buf_clear(&answers);
    dir_clean(dir, none, NULL);
    char lock[540];
    snprintf(lock, sizeof lock, "%s/lock", dir);
    unlink(lock);
    rmdir(dir);
    if (!csv) rmdir(folder);
    return 0;
}
