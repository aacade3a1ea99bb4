/* walk_twin.h - random journeys by seed, and every question of walk.h answered slowly and obviously
** from the signals themselves: what the tests of the walk agree with. */
#ifndef STORE_WALK_TWIN_H
#define STORE_WALK_TWIN_H
#include "store/tally_fake.h"
#include "store/walk_int.h"

static const char *const twin_events[] = {"view", "cart", "pay", "return", "询问", "call"};
static const char *const twin_orders[] = {"o1", "o2", "o3", "o4", "o5"};

/* Journeys over some weeks; moments often tie and come out of order. */
static inline void twin_fill(fake *f, size_t n, u64 seed) {
    fake_fill(f, n, seed);
    i64 base = day_of_ymd(2025, 12, 20) * DAY_MS;
    u64 customers = 1 + chance(40), span = 1 + chance(2000);
    bool whole_hours = chance(2), late = chance(2);
    for (size_t k = 0; k < n; k++) {
        signal_row *s = &f->sig[k].row;
        i64 at = (i64)(late ? chance(span) : k * span / n) * HOUR_MS;
        s->occurred_at = base + at + (whole_hours ? 0 : (i64)chance(3) * 1001);
        s->event = chance(12) ? PICK(twin_events) : NO_STR;
        s->customer =
            chance(20) ? arena_fmt(f->a, "c%d", (int)(customers - chance(customers))) : NO_STR;
        if (f->sig[k].attrs_n < 6 && chance(2))
            f->sig[k].attrs[f->sig[k].attrs_n++] = (attribute){S("order"), PICK(twin_orders), NONE};
    }
}

typedef struct {
    const signal *s;
    const insight *i;
    i64 at;
    str what;
} twin_event;
typedef struct {
    str name;
    twin_event *events;
    size_t n;
} twin_case;
typedef struct {
    arena *a;
    const walk_scope *scope;
    twin_case *cases;
    size_t n;
    i64 events, newest;
} twin;

static inline truth twin_has(void *ctx, str text) {
    const twin_event *x = ctx;
    str w = x->i->row.clean.p ? x->i->row.clean : x->s->row.words;
    return !w.p ? UNKNOWN : str_find(w, text) >= 0 ? YES : NO;
}
static inline bool twin_is(const expr *x, const twin_event *v) {
    twin_event copy = *v;
    return !x || signal_test(x, v->s, v->i, twin_has, &copy) == YES;
}

static inline str twin_text(const signal *s, str name) {
    const attribute *at = signal_attr(s, name);
    if (str_eq(name, S("customer"))) return s->row.customer;
    if (str_eq(name, S("event"))) return s->row.event;
    if (str_eq(name, S("channel"))) return s->row.channel;
    return at ? at->text : NO_STR;
}

static inline str twin_what(const walk_scope *s, const twin_event *x) {
    for (size_t i = 0; i < s->activities_n; i++)
        if (twin_is(s->activities[i].is, x)) return s->activities[i].name;
    if (s->activities_n) return NO_STR;
    return twin_text(x->s, s->activity.n ? s->activity : S("event"));
}

static inline int twin_by_time(const void *x, const void *y) {
    const twin_event *a = x, *b = y;
    if (a->at != b->at) return a->at < b->at ? -1 : 1;
    return a->s->row.id < b->s->row.id ? -1 : 1;
}

/* The cases in order of their names; named: events without an activity are left out. */
static inline twin twin_of(arena *a, const fake *f, const walk_scope *scope, bool named) {
    twin t = {.a = a, .scope = scope, .newest = NONE};
    t.cases = NEW_N(a, twin_case, f->n + 1);
    for (size_t k = 0; k < f->visible; k++) {
        twin_event x = {&f->sig[k], &f->ins[k], f->sig[k].row.occurred_at, NO_STR};
        str name = twin_text(x.s, scope->case_by.n ? scope->case_by : S("customer"));
        if (!name.p || x.at == NONE) continue;
        t.newest = MAX(t.newest, x.at);
        if (!twin_is(scope->where, &x)) continue;
        x.what = twin_what(scope, &x);
        if (named && !x.what.p) continue;
        size_t c = 0;
        while (c < t.n && !str_eq(t.cases[c].name, name)) c++;
        if (c == t.n) t.cases[t.n++] = (twin_case){name, NEW_N(a, twin_event, f->n), 0};
        t.cases[c].events[t.cases[c].n++] = x;
        t.events++;
    }
    for (size_t c = 0; c < t.n; c++)
        qsort(t.cases[c].events, t.cases[c].n, sizeof(twin_event), twin_by_time);
    return t;
}

