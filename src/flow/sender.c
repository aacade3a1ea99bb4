/* sender.c - one message: claimed, written, sent, and what became of it.  The store is not held meanwhile. */
#include "act/contact.h"
#include "act/way.h"
#include "base/job.h"
#include "base/time.h"
#include "flow/sender.h"

enum { CANDIDATES = 200, HOLD_MS = LIMIT_SEND_MS + MINUTE_MS, JITTER = 10 };

i64 send_wait_ms(i64 attempts) {
    static const i64 waits[SEND_ATTEMPTS - 1] = {5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS,
                                                 2 * HOUR_MS,   5 * HOUR_MS,   10 * HOUR_MS,
                                                 14 * HOUR_MS,  20 * HOUR_MS,  24 * HOUR_MS};
    check(attempts >= 1);
    return waits[MIN(attempts, (i64)COUNT(waits)) - 1];
}

/* One endpoint's turn. */
typedef struct {
    store *s;
    arena *a;
    world *w;
    const atomic_bool *stop;
    const endpoint *to;
    const way *way;
    i64 now_ms;
    endpoint_pace pace;
    deed *deeds; /* claimed */
    note *notes;
    size_t n;
    i64 next_ms; /* nothing to do before */
} turn;

bool pace_of(store *s, arena *a, str endpoint_name, endpoint_pace *out, err *e) {
    if (store_find(s, a, &noun_pace, endpoint_name, out, e)) return true;
    if (e->code != NOT_FOUND) return false;
    noun_init(&noun_pace, out);
    out->endpoint = endpoint_name;
    return true;
}

static i64 known(i64 v) {
    return v == NONE ? 0 : v;
}

/* ---- which deeds ---- */

static bool read_note(turn *t, const deed *d, note *out, err *e) {
    json *doc;
    if (!json_read(t->a, d->payload, &doc, e)) return false;
    *out = (note){.key = d->key,
                  .title = json_get_text(doc, S("title")),
                  .text = json_get_text(doc, S("text")),
                  .data = doc};
    if (!out->title.p) out->title = d->key;
    return true;
}

static bool refuse(turn *t, deed *d, str why, err *e) {
    d->state = S("refused");
    d->done_at = t->now_ms;
    d->error = why;
    return store_put(t->s, &noun_deed, d, e);
}

/* Waits, but not until what it says is stale. */
static bool put_off(turn *t, deed *d, const note *n, const contact_answer *r, err *e) {
    i64 planned = json_get_int(n->data, S("planned_at"));
    if (planned != NONE && r->until - planned > LIMIT_LETTER_KEPT_MS)
        return refuse(
            t, d,
            arena_fmt(t->a, "it would wait longer than a week and be stale: %.*s", STR_ARG(r->why)),
            e);
    d->due_at = r->until;
    d->error = r->why;
    return store_put(t->s, &noun_deed, d, e);
}

/* By it the customer leaves with one click: the hash that opts out, and a proof that we made the link. */
static bool leave_link(turn *t, note *n, err *e) {
    json *settings;
    str hash, proof;
    if (!json_read(t->a, t->to->settings.n ? t->to->settings : S("{}"), &settings, e)) return false;
    str base = json_get_text(settings, S("public_url"));
    if (!base.n) return true;
    if (!optout_hash(t->s, t->a, n->to, &hash, e) || !optout_proof(t->s, t->a, hash, &proof, e))
        return false;
    while (base.n && base.p[base.n - 1] == '/') base.n--;
    n->leave =
        arena_fmt(t->a, "%.*s/leave/%.*s-%.*s", STR_ARG(base), STR_ARG(hash), STR_ARG(proof));
    return true;
}

/* *go: the customer may be written to, and this message is counted. */
static bool ask_policy(turn *t, deed *d, note *n, bool *go, err *e) {
    contact_wish w = {.purpose = json_get_text(n->data, S("purpose")), .deed = d->key};
    contact_answer r;
    *go = false;
    if (!contact_of_signal(t->s, t->a, d->signal_id, &w.customer_id, &n->to, e)) return false;
    if (!n->to.n) return refuse(t, d, S("no address of this customer is known"), e);
    w.address = n->to;
    if (!contact_ask(t->s, t->a, &w, t->now_ms, &r, e)) return false;
    *go = r.fate == CONTACT_GO;
    if (r.fate == CONTACT_NEVER) return refuse(t, d, r.why, e);
    return *go ? leave_link(t, n, e) : put_off(t, d, n, &r, e);
}

