/* record_linkage.c - which records are one person: blocked, compared, weighed by EM. */
#include "base/job.h"
#include "kern/similar.h"
#include "kern/method.h"

enum { FIELDS_MAX = 12 };
typedef enum { EXACT, JARO_WINKLER, LEVENSHTEIN } way;

typedef struct {
    str name;
    way how;
    double least;
    strs a, b;
} compared;

typedef struct {
    strs block, id;
    size_t n;
} side;

typedef struct {
    calc *c;
    side a, b;
    bool one; /* a and b are one table: each pair once */
    compared fields[FIELDS_MAX];
    size_t k;
    double *patterns; /* pairs by bits of agreement */
    double pairs, by_count[FIELDS_MAX + 2], matches, right;
    arena *scratch;
} linkage;

/* ---- what is compared, and how ---- */

static void field(calc *c, linkage *l, str name, str how) {
    if (l->k == FIELDS_MAX) {
        calc_bad(c, "\"compare\": at most %d fields", FIELDS_MAX);
        return;
    }
    compared f = {.name = name, .least = 0.85};
    ptrdiff_t at = str_find(how, S(">="));
    str number = at < 0 ? S("") : str_trim(str_from(how, (size_t)at + 2)), rest;
    str_cut(number, ' ', &number, &rest);
    f.how = str_find(how, S("jaro_winkler")) >= 0  ? JARO_WINKLER
            : str_find(how, S("levenshtein")) >= 0 ? LEVENSHTEIN
                                                   : EXACT;
    if (f.how == EXACT && !str_eq(how, S("exact")))
        calc_bad(c, "\"compare\": exact, jaro_winkler >= T or levenshtein >= T");
    if (at >= 0 && (!str_num(number, &f.least) || !(f.least >= 0 && f.least <= 1)))
        calc_bad(c, "\"compare\": the threshold must be a number between 0 and 1");
    l->fields[l->k++] = f;
}

static void usual(calc *c, linkage *l) {
    field(c, l, S("surname"), S("jaro_winkler >= 0.85"));
    field(c, l, S("date_of_birth"), S("exact"));
    field(c, l, S("suburb"), S("exact"));
    field(c, l, S("state"), S("exact"));
    field(c, l, S("address_1"), S("levenshtein >= 0.85"));
}

static void read_side(calc *c, linkage *l, const char *key, side *s, bool first) {
    table t = in_table(c, key);
    str block = in_text(c, NULL, "block");
    if (!calc_ok(c)) return;
    s->block = column_texts(c, &t, in_column(c, &t, block));
    s->n = t.rows;
    bool known = false;
    for (size_t j = 0; j < t.columns.n; j++) known |= str_eq(t.columns.v[j], S("rec_id"));
    if (known) s->id = column_texts(c, &t, in_column(c, &t, S("rec_id")));
    for (size_t j = 0; j < l->k && calc_ok(c); j++)
        *(first ? &l->fields[j].a : &l->fields[j].b) =
            column_texts(c, &t, in_column(c, &t, l->fields[j].name));
}

/* ---- pairs ---- */

static bool agrees(linkage *l, const compared *f, str x, str y) {
    if (!x.p || !y.p) return false; /* missing is no agreement */
    if (f->how == EXACT) return str_eq(x, y);
    points p = points_of(l->scratch, x), q = points_of(l->scratch, y);
    calc_steps(l->c, (double)(p.n + 1) * (double)(q.n + 1));
    if (f->how == JARO_WINKLER) return jaro_winkler(l->scratch, p, q, 0.7) >= f->least;
    size_t most = MAX(p.n, q.n);
    return most && 1 - (double)levenshtein(l->scratch, p, q) / (double)most >= f->least;
}

/* "rec-12" of "rec-12-dup-0": who it really is. */
static str entity(str id) {
    ptrdiff_t one = str_find(id, S("-")),
              two = one < 0 ? -1 : str_find(str_from(id, (size_t)one + 1), S("-"));
    return two < 0 ? id : str_head(id, (size_t)(one + 1 + two));
}

static bool truly_one(const linkage *l, size_t i, size_t j) {
    if (!l->a.id.n || !l->b.id.n || !l->a.id.v[i].p || !l->b.id.v[j].p) return false;
    return str_eq(entity(l->a.id.v[i]), entity(l->b.id.v[j]));
}

