/* zone.h - time zones of the IANA database (RFC 9636), with all their changes, and fixed ones. */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H
#include "base/base.h"

/* A zone is a list of moments from which on an offset holds; behind the last one its rule goes on. */
typedef struct time_zone time_zone;

/* "Asia/Shanghai", "America/New_York" (from folder, usually /usr/share/zoneinfo; NO_STR: that), or
** "+08:00", "Z".  NOT_FOUND when there is none of that name, INVALID when its file is damaged. */
bool zone_find(arena *a, str name, str folder, const time_zone **out, err *e) MUST_USE;
/* Parses the bytes of a TZif file (versions 1 to 4).  Offsets beyond 26 hours are INVALID. */
bool tzif_read(arena *a, str name, str bytes, const time_zone **out, err *e) MUST_USE;
const time_zone *zone_fixed(arena *a, i32 minutes);

str zone_name(const time_zone *z);
/* Milliseconds east of UTC at a moment; *until_out, if given: the first moment behind it at which
** another offset may begin, INT64_MAX if none does. */
i64 zone_offset(const time_zone *z, i64 utc_ms, i64 *until_out);
/* The moment a local clock shows local_ms: the earlier one where it shows it twice, the end of the gap
** where it never does. */
i64 zone_utc(const time_zone *z, i64 local_ms);
#endif
