/* cursor.h - where the next page of a list begins.  Opaque to clients: only what we printed is read. */
#ifndef API_CURSOR_H
#define API_CURSOR_H
#include "base/base.h"

/* kind tells lists apart: a cursor of one is refused by another. */
str cursor_print(arena *a, char kind, i64 at, i64 id);
bool cursor_read(str s, char kind, i64 *at_out, i64 *id_out, err *e) MUST_USE;
#endif
