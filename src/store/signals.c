/* signals.c - store_add: a batch of signals and all that was made of them, whole or not at all. */
#define XXH_INLINE_ALL
#include "store/sqlite.h"
#include <xxhash.h>

enum { KNOWN_MAX = 1 << 20 }; /* identities remembered: 32 MB at most */

typedef struct {
    store *s;
    i64 now_ms;
    i64 last_id;
    i64 added;
    sqlite3_stmt *signal, *known, *insight, *mention, *deed, *who, *customer, *identity, *noted;
} adder;

/* ---- statements ---- */

static bool take_statements(adder *a, err *e) {
    store *s = a->s;
    return stmt_take(s,
                     sql_insert(s, &noun_signal, " ON CONFLICT (source, external_id) DO NOTHING"),
                     &a->signal, e) &&
           stmt_take(s, S("SELECT id FROM signal WHERE source = ?1 AND external_id = ?2"),
                     &a->known, e) &&
           stmt_take(s, sql_insert(s, &noun_insight, ""), &a->insight, e) &&
           stmt_take(s, sql_insert(s, &noun_mention, ""), &a->mention, e) &&
           stmt_take(s, sql_insert(s, &noun_deed, " ON CONFLICT (\"key\") DO NOTHING"), &a->deed,
                     e) &&
           stmt_take(s, S("SELECT 1 FROM identity WHERE namespace = ?1 AND value = ?2"), &a->who,
                     e) &&
           stmt_take(s, sql_insert(s, &noun_customer, ""), &a->customer, e) &&
           stmt_take(s, sql_insert(s, &noun_identity, ""), &a->identity, e) &&
           stmt_take(s, S(NOTE_FACT_SQL), &a->noted, e);
}

static void give_statements(adder *a) {
    sqlite3_stmt *all[] = {a->signal, a->known,    a->insight,  a->mention, a->deed,
                           a->who,    a->customer, a->identity, a->noted};
    for (size_t i = 0; i < COUNT(all); i++)
        stmt_give(a->s, all[i]);
}

static bool insert(store *s, sqlite3_stmt *st, const noun *n, const void *rec, err *e) {
    u8 uid_room[16];
    return bind_rec(s, st, n, rec, uid_room, e) && stmt_done(s, st, e);
}

/* ---- who ---- */

static bool find_pair(store *s, sqlite3_stmt *st, str x, str y, i64 *out, err *e) {
    sqlite3_bind_text64(st, 1, x.p, x.n, SQLITE_STATIC, SQLITE_UTF8);
    sqlite3_bind_text64(st, 2, y.p, y.n, SQLITE_STATIC, SQLITE_UTF8);
    bool row = false, ok = stmt_row(s, st, &row, e);
    if (ok) *out = row ? sqlite3_column_int64(st, 0) : 0;
    sqlite3_reset(st);
    return ok;
}

/* ---- who was heard before ---- */

void known_forget(store *s) {
    free(s->known);
    s->known = NULL;
    s->known_n = s->known_slots = 0;
}

static bool known_begin(store *s, err *e) {
    i64 version = 0;
    if (!db_int(s, S("PRAGMA data_version"), 0, &version, e)) return false;
    if (version != s->known_version) known_forget(s);
    s->known_version = version;
    return true;
}

static struct known_identity hash_of(str space, str name) {
    XXH128_hash_t h = XXH3_128bits_withSeed(name.p, name.n, str_hash(space));
    return (struct known_identity){h.low64 | 1, h.high64};
}

static struct known_identity *slot_of(const store *s, struct known_identity id) {
    for (u64 at = id.high;; at++) {
        struct known_identity *k = &s->known[at & (s->known_slots - 1)];
        if (!k->low || (k->low == id.low && k->high == id.high)) return k;
    }
}

static bool known_has(const store *s, struct known_identity id) {
    return s->known_slots && slot_of(s, id)->low;
}