/* ---- numbers ---- */
typedef struct {
    i64 *v;
    size_t n;
} twin_list;
static inline void twin_put(arena *a, twin_list *l, i64 v) {
    i64 *more = NEW_N(a, i64, l->n + 1);
    if (l->n) memcpy(more, l->v, l->n * sizeof *more);
    more[l->n++] = v;
    l->v = more;
}
static inline int twin_less(const void *x, const void *y) {
    i64 a = *(const i64 *)x, b = *(const i64 *)y;
    return a < b ? -1 : a > b;
}
static inline double twin_quantile(const twin_list *l, i64 tenths) {
    double at = (double)(l->n - 1) * (double)tenths / 10;
    i64 whole = (i64)(l->n - 1) * tenths / 10;
    double part_of = (double)((i64)(l->n - 1) * tenths % 10) / 10;
    (void)at;
    if (part_of == 0) return (double)l->v[whole];
    return (double)l->v[whole] + part_of * (double)(l->v[whole + 1] - l->v[whole]);
}
static inline walk_times twin_times(twin_list l) {
    if (!l.n) return (walk_times){0, NAN, NAN, NAN};
    i128 sum = 0;
    qsort(l.v, l.n, sizeof *l.v, twin_less);
    for (size_t i = 0; i < l.n; i++) sum += l.v[i];
    return (walk_times){(i64)l.n, (double)sum / (double)l.n, twin_quantile(&l, 5),
                        twin_quantile(&l, 9)};
}
static inline void print_times(buf *b, walk_times t) {
    buf_fmt(b, " (%" PRId64 " %.17g %.17g %.17g)", t.n, t.mean, t.median, t.p90);
}

/* ---- funnel: every entry event tried in turn ---- */
static inline size_t twin_follow(const twin_case *c, size_t entry, const funnel_question *q,
                                 size_t *at) {
    size_t depth = 1;
    at[0] = entry;
    for (size_t i = entry + 1; i < c->n && depth < q->steps_n; i++) {
        if (q->window_ms != NONE && c->events[i].at - c->events[entry].at > q->window_ms) break;
        if (twin_is(q->steps[depth].is, &c->events[i])) at[depth++] = i;
    }
    return depth;
}

static inline str twin_key(const twin *t, const funnel_question *q, const twin_event *x) {
    if (!q->by.column.n) return S("");
    if (q->by.unit == BY_VALUE) return twin_text(x->s, q->by.column);
    i64 day = unit_start(q->by.unit, walk_day(t->scope, x->at));
    return day_print(t->a, day);
}

static inline void twin_attempt(const twin *t, const twin_case *c, const size_t *at, size_t depth,
                                i64 *n, twin_list *entry, twin_list *previous) {
    for (size_t j = 0; j < depth; j++) {
        n[j]++;
        if (!j) continue;
        twin_put(t->a, &entry[j], c->events[at[j]].at - c->events[at[0]].at);
        twin_put(t->a, &previous[j], c->events[at[j]].at - c->events[at[j - 1]].at);
    }
}

