/* embed.h - files of the source tree that live inside the binary. */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H
#include "base/base.h"

typedef struct {
    const char *name;        /* file name without folder */
    const char *from, *to;
} embedded;
static inline str embedded_text(const embedded *f) {
    return (str){f->from, (size_t)(f->to - f->from)};
}
#endif
