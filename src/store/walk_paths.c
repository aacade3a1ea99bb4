/* walk_paths.c - which ways are walked most: whole walks (variants), or their first steps. */
#define XXH_INLINE_ALL
#include "store/walk_int.h"
#include <xxhash.h>

/* A different path.  It is known by 128 bits of a hash over its names, so that neither the order of
** arrival nor that of a dictionary shows; two of four million are taken for one with a chance of 2^-85. */
typedef struct {
    u64 low, high;
    i64 n;
    u32 shown; /* place in the answer + 1 */
} variant;

typedef struct {
    i64 *duration; /* of all its cases */
    i64 n, cap;
    walk_path told;
} showing;

typedef struct {
    arena *a;
    walking *w;
    const paths_question *q;
    u32 from_bit, to_bit; /* UINT32_MAX: not asked */
    u64 *name_hash;       /* by code */
    variant *variants;
    u32 variants_n, variants_cap, *slots, slots_n;
    u32 names_n;
    key_set links; /* step, from, to; to = names_n + 1: the path ended */
    i64 *links_count;
    u32 links_cap;
    showing *shown;
    u32 shown_n;
    i64 n;
    spread_pool pool;
    spread duration;
    /* The path in hand. */
    u32 *code;
    u64 *hash;
    u32 path_n, path_cap;
    bool goes_on;
    i64 begin, end;
    bool second; /* round */
} paths;

static void path_room(paths *p) {
    u32 *code = p->code;
    u64 *hash = p->hash;
    if (p->path_n < p->path_cap) return;
    p->path_cap = MAX(256u, p->path_cap * 2);
    p->code = arena_raw(p->a, p->path_cap * sizeof *code);
    p->hash = arena_raw(p->a, p->path_cap * sizeof *hash);
    if (p->path_n) memcpy(p->code, code, p->path_n * sizeof *code);
    if (p->path_n) memcpy(p->hash, hash, p->path_n * sizeof *hash);
}

static bool has(const walk_batch *b, u32 i, u32 bit) {
    return bit != UINT32_MAX && b->bits[i] >> bit & 1;
}

/* The path of one case; false: it never began. */
static bool path_of(paths *p, const walk_batch *b, u32 i, u32 end) {
    p->path_n = 0;
    p->goes_on = false;
    if (p->from_bit != UINT32_MAX)
        while (i < end && !has(b, i, p->from_bit)) i++;
    if (i == end) return false;
    p->begin = p->end = b->at[i];
    for (u32 first = i; i < end; i++) {
        if (p->q->collapse && p->path_n && p->code[p->path_n - 1] == b->what[i]) {
            p->end = b->at[i];
        } else if (p->q->steps && p->path_n == p->q->steps) {
            p->goes_on = true;
            break;
        } else {
            path_room(p);
            p->code[p->path_n] = b->what[i];
            p->hash[p->path_n++] = p->name_hash[b->what[i]];
            p->end = b->at[i];
        }
        if (i > first && has(b, i, p->to_bit)) break;
    }
    return true;
}

static void variants_grow(paths *p) {
    variant *old = p->variants;
    p->variants_cap = MAX(1024u, p->variants_cap * 2);
    p->variants = arena_raw(p->a, p->variants_cap * sizeof *old);
    if (p->variants_n) memcpy(p->variants, old, p->variants_n * sizeof *old);
    p->slots_n = p->variants_cap * 2;
    p->slots = NEW_N(p->a, u32, p->slots_n);
    for (u32 i = 0; i < p->variants_n; i++) {
        u64 at = p->variants[i].low;
        while (p->slots[at & (p->slots_n - 1)]) at++;
        p->slots[at & (p->slots_n - 1)] = i + 1;
    }
}

static bool variant_hashed(paths *p, u64 low, u64 high, variant **out, err *e) {
    if (p->variants_n == p->variants_cap) variants_grow(p);
    u64 at = low;
    for (;; at++) {
        u32 i = p->slots[at & (p->slots_n - 1)];
        if (!i) break;
        variant *v = &p->variants[i - 1];
        if (v->low == low && v->high == high) return *out = v, true;
    }
    if (p->variants_n == LIMIT_WALK_VARIANTS)
        return fail(e, LIMIT,
                    "more than %d different paths; ask for fewer steps, collapse repeats "
                    "or filter",
                    LIMIT_WALK_VARIANTS);
    p->variants[p->variants_n] = (variant){low, high, 0, 0};
    p->slots[at & (p->slots_n - 1)] = p->variants_n + 1;
    *out = &p->variants[p->variants_n++];
    return true;
}

static bool variant_of(paths *p, variant **out, err *e) {
    XXH128_hash_t h = XXH3_128bits_withSeed(p->hash, p->path_n * sizeof *p->hash, p->goes_on);
    return variant_hashed(p, h.low64, h.high64, out, e);
}

