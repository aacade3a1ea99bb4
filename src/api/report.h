/* report.h - the month on a few pages of paper: score with interval and trend, pains and delights in the
** customers' words, what changed, warnings, tickets, measures and their verdicts.
**
** Everything in it comes from the store and from the month: the same store and month give the same bytes.  Drawn
** with cairo and pango (decision: docs/decisions); a build without them says so. */
#ifndef API_REPORT_H
#define API_REPORT_H
#include "act/alerts.h"
#include "act/measures.h"
#include "understand/measure.h"
#include "understand/pains.h"
#include "understand/why.h"

enum {
    REPORT_MONTHS = 12,
    REPORT_PAINS = 5,
    REPORT_DELIGHTS = 3,
    REPORT_SCORES = 4,
    REPORT_ROWS = 8,
    REPORT_TEXT = 3
};

typedef struct {
    str month; /* 2026-03 */
    str lang;  /* zh-CN, zh-TW, en */
    i32 zone_min;
    const time_zone *zone; /* whose days; NULL = zone_min */
    const expr *sees;      /* what the reader may see; NULL = everything */
} report_wish;

typedef struct {
    str metric; /* nps, csat, ... */
    const char *unit;
    char definition[17];
    estimate now, before;
    double change, low, high; /* of the change, 95 %; NAN where one of the two is not shown */
} report_score;

typedef struct {
    pain p;
    str title;
    i64 before_n, before_base; /* of the month before */
    str quote, quote_channel;  /* without personal data; where it was said, NO_STR: nowhere */
    i64 quote_at;
} report_theme;

typedef struct {
    str name, title;
    i64 open, late;
} report_department;

typedef struct {
    str month, lang;
    i64 from, to; /* UTC ms */
    i64 voices, voices_before;
    report_score scores[REPORT_SCORES]; /* the first is the headline */
    size_t scores_n;
    estimate trend[REPORT_MONTHS];
    i32 trend_year[REPORT_MONTHS], trend_month[REPORT_MONTHS];
    report_theme pains[REPORT_PAINS], delights[REPORT_DELIGHTS];
    size_t pains_n, delights_n;
    bool explained; /* the headline has a reason that could be looked for */
    why_answer why;
    alert alerts[REPORT_ROWS];
    str alert_watch[REPORT_ROWS];
    size_t alerts_n;
    i64 tickets_opened, tickets_closed, tickets_open,
        tickets_late;                           /* open and late: as the month ended */
    report_department departments[REPORT_ROWS]; /* most open ones first */
    size_t departments_n;
    measure_row measures[REPORT_ROWS];
    size_t measures_n;
} report;

/* Counts the month; all results live in a.  INVALID when month is none. */
bool report_make(store *s, tally *t, arena *a, const report_wish *w, report *out, err *e) MUST_USE;
/* Draws it: the bytes of a PDF, in a.  NOT_FOUND with a sentence when no font has the signs of the language, or
** this build has no cairo. */
bool report_pdf(arena *a, const report *r, str *bytes_out, err *e) MUST_USE;
#endif