/* The attempts of one case, told one by one; `count` says whether its key is wanted. */
static inline void twin_case_funnel(const twin *t, const twin_case *c, const funnel_question *q,
                                    str key, i64 *n, twin_list *entry, twin_list *previous) {
    size_t at[LIMIT_WALK_STEPS], best[LIMIT_WALK_STEPS], best_n = 0, after = 0;
    i64 closed = INT64_MIN;
    for (size_t i = 0; i < c->n; i++) {
        if (!twin_is(q->steps[0].is, &c->events[i])) continue;
        if (q->entry == ENTRY_EACH && (i < after || c->events[i].at <= closed)) continue;
        size_t depth = twin_follow(c, i, q, at);
        str k = twin_key(t, q, &c->events[i]);
        if (q->entry == ENTRY_EACH) {
            if (str_eq(k, key) && !k.p == !key.p) twin_attempt(t, c, at, depth, n, entry, previous);
            if (depth == q->steps_n)
                after = at[depth - 1] + 1;
            else
                closed = q->window_ms == NONE ? INT64_MAX : c->events[i].at + q->window_ms;
        } else if (depth > best_n) {
            best_n = depth;
            memcpy(best, at, sizeof best);
        }
        if (q->entry == ENTRY_FIRST) break;
    }
    if (!best_n) return;
    str k = twin_key(t, q, &c->events[best[0]]);
    if (str_eq(k, key) && !k.p == !key.p) twin_attempt(t, c, best, best_n, n, entry, previous);
}

static inline void twin_funnel_row(buf *b, const twin *t, const funnel_question *q, str key) {
    i64 n[LIMIT_WALK_STEPS] = {0};
    twin_list entry[LIMIT_WALK_STEPS] = {0}, previous[LIMIT_WALK_STEPS] = {0};
    for (size_t c = 0; c < t->n; c++) twin_case_funnel(t, &t->cases[c], q, key, n, entry, previous);
    if (!n[0] && q->by.column.n) return;
    buf_fmt(b, "%s%.*s:", key.p ? "" : "missing", STR_ARG(key));
    for (size_t j = 0; j < q->steps_n; j++) {
        buf_fmt(b, " %" PRId64, n[j]);
        print_times(b, twin_times(entry[j]));
        print_times(b, twin_times(previous[j]));
    }
    buf_char(b, '\n');
}

static inline int twin_by_text(const void *x, const void *y) {
    return str_cmp(*(const str *)x, *(const str *)y);
}

static inline str twin_funnel(arena *a, const fake *f, const walk_scope *s,
                              const funnel_question *q) {
    twin t = twin_of(a, f, s, false);
    buf b = {.a = a};
    str *keys = NEW_N(a, str, f->n + 2);
    size_t n = 0;
    bool missing = false;
    for (size_t c = 0; c < t.n; c++)
        for (size_t i = 0; i < t.cases[c].n; i++) {
            str k = twin_key(&t, q, &t.cases[c].events[i]);
            missing |= !k.p;
            size_t j = 0;
            while (j < n && !str_eq(keys[j], k)) j++;
            if (k.p && j == n) keys[n++] = k;
        }
    if (!q->by.column.n && !n) keys[n++] = S("");
    qsort(keys, n, sizeof *keys, twin_by_text);
    if (missing) twin_funnel_row(&b, &t, q, NO_STR);
    for (size_t k = 0; k < n; k++) twin_funnel_row(&b, &t, q, keys[k]);
    return buf_view(&b);
}

static inline str print_funnel(arena *a, const funnel_question *q, const funnel_answer *f) {
    buf b = {.a = a};
    for (size_t g = 0; g < f->groups_n; g++) {
        const tally_key *k = &f->groups[g].key;
        str key = k->kind == VALUE_TEXT   ? k->text
                  : k->kind == VALUE_TIME ? day_print(a, day_of_ms(k->num))
                  : q->by.column.n        ? S("missing")
                                          : S("");
        buf_fmt(&b, "%.*s:", STR_ARG(key));
        for (size_t j = 0; j < q->steps_n; j++) {
            buf_fmt(&b, " %" PRId64, f->groups[g].steps[j].n);
            print_times(&b, f->groups[g].steps[j].from_entry);
            print_times(&b, f->groups[g].steps[j].from_previous);
        }
        buf_char(&b, '\n');
    }
    return buf_view(&b);
}