typedef struct {
    linkage *l;
    size_t i, j;
    u32 bits;
} comparing;

static bool compare(arena *a, void *ctx, err *e) {
    (void)a, (void)e;
    comparing *p = ctx;
    for (size_t k = 0; k < p->l->k; k++) {
        const compared *f = &p->l->fields[k];
        p->bits |= (u32)agrees(p->l, f, f->a.v[p->i], f->b.v[p->j]) << k;
    }
    return true;
}

/* A job of its own, so that the memory of one comparison serves the next. */
static void pair(linkage *l, size_t i, size_t j) {
    comparing p = {l, i, j, 0};
    arena_reset(l->scratch);
    if (!job_run_in(l->scratch, compare, &p, l->c->e)) {
        l->c->bad = true;
        return;
    }
    int agreed = __builtin_popcount(p.bits) + 1; /* the block agrees */
    bool match = 2 * agreed > (int)l->k + 1;
    l->pairs++, l->patterns[p.bits]++, l->by_count[agreed]++;
    l->matches += match;
    l->right += match && truly_one(l, i, j);
}

typedef struct {
    str key;
    size_t row;
} keyed;

static int by_key(const void *a, const void *b) {
    const keyed *x = a, *y = b;
    int by = str_cmp(x->key, y->key);
    return by ? by : (x->row > y->row) - (x->row < y->row);
}

static keyed *sorted(calc *c, strs s, bool of_entity, size_t *n) {
    keyed *k = NEW_N(c->a, keyed, s.n + 1);
    *n = 0;
    for (size_t i = 0; i < s.n; i++)
        if (s.v[i].p) k[(*n)++] = (keyed){of_entity ? entity(s.v[i]) : s.v[i], i};
    if (*n) qsort(k, *n, sizeof *k, by_key);
    return k;
}

/* All pairs of rows whose keys are equal: count only, or look at each. */
static double each_pair(linkage *l, const keyed *a, size_t n, const keyed *b, size_t m, bool look) {
    double count = 0;
    for (size_t i = 0, j = 0; i < n && j < m && calc_ok(l->c);) {
        int by = str_cmp(a[i].key, b[j].key);
        if (by) {
            by < 0 ? i++ : j++;
            continue;
        }
        size_t p = i, q = j;
        while (p < n && str_eq(a[p].key, a[i].key)) p++;
        while (q < m && str_eq(b[q].key, b[j].key)) q++;
        double x = (double)(p - i), y = (double)(q - j);
        count += l->one ? x * (x - 1) / 2 : x * y;
        for (size_t r = i; look && r < p && calc_steps(l->c, 100 * y); r++)
            for (size_t s = l->one ? r + 1 : j; s < q; s++) pair(l, a[r].row, b[s].row);
        i = p, j = q;
    }
    return count;
}

/* ---- EM under conditional independence (Winkler 1988) ---- */

typedef struct {
    double p, m[FIELDS_MAX], u[FIELDS_MAX], loglik;
} mixture;

static double round_of(const linkage *l, mixture *x) {
    mixture next = {0};
    double matched = 0;
    for (u32 bits = 0; bits < 1u << l->k; bits++) {
        double n = l->patterns[bits], a = x->p, b = 1 - x->p;
        if (n == 0) continue;
        for (size_t k = 0; k < l->k; k++) {
            a *= bits >> k & 1 ? x->m[k] : 1 - x->m[k];
            b *= bits >> k & 1 ? x->u[k] : 1 - x->u[k];
        }
        double g = a + b > 0 ? a / (a + b) : 0.5;
        next.loglik += n * log(fmax(a + b, 1e-300));
        matched += n * g;
        for (size_t k = 0; k < l->k; k++)
            if (bits >> k & 1) next.m[k] += n * g, next.u[k] += n * (1 - g);
    }
    double change = fabs(matched / l->pairs - x->p);
    next.p = matched / l->pairs;
    for (size_t k = 0; k < l->k; k++) {
        next.m[k] = matched > 0 ? next.m[k] / matched : x->m[k];
        next.u[k] = matched < l->pairs ? next.u[k] / (l->pairs - matched) : x->u[k];
        change = fmax(change, fmax(fabs(next.m[k] - x->m[k]), fabs(next.u[k] - x->u[k])));
    }
    *x = next;
    return change;
}

