/* demo.c - the calendar of the simulated company: each day's happenings, in order.  See demo.h. */
#include "main/demo/demo.h"
#include "base/job.h"
#include "base/time.h"
#include "main/demo/render.h"
#include "main/demo/story.h"

enum {
    SCALE_USUAL = 32000,
    MEANS_YEAR = 33000,
    DAYS_USUAL = 365,
    AHEAD_MAX = 128,
    DAY_BYTES = 256 << 20
};

/* Something that will happen; what it looks like follows from its number. */
typedef struct plan plan;
struct plan {
    plan *next;
    i64 at; /* ms since the start of its day, there */
    u64 no;
    kind_id kind;
    int told;
    u32 customer; /* NOBODY = unknown */
    u32 city;
    u32 order_no;
    i32 late_days;
};
#define NOBODY UINT32_MAX

typedef struct {
    arena *a;
    demo_options o;
    const book *book;
    demo_take *take;
    void *ctx;
    chance c;
    plan *due[AHEAD_MAX]; /* by day, round and round */
    plan *spare;
    plan **list; /* room for the plans of one day */
    size_t list_cap;
    u32 *owners; /* customers who have their car */
    u32 owners_n, owners_cap;
    u32 customers_n, orders_n;
    u64 plans_n, sent_n;
    u64 run;   /* of the options: part of the external ids */
    i32 today; /* day of the run */
} town;

static u32 day365(const town *t, i32 day) {
    return (u32)((i64)day * DAYS_USUAL / t->o.days);
}

static plan *plan_add(town *t, i32 day, kind_id k, u32 who) {
    if (day >= t->o.days) return NULL;
    check(day >= t->today && day - t->today < AHEAD_MAX);
    plan *p = t->spare ? t->spare : NEW(t->a, plan);
    if (t->spare) t->spare = p->next;
    i64 minute =
        k == KIND_CHARGED || k == KIND_CHARGE_NOTE || k == KIND_APP_OPENED || k == KIND_SOCIAL
            ? chance_between(&t->c, 330, 1435)
            : (chance_between(&t->c, 500, 1290) + chance_between(&t->c, 520, 1270)) / 2;
    *p = (plan){t->due[day % AHEAD_MAX],
                minute * MINUTE_MS + chance_below(&t->c, 60000),
                t->plans_n++,
                k,
                -1,
                who,
                CITY_NONE,
                0,
                0};
    t->due[day % AHEAD_MAX] = p;
    return p;
}

static void owner_add(town *t, u32 no) {
    if (t->owners_n == t->owners_cap) {
        u32 cap = t->owners_cap ? t->owners_cap * 2 : 1024;
        u32 *more = NEW_N(t->a, u32, cap);
        if (t->owners_n) memcpy(more, t->owners, t->owners_n * sizeof *more);
        t->owners = more;
        t->owners_cap = cap;
    }
    t->owners[t->owners_n++] = no;
}

/* An owner of whom the story can be true; NOBODY when a few tries found none. */
static u32 owner_draw(town *t, int story) {
    for (int tries = 0; tries < 60 && t->owners_n; tries++) {
        u32 no = t->owners[chance_below(&t->c, t->owners_n)];
        if (story < 0 || story_city((story_id)story, person_of(t->o.seed, no).city)) return no;
    }
    return NOBODY;
}

static u32 customer_for(town *t, kind_id k, int story) {
    if (!chance_hit(&t->c, KINDS[k].known_permille)) return NOBODY;
    bool fresh = k == KIND_ORDER || k == KIND_VISIT || k == KIND_TEST_DRIVE ||
                 (k == KIND_CARD && chance_hit(&t->c, 700));
    if (!fresh || (story >= 0 && k != KIND_ORDER)) return owner_draw(t, story);
    while (story >= 0 && !story_city((story_id)story, person_of(t->o.seed, t->customers_n).city))
        t->customers_n++; /* numbers go to others who never came back */
    return t->customers_n++;
}

static u32 story_city_draw(town *t, int story) {
    u32 no = city_draw(&t->c);
    while (story >= 0 && !story_city((story_id)story, no)) no = city_draw(&t->c);
    return no;
}

static i64 mean_milli(const town *t, i64 usual) {
    return usual * t->o.scale * DAYS_USUAL / ((i64)MEANS_YEAR * t->o.days);
}

