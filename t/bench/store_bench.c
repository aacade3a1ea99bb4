/* store_bench.c - store_add beside a bare loop of prepared inserts of the same rows into the same
** tables, in one run; then a scan, a second import and the bytes a signal takes.
** Arguments: rows (100000), batch (2000), folder (TMPDIR). */
#include "base/time.h"
#include "store/sqlite.h"
#include <sys/stat.h>
#include <unistd.h>

enum { ROUNDS = 3 };

static double clock_s(clockid_t which) {
    struct timespec t;
    clock_gettime(which, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double now_s(void) {
    return clock_s(CLOCK_MONOTONIC);
}

static _Noreturn void stop(const char *what) {
    fprintf(stderr, "store_bench: %s\n", what);
    exit(1);
}

static str words_of(arena *a, i64 i) {
    buf b = {.a = a};
    buf_fmt(&b, "%" PRId64 " ", i);
    for (i64 n = 20 + i % 60; n > 0; n--)
        buf_fmt(&b, "\xe6\x85\xa2%x ", (unsigned)(i * 31 + n) & 0xff);
    return buf_view(&b);
}

static heard *make(arena *a, i64 rows) {
    heard *all = NEW_N(a, heard, (size_t)rows);
    for (i64 i = 0; i < rows; i++) {
        heard *h = &all[i];
        signal_init(&h->sig);
        noun_init(&noun_insight, &h->ins.row);
        signal_row *r = &h->sig.row;
        r->source = S("app-store");
        r->external_id = arena_fmt(a, "review-%08" PRId64, i * 7919 % rows);
        r->occurred_at = 1767225600000 + i * 60000;
        r->channel = S("review");
        r->product = i % 3 ? S("latte") : S("mocha");
        r->customer = arena_fmt(a, "member:%" PRId64, i / 3);
        r->words = words_of(a, i);
        h->sig.attrs = NEW_N(a, attribute, 2);
        h->sig.attrs[0] = (attribute){S("score:rating5"), NO_STR, (1 + i % 5) * NUM6_ONE};
        h->sig.attrs[1] = (attribute){S("city"), S("\xe4\xb8\x8a\xe6\xb5\xb7"), NONE};
        h->sig.attrs_n = 2;
        signal_seal(a, &h->sig);
        insight_row *n = &h->ins.row;
        n->lang = S("zh-Hans");
        n->quality = S("ok");
        n->words_hash = (i64)str_hash(r->words);
        n->simhash = n->words_hash * 31;
        n->sentiment = i % 3 - 1;
        n->confidence = 70;
        n->sentences = S("40,95");
        n->reader = S("lexicon 1");
        h->ins.mentions_n = (size_t)(i % 3);
        h->ins.mentions = NEW_N(a, mention, 2);
        for (size_t k = 0; k < 2; k++)
            h->ins.mentions[k] =
                (mention){0, NONE, S("delivery.speed"), -1, 60, S("\xe6\x85\xa2"), 0, 40};
    }
    return all;
}

static store *open_new(world *w, const char *path) {
    store *s = NULL;
    err e;
    char other[600];
    unlink(path);
    snprintf(other, sizeof other, "%s-wal", path);
    unlink(other);
    store_options o = {.w = w, .create = true};
    if (!store_open(str_of(path), &o, &s, &e)) stop(e.msg);
    return s;
}

/* ---- the bare loop ---- */

typedef struct {
    store *s;
    sqlite3_stmt *signal, *insight, *mention, *customer, *identity;
} bare;

static sqlite3_stmt *prepare(store *s, const noun *n) {
    sqlite3_stmt *st;
    str sql = sql_insert(s, n, "");
    if (sqlite3_prepare_v2(s->db, sql.p, (int)sql.n, &st, NULL) != SQLITE_OK)
        stop(sqlite3_errmsg(s->db));
    return st;
}

static void text(sqlite3_stmt *st, int at, str v) {
    if (v.p) sqlite3_bind_text(st, at, v.p, (int)v.n, SQLITE_STATIC);
}

static void run(store *s, sqlite3_stmt *st) {
    if (sqlite3_step(st) != SQLITE_DONE) stop(sqlite3_errmsg(s->db));
    sqlite3_reset(st);
}

static void bare_signal(bare *b, const signal_row *r, i64 id, const u8 uid[16]) {
    sqlite3_stmt *st = b->signal;
    sqlite3_bind_int64(st, 1, id);
    sqlite3_bind_blob(st, 2, uid, 16, SQLITE_STATIC);
    text(st, 3, r->source);
    text(st, 4, r->external_id);
    sqlite3_bind_int64(st, 5, r->occurred_at);
    sqlite3_bind_int64(st, 6, r->occurred_at);
    text(st, 7, r->channel);
    text(st, 9, r->product);
    text(st, 10, r->customer);
    text(st, 11, r->words);
    text(st, 15, r->attributes);
    run(b->s, st);
}

static void bare_insight(bare *b, const insight *i, i64 id) {
    sqlite3_stmt *st = b->insight;
    sqlite3_bind_int64(st, 1, id);
    text(st, 2, i->row.lang);
    text(st, 5, i->row.quality);
    sqlite3_bind_int64(st, 7, i->row.words_hash);
    sqlite3_bind_int64(st, 8, i->row.simhash);
    sqlite3_bind_int64(st, 9, i->row.sentiment);
    sqlite3_bind_int64(st, 10, i->row.confidence);
    text(st, 14, i->row.sentences);
    text(st, 15, i->row.reader);
    run(b->s, st);
    for (size_t k = 0; k < i->mentions_n; k++) {
        const mention *m = &i->mentions[k];
        sqlite3_bind_int64(b->mention, 1, id * MENTION_STRIDE + (i64)k);
        sqlite3_bind_int64(b->mention, 2, id);
        text(b->mention, 3, m->aspect);
        sqlite3_bind_int64(b->mention, 4, m->polarity);
        sqlite3_bind_int64(b->mention, 5, m->strength);
        text(b->mention, 6, m->opinion);
        sqlite3_bind_int64(b->mention, 7, m->start);
        sqlite3_bind_int64(b->mention, 8, m->end);
        run(b->s, b->mention);
    }
}

static void bare_customer(bare *b, const signal_row *r, i64 id, const u8 uid[16]) {
    sqlite3_bind_int64(b->customer, 1, id);
    sqlite3_bind_blob(b->customer, 2, uid, 16, SQLITE_STATIC);
    sqlite3_bind_int64(b->customer, 3, r->occurred_at);
    run(b->s, b->customer);
    sqlite3_bind_int64(b->identity, 1, id);
    text(b->identity, 2, S("member"));
    text(b->identity, 3, str_from(r->customer, 7));
    sqlite3_bind_int64(b->identity, 4, id);
    sqlite3_bind_int64(b->identity, 5, r->occurred_at);
    run(b->s, b->identity);
}

static double bare_loop(world_fake *w, const char *path, const heard *all, i64 rows, i64 batch) {
    bare b = {.s = open_new(&w->w, path)};
    err e;
    double t = now_s();
    b.signal = prepare(b.s, &noun_signal);
    b.insight = prepare(b.s, &noun_insight);
    b.mention = prepare(b.s, &noun_mention);
    b.customer = prepare(b.s, &noun_customer);
    b.identity = prepare(b.s, &noun_identity);
    for (i64 i = 0; i < rows; i++) {
        u8 uid[16] = {0};
        for (int k = 0; k < 8; k++) uid[k] = (u8)((u64)i >> (56 - 8 * k));
        if (i % batch == 0 && !db_exec(b.s, "BEGIN IMMEDIATE", &e)) stop(e.msg);
        bare_signal(&b, &all[i].sig.row, i + 1, uid);
        if (i % 3 == 0) bare_customer(&b, &all[i].sig.row, i / 3 + 1, uid);
        bare_insight(&b, &all[i].ins, i + 1);
        if ((i % batch == batch - 1 || i == rows - 1) && !db_exec(b.s, "COMMIT", &e)) stop(e.msg);
    }
    sqlite3_stmt *own[] = {b.signal, b.insight, b.mention, b.customer, b.identity};
    for (size_t i = 0; i < COUNT(own); i++) sqlite3_finalize(own[i]);
    store_close(b.s);
    return now_s() - t;
}

/* ---- ours ---- */

static double add_all(world_fake *w, store *s, heard *all, i64 rows, i64 batch) {
    err e;
    double t = now_s();
    for (i64 i = 0; i < rows; i += batch, w->clock_ms += 40) /* about what a batch takes */
        if (!store_add(s, all + i, (size_t)MIN(batch, rows - i), NULL, &e)) stop(e.msg);
    return now_s() - t;
}

static double add_loop(world_fake *w, const char *path, heard *all, i64 rows, i64 batch) {
    store *s = open_new(&w->w, path);
    double t = now_s();
    add_all(w, s, all, rows, batch);
    store_close(s);
    return now_s() - t;
}

static bool count_bytes(void *ctx, const signal *sig, const insight *ins, err *e) {
    (void)e;
    *(size_t *)ctx += sig->row.words.n + ins->mentions_n;
    return true;
}

static void rest(world_fake *w, const char *path, heard *all, i64 rows, i64 batch) {
    store *s = NULL;
    err e;
    size_t bytes = 0;
    struct stat st;
    store_options o = {.w = &w->w};
    if (!store_open(str_of(path), &o, &s, &e)) stop(e.msg);
    double t = now_s();
    if (!store_scan(s, 0, 0, true, count_bytes, &bytes, &e)) stop(e.msg);
    printf("scan            %8.0f signals/s\n", (double)rows / (now_s() - t));
    t = now_s();
    if (!store_scan(s, 0, 0, false, count_bytes, &bytes, &e)) stop(e.msg);
    printf("scan, no words  %8.0f signals/s\n", (double)rows / (now_s() - t));
    printf("again           %8.0f signals/s (all known)\n",
           (double)rows / add_all(w, s, all, rows, batch));
    store_close(s);
    i64 raw = 0;
    for (i64 i = 0; i < rows; i++)
        raw += (i64)(all[i].sig.row.words.n + all[i].sig.row.attributes.n);
    if (stat(path, &st) == 0)
        printf("file            %8.0f bytes a signal, %.0f of them words and attributes\n",
               (double)st.st_size / (double)rows, (double)raw / (double)rows);
}

int main(int argc, char **argv) {
    const char *folder = argc > 3 ? argv[3] : getenv("TMPDIR");
    i64 rows = 100000, batch = 2000;
    char path[500];
    world_fake w;
    if (argc > 1 && !str_int(str_of(argv[1]), &rows)) stop("rows is not a number");
    if (argc > 2 && !str_int(str_of(argv[2]), &batch)) stop("batch is not a number");
    snprintf(path, sizeof path, "%s/store_bench.%d.db", folder ? folder : "/tmp", (int)getpid());
    world_fake_init(&w, 1767225600000, 1);
    arena *a = arena_open((size_t)16 << 30);
    heard *all = make(a, rows);
    double ours = 1e9, plain = 1e9, cpu[3] = {0};
    for (int i = 0; i < ROUNDS; i++) {
        cpu[0] = clock_s(CLOCK_PROCESS_CPUTIME_ID);
        plain = MIN(plain, bare_loop(&w, path, all, rows, batch));
        cpu[1] += clock_s(CLOCK_PROCESS_CPUTIME_ID) - cpu[0];
        ours = MIN(ours, add_loop(&w, path, all, rows, batch));
        cpu[2] += clock_s(CLOCK_PROCESS_CPUTIME_ID) - cpu[0];
    }
    cpu[2] -= cpu[1];
    printf("bare loop       %8.0f signals/s (best of %d)\n", (double)rows / plain, ROUNDS);
    printf("store_add       %8.0f signals/s, %.0f %% of the bare loop\n", (double)rows / ours,
           100 * plain / ours);
    printf("processor time  %8.0f %% of the bare loop's speed\n", 100 * cpu[1] / cpu[2]);
    rest(&w, path, all, rows, batch);
    unlink(path);
    arena_close(a);
    return 0;
}