static void write_em(calc *c, const linkage *l) {
    mixture x = {.p = 0.15};
    for (size_t k = 0; k < l->k; k++) x.m[k] = 0.9, x.u[k] = 0.1;
    for (int i = 0; i < 5000 && l->pairs > 0 && calc_steps(c, ldexp((double)l->k * 4, (int)l->k));
         i++)
        if (round_of(l, &x) < 1e-13) break;
    bool any = l->pairs > 0;
    out_open(c, "em");
    out_num(c, "p", any ? x.p : undefined(NO_DATA));
    out_nums(c, "m", any ? (vec){x.m, l->k} : (vec){0});
    out_nums(c, "u", any ? (vec){x.u, l->k} : (vec){0});
    out_num(c, "loglik", any ? x.loglik : undefined(NO_DATA));
    out_end(c);
}

static void close_scratch(void *a) {
    arena_close(a);
}

static bool read(calc *c, linkage *l) {
    const json *how = json_get(c->in, S("compare"));
    if (how && how->kind == JSON_OBJECT)
        for (const json *f = how->first; f && calc_ok(c); f = f->next)
            field(c, l, f->key, in_word(c, f, "compare"));
    else
        usual(c, l);
    l->one = !in_has(c, NULL, "data_a");
    read_side(c, l, l->one ? "data" : "data_a", &l->a, true);
    if (calc_ok(c)) read_side(c, l, l->one ? "data" : "data_b", &l->b, false);
    return calc_ok(c);
}

static bool run(calc *c) {
    linkage l = {.c = c};
    if (!read(c, &l)) return false;
    l.scratch = arena_open((size_t)64 << 20);
    arena_defer(c->a, close_scratch, l.scratch);
    l.patterns = NEW_N(c->a, double, (size_t)1 << l.k);
    size_t n, m, p, q;
    keyed *a = sorted(c, l.a.block, false, &n), *b = sorted(c, l.b.block, false, &m);
    keyed *x = sorted(c, l.a.id, true, &p), *y = sorted(c, l.b.id, true, &q);
    double links = each_pair(&l, x, p, y, q, false);
    each_pair(&l, a, n, b, m, true);
    if (!calc_ok(c)) return false;
    out_num(c, "true_links", p ? links : undefined(NO_DATA));
    out_num(c, "candidate_pairs", l.pairs);
    out_open(c, "pairs_by_agreements");
    for (size_t k = l.k + 1; k >= 1; k--) out_num(c, arena_fmt(c->a, "%zu", k).p, l.by_count[k]);
    out_end(c);
    out_num(c, arena_fmt(c->a, "matches_gt%zu", (l.k + 1) / 2).p, l.matches);
    out_num(c, "true_positives", p ? l.right : undefined(NO_DATA));
    out_num(c, "precision", p ? ratio(l.right, l.matches) : undefined(NO_DATA));
    out_num(c, "recall_of_all_links", p ? ratio(l.right, links) : undefined(NO_DATA));
    write_em(c, &l);
    return calc_ok(c);
}

const method method_record_linkage = {
    .name = "record_linkage",
    .title = {"Which records are one person", "记录匹配去重", "紀錄比對去重"},
    .source = "Fellegi & Sunter 1969; Winkler 1988 (EM)",
    .formula = "pairs within a block; a match agrees in more than half of the fields (the block "
               "counts as one); "
               "EM of m, u, p under conditional independence from m 0.9, u 0.1, p 0.15; missing is "
               "no agreement",
    .input = "data  table; or data_a and data_b\nblock  a column\n"
             "compare  {\"column\": \"exact\" | \"jaro_winkler >= T\" | \"levenshtein >= T\"}; "
             "usually surname, "
             "date_of_birth, suburb, state, address_1\n"
             "rec_id  column rec-N-...: the truth, if known",
    .output =
        "true_links, candidate_pairs, pairs_by_agreements, matches_gtN, true_positives, precision, "
        "recall_of_all_links; em  p, m, u, loglik",
    .example = "{\"data\":{\"columns\":[\"rec_id\",\"name\",\"city\"],\"rows\":[[\"rec-1-a\","
               "\"li\",\"bern\"],"
               "[\"rec-1-b\",\"li\",\"bern\"],[\"rec-2-a\",\"li\",\"rome\"]]},\"block\":\"name\","
               "\"compare\":{\"city\":\"exact\"}}",
    .run = run,
};
