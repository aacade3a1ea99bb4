/* render.c - attributes, scores, money and words of one signal.  See render.h. */
#include "main/demo/render.h"
#include "main/demo/story.h"
#include "main/demo/voice.h"

enum { ATTRS_MAX = 16 };

static void text(signal *g, str key, str v) {
    check(g->attrs_n < ATTRS_MAX);
    g->attrs[g->attrs_n++] = (attribute){key, v, NONE};
}

static void number(signal *g, str key, i64 whole) {
    check(g->attrs_n < ATTRS_MAX);
    g->attrs[g->attrs_n++] = (attribute){key, NO_STR, whole * NUM6_ONE};
}

static void scores(scene *s, signal *g, const draft *d) {
    const kind *k = &KINDS[s->kind];
    i32 mood = voice_mood(d);
    if (!chance_hit(&s->c, k->score_permille)) return;
    switch (k->score) {
    case SCORE_NONE:
        break;
    case SCORE_NPS:
        number(g, S("score:nps"), voice_score(s, mood, 7200, 2700, 0, 10));
        break;
    case SCORE_CSAT:
        number(g, S("score:csat"), voice_score(s, mood, 3350, 1550, 1, 5));
        break;
    case SCORE_CSAT_CES:
        number(g, S("score:csat"), voice_score(s, mood, 3350, 1550, 1, 5));
        if (chance_hit(&s->c, 700))
            number(g, S("score:ces"), voice_score(s, mood, 4300, 2100, 1, 7));
        break;
    case SCORE_RATING5:
        number(g, S("score:rating5"), voice_score(s, mood, 3300, 1650, 1, 5));
        break;
    }
}

static void place(arena *a, scene *s, signal *g) {
    bool at_shop = s->kind == KIND_VISIT || s->kind == KIND_TEST_DRIVE || s->kind == KIND_CARD ||
                   s->kind == KIND_ORDER || s->kind == KIND_DELIVERED ||
                   s->kind == KIND_NPS_DELIVERY;
    bool story = s->told >= 0;
    if (!story && chance_hit(&s->c, s->kind == KIND_SOCIAL ? 450 : 35))
        return; /* nobody wrote down where */
    text(g, S("city"), CITIES[s->city].name);
    text(g, S("region"), CITIES[s->city].region);
    if (at_shop ||
        (s->told >= 0 && s->city == CITY_STAR && s->shop == SHOP_STAR && s->kind == KIND_REVIEW))
        text(g, S("shop"), shop_name(a, s->city, s->shop));
}

static void desk(arena *a, scene *s, signal *g) {
    if (s->kind != KIND_CALL && s->kind != KIND_CHAT) return;
    if (s->kind == KIND_CALL) text(g, S("team"), arena_fmt(a, "T%u", s->team + 1));
    if (!chance_hit(&s->c, 970)) return;
    text(g, S("agent"),
         s->kind == KIND_CALL ? arena_fmt(a, "T%u-%02u", s->team + 1, chance_below(&s->c, 12) + 1)
                              : arena_fmt(a, "C-%02u", chance_below(&s->c, 18) + 1));
}

static void software(scene *s, signal *g) {
    bool app = s->kind == KIND_APP_OPENED || s->kind == KIND_APP_FEEDBACK;
    if (!app && !(s->told == STORY_UPDATE && s->kind == KIND_REVIEW)) return;
    text(g, S("app_version"),
         s->new_app                                    ? S("5.2")
         : s->day365 + s->who.early_permille / 25 > 75 ? S("5.1")
                                                       : S("5.0"));
    text(g, S("os"), s->who.no % 5 < 2 ? S("ios") : S("android"));
}