static void known_put(store *s, struct known_identity id) {
    if (s->known_n * 2 >= s->known_slots) {
        struct known_identity *old = s->known;
        u32 n = s->known_slots;
        if (n >= KNOWN_MAX * 2) n = 0; /* begin anew: those that come often are soon back */
        s->known_slots = MAX(1024u, n * 2);
        s->known = mem_new(s->known_slots, sizeof *s->known);
        s->known_n = n ? s->known_n : 0;
        for (u32 i = 0; i < n; i++)
            if (old[i].low) *slot_of(s, old[i]) = old[i];
        free(old);
    }
    *slot_of(s, id) = id;
    s->known_n++;
}

/* A customer never heard of becomes one, known by this identity. */
static bool add_customer(adder *a, const signal_row *r, err *e) {
    if (r->customer.n == 0) return true;
    store *s = a->s;
    str space, name;
    i64 there = 0;
    customer_identity(r, &space, &name);
    struct known_identity hash = hash_of(space, name);
    if (known_has(s, hash)) return true;
    if (!find_pair(s, a->who, space, name, &there, e)) return false;
    known_put(s, hash);
    if (there) return true;
    char uid[37];
    customer c;
    identity id;
    noun_init(&noun_customer, &c);
    noun_init(&noun_identity, &id);
    uuid7(a->now_ms, s->w->random(s->w), s->w->random(s->w), uid);
    c.uid = str_of(uid);
    c.created_at = id.created_at = a->now_ms;
    if (!insert(s, a->customer, &noun_customer, &c, e)) return false;
    id.namespace = space;
    id.value = name;
    id.customer_id = sqlite3_last_insert_rowid(s->db);
    return insert(s, a->identity, &noun_identity, &id, e);
}

/* ---- what was understood, and what is to be done ---- */

static i64 original_of(const heard *items, size_t i) {
    i64 d = items[i].ins.row.duplicate_of;
    if (d >= 0 || d == NONE) return d;
    check(-1 - d < (i64)i); /* only an earlier item can be the original */
    return items[-1 - d].sig.row.id;
}

static bool add_insight(adder *a, const heard *items, size_t i, err *e) {
    const heard *h = &items[i];
    check(h->ins.mentions_n <= LIMIT_MENTIONS && h->ins.row.quality.p && h->ins.row.reader.p);
    insight_row r = h->ins.row;
    r.id = h->sig.row.id;
    r.duplicate_of = original_of(items, i);
    if (!insert(a->s, a->insight, &noun_insight, &r, e)) return false;
    for (size_t k = 0; k < h->ins.mentions_n; k++) {
        mention m = h->ins.mentions[k];
        m.signal_id = r.id;
        m.id = r.id * MENTION_STRIDE + (i64)k;
        if (!insert(a->s, a->mention, &noun_mention, &m, e)) return false;
    }
    return true;
}

static bool add_deeds(adder *a, heard *h, err *e) {
    for (size_t k = 0; k < h->deeds_n; k++) {
        deed d = h->deeds[k];
        d.id = 0;
        d.signal_id = h->sig.row.id;
        if (!noun_check(&noun_deed, &d, e) || !insert(a->s, a->deed, &noun_deed, &d, e))
            return false;
        h->deeds[k].id = sqlite3_changes(a->s->db) ? sqlite3_last_insert_rowid(a->s->db) : 0;
    }
    return true;
}

/* What windows count: by customer, so that a later question is one look at the index. */
static bool note_facts(adder *a, const heard *h, const signal_row *r, err *e) {
    i64 who = 0;
    if (!h->facts_n || !r->customer.n) return true;
    if (!store_customer(a->s, r, &who, e)) return false;
    check(who > 0);
    for (size_t k = 0; k < h->facts_n; k++) {
        sqlite3_bind_int64(a->noted, 1, h->facts[k]);
        sqlite3_bind_int64(a->noted, 2, who);
        sqlite3_bind_int64(a->noted, 3, r->occurred_at);
        sqlite3_bind_int64(a->noted, 4, r->id);
        if (!stmt_done(a->s, a->noted, e)) return false;
    }
    return true;
}

/* ---- one item, all items ---- */

