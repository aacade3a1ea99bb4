/* zone_fuzz.c - time zone files made by strangers: read or refused, and their offsets stay bounded. */
#include "base/job.h"
#include "base/time.h"
#include "base/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static bool read_one(arena *a, void *ctx, err *e) {
    const time_zone *z;
    if (!tzif_read(a, S("fuzz"), *(str *)ctx, &z, e)) return false;
    i64 ms = -(i64)200 * 366 * DAY_MS, until;
    for (int k = 0; k < 2000 && ms < (i64)400 * 366 * DAY_MS; k++, ms = until) {
        i64 offset = zone_offset(z, ms, &until);
        check(offset > -26 * HOUR_MS && offset < 26 * HOUR_MS && until > ms);
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    str bytes = {(const char *)data, n};
    err e;
    bool sound = n <= 70000 && job_run((size_t)1 << 20, read_one, &bytes, &e);
    return sound ? 0 : 0;
}
