/* hans.h - traditional characters and their simplified ones (the table is made by tools/hans.c). */
#ifndef KERN_HANS_H
#define KERN_HANS_H
#include "base/base.h"

extern const u16 hans_pairs[][2];  /* ascending by the traditional one; BMP only */
extern const size_t hans_pairs_n;
#endif