/* Sets row.id and added; the rest of what store_add sets waits until the batch is on disk. */
static bool add_one(adder *a, heard *items, size_t i, err *e) {
    heard *h = &items[i];
    signal_row r = h->sig.row;
    check(r.source.p && r.external_id.p && (h->sig.attrs_n == 0) == (r.attributes.p == NULL));
    store *s = a->s;
    /* RFC 9562, 6.2 method 1: a counter within the millisecond, so the uid index grows at its end.
     */
    uuid7(a->now_ms, i & 0xfff, s->w->random(s->w), h->uid);
    r.uid = str_of(h->uid);
    r.id = a->last_id + 1;
    r.received_at = a->now_ms;
    if (!insert(s, a->signal, &noun_signal, &r, e)) return false;
    h->added = sqlite3_changes(s->db) > 0;
    if (!h->added) return find_pair(s, a->known, r.source, r.external_id, &h->sig.row.id, e);
    h->sig.row.id = a->last_id = r.id;
    a->added++;
    return add_customer(a, &r, e) && add_insight(a, items, i, e) && add_deeds(a, h, e) &&
           note_facts(a, h, &r, e);
}

static bool put_intake(adder *a, intake *p, err *e) {
    store *s = a->s;
    if (!noun_check(&noun_intake, p, e)) return false;
    buf ending = {0};
    buf_fmt(&ending, " ON CONFLICT (\"%s\") DO UPDATE SET ", p->id ? "id" : "key");
    for (size_t i = 1; i < noun_intake.fields_n; i++)
        buf_fmt(&ending, "%s\"%s\" = excluded.\"%s\"", i > 1 ? ", " : "",
                noun_intake.fields[i].name, noun_intake.fields[i].name);
    buf_fmt(&ending, " RETURNING id%c", 0);
    str sql = sql_insert(s, &noun_intake, ending.p);
    buf_clear(&ending);
    sqlite3_stmt *st = NULL;
    u8 uid_room[16];
    bool row = false;
    if (!stmt_take(s, sql, &st, e)) return false;
    bool ok = bind_rec(s, st, &noun_intake, p, uid_room, e) && stmt_row(s, st, &row, e);
    if (ok && row) p->id = sqlite3_column_int64(st, 0);
    stmt_give(s, st);
    return ok;
}

static bool add_facts(adder *a, i64 signals, err *e) {
    if (a->added == 0) return true;
    return meta_set(a->s, S("last_id"), a->last_id, e) &&
           meta_set(a->s, S("signals"), signals + a->added, e);
}

