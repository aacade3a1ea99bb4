/* alerts.c - what is kept an eye on, and what it found. */
#include "act/alerts.h"
#include "act/rule.h"
#include "base/time.h"
#include "main/desk.h"
#include "main/screen.h"

enum { TEST_SHOWN = 40 /* points of a trial on the screen */ };

static str day_text(call *c, i64 ms) {
    return ms == NONE ? S("-") : str_head(time_print(c->a, ms), 10);
}
static str moment_text(call *c, i64 ms) {
    return ms == NONE ? S("-") : str_head(time_print(c->a, ms), 16);
}
static str num6_text(call *c, num6 v) {
    return v == NONE ? S("-") : arena_fmt(c->a, "%.4g", num6_double(v));
}
static str figure(call *c, double v) {
    return isfinite(v) ? arena_fmt(c->a, "%.4g", v) : S("-");
}

/* ---- incidents ---- */

static bool alerts_of(call *c, store *s, alert **out, size_t *n, err *e) {
    void *recs;
    if (!store_list(s, c->a, &noun_alert, &(store_query){.newest_first = true, .limit = 200}, &recs,
                    n, e))
        return false;
    return *out = recs, true;
}

static str watch_name(call *c, store *s, i64 id) {
    watch w;
    err e;
    return store_get(s, c->a, &noun_watch, id, &w, &e) ? w.name : S("?");
}

static void print_alerts(call *c, store *s, const alert *x, size_t n) {
    text_table t = table_of(c->a, c->out, 8, 1 | 16);
    table_row(&t, (str[]){S("no."), S("state"), S("severity"), S("began"), S("periods"), S("found"),
                          S("verdict"), S("watch")});
    for (size_t i = 0; i < n; i++)
        table_row(&t, (str[]){arena_fmt(c->a, "%" PRId64, x[i].id), x[i].state, x[i].severity,
                              day_text(c, x[i].began_at), arena_fmt(c->a, "%" PRId64, x[i].periods),
                              moment_text(c, x[i].found_at), x[i].verdict.n ? x[i].verdict : S("-"),
                              watch_name(c, s, x[i].watch_id)});
    table_print(&t);
}

static bool list(call *c, const asking *q, err *e) {
    store *s;
    alert *x;
    size_t n;
    if (!desk_store(c, q->store, false, &s, e) || !alerts_of(c, s, &x, &n, e)) return false;
    if (q->json) {
        buf b = {.a = c->a};
        json_out j = json_to(&b);
        json_object(&j);
        json_key(&j, S("alerts"));
        json_array(&j);
        for (size_t i = 0; i < n; i++) noun_print(&j, &noun_alert, &x[i]);
        json_end_array(&j);
        json_end_object(&j);
        put_json(c, &b);
    } else if (n) {
        print_alerts(c, s, x, n);
    } else {
        fputs("No alerts.  `heed alerts watches` shows what is kept an eye on, `heed help alerts` "
              "how to add more.\n",
              c->out);
    }
    return true;
}

static bool show(call *c, const asking *q, i64 id, err *e) {
    store *s;
    alert x;
    watch w;
    watch_plan p;
    buf where = {.a = c->a};
    if (!desk_store(c, q->store, false, &s, e) || !store_get(s, c->a, &noun_alert, id, &x, e) ||
        !store_get(s, c->a, &noun_watch, x.watch_id, &w, e) || !watch_read(c->a, &w, &p, e))
        return false;
    i64 to = watch_after(&p, watch_period(&p, x.last_at), 1);
    expr_print(&where, watch_where(c->a, &p, x.began_at, to));
    fprintf(c->out, "alert %" PRId64 " of %.*s: %.*s, %.*s\n", id, STR_ARG(w.name),
            STR_ARG(x.state), STR_ARG(x.severity));
    fprintf(c->out, "began %.*s, found %.*s, outside for %" PRId64 " periods, until %.*s\n",
            STR_ARG(moment_text(c, x.began_at)), STR_ARG(moment_text(c, x.found_at)), x.periods,
            STR_ARG(moment_text(c, x.last_at)));
    fprintf(c->out, "value %.*s where %.*s was expected, limits %.*s to %.*s, n %" PRId64 "\n",
            STR_ARG(num6_text(c, x.value)), STR_ARG(num6_text(c, x.expected)),
            STR_ARG(num6_text(c, x.low)), STR_ARG(num6_text(c, x.high)), x.n == NONE ? 0 : x.n);
    fprintf(c->out, "its voices: heed voices --where \"%.*s\"\n", STR_ARG(buf_view(&where)));
    return true;
}