/* Who reached lost_at and no more: latest first, equal ones by name.  Not for ENTRY_EACH. */
static inline str twin_lost(arena *a, const fake *f, const walk_scope *s,
                            const funnel_question *q) {
    twin t = twin_of(a, f, s, false);
    buf b = {.a = a};
    size_t at[LIMIT_WALK_STEPS];
    i64 *when = NEW_N(a, i64, t.n + 1);
    for (size_t c = 0; c < t.n; c++) {
        size_t best = 0;
        for (size_t i = 0; i < t.cases[c].n; i++) {
            if (!twin_is(q->steps[0].is, &t.cases[c].events[i])) continue;
            size_t depth = twin_follow(&t.cases[c], i, q, at);
            if (depth > best) when[c] = t.cases[c].events[at[depth - 1]].at;
            best = MAX(best, depth);
            if (q->entry == ENTRY_FIRST) break;
        }
        if (best != q->lost_at) when[c] = NONE;
    }
    for (size_t n = 0; n < q->lost_limit; n++) {
        size_t next = t.n;
        for (size_t c = 0; c < t.n; c++) {
            if (when[c] == NONE) continue;
            if (next == t.n || when[c] > when[next] ||
                (when[c] == when[next] && str_cmp(t.cases[c].name, t.cases[next].name) < 0))
                next = c;
        }
        if (next == t.n) break;
        buf_fmt(&b, "%.*s ", STR_ARG(t.cases[next].name));
        when[next] = NONE;
    }
    return buf_view(&b);
}

static inline str print_lost(arena *a, const funnel_answer *f) {
    buf b = {.a = a};
    for (size_t i = 0; i < f->lost_n; i++) buf_fmt(&b, "%.*s ", STR_ARG(f->lost[i]));
    return buf_view(&b);
}

/* ---- follows ---- */
static inline str twin_follows(arena *a, const fake *f, const walk_scope *s) {
    twin t = twin_of(a, f, s, true);
    buf b = {.a = a};
    str names[64];
    size_t names_n = 0;
    twin_list duration = {0};
    for (size_t c = 0; c < t.n; c++) {
        twin_put(a, &duration, t.cases[c].events[t.cases[c].n - 1].at - t.cases[c].events[0].at);
        for (size_t i = 0; i < t.cases[c].n; i++) {
            size_t k = 0;
            while (k < names_n && !str_eq(names[k], t.cases[c].events[i].what)) k++;
            if (k == names_n) names[names_n++] = t.cases[c].events[i].what;
        }
    }
    qsort(names, names_n, sizeof *names, twin_by_text);
    for (size_t k = 0; k < names_n; k++) {
        i64 n = 0, cases = 0, starts = 0, ends = 0;
        for (size_t c = 0; c < t.n; c++) {
            i64 here = 0;
            const twin_case *x = &t.cases[c];
            for (size_t i = 0; i < x->n; i++) here += str_eq(x->events[i].what, names[k]);
            n += here;
            cases += here > 0;
            starts += str_eq(x->events[0].what, names[k]);
            ends += str_eq(x->events[x->n - 1].what, names[k]);
        }
        buf_fmt(&b, "%.*s %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 "\n", STR_ARG(names[k]), n,
                cases, starts, ends);
    }
    for (size_t x = 0; x < names_n; x++)
        for (size_t y = 0; y < names_n; y++) {
            twin_list wait = {0};
            for (size_t c = 0; c < t.n; c++)
                for (size_t i = 1; i < t.cases[c].n; i++)
                    if (str_eq(t.cases[c].events[i - 1].what, names[x]) &&
                        str_eq(t.cases[c].events[i].what, names[y]))
                        twin_put(a, &wait, t.cases[c].events[i].at - t.cases[c].events[i - 1].at);
            if (!wait.n) continue;
            buf_fmt(&b, "%.*s > %.*s", STR_ARG(names[x]), STR_ARG(names[y]));
            print_times(&b, twin_times(wait));
            buf_char(&b, '\n');
        }
    print_times(&b, twin_times(duration));
    buf_fmt(&b, " %zu %" PRId64, t.n, t.events);
    return buf_view(&b);
}

