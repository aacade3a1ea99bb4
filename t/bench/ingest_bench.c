/* ingest_bench.c - importing behaviour events beside the least it could cost: a bare loop of prepared inserts
** of the same rows into the same tables, in the same run; and what words cost to be found.
**
** ingest_bench [EVENTS]   200,000 unless told, here or by $EVENTS.  Prints rows of name, value, unit and note with tabs
** between.  CPU seconds stand beside wall seconds, for machines that are not quiet. */
#include "base/job.h"
#include "base/time.h"
#include "flow/intake.h"
#include <sqlite3.h>
#include <sys/resource.h>
#include <unistd.h>

enum { BATCH = LIMIT_BATCH_SIGNALS, CUSTOMERS = 50000 };

static char dir[400];

static _Noreturn void give_up(const char *what, const char *why) {
    fprintf(stderr, "ingest_bench: %s: %s\n", what, why);
    exit(1);
}

typedef struct {
    double wall, cpu;
} clock_at;

static clock_at now_at(void) {
    struct timespec t;
    struct rusage u;
    clock_gettime(CLOCK_MONOTONIC, &t);
    getrusage(RUSAGE_SELF, &u);
    return (clock_at){(double)t.tv_sec + (double)t.tv_nsec / 1e9,
                      (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
                          (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6};
}

static clock_at since(clock_at began) {
    clock_at now = now_at();
    return (clock_at){now.wall - began.wall, now.cpu - began.cpu};
}

static void row(const char *name, double number, const char *unit, const char *note) {
    printf("%s\t%.*f\t%s\t%s\n", name, number < 100 ? 2 : 0, number, unit, note);
    fflush(stdout);
}

static void speed(const char *name, i64 n, clock_at t) {
    char note[100];
    snprintf(note, sizeof note, "%.2f s wall, %.2f s CPU, %.2f us of CPU each", t.wall, t.cpu,
             t.cpu * 1e6 / (double)n);
    row(name, (double)n / t.wall, "events/s", note);
}

/* ---- events: the same for the same number ---- */

static void write_events(const char *path, i64 events) {
    static const char *const what[] = {"visited",      "viewed",   "searched", "cart_added",
                                       "order_placed", "returned", "called",   "app_opened"};
    FILE *f = fopen(path, "wb");
    if (!f) give_up(path, strerror(errno));
    fprintf(f, "id,occurred_at,customer,event,channel,product,amount,currency,city\n");
    for (i64 i = 0; i < events; i++) {
        u64 h = (u64)i * 0x9e3779b97f4a7c15u;
        civil c = civil_of(1735689600000 + i * 1573);
        fprintf(f,
                "e%" PRId64
                ",%04d-%02d-%02dT%02d:%02d:%02dZ,c%d,%s,%s,model-%d,%d.%02d,CNY,city-%d\n",
                i, c.year, c.month, c.day, c.hour, c.min, c.sec, (int)(h >> 33) % CUSTOMERS,
                what[h >> 20 & 7], h >> 11 & 1 ? "app" : "web", (int)(h >> 40) % 40,
                (int)(h >> 45) % 500, (int)(h >> 50) % 100, (int)(h >> 55) % 60);
    }
    if (fclose(f) != 0) give_up(path, strerror(errno));
}

/* ---- the import, as `heed import` does it ---- */

typedef struct {
    const char *csv, *db;
    world_fake w;
    flow *f;
    int threads;
    i64 added;
} importing;

static bool take(void *ctx, const signal *sigs, size_t n, intake *progress, flow_counts *counts,
                 err *e) {
    return flow_take(((importing *)ctx)->f, sigs, n, progress, counts, e);
}

static bool acked(void *ctx, const intake *r, const intake_result *so_far) {
    ((importing *)ctx)->added = so_far->counts.added;
    (void)r;
    return true;
}

static bool follow_file(arena *a, importing *k, store *s, err *e) {
    plan p;
    plan_wish w = {.header = -1, .now_ms = k->w.clock_ms, .source = S("bench")};
    intake_result r;
    intake_job job = {.s = s, .w = &k->w.w, .p = &p, .path = str_of(k->csv), .ctx = k};
    job.take = take;
    job.acked = acked;
    job.rejects_path = arena_fmt(a, "%s.rejected.csv", k->csv);
    if (!hear_open(str_of(k->csv), &job.src, e)) return false;
    bool ok = hear_look(a, job.src, &w, &p, e) && intake_run(a, &job, &r, e);
    hear_close(job.src);
    return ok;
}

static bool import_job(arena *a, void *ctx, err *e) {
    importing *k = ctx;
    store *s = NULL;
    tally *t = NULL;
    store_options so = {.w = &k->w.w, .create = true};
    flow_options fo = {.w = &k->w.w, .threads = k->threads};
    bool ok = store_open(str_of(k->db), &so, &s, e) && tally_open(s, &t, NULL, NULL, e) &&
              flow_open(s, t, &fo, &k->f, e) && follow_file(a, k, s, e) && tally_seal(t, e);
    flow_close(k->f);
    tally_close(t);
    store_close(s);
    return ok;
}

/* ---- the bare loop ---- */

typedef struct {
    const char *name;
    int columns;
    size_t rows;
    sqlite3_value **values; /* rows x columns */
    sqlite3_stmt *insert;
} table;

static void sql(sqlite3 *db, const char *text) {
    char *why = NULL;
    if (sqlite3_exec(db, text, NULL, NULL, &why) != SQLITE_OK) give_up(text, why);
}

static void load_table(sqlite3 *db, table *t) {
    char text[100];
    sqlite3_stmt *st;
    snprintf(text, sizeof text, "SELECT * FROM %s ORDER BY id", t->name);
    if (sqlite3_prepare_v2(db, text, -1, &st, NULL) != SQLITE_OK) give_up(text, sqlite3_errmsg(db));
    t->columns = sqlite3_column_count(st);
    for (size_t cap = 0; sqlite3_step(st) == SQLITE_ROW; t->rows++) {
        if (t->rows == cap) {
            cap = MAX(cap * 2, (size_t)4096);
            t->values = mem_grow(t->values, cap * (size_t)t->columns, sizeof *t->values);
        }
        for (int c = 0; c < t->columns; c++)
            t->values[t->rows * (size_t)t->columns + (size_t)c] =
                sqlite3_value_dup(sqlite3_column_value(st, c));
    }
    sqlite3_finalize(st);
}

static void prepare(sqlite3 *db, table *t) {
    char text[300];
    int n = snprintf(text, sizeof text, "INSERT INTO %s VALUES (?1", t->name);
    for (int c = 1; c < t->columns; c++)
        n += snprintf(text + n, sizeof text - (size_t)n, ",?%d", c + 1);
    snprintf(text + n, sizeof text - (size_t)n, ")");
    if (sqlite3_prepare_v3(db, text, -1, SQLITE_PREPARE_PERSISTENT, &t->insert, NULL) != SQLITE_OK)
        give_up(text, sqlite3_errmsg(db));
}

static void insert_some(sqlite3 *db, const table *t, size_t from, size_t to) {
    for (size_t r = from; r < to; r++) {
        for (int c = 0; c < t->columns; c++)
            sqlite3_bind_value(t->insert, c + 1, t->values[r * (size_t)t->columns + (size_t)c]);
        if (sqlite3_step(t->insert) != SQLITE_DONE) give_up(t->name, sqlite3_errmsg(db));
        sqlite3_reset(t->insert);
    }
}

static void make_empty(const char *path, world *w) {
    err e;
    store *s;
    store_options so = {.w = w, .create = true};
    if (!store_open(str_of(path), &so, &s, &e)) give_up(path, e.msg);
    store_close(s);
}

/* The same settings as the store's, the same batches; customers as they come, evenly. */
static clock_at bare_loop(const char *path, table *tables, size_t n) {
    sqlite3 *db;
    if (sqlite3_open(path, &db) != SQLITE_OK) give_up(path, sqlite3_errmsg(db));
    sql(db, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON;"
            "PRAGMA cache_size = -65536; PRAGMA secure_delete = FAST; PRAGMA temp_store = MEMORY;"
            "PRAGMA wal_autocheckpoint = 4096; PRAGMA journal_size_limit = 67108864");
    for (size_t i = 0; i < n; i++) prepare(db, &tables[i]);
    size_t all = tables[0].rows;
    clock_at began = now_at();
    for (size_t from = 0; from < all; from += BATCH) {
        size_t to = MIN(from + BATCH, all);
        sql(db, "BEGIN IMMEDIATE");
        for (size_t i = 0; i < n; i++)
            insert_some(db, &tables[i], tables[i].rows * from / all, tables[i].rows * to / all);
        sql(db, "COMMIT");
    }
    clock_at took = since(began);
    for (size_t i = 0; i < n; i++) sqlite3_finalize(tables[i].insert);
    sqlite3_close(db);
    return took;
}

static clock_at bare(const char *from, const char *to, world *w) {
    table tables[] = {
        {.name = "signal"}, {.name = "insight"}, {.name = "customer"}, {.name = "identity"}};
    sqlite3 *db;
    if (sqlite3_open_v2(from, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        give_up(from, sqlite3_errmsg(db));
    for (size_t i = 0; i < COUNT(tables); i++) load_table(db, &tables[i]);
    sqlite3_close(db);
    make_empty(to, w);
    return bare_loop(to, tables, COUNT(tables)); /* what was loaded stays until the end */
}

/* ---- the tally made again from the store ---- */

static void rebuild(const char *path, world *w, i64 events) {
    err e;
    store *s;
    tally *t;
    store_options so = {.w = w};
    if (!store_open(str_of(path), &so, &s, &e) || !tally_open(s, &t, NULL, NULL, &e))
        give_up(path, e.msg);
    clock_at began = now_at();
    if (!tally_rebuild(t, NULL, NULL, &e)) give_up("rebuild", e.msg);
    speed("the tally made again from the store", events, since(began));
    tally_close(t);
    store_close(s);
}

static bool see(void *ctx, const signal *s, const insight *i, err *e) {
    (void)s, (void)i, (void)e;
    ++*(i64 *)ctx;
    return true;
}

static void read_store(const char *path, world *w) {
    err e;
    store *s;
    i64 seen = 0;
    store_options so = {.w = w, .read_only = true};
    if (!store_open(str_of(path), &so, &s, &e)) give_up(path, e.msg);
    clock_at began = now_at();
    if (!store_scan(s, 0, 0, false, see, &seen, &e)) give_up("scan", e.msg);
    speed("the store read, nothing done with it", seen, since(began));
    store_close(s);
}

static void clean_up(void) {
    char z[500];
    snprintf(z, sizeof z, "rm -rf '%s'", dir);
    if (system(z) != 0) fprintf(stderr, "ingest_bench: %s stays\n", dir);
}

int main(int argc, char **argv) {
    const char *told = argc > 1 ? argv[1] : getenv("EVENTS");
    i64 events = told ? strtoll(told, NULL, 10) : 200000;
    err e;
    char csv[500], one[500], two[500], note[120];
    const char *tmp = getenv("TMPDIR");
    snprintf(dir, sizeof dir, "%s/heed-ingest-XXXXXX", tmp ? tmp : "/tmp");
    if (events < 1 || !mkdtemp(dir)) give_up(dir, "no folder, or no events");
    atexit(clean_up);
    snprintf(csv, sizeof csv, "%s/events.csv", dir);
    snprintf(one, sizeof one, "%s/imported.db", dir);
    snprintf(two, sizeof two, "%s/bare.db", dir);
    write_events(csv, events);
    importing k = {.csv = csv, .db = one, .threads = 2};
    world_fake_init(&k.w, 1798761600000, 1);
    clock_at began = now_at();
    if (!job_run(LIMIT_COMMAND_BYTES, import_job, &k, &e)) give_up("import", e.msg);
    clock_at imported = since(began);
    if (k.added != events) give_up("import", "not all events were added");
    clock_at loop = bare(one, two, &k.w.w);
    speed("import of events: CSV, rooms, rules, store, tally", events, imported);
    speed("bare loop of the same rows into the same tables", events, loop);
    snprintf(note, sizeof note, "wanted 60; %.0f by CPU time", 100 * loop.cpu / imported.cpu);
    row("import beside the bare loop", 100 * loop.wall / imported.wall, "%", note);
    read_store(one, &k.w.w);
    rebuild(one, &k.w.w, events);
    return 0;
}
