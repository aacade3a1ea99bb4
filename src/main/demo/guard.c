/* guard.c - the company's watches: what they find is found, not written. */
#include "main/demo/guard.h"
#include "act/alerts.h"
#include "base/time.h"
#include "main/demo/story.h"

static const struct {
    const char *name, *what, *population, *chart, *side, *topic, *department, *severity;
    i64 arl;
} watches[] = {
    {.name = "Charging fails · 充电故障 · 充電故障",
     .what = "volume",
     .population = "aspect = 'battery.charging' and polarity = 'negative'",
     .chart = "burst",
     .side = "up",
     .topic = "charging",
     .department = "product",
     .severity = "critical",
     .arl = 1000},
    {.name = "Contacts from the south · 华南来电与会话 · 華南來電與對話",
     .what = "volume",
     .population = "region = '华南' and channel in ('call', 'chat')",
     .chart = "shewhart",
     .side = "up",
     .topic = "charging",
     .department = "service",
     .severity = "warning",
     .arl = 1000},
    {.name = "Cars come late · 交车延误 · 交車延誤",
     .what = "volume",
     .population = "aspect = 'delivery.speed' and polarity = 'negative'",
     .chart = "cusum",
     .side = "up",
     .department = "logistics",
     .severity = "warning",
     .arl = 1000},
    {.name = "Recommendation · 推荐意愿 · 推薦意願",
     .what = "nps",
     .chart = "ewma",
     .side = "down",
     .department = "service",
     .severity = "info",
     .arl = 1000},
};

static void fill(size_t i, i64 since, watch *w) {
    watch_blank(w);
    w->name = str_of(watches[i].name);
    w->what = str_of(watches[i].what);
    w->population = watches[i].population ? str_of(watches[i].population) : NO_STR;
    w->chart = str_of(watches[i].chart);
    w->side = str_of(watches[i].side);
    w->topic = watches[i].topic ? str_of(watches[i].topic) : NO_STR;
    w->department = str_of(watches[i].department);
    w->severity = str_of(watches[i].severity);
    w->arl = watches[i].arl;
    w->quiet = S("22:00-08:00");
    w->escalate = S("12h");
    w->since = since;
    watch_usual(w, since);
}

/* An alert whose days are those of a planted story was right; what the rest were, people have not said. */
static bool judge(store *s, arena *a, const demo_options *o, const alert *x, err *e) {
    alert out;
    for (size_t i = 0; i < demo_stories_n && !o->plain; i++) {
        i64 from, to;
        demo_story_days(o, &demo_stories[i], &from, &to);
        bool inside = day_of_ms(x->period_at) >= from && day_of_ms(x->period_at) <= to + 1;
        if (!inside || (i != STORY_OUTAGE && i != STORY_LATE)) continue;
        str note = arena_fmt(a, "%s · %s · %s", demo_stories[i].title_en, demo_stories[i].title_cn,
                             demo_stories[i].title_tw);
        return alert_acknowledge(s, a, x->id, x->department, x->found_at + 2 * HOUR_MS, &out, e) &&
               alert_judge(s, a, x->id, true, note, &out, e);
    }
    return true;
}

bool demo_guard(store *s, tally *t, arena *a, const demo_options *o, i64 now_ms, err *e) {
    i64 n, half = now_ms - (o->days ? o->days : 365) * DAY_MS / 2;
    watch_round r = {0};
    void *recs;
    size_t alerts;
    if (!store_count(s, &noun_watch, &(store_query){0}, &n, e)) return false;
    if (n) return true;
    for (size_t i = 0; i < COUNT(watches); i++) {
        watch w;
        fill(i, half, &w);
        if (!watch_check(&w, e) || !store_put(s, &noun_watch, &w, e)) return false;
    }
    if (!watches_run(s, t, now_ms, false, &r, e) ||
        !store_list(s, a, &noun_alert, &(store_query){0}, &recs, &alerts, e))
        return false;
    for (size_t i = 0; i < alerts; i++)
        if (!judge(s, a, o, (alert *)recs + i, e)) return false;
    return true;
}
