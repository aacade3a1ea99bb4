/* why_voices.c - what is said in a slice: its voices, and the aspects that are blamed (praised) more. */
#include "kern/expr_make.h"
#include "kern/stats.h"
#include "understand/taxonomy.h"
#include "understand/voice_json.h"
#include "understand/why_int.h"

enum { POOL = 200, BYTES_MIN = 16, BYTES_MAX = 600, ASPECTS_MAX = 512, SAYINGS_LEAST_N = 5 };

/* ---- voices: newest first; those that say what the effect says, each of another customer ---- */

typedef struct {
    arena *a;
    why_slice *x;
    i64 polarity; /* wanted: -1, 1 */
    bool any;     /* second look: whatever they say */
    str customer[WHY_VOICES], words[WHY_VOICES];
} picking;

static bool pick(void *ctx, const signal *sig, const insight *ins, err *e) {
    picking *p = ctx;
    why_slice *x = p->x;
    (void)e;
    bool fits = sig->row.words.n >= BYTES_MIN && sig->row.words.n <= BYTES_MAX &&
                str_eq(ins->row.quality, S("ok"));
    if (!fits || x->voices_n == WHY_VOICES || (!p->any && ins->row.sentiment != p->polarity))
        return true;
    for (size_t i = 0; i < x->voices_n; i++)
        if (x->voices[i] == sig->row.id || str_eq(p->words[i], sig->row.words) ||
            (sig->row.customer.p && str_eq(p->customer[i], sig->row.customer)))
            return true;
    p->customer[x->voices_n] = arena_str(p->a, sig->row.customer);
    p->words[x->voices_n] = arena_str(p->a, sig->row.words);
    x->voices[x->voices_n++] = sig->row.id;
    return true;
}

bool why_voices(tally *t, store *s, arena *a, const why_question *q, why_slice *x, err *e) {
    picking p = {.a = a, .x = x, .polarity = x->effect < 0 ? -1 : 1};
    const expr *where = expr_both(a, why_now(a, q), x->where);
    const expr *said = expr_text_is(a, S("sentiment"), polarity_word(p.polarity));
    for (int look = 0; look < 2 && x->voices_n < WHY_VOICES; look++) {
        i64 *ids;
        size_t n;
        p.any = look == 1;
        const expr *good =
            expr_both(a, where, look ? expr_text_is(a, S("quality"), S("ok")) : said);
        if (!tally_rows(t, a, good, q->zone_min, POOL, &ids, &n, e) ||
            !store_scan_ids(s, ids, n, pick, &p, e))
            return false;
    }
    return true;
}

/* ---- aspects: share of signals with words that blame one, there against before (or elsewhere) ---- */

static bool count_words(tally *t, arena *a, const expr *where, const expr *versus, i64 n[2],
                        err *e) {
    tally_answer r[2];
    const expr *some = expr_not(a, expr_text_is(a, S("quality"), S("empty")));
    tally_question q = {.where = expr_both(a, where, some)};
    if (!tally_compare(t, a, &q, expr_both(a, versus, some), r, e)) return false;
    for (int i = 0; i < 2; i++) n[i] = r[i].cells_n ? r[i].cells[0].n : 0;
    return true;
}

static i64 count_of(const tally_answer *r, str aspect) {
    for (size_t i = 0; i < r->cells_n; i++)
        if (r->cells[i].keys->kind == VALUE_TEXT && str_eq(r->cells[i].keys->text, aspect))
            return r->cells[i].n;
    return 0;
}

static why_saying saying_of(str aspect, i64 there, i64 n, i64 other, i64 m, double *p) {
    double a = (double)there / (double)n, b = (double)other / (double)m;
    double both = (double)(there + other) / (double)(n + m);
    double se = sqrt(both * (1 - both) * (1 / (double)n + 1 / (double)m));
    interval i = newcombe(there, n, other, m);
    *p = se > 0 ? 2 * normal_cdf(-fabs((a - b) / se)) : NAN;
    return (why_saying){aspect, there, 100 * a, 100 * b, 100 * i.low, 100 * i.high, NAN};
}

static int largest_rise(const void *x, const void *y) {
    const why_saying *a = x, *b = y;
    double p = a->share - a->other, o = b->share - b->other;
    if (p > o || p < o) return p > o ? -1 : 1;
    return str_cmp(a->aspect, b->aspect);
}

static void keep_sayings(why_slice *x, why_saying *all, const double *adjusted, size_t n) {
    for (size_t i = 0; i < n; i++) all[i].adjusted = adjusted[i];
    qsort(all, n, sizeof *all, largest_rise);
    for (size_t i = 0; i < n && x->says_n < WHY_SAYS; i++)
        if (all[i].share > all[i].other && all[i].adjusted < 0.05) x->says[x->says_n++] = all[i];
}

bool why_sayings(tally *t, arena *a, const why_question *q, why_slice *x, err *e) {
    str polarity = x->effect < 0 ? S("negative") : S("positive");
    const expr *there = expr_both(a, why_now(a, q), x->where);
    const expr *other = q->compare ? expr_both(a, why_before(a, q), x->where)
                                   : expr_both(a, why_now(a, q), expr_not(a, x->where));
    const expr *said = expr_text_is(a, S("polarity"), polarity);
    tally_by by = {S("aspect"), BY_VALUE};
    tally_question ask = {.where = expr_both(a, there, said), .by = &by, .by_n = 1};
    tally_answer r[2];
    i64 n[2];
    double p[ASPECTS_MAX], adjusted[ASPECTS_MAX];
    why_saying *all = NEW_N(a, why_saying, ASPECTS_MAX);
    size_t k = 0;
    if (!count_words(t, a, there, other, n, e) ||
        !tally_compare(t, a, &ask, expr_both(a, other, said), r, e))
        return false;
    for (size_t i = 0; i < r[0].cells_n && k < ASPECTS_MAX && n[1] >= SAYINGS_LEAST_N; i++) {
        const tally_cell *c = &r[0].cells[i];
        if (c->keys->kind != VALUE_TEXT || c->n < SAYINGS_LEAST_N) continue;
        all[k] = saying_of(c->keys->text, c->n, n[0], count_of(&r[1], c->keys->text), n[1], &p[k]);
        k++;
    }
    why_benjamini(p, adjusted, k);
    keep_sayings(x, all, adjusted, k);
    return true;
}
