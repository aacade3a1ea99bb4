/* facts.c - who said it and how often: the small questions rules and cases ask while signals come in. */
#include "store/sqlite.h"

static bool pair_id(store *s, str sql, str x, str y, i64 *out, err *e) {
    sqlite3_stmt *st = NULL;
    bool row = false;
    if (!stmt_take(s, sql, &st, e)) return false;
    sqlite3_bind_text64(st, 1, x.p, x.n, SQLITE_STATIC, SQLITE_UTF8);
    sqlite3_bind_text64(st, 2, y.p, y.n, SQLITE_STATIC, SQLITE_UTF8);
    bool ok = stmt_row(s, st, &row, e);
    if (ok) *out = row ? sqlite3_column_int64(st, 0) : 0;
    stmt_give(s, st);
    return ok;
}

bool store_customer(store *s, const signal_row *r, i64 *id_out, err *e) {
    str space, name;
    *id_out = 0;
    if (!r->customer.n) return true;
    customer_identity(r, &space, &name);
    return pair_id(s, S("SELECT customer_id FROM identity WHERE namespace = ?1 AND value = ?2"),
                   space, name, id_out, e);
}

bool store_signal_known(store *s, str source, str external_id, i64 *id_out, err *e) {
    *id_out = 0;
    return pair_id(s, S("SELECT id FROM signal WHERE source = ?1 AND external_id = ?2"), source,
                   external_id, id_out, e);
}

bool store_fact_count(store *s, i64 fact_id, i64 customer_id, i64 from, i64 to, i64 before_id,
                      i64 *n_out, err *e) {
    sqlite3_stmt *st = NULL;
    bool row = false;
    check(from <= to);
    if (!stmt_take(s,
                   S("SELECT count(*) FROM fact_event WHERE fact_id = ?1 AND customer_id = ?2 AND "
                     "at > ?3 AND at <= ?4 AND signal_id < ?5"),
                   &st, e))
        return false;
    const i64 bound[] = {fact_id, customer_id, from, to, before_id};
    for (int i = 0; i < (int)COUNT(bound); i++) sqlite3_bind_int64(st, i + 1, bound[i]);
    bool ok = stmt_row(s, st, &row, e);
    if (ok) *n_out = sqlite3_column_int64(st, 0);
    stmt_give(s, st);
    return ok;
}

/* The customer is looked up as for a signal that comes in, so both ways of noting agree. */
static const char remake_sql[] =
    "INSERT OR IGNORE INTO fact_event (fact_id, customer_id, at, signal_id) SELECT ?1, "
    "i.customer_id, s.occurred_at, s.id FROM signal s JOIN identity i ON i.namespace = CASE WHEN "
    "length(CAST(substr(s.customer, 1, instr(s.customer, ':') - 1) AS BLOB)) BETWEEN 1 AND 80 AND "
    "instr(s.customer, ':') BETWEEN 2 AND length(s.customer) - 1 THEN substr(s.customer, 1, "
    "instr(s.customer, ':') - 1) ELSE s.source END AND i.value = CASE WHEN "
    "length(CAST(substr(s.customer, 1, instr(s.customer, ':') - 1) AS BLOB)) BETWEEN 1 AND 80 AND "
    "instr(s.customer, ':') BETWEEN 2 AND length(s.customer) - 1 THEN substr(s.customer, "
    "instr(s.customer, ':') + 1) ELSE s.customer END WHERE s.id = ?2 AND s.customer IS NOT NULL";

static bool remake(store *s, i64 fact_id, const i64 *ids, size_t n, err *e) {
    sqlite3_stmt *gone = NULL, *put = NULL;
    bool ok = stmt_take(s, S("DELETE FROM fact_event WHERE fact_id = ?1"), &gone, e) &&
              stmt_take(s, str_of(remake_sql), &put, e);
    if (ok) {
        sqlite3_bind_int64(gone, 1, fact_id);
        ok = stmt_done(s, gone, e);
    }
    for (size_t i = 0; ok && i < n; i++) {
        sqlite3_bind_int64(put, 1, fact_id);
        sqlite3_bind_int64(put, 2, ids[i]);
        ok = stmt_done(s, put, e);
    }
    stmt_give(s, gone);
    stmt_give(s, put);
    return ok;
}

bool store_fact_remake(store *s, i64 fact_id, const i64 *ids, size_t n, err *e) {
    check(fact_id > 0);
    if (!tx_enter(s, e)) return false;
    return tx_leave(s, remake(s, fact_id, ids, n, e), e);
}
