/* alerts.c - rounds of the watches: what is due is taken, what is found becomes one alert. */
#include "act/alerts.h"
#include "base/job.h"
#include "base/time.h"

enum { ALERTS_SEEN = 200 /* newest ones among which an incident is looked for */ };

typedef struct {
    store *s;
    tally *t;
    i64 now;
    bool fresh;
    const watch *all;
    size_t all_n;
    const watch *w; /* the one in hand */
    watch_round *out;
} round_of;

static bool is(str s, const char *word) {
    return str_eq(s, str_of(word));
}

static num6 num6_of(double v) {
    return isfinite(v) && fabs(v) < 9e12 ? (num6)llround(v * 1e6) : NONE;
}

/* ---- incidents ---- */

static const watch *watch_of(const round_of *r, i64 id) {
    for (size_t i = 0; i < r->all_n; i++)
        if (r->all[i].id == id) return &r->all[i];
    return NULL;
}

static bool of_topic(const round_of *r, const alert *x) {
    const watch *w = watch_of(r, x->watch_id);
    if (x->watch_id == r->w->id) return true;
    return w && r->w->topic.n && str_eq(w->topic, r->w->topic);
}

/* The alert this incident belongs to already: an open one of the topic, or one that is over since less than
** the cool-down. */
static bool kin(const round_of *r, arena *a, const watch_plan *p, i64 at, alert **out, err *e) {
    void *recs;
    size_t n;
    store_query q = {.newest_first = true, .limit = ALERTS_SEEN};
    *out = NULL;
    if (!store_list(r->s, a, &noun_alert, &q, &recs, &n, e)) return false;
    for (size_t i = 0; i < n && !*out; i++) {
        alert *x = (alert *)recs + i;
        bool open = !is(x->state, "resolved");
        if (of_topic(r, x) && (open || at - x->resolved_at <= p->cooldown_ms)) *out = x;
    }
    return true;
}

static void add_id(arena *a, alert *x, i64 id) {
    str one = arena_fmt(a, "%" PRId64, id), all = x->also, part;
    if (id == x->watch_id) return;
    while (all.n) {
        str rest = NO_STR;
        if (!str_cut(all, ',', &part, &rest)) part = all;
        if (str_eq(part, one)) return;
        all = rest;
    }
    x->also = x->also.n ? arena_fmt(a, "%.*s,%.*s", STR_ARG(x->also), STR_ARG(one)) : one;
}

static void fill_in(alert *x, const watch *w, const watch_point *o, i64 found) {
    noun_init(&noun_alert, x);
    x->watch_id = w->id;
    x->state = S("open");
    x->severity = w->severity;
    x->department = w->department;
    x->side = o->signal > 0 ? S("up") : S("down");
    x->began_at = o->began;
    x->period_at = x->last_at = o->at;
    x->found_at = x->changed_at = found;
    x->value = num6_of(o->value);
    x->expected = num6_of(o->expected);
    x->low = num6_of(o->low);
    x->high = num6_of(o->high);
    x->n = isfinite(o->n) ? (i64)o->n : NONE;
    x->score = num6_of(o->score);
    x->periods = x->active = 1;
    x->returns = 0;
}

static bool found(round_of *r, arena *a, const watch_plan *p, keeper *k, const watch_point *o,
                  i64 at, err *e) {
    alert *x, fresh;
    if (!kin(r, a, p, at, &x, e)) return false;
    if (!x) {
        fill_in(&fresh, r->w, o, at);
        x = &fresh;
        r->out->found++;
    } else if (is(x->state, "resolved") && at < x->resolved_at) {
        x->state = S("open"); /* this watch caught up later than the one that found it */
        x->active = 1, x->last_at = MAX(x->last_at, o->at), x->changed_at = at;
        add_id(a, x, r->w->id);
        r->out->joined++;
    } else if (is(x->state, "resolved")) {
        x->state = x->acknowledged_by.n ? S("acknowledged") : S("open");
        x->resolved_at = NONE;
        x->returns++, x->active = 1, x->last_at = o->at, x->changed_at = at;
        add_id(a, x, r->w->id);
        r->out->back++;
    } else {
        x->active++, x->changed_at = at;
        add_id(a, x, r->w->id);
        r->out->joined++;
    }
    if (!store_put(r->s, &noun_alert, x, e)) return false;
    k->alert = x->id;
    return true;
}

static bool goes_on(round_of *r, arena *a, const keeper *k, const watch_point *o, err *e) {
    alert x;
    err gone;
    if (!store_get(r->s, a, &noun_alert, k->alert, &x, &gone)) return true;
    if (o->at <= x.last_at) return true;
    x.last_at = o->at;
    x.periods++;
    return store_put(r->s, &noun_alert, &x, e);
}

static bool over(round_of *r, arena *a, i64 id, i64 at, err *e) {
    alert x;
    err gone;
    if (!store_get(r->s, a, &noun_alert, id, &x, &gone) || is(x.state, "resolved")) return true;
    x.active = MAX(x.active - 1, 0);
    x.changed_at = at;
    if (!x.active) {
        x.state = S("resolved");
        x.resolved_at = MAX(x.resolved_at, at); /* NONE is the least */
        r->out->over++;
    }
    return store_put(r->s, &noun_alert, &x, e);
}

