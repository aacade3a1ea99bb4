/* tally_test.c - thousands of random questions, each asked of the tally in several shapes and of the
** same rows in plain SQLite. */
#include "store/tally_fake.h"

static err e;

/* ---- the same rows in SQL ---- */

static const struct {
    const char *name, *sql;
    column_kind kind;
    bool mention;
} cols[] = {
    {"source", "s.source", COLUMN_TEXT, false},
    {"channel", "s.channel", COLUMN_TEXT, false},
    {"touchpoint", "s.touchpoint", COLUMN_TEXT, false},
    {"product", "s.product", COLUMN_TEXT, false},
    {"customer", "s.customer", COLUMN_TEXT, false},
    {"lang", "s.lang", COLUMN_TEXT, false},
    {"sentiment", "s.sentiment", COLUMN_TEXT, false},
    {"city", "s.city", COLUMN_TEXT, false},
    {"emotion", "s.emotion", COLUMN_TEXT, false},
    {"words", "s.words", COLUMN_TEXT, false},
    {"混合 x", "s.mixed", COLUMN_TEXT, false},
    {"occurred_at", "s.occurred_at", COLUMN_TIME, false},
    {"received_at", "s.received_at", COLUMN_TIME, false},
    {"amount", "s.amount", COLUMN_NUM, false},
    {"confidence", "s.confidence", COLUMN_NUM, false},
    {"score:nps", "s.nps", COLUMN_NUM, false},
    {"big", "s.big", COLUMN_NUM, false},
    {"rare", "s.rare", COLUMN_NUM, false},
    {"tag", "g.tag", COLUMN_SET, false},
    {"aspect", "m.aspect", COLUMN_TEXT, true},
    {"polarity", "m.polarity", COLUMN_TEXT, true},
    {"strength", "m.strength", COLUMN_NUM, true},
};

static void exec(sqlite3 *db, const char *sql) {
    char *msg = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &msg) != SQLITE_OK) fail_msg("%s: %s", sql, msg);
}

static void bind(sqlite3_stmt *st, int at, str text, i64 num) {
    if (text.p)
        sqlite3_bind_text(st, at, text.p, (int)text.n, SQLITE_TRANSIENT);
    else if (num != NONE)
        sqlite3_bind_int64(st, at, num);
    else
        sqlite3_bind_null(st, at);
}

static sqlite3_stmt *prepared(sqlite3 *db, str sql) {
    sqlite3_stmt *st;
    if (sqlite3_prepare_v2(db, sql.p, (int)sql.n, &st, NULL) != SQLITE_OK)
        fail_msg("%s\n%.*s", sqlite3_errmsg(db), STR_ARG(sql));
    return st;
}

static void run(sqlite3_stmt *st) {
    assert_int_equal(sqlite3_step(st), SQLITE_DONE);
    sqlite3_reset(st);
}

static const attribute no_attr = {.num = NONE};
static const attribute *attr(const signal *s, str key) {
    const attribute *at = signal_attr(s, key);
    return at ? at : &no_attr;
}

static str polarity(i64 p) {
    return p == NONE ? NO_STR : p < 0 ? S("negative") : p > 0 ? S("positive") : S("neutral");
}

static void sql_signal(sqlite3_stmt *st, const signal *s, const insight *i) {
    const str texts[] = {
        s->row.source,   s->row.channel, s->row.touchpoint,          s->row.product,
        s->row.customer, i->row.lang,    polarity(i->row.sentiment), attr(s, S("city"))->text,
        NO_STR,          s->row.words};
    int at = 1;
    bind(st, at++, NO_STR, s->row.id);
    for (size_t k = 0; k < COUNT(texts); k++) bind(st, at++, texts[k], NONE);
    bind(st, at++, attr(s, S("混合 x"))->text, attr(s, S("混合 x"))->num);
    bind(st, at++, NO_STR, s->row.occurred_at);
    bind(st, at++, NO_STR, s->row.received_at);
    bind(st, at++, NO_STR, s->row.amount);
    bind(st, at++, NO_STR, i->row.confidence == NONE ? NONE : i->row.confidence * 1000000);
    bind(st, at++, NO_STR, attr(s, S("score:nps"))->num);
    bind(st, at++, NO_STR, attr(s, S("big"))->num);
    bind(st, at++, NO_STR, attr(s, S("rare"))->num);
    run(st);
}

