/* walk_follows.c - which activity directly follows which, how often and how long after. */
#include "store/walk_int.h"

enum { DENSE_NAMES = 1024 }; /* so many names: a table of all pairs, 4 MB */

typedef struct {
    u32 from, to;
    spread wait;
} pair;

typedef struct {
    i64 n, cases, starts, ends;
    i64 last_case; /* serial number of the last case that had it */
} tallied;

typedef struct {
    arena *a;
    walking *w;
    u32 names_n;
    tallied *names; /* by code */
    u32 *dense;     /* [from * (names_n + 1) + to]: pair + 1; NULL: by hash */
    key_set sparse;
    pair *pairs;
    u32 pairs_n, pairs_cap;
    spread_pool pool;
    spread duration;
    i64 serial;
    bool second; /* round */
} follows;

static bool pair_add(follows *f, u32 from, u32 to, err *e) {
    if (f->pairs_n == LIMIT_WALK_PAIRS)
        return fail(e, LIMIT,
                    "more than %d different steps from one activity to another; choose "
                    "a coarser activity or filter",
                    LIMIT_WALK_PAIRS);
    if (f->pairs_n == f->pairs_cap) {
        pair *old = f->pairs;
        f->pairs_cap = MAX(64u, f->pairs_cap * 2);
        f->pairs = NEW_N(f->a, pair, f->pairs_cap);
        if (f->pairs_n) memcpy(f->pairs, old, f->pairs_n * sizeof *old);
    }
    f->pairs[f->pairs_n++] = (pair){.from = from, .to = to};
    return true;
}

static bool pair_of(follows *f, u32 from, u32 to, pair **out, err *e) {
    u32 k;
    if (f->dense) {
        u32 *at = &f->dense[from * (f->names_n + 1) + to];
        if (!*at) {
            if (!pair_add(f, from, to, e)) return false;
            *at = f->pairs_n;
        }
        k = *at - 1;
    } else {
        k = key_number(&f->sparse, (i64)from << 32 | to);
        if (k == f->pairs_n && !pair_add(f, from, to, e)) return false;
    }
    *out = &f->pairs[k];
    return true;
}

/* Which of its activities a case has: a bit each where there are few, else a note who had it last. */
static void count_cases(follows *f, const walk_batch *b, u32 from, u32 end) {
    u64 seen = 0;
    f->serial++;
    if (f->names_n < 64) {
        for (u32 i = from; i < end; i++) seen |= (u64)1 << b->what[i];
        for (; seen; seen &= seen - 1) f->names[__builtin_ctzll(seen)].cases++;
        return;
    }
    for (u32 i = from; i < end; i++) {
        tallied *x = &f->names[b->what[i]];
        x->cases += x->last_case != f->serial;
        x->last_case = f->serial;
    }
}

static bool first_visit(void *ctx, const walk_batch *b, err *e) {
    follows *f = ctx;
    pair *p;
    for (u32 c = 0; c < b->cases; c++) {
        u32 from = b->start[c], end = b->start[c + 1];
        count_cases(f, b, from, end);
        f->names[b->what[from]].starts++;
        f->names[b->what[end - 1]].ends++;
        spread_add(&f->pool, &f->duration, b->at[end - 1] - b->at[from]);
        for (u32 i = from + 1; i < end; i++) {
            if (!pair_of(f, b->what[i - 1], b->what[i], &p, e)) return false;
            spread_add(&f->pool, &p->wait, b->at[i] - b->at[i - 1]);
        }
    }
    return true;
}

static bool second_visit(void *ctx, const walk_batch *b, err *e) {
    follows *f = ctx;
    pair *p;
    for (u32 c = 0; c < b->cases; c++) {
        u32 from = b->start[c], end = b->start[c + 1];
        spread_catch(f->a, &f->duration, b->at[end - 1] - b->at[from]);
        for (u32 i = from + 1; i < end; i++) {
            if (!pair_of(f, b->what[i - 1], b->what[i], &p, e)) return false;
            if (p->wait.aims_n) spread_catch(f->a, &p->wait, b->at[i] - b->at[i - 1]);
        }
    }
    return true;
}

/* ---- parts: in the second round all pairs are known, by their places in the whole ---- */

static void *part_open(arena *a, const void *ctx) {
    const follows *whole = ctx;
    follows *f = NEW(a, follows);
    *f = *whole;
    size_t side = f->names_n + (size_t)1;
    f->a = f->sparse.a = a;
    f->pool = spread_pool_part(a, &whole->pool);
    f->names = NEW_N(a, tallied, side);
    f->duration = spread_part(&whole->duration);
    if (whole->second) {
        f->pairs = NEW_N(a, pair, whole->pairs_n);
        f->pairs_cap = whole->pairs_n;
        for (u32 i = 0; i < whole->pairs_n; i++) {
            const pair *p = &whole->pairs[i];
            f->pairs[i] = (pair){p->from, p->to, spread_part(&p->wait)};
        }
        return f;
    }
    f->sparse = (key_set){.a = a};
    if (f->dense) f->dense = NEW_N(a, u32, side * side);
    return f;
}

