/* drivers.h - what drives an outcome: shares of R2 with intervals and ranks, pain or delight, importance
** against performance.  From one pass over the signals; an association, never a proof.
**
** An outcome or a driver is written
**   COLUMN              a numeric column
**   COLUMN=VALUE        1 where it is so, 0 where it is not, missing where the column is
**   aspect:ID           -1, 0, 1: blamed, not judged, praised; beside it "aspect:ID?", spoken of or not
**   is:EXPR             any expression
** Codes for "not applicable" (na) are missing.  Signals with a gap in any of them are left out and
** counted. */
#ifndef UNDERSTAND_DRIVERS_H
#define UNDERSTAND_DRIVERS_H
#include "kern/ordered.h"
#include "understand/metric.h"

enum { DRIVERS_MAX = 60, DRIVERS_ROUNDS = 200, DRIVERS_ROUNDS_MAX = 2000, DRIVERS_AUTO = 20 };

typedef struct {
    str outcome;
    const str *names; /* NULL: the numeric columns that stand beside it; none: an empty list */
    size_t names_n;
    const str *given; /* known before: their part of the outcome is taken out first */
    size_t given_n;
    const str *na; /* "0": in every rating; "COLUMN=0" */
    size_t na_n;
    const expr *where;
    i32 zone_min;
    const time_zone *zone;
    i64 rounds; /* of the bootstrap; NONE = DRIVERS_ROUNDS */
    u64 seed;
    i64 most_ms;
} drivers_question;

typedef enum { MAP_FIX, MAP_KEEP, MAP_LOW, MAP_OVERKILL } drivers_quadrant;

typedef struct {
    str name;
    i64 missing, na; /* signals with the outcome, but not this; of these with an na code */
    double importance, low,
        high;         /* share of R2 explained by all, %; 0 and NANs when not significant */
    double raw;       /* the same before that: part of R2 */
    bool significant; /* alone or beside the others, Benjamini & Hochberg 5 % */
    double p;         /* adjusted */
    i64 rank, rank_low, rank_high; /* 95 % of the rounds */
    double rank_held, first;       /* % of the rounds: with this rank; as the strongest */
    double correlation, beta, slope, slope_low,
        slope_high; /* slope: outcome per unit; NAN: singular */
    double vif;
    double mean, bottom, top; /* of its values */
    double performance, performance_low,
        performance_high; /* 0-100; turned round where less is better */
    drivers_quadrant quadrant;
    bool borderline; /* an interval crosses a cut */
    double penalty, penalty_low, penalty_high, reward, reward_low, reward_high; /* NAN: no rating */
    double low_at_most, high_at_least;
    const char *kind; /* pain: low takes more than high gives; delight; NULL: neither is sure */
    double odds, odds_low,
        odds_high; /* of a higher answer, per standard deviation; NAN: no logit */
} driver;

typedef struct {
    str outcome;
    i64 n, incomplete; /* complete signals; with the outcome and a gap */
    i64 answers;       /* with the outcome */
    double mean, r2, r2_low, r2_high, given_r2;
    double condition; /* of the drivers' correlations: largest over smallest eigenvalue */
    bool exact;       /* LMG; else Johnson's relative weights */
    bool singular;
    double importance_cut, performance_cut;
    str logit; /* binary, ordered, or missing */
    i64 logit_n;
    i64 rounds;
    driver *list; /* strongest first */
    size_t n_list;
    struct drivers_notice {
        const char *code; /* zeros, separation, no_logit */
        str text;         /* a sentence */
    } * notices;
    size_t notices_n;
} drivers_answer;
bool drivers_find(tally *t, arena *a, const drivers_question *q, drivers_answer *out,
                  err *e) MUST_USE;
void drivers_print(json_out *j, const drivers_answer *d);
str drivers_quadrant_name(drivers_quadrant q); /* fix keep low overkill */
#endif