/* ---- watches ---- */

static bool watches_of(call *c, store *s, watch **out, size_t *n, err *e) {
    void *recs;
    if (!store_list(s, c->a, &noun_watch, &(store_query){.limit = LIMIT_WATCHES}, &recs, n, e))
        return false;
    return *out = recs, true;
}

static bool print_watches(call *c, store *s, const watch *w, size_t n, err *e) {
    text_table t = table_of(c->a, c->out, 8, 8 | 16 | 32 | 64);
    table_row(&t, (str[]){S("watch"), S("what"), S("chart"), S("ARL"), S("looked at"), S("alerts"),
                          S("false"), S("next")});
    for (size_t i = 0; i < n; i++) {
        watch_record r;
        if (!watch_record_of(s, c->a, &w[i], &r, e)) return false;
        i64 seen = r.state.periods == NONE ? 0 : r.state.periods;
        table_row(&t,
                  (str[]){w[i].name, text_fit(c->a, w[i].what, 28), w[i].chart,
                          arena_fmt(c->a, "%" PRId64 " %.*ss", w[i].arl, STR_ARG(w[i].period)),
                          arena_fmt(c->a, "%" PRId64, seen), arena_fmt(c->a, "%" PRId64, r.alerts),
                          arena_fmt(c->a, "%" PRId64, r.wrong),
                          !w[i].enabled       ? S("off")
                          : r.state.trouble.n ? r.state.trouble
                                              : moment_text(c, r.state.next_at)});
    }
    table_print(&t);
    return true;
}

static bool print_watches_json(call *c, store *s, const watch *w, size_t n, err *e) {
    buf b = {.a = c->a};
    json_out j = json_to(&b);
    json_object(&j);
    json_key(&j, S("watches"));
    json_array(&j);
    for (size_t i = 0; i < n; i++) {
        watch_record r;
        if (!watch_record_of(s, c->a, &w[i], &r, e)) return false;
        watch_record_print(&j, c->a, &w[i], &r);
    }
    json_end_array(&j);
    json_end_object(&j);
    put_json(c, &b);
    return true;
}

static bool watches(call *c, const asking *q, err *e) {
    store *s;
    watch *w;
    size_t n;
    if (!desk_store(c, q->store, false, &s, e) || !watches_of(c, s, &w, &n, e)) return false;
    if (q->json) return print_watches_json(c, s, w, n, e);
    if (n) return print_watches(c, s, w, n, e);
    fputs("Nothing is kept an eye on.  `heed help alerts` shows how.\n", c->out);
    return true;
}

/* Numbers stand bare in JSON, all else as text: noun_read judges both. */
static bool put_member(json_out *j, str word, err *e) {
    str name, text;
    num6 number;
    if (!str_cut(word, '=', &name, &text))
        return fail(e, INVALID, "\"%.*s\": want field=value, as in chart=cusum",
                    (int)MIN(word.n, 80), word.p);
    const field *f = noun_field(&noun_watch, name);
    bool bare = f && (f->kind == FIELD_NUM6 || f->kind == FIELD_INT);
    json_key(j, name);
    if (bare && num6_parse(text, &number))
        json_raw(j, text);
    else
        json_text(j, text);
    return true;
}

static bool read_fields(call *c, const str_list *words, size_t from, watch *w, err *e) {
    buf b = {.a = c->a};
    json_out j = json_to(&b);
    json *object;
    json_object(&j);
    for (size_t i = from; i < words->n; i++)
        if (!put_member(&j, words->items[i], e)) return false;
    json_end_object(&j);
    return json_read(c->a, buf_view(&b), &object, e) && noun_read(c->a, &noun_watch, object, w, e);
}

static bool add(call *c, const asking *q, const str_list *words, err *e) {
    store *s;
    watch w;
    watch_blank(&w);
    w.name = words->items[1];
    if (!read_fields(c, words, 2, &w, e)) return false;
    watch_usual(&w, c->w->now_ms(c->w));
    if (!watch_check(&w, e) || !desk_store(c, q->store, false, &s, e) ||
        !store_put(s, &noun_watch, &w, e))
        return false;
    fprintf(c->out,
            "%.*s is watched by the %.*s; one false alarm in %" PRId64 " %.*ss is to be expected\n",
            STR_ARG(w.name), STR_ARG(w.period), w.arl, STR_ARG(w.period));
    return true;
}

static bool find(call *c, const asking *q, str name, desk *d, watch *w, err *e) {
    return desk_open(c, q->store, false, d, e) && store_find(d->s, c->a, &noun_watch, name, w, e);
}