static bool part_join(void *ctx, const void *found, err *e) {
    follows *f = ctx;
    const follows *x = found;
    pair *p;
    for (u32 k = 1; k <= f->names_n; k++) {
        f->names[k].cases += x->names[k].cases;
        f->names[k].starts += x->names[k].starts;
        f->names[k].ends += x->names[k].ends;
    }
    spread_join(&f->pool, &f->duration, &x->duration);
    for (u32 i = 0; i < x->pairs_n; i++) {
        if (!pair_of(f, x->pairs[i].from, x->pairs[i].to, &p, e)) return false;
        spread_join(&f->pool, &p->wait, &x->pairs[i].wait);
    }
    return true;
}

static const walk_work first_round = {first_visit, part_open, part_join};
static const walk_work second_round = {second_visit, part_open, part_join};

/* ---- the answer ---- */

typedef struct {
    walk_activity told;
    u32 code;
} named;

static int by_n(const void *x, const void *y) {
    const named *a = x, *b = y;
    if (a->told.n != b->told.n) return a->told.n > b->told.n ? -1 : 1;
    int names = str_cmp(a->told.name, b->told.name);
    return names ? names : a->code < b->code ? -1 : 1;
}

/* place[code]: where it stands in the answer. */
static void tell_names(follows *f, follows_answer *out, u32 *place) {
    for (u32 k = 1; k <= f->names_n; k++) f->names[k].n = f->names[k].starts;
    for (u32 i = 0; i < f->pairs_n; i++) f->names[f->pairs[i].to].n += f->pairs[i].wait.n;
    named *all = NEW_N(f->a, named, f->names_n + (size_t)1);
    u32 n = 0;
    for (u32 k = 1; k <= f->names_n; k++) {
        const tallied *x = &f->names[k];
        if (x->n)
            all[n++] = (named){
                {arena_str(f->a, walk_name(f->w, k)), x->n, x->cases, x->starts, x->ends}, k};
    }
    qsort(all, n, sizeof *all, by_n);
    out->activities = NEW_N(f->a, walk_activity, n);
    out->activities_n = n;
    for (u32 i = 0; i < n; i++) {
        out->activities[i] = all[i].told;
        place[all[i].code] = i;
    }
}

static int by_often(const void *x, const void *y) {
    const follows_pair *a = x, *b = y;
    if (a->wait.n != b->wait.n) return a->wait.n > b->wait.n ? -1 : 1;
    if (a->from != b->from) return a->from < b->from ? -1 : 1;
    return a->to < b->to ? -1 : a->to > b->to;
}

static void tell(follows *f, follows_answer *out) {
    u32 *place = NEW_N(f->a, u32, f->names_n + (size_t)1);
    tell_names(f, out, place);
    out->pairs = NEW_N(f->a, follows_pair, f->pairs_n);
    out->pairs_n = f->pairs_n;
    for (u32 i = 0; i < f->pairs_n; i++)
        out->pairs[i] = (follows_pair){place[f->pairs[i].from], place[f->pairs[i].to],
                                       spread_times(&f->pairs[i].wait)};
    if (f->pairs_n) qsort(out->pairs, out->pairs_n, sizeof *out->pairs, by_often);
    out->duration = spread_times(&f->duration);
    out->cost = walk_paid(f->w);
}

static bool prepare(follows *f, err *e) {
    if (!walk_names(f->w, e)) return false;
    f->names_n = walk_names_n(f->w);
    f->names = NEW_N(f->a, tallied, f->names_n + (size_t)1);
    f->sparse = (key_set){.a = f->a};
    size_t side = f->names_n + (size_t)1;
    if (f->names_n <= DENSE_NAMES) f->dense = NEW_N(f->a, u32, side * side);
    return true;
}

static bool ask(walking *w, arena *a, void *ctx, err *e) {
    follows *f = NEW(a, follows);
    *f = (follows){.a = a, .w = w, .pool = {a, walk_events(w) < SPREAD_POOL / 4 ? SPREAD_POOL : 0}};
    if (!prepare(f, e) || !walk_round(w, &first_round, f, e)) return false;
    bool again = spread_aim(a, &f->duration);
    for (u32 i = 0; i < f->pairs_n; i++) again |= spread_aim(a, &f->pairs[i].wait);
    f->second = true;
    if (again && !walk_round(w, &second_round, f, e)) return false;
    tell(f, ctx);
    return true;
}

bool walk_follows(tally *t, arena *a, const walk_scope *s, follows_answer *out, err *e) {
    check(t && s && out);
    follows_answer found = {0};
    if (!walk_run(t, a, s, ask, &found, e)) return false;
    *out = found;
    return true;
}