static void journey(scene *s, signal *g, str order) {
    bool delivery = s->kind == KIND_DELIVERED || s->kind == KIND_NPS_DELIVERY;
    if (order.n) text(g, S("order_id"), order);
    if (delivery) number(g, S("delay_days"), s->late_days);
    if (s->known && chance_hit(&s->c, 720))
        text(g, S("membership"), membership_name(s->who.membership));
    if (s->kind == KIND_REVIEW) {
        static const str SITES[] = {TEXT("car-forum"), TEXT("map"), TEXT("shop-page"),
                                    TEXT("app-store")};
        text(g, S("platform"), SITES[chance_below(&s->c, 4)]);
    }
}

static num6 in_currency(num6 cny, str currency) {
    if (str_eq(currency, S("TWD"))) return cny * 44 / 10 / NUM6_ONE * NUM6_ONE;
    return str_eq(currency, S("HKD")) ? cny * 11 / 10 / NUM6_ONE * NUM6_ONE : cny;
}

static void money(arena *a, scene *s, signal *g) {
    chance *c = &s->c;
    num6 cny = NONE;
    if (s->kind == KIND_ORDER) {
        cny = (MODELS[s->who.model].price_cny + 2000 * (i64)chance_below(c, 12)) * NUM6_ONE;
    } else if (s->kind == KIND_CHARGED) {
        i64 kwh = chance_between(c, 8, 58);
        number(g, S("kwh"), kwh);
        number(g, S("minutes"), kwh * chance_between(c, 7, 16) / 10 + 4);
        cny = kwh * chance_between(c, 85, 165) * NUM6_ONE / 100;
    } else if (s->kind == KIND_WORKSHOP) {
        static const str JOBS[] = {TEXT("maintenance"), TEXT("repair"), TEXT("tyres"),
                                   TEXT("recall"), TEXT("body")};
        text(g, S("job"), JOBS[chance_below(c, 5)]);
        cny = chance_hit(c, 250) ? 0 : (i64)chance_between(c, 18, 260) * 10 * NUM6_ONE;
    }
    if (s->kind == KIND_CHARGED || s->kind == KIND_CHARGE_NOTE)
        text(g, S("station"), arena_fmt(a, "ST-%02u%02u", s->city, chance_below(c, 14) + 1));
    if (cny == NONE) return;
    g->row.currency = CITIES[s->city].currency;
    g->row.amount = in_currency(cny, g->row.currency);
}

static void speak(arena *a, const book *b, scene *s, signal *g, str order) {
    const kind *k = &KINDS[s->kind];
    bool open_door = s->kind == KIND_REVIEW || s->kind == KIND_SOCIAL || s->kind == KIND_EMAIL;
    if (s->told < 0 && open_door && chance_hit(&s->c, 28)) {
        g->row.words = voice_spam(a, b, s);
        return;
    }
    draft d = voice_draft(s);
    scores(s, g, &d);
    /* Who gave no score said something: else there would be nothing to hear. */
    if (s->told >= 0 || g->attrs_n == 0 || !str_starts(g->attrs[g->attrs_n - 1].key, S("score:")) ||
        chance_hit(&s->c, k->words_permille))
        g->row.words = voice_words(a, b, s, &d, order);
}

void render(arena *a, const book *b, scene *s, signal *g) {
    const kind *k = &KINDS[s->kind];
    signal_init(g);
    g->attrs = NEW_N(a, attribute, ATTRS_MAX);
    str order = s->order_no ? arena_fmt(a, "YM%08u", s->order_no) : NO_STR;
    g->row.source = k->source;
    g->row.channel = k->channel;
    g->row.touchpoint = k->touchpoint;
    g->row.occurred_at = s->at;
    if (k->event.n) g->row.event = k->event;
    if (!chance_hit(&s->c, 40)) g->row.product = MODELS[s->who.model].name;
    if (s->known) g->row.customer = arena_fmt(a, "member:%u", 100000 + s->who.no);
    if (k->menu_n) speak(a, b, s, g, order);
    money(a, s, g);
    place(a, s, g);
    desk(a, s, g);
    software(s, g);
    journey(s, g, order);
}