static bool link_count(paths *p, i64 key, i64 n, err *e) {
    u32 k = key_number(&p->links, key);
    if (k >= LIMIT_WALK_PAIRS)
        return fail(e, LIMIT,
                    "more than %d different steps from one activity to another; ask for "
                    "fewer steps or filter",
                    LIMIT_WALK_PAIRS);
    if (!p->links_count) p->links_count = NEW_N(p->a, i64, LIMIT_WALK_PAIRS);
    p->links_count[k] += n;
    return true;
}

static bool link_add(paths *p, u32 step, u32 from, u32 to, err *e) {
    i64 side = p->names_n + (i64)2;
    return link_count(p, (step * side + from) * side + to, 1, e);
}

static bool count_links(paths *p, err *e) {
    for (u32 i = 0; i + 1 < p->path_n; i++)
        if (!link_add(p, i + 1, p->code[i], p->code[i + 1], e)) return false;
    return p->goes_on || link_add(p, p->path_n, p->code[p->path_n - 1], p->names_n + 1, e);
}

static bool first_visit(void *ctx, const walk_batch *b, err *e) {
    paths *p = ctx;
    variant *v;
    for (u32 c = 0; c < b->cases; c++) {
        if (!path_of(p, b, b->start[c], b->start[c + 1])) continue;
        if (!variant_of(p, &v, e) || (p->q->steps && !count_links(p, e))) return false;
        v->n++;
        p->n++;
        spread_add(&p->pool, &p->duration, p->end - p->begin);
    }
    return true;
}

/* Of the whole the room is known; a part's grows. */
static void showing_room(paths *p, showing *s) {
    i64 *old = s->duration;
    s->cap = MAX((i64)16, s->cap * 2);
    s->duration = arena_raw(p->a, (size_t)s->cap * sizeof *old);
    if (s->n) memcpy(s->duration, old, (size_t)s->n * sizeof *old);
}

static bool second_visit(void *ctx, const walk_batch *b, err *e) {
    paths *p = ctx;
    variant *v;
    for (u32 c = 0; c < b->cases; c++) {
        if (!path_of(p, b, b->start[c], b->start[c + 1])) continue;
        if (!variant_of(p, &v, e)) return false;
        spread_catch(p->a, &p->duration, p->end - p->begin);
        if (!v->shown) continue;
        showing *s = &p->shown[v->shown - 1];
        check(s->n < v->n);
        if (s->n == s->cap) showing_room(p, s);
        s->duration[s->n++] = p->end - p->begin;
        if (s->n > 1) continue;
        str *names = NEW_N(p->a, str, p->path_n);
        for (u32 i = 0; i < p->path_n; i++) names[i] = arena_str(p->a, walk_name(p->w, p->code[i]));
        s->told =
            (walk_path){.names = names, .names_n = p->path_n, .goes_on = p->goes_on, .n = v->n};
    }
    return true;
}

/* ---- parts: in the second round all variants are known, and are only looked up ---- */

static void *part_open(arena *a, const void *ctx) {
    const paths *whole = ctx;
    paths *p = NEW(a, paths);
    *p = *whole;
    p->a = a;
    p->n = 0;
    p->links = (key_set){.a = a};
    p->links_count = NULL;
    p->pool = spread_pool_part(a, &whole->pool);
    p->duration = spread_part(&whole->duration);
    p->code = NULL;
    p->hash = NULL;
    p->path_n = p->path_cap = 0;
    if (whole->second) {
        p->shown = NEW_N(a, showing, p->shown_n + (size_t)1);
        return p;
    }
    p->variants = NULL;
    p->variants_n = p->variants_cap = 0;
    return p;
}

static bool join_variants(paths *p, const paths *x, err *e) {
    variant *v;
    for (u32 i = 0; i < x->variants_n; i++) {
        if (!variant_hashed(p, x->variants[i].low, x->variants[i].high, &v, e)) return false;
        v->n += x->variants[i].n;
    }
    for (u32 i = 0; i < x->links.n; i++)
        if (!link_count(p, x->links.keys[i], x->links_count[i], e)) return false;
    p->n += x->n;
    return true;
}

static void join_shown(paths *p, const paths *x) {
    for (u32 i = 0; i < p->shown_n; i++) {
        showing *to = &p->shown[i];
        const showing *from = &x->shown[i];
        if (!from->n) continue;
        check(to->cap - to->n >= from->n);
        memcpy(to->duration + to->n, from->duration, (size_t)from->n * sizeof(i64));
        to->n += from->n;
        if (to->told.names_n) continue;
        to->told = from->told;
        str *names = NEW_N(p->a, str, from->told.names_n);
        for (size_t k = 0; k < from->told.names_n; k++)
            names[k] = arena_str(p->a, from->told.names[k]);
        to->told.names = names;
    }
}

static bool part_join(void *ctx, const void *found, err *e) {
    paths *p = ctx;
    const paths *x = found;
    spread_join(&p->pool, &p->duration, &x->duration);
    if (p->second)
        join_shown(p, x);
    else
        return join_variants(p, x, e);
    return true;
}