static void plan_some(town *t, kind_id k, i64 mean, int story) {
    for (u32 n = chance_count(&t->c, mean); n > 0; n--) {
        plan *p = plan_add(t, t->today, k, customer_for(t, k, story));
        p->told = story;
        p->city = story_city_draw(t, story);
    }
}

static bool charging_down(const town *t, u32 city_no) {
    return !t->o.plain && story_on(STORY_OUTAGE, day365(t, t->today)) &&
           story_city(STORY_OUTAGE, city_no);
}

static void plan_day(town *t) {
    u32 share = (u32)((i64)t->today * 1000 / t->o.days), day = day365(t, t->today);
    for (kind_id k = 0; k < KIND_COUNT; k++) {
        u32 season =
            season_permille(t->o.start_day + t->today, share, KINDS[k].week, KINDS[k].season);
        plan_some(t, k, mean_milli(t, KINDS[k].mean_milli) * season / 1000, -1);
    }
    if (t->o.plain) return;
    for (story_id s = 0; s < STORY_COUNT; s++)
        for (kind_id k = 0; k < KIND_COUNT; k++)
            plan_some(t, k, mean_milli(t, story_extra_milli(s, k, day)), (int)s);
}

/* ---- what follows from what happened ---- */

static i32 late_days(town *t, u32 city_no, i32 promised) {
    bool wave = !t->o.plain && promised < t->o.days && story_on(STORY_LATE, day365(t, promised));
    if (wave && city_no == CITY_LATE && chance_hit(&t->c, 800)) return chance_between(&t->c, 8, 24);
    return chance_hit(&t->c, 140) ? chance_between(&t->c, 1, 5) : 0;
}

static void after_order(town *t, plan *p) {
    p->order_no = ++t->orders_n;
    i32 promised = t->today + chance_between(&t->c, 16, 40);
    i32 late = late_days(t, person_of(t->o.seed, p->customer).city, promised);
    plan *d = plan_add(t, promised + late, KIND_DELIVERED, p->customer);
    if (!d) return;
    d->order_no = p->order_no;
    d->late_days = late;
}

static void after_delivery(town *t, const plan *p) {
    owner_add(t, p->customer);
    if (!chance_hit(&t->c, 780)) return;
    plan *s = plan_add(t, t->today + chance_between(&t->c, 2, 6), KIND_NPS_DELIVERY, p->customer);
    if (!s) return;
    s->order_no = p->order_no;
    s->late_days = p->late_days;
}

static void follow(town *t, plan *p) {
    if (p->kind == KIND_ORDER) after_order(t, p);
    if (p->kind == KIND_DELIVERED) after_delivery(t, p);
    if (p->kind == KIND_WORKSHOP && chance_hit(&t->c, 680) && p->customer != NOBODY)
        plan_add(t, t->today + chance_between(&t->c, 1, 3), KIND_CSAT_SERVICE, p->customer);
}

/* ---- one day ---- */

static int plan_order(const void *x, const void *y) {
    const plan *a = *(plan *const *)x, *b = *(plan *const *)y;
    if (a->at != b->at) return a->at < b->at ? -1 : 1;
    return a->no < b->no ? -1 : 1;
}

static scene scene_of(const town *t, const plan *p) {
    scene s = {
        .kind = p->kind, .day365 = day365(t, t->today), .in_run = !t->o.plain, .told = p->told};
    chance_seed(&s.c, chance_mix(t->o.seed ^ 0x59756e6d697261U, p->no));
    s.known = p->customer != NOBODY;
    s.who = person_of(t->o.seed, s.known ? p->customer : (u32)chance_next(&s.c) | 0x80000000U);
    if (!s.known) {
        s.who.city = p->city;
        s.who.speaks = tongue_of(p->city, &s.c);
        s.who.shop = chance_below(&s.c, CITIES[p->city].shops);
    }
    s.city = s.who.city;
    s.shop = p->told == STORY_STAR ? SHOP_STAR : s.who.shop;
    s.team = p->told == STORY_SCRIPT ? 2 : chance_below(&s.c, 100) < 32 ? 2 : chance_below(&s.c, 2);
    s.order_no = p->order_no;
    s.late_days = p->late_days;
    u32 into = s.day365 < 150 ? 0 : s.day365 - 149;
    s.new_app = into && (p->told == STORY_UPDATE || s.who.early_permille < MIN(60 * into, 930U));
    s.at = (t->o.start_day + t->today) * DAY_MS + p->at -
           8 * HOUR_MS; /* all its cities live by UTC+8 */
    return s;
}