/* In the twin's order: by names. */
static inline str print_follows(arena *a, const follows_answer *f) {
    buf b = {.a = a};
    size_t n = f->activities_n;
    str *names = NEW_N(a, str, n + 1);
    for (size_t i = 0; i < n; i++) names[i] = f->activities[i].name;
    qsort(names, n, sizeof *names, twin_by_text);
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < n; i++) {
            const walk_activity *x = &f->activities[i];
            if (i) assert_true(f->activities[i - 1].n >= x->n);
            if (str_eq(x->name, names[k]))
                buf_fmt(&b, "%.*s %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 "\n",
                        STR_ARG(x->name), x->n, x->cases, x->starts, x->ends);
        }
    for (size_t x = 0; x < n; x++)
        for (size_t y = 0; y < n; y++)
            for (size_t i = 0; i < f->pairs_n; i++) {
                const follows_pair *p = &f->pairs[i];
                if (!str_eq(f->activities[p->from].name, names[x]) ||
                    !str_eq(f->activities[p->to].name, names[y]))
                    continue;
                buf_fmt(&b, "%.*s > %.*s", STR_ARG(names[x]), STR_ARG(names[y]));
                print_times(&b, p->wait);
                buf_char(&b, '\n');
            }
    print_times(&b, f->duration);
    buf_fmt(&b, " %" PRId64 " %" PRId64, f->cost.cases, f->cost.events);
    return buf_view(&b);
}

/* ---- paths: one line a path, sorted ---- */
static inline void twin_lines(buf *b, str *lines, size_t n) {
    qsort(lines, n, sizeof *lines, twin_by_text);
    for (size_t i = 0; i < n; i++) buf_fmt(b, "%.*s\n", STR_ARG(lines[i]));
}

static inline str twin_paths(arena *a, const fake *f, const walk_scope *s,
                             const paths_question *q) {
    twin t = twin_of(a, f, s, true);
    buf b = {.a = a};
    str *path = NEW_N(a, str, t.n + 1), *lines = NEW_N(a, str, t.n + 1);
    i64 *took = NEW_N(a, i64, t.n + 1);
    size_t n = 0, lines_n = 0;
    twin_list all = {0};
    for (size_t c = 0; c < t.n; c++) {
        const twin_case *x = &t.cases[c];
        buf p = {.a = a};
        size_t i = 0, steps = 0;
        while (i < x->n && !twin_is(q->from, &x->events[i])) i++;
        if (i == x->n) continue;
        size_t first = i, last = i;
        bool cut = false;
        for (; i < x->n; i++) {
            bool same =
                q->collapse && i > first && str_eq(x->events[i - 1].what, x->events[i].what);
            if (!same && q->steps && steps == q->steps) {
                cut = true;
                break;
            }
            if (!same) {
                buf_fmt(&p, "%.*s>", STR_ARG(x->events[i].what));
                steps++;
            }
            last = i;
            if (i > first && q->to && twin_is(q->to, &x->events[i])) break;
        }
        if (cut) buf_str(&p, S("..."));
        took[n] = x->events[last].at - x->events[first].at;
        twin_put(a, &all, took[n]);
        path[n++] = buf_view(&p);
    }
    for (size_t i = 0; i < n; i++) {
        twin_list times = {0};
        bool seen = false;
        for (size_t j = 0; j < n; j++) {
            if (!str_eq(path[i], path[j])) continue;
            seen |= j < i;
            twin_put(a, &times, took[j]);
        }
        if (seen) continue;
        buf line = {.a = a};
        buf_str(&line, path[i]);
        print_times(&line, twin_times(times));
        lines[lines_n++] = buf_view(&line);
    }
    twin_lines(&b, lines, lines_n);
    print_times(&b, twin_times(all));
    buf_fmt(&b, " %zu %zu", n, lines_n);
    return buf_view(&b);
}