static bool customer_note(const note *n) {
    return n->data && str_eq(json_get_text(n->data, S("audience")), S("customer"));
}

/* Takes deed i into the letter, unless it may not leave now. */
static bool take(turn *t, deed *d, err *e) {
    bool go = true;
    note *n = &t->notes[t->n];
    err why;
    if (!read_note(t, d, n, &why)) return refuse(t, d, arena_str(t->a, str_of(why.msg)), e);
    if (customer_note(n) && !ask_policy(t, d, n, &go, e)) return false;
    if (go) t->deeds[t->n++] = *d;
    return true;
}

/* In order: the head decides when; those behind it go along.  Else: whichever is due. */
static bool choose(turn *t, deed *all, size_t n, err *e) {
    t->deeds = NEW_N(t->a, deed, t->way->notes_max);
    t->notes = NEW_N(t->a, note, t->way->notes_max);
    for (size_t i = 0; i < n && t->n < t->way->notes_max; i++) {
        if (all[i].due_at > t->now_ms) {
            t->next_ms = MIN(t->next_ms, all[i].due_at);
            if (t->way->ordered) break;
            continue;
        }
        if (!take(t, &all[i], e)) return false;
    }
    return true;
}

/* ---- claiming: what is held by one is left alone by all others ---- */

static bool may_leave(turn *t) {
    i64 at = MAX(known(t->pace.next_at), known(t->pace.held_until));
    if (t->pace.paused.n || t->to->enabled != 1) return false;
    if (at <= t->now_ms) return true;
    t->next_ms = at;
    return false;
}

/* In order: from the oldest on, due or not.  Else only what is due, so that those held back hide nothing. */
static bool waiting(turn *t, deed **all, size_t *n, err *e) {
    i64 due = t->way->ordered ? INT64_MAX : t->now_ms;
    return store_deeds_waiting(t->s, t->a, t->to->name, 0, due, CANDIDATES, all, n, e);
}

/* Without a transaction: most looks find nothing, and must not hold up those who write. */
static bool peek(turn *t, bool *something, err *e) {
    deed *all;
    size_t n;
    i64 due;
    *something = false;
    t->next_ms = INT64_MAX;
    if (!store_deeds_next(t->s, t->to->name, &due, e)) return false;
    if (due == INT64_MAX) return true;
    if (!pace_of(t->s, t->a, t->to->name, &t->pace, e)) return false;
    if (!may_leave(t)) return true;
    if (t->way->ordered) {
        if (!waiting(t, &all, &n, e)) return false;
        due = n ? all->due_at : INT64_MAX;
    }
    *something = due <= t->now_ms;
    if (!*something) t->next_ms = due;
    return true;
}

static bool claim(turn *t, err *e) {
    deed *all;
    size_t n;
    if (!pace_of(t->s, t->a, t->to->name, &t->pace, e)) return false;
    if (!may_leave(t)) return true;
    if (!waiting(t, &all, &n, e) || !choose(t, all, n, e)) return false;
    if (!t->n) return true;
    t->pace.held_until = t->now_ms + HOLD_MS;
    if (t->way->per_minute) t->pace.next_at = t->now_ms + MINUTE_MS / t->way->per_minute;
    return store_put(t->s, &noun_pace, &t->pace, e);
}

/* ---- on the way ---- */

static bool write_letter(turn *t, parcel *p, err *e) {
    json *settings;
    letter l = {.to = t->to, .now_ms = t->now_ms, .notes = t->notes, .n = t->n};
    if (!endpoint_open(t->s, t->a, t->to, &l.address, &l.secret, e) ||
        !json_read(t->a, t->to->settings.n ? t->to->settings : S("{}"), &settings, e))
        return false;
    l.settings = settings;
    if (!t->way->write(t->a, &l, p, e)) return false;
    p->near = t->to->near == 1;
    p->timeout_ms = LIMIT_SEND_MS;
    p->stop = t->stop;
    return true;
}

