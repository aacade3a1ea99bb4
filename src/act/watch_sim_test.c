/* watch_sim_test.c - simulated years of days: do watches run as long as they say until a false alarm, find a
** planted change as soon as they say, and tell an incident once?  $WATCH_YEARS of each kind (make
** sim-warnings: 200), learned from half a year that nobody tells them anything about. */
#include "act/watch.h"
#include "base/test.h"
#include "base/time.h"
#include "kern/chance.h"

enum {
    LEARN = 182,
    YEAR = 365,
    ARL = 50,
    /* of incidents: */ ARL_USUAL = 1000,
    PLANTED_AT = 120,
    OUTAGE_DAYS = 6
};

static i64 years(void) {
    const char *s = getenv("WATCH_YEARS");
    i64 n;
    return s && str_int(str_of(s), &n) && n > 0 ? n : 12;
}

/* ---- companies: a figure that depends on nothing but chance, the day of the week and a change ---- */

static double poisson(chance *r, double mean) {
    double at = chance_uniform(r), term = exp(-mean), n = 0;
    for (; at > term && n < 1e5; n++) at -= term, term *= mean / (n + 1);
    return n;
}
static double weekly(i64 day) {
    static const double rhythm[] = {1, 1.1, 1, 0.9, 1.2, 0.6, 0.5};
    return rhythm[day % 7];
}

typedef struct {
    const char *name, *what, *chart, *side;
    sample_point (*day)(chance *r, i64 day, double shift); /* shift in sigmas of a usual day */
    double factor; /* by which an outage multiplies the figure, or what it adds to it */
    sample_point (*outage)(chance *r, i64 day);
} company;

static sample_point of_place(chance *r, i64 day) {
    return (sample_point){.place = (size_t)day % 7, .draw = chance_uniform(r), .value = NAN};
}
static sample_point volume(chance *r, i64 day, double shift) {
    sample_point x = of_place(r, day);
    double mean = 60 * weekly(day), root = sqrt(mean) + shift / 2;
    x.yes = x.all = poisson(r, root * root);
    return x;
}
static sample_point volume_outage(chance *r, i64 day) {
    sample_point x = of_place(r, day);
    x.yes = x.all = poisson(r, 240 * weekly(day));
    return x;
}
static sample_point rough(chance *r, i64 day, double shift) {
    sample_point x = of_place(r, day);
    double mean = 60 * weekly(day) * chance_gamma(r, 25) / 25,
           sigma = sqrt(1 + 60.0 / 25 * weekly(day));
    double root = fmax(0, sqrt(mean) + shift * sigma / 2);
    x.yes = x.all = poisson(r, root * root);
    return x;
}
static sample_point share_of(chance *r, i64 day, double p) {
    sample_point x = of_place(r, day);
    x.all = 50 + floor(50 * weekly(day));
    for (int i = 0; i < (int)x.all; i++) x.yes += chance_uniform(r) < p;
    return x;
}
static sample_point share(chance *r, i64 day, double shift) {
    double n = 50 + floor(50 * weekly(day)), at = asin(sqrt(0.15)) + shift / (2 * sqrt(n));
    return share_of(r, day, sin(at) * sin(at));
}
static sample_point share_outage(chance *r, i64 day) {
    return share_of(r, day, 0.5);
}
static sample_point score(chance *r, i64 day, double shift) {
    sample_point x = of_place(r, day);
    x.n = 40 + floor(40 * weekly(day));
    x.value = 30 + 5 * weekly(day) + 80 / sqrt(x.n) * (chance_normal(r) + shift);
    return x;
}
static sample_point score_outage(chance *r, i64 day) {
    return score(r, day, -6);
}

static const company companies[] = {
    {"volume, p/XmR", "volume", "shewhart", "both", volume, 0, volume_outage},
    {"volume, CUSUM", "volume", "cusum", "both", volume, 0, volume_outage},
    {"volume, burst", "volume", "burst", "up", volume, 0, volume_outage},
    {"rough volume, EWMA", "volume", "ewma", "both", rough, 0, volume_outage},
    {"share, p chart", "share:x = 1", "shewhart", "both", share, 0, share_outage},
    {"share, EWMA", "share:x = 1", "ewma", "both", share, 0, share_outage},
    {"NPS, XmR", "mean:x", "shewhart", "both", score, 0, score_outage},
    {"NPS, EWMA", "mean:x", "ewma", "both", score, 0, score_outage},
    {"NPS, CUSUM", "mean:x", "cusum", "both", score, 0, score_outage},
};

/* ---- one year ---- */

typedef struct {
    watch w;
    watch_plan p;
    arena *a;
} setting;

static setting setting_of(const company *c, arena *a, i64 arl) {
    setting s = {.a = a};
    watch_blank(&s.w);
    s.w.name = S("simulated");
    s.w.what = str_of(c->what);
    s.w.chart = str_of(c->chart);
    s.w.side = str_of(c->side);
    s.w.arl = arl;
    watch_usual(&s.w, 0);
    s.p.w = &s.w;
    return s;
}