static inline str print_paths(arena *a, const paths_answer *f) {
    buf b = {.a = a};
    str *lines = NEW_N(a, str, f->paths_n + 1);
    for (size_t i = 0; i < f->paths_n; i++) {
        buf line = {.a = a};
        const walk_path *p = &f->paths[i];
        if (i) assert_true(f->paths[i - 1].n >= p->n);
        assert_int_equal(p->n, p->duration.n);
        for (size_t k = 0; k < p->names_n; k++) buf_fmt(&line, "%.*s>", STR_ARG(p->names[k]));
        if (p->goes_on) buf_str(&line, S("..."));
        print_times(&line, p->duration);
        lines[i] = buf_view(&line);
    }
    twin_lines(&b, lines, f->paths_n);
    print_times(&b, f->duration);
    buf_fmt(&b, " %" PRId64 " %" PRId64, f->n, f->variants);
    return buf_view(&b);
}

/* ---- cohorts ---- */
static inline i64 twin_periods(by_unit unit, i64 from, i64 to) { /* counted one by one */
    i64 n = 0;
    for (i64 day = from; day < to; day++) n += unit_start(unit, day + 1) != unit_start(unit, day);
    return n;
}

static inline bool twin_back(const twin_case *c, const walk_scope *s, const cohort_question *q,
                             i64 until, size_t first, i64 k) {
    i64 zero = unit_start(q->unit, walk_day(s, c->events[first].at));
    for (size_t i = first; i < c->n && c->events[i].at <= until; i++)
        if (twin_is(q->again, &c->events[i]) &&
            twin_periods(q->unit, zero, walk_day(s, c->events[i].at)) == k)
            return true;
    return false;
}

static inline str twin_cohorts(arena *a, const fake *f, const walk_scope *s,
                               const cohort_question *q) {
    twin t = twin_of(a, f, s, false);
    buf b = {.a = a};
    i64 until = q->until == NONE ? t.newest : q->until, low = INT64_MAX, high = INT64_MIN;
    for (size_t c = 0; c < t.n; c++)
        for (size_t i = 0; i < t.cases[c].n; i++) {
            i64 unit = unit_start(q->unit, walk_day(s, t.cases[c].events[i].at));
            low = MIN(low, unit);
            high = MAX(high, unit);
        }
    for (i64 day = low; day <= high && low <= high; day++) {
        if (unit_start(q->unit, day) != day) continue;
        i64 size = 0, last = twin_periods(q->unit, day, walk_day(s, until));
        if (q->periods) last = MIN(last, (i64)q->periods);
        last = MAX(last, 0);
        i64 *active = NEW_N(a, i64, (size_t)last + 1), *back = NEW_N(a, i64, (size_t)last + 1);
        for (size_t c = 0; c < t.n; c++) {
            const twin_case *x = &t.cases[c];
            size_t i = 0;
            bool was = false;
            while (i < x->n && !twin_is(q->first, &x->events[i])) i++;
            if (i == x->n || x->events[i].at > until ||
                unit_start(q->unit, walk_day(s, x->events[i].at)) != day)
                continue;
            size++;
            for (i64 k = 0; k <= last; k++) {
                bool in = twin_back(x, s, q, until, i, k);
                active[k] += in;
                was |= in && k > 0;
                back[k] += was;
            }
        }
        if (!size) continue;
        buf_fmt(&b, "%.*s %" PRId64 ":", STR_ARG(day_print(a, day)), size);
        for (i64 k = 0; k <= last; k++) buf_fmt(&b, " %" PRId64 "/%" PRId64, active[k], back[k]);
        buf_char(&b, '\n');
    }
    return buf_view(&b);
}

