/* proof.c - the company's measures: their verdicts are counted, not written. */
#include "main/demo/proof.h"
#include "act/measures.h"
#include "base/time.h"
#include "main/demo/story.h"

typedef struct {
    const char *name, *hypothesis, *pain, *lever, *department, *design, *outcome, *better, *unit;
    const char *population, *treated, *control, *signs_needed;
    i64 cost, margin, worth; /* num6; NONE = not told */
    int story;               /* begins with it; -1 = today */
    i32 from, days;          /* from: days after that begin */
    bool starts;
} plan;

static const plan plans[] = {
    {.name = "App 5.2 · 应用 5.2 · 應用程式 5.2",
     .hypothesis = "If navigation and the charging map are rebuilt, fewer app voices are negative. "
                   "重做导航和充电地图，负面声音会减少。",
     .pain = "channel = 'app' and aspect in ('app.usability', 'app.stability') and polarity = "
             "'negative'",
     .lever = "design",
     .department = "digital",
     .design = "series",
     .outcome = "share:sentiment = 'negative'",
     .better = "down",
     .population = "channel = 'app'",
     .cost = 40000 * NUM6_ONE,
     .margin = 900 * NUM6_ONE,
     .worth = NUM6_ONE / 20,
     .story = STORY_UPDATE,
     .days = 84,
     .starts = true},
    {.name = "Offers on the phone, team T3 · T3 组来电推荐 · T3 組來電推薦",
     .hypothesis = "If agents read an offer before they help, callers buy more and mind little. "
                   "先念优惠再办事，客户会多买，也不介意。",
     .lever = "advertising",
     .department = "service",
     .design = "panel",
     .outcome = "mean:score:csat",
     .better = "up",
     .unit = "agent",
     .population = "channel = 'call'",
     .treated = "team = 'T3'",
     .control = "team in ('T1', 'T2')",
     .cost = 5000 * NUM6_ONE,
     .margin = 20 * NUM6_ONE,
     .worth = 3 * NUM6_ONE / 10,
     .story = STORY_SCRIPT,
     .days = 60,
     .starts = true},
    {.name = "A call before they ask · 先打电话 · 先打電話",
     .hypothesis = "If we call those whose car is late before they ask, they recommend us more. "
                   "交车要晚时主动来电，推荐意愿会更高。",
     .pain = "aspect = 'delivery.speed' and polarity = 'negative'",
     .lever = "service",
     .department = "logistics",
     .design = "trial",
     .outcome = "nps",
     .better = "up",
     .unit = "customer",
     .population = "touchpoint = 'delivery'",
     .cost = 12000 * NUM6_ONE,
     .margin = NONE,
     .worth = 8 * NUM6_ONE,
     .story = -1,
     .from = -30,
     .days = 60,
     .starts = true},
    {.name = "A second charging partner · 第二家充电伙伴 · 第二家充電夥伴",
     .hypothesis = "If a second network takes over when the first fails, an outage hurts less. "
                   "有第二家充电网络兜底，停运的伤害会小得多。",
     .pain = "region = '华南' and aspect = 'battery.charging' and polarity = 'negative'",
     .lever = "portfolio",
     .department = "product",
     .design = "panel",
     .outcome = "share:sentiment = 'negative'",
     .better = "down",
     .unit = "city",
     .treated = "region = '华南'",
     .control = "region != '华南'",
     .signs_needed = "finance operations marketing",
     .cost = 90000 * NUM6_ONE,
     .margin = NONE,
     .worth = NUM6_ONE / 50,
     .story = -1,
     .from = 14,
     .days = 60},
};

static str text_or_none(const char *s) {
    return s ? str_of(s) : NO_STR;
}

static void fill(const plan *p, const demo_options *o, i64 now_ms, measure_row *m) {
    i64 from = day_of_ms(now_ms), to;
    noun_init(&noun_measure, m);
    if (p->story >= 0) demo_story_days(o, &demo_stories[p->story], &from, &to);
    from += p->from;
    m->name = str_of(p->name);
    m->hypothesis = str_of(p->hypothesis);
    m->pain = text_or_none(p->pain);
    m->lever = str_of(p->lever);
    m->department = str_of(p->department);
    m->design = str_of(p->design);
    m->outcome = str_of(p->outcome);
    m->better = str_of(p->better);
    m->unit = text_or_none(p->unit);
    m->population = text_or_none(p->population);
    m->treated = text_or_none(p->treated);
    m->control = text_or_none(p->control);
    m->signs_needed = text_or_none(p->signs_needed);
    m->cost = p->cost;
    m->margin = p->margin;
    m->worth = p->worth;
    m->starts_at = from * DAY_MS;
    m->ends_at = (from + p->days) * DAY_MS;
    m->state = S("draft");
}

static bool put(store *s, tally *t, arena *a, measure_row *m, bool starts, i64 now_ms, err *e) {
    evaluation x;
    if (!measure_check(m, e)) return false;
    if (starts && (!measure_start(NULL, a, m, m->starts_at, e) ||
                   (m->ends_at <= now_ms && !measure_judge(t, a, m, now_ms, &x, e))))
        return false;
    return store_put(s, &noun_measure, m, e);
}

bool demo_prove(store *s, tally *t, arena *a, const demo_options *o, i64 now_ms, err *e) {
    i64 n;
    if (!store_count(s, &noun_measure, &(store_query){0}, &n, e)) return false;
    for (size_t i = 0; n == 0 && i < COUNT(plans); i++) {
        measure_row m;
        if (o->plain && plans[i].story >= 0) continue;
        fill(&plans[i], o, now_ms, &m);
        if (!put(s, t, a, &m, plans[i].starts, now_ms, e)) return false;
    }
    return true;
}
