/* tally_bench.c - the tally on generated rows of the demo schema: twelve questions in ns a row and in
** shares of what this memory can be read at, by one thread and by two; bytes a row, start-up, rebuilding;
** SQLite beside it on fewer rows, equal answers being a condition.
** Arguments: rows (10000000), rows for SQLite (1000000, 0 = without), folder (a new one under TMPDIR,
** removed), and "told": writes questions.tsv and answers.tsv there, for tally_peers.mjs.
** "ROWS 0 FOLDER sizes" asks them on 1, 3, 10 ... million rows up to so many.
** TALLY_ONLY=5 in the environment asks the fifth question alone, for three seconds: for a profiler.
** "csv ROWS signals|mentions" writes the same rows as CSV to standard output. */
#include "tally_questions.h"
#include "tally_rows.h"
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ROUNDS = 5 };

static _Noreturn void stop(const char *what) {
    fprintf(stderr, "tally_bench: %s\n", what);
    exit(1);
}

static double clock_s(clockid_t which) {
    struct timespec t;
    clock_gettime(which, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Processor time: equal to the clock's on a quiet machine, and fair on a busy one. */
static double cpu_s(void) {
    return clock_s(CLOCK_PROCESS_CPUTIME_ID);
}

static str numbered(char *out, size_t cap, const char *what, u32 k) {
    return (str){out, (size_t)snprintf(out, cap, "%s-%u", what, k)};
}

/* ---- rows into the tally's own arrays: what is measured is the tally, not this ---- */

typedef struct {
    i64 rows, first_n; /* the source has the first first_n of rows */
} source;

static i64 last_id(void *ctx) {
    return ((const source *)ctx)->first_n;
}

static bool scan_none(void *ctx, i64 after, bool words, store_visit *visit, void *vctx, err *e) {
    (void)ctx, (void)after, (void)words, (void)visit, (void)vctx, (void)e;
    return true;
}

typedef struct {
    tally *t;
    u32 channel[CHANNELS], touchpoint[TOUCHPOINTS], product[PRODUCTS], city[CITIES], mood[3],
        aspect[ASPECTS], polarity[3], source, quality, lang[2];
    u32 city_no, nps_no;
} codes;

static void text_codes(tally *t, u32 number, const char *what, u32 n, u32 *out) {
    char text[40];
    for (u32 k = 0; k < n; k++)
        out[k] = dict_code(&t->columns[number].dict, numbered(text, 40, what, k));
}

static void codes_make(codes *c, tally *t, i64 rows) {
    c->t = t;
    c->city_no = column_number(t, column_need(t, S("city"), COLUMN_TEXT, OF_SIGNAL));
    c->nps_no = column_number(t, column_need(t, S("score:nps"), COLUMN_NUM, OF_SIGNAL));
    for (u32 k = 0; k < CHANNELS; k++)
        c->channel[k] = dict_code(&t->columns[COL_CHANNEL].dict, str_of(channels[k]));
    for (u32 k = 0; k < 3; k++) {
        c->mood[k] = dict_code(&t->columns[COL_SENTIMENT].dict, str_of(moods[k]));
        c->polarity[k] = dict_code(&t->columns[COL_POLARITY].dict, str_of(moods[k]));
    }
    text_codes(t, COL_TOUCHPOINT, "touchpoint", TOUCHPOINTS, c->touchpoint);
    text_codes(t, COL_PRODUCT, "product", PRODUCTS, c->product);
    text_codes(t, c->city_no, "city", CITIES, c->city);
    text_codes(t, COL_ASPECT, "aspect", ASPECTS, c->aspect);
    text_codes(t, COL_SOURCE, "source", 1, &c->source);
    text_codes(t, COL_QUALITY, "quality", 1, &c->quality);
    text_codes(t, COL_LANG, "lang", 2, c->lang);
    for (u32 k = 0; k <= rows / 10; k++) {
        char text[40];
        if (dict_code(&t->columns[COL_CUSTOMER].dict, numbered(text, 40, "c", k)) != k + 1)
            stop("customers are not numbered in order");
    }
}

static void lane_room(loose *r, u32 number, bool text, u32 n) {
    lane *l = &r->lanes[number];
    if (l->cap < n) {
        l->cap = n;
        if (text)
            l->codes = mem_grow(l->codes, n, sizeof *l->codes);
        else
            l->nums = mem_grow(l->nums, n, sizeof *l->nums);
    }
    l->n = n;
}

static void put_mentions(const codes *c, loose *r, const made *m, u32 row) {
    for (u32 k = 0; k < m->mentions; k++) {
        u32 at = r->n[OF_MENTION]++;
        r->owner[OF_MENTION][at] = row;
        r->lanes[COL_ASPECT].codes[at] = c->aspect[m->aspect[k]];
        r->lanes[COL_POLARITY].codes[at] = c->polarity[m->polarity[k]];
        r->lanes[COL_STRENGTH].nums[at] = 50 * NUM6_ONE;
    }
}

static void put_row(const codes *c, loose *r, const made *m, u32 row) {
    r->ids[row] = m->id;
    r->lanes[COL_SOURCE].codes[row] = c->source;
    r->lanes[COL_QUALITY].codes[row] = c->quality;
    r->lanes[COL_LANG].codes[row] = c->lang[m->id % 5 == 0];
    r->lanes[COL_CHANNEL].codes[row] = c->channel[m->channel];
    r->lanes[COL_TOUCHPOINT].codes[row] = c->touchpoint[m->touchpoint];
    r->lanes[COL_PRODUCT].codes[row] = c->product[m->product];
    r->lanes[COL_CUSTOMER].codes[row] = m->customer + 1;
    r->lanes[c->city_no].codes[row] = c->city[m->city];
    r->lanes[COL_SENTIMENT].codes[row] = m->mood < 0 ? 0 : c->mood[m->mood];
    r->lanes[COL_OCCURRED].nums[row] = m->at;
    r->lanes[COL_RECEIVED].nums[row] = m->at / (10 * MINUTE_MS) * (10 * MINUTE_MS) + DAY_MS;
    r->lanes[COL_AMOUNT].nums[row] = m->cents < 0 ? NONE : m->cents * (NUM6_ONE / 100);
    r->lanes[c->nps_no].nums[row] = m->nps < 0 ? NONE : m->nps * NUM6_ONE;
    put_mentions(c, r, m, row);
}

static void tail_room(const codes *c, loose *r, u32 n) {
    const u32 texts[] = {COL_SOURCE,  COL_QUALITY,  COL_LANG,   COL_CHANNEL,  COL_TOUCHPOINT,
                         COL_PRODUCT, COL_CUSTOMER, c->city_no, COL_SENTIMENT};
    const u32 nums[] = {COL_OCCURRED, COL_RECEIVED, COL_AMOUNT, c->nps_no};
    if (!r->lanes_n) r->lanes = mem_new(c->t->columns_n, sizeof *r->lanes);
    r->lanes_n = c->t->columns_n;
    for (size_t i = 0; i < COUNT(texts); i++) lane_room(r, texts[i], true, n);
    for (size_t i = 0; i < COUNT(nums); i++) lane_room(r, nums[i], false, n);
    lane_room(r, COL_ASPECT, true, n * MENTIONS);
    lane_room(r, COL_POLARITY, true, n * MENTIONS);
    lane_room(r, COL_STRENGTH, false, n * MENTIONS);
    r->ids = mem_grow(r->ids, n, sizeof *r->ids);
    r->owner[OF_MENTION] = mem_grow(r->owner[OF_MENTION], n * MENTIONS, sizeof *r->owner[0]);
    r->cap[OF_SIGNAL] = n;
    r->cap[OF_MENTION] = n * MENTIONS;
    r->n[OF_MENTION] = 0;
    r->n[OF_SIGNAL] = n;
}

/* One segment's worth at a time; the time of encoding and writing alone. */
static double fill(tally *t, i64 rows) {
    codes c;
    err e;
    double spent = 0;
    codes_make(&c, t, rows);
    for (i64 from = 0; from < rows; from += TALLY_SEGMENT_ROWS) {
        u32 n = (u32)MIN(rows - from, (i64)TALLY_SEGMENT_ROWS);
        tail_room(&c, &t->tail, n);
        for (u32 i = 0; i < n; i++) {
            made m = make(from + i, rows);
            put_row(&c, &t->tail, &m, i);
        }
        const u32 owned[] = {COL_ASPECT, COL_POLARITY, COL_STRENGTH};
        for (size_t k = 0; k < COUNT(owned); k++) t->tail.lanes[owned[k]].n = t->tail.n[OF_MENTION];
        t->last_id = from + n;
        double start = cpu_s();
        if (!tally_seal(t, &e)) stop(e.msg);
        spent += cpu_s() - start;
    }
    return spent;
}

static tally *opened(source *s, const char *dir) {
    err e;
    tally *t;
    tally_source from = {
        .scan = scan_none, .last_id = last_id, .count = last_id, .id = 42, .ctx = s};
    if (!tally_open_from(&from, dir, TALLY_SEGMENT_ROWS, &t, NULL, NULL, &e)) stop(e.msg);
    return t;
}

/* ---- asking ---- */

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

static void print_figures(buf *b, telling tell, const tally_cell *c) {
    const tally_stat *s = c->stats;
    i64 cent = NUM6_ONE / 100;
    switch (tell) {
    case TELL_COUNT:
        buf_fmt(b, "%" PRId64, c->n);
        return;
    case TELL_NPS:
        buf_fmt(b, "%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64, c->n, s->n, between(s, 9, 10),
                between(s, 0, 6));
        return;
    case TELL_SHARE:
        buf_fmt(b, "%" PRId64 "\t%" PRId64 "\t%" PRId64, c->n, s->n, s->yes);
        return;
    case TELL_DISTINCT:
        buf_fmt(b, "%" PRId64 "\t%" PRId64, c->n, s->yes);
        return;
    case TELL_AMOUNT:
        buf_fmt(b, "%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64, s->n, (i64)(s->sum / cent),
                s->min / cent, s->max / cent);
        return;
    }
}

static void print_answer(buf *b, size_t number, const question *q, size_t by_n,
                         const tally_answer *out) {
    for (size_t i = 0; i < out->cells_n; i++) {
        const tally_cell *c = &out->cells[i];
        buf_fmt(b, "%zu\t", number);
        for (size_t k = 0; k < by_n; k++) print_key(b, &c->keys[k]);
        for (size_t k = by_n; k < 3; k++) buf_char(b, '\t');
        print_figures(b, q->tell, c);
        buf_char(b, '\n');
    }
}

static tally_measure measure_of(arena *a, telling tell) {
    err e;
    tally_measure m = {.kind = MEASURE_NUM, .column = S("score:nps")};
    if (tell == TELL_AMOUNT) m.column = S("amount");
    if (tell == TELL_DISTINCT)
        m = (tally_measure){.kind = MEASURE_DISTINCT, .column = S("customer")};
    if (tell == TELL_SHARE) {
        m = (tally_measure){.kind = MEASURE_SHARE};
        if (!expr_parse(a, S("sentiment = 'negative'"), 0, &m.test, &e)) stop(e.msg);
    }
    return m;
}

typedef struct {
    double cpu, wall;
    tally_answer out;
} timed;

static timed ask(tally *t, size_t number, int threads, bool scan, buf *answers) {
    const question *q = &questions[number];
    err e;
    timed best = {.cpu = 1e9, .wall = 1e9};
    arena *a = arena_open(LIMIT_JOB_BYTES);
    for (int round = 0; round < ROUNDS; round++) {
        arena_reset(a);
        const expr *where;
        if (!expr_parse(a, str_of(q->where), 0, &where, &e)) stop(e.msg);
        tally_by by[3];
        size_t n = 0;
        for (; n < 3 && q->by[n]; n++) by[n] = (tally_by){str_of(q->by[n]), q->unit[n]};
        tally_measure m = measure_of(a, q->tell);
        tally_question k = {.where = where,
                            .by = by,
                            .by_n = n,
                            .measures = &m,
                            .measures_n = q->tell != TELL_COUNT,
                            .threads = threads,
                            .scan = scan,
                            .afresh = true};
        double from = cpu_s(), wall = clock_s(CLOCK_MONOTONIC);
        if (!tally_ask(t, a, &k, &best.out, &e)) stop(e.msg);
        best.cpu = MIN(best.cpu, cpu_s() - from);
        best.wall = MIN(best.wall, clock_s(CLOCK_MONOTONIC) - wall);
        if (answers && round == ROUNDS - 1) print_answer(answers, number, q, n, &best.out);
    }
    arena_close(a);
    return best;
}

/* What one thread of this machine reads from memory, in GB/s: the best of a few passes over 256 MB. */
static double bandwidth(void) {
    enum { WORDS = 32 << 20 };
    u64 *p = mem_new(WORDS, sizeof *p), sum = 0;
    double best = 1e9;
    for (size_t i = 0; i < WORDS; i++) p[i] = i;
    for (int round = 0; round < 5; round++) {
        double from = cpu_s();
        u64 s[8] = {0};
        for (size_t i = 0; i < WORDS; i += 8)
            for (size_t k = 0; k < 8; k++) s[k] += p[i + k];
        for (size_t k = 0; k < 8; k++) sum += s[k];
        best = MIN(best, cpu_s() - from);
    }
    free(p);
    if (sum == 42) puts("");
    return WORDS * 8.0 / best / 1e9;
}

static void ask_all(tally *t, i64 rows, double gbs, buf *answers) {
    const char *only = getenv("TALLY_ONLY");
    i64 number;
    if (only && str_int(str_of(only), &number) && number >= 1 && number <= QUESTIONS) {
        double best = 1e9;
        for (double from = cpu_s(); cpu_s() < from + 3;)
            best = MIN(best, ask(t, (size_t)number - 1, 1, false, NULL).cpu);
        printf("tally: %s\t%.3f\tns/row\t\n", questions[number - 1].name,
               best * 1e9 / (double)rows);
        return;
    }
    printf("tally: memory is read at\t%.1f\tGB/s\tone thread\n", gbs);
    for (size_t k = 0; k < QUESTIONS; k++) {
        timed one = ask(t, k, 1, false, answers), two = ask(t, k, 2, false, NULL);
        timed plain = ask(t, k, 1, true, NULL);
        double speed = (double)one.out.bytes_read / one.cpu / 1e9;
        printf("tally: %s\t%.3f\tns/row\t%.1f ms; 2 threads %.3f ns/row by the clock (%.1fx); %zu "
               "cells, "
               "%.2f bytes/row, %.1f GB/s (%.0f %% of reading), %" PRId64 " of %" PRId64
               " segments skipped; %s %.3f ns/row\n",
               questions[k].name, one.cpu * 1e9 / (double)rows, one.cpu * 1e3,
               two.wall * 1e9 / (double)rows, one.wall / two.wall, one.out.cells_n,
               (double)one.out.bytes_read / (double)rows, speed, speed / gbs * 100,
               one.out.segments_skipped, one.out.segments,
               one.out.rows_read ? "reading rows only"
                                 : "told by tables counted beforehand; reading rows instead",
               plain.cpu * 1e9 / (double)rows);
    }
}

/* ---- SQLite beside it ---- */

static void exec(sqlite3 *db, const char *sql) {
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) stop(sqlite3_errmsg(db));
}

static void bind_text(sqlite3_stmt *st, int at, const char *what, u32 k) {
    char text[32];
    str s = numbered(text, sizeof text, what, k);
    sqlite3_bind_text(st, at, s.p, (int)s.n, SQLITE_TRANSIENT);
}

static void insert(sqlite3_stmt *one, sqlite3_stmt *said, const made *m) {
    sqlite3_bind_int64(one, 1, m->id);
    sqlite3_bind_text(one, 2, channels[m->channel], -1, SQLITE_STATIC);
    bind_text(one, 3, "touchpoint", m->touchpoint);
    bind_text(one, 4, "product", m->product);
    bind_text(one, 5, "city", m->city);
    sqlite3_bind_int64(one, 6, m->customer);
    sqlite3_bind_int64(one, 7, day_of_ms(m->at));
    sqlite3_clear_bindings(said);
    if (m->nps >= 0) sqlite3_bind_int64(one, 8, m->nps);
    if (m->cents >= 0) sqlite3_bind_int64(one, 9, m->cents);
    if (m->mood >= 0) sqlite3_bind_text(one, 10, moods[m->mood], -1, SQLITE_STATIC);
    sqlite3_step(one);
    sqlite3_reset(one);
    sqlite3_clear_bindings(one);
    for (u32 k = 0; k < m->mentions; k++) {
        sqlite3_bind_int64(said, 1, m->id);
        bind_text(said, 2, "aspect", m->aspect[k]);
        sqlite3_bind_text(said, 3, moods[m->polarity[k]], -1, SQLITE_STATIC);
        bind_text(said, 4, "touchpoint", m->touchpoint);
        bind_text(said, 5, "product", m->product);
        sqlite3_bind_int64(said, 6, day_of_ms(m->at));
        sqlite3_step(said);
        sqlite3_reset(said);
    }
}

static sqlite3 *sqlite_fill(i64 rows) {
    sqlite3 *db;
    sqlite3_stmt *one, *said;
    if (sqlite3_open(":memory:", &db) != SQLITE_OK) stop("no SQLite");
    exec(db, "create table signals(id integer primary key, channel, touchpoint, product, city, "
             "customer, day, nps, cents, mood);"
             "create table mentions(signal, aspect, polarity, touchpoint, product, day); begin");
    sqlite3_prepare_v2(db, "insert into signals values(?,?,?,?,?,?,?,?,?,?)", -1, &one, NULL);
    sqlite3_prepare_v2(db, "insert into mentions values(?,?,?,?,?,?)", -1, &said, NULL);
    for (i64 i = 0; i < rows; i++) {
        made m = make(i, rows);
        insert(one, said, &m);
    }
    exec(db, "commit");
    sqlite3_finalize(one);
    sqlite3_finalize(said);
    return db;
}

static int line_order(const void *x, const void *y) {
    return str_cmp(*(const str *)x, *(const str *)y);
}

static void sort_lines(buf *b) {
    arena *a = arena_open((size_t)1 << 30);
    size_t n = 0, cap = 0;
    for (size_t i = 0; i < b->n; i++) cap += b->p[i] == '\n';
    str *all = NEW_N(a, str, cap), rest = arena_str(a, buf_view(b));
    while (n < cap && str_cut(rest, '\n', &all[n], &rest)) n++;
    qsort(all, n, sizeof *all, line_order);
    b->n = 0;
    for (size_t i = 0; i < n; i++) {
        buf_str(b, all[i]);
        buf_char(b, '\n');
    }
    arena_close(a);
}

static double sqlite_ask(sqlite3 *db, size_t number, buf *answers) {
    sqlite3_stmt *st;
    if (sqlite3_prepare_v2(db, questions[number].sql[0], -1, &st, NULL) != SQLITE_OK)
        stop(sqlite3_errmsg(db));
    double from = cpu_s();
    while (sqlite3_step(st) == SQLITE_ROW) {
        buf_fmt(answers, "%zu", number);
        for (int c = 0; c < sqlite3_column_count(st); c++) {
            const char *text = (const char *)sqlite3_column_text(st, c);
            buf_fmt(answers, "\t%s", text ? text : "");
        }
        buf_char(answers, '\n');
    }
    double s = cpu_s() - from;
    sqlite3_finalize(st);
    return s;
}

static void beside_sqlite(i64 rows) {
    source s = {.rows = rows};
    tally *t = opened(&s, NULL);
    fill(t, rows);
    sqlite3 *db = sqlite_fill(rows);
    for (size_t k = 0; k < QUESTIONS; k++) {
        buf ours = {0}, theirs = {0};
        timed mine = ask(t, k, 1, false, &ours);
        double other = sqlite_ask(db, k, &theirs);
        sort_lines(&ours);
        sort_lines(&theirs);
        if (!str_eq(buf_view(&ours), buf_view(&theirs))) {
            fprintf(stderr, "%s\n", questions[k].name);
            stop("SQLite answers differently");
        }
        printf("sqlite: %s\t%.1f\tns/row\t%.0f times the tally's on the same %" PRId64
               " rows; equal answers\n",
               questions[k].name, other * 1e9 / (double)rows, other / mine.cpu, rows);
        buf_clear(&ours);
        buf_clear(&theirs);
    }
    sqlite3_close(db);
    tally_close(t);
}

/* ---- for the other peers ---- */

static void write_csv(i64 rows, bool signals) {
    static char room[1 << 20];
    setvbuf(stdout, room, _IOFBF, sizeof room);
    for (i64 i = 0; i < rows; i++) {
        made m = make(i, rows);
        i64 day = day_of_ms(m.at);
        for (u32 k = 0; !signals && k < m.mentions; k++)
            printf("%" PRId64 ",aspect-%u,%s,touchpoint-%u,product-%u,%" PRId64 "\n", m.id,
                   m.aspect[k], moods[m.polarity[k]], m.touchpoint, m.product, day);
        if (!signals) continue;
        printf("%" PRId64 ",%s,touchpoint-%u,product-%u,city-%u,%u,%" PRId64 ",", m.id,
               channels[m.channel], m.touchpoint, m.product, m.city, m.customer, day);
        if (m.nps >= 0) printf("%d", m.nps);
        putchar(',');
        if (m.cents >= 0) printf("%d", m.cents);
        printf(",%s\n", m.mood >= 0 ? moods[m.mood] : "");
    }
    if (fflush(stdout)) stop("cannot write the rows");
}

static FILE *file_in(const char *dir, const char *name) {
    char path[600];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "w");
    if (!f) stop("cannot write the files for the peers");
    return f;
}

