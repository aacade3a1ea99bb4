/* pain_list.c - pains and delights, for people and for programs. */
#include "main/pain_list.h"
#include "base/time.h"
#include "main/screen.h"
#include "main/voice.h"
#include "understand/taxonomy.h"

enum { PAINS_SHOWN = 10, QUOTE_WIDTH = 92 };

static str spot_text(arena *a, const hot_spot *h) {
    buf b = {.a = a};
    if (h->column.p) buf_fmt(&b, "%.*s = %.*s", STR_ARG(h->column), STR_ARG(h->value));
    if (h->from_day != NONE)
        buf_fmt(&b, "%s%.*s to %.*s", b.n ? ", " : "", STR_ARG(day_print(a, h->from_day)),
                STR_ARG(day_print(a, h->to_day)));
    buf_fmt(&b, ": %.*s signals, %.1f times what is usual", STR_ARG(count_text(a, h->n)), h->lift);
    return buf_view(&b);
}

static void print_trend(call *c, const pain *p) {
    size_t from = p->months_n > 24 ? p->months_n - 24 : 0, n = p->months_n - from;
    if (n < 2) return;
    double *v = NEW_N(c->a, double, n);
    for (size_t i = 0; i < n; i++) {
        const struct pain_month *m = &p->months[from + i];
        v[i] = m->base ? (double)m->n / (double)m->base : NAN;
    }
    fprintf(c->out, "    trend %.*s\n", STR_ARG(sparkline(c->a, v, n)));
}

static bool print_one(call *c, desk *d, const pain *p, size_t rank, err *e) {
    arena *a = c->a;
    str quotes[PAIN_QUOTES] = {0};
    fprintf(c->out, "%2zu. %.*s  (%.*s)  %.*s signals, %.1f %% of %.*s [%.1f, %.1f]", rank,
            STR_ARG(taxonomy_title(taxonomy_shipped(), p->aspect, locale_of())), STR_ARG(p->aspect),
            STR_ARG(count_text(a, p->n)), p->reach.value, STR_ARG(count_text(a, p->base)),
            p->reach.low, p->reach.high);
    fprintf(c->out, ", strength %.0f", p->strength);
    if (isfinite(p->effect.value))
        fprintf(c->out, ", score %+.1f [%+.1f, %+.1f]", p->effect.value, p->effect.low,
                p->effect.high);
    fputc('\n', c->out);
    for (size_t i = 0; i < p->spots_n; i++)
        fprintf(c->out, "    %.*s\n", STR_ARG(spot_text(a, &p->spots[i])));
    print_trend(c, p);
    if (!voice_quotes(c, d->s, p->quotes, p->quotes_n, QUOTE_WIDTH, quotes, e)) return false;
    for (size_t i = 0; i < p->quotes_n; i++)
        if (quotes[i].n) fprintf(c->out, "    “%.*s”\n", STR_ARG(str_trim(quotes[i])));
    return true;
}

bool pain_list_print(call *c, desk *d, const pains_answer *p, err *e) {
    for (size_t i = 0; i < p->n; i++)
        if (!print_one(c, d, &p->items[i], i + 1, e)) return false;
    return true;
}

static bool list_json(call *c, desk *d, const pains_answer *p, int polarity, err *e) {
    buf b = {.a = c->a};
    json_out j = json_to(&b);
    if (!pains_print(&j, c->a, d->s, p, polarity, locale_of(), e)) return false;
    put_json(c, &b);
    return true;
}

static bool answer(call *c, const asking *ask, str score, int polarity, err *e) {
    desk d;
    pains_answer p;
    pains_question q = {.polarity = polarity,
                        .where = ask->filter,
                        .score = score,
                        .limit = ask->limit == NONE ? PAINS_SHOWN : (size_t)ask->limit,
                        .minimum_n = 5};
    if (!desk_open(c, ask->store, false, &d, e) || !pains(d.t, d.s, c->a, &q, &p, e)) return false;
    if (ask->json) return list_json(c, &d, &p, polarity, e);
    if (p.n == 0)
        fprintf(c->out, "Nothing yet: no aspect is named by 5 of %" PRId64 " signals with words.\n",
                p.base);
    return pain_list_print(c, &d, &p, e);
}

int pain_command(call *c, int polarity) {
    err e;
    asking ask;
    str score = NO_STR;
    str_list words;
    option options[1 + ASKING_OPTIONS] = {{.name = "score", .text = &score}};
    if (!asking_read(c, &ask, options, 1, &words, &e) || !answer(c, &ask, score, polarity, &e))
        return call_failed(c, &e);
    return 0;
}