static inline str print_cohorts(arena *a, const cohort_answer *f) {
    buf b = {.a = a};
    for (size_t i = 0; i < f->rows_n; i++) {
        const cohort_row *r = &f->rows[i];
        buf_fmt(&b, "%.*s %" PRId64 ":", STR_ARG(day_print(a, r->day)), r->size);
        for (size_t k = 0; k < r->periods_n; k++)
            buf_fmt(&b, " %" PRId64 "/%" PRId64, r->active[k], r->returned[k]);
        buf_char(&b, '\n');
    }
    return buf_view(&b);
}

/* ---- repurchase ---- */
static inline str twin_repurchase(arena *a, const fake *f, const walk_scope *s,
                                  const repurchase_question *q) {
    twin t = twin_of(a, f, s, false);
    buf b = {.a = a};
    i64 until = q->until == NONE ? t.newest : q->until, buyers = 0, repeat = 0;
    i64 last = until == NONE ? 0 : walk_day(s, until), low = INT64_MAX, high = INT64_MIN;
    for (size_t c = 0; c < t.n; c++)
        for (size_t i = 0; i < t.cases[c].n; i++) {
            i64 day = walk_day(s, t.cases[c].events[i].at);
            low = MIN(low, unit_start(q->by, day));
            high = MAX(high, day);
        }
    for (i64 unit = low; unit <= high && low <= high; unit++) {
        if (q->by == BY_VALUE ? unit != low : unit_start(q->by, unit) != unit) continue;
        i64 fresh = 0, again = 0, observed = 0, observed_again = 0, censored = 0;
        twin_list wait = {0};
        for (size_t c = 0; c < t.n; c++) {
            i64 first = NONE, second = NONE, in_period = 0, was = NONE;
            for (size_t i = 0; i < t.cases[c].n && t.cases[c].events[i].at <= until; i++) {
                i64 day = walk_day(s, t.cases[c].events[i].at);
                if (day == was) continue;
                was = day;
                if (first == NONE)
                    first = day;
                else if (second == NONE)
                    second = day;
                in_period += (q->from_day == NONE || day >= q->from_day) &&
                             (q->to_day == NONE || day <= q->to_day);
            }
            if (unit == low) {
                buyers += in_period > 0;
                repeat += in_period > 1;
            }
            if (first == NONE || (q->from_day != NONE && first < q->from_day) ||
                (q->to_day != NONE && first > q->to_day))
                continue;
            if (q->by != BY_VALUE && unit_start(q->by, first) != unit) continue;
            i64 due = q->within_days != NONE ? first + q->within_days
                      : q->to_day != NONE    ? q->to_day
                                             : last;
            bool in = second != NONE && second <= due, seen = due <= last;
            fresh++;
            again += in;
            observed += seen;
            observed_again += seen && in;
            censored += !seen && !in;
            if (in) twin_put(a, &wait, second - first);
        }
        if (!fresh && q->by != BY_VALUE) continue;
        if (q->by != BY_VALUE) buf_str(&b, day_print(a, unit));
        buf_fmt(&b, " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64, fresh, again,
                observed, observed_again, censored);
        print_times(&b, twin_times(wait));
        buf_char(&b, '\n');
    }
    if (low > high && q->by == BY_VALUE) {
        buf_str(&b, S(" 0 0 0 0 0"));
        print_times(&b, twin_times((twin_list){0}));
        buf_char(&b, '\n');
    }
    buf_fmt(&b, "%" PRId64 " %" PRId64, buyers, repeat);
    return buf_view(&b);
}

static inline str print_repurchase(arena *a, const repurchase_answer *f) {
    buf b = {.a = a};
    for (size_t i = 0; i < f->rows_n; i++) {
        const repurchase_row *r = &f->rows[i];
        if (r->day != NONE) buf_str(&b, day_print(a, r->day));
        buf_fmt(&b, " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64, r->fresh, r->again,
                r->observed, r->observed_again, r->censored);
        print_times(&b, r->until_second);
        buf_char(&b, '\n');
    }
    buf_fmt(&b, "%" PRId64 " %" PRId64, f->buyers, f->repeat_buyers);
    return buf_view(&b);
}

