/* kind.h - the kinds of signals the company hears, and what people speak of in each. */
#ifndef MAIN_DEMO_KIND_H
#define MAIN_DEMO_KIND_H
#include "main/demo/phrase.h"
#include "main/demo/season.h"

typedef enum {
    KIND_VISIT,
    KIND_TEST_DRIVE,
    KIND_ORDER,
    KIND_DELIVERED,
    KIND_NPS_DELIVERY,
    KIND_NPS_RELATION,
    KIND_CARD,
    KIND_REVIEW,
    KIND_CALL,
    KIND_CHAT,
    KIND_EMAIL,
    KIND_APP_OPENED,
    KIND_APP_FEEDBACK,
    KIND_CHARGED,
    KIND_CHARGE_NOTE,
    KIND_WORKSHOP,
    KIND_CSAT_SERVICE,
    KIND_SOCIAL,
    KIND_COUNT
} kind_id;
typedef enum { SCORE_NONE, SCORE_NPS, SCORE_CSAT, SCORE_CSAT_CES, SCORE_RATING5 } score_kind;

/* Something people speak of: how often, and how often well. */
typedef struct {
    topic what;
    u32 weight, plus_permille;
} dish;
typedef struct {
    str channel, source, touchpoint, event;
    u32 mean_milli; /* a day, in a company of 33,000 signals a year; 0 = follows from others */
    week_shape week;
    season_shape season;
    u32 known_permille; /* customer known */
    u32 words_permille;
    u32 question_permille; /* only asks something */
    u32 short_permille;    /* a word or two */
    score_kind score;
    u32 score_permille; /* answered */
    i32 points_max;
    const dish *menu;
    u32 menu_n;
} kind;
extern const kind KINDS[KIND_COUNT];
#endif