/* in: the incident it was in before, as OVER has let go of it. */
static bool hear_news(round_of *r, arena *a, const watch_plan *p, keeper *k, keep_news news,
                      const watch_point *o, i64 in, i64 at, err *e) {
    switch (news) {
    case KEEP_FOUND:
        return found(r, a, p, k, o, at, e);
    case KEEP_GOES_ON:
        return goes_on(r, a, k, o, e);
    case KEEP_OVER:
        return over(r, a, in, at, e);
    case KEEP_NOTHING:
        break;
    }
    return true;
}

/* ---- one watch ---- */

typedef struct {
    watch_plan plan;
    keeper keep;
    watching row;
    bool dirty;
} hand;

static bool take_due(round_of *r, arena *a, hand *h, err *e) {
    sample_point *x;
    size_t n;
    i64 from = h->keep.next, to = watch_period(&h->plan, r->now - h->plan.grace_ms);
    if (to <= from) return true;
    if (!watch_series(r->t, a, &h->plan, from, to, &x, &n, e)) return false;
    for (size_t i = 0; i < n; i++) {
        watch_point o;
        i64 in = h->keep.alert;
        keep_news news = keeper_take(&h->keep, &h->plan, x[i], &o);
        i64 at = h->keep.next + h->plan.grace_ms; /* when it was due */
        if (!hear_news(r, a, &h->plan, &h->keep, news, &o, in, at, e)) return false;
    }
    r->out->periods += (i64)n;
    return h->dirty = true;
}

static bool peek(round_of *r, arena *a, hand *h, err *e) {
    sample_point *x;
    size_t n;
    watch_point o;
    i64 from = h->keep.next;
    if (h->keep.alert || h->plan.kind != FIGURE_COUNT || from > r->now) return true;
    if (!watch_series(r->t, a, &h->plan, from, watch_after(&h->plan, from, 1), &x, &n, e))
        return false;
    if (keeper_peek(&h->keep, &h->plan, x[0], &o) != KEEP_FOUND) return true;
    h->dirty = true;
    return found(r, a, &h->plan, &h->keep, &o, r->now, e);
}

static bool hush(round_of *r, arena *a, hand *h, err *e) {
    tally_mark *last;
    size_t n;
    watch_point o;
    i64 in = h->keep.alert;
    if (!tally_rows_after(r->t, a, h->plan.population, NULL, 1, &last, &n, e)) return false;
    keep_news news = keeper_hush(&h->keep, &h->plan, n ? last[0].at : NONE, r->now, &o);
    h->dirty |= news != KEEP_NOTHING;
    return hear_news(r, a, &h->plan, &h->keep, news, &o, in, r->now, e);
}

static bool row_of(round_of *r, arena *a, watching *out, err *e) {
    void *recs;
    size_t n;
    store_query q = {.field = "watch_id", .num = r->w->id, .limit = 1};
    if (!store_list(r->s, a, &noun_watching, &q, &recs, &n, e)) return false;
    noun_init(&noun_watching, out);
    if (n) *out = *(watching *)recs;
    out->watch_id = r->w->id;
    return true;
}

/* What a watch saw before it was changed is over. */
static bool begin_anew(round_of *r, arena *a, hand *h, err *e) {
    json *v;
    err bad;
    i64 in = 0;
    if (h->row.state.n && json_read(a, h->row.state, &v, &bad)) in = json_get_int(v, S("alert"));
    if (in > 0 && !over(r, a, in, r->now, e)) return false;
    if (!keeper_begin(r->t, a, &h->plan, r->w->since == NONE ? r->now : r->w->since, &h->keep, e))
        return false;
    h->keep.periods = 0;
    h->row.of_version = r->w->version;
    h->row.learned_from = h->keep.learned_from;
    h->row.learned_to = h->keep.learned_to;
    return h->dirty = true;
}

static bool recall(round_of *r, arena *a, hand *h, err *e) {
    json *v;
    err bad;
    if (h->row.id && h->row.of_version == r->w->version && h->row.state.n &&
        json_read(a, h->row.state, &v, &bad) && keeper_parse(&h->plan, v, &h->keep)) {
        h->keep.next = h->row.next_at;
        h->keep.periods = h->row.periods;
        h->keep.learned_from = h->row.learned_from;
        h->keep.learned_to = h->row.learned_to;
        return true;
    }
    return begin_anew(r, a, h, e);
}

static bool keep_row(round_of *r, arena *a, hand *h, err *e) {
    buf b = {.a = a};
    json_out j = json_to(&b);
    if (!h->dirty) return true;
    keeper_print(&j, &h->keep);
    h->row.state = buf_view(&b);
    h->row.next_at = h->keep.next;
    h->row.periods = h->keep.periods;
    h->row.checked_at = r->now;
    h->row.trouble = NO_STR;
    return store_put(r->s, &noun_watching, &h->row, e);
}