static keeper begin(setting *s, const company *c, chance *r) {
    err e;
    keeper k;
    sample_point x[LEARN];
    s->p.w = &s->w;
    assert_ok(watch_read(s->a, &s->w, &s->p, &e));
    for (i64 day = 0; day < LEARN; day++) x[day] = c->day(r, day, 0);
    assert_ok(keeper_learn(s->a, &s->p, 0, LEARN * DAY_MS, x, LEARN, &k, &e));
    return k;
}

/* After a false alarm the chart begins afresh: the run until the next is counted from there. */
static void afresh(keeper *k) {
    keeper_dismiss(k);
}

typedef struct {
    double days, alarms;         /* nothing changed */
    double delay, stated, found; /* a change of two sigmas */
    double incidents, told;
} tally_of;

static void quiet_year(setting *s, const company *c, chance *r, tally_of *t) {
    keeper k = begin(s, c, r);
    for (i64 day = LEARN; day < LEARN + YEAR; day++) {
        t->days++;
        if (keeper_take(&k, &s->p, c->day(r, day, 0), NULL) != KEEP_FOUND) continue;
        t->alarms++;
        afresh(&k);
    }
}

/* From a day on the mean is two sigmas away; years with a false alarm just before are begun again. */
static void changed_year(setting *s, const company *c, chance *r, tally_of *t) {
    double sign = str_eq(s->w.side, S("up")) ? 2 : -2;
    for (int turn = 0; turn < 50; turn++) {
        keeper k = begin(s, c, r);
        bool early = false;
        i64 day = LEARN;
        for (; day < LEARN + PLANTED_AT; day++) {
            if (keeper_take(&k, &s->p, c->day(r, day, 0), NULL) != KEEP_FOUND) continue;
            early = day >= LEARN + PLANTED_AT - 20;
            afresh(&k);
        }
        if (early) continue;
        t->stated += chart_delay(s->a, &k.chart, sign);
        for (i64 n = 1; n < 200; n++, day++) {
            if (keeper_take(&k, &s->p, c->day(r, day, sign), NULL) != KEEP_FOUND) continue;
            t->delay += (double)n;
            t->found++;
            return;
        }
    }
    fail_msg("%s: no change was found", c->name);
}

/* An outage of some days, looked at day by day; what comes back within the cool-down is the same. */
static void outage_year(setting *s, const company *c, chance *r, tally_of *t) {
    keeper k = begin(s, c, r);
    i64 over = -100, told = 0, day = LEARN, cooldown = s->p.cooldown_ms / DAY_MS;
    for (i64 n = 0; n < OUTAGE_DAYS + 8; n++, day++) {
        sample_point x = n < OUTAGE_DAYS ? c->outage(r, day) : c->day(r, day, 0);
        keep_news news = keeper_take(&k, &s->p, x, NULL);
        if (news == KEEP_FOUND && day - over > cooldown) told++;
        if (news == KEEP_OVER) over = day;
    }
    t->incidents++;
    t->told += (double)told;
}

static void watches_keep_what_they_promise(void **state) {
    (void)state;
    i64 n = years();
    printf("%-20s %10s %10s %7s   %8s %8s %7s   %s\n", "", "ARL", "measured", "ratio", "delay",
           "measured", "ratio", "alerts/incident");
    for (size_t i = 0; i < COUNT(companies); i++) {
        const company *c = &companies[i];
        chance r = chance_of(1000 + i);
        tally_of t = {0};
        for (i64 year = 0; year < n; year++) {
            arena *a = arena_open((size_t)256 << 20);
            setting s = setting_of(c, a, ARL), usual = setting_of(c, a, ARL_USUAL);
            quiet_year(&s, c, &r, &t);
            changed_year(&s, c, &r, &t);
            outage_year(&usual, c, &r, &t);
            arena_close(a);
        }
        double run = t.days / t.alarms, delay = t.delay / t.found, stated = t.stated / t.found;
        printf("%-20s %10d %10.1f %7.3f   %8.2f %8.2f %7.3f   %.3f\n", c->name, ARL, run, run / ARL,
               stated, delay, delay / stated, t.told / t.incidents);
        fflush(stdout);
        /* a tenth, and what chance does to so few alarms (three standard errors) */
        assert_near(run / ARL, 1, n >= 200 ? 0.1 : 0.1 + 3 / sqrt(t.alarms));
        assert_near(delay / stated, 1, n >= 200 ? 0.15 : 0.15 + 3 / sqrt(t.found));
        assert_near(t.told / t.incidents, 1, n >= 200 ? 0.05 : 0.2);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(watches_keep_what_they_promise)};
    return RUN_TESTS(tests);
}