/* ---- sessions and stages ---- */
static inline str twin_sessions(arena *a, const fake *f, const walk_scope *s, i64 gap) {
    twin t = twin_of(a, f, s, false);
    buf b = {.a = a};
    i64 single = 0;
    twin_list duration = {0}, events = {0}, per_case = {0};
    for (size_t c = 0; c < t.n; c++) {
        i64 n = 0;
        size_t first = 0;
        for (size_t i = 1; i <= t.cases[c].n; i++) {
            const twin_event *x = t.cases[c].events;
            if (i < t.cases[c].n && x[i].at - x[i - 1].at <= gap) continue;
            twin_put(a, &duration, x[i - 1].at - x[first].at);
            twin_put(a, &events, (i64)(i - first));
            single += i - first == 1;
            first = i;
            n++;
        }
        twin_put(a, &per_case, n);
    }
    buf_fmt(&b, "%zu %" PRId64, duration.n, single);
    print_times(&b, twin_times(duration));
    print_times(&b, twin_times(events));
    print_times(&b, twin_times(per_case));
    return buf_view(&b);
}

static inline str print_sessions(arena *a, const session_answer *f) {
    buf b = {.a = a};
    buf_fmt(&b, "%" PRId64 " %" PRId64, f->sessions, f->single);
    print_times(&b, f->duration);
    print_times(&b, f->events);
    print_times(&b, f->per_case);
    return buf_view(&b);
}

static inline str twin_stages(arena *a, const fake *f, const walk_scope *s,
                              const stage_question *q) {
    twin t = twin_of(a, f, s, false);
    buf b = {.a = a};
    i64 at = q->at == NONE ? t.newest : q->at, none = 0;
    i64 now[16] = {0}, dropped[16] = {0}, entries[16] = {0}, to[16][16] = {{0}};
    twin_list dwell[16] = {0}, dwell_now[16] = {0};
    for (size_t c = 0; c < t.n; c++) {
        size_t is = SIZE_MAX;
        i64 since = 0, last = NONE;
        for (size_t i = 0; i < t.cases[c].n && t.cases[c].events[i].at <= at; i++) {
            size_t k = 0;
            last = t.cases[c].events[i].at;
            while (k < q->stages_n && !twin_is(q->stages[k].is, &t.cases[c].events[i])) k++;
            if (k == q->stages_n || k == is) continue;
            if (is != SIZE_MAX) {
                twin_put(a, &dwell[is], last - since);
                to[is][k]++;
            }
            is = k;
            since = last;
            entries[k]++;
        }
        none += last != NONE && is == SIZE_MAX;
        if (is == SIZE_MAX) continue;
        now[is]++;
        dropped[is] += q->gap_ms != NONE && at - last > q->gap_ms;
        twin_put(a, &dwell_now[is], at - since);
    }
    for (size_t k = 0; k < q->stages_n; k++) {
        buf_fmt(&b, "%" PRId64 " %" PRId64 " %" PRId64, now[k], dropped[k], entries[k]);
        print_times(&b, twin_times(dwell[k]));
        print_times(&b, twin_times(dwell_now[k]));
        for (size_t j = 0; j < q->stages_n; j++) buf_fmt(&b, " %" PRId64, to[k][j]);
        buf_char(&b, '\n');
    }
    buf_fmt(&b, "%" PRId64, none);
    return buf_view(&b);
}

static inline str print_stages(arena *a, size_t n, const stage_answer *f) {
    buf b = {.a = a};
    for (size_t k = 0; k < n; k++) {
        const stage_row *r = &f->rows[k];
        buf_fmt(&b, "%" PRId64 " %" PRId64 " %" PRId64, r->now, r->dropped, r->entries);
        print_times(&b, r->dwell);
        print_times(&b, r->dwell_now);
        for (size_t j = 0; j < n; j++) buf_fmt(&b, " %" PRId64, r->to[j]);
        buf_char(&b, '\n');
    }
    buf_fmt(&b, "%" PRId64, f->none);
    return buf_view(&b);
}
#endif
