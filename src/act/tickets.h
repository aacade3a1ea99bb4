/* tickets.h - which tickets a condition means.  What moves them is in cases.h. */
#ifndef ACT_TICKETS_H
#define ACT_TICKETS_H
#include "store/store.h"

/* Keeps of all[0..*n) those for which filter is true, in their order.  A condition may name the ticket's
** own fields and, for all other columns, those of its signal.  filter NULL keeps all. */
bool tickets_sift(store *s, arena *a, const expr *filter, ticket *all, size_t *n, err *e) MUST_USE;

/* The newest limit tickets for which filter is true, with id < before (0 = all), and how many there are
** in all.  Conditions on tickets alone are the store's to answer; for others all signals of tickets are read. */
bool tickets_find(store *s, arena *a, const expr *filter, i64 before, size_t limit, ticket **out,
                  size_t *n_out, i64 *total_out, err *e) MUST_USE;
#endif
