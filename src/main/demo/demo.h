/* demo.h - a simulated company, so that everything can be tried before the first own file.
**
** Yunmira (云弥拉, 雲彌拉) is invented: it makes electric cars and sells, delivers, charges and
** repairs them.  The generator is seeded, uses whole numbers only and reads no clock: the same options give
** the same bytes on every machine.  Sentences live in src/main/phrases, stories in story.c. */
#ifndef MAIN_DEMO_DEMO_H
#define MAIN_DEMO_DEMO_H
#include "model/signal.h"

typedef struct {
    u64 seed;      /* any; another seed is another year with other external ids */
    i64 start_day; /* days since 1970-01-01; NONE = 2025-08-01.  The last signals must not lie in
                   ** the future of the store's clock: start_day + days <= today */
    i32 days;      /* 30-3660; 0 = 365 */
    i64 scale;     /* signals to aim at, 100-20,000,000; 0 = 32,000; met within a tenth */
    bool plain;    /* the same company without the planted stories: what tests compare with */
} demo_options;

/* Gives every signal in order of occurred_at, sealed, with source and external_id; what it
** points to lives until take returns.  Running it twice gives the same ids.  Stops when take fails.
** INVALID with one sentence when an option is out of range.  take must not jump out of the run: it
** allocates in arenas of its own jobs, or in ones that cannot run out. */
typedef bool demo_take(void *ctx, const signal *s, err *e);
bool demo_run(arena *a, const demo_options *o, demo_take *take, void *ctx, err *e) MUST_USE;

/* Copies what was given to take, so that it lives as long as a; attrs are not: signal_unseal makes them. */
void demo_copy(arena *a, const signal *s, signal *out);

/* A planted story: what analyses must find. */
typedef struct {
    const char *name; /* late-wave */
    const char *title_cn, *title_tw, *title_en;
    const char *aspect_words; /* words of the aspect's family, blanks between; any of them */
    const char *aspects; /* ids of the shipped taxonomy it should be found under, any of them */
    int polarity;        /* -1 pain, 1 delight */
    const char *column, *value; /* where it shows: column = 'value' */
    i32 from_day, to_day;       /* first and last day of 365, counted from 0 */
    const char *rank;           /* what to expect of a ranking */
} demo_story;
extern const demo_story demo_stories[];
extern const size_t demo_stories_n;
/* First and last day (since 1970-01-01) of a story under these options. */
void demo_story_days(const demo_options *o, const demo_story *s, i64 *from_out, i64 *to_out);

/* The company's departments and rules, as data for the store. */
typedef struct {
    const char *name;
    const char *title_cn, *title_tw, *title_en;
} demo_department;
extern const demo_department demo_departments[];
extern const size_t demo_departments_n;

typedef struct {
    const char *name;
    const char *title_cn, *title_tw, *title_en;
    const char *condition; /* in the language of kern/expr.h */
    const char *action;    /* ticket or tag */
    const char *params;    /* JSON as the action wants it */
} demo_rule;
extern const demo_rule demo_rules[];
extern const size_t demo_rules_n;
#endif