static sqlite3 *sql_fill(const fake *f) {
    sqlite3 *db;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    exec(db,
         "create table sig(id integer primary key, source, channel, touchpoint, product, customer, "
         "lang, sentiment,"
         "city, emotion, words, mixed, occurred_at, received_at, amount, confidence, nps, big, "
         "rare);"
         "create table mention(sig, aspect, polarity, strength); create index m on mention(sig);"
         "create table tagged(sig, tag); create index g on tagged(sig)");
    sqlite3_stmt *s =
        prepared(db, S("insert into sig values(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"));
    sqlite3_stmt *m = prepared(db, S("insert into mention values(?,?,?,?)"));
    sqlite3_stmt *g = prepared(db, S("insert into tagged values(?,?)"));
    exec(db, "begin");
    for (size_t k = 0; k < f->n; k++) {
        sql_signal(s, &f->sig[k], &f->ins[k]);
        for (size_t j = 0; j < f->ins[k].mentions_n; j++) {
            const mention *q = &f->ins[k].mentions[j];
            bind(m, 1, NO_STR, f->sig[k].row.id);
            bind(m, 2, q->aspect, NONE);
            bind(m, 3, polarity(q->polarity), NONE);
            bind(m, 4, NO_STR, q->strength * 1000000);
            run(m);
        }
        str one, rest = f->ins[k].row.tags;
        for (bool more = rest.n > 0; more;) {
            more = str_cut(rest, 0x1f, &one, &rest);
            bind(g, 1, NO_STR, f->sig[k].row.id);
            bind(g, 2, more ? one : rest, NONE);
            run(g);
        }
    }
    exec(db, "commit");
    sqlite3_finalize(s);
    sqlite3_finalize(m);
    sqlite3_finalize(g);
    return db;
}

static size_t col_of(str name) {
    for (size_t i = 0; i < COUNT(cols); i++)
        if (str_eq(name, str_of(cols[i].name))) return i;
    fail_msg("no column");
    return 0;
}

static void sql_text(buf *b, str s) {
    buf_char(b, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\'') buf_char(b, '\'');
        buf_char(b, s.p[i]);
    }
    buf_char(b, '\'');
}

static void sql_time(buf *b, const char *c, const value *v, expr_cmp cmp) {
    i64 end = v->whole_day ? v->ms + DAY_MS : v->ms + 1;
    switch (cmp) {
    case CMP_EQ:
        buf_fmt(b, "(%s>=%" PRId64 " and %s<%" PRId64 ")", c, v->ms, c, end);
        return;
    case CMP_NE:
        buf_fmt(b, "(%s<%" PRId64 " or %s>=%" PRId64 ")", c, v->ms, c, end);
        return;
    case CMP_LT:
        buf_fmt(b, "(%s<%" PRId64 ")", c, v->ms);
        return;
    case CMP_LE:
        buf_fmt(b, "(%s<%" PRId64 ")", c, end);
        return;
    case CMP_GT:
        buf_fmt(b, "(%s>=%" PRId64 ")", c, end);
        return;
    case CMP_GE:
        buf_fmt(b, "(%s>=%" PRId64 ")", c, v->ms);
        return;
    }
}

static void sql_compare(buf *b, size_t col, const value *v, expr_cmp cmp) {
    static const char *const signs[] = {"=", "!=", "<", "<=", ">", ">="};
    const char *c = cols[col].sql;
    bool time = cols[col].kind == COLUMN_TIME;
    if (v->kind == VALUE_TIME && time) {
        sql_time(b, c, v, cmp);
    } else if (v->kind == VALUE_TEXT) {
        buf_fmt(b, "(case when typeof(%s)='text' then %s%s", c, c, signs[cmp]);
        sql_text(b, v->text);
        buf_str(b, S(" end)"));
    } else if (v->kind == VALUE_NUM && !time) {
        buf_fmt(b, "(case when typeof(%s)='integer' then %s%s%" PRId64 " end)", c, c, signs[cmp],
                v->num);
    } else {
        buf_str(b, S("(null)"));
    }
}

static void sql_leaf(buf *b, const expr *x, size_t col) {
    if (x->op == EXPR_MISSING) {
        buf_fmt(b, "(%s is null)", cols[col].sql);
    } else if (x->op == EXPR_HAS) {
        buf_fmt(b, "(case when typeof(%s)='text' then instr(%s,", cols[col].sql, cols[col].sql);
        sql_text(b, x->values[0].text);
        buf_str(b, S(")>0 end)"));
    } else {
        buf_char(b, '(');
        for (size_t i = 0; i < x->values_n; i++) {
            if (i) buf_str(b, S(" or "));
            sql_compare(b, col, &x->values[i], x->op == EXPR_CMP ? x->cmp : CMP_EQ);
        }
        buf_char(b, ')');
    }
}

