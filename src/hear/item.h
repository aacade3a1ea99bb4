/* item.h - one signal as a program sends it: a JSON object to a signal. */
#ifndef HEAR_ITEM_H
#define HEAR_ITEM_H
#include "base/json.h"
#include "model/signal.h"

typedef struct {
    str source; /* of items that name none */
    i64 now_ms; /* occurred_at of items that name none; the clock for "from the future" */
    str name;   /* external_id of items that bring none; must be new for each */
} item_usual;

/* The members are the fields of a signal (source, external_id, occurred_at, channel, touchpoint, product,
** customer, words, event, amount, currency), score:NAME numbers, and attributes: an object of texts and
** numbers, true and false, and null, which is left out.  Any other name is INVALID.  The signal is sealed and
** obeys signal_check; its text lives in a. */
bool item_read(arena *a, const json *object, const item_usual *usual, signal *out, err *e) MUST_USE;

/* What @segment/analytics-node and its relatives send: one call with its type (identify, track, page,
** screen, group, alias).  messageId names it, so that a call sent twice is stored once; userId, else
** anonymousId, is who; properties or traits are attributes, nested ones as a.b, lists as their JSON;
** among them words (or text, comment, feedback, message, review) are what was said, revenue (or amount) with currency
** is money, and score:NAME (or nps, csat, ces, rating5) are scores.  type in the object wins over the one told. */
bool segment_read(arena *a, const json *call, str type, const item_usual *usual, signal *out,
                  err *e) MUST_USE;
#endif