static bool due(const round_of *r, const hand *h) {
    const watching *row = &h->row;
    bool counts = h->plan.kind == FIGURE_COUNT && r->fresh;
    return !row->id || row->of_version != r->w->version || counts || is(r->w->chart, "silence") ||
           watch_after(&h->plan, row->next_at, 1) + h->plan.grace_ms <= r->now;
}

static bool look(round_of *r, arena *a, hand *h, err *e) {
    if (!watch_read(a, r->w, &h->plan, e) || !row_of(r, a, &h->row, e)) return false;
    if (!due(r, h)) return true;
    if (!recall(r, a, h, e) || !take_due(r, a, h, e)) return false;
    bool ok = is(r->w->chart, "silence") ? hush(r, a, h, e) : !r->fresh || peek(r, a, h, e);
    return ok && keep_row(r, a, h, e);
}

static bool one(arena *a, void *ctx, err *e) {
    return look(ctx, a, NEW(a, hand), e);
}

static bool tell_trouble(arena *a, void *ctx, err *e) {
    round_of *r = ((void **)ctx)[0];
    const err *why = ((void **)ctx)[1];
    watching row;
    if (!row_of(r, a, &row, e)) return false;
    if (str_eq(row.trouble, str_head(str_of(why->msg), 400))) return true;
    row.trouble = str_head(str_of(why->msg), 400);
    row.checked_at = r->now;
    if (row.of_version == NONE) row.of_version = r->w->version == NONE ? 0 : r->w->version;
    return store_put(r->s, &noun_watching, &row, e);
}

static bool in_transaction(round_of *r, job_fn *fn, void *ctx, err *e) {
    if (!store_begin(r->s, e)) return false;
    if (!job_run(LIMIT_JOB_BYTES, fn, ctx, e)) return store_rollback(r->s), false;
    return store_commit(r->s, e);
}

/* ---- all of them, and what time alone does ---- */

static bool wakes(alert *x, const watch_plan *p, i64 now, watch_round *out) {
    bool critical = is(x->severity, "critical"), changed = false;
    if (is(x->state, "resolved")) return false;
    if (x->told_at == NONE && (critical || !watch_quiet(p, now))) {
        x->told_at = now, out->told++, changed = true;
    }
    if (x->snoozed_until != NONE && x->snoozed_until <= now)
        x->snoozed_until = NONE, changed = true;
    bool late = p->escalate_ms && is(x->state, "open") && x->escalated_at == NONE &&
                x->snoozed_until == NONE && now - x->found_at >= p->escalate_ms;
    if (late) {
        x->escalated_at = now, x->severity = S("critical"), out->escalated++, changed = true;
        if (x->told_at == NONE) x->told_at = now, out->told++;
    }
    if (changed) x->changed_at = now;
    return changed;
}

static bool tick_state(round_of *r, arena *a, const char *state, err *e) {
    void *recs;
    size_t n;
    store_query q = {.field = "state", .text = str_of(state), .newest_first = true};
    if (!store_list(r->s, a, &noun_alert, &q, &recs, &n, e)) return false;
    for (size_t i = 0; i < n; i++) {
        alert *x = (alert *)recs + i;
        const watch *w = watch_of(r, x->watch_id);
        watch_plan p;
        err bad;
        if (!w || !watch_read(a, w, &p, &bad)) continue;
        if (wakes(x, &p, r->now, r->out) && !store_put(r->s, &noun_alert, x, e)) return false;
    }
    return true;
}

static bool tick(arena *a, void *ctx, err *e) {
    return tick_state(ctx, a, "open", e) && tick_state(ctx, a, "acknowledged", e);
}

static bool open_alerts(store *s, bool *out, err *e) {
    i64 open, known;
    if (!store_count(s, &noun_alert, &(store_query){.field = "state", .text = S("open")}, &open,
                     e) ||
        !store_count(s, &noun_alert, &(store_query){.field = "state", .text = S("acknowledged")},
                     &known, e))
        return false;
    return *out = open + known > 0, true;
}

static bool run(arena *a, void *ctx, err *e) {
    round_of *r = ctx;
    void *recs;
    bool open;
    if (!store_list(r->s, a, &noun_watch, &(store_query){.limit = LIMIT_WATCHES}, &recs, &r->all_n,
                    e))
        return false;
    r->all = recs;
    for (size_t i = 0; i < r->all_n; i++) {
        err why;
        r->w = &r->all[i];
        if (!r->w->enabled) continue;
        r->out->watches++;
        if (in_transaction(r, one, r, &why)) continue;
        if (why.code == BUSY || why.code == IO) return *e = why, false;
        if (!in_transaction(r, tell_trouble, (void *[]){r, &why}, e)) return false;
    }
    return open_alerts(r->s, &open, e) && (!open || in_transaction(r, tick, r, e));
}

bool watches_run(store *s, tally *t, i64 now_ms, bool fresh, watch_round *out, err *e) {
    round_of r = {.s = s, .t = t, .now = now_ms, .fresh = fresh, .out = out};
    return job_run(LIMIT_JOB_BYTES, run, &r, e);
}
