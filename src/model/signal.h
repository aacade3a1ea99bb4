/* signal.h - one thing heard, with its free attributes, and what was understood of it. */
#ifndef MODEL_SIGNAL_H
#define MODEL_SIGNAL_H
#include "kern/expr.h"
#include "kern/num6.h"
#include "model/nouns.h"

/* An attribute: text or number.  Scores are attributes named score:NAME (score:nps, score:csat,
** score:ces, score:rating5); their values stay as answered, on or off the scale. */
typedef struct {
    str key;
    str text;     /* NO_STR when it is a number */
    num6 num;     /* NONE when it is text */
} attribute;

/* A signal in memory.  row.attributes is the JSON of attrs and is made only by signal_seal. */
typedef struct {
    signal_row row;
    attribute *attrs;
    size_t attrs_n;
} signal;

/* An insight in memory, with its mentions. */
typedef struct {
    insight_row row;
    mention *mentions;
    size_t mentions_n;
} insight;

void signal_init(signal *s);
attribute *signal_attr(const signal *s, str key);          /* NULL if it has none */

/* The laws of a signal: required fields there, bounds kept, attribute keys unique and named, not
** from the future (now_ms + LIMIT_FUTURE_MS), UTF-8 throughout, says or does something (words,
** event, amount or a score).  One sentence that names the field. */
bool signal_check(const signal *s, i64 now_ms, err *e) MUST_USE;

/* Sorts attrs by key and writes row.attributes (NO_STR when there are none). */
void signal_seal(arena *a, signal *s);
/* The inverse: attrs from row.attributes (our own JSON; CORRUPT if it is not). */
bool signal_unseal(arena *a, signal *s, err *e) MUST_USE;

/* "namespace:value" or a bare value, whose namespace is then the source. */
void customer_identity(const signal_row *r, str *namespace_out, str *value_out);

/* Mention columns (aspect, polarity, strength, opinion) speak of one mention; all others of the
** signal.  A condition that names mention columns is asked of each mention in turn: the signal is
** selected when it holds for at least one of them.  A signal without mentions is asked once, with
** these columns missing. */
bool column_is_mention(str column);
/* The truth of x for one signal by that law.  has_words(ctx, text) tests `words ~ text`. */
truth signal_test(const expr *x, const signal *s, const insight *i,
                  truth (*has_words)(void *ctx, str text), void *ctx);

void uuid7(i64 now_ms, u64 random_a, u64 random_b, char out[37]);  /* RFC 9562; NUL-terminated text */
#endif
