/* overview.h - the company on one screen: score, trend, channels, pains, delights, tickets. */
#ifndef MAIN_OVERVIEW_H
#define MAIN_OVERVIEW_H
#include "main/desk.h"

bool overview_print(call *c, desk *d, const expr *where, err *e) MUST_USE;
#endif