static void write_told(const char *dir, const buf *answers) {
    FILE *f = file_in(dir, "answers.tsv");
    fwrite(answers->p, 1, answers->n, f);
    fclose(f);
    FILE *sql = file_in(dir, "questions.tsv");
    for (size_t k = 0; k < QUESTIONS; k++) {
        fprintf(sql, "%zu\t%s", k, questions[k].name);
        for (int w = 0; w < WORDINGS && questions[k].sql[w]; w++)
            fprintf(sql, "\t%s", questions[k].sql[w]);
        fputc('\n', sql);
    }
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
        if (cols[i].bytes >= rows / 100)
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

/* The same questions on more and more rows: nanoseconds a row stay what they are. */
static void grow(i64 most, const char *dir) {
    static const i64 steps[] = {1000000, 3000000, 10000000, 30000000, 100000000};
    double at[QUESTIONS][COUNT(steps)];
    i64 sizes[COUNT(steps)], rows = 0;
    size_t n = 0;
    for (; n < COUNT(steps) && rows < most; n++) {
        sizes[n] = rows = MIN(steps[n], most);
        source s = {.rows = rows};

        tally *t = opened(&s, dir);
        fill(t, rows);
        tally_close(t);
        s.first_n = rows;
        double from = clock_s(CLOCK_MONOTONIC);
        t = opened(&s, dir);
        printf("tally: %" PRId64 " rows opened\t%.0f\tms\t\n", rows,
               (clock_s(CLOCK_MONOTONIC) - from) * 1e3);
        for (size_t k = 0; k < QUESTIONS; k++)
            at[k][n] = ask(t, k, 1, true, NULL).cpu * 1e9 / (double)rows;
        tally_close(t);
        dir_clean(dir, none, NULL);
    }
    for (size_t k = 0; k < QUESTIONS; k++) {
        printf("tally: %s, reading rows\t%.3f\tns/row\t", questions[k].name, at[k][n - 1]);
        for (size_t i = 0; i < n; i++) printf("%.3g M %.3f; ", (double)sizes[i] / 1e6, at[k][i]);
        puts("");
    }
}

int main(int argc, char **argv) {
    i64 rows = 10000000, few = 1000000;
    char folder[500], dir[520], lock[540];
    if (argc > 3 && strcmp(argv[1], "csv") == 0) {
        if (!str_int(str_of(argv[2]), &rows)) stop("rows is not a number");
        write_csv(rows, strcmp(argv[3], "signals") == 0);
        return 0;
    }
    if (argc > 1 && !str_int(str_of(argv[1]), &rows)) stop("rows is not a number");
    if (argc > 2 && !str_int(str_of(argv[2]), &few)) stop("rows for SQLite is not a number");
    const char *tmp = getenv("TMPDIR");
    if (argc > 3)
        snprintf(folder, sizeof folder, "%s", argv[3]);
    else
        snprintf(folder, sizeof folder, "%s/tally_bench.%d", tmp ? tmp : "/tmp", (int)getpid());
    mkdir(folder, 0700);
    snprintf(dir, sizeof dir, "%s/bench.tally", folder);
    if (argc > 4 && strcmp(argv[4], "sizes") == 0) {
        grow(rows, dir);
        return 0;
    }
    source s = {.rows = rows};
    tally *t = opened(&s, dir);
    double spent = fill(t, rows);
    printf("tally: sealed\t%.2f\tM rows/s\tencoding and writing segments, 1 thread\n",
           (double)rows / spent / 1e6);
    tally_close(t);
    s.first_n = rows;
    double from = clock_s(CLOCK_MONOTONIC);
    t = opened(&s, dir);
    printf("tally: opened\t%.0f\tms\t%" PRId64 " rows\n", (clock_s(CLOCK_MONOTONIC) - from) * 1e3,
           rows);
    if (tally_notice(t).n) stop(tally_notice(t).p);
    buf answers = {0};
    ask_all(t, rows, bandwidth(), &answers);
    report_columns(t, rows);
    tally_close(t);
    if (few) beside_sqlite(MIN(few, rows));
    if (argc > 4) write_told(folder, &answers);
    buf_clear(&answers);
    dir_clean(dir, none, NULL);
    snprintf(lock, sizeof lock, "%s/lock", dir);
    unlink(lock);
    rmdir(dir);
    if (argc <= 4) rmdir(folder);
    return 0;
}
