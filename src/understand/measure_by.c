/* measure_by.c - columns to group by, as people write and read them. */
#include "base/time.h"
#include "understand/measure.h"

static const struct {
    const char *name;
    by_unit unit;
} units[] = {{"day", BY_DAY},
             {"week", BY_WEEK},
             {"month", BY_MONTH},
             {"quarter", BY_QUARTER},
             {"year", BY_YEAR}};

static tally_by parse_by(str one) {
    for (size_t i = 0; i < COUNT(units); i++) {
        str name = str_of(units[i].name), inner = str_from(one, name.n);
        if (!str_starts(one, name)) continue;
        if (inner.n == 0) return (tally_by){S("occurred_at"), units[i].unit};
        if (inner.p[0] == '(' && str_ends(inner, S(")")))
            return (tally_by){str_trim((str){inner.p + 1, inner.n - 2}), units[i].unit};
    }
    return (tally_by){one, BY_VALUE};
}

str measure_by_name(arena *a, const tally_by *by) {
    for (size_t i = 0; i < COUNT(units); i++)
        if (units[i].unit == by->unit)
            return arena_fmt(a, "%s(%.*s)", units[i].name, STR_ARG(by->column));
    return by->column;
}

bool measure_by(arena *a, str text, const tally_by **out, size_t *n_out, err *e) {
    tally_by *by = NEW_N(a, tally_by, LIMIT_GROUP_COLUMNS);
    size_t n = 0;
    str rest = text, one;
    for (bool more = text.n > 0; more; n++) {
        more = str_cut(rest, ',', &one, &rest);
        one = str_trim(more ? one : rest);
        if (n == LIMIT_GROUP_COLUMNS)
            return fail(e, LIMIT, "--by takes at most %d columns", LIMIT_GROUP_COLUMNS);
        if (one.n == 0) return fail(e, INVALID, "--by has an empty column name");
        by[n] = parse_by(one);
    }
    *out = by;
    *n_out = n;
    return true;
}

str measure_key(arena *a, const tally_by *by, const tally_key *key) {
    buf b = {.a = a};
    if (key->kind == VALUE_MISSING) return S("(missing)");
    if (key->kind == VALUE_TEXT) return key->text;
    if (key->kind == VALUE_NUM) return buf_num6(&b, key->num), buf_view(&b);
    str day = day_print(a, day_of_ms(key->num));
    if (by->unit == BY_MONTH) day.n -= 3;
    if (by->unit == BY_YEAR) day.n -= 6;
    if (by->unit == BY_QUARTER)
        return arena_fmt(a, "%.4s-Q%d", day.p, (civil_of(key->num).month - 1) / 3 + 1);
    return day;
}
