/* auth_scope.c - rights, and what a department sees. */
#include "api/auth.h"
#include "kern/expr_make.h"
#include "understand/taxonomy.h"

const who who_nobody = {.actor = {"nobody", 6}};

const char *const rights_known[] = {
    "signals.read",  "signals.write",  "metrics.read", "metrics.write",
    "measures.read", "measures.write", "tickets.read", "tickets.write",
    "rules.read",    "rules.write",    "users.write",  "keys.write",
    "audit.read",    "originals.read", "export",       "taxonomy.write"};
const size_t rights_known_n = COUNT(rights_known);

bool right_known(str text) {
    for (size_t i = 0; i < rights_known_n; i++)
        if (str_eq(str_of(rights_known[i]), text)) return true;
    return false;
}

bool who_may(const who *w, str right) {
    check(right_known(right));
    for (size_t i = 0; i < w->rights_n; i++)
        if (str_eq(w->rights[i], right)) return true;
    return false;
}

/* ---- departments ---- */

static bool is_own(const who *w, str name) {
    for (size_t i = 0; name.p && i < w->departments_n; i++)
        if (str_eq(w->departments[i], name)) return true;
    return false;
}

/* aspect in (...) of the aspects its departments answer for; false when they answer for none. */
static const expr *own_aspects(arena *a, const who *w) {
    const taxonomy *t = taxonomy_shipped();
    expr *x = NEW(a, expr);
    *x = (expr){.op = EXPR_IN, .column = S("aspect"), .values = NEW_N(a, value, t->nodes_n)};
    for (size_t i = 0; i < t->nodes_n; i++)
        if (is_own(w, t->nodes[i].department))
            x->values[x->values_n++] = (value){.kind = VALUE_TEXT, .text = t->nodes[i].id};
    if (!x->values_n) *x = (expr){.op = EXPR_CONST, .constant = false};
    return x;
}

const expr *auth_where(arena *a, const who *w, const expr *where) {
    if (!w->scoped) return where;
    const expr *own = own_aspects(a, w);
    if (!where) return own;
    return expr_both(a, where, own);
}

const expr *auth_tickets_where(arena *a, const who *w, const expr *where) {
    if (!w->scoped) return where;
    expr *x = NEW(a, expr);
    *x = (expr){
        .op = EXPR_IN, .column = S("department"), .values = NEW_N(a, value, w->departments_n + 1)};
    for (size_t i = 0; i < w->departments_n; i++)
        x->values[x->values_n++] = (value){.kind = VALUE_TEXT, .text = w->departments[i]};
    if (!x->values_n) *x = (expr){.op = EXPR_CONST, .constant = false};
    return where ? expr_both(a, where, x) : x;
}

bool auth_sees_ticket(const who *w, const ticket *t) {
    return !w->scoped || is_own(w, t->department);
}

static bool own_ticket_for(const who *w, store *s, arena *a, i64 signal_id, bool *out, err *e) {
    store_query q = {.field = "signal_id", .num = signal_id};
    void *recs;
    size_t n;
    if (!store_list(s, a, &noun_ticket, &q, &recs, &n, e)) return false;
    for (size_t i = 0; i < n && !*out; i++) *out = auth_sees_ticket(w, &((ticket *)recs)[i]);
    return true;
}

bool auth_sees_signal(const who *w, store *s, arena *a, const signal *sig, const insight *ins,
                      bool *sees_out, err *e) {
    bool sees = !w->scoped;
    for (size_t i = 0; i < ins->mentions_n && !sees; i++) {
        const aspect_node *node = taxonomy_find(taxonomy_shipped(), ins->mentions[i].aspect);
        sees = node && is_own(w, node->department);
    }
    if (!sees && !own_ticket_for(w, s, a, sig->row.id, &sees, e)) return false;
    *sees_out = sees;
    return true;
}

bool auth_ticket(const who *w, store *s, arena *a, i64 id, ticket *out, err *e) {
    ticket t;
    if (!store_get(s, a, &noun_ticket, id, &t, e)) return false;
    if (!auth_sees_ticket(w, &t)) return fail(e, NOT_FOUND, "there is no ticket %" PRId64, id);
    *out = t;
    return true;
}
