/* story.c - the planted stories: late wave, praised update, bad script, outage, fine shop. */
#include "main/demo/story.h"
#include "base/time.h"

const demo_story demo_stories[] = {
    [STORY_LATE] = {"late-wave", "成都交付延误潮", "成都交車延誤潮", "Late deliveries in Chengdu",
                    "交付 交车 提车 送车 物流 延期 delivery late delay handover",
                    "delivery.speed delivery.courier service.speed service.process", -1, "city",
                    "成都", 230, 257,
                    "first pain of the city in its weeks, among the first five of the year"},
    [STORY_UPDATE] = {"praised-update", "App 5.2 更新受好评", "App 5.2 更新獲好評",
                      "App update 5.2 is praised",
                      "更新 升级 导航 充电地图 App update navigation map app",
                      "app.usability app.stability battery.charging", 1, "app_version", "5.2", 150,
                      239,
                      "first delight of the app in its weeks, among the first five of the year"},
    [STORY_SCRIPT] =
        {"bad-script", "呼叫中心 T3 组推销话术", "客服中心 T3 組推銷話術",
         "A sales script read by call team T3",
         "客服 推销 话术 重复 复读机 agent script pitch repeat call",
         "service.attitude service.competence service.process brand.promotion", -1, "team", "T3",
         290, 364, "first pain of the call channel since it began; CSAT and CES of the team fall"},
    [STORY_OUTAGE] = {"charging-outage", "华南充电网络停运", "華南充電網路停運",
                      "Charging outage in the south",
                      "充电 充电站 充电桩 charging charger station offline",
                      "battery.charging place.facilities", -1, "region", "华南", 330, 334,
                      "first pain of the region in its five days"},
    [STORY_STAR] = {"star-shop", "杭州城西店服务出众", "杭州城西店服務出眾",
                    "The outstanding shop in Hangzhou",
                    "店员 门店 服务 态度 销售 顾问 staff shop service attitude",
                    "service.attitude service.competence feeling.care", 1, "shop", "杭州城西店", 0,
                    364, "first delight of that shop all year; the shop leads the shops"},
};
const size_t demo_stories_n = COUNT(demo_stories);

bool story_on(story_id s, u32 day365) {
    check(s < STORY_COUNT && day365 < 365);
    return (i32)day365 >= demo_stories[s].from_day && (i32)day365 <= demo_stories[s].to_day;
}

void demo_story_days(const demo_options *o, const demo_story *s, i64 *from_out, i64 *to_out) {
    i64 days = o->days ? o->days : 365;
    i64 start = o->start_day == NONE ? day_of_ymd(2025, 8, 1) : o->start_day;
    *from_out =
        start + (s->from_day * days + 364) / 365; /* first day whose place in the year is there */
    *to_out = start + ((s->to_day + 1) * days + 364) / 365 - 1;
}

u32 story_extra_milli(story_id s, kind_id k, u32 day) {
    static const u32 EXTRA[STORY_COUNT][KIND_COUNT] = {
        [STORY_LATE] = {[KIND_CALL] = 2600,
                        [KIND_CHAT] = 1900,
                        [KIND_EMAIL] = 1100,
                        [KIND_APP_FEEDBACK] = 1100,
                        [KIND_SOCIAL] = 1300,
                        [KIND_REVIEW] = 900},
        [STORY_UPDATE] = {[KIND_APP_FEEDBACK] = 3400,
                          [KIND_REVIEW] = 900,
                          [KIND_SOCIAL] = 900,
                          [KIND_CHAT] = 200},
        [STORY_SCRIPT] = {[KIND_CALL] = 900, [KIND_REVIEW] = 250, [KIND_EMAIL] = 350},
        [STORY_OUTAGE] = {[KIND_CALL] = 12000,
                          [KIND_CHAT] = 8000,
                          [KIND_APP_FEEDBACK] = 9000,
                          [KIND_CHARGE_NOTE] = 11000,
                          [KIND_SOCIAL] = 5000,
                          [KIND_EMAIL] = 2000},
        [STORY_STAR] = {[KIND_CARD] = 420, [KIND_REVIEW] = 110, [KIND_VISIT] = 350},
    };
    check(k < KIND_COUNT);
    if (s == STORY_LATE && k == KIND_ORDER)
        return day >= 208 && day <= 226 ? 2600 : 0; /* the sale that caused it */
    u32 base = story_on(s, day) ? EXTRA[s][k] : 0;
    i32 into = (i32)day - demo_stories[s].from_day;
    if (s == STORY_LATE && (into < 5 || into > 23)) return base / 2; /* it swells and ebbs */
    if (s == STORY_UPDATE && into > 45) return base / 2;             /* the news grows old */
    return base;
}