static void sql_expr(buf *b, const expr *x) {
    if (x->op == EXPR_CONST) {
        buf_str(b, x->constant ? S("(1)") : S("(0)"));
    } else if (x->op == EXPR_NOT) {
        buf_str(b, S("(not "));
        sql_expr(b, x->left);
        buf_char(b, ')');
    } else if (x->op == EXPR_AND || x->op == EXPR_OR) {
        buf_char(b, '(');
        sql_expr(b, x->left);
        buf_str(b, x->op == EXPR_AND ? S(" and ") : S(" or "));
        sql_expr(b, x->right);
        buf_char(b, ')');
    } else if (str_eq(x->column, S("tag"))) {
        if (x->op == EXPR_MISSING) {
            buf_str(b, S("(not exists(select 1 from tagged g where g.sig=s.id))"));
            return;
        }
        buf_str(b, S("(select case when count(*)=0 then null when max(v)=1 then 1 when "
                     "count(v)<count(*) then null "
                     "else 0 end from (select "));
        sql_leaf(b, x, col_of(x->column));
        buf_str(b, S(" v from tagged g where g.sig=s.id))"));
    } else {
        sql_leaf(b, x, col_of(x->column));
    }
}

/* ---- random questions ---- */

static value random_value(const fake *f, size_t col) {
    value v = {.kind = VALUE_NUM};
    const signal *s = &f->sig[chance(f->n)];
    if (chance(12) == 0) { /* of another kind */
        v.num = (i64)chance(3) * NUM6_ONE;
        if (chance(2)) v = (value){.kind = VALUE_TEXT, .text = S("x")};
        return v;
    }
    if (cols[col].kind == COLUMN_TIME) {
        i64 ms = s->row.occurred_at;
        v = (value){.kind = VALUE_TIME, .ms = ms};
        if (chance(2)) {
            v.whole_day = true;
            v.ms = day_of_ms(ms) * DAY_MS - (chance(2) ? 0 : 480 * MINUTE_MS);
        }
        return v;
    }
    const char *name = cols[col].name;
    if (cols[col].kind == COLUMN_NUM) {
        v.num = (i64)chance(11) * NUM6_ONE;
        if (strcmp(name, "amount") == 0 && s->row.amount != NONE) v.num = s->row.amount;
        if (strcmp(name, "big") == 0 && signal_attr(s, S("big")))
            v.num = signal_attr(s, S("big"))->num + (i64)chance(2);
        if (strcmp(name, "strength") == 0) v.num = (i64)chance(5) * 25 * NUM6_ONE;
        if (chance(20) == 0) v.num += 500000;
        return v;
    }
    v = (value){.kind = VALUE_TEXT, .text = PICK(fake_channels)};
    if (strcmp(name, "product") == 0) v.text = PICK(fake_products);
    if (strcmp(name, "aspect") == 0) v.text = PICK(fake_aspects);
    if (strcmp(name, "tag") == 0) v.text = PICK(fake_tags);
    if (strcmp(name, "words") == 0) v.text = PICK(fake_words);
    if (strcmp(name, "lang") == 0 || strcmp(name, "touchpoint") == 0) v.text = PICK(fake_langs);
    if (strcmp(name, "sentiment") == 0 || strcmp(name, "polarity") == 0)
        v.text = polarity((i64)chance(3) - 1);
    if (strcmp(name, "customer") == 0 && s->row.customer.p) v.text = s->row.customer;
    if (strcmp(name, "混合 x") == 0) {
        if (chance(2))
            return (value){.kind = VALUE_NUM, .num = ((i64)chance(5) - 2) * NUM6_ONE / 2};
        v.text = PICK(fake_products);
    }
    return v;
}

static const expr *random_expr(arena *a, const fake *f, int depth) {
    static const char *const needles[] = {"退款", "late", "c", "o", "é", ""};
    expr *x = NEW(a, expr);
    u64 kind = chance(10);
    if (depth && kind < 6) {
        x->op = kind < 3 ? EXPR_AND : kind < 5 ? EXPR_OR : EXPR_NOT;
        x->left = random_expr(a, f, depth - 1);
        if (x->op != EXPR_NOT) x->right = random_expr(a, f, depth - 1);
        return x;
    }
    size_t col = chance(COUNT(cols));
    x->column = str_of(cols[col].name);
    x->op = chance(40) == 0 ? EXPR_CONST : (expr_op)(EXPR_CMP + chance(4));
    x->constant = chance(2);
    if (x->op == EXPR_CONST) x->column = NO_STR;
    if (x->op == EXPR_CONST || x->op == EXPR_MISSING) return x;
    if (x->op == EXPR_CMP) x->cmp = (expr_cmp)chance(6);
    x->values_n = x->op == EXPR_IN ? 1 + chance(6) : 1;
    x->values = NEW_N(a, value, x->values_n);
    for (size_t i = 0; i < x->values_n; i++) x->values[i] = random_value(f, col);
    if (x->op == EXPR_HAS) x->values[0] = (value){.kind = VALUE_TEXT, .text = PICK(needles)};
    return x;
}

