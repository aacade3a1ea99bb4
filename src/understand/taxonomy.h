/* taxonomy.h - the experience taxonomy: what people can speak about, as a tree of two storeys.
**
** Below: aspects, "family.leaf" (delivery.speed), which mentions name and history is kept under; an
** id never changes its meaning.  Above: the eleven dimensions of experience.  The family (before
** the dot) is what is spoken of, the dimension is how it is felt; they cut across each other. */
#ifndef UNDERSTAND_TAXONOMY_H
#define UNDERSTAND_TAXONOMY_H
#include "base/embed.h"

typedef struct {
    str id;               /* ASCII: letters, digits, '.' and '-' */
    str dimension;        /* id of its dimension; NO_STR for a dimension itself */
    str department;       /* who usually owns it: logistics, store, ...; NO_STR for a dimension */
    str zh_cn, zh_tw, en; /* titles */
} aspect_node;
typedef struct {
    const aspect_node *nodes; /* in the order of the file: a dimension comes before its aspects */
    size_t nodes_n;
} taxonomy;

/* Reads lines of six cells: id, dimension or "-", department or "-", zh-CN, zh-TW, en; '#' begins a
** remark.  Text is not copied.  INVALID with one sentence that names file and line. */
bool taxonomy_read(arena *a, str name, str text, taxonomy *out, err *e) MUST_USE;
const aspect_node *taxonomy_find(const taxonomy *t, str id); /* NULL if there is none */
/* The title in a locale (zh-CN, zh-TW, en; others get English); an unknown id is its own title. */
str taxonomy_title(const taxonomy *t, str id, str locale);
str aspect_family(str id);              /* before the first dot */
const taxonomy *taxonomy_shipped(void); /* lives for ever */
#endif
