/* registry.h - metrics by name: what a figure means, said once, kept in versions.
**
** A definition is a formula (measure.h tells how they are written) over a population, with a window,
** weights, a minimum n and quality rules.  Its id is the hash of all that decides the number, written
** in one normal form: two names with one definition have one id, and so has the same question asked
** without a name.  Titles, owner and quality rules are no part of it. */
#ifndef UNDERSTAND_REGISTRY_H
#define UNDERSTAND_REGISTRY_H
#include "store/tally.h"

enum { LANGUAGES = 3 }; /* en, zh-CN, zh-TW */

typedef struct {
    str name;               /* NO_STR: a formula asked without a name */
    str title[LANGUAGES];   /* never missing */
    str formula;            /* in its normal form */
    const expr *population; /* in its normal form; NULL = everything */
    i64 window_days;        /* a figure of today counts so many days back; NONE = all */
    str weight;             /* column of probability weights; NO_STR = none */
    i64 minimum_n;          /* NONE = MEASURE_MINIMUM_N */
    str quality;            /* JSON array of rules; NO_STR = none */
    str owner;
    i64 version; /* 0: built in */
    i64 since;   /* from when on it counts this way; NONE = always */
    bool down;   /* lower is better */
    bool built_in;
    char id[17]; /* 16 hex digits */
} definition;

/* By name, by id (the first name that has it), or a formula.  s may be NULL: built in ones only. */
bool registry_find(store *s, arena *a, str asked, definition *out, err *e) MUST_USE;
/* All with a name: the company's own by name, then those built in whose name is not taken. */
bool registry_list(store *s, arena *a, definition **out, size_t *n_out, err *e) MUST_USE;
/* The versions a metric had, oldest first; one when it is built in. */
bool registry_history(store *s, arena *a, str name, definition **out, size_t *n_out,
                      err *e) MUST_USE;

/* Is it whole?  One sentence; else fills m->definition. */
bool registry_check(arena *a, metric_row *m, err *e) MUST_USE;
/* Checks and stores it with its version; one transaction.  since: now, unless told. */
bool registry_put(store *s, arena *a, metric_row *m, i64 now_ms, err *e) MUST_USE;
/* Reads a document: fields by name (noun.h); changes what m has already. */
bool registry_read(arena *a, const json *object, metric_row *m, err *e) MUST_USE;

void definition_print(json_out *j, arena *a, const definition *d);
/* {"en": ..., "zh-CN": ..., "zh-TW": ...} to three titles; what is missing is the first there is, else usual. */
void titles_read(arena *a, str json_text, str usual, str out[LANGUAGES]);
void titles_print(json_out *j, const str title[LANGUAGES]);

/* ---- quality rules: when a figure is not what it should be ----
** "missing <= 40%"  of the population without an answer    "invalid <= 2%"  of the answers off the scale
** "duplicates <= 10%"  of the population                   "n >= 100"
** "age <= 7d"  since the newest signal                     "silent source=shop <= 2d"  since its newest
*/
typedef enum { Q_MISSING, Q_INVALID, Q_DUPLICATES, Q_N, Q_AGE, Q_SILENT } quality_kind;
typedef struct {
    quality_kind kind;
    str text;          /* as it was written */
    double bound;      /* %, count or days */
    str column, value; /* Q_SILENT */
} quality_rule;
bool quality_parse(arena *a, str text, quality_rule *out, err *e) MUST_USE;
/* A JSON array of them, or the text of one. */
bool quality_read(arena *a, str json_text, quality_rule **out, size_t *n_out, err *e) MUST_USE;
#endif
