/* dates_fuzz.c - any bytes as a date in every style: what is read lies in the years we keep. */
#include "base/time.h"
#include "hear/dates.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    for (date_style s = DATE_ISO; s <= DATE_EXCEL; s++) {
        i64 ms;
        if (!date_read((str){(const char *)data, size}, s, 480, &ms)) continue;
        civil c = civil_of(ms);
        check(c.year >= 1899 && c.year <= 2200);
    }
    return 0;
}