static tally_by random_by(void) {
    for (;;) {
        size_t c = chance(COUNT(cols));
        if (strcmp(cols[c].name, "words") == 0) continue;
        tally_by by = {.column = str_of(cols[c].name)};
        if (cols[c].kind == COLUMN_TIME) by.unit = (by_unit)(BY_DAY + chance(5));
        return by;
    }
}

static tally_measure random_measure(arena *a, const fake *f) {
    static const char *const nums[] = {"amount",     "score:nps", "big",       "rare",
                                       "confidence", "混合 x",    "score:none"};
    static const char *const texts[] = {"customer", "channel", "city", "混合 x", "emotion"};
    switch (chance(4)) {
    case 0:
        return (tally_measure){.kind = MEASURE_SHARE, .test = random_expr(a, f, (int)chance(3))};
    case 1:
        return (tally_measure){.kind = MEASURE_DISTINCT, .column = PICK(texts)};
    default:
        break;
    }
    return (tally_measure){.kind = MEASURE_NUM, .column = PICK(nums)};
}

static void note_mention(void *ctx, str name) {
    *(bool *)ctx |= column_is_mention(name);
}

static bool of_mentions(const tally_question *q) {
    bool yes = false;
    if (q->where) expr_columns(q->where, note_mention, &yes);
    for (size_t i = 0; i < q->by_n; i++) yes |= column_is_mention(q->by[i].column);
    for (size_t i = 0; i < q->measures_n; i++)
        if (q->measures[i].test) expr_columns(q->measures[i].test, note_mention, &yes);
    return yes;
}

/* ---- the same question in SQL ---- */

static void sql_key(buf *b, const tally_by *by, i32 zone, size_t k) {
    const char *c = cols[col_of(by->column)].sql;
    if (by->unit == BY_VALUE) {
        if (str_eq(by->column, S("tag")))
            buf_fmt(b, "g%zu.tag", k);
        else
            buf_str(b, str_of(c));
        return;
    }
    buf day = {.a = b->a};
    i64 shift = zone * MINUTE_MS;
    buf_fmt(&day, "((%s+%" PRId64 "-(((%s+%" PRId64 ")%%86400000)+86400000)%%86400000)/86400000)",
            c, shift, c, shift);
    str d = buf_view(&day);
    static const char *const start[] = {"", "", "", "start of month", "", "start of year"};
    if (by->unit == BY_DAY)
        buf_str(b, d);
    else if (by->unit == BY_WEEK)
        buf_fmt(b, "(%.*s-((%.*s+3)%%7+7)%%7)", STR_ARG(d), STR_ARG(d));
    else if (by->unit == BY_QUARTER)
        buf_fmt(b,
                "(strftime('%%s',date(%.*s*86400,'unixepoch','start of "
                "month','-'||((strftime('%%m',%.*s*86400,"
                "'unixepoch')-1)%%3)||' months'))/86400)",
                STR_ARG(d), STR_ARG(d));
    else
        buf_fmt(b, "(strftime('%%s',date(%.*s*86400,'unixepoch','%s'))/86400)", STR_ARG(d),
                start[by->unit]);
}

/* One row per signal and cell: id, keys, truths of the shares. */
static void sql_pairs(buf *b, const tally_question *q) {
    buf_str(b, S("select s.id id"));
    for (size_t i = 0; i < q->by_n; i++) {
        buf_char(b, ',');
        sql_key(b, &q->by[i], q->zone_min, i);
        buf_fmt(b, " k%zu", i);
    }
    for (size_t i = 0; i < q->measures_n; i++)
        if (q->measures[i].test) {
            buf_str(b, S(",case when max("));
            sql_expr(b, q->measures[i].test);
            buf_str(b, S(")=1 then 1 when count("));
            sql_expr(b, q->measures[i].test);
            buf_fmt(b, ")<count(*) then null else 0 end t%zu", i);
        }
    buf_str(b, S(" from sig s"));
    if (of_mentions(q)) buf_str(b, S(" left join mention m on m.sig=s.id"));
    for (size_t i = 0; i < q->by_n; i++)
        if (str_eq(q->by[i].column, S("tag")))
            buf_fmt(b, " left join tagged g%zu on g%zu.sig=s.id", i, i);
    if (q->where) {
        buf_str(b, S(" where "));
        sql_expr(b, q->where);
    }
    buf_str(b, S(" group by s.id"));
    for (size_t i = 0; i < q->by_n; i++) buf_fmt(b, ",k%zu", i);
}

