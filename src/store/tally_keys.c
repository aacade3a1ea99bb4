/* tally_keys.c - whole numbers numbered as they come, for walks and group-bys; units of the calendar. */
#include "store/tally_int.h"

static u64 mixed(i64 v) {
    u64 h = (u64)v * 0x9e3779b97f4a7c15u;
    return h ^ h >> 29;
}

static void grow(key_set *k) {
    i64 *old = k->keys;
    k->cap = MAX(64u, k->cap * 2);
    k->keys = NEW_N(k->a, i64, k->cap);
    if (k->n) memcpy(k->keys, old, k->n * sizeof *old);
    k->slots_n = k->cap * 2;
    k->slots = NEW_N(k->a, u32, k->slots_n);
    for (u32 i = 0; i < k->n; i++) {
        u64 at = mixed(k->keys[i]);
        while (k->slots[at & (k->slots_n - 1)]) at++;
        k->slots[at & (k->slots_n - 1)] = i + 1;
    }
}

u32 key_number(key_set *k, i64 v) {
    if (k->n == k->cap) grow(k);
    u64 at = mixed(v);
    for (;; at++) {
        u32 i = k->slots[at & (k->slots_n - 1)];
        if (!i) break;
        if (k->keys[i - 1] == v) return i - 1;
    }
    k->keys[k->n] = v;
    k->slots[at & (k->slots_n - 1)] = ++k->n;
    return k->n - 1;
}

void keys_forget(key_set *k) {
    if (k->n) memset(k->slots, 0, k->slots_n * sizeof *k->slots);
    k->n = 0;
}

i64 unit_start(by_unit unit, i64 day) {
    switch (unit) {
    case BY_VALUE:
    case BY_DAY:
        return day;
    case BY_WEEK:
        return day_week(day);
    case BY_MONTH:
        return day_month(day);
    case BY_QUARTER:
        return day_quarter(day);
    case BY_YEAR:
        return day_year(day);
    }
    return day;
}