static bool set(call *c, const asking *q, const str_list *words, err *e) {
    desk d;
    watch w;
    if (!find(c, q, words->items[1], &d, &w, e) || !read_fields(c, words, 2, &w, e) ||
        !watch_check(&w, e) || !store_put(d.s, &noun_watch, &w, e))
        return false;
    fprintf(c->out, "watch %.*s is changed; it learns anew\n", STR_ARG(w.name));
    return true;
}

static bool turn(call *c, const asking *q, str verb, str name, err *e) {
    desk d;
    watch w;
    if (!find(c, q, name, &d, &w, e)) return false;
    bool anew = str_eq(verb, S("relearn"));
    if (!anew) w.enabled = str_eq(verb, S("on"));
    if (!(anew ? watch_relearn(d.s, c->a, &w, c->w->now_ms(c->w), e)
               : store_put(d.s, &noun_watch, &w, e)))
        return false;
    fprintf(c->out, "watch %.*s %s\n", STR_ARG(name),
            anew        ? "takes what is now for the normal"
            : w.enabled ? "is on"
                        : "is off");
    return true;
}

/* ---- test: the past, as if it had been watched ---- */

static void print_points(call *c, const watch_point *x, size_t n) {
    size_t from = n > TEST_SHOWN ? n - TEST_SHOWN : 0;
    text_table t = table_of(c->a, c->out, 7, 2 | 4 | 8 | 16 | 32);
    table_row(&t,
              (str[]){S("period"), S("value"), S("n"), S("expected"), S("low"), S("high"), S("")});
    for (size_t i = from; i < n; i++)
        table_row(&t, (str[]){moment_text(c, x[i].at), figure(c, x[i].value), figure(c, x[i].n),
                              figure(c, x[i].expected), figure(c, x[i].low), figure(c, x[i].high),
                              x[i].signal        ? S("signal")
                              : x[i].in_incident ? S("incident")
                                                 : S("")});
    table_print(&t);
}

static bool test(call *c, const asking *q, str name, i64 days, err *e) {
    desk d;
    watch w;
    watch_point *x;
    keeper *k = NEW(c->a, keeper);
    size_t n, found = 0;
    i64 now = c->w->now_ms(c->w);
    if (!find(c, q, name, &d, &w, e) ||
        !watch_try(d.t, c->a, &w, NULL, now - days * DAY_MS, now, &x, &n, k, e))
        return false;
    if (q->json) {
        buf b = {.a = c->a};
        json_out j = json_to(&b);
        json_object(&j);
        json_key(&j, S("points"));
        watch_points_print(&j, c->a, x, n);
        json_end_object(&j);
        put_json(c, &b);
        return true;
    }
    for (size_t i = 0; i < n; i++) found += x[i].signal && !x[i].in_incident;
    print_points(c, x, n);
    fprintf(c->out,
            "%zu incidents in %zu periods; by chance %.2f were to be expected.  Learned from %.*s "
            "to %.*s%s.\n",
            found, n, (double)n / (double)w.arl, STR_ARG(day_text(c, k->learned_from)),
            STR_ARG(day_text(c, k->learned_to)), k->score.places > 1 ? ", with a profile" : "");
    return true;
}

/* ---- check, and what people say of an alert ---- */

static bool check_now(call *c, const asking *q, err *e) {
    desk d;
    watch_round r = {0};
    if (!desk_open(c, q->store, false, &d, e) ||
        !watches_run(d.s, d.t, c->w->now_ms(c->w), true, &r, e))
        return false;
    fprintf(c->out,
            "%" PRId64 " watches, %" PRId64 " periods: %" PRId64 " new alerts, %" PRId64
            " shared, %" PRId64 " came back, %" PRId64 " over, %" PRId64 " escalated\n",
            r.watches, r.periods, r.found, r.joined, r.back, r.over, r.escalated);
    return true;
}

static bool said(call *c, const asking *q, const str_list *words, i64 id, str note, err *e) {
    store *s;
    alert x;
    i64 now = c->w->now_ms(c->w), span;
    str verb = words->items[0];
    if (!desk_store(c, q->store, false, &s, e)) return false;
    if (str_eq(verb, S("ack"))) {
        if (!alert_acknowledge(s, c->a, id, S("system"), now, &x, e)) return false;
    } else if (str_eq(verb, S("snooze"))) {
        if (words->n < 3 || !duration_parse(words->items[2], &span))
            return fail(e, INVALID, "alerts snooze: how long? as in: heed alerts snooze 3 4h");
        if (!alert_snooze(s, c->a, id, now + span, &x, e)) return false;
    } else if (!alert_judge(s, c->a, id, str_eq(verb, S("true")), note, &x, e)) {
        return false;
    }
    if (x.snoozed_until != NONE)
        fprintf(c->out, "alert %" PRId64 " sleeps until %.*s\n", id,
                STR_ARG(moment_text(c, x.snoozed_until)));
    else
        fprintf(c->out, "alert %" PRId64 " is %.*s%s%.*s\n", id, STR_ARG(x.state),
                x.verdict.n ? ", and was " : "", STR_ARG(x.verdict));
    return true;
}