static bool send(town *t, arena *a, signal *g, err *e) {
    err why;
    g->row.external_id =
        arena_fmt(a, "ym-%08x-%07llu", (u32)t->run, (unsigned long long)++t->sent_n);
    signal_seal(a, g);
    check(signal_check(g, g->row.occurred_at, &why));
    return t->take(t->ctx, g, e);
}

typedef struct {
    town *t;
    plan **list;
    size_t n;
} day;

/* Impatient people press twice: the same thing a moment later under another id. */
static bool tell_day(arena *a, void *ctx, err *e) {
    const day *d = ctx;
    for (size_t i = 0; i < d->n; i++) {
        scene s = scene_of(d->t, d->list[i]);
        signal g;
        render(a, d->t->book, &s, &g);
        bool twice = g.row.words.p && chance_hit(&s.c, 9);
        if (!send(d->t, a, &g, e)) return false;
        i64 gap = i + 1 < d->n ? d->list[i + 1]->at - d->list[i]->at : 1000;
        i64 pause = chance_between(&s.c, 900, 40000);
        g.row.occurred_at += MIN(gap, pause);
        if (twice && !send(d->t, a, &g, e)) return false;
    }
    return true;
}

static plan **list_for(town *t, size_t n) {
    if (n > t->list_cap) {
        t->list_cap = n * 2;
        t->list = NEW_N(t->a, plan *, t->list_cap);
    }
    return t->list;
}

static bool live_day(town *t, err *e) {
    plan_day(t);
    day d = {.t = t};
    plan **slot = &t->due[t->today % AHEAD_MAX];
    for (plan *p = *slot; p; p = p->next) d.n++;
    d.list = list_for(t, d.n);
    size_t i = 0;
    for (plan *p = *slot; p; p = p->next)
        if (p->kind != KIND_CHARGED ||
            !charging_down(t, p->customer == NOBODY ? p->city
                                                    : person_of(t->o.seed, p->customer).city))
            d.list[i++] = p;
    d.n = i;
    qsort(d.list, d.n, sizeof *d.list, plan_order);
    for (i = 0; i < d.n; i++) follow(t, d.list[i]);
    if (!job_run(DAY_BYTES, tell_day, &d, e)) return false;
    while (*slot) {
        plan *p = *slot;
        *slot = p->next;
        p->next = t->spare;
        t->spare = p;
    }
    return true;
}

static bool options_whole(demo_options *o, err *e) {
    if (o->days == 0) o->days = DAYS_USUAL;
    if (o->scale == 0) o->scale = SCALE_USUAL;
    if (o->start_day == NONE) o->start_day = day_of_ymd(2025, 8, 1);
    if (o->days < 30 || o->days > 3660)
        return fail(e, INVALID, "demo: days is %d, want 30 to 3660", o->days);
    if (o->scale < 100 || o->scale > 20000000)
        return fail(e, INVALID, "demo: %lld signals are out of range, want 100 to 20000000",
                    (long long)o->scale);
    if (o->start_day < day_of_ymd(1990, 1, 1) || o->start_day > day_of_ymd(2200, 1, 1))
        return fail(e, INVALID,
                    "demo: the start day is out of range, want 1990-01-01 to 2200-01-01");
    return true;
}

bool demo_run(arena *a, const demo_options *given, demo_take *take, void *ctx, err *e) {
    demo_options o = *given;
    if (!options_whole(&o, e)) return false;
    town *t = NEW(a, town);
    book *b;
    if (!phrasebook_open(a, &b, e)) return false;
    *t = (town){.a = a, .o = o, .book = b, .take = take, .ctx = ctx};
    chance_seed(&t->c, o.seed);
    t->run = chance_mix(chance_mix(o.seed, (u64)o.start_day),
                        chance_mix((u64)o.days * 2 + o.plain, (u64)o.scale));
    t->customers_n = (u32)(o.scale / 9) + 20; /* who owned a car before the story starts */
    for (u32 i = 0; i < t->customers_n; i++) owner_add(t, i);
    for (; t->today < o.days; t->today++)
        if (!live_day(t, e)) return false;
    return true;
}

void demo_copy(arena *a, const signal *s, signal *out) {
    *out = *s;
    for (size_t i = 0; i < noun_signal.fields_n; i++) {
        const field *f = &noun_signal.fields[i];
        if (field_is_text(f)) noun_set_text(f, &out->row, arena_str(a, noun_text(f, &s->row)));
    }
}
