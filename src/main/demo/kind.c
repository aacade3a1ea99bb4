/* kind.c - channels of the simulated company: rhythm, scores and what is spoken of.  See kind.h. */
#include "main/demo/kind.h"

#define D(name, weight, plus)                                                                      \
    { TOPIC_##name, weight, plus }
static const dish AFTER_DELIVERY[] = {
    D(delivery, 26, 660), D(delay_talk, 10, 560), D(handover, 20, 760), D(shop, 16, 700),
    D(order, 7, 620),     D(design, 6, 850),      D(build, 5, 640),     D(app, 4, 600),
    D(price, 5, 560),     D(brand, 6, 760)};
static const dish OWNING[] = {D(range, 13, 560),
                              D(comfort, 10, 690),
                              D(noise, 7, 600),
                              D(build, 6, 600),
                              D(design, 5, 760),
                              D(power, 7, 700),
                              D(voice, 8, 480),
                              D(app, 8, 590),
                              D(nav, 6, 520),
                              D(charge_find, 9, 520),
                              D(charge_speed, 6, 660),
                              D(price, 7, 520),
                              D(workshop_staff, 5, 660),
                              D(workshop_speed, 4, 560),
                              D(brand, 10, 700)};
static const dish VOICES[] = {
    D(range, 10, 520),     D(comfort, 8, 640),      D(noise, 6, 560),       D(build, 6, 560),
    D(design, 8, 740),     D(power, 6, 690),        D(voice, 6, 460),       D(price, 10, 470),
    D(shop, 8, 620),       D(delivery, 7, 540),     D(charge_find, 8, 480), D(charge_price, 4, 520),
    D(update_old, 4, 540), D(workshop_fix, 4, 470), D(brand, 8, 640)};
static const dish CALLS[] = {D(call, 24, 720),
                             D(call_wait, 10, 420),
                             D(call_fix, 17, 650),
                             D(order, 10, 400),
                             D(delay_talk, 5, 400),
                             D(charge_find, 7, 330),
                             D(workshop_speed, 6, 410),
                             D(workshop_price, 4, 360),
                             D(app, 6, 340),
                             D(delivery, 6, 380),
                             D(safety, 1, 0)};
static const dish CHATS[] = {
    D(chat, 28, 600),      D(call_fix, 8, 540),       D(order, 14, 500),
    D(app, 12, 440),       D(app_crash, 5, 200),      D(charge_price, 6, 430),
    D(update_old, 6, 430), D(workshop_speed, 7, 480), D(delivery, 6, 440)};
static const dish LETTERS[] = {
    D(order, 16, 420),         D(delivery, 11, 430),   D(workshop_fix, 12, 420),
    D(workshop_price, 8, 380), D(price, 9, 370),       D(build, 8, 400),
    D(call, 8, 470),           D(charge_find, 7, 400), D(shop, 8, 560),
    D(workshop_staff, 6, 560), D(safety, 1, 0),        D(update_old, 5, 420)};
static const dish APP_TALK[] = {D(app, 34, 570),        D(app_crash, 9, 220),
                                D(nav, 24, 430),        D(update_old, 10, 480),
                                D(charge_find, 8, 500), D(charge_price, 6, 500)};
static const dish CHARGING[] = {D(charge_find, 34, 570),  D(charge_speed, 24, 660),
                                D(charge_price, 18, 530), D(charge_place, 20, 590),
                                D(nav, 4, 430),           D(safety, 1, 0)};
static const dish WORKSHOP[] = {D(workshop_speed, 28, 600), D(workshop_price, 18, 520),
                                D(workshop_staff, 28, 740), D(workshop_fix, 22, 640),
                                D(app, 4, 500)};
static const dish AT_SHOP[] = {D(shop, 46, 680), D(shop_place, 18, 680), D(drive, 22, 760),
                               D(price, 8, 480), D(design, 6, 760)};

#define MENU(m) m, COUNT(m)
const kind KINDS[KIND_COUNT] = {
    [KIND_VISIT] = {TEXT("store"), TEXT("shop-counter"), TEXT("discover"), TEXT("shop_visited"),
                    4200, WEEK_LEISURE, MOOD_BUYING, 550, 0, 0, 0, SCORE_NONE, 0, 0, NULL, 0},
    [KIND_TEST_DRIVE] = {TEXT("store"), TEXT("shop-counter"), TEXT("test_drive"),
                         TEXT("test_drive_done"), 2400, WEEK_LEISURE, MOOD_BUYING, 820, 0, 0, 0,
                         SCORE_NONE, 0, 0, NULL, 0},
    [KIND_ORDER] = {TEXT("order"), TEXT("orders"), TEXT("order"), TEXT("order_placed"), 4800,
                    WEEK_LEISURE, MOOD_BUYING, 1000, 0, 0, 0, SCORE_NONE, 0, 0, NULL, 0},
    [KIND_DELIVERED] = {TEXT("delivery"), TEXT("delivery-desk"), TEXT("delivery"),
                        TEXT("car_delivered"), 0, WEEK_FLAT, MOOD_ANY, 1000, 0, 0, 0, SCORE_NONE, 0,
                        0, NULL, 0},
    [KIND_NPS_DELIVERY] = {TEXT("survey"), TEXT("survey-desk"), TEXT("delivery"), TEXT(""), 0,
                           WEEK_FLAT, MOOD_ANY, 1000, 720, 0, 150, SCORE_NPS, 990, 3,
                           MENU(AFTER_DELIVERY)},
    [KIND_NPS_RELATION] = {TEXT("survey"), TEXT("survey-desk"), TEXT("ownership"), TEXT(""), 4600,
                           WEEK_FLAT, MOOD_ANY, 1000, 640, 0, 160, SCORE_NPS, 985, 4, MENU(OWNING)},
    [KIND_CARD] = {TEXT("store"), TEXT("shop-card"), TEXT("test_drive"), TEXT(""), 3600,
                   WEEK_LEISURE, MOOD_BUYING, 600, 900, 0, 120, SCORE_CSAT, 930, 2, MENU(AT_SHOP)},
    [KIND_REVIEW] = {TEXT("review"), TEXT("review-sites"), TEXT("ownership"), TEXT(""), 3400,
                     WEEK_FLAT, MOOD_ANY, 380, 960, 0, 80, SCORE_RATING5, 975, 5, MENU(VOICES)},
    [KIND_CALL] = {TEXT("call"), TEXT("call-centre"), TEXT("support"), TEXT(""), 8200, WEEK_OFFICE,
                   MOOD_ANY, 930, 900, 170, 0, SCORE_CSAT_CES, 610, 3, MENU(CALLS)},
    [KIND_CHAT] = {TEXT("chat"), TEXT("chat-desk"), TEXT("support"), TEXT(""), 6000, WEEK_OFFICE,
                   MOOD_ANY, 900, 970, 300, 20, SCORE_CSAT_CES, 380, 2, MENU(CHATS)},
    [KIND_EMAIL] = {TEXT("email"), TEXT("mailbox"), TEXT("support"), TEXT(""), 2300, WEEK_OFFICE,
                    MOOD_ANY, 960, 1000, 60, 0, SCORE_NONE, 0, 4, MENU(LETTERS)},
    [KIND_APP_OPENED] = {TEXT("app"), TEXT("app"), TEXT("app"), TEXT("app_opened"), 7000, WEEK_FLAT,
                         MOOD_ANY, 1000, 0, 0, 0, SCORE_NONE, 0, 0, NULL, 0},
    [KIND_APP_FEEDBACK] = {TEXT("app"), TEXT("app"), TEXT("app"), TEXT(""), 5200, WEEK_FLAT,
                           MOOD_ANY, 940, 970, 30, 120, SCORE_RATING5, 720, 2, MENU(APP_TALK)},
    [KIND_CHARGED] = {TEXT("charging"), TEXT("charging-net"), TEXT("charging"), TEXT("charged"),
                      14000, WEEK_FLAT, MOOD_TRAVEL, 970, 0, 0, 0, SCORE_NONE, 0, 0, NULL, 0},
    [KIND_CHARGE_NOTE] = {TEXT("charging"), TEXT("charging-net"), TEXT("charging"), TEXT(""), 3800,
                          WEEK_FLAT, MOOD_TRAVEL, 900, 930, 0, 130, SCORE_RATING5, 860, 2,
                          MENU(CHARGING)},
    [KIND_WORKSHOP] = {TEXT("workshop"), TEXT("workshop"), TEXT("service"), TEXT("service_done"),
                       3600, WEEK_OFFICE, MOOD_ANY, 1000, 0, 0, 0, SCORE_NONE, 0, 0, NULL, 0},
    [KIND_CSAT_SERVICE] = {TEXT("survey"), TEXT("survey-desk"), TEXT("service"), TEXT(""), 0,
                           WEEK_FLAT, MOOD_ANY, 1000, 700, 0, 150, SCORE_CSAT, 990, 3,
                           MENU(WORKSHOP)},
    [KIND_SOCIAL] = {TEXT("social"), TEXT("social-listening"), TEXT("discover"), TEXT(""), 3800,
                     WEEK_LEISURE, MOOD_ANY, 60, 1000, 0, 30, SCORE_NONE, 0, 3, MENU(VOICES)},
};