static const walk_work first_round = {first_visit, part_open, part_join};
static const walk_work second_round = {second_visit, part_open, part_join};

/* ---- the most frequent ---- */

static int more_often(const void *x, const void *y) {
    const variant *a = *(const variant *const *)x, *b = *(const variant *const *)y;
    if (a->n != b->n) return a->n > b->n ? -1 : 1;
    if (a->low != b->low) return a->low < b->low ? -1 : 1;
    return a->high < b->high ? -1 : a->high > b->high;
}

static void choose(paths *p) {
    u32 want = (u32)MIN(p->q->limit, (size_t)p->variants_n), n = 0, cap = want * 2 + 1024;
    const variant **best = NEW_N(p->a, const variant *, cap);
    for (u32 i = 0; i < p->variants_n; i++) {
        if (n == cap) {
            qsort(best, n, sizeof *best, more_often);
            n = want;
        }
        best[n++] = &p->variants[i];
    }
    qsort(best, n, sizeof *best, more_often);
    p->shown_n = want;
    p->shown = NEW_N(p->a, showing, want + (size_t)1);
    for (u32 i = 0; i < want; i++) {
        p->variants[best[i] - p->variants].shown = i + 1;
        p->shown[i].duration = arena_raw(p->a, (size_t)best[i]->n * sizeof(i64));
        p->shown[i].cap = best[i]->n;
    }
}

/* The values are kept already. */
static walk_times times_of(i64 *v, i64 n) {
    spread s = {.n = n, .raw = v};
    for (i64 i = 0; i < n; i++) s.sum += v[i];
    return spread_times(&s);
}

static int by_link(const void *x, const void *y) {
    const path_link *a = x, *b = y;
    if (a->step != b->step) return a->step < b->step ? -1 : 1;
    int from = str_cmp(a->from, b->from);
    if (from) return from;
    return !a->to.p != !b->to.p ? (a->to.p ? -1 : 1) : str_cmp(a->to, b->to);
}

static void tell_links(paths *p, paths_answer *out) {
    i64 side = p->names_n + (i64)2;
    out->links_n = p->links.n;
    out->links = NEW_N(p->a, path_link, p->links.n);
    for (u32 i = 0; i < p->links.n; i++) {
        i64 key = p->links.keys[i];
        u32 to = (u32)(key % side), from = (u32)(key / side % side);
        out->links[i] = (path_link){
            (u32)(key / side / side), arena_str(p->a, walk_name(p->w, from)),
            to > p->names_n ? NO_STR : arena_str(p->a, walk_name(p->w, to)), p->links_count[i]};
    }
    if (p->links.n) qsort(out->links, out->links_n, sizeof *out->links, by_link);
}

static void tell(paths *p, paths_answer *out) {
    out->n = p->n;
    out->variants = p->variants_n;
    out->paths_n = p->shown_n;
    out->paths = NEW_N(p->a, walk_path, p->shown_n);
    for (u32 i = 0; i < p->shown_n; i++) {
        out->paths[i] = p->shown[i].told;
        out->paths[i].duration = times_of(p->shown[i].duration, p->shown[i].n);
    }
    tell_links(p, out);
    out->duration = spread_times(&p->duration);
    out->cost = walk_paid(p->w);
}

static bool prepare(paths *p, err *e) {
    if (!walk_names(p->w, e)) return false;
    p->from_bit = p->q->from ? walk_test(p->w, p->q->from) : UINT32_MAX;
    p->to_bit = p->q->to ? walk_test(p->w, p->q->to) : UINT32_MAX;
    p->names_n = walk_names_n(p->w);
    p->name_hash = NEW_N(p->a, u64, p->names_n + (size_t)1);
    for (u32 k = 1; k <= p->names_n; k++) p->name_hash[k] = str_hash(walk_name(p->w, k));
    return true;
}

typedef struct {
    const paths_question *q;
    paths_answer *out;
} asked;

static bool ask(walking *w, arena *a, void *ctx, err *e) {
    const asked *k = ctx;
    paths *p = NEW(a, paths);
    *p = (paths){.a = a, .w = w, .q = k->q, .links = {.a = a}, .pool = {a, SPREAD_POOL}};
    if (!prepare(p, e) || !walk_round(w, &first_round, p, e)) return false;
    choose(p);
    spread_aim(a, &p->duration);
    p->second = true;
    if (!walk_round(w, &second_round, p, e)) return false;
    tell(p, k->out);
    return true;
}

bool walk_paths(tally *t, arena *a, const walk_scope *s, const paths_question *q, paths_answer *out,
                err *e) {
    check(t && s && q && out);
    paths_answer found = {0};
    asked k = {q, &found};
    if (q->limit < 1 || q->limit > LIMIT_WALK_SHOWN)
        return fail(e, INVALID, "paths shown: 1 to %d", LIMIT_WALK_SHOWN);
    if (!walk_run(t, a, s, ask, &k, e)) return false;
    *out = found;
    return true;
}
