/* goal.c - the tree of goals: KGI, KPIs and drivers, with targets, forecasts and what moved them. */
#include "understand/goal.h"
#include "base/time.h"
#include "main/desk.h"
#include "main/fields.h"
#include "main/screen.h"

typedef struct {
    asking ask;
    str file, parent;
    i64 days;
} wanted;

static str figure(arena *a, double v) {
    return number_text(a, v, fabs(v) >= 1000 ? 0 : 2);
}

static str sign_of(arena *a, double v) {
    if (!isfinite(v)) return S("");
    return arena_fmt(a, "%s%.*s", v > 0 ? "+" : "", STR_ARG(figure(a, v)));
}

static str name_of(arena *a, const goal *g) {
    return arena_fmt(a, "%*s%.*s", (int)(2 * g->depth), "", STR_ARG(g->row.name));
}

static void print_tree(call *c, const goal_tree *t) {
    arena *a = c->a;
    text_table x = table_of(a, c->out, 9, 0xfe);
    table_row(&x, (str[]){S("goal"), S("now"), S("95 %"), S("before"), S("change"), S("target"),
                          S("forecast"), S("contributes"), S("status")});
    for (size_t i = 0; i < t->n; i++) {
        const goal *g = &t->goals[i];
        const estimate *e = &g->now.cells[0].est;
        str range = isfinite(e->low) ? arena_fmt(a, "[%.*s, %.*s]", STR_ARG(figure(a, e->low)),
                                                 STR_ARG(figure(a, e->high)))
                                     : S("");
        table_row(&x, (str[]){name_of(a, g), figure(a, g->value[1]), range, figure(a, g->value[0]),
                              sign_of(a, g->value[1] - g->value[0]),
                              g->row.target == NONE ? S("") : figure(a, num6_double(g->row.target)),
                              g->trend.ok ? figure(a, g->ahead.value) : S(""),
                              sign_of(a, g->contribution),
                              g->now.degraded
                                  ? arena_fmt(a, "%s, degraded", goal_status_name(g->status))
                                  : str_of(goal_status_name(g->status))});
    }
    table_print(&x);
}

static bool tree(call *c, const wanted *w, err *e) {
    desk d;
    goal_tree t;
    goal_question q = {.where = w->ask.filter,
                       .now_ms = c->w->now_ms(c->w),
                       .days = w->days == NONE ? 28 : w->days,
                       .zone_min = w->ask.zone_min,
                       .zone = w->ask.zone_of};
    if (q.days < 1 || q.days > 3660) return fail(e, INVALID, "--days wants 1 to 3660");
    if (!desk_open(c, w->ask.store, false, &d, e) || !goals_ask(d.t, d.s, c->a, &q, &t, e))
        return false;
    if (w->ask.json) {
        buf b = {.a = c->a};
        json_out j = json_to(&b);
        goals_print(&j, c->a, &q, &t);
        put_json(c, &b);
    } else if (t.n) {
        print_tree(c, &t);
    } else {
        fputs("No goals.  `heed help goal` shows how to set one.\n", c->out);
    }
    return true;
}

static bool fill(call *c, store *s, const wanted *w, const str_list *words, goal_row *m, err *e) {
    json *object;
    goal_row up;
    if (w->file.p &&
        (!fields_file(c, w->file, &object, e) || !noun_read(c->a, &noun_goal, object, m, e)))
        return false;
    if (w->parent.p) {
        if (!store_find(s, c->a, &noun_goal, w->parent, &up, e)) return false;
        m->parent_id = up.id;
    }
    return fields_read(c, &noun_goal, words, 2, m, e) && goal_check(s, c->a, m, e) &&
           store_put(s, &noun_goal, m, e);
}

static bool change(call *c, const wanted *w, const str_list *words, bool add, err *e) {
    store *s;
    goal_row m;
    noun_init(&noun_goal, &m);
    if (!desk_store(c, w->ask.store, false, &s, e)) return false;
    if (!add && !store_find(s, c->a, &noun_goal, words->items[1], &m, e)) return false;
    m.name = words->items[1];
    if (add) m.kind = w->parent.p ? S("kpi") : S("kgi");
    if (!fill(c, s, w, words, &m, e)) return false;
    fprintf(c->out, "goal %.*s is %s\n", STR_ARG(m.name), add ? "set" : "changed");
    return true;
}

static bool drop(call *c, const wanted *w, str name, err *e) {
    store *s;
    goal_row m;
    i64 below;
    if (!desk_store(c, w->ask.store, false, &s, e) ||
        !store_find(s, c->a, &noun_goal, name, &m, e) ||
        !store_count(s, &noun_goal, &(store_query){.field = "parent_id", .num = m.id}, &below, e))
        return false;
    if (below)
        return fail(e, CONFLICT, "goal %.*s has %" PRId64 " below it: remove those first",
                    STR_ARG(name), below);
    if (!store_delete(s, &noun_goal, m.id, e)) return false;
    fprintf(c->out, "goal %.*s is removed\n", STR_ARG(name));
    return true;
}

static bool dispatch(call *c, const wanted *w, const str_list *words, err *e) {
    str verb = words->n ? words->items[0] : S("tree");
    if (str_eq(verb, S("tree"))) return tree(c, w, e);
    if (words->n < 2) return fail(e, INVALID, "goal %.*s: which one? give its name", STR_ARG(verb));
    if (str_eq(verb, S("add"))) return change(c, w, words, true, e);
    if (str_eq(verb, S("set"))) return change(c, w, words, false, e);
    if (str_eq(verb, S("remove"))) return drop(c, w, words->items[1], e);
    return fail(e, INVALID, "goal: want tree, add, set or remove, not \"%.*s\"",
                (int)MIN(verb.n, (size_t)60), verb.p);
}

static int run(call *c) {
    err e;
    str_list words;
    wanted w = {.days = NONE};
    option options[3 + ASKING_OPTIONS] = {{.name = "file", .text = &w.file},
                                          {.name = "parent", .text = &w.parent},
                                          {.name = "days", .number = &w.days}};
    if (!asking_read(c, &w.ask, options, 3, &words, &e)) return call_failed(c, &e);
    return dispatch(c, &w, &words, &e) ? 0 : call_failed(c, &e);
}

const command command_goal = {
    .name = "goal",
    .title = "Goals: KGI, KPIs and drivers, with targets, forecasts and what moved them",
    .help = "usage: heed goal [tree] [--days 28] [--where EXPR] [--json]\n"
            "       heed goal add NAME [--parent GOAL] field=value ...   or --file DOCUMENT.json\n"
            "       heed goal set NAME [--parent GOAL] field=value ...\n"
            "       heed goal remove NAME\n\n"
            "The tree counts the last --days (28) beside as many before, forecasts each goal by "
            "its weeks,\n"
            "and tells what each leaf adds to the change of its root: Shapley's values, which sum "
            "exactly.\n\n"
            "fields: metric=NAME|FORMULA population=EXPR kind=kgi|kpi|driver better=up|down\n"
            "        target=NUMBER target_at=DATE owner=NAME forecast=linear|holt|none title=TEXT\n"
            "        relation=\"a * b\" | \"0.6 * a + 0.4 * b\" | \"mix(channel)\"   of the goals "
            "below it\n\n"
            "example: heed goal add loyalty metric=nps target=40 target_at=2026-12-31 "
            "\"relation=mix(touchpoint)\"\n"
            "         heed goal add revenue metric=count \"population=event = 'order_placed'\"\n",
    .run = run,
};