static bool is_one_of(str s, const char *const *words, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (str_eq(s, str_of(words[i]))) return true;
    return false;
}

static bool dispatch(call *c, const asking *q, const str_list *words, i64 days, str note, err *e) {
    static const char *const of_alert[] = {"show", "ack", "snooze", "true", "false"};
    static const char *const of_watch[] = {"add", "set", "on", "off", "relearn", "test"};
    str verb = words->n ? words->items[0] : S("list");
    i64 id;
    if (str_eq(verb, S("list"))) return list(c, q, e);
    if (str_eq(verb, S("watches"))) return watches(c, q, e);
    if (str_eq(verb, S("check"))) return check_now(c, q, e);
    bool alerts = is_one_of(verb, of_alert, COUNT(of_alert));
    if (!alerts && !is_one_of(verb, of_watch, COUNT(of_watch)))
        return fail(
            e, INVALID,
            "alerts: want list, show, ack, snooze, true, false, watches, add, set, on, off, "
            "relearn, test or check, not \"%.*s\"",
            STR_ARG(verb));
    if (words->n < 2) return fail(e, INVALID, "alerts %.*s: which one?", STR_ARG(verb));
    str which = words->items[1];
    if (alerts) {
        if (!str_int(which, &id))
            return fail(e, INVALID, "alerts %.*s: \"%.*s\" is no number of an alert", STR_ARG(verb),
                        STR_ARG(which));
        return str_eq(verb, S("show")) ? show(c, q, id, e) : said(c, q, words, id, note, e);
    }
    if (str_eq(verb, S("add"))) return add(c, q, words, e);
    if (str_eq(verb, S("set"))) return set(c, q, words, e);
    if (str_eq(verb, S("test"))) return test(c, q, which, days, e);
    return turn(c, q, verb, which, e);
}

static int run(call *c) {
    err e;
    asking q = {0};
    str_list words;
    str note = NO_STR;
    i64 days = 90;
    option options[2 + ASKING_OPTIONS] = {{.name = "days", .number = &days},
                                          {.name = "note", .text = &note}};
    if (!asking_read(c, &q, options, 2, &words, &e)) return call_failed(c, &e);
    return dispatch(c, &q, &words, MIN(MAX(days, 1), 3650), note, &e) ? 0 : call_failed(c, &e);
}

const command command_alerts = {
    .name = "alerts",
    .title = "What is kept an eye on, and what it found",
    .help =
        "usage: heed alerts [list | show NO | ack NO | snooze NO 4h | true NO | false NO]\n"
        "       heed alerts watches | add NAME field=value ... | set NAME field=value ...\n"
        "       heed alerts test NAME [--days N] | on NAME | off NAME | relearn NAME | check\n\n"
        "A watch looks at one figure by the hour, day or week: volume, nps, mean:COLUMN or\n"
        "share:EXPR, of the signals in population=EXPR.  It learns level, spread and the profile\n"
        "of the week from the past and draws a control chart: chart=shewhart (p and XmR: sudden),\n"
        "ewma or cusum (small and lasting), burst (a doubling), silence (a source that stops).\n"
        "arl=N states how many periods lie between two false alarms; it is computed, and\n"
        "`alerts watches` shows what was measured beside it.\n\n"
        "One incident is one alert: watches of one topic=NAME share it, what comes back within\n"
        "cooldown=2d reopens it.  quiet=22:00-08:00 tells nobody at night, escalate=4h makes\n"
        "critical what nobody acknowledged.  `true` and `false` say whether something was the\n"
        "matter.  A server looks by itself; `check` looks now.\n\n"
        "  heed alerts add charging what=volume chart=burst topic=charging \\\n"
        "    population=\"aspect = 'battery.charging' and polarity = 'negative'\"\n"
        "  heed alerts test charging --days 120\n\n"
        "  --days N       test: of the last N days (90)\n"
        "  --note TEXT    true, false: what people know of it\n"
        "  --json         for programs\n"
        "  --store URL    the store (default $HEED_STORE or ./heed.db)\n",
    .run = run,
};
