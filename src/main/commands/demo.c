/* demo.c - fills a store with a simulated company and shows it. */
#include "act/rule.h"
#include "base/time.h"
#include "flow/flow.h"
#include "main/demo/demo.h"
#include "main/demo/goals.h"
#include "main/demo/guard.h"
#include "main/demo/proof.h"
#include "main/overview.h"
#include "main/process.h"
#include "main/screen.h"

typedef struct {
    call *c;
    desk *d;
    flow *f;
    arena *text; /* what the batch's signals point to */
    signal *batch;
    size_t n;
    flow_counts counts;
    i64 taken, aim, bar_ms;
} filling;

static bool flush(filling *k, err *e) {
    if (!flow_take(k->f, k->batch, k->n, NULL, &k->counts, e)) return false;
    k->taken += (i64)k->n;
    k->n = 0;
    arena_reset(k->text);
    i64 now = k->c->w->now_ms(k->c->w);
    if (k->c->tty && now - k->bar_ms > 200) {
        fprintf(k->c->err, "\rsimulating  %.*s %3d %%",
                STR_ARG(text_fit(k->text, bar_text(k->text, (double)k->taken / (double)k->aim, 30),
                                 30)),
                (int)MIN(100 * k->taken / k->aim, 100));
        k->bar_ms = now;
    }
    return true;
}

static bool take(void *ctx, const signal *s, err *e) {
    filling *k = ctx;
    signal *copy = &k->batch[k->n];
    demo_copy(k->text, s, copy);
    if (!signal_unseal(k->text, copy, e)) return false;
    return ++k->n < LIMIT_BATCH_SIGNALS || flush(k, e);
}

static bool put_departments(store *s, err *e) {
    i64 n;
    if (!store_count(s, &noun_department, &(store_query){0}, &n, e)) return false;
    for (size_t i = 0; n == 0 && i < demo_departments_n; i++) {
        const demo_department *x = &demo_departments[i];
        department d;
        char title[200];
        noun_init(&noun_department, &d);
        snprintf(title, sizeof title, "%s · %s · %s", x->title_en, x->title_cn, x->title_tw);
        d.name = str_of(x->name);
        d.title = str_of(title);
        if (!store_put(s, &noun_department, &d, e)) return false;
    }
    return true;
}

static bool put_rules(call *c, store *s, err *e) {
    i64 n;
    if (!store_count(s, &noun_rule, &(store_query){0}, &n, e)) return false;
    for (size_t i = 0; n == 0 && i < demo_rules_n; i++) {
        const demo_rule *x = &demo_rules[i];
        rule r;
        noun_init(&noun_rule, &r);
        r.name = str_of(x->name);
        r.condition = str_of(x->condition);
        r.action = str_of(x->action);
        r.params = str_of(x->params);
        r.enabled = r.version = 1;
        r.changed_at = c->w->now_ms(c->w);
        if (!rule_check(&r, e) || !store_put(s, &noun_rule, &r, e)) return false;
    }
    return true;
}

static bool fill(call *c, desk *d, const demo_options *o, filling *k, err *e) {
    flow_options fo = {.w = c->w, .threads = process_cores()};
    if (!put_departments(d->s, e) || !put_rules(c, d->s, e) ||
        !flow_open(d->s, d->t, &fo, &k->f, e))
        return false;
    k->text = arena_open((size_t)LIMIT_BATCH_BYTES);
    bool ok = demo_run(c->a, o, take, k, e) && flush(k, e) && tally_seal(d->t, e) &&
              demo_prove(d->s, d->t, c->a, o, c->w->now_ms(c->w), e) &&
              demo_guard(d->s, d->t, c->a, o, c->w->now_ms(c->w), e) &&
              demo_goals(d->s, d->t, c->a, c->w->now_ms(c->w), e);
    if (c->tty) fputs("\r\033[K", c->err);
    arena_close(k->text);
    flow_close(k->f);
    return ok;
}

static bool demo(call *c, str url, const demo_options *o, err *e) {
    desk d;
    filling k = {
        .c = c, .d = &d, .aim = o->scale, .batch = NEW_N(c->a, signal, LIMIT_BATCH_SIGNALS)};
    if (!desk_open(c, url, true, &d, e) || !fill(c, &d, o, &k, e)) return false;
    fprintf(
        c->out,
        "Yunmira, a simulated maker of electric cars: %.*s signals added, %.*s known already\n\n",
        STR_ARG(count_text(c->a, k.counts.added)), STR_ARG(count_text(c->a, k.counts.known)));
    return overview_print(c, &d, NULL, e);
}

static int run(call *c) {
    err e;
    str url = NO_STR;
    str_list words;
    i64 seed = 1, signals = 26000, days = 365;
    const option options[] = {{.name = "store", .text = &url},
                              {.name = "seed", .number = &seed},
                              {.name = "signals", .number = &signals},
                              {.name = "days", .number = &days}};
    if (!options_read(c, options, COUNT(options), &words, &e)) return call_failed(c, &e);
    demo_options o = {.seed = (u64)seed, .days = (i32)MIN(MAX(days, 0), 100000), .scale = signals};
    o.start_day = day_of_ms(c->w->now_ms(c->w)) - o.days;
    return demo(c, url, &o, &e) ? 0 : call_failed(c, &e);
}

const command command_demo = {
    .name = "demo",
    .title = "Fills a store with a simulated company and shows it",
    .help = "usage: heed demo [--store URL] [--signals N] [--days N] [--seed N]\n\n"
            "The company and everybody in it are invented; its year ends yesterday.  Running it "
            "twice on one day\n"
            "adds nothing.\n",
    .run = run,
};