static void sql_measure(buf *b, const tally_question *q, size_t i) {
    const tally_measure *m = &q->measures[i];
    char v[200];
    if (m->test) {
        buf_fmt(b, ",count(t%zu),sum(t%zu is null),total(t%zu)", i, i, i);
        return;
    }
    bool none = str_eq(m->column, S("score:none"));
    snprintf(v, sizeof v, "(case when typeof(%s)='%s' then %s end)",
             none ? "null" : cols[col_of(m->column)].sql,
             m->kind == MEASURE_NUM ? "integer" : "text",
             none ? "null" : cols[col_of(m->column)].sql);
    buf_fmt(b, ",count(%s),sum(%s is null),count(distinct %s)", v, v, v);
    if (m->kind == MEASURE_NUM)
        buf_fmt(b,
                ",sum(%s),min(%s),max(%s),sum((%s/1000000)*(%s/1000000)),sum((%s/"
                "1000000)*(%s%%1000000)),"
                "sum((%s%%1000000)*(%s%%1000000))",
                v, v, v, v, v, v, v, v, v);
}

static str sql_question(arena *a, const tally_question *q) {
    buf b = {.a = a};
    buf_str(&b, S("select count(*)"));
    for (size_t i = 0; i < q->by_n; i++) buf_fmt(&b, ",k%zu", i);
    for (size_t i = 0; i < q->measures_n; i++) sql_measure(&b, q, i);
    buf_str(&b, S(" from ("));
    sql_pairs(&b, q);
    buf_str(&b, S(") p join sig s on s.id=p.id"));
    for (size_t i = 0; i < q->by_n; i++) buf_fmt(&b, "%sk%zu", i ? "," : " group by ", i);
    return buf_view(&b);
}

/* ---- comparing ---- */

typedef struct {
    u64 seed;
    int question;
    const char *shape;
    str where, sql;
} place;

#define SAME(have, want, what)                                                                     \
    do {                                                                                           \
        i64 have_ = (have), want_ = (want);                                                        \
        if (have_ != want_)                                                                        \
            fail_msg("seed %d question %d (%s), %s: have %" PRId64 ", want %" PRId64               \
                     "\nwhere %.*s\n%.*s",                                                         \
                     (int)at->seed, at->question, at->shape, what, have_, want_,                   \
                     STR_ARG(at->where), STR_ARG(at->sql));                                        \
    } while (0)

static tally_key key_at(sqlite3_stmt *st, int c, by_unit unit) {
    int type = sqlite3_column_type(st, c);
    str text = {(const char *)sqlite3_column_text(st, c), (size_t)sqlite3_column_bytes(st, c)};
    if (type == SQLITE_NULL) return (tally_key){.kind = VALUE_MISSING};
    if (type == SQLITE_TEXT) return (tally_key){.kind = VALUE_TEXT, .text = text};
    i64 v = sqlite3_column_int64(st, c);
    return unit == BY_VALUE ? (tally_key){.kind = VALUE_NUM, .num = v}
                            : (tally_key){.kind = VALUE_TIME, .num = v * DAY_MS};
}

static int key_cmp(const tally_key *x, const tally_key *y) {
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    if (x->kind == VALUE_TEXT) return str_cmp(x->text, y->text);
    return x->kind == VALUE_MISSING ? 0 : (x->num > y->num) - (x->num < y->num);
}

static int keys_cmp(const tally_key *x, const tally_key *y, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (key_cmp(&x[i], &y[i])) return key_cmp(&x[i], &y[i]);
    return 0;
}