bool story_city(story_id s, u32 no) {
    check(no < CITIES_N);
    if (s == STORY_LATE) return no == CITY_LATE;
    if (s == STORY_STAR) return no == CITY_STAR;
    return s != STORY_OUTAGE || str_eq(CITIES[no].region, REGION_OUT);
}

static void say(draft *d, topic what, int polarity) {
    check(d->n < POINTS_MAX);
    d->points[d->n++] = (point){what, polarity};
}

static void late_points(scene *s, draft *d) {
    say(d, TOPIC_delivery, -1);
    if (s->late_days == 0) s->late_days = chance_between(&s->c, 7, 24);
    if (chance_hit(&s->c, 380)) say(d, TOPIC_delay_talk, -1);
    if (chance_hit(&s->c, 150)) say(d, TOPIC_shop, 1);
}

static void update_points(scene *s, draft *d) {
    say(d, TOPIC_update, 1);
    if (chance_hit(&s->c, 350)) say(d, TOPIC_nav, 1);
    if (chance_hit(&s->c, 90)) say(d, TOPIC_app_crash, -1);
}

static void script_points(scene *s, draft *d) {
    say(d, TOPIC_script, -1);
    if (chance_hit(&s->c, 300)) say(d, TOPIC_call_fix, -1);
    if (chance_hit(&s->c, 200)) say(d, TOPIC_call, -1);
}

static void outage_points(scene *s, draft *d) {
    say(d, TOPIC_outage, -1);
    if (chance_hit(&s->c, 220)) say(d, TOPIC_charge_find, -1);
    if (chance_hit(&s->c, 120)) say(d, TOPIC_nav, -1);
}

static void star_points(scene *s, draft *d) {
    say(d, TOPIC_star, 1);
    if (chance_hit(&s->c, 350)) say(d, TOPIC_drive, 1);
    if (chance_hit(&s->c, 120)) say(d, TOPIC_price, -1);
}

/* Which story touches this scene, beyond the voices a story itself raised; -1 = none. */
static int story_touch(scene *s) {
    bool star_shop = s->city == CITY_STAR && s->shop == SHOP_STAR;
    if (s->kind == KIND_NPS_DELIVERY && s->city == CITY_LATE && s->late_days >= 6)
        return STORY_LATE;
    if (s->kind == KIND_APP_FEEDBACK && s->new_app && chance_hit(&s->c, 160)) return STORY_UPDATE;
    if (s->kind == KIND_CALL && s->team == 2 && story_on(STORY_SCRIPT, s->day365) &&
        chance_hit(&s->c, 700))
        return STORY_SCRIPT;
    if (s->kind == KIND_CHARGE_NOTE && story_on(STORY_OUTAGE, s->day365) &&
        story_city(STORY_OUTAGE, s->city))
        return STORY_OUTAGE;
    if (star_shop &&
        (s->kind == KIND_CARD || (s->kind == KIND_NPS_DELIVERY && chance_hit(&s->c, 400))))
        return chance_hit(&s->c, 900) ? STORY_STAR : -1;
    return -1;
}

bool story_points(scene *s, draft *d) {
    int which = s->told >= 0 ? s->told : s->in_run ? story_touch(s) : -1;
    static void (*const TELL[])(scene *, draft *) = {[STORY_LATE] = late_points,
                                                     [STORY_UPDATE] = update_points,
                                                     [STORY_SCRIPT] = script_points,
                                                     [STORY_OUTAGE] = outage_points,
                                                     [STORY_STAR] = star_points};
    if (which < 0) return false;
    TELL[which](s, d);
    return true;
}

i32 story_bend(const scene *s, topic what) {
    if (!s->in_run) return 0;
    if (what == TOPIC_nav && s->new_app) return 330;
    if (what == TOPIC_shop && s->city == CITY_STAR && s->shop == SHOP_STAR) return 230;
    if (what == TOPIC_delivery && s->late_days >= 3) return -700;
    if (what == TOPIC_delivery && s->kind == KIND_NPS_DELIVERY && s->late_days == 0) return 300;
    if (what == TOPIC_call && s->kind == KIND_CALL && s->team == 2 &&
        story_on(STORY_SCRIPT, s->day365))
        return -350;
    return 0;
}