/* *stopped: nobody can say whether it arrived, and nothing is counted. */
static verdict_out deliver(turn *t, bool *stopped) {
    parcel p = {0};
    receipt r;
    verdict_out v = {.fate = WAY_AGAIN, .wait_ms = NONE};
    err why;
    *stopped = false;
    if (!write_letter(t, &p, &why)) {
        v.fate = t->way->ordered && t->n > 1 ? WAY_AGAIN : WAY_NEVER;
        v.why = arena_str(t->a, str_of(why.msg));
        return v;
    }
    check(t->w->send);
    if (t->w->send(t->w, t->a, &p, &r, &why)) {
        t->way->judge(t->a, &r, &v);
        return v;
    }
    *stopped = why.code == BUSY;
    v.why = arena_str(t->a, str_of(why.msg));
    return v;
}

/* ---- what became of it ---- */

static i64 with_chance(world *w, i64 ms) {
    return ms + (i64)(w->random(w) % (u64)(ms / JITTER + 1));
}

static void settle_deed(deed *d, const verdict_out *v, i64 now, i64 again_ms) {
    d->attempts = known(d->attempts) + 1;
    d->error = v->fate == WAY_SENT ? NO_STR : v->why;
    if (v->fate == WAY_SENT) {
        d->state = S("done");
        d->done_at = now;
    } else if (v->fate == WAY_NEVER || d->attempts >= SEND_ATTEMPTS) {
        d->state = S("failed");
        d->done_at = now;
    } else {
        d->due_at = now + again_ms;
    }
}

static void settle_pace(turn *t, const verdict_out *v, i64 now) {
    endpoint_pace *p = &t->pace;
    bool ok = v->fate == WAY_SENT;
    p->held_until = NONE;
    p->sent = known(p->sent) + (ok ? (i64)t->n : 0);
    p->failures = ok ? 0 : known(p->failures) + 1;
    p->error = ok ? NO_STR : v->why;
    if (ok) p->last_at = now;
    if (v->fate == WAY_GONE) p->paused = S("it answered 410: it wants nothing any more");
    if (v->fate == WAY_AGAIN && t->way->ordered && t->deeds->attempts >= SEND_ATTEMPTS)
        p->paused =
            arena_fmt(t->a, "nothing arrived in %d tries: %.*s", SEND_ATTEMPTS, STR_ARG(v->why));
}

static bool settle(turn *t, const verdict_out *v, err *e) {
    i64 now = t->w->now_ms(t->w), attempts = known(t->deeds->attempts) + 1;
    i64 again = MAX(with_chance(t->w, send_wait_ms(attempts)), known(v->wait_ms));
    for (size_t i = 0; i < t->n; i++) {
        settle_deed(&t->deeds[i], v, now, again);
        if (!store_put(t->s, &noun_deed, &t->deeds[i], e)) return false;
    }
    settle_pace(t, v, now);
    if (v->bounced && t->notes->to.n && !optout_add(t->s, t->a, t->notes->to, "bounced", e))
        return false;
    return store_put(t->s, &noun_pace, &t->pace, e);
}

static bool release(turn *t, err *e) {
    t->pace.held_until = NONE;
    return store_put(t->s, &noun_pace, &t->pace, e);
}

static bool within_tx(turn *t, bool (*fn)(turn *, err *), err *e) {
    if (!store_begin(t->s, e)) return false;
    if (!fn(t, e)) return store_rollback(t->s), false;
    return store_commit(t->s, e);
}

static bool settle_all(turn *t, const verdict_out *v, err *e) {
    if (!store_begin(t->s, e)) return false;
    if (!settle(t, v, e)) return store_rollback(t->s), false;
    return store_commit(t->s, e);
}

