/* entities.h - the named characters of HTML. */
#ifndef KERN_ENTITIES_H
#define KERN_ENTITIES_H
#include "base/base.h"

u32 entity_find(str name); /* "amp" gives '&'; 0 if there is none of this name (case matters) */
#endif