static void same_num(const place *at, const tally_stat *s, sqlite3_stmt *st, int c) {
    i64 n = sqlite3_column_int64(st, c - 3), different = sqlite3_column_int64(st, c - 1);
    if (n) {
        SAME((i64)s->sum, sqlite3_column_int64(st, c), "sum");
        SAME(s->min, sqlite3_column_int64(st, c + 1), "min");
        SAME(s->max, sqlite3_column_int64(st, c + 2), "max");
    } else {
        assert_true(s->min == NONE && s->max == NONE && s->sum == 0);
    }
    u128 want = (u128)sqlite3_column_int64(st, c + 3) * 1000000 * 1000000 +
                (u128)((i128)sqlite3_column_int64(st, c + 4) * 2000000) +
                (u128)sqlite3_column_int64(st, c + 5);
    SAME((i64)s->square[0], (i64)want, "squares, low");
    SAME((i64)s->square[1], (i64)(want >> 64), "squares, high");
    SAME((i64)s->square[2], 0, "squares, top");
    SAME((i64)s->bars_n, different > TALLY_HIST_MAX ? 0 : different, "bars");
    i64 total = 0;
    i128 sum = 0;
    for (size_t i = 0; i < s->bars_n; i++) {
        if (i) assert_true(s->bars[i - 1].value < s->bars[i].value);
        total += s->bars[i].count;
        sum += (i128)s->bars[i].value * s->bars[i].count;
    }
    if (s->bars_n) SAME(total, n, "bars in all");
    if (s->bars_n) assert_true(sum == s->sum);
}

static const tally_cell *cell_of(const tally_answer *got, const tally_key *keys, size_t by_n) {
    for (size_t i = 0; i < got->cells_n; i++)
        if (keys_cmp(got->cells[i].keys, keys, by_n) == 0) return &got->cells[i];
    return NULL;
}

static void same_cell(const place *at, const tally_question *q, const tally_cell *cell,
                      sqlite3_stmt *st) {
    int c = 1 + (int)q->by_n;
    SAME(cell->n, sqlite3_column_int64(st, 0), "n");
    for (size_t m = 0; m < q->measures_n; m++) {
        const tally_stat *s = &cell->stats[m];
        SAME(s->n, sqlite3_column_int64(st, c), "measured n");
        SAME(s->missing, sqlite3_column_int64(st, c + 1), "missing");
        if (q->measures[m].kind != MEASURE_NUM)
            SAME(s->yes, sqlite3_column_int64(st, c + 2), "yes");
        c += 3;
        if (q->measures[m].kind == MEASURE_NUM) {
            same_num(at, s, st, c);
            c += 6;
        }
    }
}

static void same_answer(place *at, arena *a, sqlite3 *db, const tally_question *q,
                        const tally_answer *got) {
    at->sql = sql_question(a, q);
    sqlite3_stmt *st = prepared(db, at->sql);
    i64 rows = 0;
    for (; sqlite3_step(st) == SQLITE_ROW; rows++) {
        tally_key keys[LIMIT_GROUP_COLUMNS] = {0};
        for (size_t i = 0; i < q->by_n; i++) keys[i] = key_at(st, 1 + (int)i, q->by[i].unit);
        const tally_cell *cell = cell_of(got, keys, q->by_n);
        if (!cell) SAME(0, sqlite3_column_int64(st, 0), "a cell is not there");
        same_cell(at, q, cell, st);
    }
    SAME((i64)got->cells_n, rows, "cells");
    for (size_t i = 1; i < got->cells_n; i++)
        if (keys_cmp(got->cells[i - 1].keys, got->cells[i].keys, q->by_n) >= 0)
            SAME(1, 0, "order of cells");
    sqlite3_finalize(st);
}

static void same_stat(const place *at, const tally_stat *x, const tally_stat *y) {
    SAME(x->n, y->n, "measured n");
    SAME(x->missing, y->missing, "missing");
    SAME(x->yes, y->yes, "yes");
    SAME(x->min, y->min, "min");
    SAME(x->max, y->max, "max");
    SAME((i64)x->bars_n, (i64)y->bars_n, "bars");
    assert_true(x->sum == y->sum && memcmp(x->square, y->square, sizeof x->square) == 0);
    for (size_t i = 0; i < x->bars_n; i++)
        assert_true(x->bars[i].value == y->bars[i].value && x->bars[i].count == y->bars[i].count);
}

/* However the rows are cut into segments, the answer is the same. */
static void same_shape(const place *at, const tally_question *q, const tally_answer *x,
                       const tally_answer *y) {
    SAME((i64)x->cells_n, (i64)y->cells_n, "cells");
    for (size_t i = 0; i < x->cells_n; i++) {
        if (keys_cmp(x->cells[i].keys, y->cells[i].keys, q->by_n)) SAME(1, 0, "keys");
        SAME(x->cells[i].n, y->cells[i].n, "n");
        for (size_t m = 0; m < q->measures_n; m++)
            same_stat(at, &x->cells[i].stats[m], &y->cells[i].stats[m]);
    }
}