static bool add_all(adder *a, heard *items, size_t n, intake *progress, err *e) {
    i64 signals = 0;
    if (!meta_get(a->s, S("last_id"), &a->last_id, e) || !meta_get(a->s, S("signals"), &signals, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!add_one(a, items, i, e)) return false;
    if (progress) {
        progress->added += a->added;
        progress->known += (i64)n - a->added;
        if (!put_intake(a, progress, e)) return false;
    }
    return add_facts(a, signals, e);
}

static void tell(const adder *a, heard *items, size_t n) {
    for (size_t i = 0; i < n; i++) {
        heard *h = &items[i];
        if (!h->added) continue;
        h->sig.row.uid = str_of(h->uid);
        h->sig.row.received_at = a->now_ms;
        h->ins.row.id = h->sig.row.id;
        h->ins.row.duplicate_of = original_of(items, i);
        for (size_t k = 0; k < h->ins.mentions_n; k++) {
            h->ins.mentions[k].signal_id = h->sig.row.id;
            h->ins.mentions[k].id = h->sig.row.id * MENTION_STRIDE + (i64)k;
        }
        for (size_t k = 0; k < h->deeds_n; k++)
            h->deeds[k].signal_id = h->sig.row.id;
    }
}

static void take_back(heard *items, size_t n) {
    for (size_t i = 0; i < n; i++) {
        items[i].sig.row.id = 0;
        items[i].added = false;
        for (size_t k = 0; k < items[i].deeds_n; k++)
            items[i].deeds[k].id = 0;
    }
}

bool store_add(store *s, heard *items, size_t n, intake *progress, err *e) {
    check(!s->in_tx);
    adder a = {.s = s, .now_ms = s->w->now_ms(s->w)};
    intake p = progress ? *progress : (intake){0};
    if (!tx_enter(s, e)) return false;
    bool ok = known_begin(s, e) && take_statements(&a, e) && add_all(&a, items, n, progress ? &p : NULL, e);
    give_statements(&a);
    if (!tx_leave(s, ok, e)) {
        known_forget(s);
        take_back(items, n);
        return false;
    }
    tell(&a, items, n);
    if (progress) *progress = p;
    return true;
}

/* ---- what is there already ---- */

static bool note_run(store *s, i64 first, i64 last, err *e) {
    change_row c = {.first_id = first, .last_id = last, .at = s->w->now_ms(s->w)};
    sqlite3_stmt *st = NULL;
    if (!stmt_take(s, sql_insert(s, &noun_change, ""), &st, e)) return false;
    bool ok = insert(s, st, &noun_change, &c, e);
    stmt_give(s, st);
    return ok;
}

typedef struct {
    adder a;
    sqlite3_stmt *gone_insight, *gone_mentions;
} changer;

static bool change_statements(changer *c, err *e) {
    store *s = c->a.s;
    return stmt_take(s, sql_insert(s, &noun_insight, ""), &c->a.insight, e) &&
           stmt_take(s, sql_insert(s, &noun_mention, ""), &c->a.mention, e) &&
           stmt_take(s, S("DELETE FROM insight WHERE id = ?1"), &c->gone_insight, e) &&
           stmt_take(s, S("DELETE FROM mention WHERE id >= ?1 * 64 AND id < ?1 * 64 + 64"),
                     &c->gone_mentions, e);
}

static bool delete_id(store *s, sqlite3_stmt *st, i64 id, err *e) {
    sqlite3_bind_int64(st, 1, id);
    return stmt_done(s, st, e);
}

/* An insight that was there is put anew; where none was, the signal is gone. */
static bool new_insight(changer *c, heard *items, size_t i, err *e) {
    store *s = c->a.s;
    i64 id = items[i].sig.row.id;
    if (!delete_id(s, c->gone_insight, id, e)) return false;
    items[i].added = sqlite3_changes(s->db) > 0;
    return !items[i].added ||
           (delete_id(s, c->gone_mentions, id, e) && add_insight(&c->a, items, i, e));
}

static bool change_all(changer *c, heard *items, size_t n, err *e) {
    i64 first = 0, last = 0;
    if (!change_statements(c, e)) return false;
    for (size_t i = 0; i < n; i++) {
        i64 id = items[i].sig.row.id;
        if (!new_insight(c, items, i, e)) return false;
        if (!items[i].added) continue;
        if (first && id != last + 1) {
            if (!note_run(c->a.s, first, last, e)) return false;
            first = 0;
        }
        if (!first) first = id;
        last = id;
    }
    return !first || note_run(c->a.s, first, last, e);
}

static void change_give(changer *c) {
    stmt_give(c->a.s, c->a.insight);
    stmt_give(c->a.s, c->a.mention);
    stmt_give(c->a.s, c->gone_insight);
    stmt_give(c->a.s, c->gone_mentions);
}

bool store_reread(store *s, heard *items, size_t n, err *e) {
    changer c = {.a = {.s = s}};
    if (!tx_enter(s, e)) return false;
    bool ok = change_all(&c, items, n, e);
    change_give(&c);
    return tx_leave(s, ok, e);
}

i64 store_last_change(store *s) {
    i64 id = 0;
    err e;
    if (!db_int(s, S("SELECT max(id) FROM change"), 0, &id, &e)) return -1;
    return id == NONE ? 0 : id;
}

bool store_changes(store *s, i64 after, store_run *out, size_t max, size_t *n_out, err *e) {
    sqlite3_stmt *st = NULL;
    size_t n = 0;
    str sql = S("SELECT id, first_id, last_id FROM change WHERE id > ?1 ORDER BY id LIMIT ?2");
    if (!stmt_take(s, sql, &st, e)) return false;
    sqlite3_bind_int64(st, 1, after);
    sqlite3_bind_int64(st, 2, (i64)max);
    bool row = false, ok = stmt_row(s, st, &row, e);
    for (; ok && row; ok = stmt_row(s, st, &row, e)) {
        check(n < max);
        out[n++] = (store_run){sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1),
                               sqlite3_column_int64(st, 2)};
    }
    stmt_give(s, st);
    if (ok) *n_out = n;
    return ok;
}
