/* drivers.c - what drives an outcome, for people. */
#include "main/desk.h"
#include "main/screen.h"
#include "understand/drivers.h"
#include "understand/why.h"

typedef struct {
    asking ask;
    str with, given, na;
    i64 rounds, seed;
} wanted;

static str range_text(arena *a, double low, double high) {
    if (!isfinite(low)) return S("");
    return arena_fmt(a, "[%.*s, %.*s]", STR_ARG(number_text(a, low, 2)),
                     STR_ARG(number_text(a, high, 2)));
}

static void print_head(call *c, const drivers_answer *d) {
    arena *a = c->a;
    fprintf(c->out, "%.*s: mean %.*s, R2 %.3f", STR_ARG(d->outcome),
            STR_ARG(number_text(a, d->mean, 3)), d->r2);
    if (isfinite(d->r2_low)) fprintf(c->out, " [%.3f, %.3f]", d->r2_low, d->r2_high);
    fprintf(c->out, ", n = %.*s", STR_ARG(count_text(a, d->n)));
    if (d->incomplete)
        fprintf(c->out, " (%.*s more had a gap)", STR_ARG(count_text(a, d->incomplete)));
    fprintf(c->out, "\n  %s, %" PRId64 " bootstrap rounds; condition number %.*s\n",
            d->exact ? "shares of R2 (LMG)" : "relative weights (Johnson)", d->rounds,
            STR_ARG(number_text(a, d->condition, 1)));
    if (d->given_r2 > 0)
        fprintf(c->out, "  what is given explains %.1f %% beforehand\n", 100 * d->given_r2);
    for (size_t i = 0; i < d->notices_n; i++)
        fprintf(c->out, "  %.*s\n", STR_ARG(d->notices[i].text));
    fputc('\n', c->out);
}

static void print_importance(call *c, const drivers_answer *d) {
    arena *a = c->a;
    text_table t = table_of(a, c->out, 9, 0x1fe);
    const str head[] = {S("driver"), S("importance %"), S("95 %"), S("rank held"), S("slope"),
                        S("VIF"),    S("performance"),  S("map"),  S("missing")};
    table_row(&t, head);
    for (size_t i = 0; i < d->n_list; i++) {
        const driver *x = &d->list[i];
        const str row[] = {one_line(a, x->name),
                           x->significant ? number_text(a, x->importance, 1)
                                          : S("0 (not significant)"),
                           range_text(a, x->low, x->high),
                           isfinite(x->rank_held) ? arena_fmt(a, "%.0f %%", x->rank_held) : S(""),
                           number_text(a, x->slope, 3),
                           number_text(a, x->vif, 1),
                           number_text(a, x->performance, 1),
                           arena_fmt(a, "%.*s%s", STR_ARG(drivers_quadrant_name(x->quadrant)),
                                     x->borderline ? " ?" : ""),
                           count_text(a, x->missing + x->na)};
        table_row(&t, row);
    }
    table_print(&t);
    fputs("map: fix (matters, does badly), keep, low, overkill; ? an interval crosses a cut\n\n",
          c->out);
}

static void print_asymmetry(call *c, const drivers_answer *d) {
    arena *a = c->a;
    text_table t = table_of(a, c->out, 6, 0x3e);
    size_t n = 0;
    const str head[] = {S("driver"), S("penalty"), S("95 %"), S("reward"), S("95 %"), S("")};
    table_row(&t, head);
    for (size_t i = 0; i < d->n_list; i++) {
        const driver *x = &d->list[i];
        if (isnan(x->penalty + x->reward)) continue;
        const str row[] = {one_line(a, x->name),
                           number_text(a, x->penalty, 3),
                           range_text(a, x->penalty_low, x->penalty_high),
                           number_text(a, x->reward, 3),
                           range_text(a, x->reward_low, x->reward_high),
                           str_of(x->kind ? x->kind : "")};
        table_row(&t, row);
        n++;
    }
    if (!n) return;
    table_print(&t);
    fputs("penalty: what a low rating takes; reward: what a high one gives\n", c->out);
}

static bool answer(call *c, const wanted *w, str outcome, err *e) {
    desk d;
    drivers_answer r;
    drivers_question q = {.outcome = outcome,
                          .where = w->ask.filter,
                          .zone_min = w->ask.zone_min,
                          .zone = w->ask.zone_of,
                          .rounds = w->rounds,
                          .seed = w->seed == NONE ? 1 : (u64)w->seed};
    if (w->with.n) q.names = names_split(c->a, w->with, &q.names_n);
    if (w->given.n) q.given = names_split(c->a, w->given, &q.given_n);
    if (w->na.n) q.na = names_split(c->a, w->na, &q.na_n);
    if (!desk_open(c, w->ask.store, false, &d, e) || !drivers_find(d.t, c->a, &q, &r, e))
        return false;
    if (w->ask.json) {
        buf b = {.a = c->a};
        json_out j = json_to(&b);
        drivers_print(&j, &r);
        put_json(c, &b);
        return true;
    }
    if (!r.n_list) {
        fputs("No number stands beside it often enough: name drivers with --with.\n", c->out);
        return true;
    }
    print_head(c, &r);
    print_importance(c, &r);
    print_asymmetry(c, &r);
    return true;
}

static int run(call *c) {
    err e;
    str_list words;
    wanted w = {.rounds = NONE, .seed = NONE};
    option options[5 + ASKING_OPTIONS] = {{.name = "with", .text = &w.with},
                                          {.name = "given", .text = &w.given},
                                          {.name = "na", .text = &w.na},
                                          {.name = "rounds", .number = &w.rounds},
                                          {.name = "seed", .number = &w.seed}};
    if (!asking_read(c, &w.ask, options, 5, &words, &e)) return call_failed(c, &e);
    if (words.n != 1) {
        fail(&e, INVALID, "which outcome? as in: heed drivers score:nps --with wait,price");
        return call_failed(c, &e);
    }
    return answer(c, &w, words.items[0], &e) ? 0 : call_failed(c, &e);
}

const command command_drivers = {
    .name = "drivers",
    .title = "What drives an outcome: importance with intervals, pain or delight, the map",
    .help =
        "usage: heed drivers OUTCOME [--with NAME,NAME] [--given NAME,NAME] [--na 0|COL=0]\n"
        "                    [--rounds N] [--seed N] [--where EXPR] [--zone +08:00] [--store URL] "
        "[--json]\n\n"
        "OUTCOME, NAME  a numeric column; COLUMN=VALUE; aspect:ID (-1, 0, 1, with \"spoken of\" "
        "beside it);\n"
        "         is:EXPR\n"
        "--with   the drivers; usually the numeric columns that stand beside it\n"
        "--given  what is known before: its part is taken out first (a confounder, a campaign)\n"
        "--na     a code that means \"not applicable\": in every rating, or in one column; it is "
        "missing\n"
        "--rounds of the bootstrap (200)\n\n"
        "Importance: shares of R2, LMG to 20 drivers, Johnson's relative weights beyond.  What is "
        "not\n"
        "significant, alone or beside the others, is 0.  It is association, not proof.\n\n"
        "examples:\n"
        "  heed drivers score:nps --with \"wait,price,aspect:delivery.speed\"\n"
        "  heed drivers Satisfaction=Satisfied --na 0\n",
    .run = run,
};