static truth has_plain(void *ctx, str text) {
    return str_find(((const signal *)ctx)->row.words, text) >= 0 ? YES : NO;
}

/* The ids behind the question, beside the law of signal.h. */
static void same_rows(const place *at, arena *a, tally *t, const fake *f, const expr *where) {
    i64 *ids;
    size_t n, want = 0;
    assert_ok(tally_rows(t, a, where, 0, f->n, &ids, &n, &e));
    for (size_t i = 0; i < f->n; i++) {
        signal s = f->sig[i];
        want += !where || signal_test(where, &s, &f->ins[i], has_plain, &s) == YES;
    }
    SAME((i64)n, (i64)want, "rows behind");
}

/* ---- shapes of the mirror ---- */

enum { SHAPES = 5, CHANGED = 4 };
static const struct {
    const char *name;
    u32 rows;
    size_t part; /* percent of the signals there before the first opening */
    bool disk;
} shapes[SHAPES] = {
    {"one segment in memory", 1 << 20, 100, false},
    {"segments of 7, reopened, a tail", 7, 60, true},
    {"segments of 64, sealed twice, reopened", 64, 30, true},
    {"only a tail", 1 << 20, 0, false},
    {"segments of 50, signals read again and erased", 50, 70, true},
};

/* A store that was another one before: some signals had other insights, some are gone now. */
typedef struct {
    fake *f;
    fake was;
    bool before;
    i64 change;
} past;

static const fake *now_of(const past *p) {
    return p->before ? &p->was : p->f;
}

static bool past_scan(void *ctx, i64 after, bool words, store_visit *visit, void *vctx, err *er) {
    fake view = *now_of(ctx);
    return fake_scan(&view, after, words, visit, vctx, er);
}

static i64 past_last(void *ctx) {
    return ((past *)ctx)->f->sig[((past *)ctx)->f->n - 1].row.id; /* ids are not given again */
}

static i64 past_count(void *ctx) {
    return (i64)now_of(ctx)->visible;
}

static i64 past_change(void *ctx) {
    return ((past *)ctx)->change;
}

/* Every other id is named, one by one: those that are gone, those that are not, and some never given. */
static bool past_changes(void *ctx, i64 after, store_run *out, size_t max, size_t *n, err *er) {
    (void)er;
    const past *p = ctx;
    *n = 0;
    for (i64 id = after + 1; id <= p->change && *n < max; id++)
        out[(*n)++] = (store_run){id, id * 2 - 1, id * 2};
    return true;
}

/* The signals of f with others between them, and with other insights. */
static void past_make(past *p, fake *f) {
    *p = (past){.f = f, .was = {.a = f->a, .id = f->id}, .before = true};
    p->was.sig = NEW_N(f->a, signal, f->n * 2);
    p->was.ins = NEW_N(f->a, insight, f->n * 2);
    for (size_t i = 0; i < f->n; i++) {
        i64 before = i ? f->sig[i - 1].row.id : 0;
        size_t at = p->was.n;
        if (f->sig[i].row.id > before + 1) {
            p->was.sig[at] = f->sig[chance(f->n)];
            p->was.sig[at].row.id = f->sig[i].row.id - 1;
            p->was.sig[at].row.customer = S("erased");
            p->was.ins[at] = f->ins[chance(f->n)];
            at = ++p->was.n;
        }
        p->was.sig[at] = f->sig[i];
        p->was.ins[at] = f->ins[chance(3) ? i : chance(f->n)];
        p->was.n++;
    }
    p->was.visible = p->was.n;
}

static tally *shaped_by_changes(fake *f, past *p, const char *dir) {
    tally *t;
    past_make(p, f);
    tally_source from = {.scan = past_scan,
                         .last_id = past_last,
                         .count = past_count,
                         .id = f->id,
                         .ctx = p,
                         .last_change = past_change,
                         .changes = past_changes};
    f->visible = f->n;
    p->was.visible = p->was.n * shapes[CHANGED].part / 100;
    assert_ok(tally_open_from(&from, dir, shapes[CHANGED].rows, &t, NULL, NULL, &e));
    assert_ok(tally_seal(t, &e));
    p->was.visible = p->was.n;
    assert_ok(tally_follow(t, &e));
    p->before = false;
    p->change = past_last(p) / 2 + 1;
    if (chance(2)) { /* heard of when it is opened again */
        tally_close(t);
        assert_ok(tally_open_from(&from, dir, shapes[CHANGED].rows, &t, NULL, NULL, &e));
        assert_str(tally_notice(t), S(""));
    }
    assert_ok(tally_follow(t, &e));
    assert_int_equal(tally_rows_total(t), f->n);
    return t;
}

