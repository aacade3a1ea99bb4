/* alert_deeds.c - what people do with alerts, and how a watch has done. */
#include "act/alerts.h"
#include "base/time.h"

bool alert_acknowledge(store *s, arena *a, i64 id, str by, i64 now_ms, alert *out, err *e) {
    if (!store_get(s, a, &noun_alert, id, out, e)) return false;
    if (str_eq(out->state, S("open"))) out->state = S("acknowledged");
    if (out->acknowledged_at == NONE) {
        out->acknowledged_at = now_ms;
        out->acknowledged_by = by;
    }
    out->snoozed_until = NONE;
    return store_put(s, &noun_alert, out, e);
}

bool alert_snooze(store *s, arena *a, i64 id, i64 until_ms, alert *out, err *e) {
    if (!store_get(s, a, &noun_alert, id, out, e)) return false;
    if (str_eq(out->state, S("resolved")))
        return fail(e, CONFLICT, "alert %" PRId64 " is over; there is nothing to snooze", id);
    out->snoozed_until = until_ms;
    return store_put(s, &noun_alert, out, e);
}

bool alert_judge(store *s, arena *a, i64 id, bool right, str note, alert *out, err *e) {
    if (!store_get(s, a, &noun_alert, id, out, e)) return false;
    out->verdict = right ? S("true") : S("false");
    if (note.p) out->note = note;
    return store_put(s, &noun_alert, out, e);
}

bool watch_relearn(store *s, arena *a, watch *w, i64 now_ms, err *e) {
    (void)a;
    w->since = now_ms;
    return store_put(s, &noun_watch, w, e);
}

/* ---- the record ---- */

static bool count_alerts(store *s, arena *a, const watch *w, watch_record *r, err *e) {
    store_query q = {.field = "watch_id", .num = w->id};
    void *recs;
    size_t n;
    do {
        if (!store_list(s, a, &noun_alert, &q, &recs, &n, e)) return false;
        for (size_t i = 0; i < n; i++) {
            const alert *x = (alert *)recs + i;
            r->alerts++;
            r->right += str_eq(x->verdict, S("true"));
            r->wrong += str_eq(x->verdict, S("false"));
            r->open += !str_eq(x->state, S("resolved"));
            q.after_id = x->id;
        }
    } while (n == LIMIT_PAGE);
    return true;
}

bool watch_record_of(store *s, arena *a, const watch *w, watch_record *out, err *e) {
    store_query q = {.field = "watch_id", .num = w->id, .limit = 1};
    watch_record r = {.delay = NAN, .weight = NAN, .limit = NAN, .stated = 0};
    watch_plan plan;
    keeper *k = NEW(a, keeper);
    json *v;
    void *recs;
    size_t n;
    err bad;
    noun_init(&noun_watching, &r.state);
    if (!store_list(s, a, &noun_watching, &q, &recs, &n, e) || !count_alerts(s, a, w, &r, e))
        return false;
    if (n) r.state = *(watching *)recs;
    bool kept = n && r.state.state.n && watch_read(a, w, &plan, &bad) &&
                json_read(a, r.state.state, &v, &bad) && keeper_parse(&plan, v, k);
    if (kept) {
        r.ready = k->ready;
        r.exact = k->score.exact;
        r.places = k->score.places;
        r.weight = k->chart.weight;
        r.limit = k->chart.limit;
        r.stated = (double)r.state.periods / (double)w->arl;
        if (!str_eq(w->chart, S("silence"))) r.delay = chart_delay(a, &k->chart, 2);
    }
    *out = r;
    return true;
}

static void put_num(json_out *j, const char *key, double v) {
    json_key(j, str_of(key));
    json_num(j, v);
}
static void put_count(json_out *j, const char *key, i64 v) {
    json_key(j, str_of(key));
    json_int(j, v);
}
static void put_moment(json_out *j, arena *a, const char *key, i64 ms) {
    json_key(j, str_of(key));
    if (ms == NONE)
        json_null(j);
    else
        json_text(j, time_print(a, ms));
}

void watch_record_print(json_out *j, arena *a, const watch *w, const watch_record *r) {
    json_object(j);
    json_key(j, S("watch"));
    noun_print(j, &noun_watch, w);
    put_count(j, "periods", r->state.periods);
    put_moment(j, a, "learned_from", r->state.learned_from);
    put_moment(j, a, "learned_to", r->state.learned_to);
    put_moment(j, a, "next_at", r->state.next_at);
    json_key(j, S("trouble"));
    json_text(j, r->state.trouble);
    json_key(j, S("ready"));
    json_bool(j, r->ready);
    json_key(j, S("exact"));
    json_bool(j, r->exact);
    put_count(j, "places", (i64)r->places);
    put_num(j, "weight", r->weight);
    put_num(j, "limit", r->limit);
    put_num(j, "delay", r->delay);
    put_num(j, "false_expected", r->stated);
    put_count(j, "alerts", r->alerts);
    put_count(j, "alerts_open", r->open);
    put_count(j, "alerts_true", r->right);
    put_count(j, "alerts_false", r->wrong);
    json_end_object(j);
}

void watch_points_print(json_out *j, arena *a, const watch_point *x, size_t n) {
    json_array(j);
    for (size_t i = 0; i < n; i++) {
        json_object(j);
        put_moment(j, a, "at", x[i].at);
        put_num(j, "value", x[i].value);
        put_num(j, "n", x[i].n);
        put_num(j, "expected", x[i].expected);
        put_num(j, "low", x[i].low);
        put_num(j, "high", x[i].high);
        put_num(j, "score", x[i].score);
        put_count(j, "signal", x[i].signal);
        json_key(j, S("in_incident"));
        json_bool(j, x[i].in_incident);
        json_end_object(j);
    }
    json_end_array(j);
}