static bool one_turn(turn *t, send_counts *counts, err *e) {
    bool something, stopped;
    t->way = way_find(t->to->way);
    t->now_ms = t->w->now_ms(t->w);
    if (!t->way) return true; /* of a newer program */
    if (!peek(t, &something, e)) return false;
    if (something && !within_tx(t, claim, e)) return false;
    counts->next_ms = MIN(counts->next_ms, t->next_ms);
    if (!t->n) return true;
    counts->next_ms = t->now_ms; /* there may be more */
    verdict_out v = deliver(t, &stopped);
    if (stopped) return within_tx(t, release, e);
    if (v.fate == WAY_SENT)
        counts->sent += (i64)t->n;
    else
        counts->failed += (i64)t->n;
    return settle_all(t, &v, e);
}

/* ---- all endpoints ---- */

typedef struct {
    store *s;
    world *w;
    const atomic_bool *stop;
    send_counts *counts;
} round_of;

static bool round_job(arena *a, void *ctx, err *e) {
    round_of *r = ctx;
    void *recs;
    size_t n;
    if (!store_list(r->s, a, &noun_endpoint, NULL, &recs, &n, e)) return false;
    for (size_t i = 0; i < n; i++) {
        turn t = {.s = r->s, .a = a, .w = r->w, .stop = r->stop, .to = (endpoint *)recs + i};
        if (r->stop && atomic_load(r->stop)) break;
        if (!one_turn(&t, r->counts, e)) return false;
    }
    return true;
}

bool send_turn(store *s, world *w, const atomic_bool *stop, send_counts *counts, err *e) {
    round_of r = {s, w, stop, counts};
    counts->next_ms = INT64_MAX;
    if (job_run(LIMIT_JOB_BYTES, round_job, &r, e)) return true;
    store_rollback(s); /* a job that ran out of memory left it open */
    return false;
}

typedef struct {
    store *s;
    world *w;
    const endpoint *to;
} testing;

static bool test_job(arena *a, void *ctx, err *e) {
    testing *k = ctx;
    bool stopped;
    i64 now = k->w->now_ms(k->w);
    note n = {.key = arena_fmt(a, "test:%.*s:%" PRId64, STR_ARG(k->to->name), now),
              .title = S("Heed"),
              .text = S("A test message: this endpoint works. 测试消息:此端点可用。")};
    turn t = {.s = k->s,
              .a = a,
              .w = k->w,
              .to = k->to,
              .way = way_find(k->to->way),
              .now_ms = now,
              .notes = &n,
              .n = 1};
    if (!t.way) return fail(e, INVALID, "this program has no way \"%.*s\"", STR_ARG(k->to->way));
    verdict_out v = deliver(&t, &stopped);
    return v.fate == WAY_SENT || fail(e, IO, "it did not arrive: %.*s", STR_ARG(v.why));
}

bool send_test(store *s, world *w, const endpoint *to, err *e) {
    testing k = {s, w, to};
    return job_run(LIMIT_JOB_BYTES, test_job, &k, e);
}

bool send_again(store *s, arena *a, i64 deed_id, i64 now_ms, err *e) {
    deed d;
    if (!store_get(s, a, &noun_deed, deed_id, &d, e)) return false;
    if (!d.endpoint.n)
        return fail(e, CONFLICT, "deed %" PRId64 " stays in the house: nothing is sent", deed_id);
    if (str_eq(d.state, S("pending")) && d.due_at <= now_ms)
        return fail(e, CONFLICT, "deed %" PRId64 " is on its way already", deed_id);
    d.state = S("pending");
    d.attempts = 0;
    d.due_at = now_ms;
    d.done_at = NONE;
    d.error = NO_STR;
    return store_put(s, &noun_deed, &d, e);
}

bool send_resume(store *s, arena *a, str endpoint_name, i64 now_ms, err *e) {
    endpoint_pace p;
    deed *all;
    size_t n;
    if (!pace_of(s, a, endpoint_name, &p, e)) return false;
    p.paused = NO_STR;
    p.failures = 0;
    if (!store_put(s, &noun_pace, &p, e) ||
        !store_deeds_waiting(s, a, endpoint_name, 0, INT64_MAX, CANDIDATES, &all, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        all[i].due_at = now_ms;
        if (!store_put(s, &noun_deed, &all[i], e)) return false;
    }
    return true;
}