static tally *shaped(fake *f, size_t k, const char *dir) {
    tally *t;
    tally_source from = fake_source(f);
    f->visible = f->n * shapes[k].part / 100;
    assert_ok(
        tally_open_from(&from, shapes[k].disk ? dir : NULL, shapes[k].rows, &t, NULL, NULL, &e));
    if (shapes[k].disk) {
        assert_ok(tally_seal(t, &e));
        tally_close(t);
        f->visible += (f->n - f->visible) / 2;
        assert_ok(tally_open_from(&from, dir, shapes[k].rows, &t, NULL, NULL, &e));
        if (k == 2) assert_ok(tally_seal(t, &e));
    }
    f->visible = f->n;
    assert_ok(tally_follow(t, &e));
    assert_int_equal(tally_rows_total(t), f->n);
    return t;
}

static void question_make(arena *a, const fake *f, tally_question *q) {
    static const i32 zones[] = {0, 480, -300, 345, 0};
    tally_by *by = NEW_N(a, tally_by, LIMIT_GROUP_COLUMNS);
    tally_measure *m = NEW_N(a, tally_measure, 2);
    *q = (tally_question){.by = by, .measures = m, .zone_min = zones[chance(COUNT(zones))]};
    if (chance(4)) q->where = random_expr(a, f, (int)chance(4));
    q->by_n = chance(4) ? chance(3) : chance(5);
    for (size_t i = 0; i < q->by_n; i++) by[i] = random_by();
    q->measures_n = chance(3);
    for (size_t i = 0; i < q->measures_n; i++) m[i] = random_measure(a, f);
}

static void ask_many(u64 seed, size_t signals, int questions) {
    fake f;
    char dirs[SHAPES][64];
    tally *t[SHAPES];
    past p;
    fake_fill(&f, signals, seed);
    sqlite3 *db = sql_fill(&f);
    for (size_t k = 0; k < CHANGED; k++) t[k] = shaped(&f, k, fake_dir(dirs[k]));
    t[CHANGED] = shaped_by_changes(&f, &p, fake_dir(dirs[CHANGED]));
    arena *a = arena_open((size_t)1 << 30);
    for (int i = 0; i < questions; i++) {
        arena_reset(a);
        tally_question q;
        question_make(a, &f, &q);
        buf text = {.a = a};
        if (q.where) expr_print(&text, q.where);
        place at = {.seed = seed, .question = i, .where = buf_view(&text)};
        tally_answer got[SHAPES];
        for (size_t k = 0; k < SHAPES; k++) {
            at.shape = shapes[k].name;
            q.threads = 1 + (int)k;
            q.scan = k == 1; /* one reads all rows, the others what was counted beforehand */
            if (!tally_ask(t[k], a, &q, &got[k], &e))
                fail_msg("seed %d question %d: %s", (int)seed, i, e.msg);
            if (k == 0)
                same_answer(&at, a, db, &q, &got[0]);
            else
                same_shape(&at, &q, &got[k], &got[0]);
            if (k == (size_t)i % SHAPES) same_rows(&at, a, t[k], &f, q.where);
        }
    }
    i64 bad;
    for (size_t k = 0; k < SHAPES; k++) {
        assert_ok(tally_check(t[k], NULL, NULL, &bad, &e));
        assert_int_equal(bad, 0);
        tally_close(t[k]);
        fake_dir_remove(dirs[k]);
    }
    arena_close(a);
    arena_close(f.a);
    sqlite3_close(db);
}

/* `make random-questions N=10000 SEED=1` asks more; TALLY_SEED=N alone asks one world's. */
static void random_questions_agree_with_sql(void **s) {
    (void)s;
    enum { EACH = 250 };
    const char *only = getenv("TALLY_SEED"), *many = getenv("TALLY_QUESTIONS");
    u64 first = only ? strtoull(only, NULL, 10) : 1, worlds = only ? 1 : 8;
    if (many) worlds = (strtoull(many, NULL, 10) + EACH - 1) / EACH;
    for (u64 seed = first; seed < first + worlds; seed++) {
        ask_many(seed, seed % 2 ? 90 : 300, EACH);
        if (many)
            print_message("# seed %d: %d questions agree\n", (int)seed,
                          (int)(seed - first + 1) * EACH);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_questions_agree_with_sql),
    };
    return RUN_TESTS(tests);
}
