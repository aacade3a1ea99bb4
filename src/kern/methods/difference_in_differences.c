/* difference_in_differences.c - what a measure changed, less what changed anyway. */
#include "kern/method.h"
#include "kern/moments.h"

static bool by_means(calc *c) {
    double tb = in_num(c, NULL, "treated_before"), ta = in_num(c, NULL, "treated_after");
    double kb = in_num(c, NULL, "control_before"), ka = in_num(c, NULL, "control_after");
    if (!calc_ok(c)) return false;
    out_num(c, "treated_change", ta - tb);
    out_num(c, "control_change", ka - kb);
    out_num(c, "did", (ta - tb) - (ka - kb));
    return true;
}

typedef struct {
    moments when[2]; /* before, after */
    int treated;
} unit;

/* Collapses a panel to one change a unit; those seen only before or only after are left out. */
static bool read(calc *c, moments changes[2], i64 *left_out) {
    strs names = in_texts(c, NULL, "unit");
    vec post = in_nums(c, NULL, "post"), treated = in_nums(c, NULL, "treated"),
        y = in_nums(c, NULL, "y");
    if (calc_ok(c)) in_same(c, "unit", names.n, "post", post.n);
    if (calc_ok(c)) in_same(c, "unit", names.n, "treated", treated.n);
    if (calc_ok(c)) in_same(c, "unit", names.n, "y", y.n);
    if (!calc_ok(c)) return false;
    strs all = strs_distinct(c->a, names);
    unit *units = NEW_N(c->a, unit, all.n + 1);
    for (size_t i = 0; i < all.n; i++) units[i].treated = -1;
    for (size_t i = 0; i < names.n; i++) {
        unit *u = &units[strs_find(all, names.v[i])];
        int t = treated.v[i] != 0;
        if (u->treated >= 0 && u->treated != t)
            return calc_bad(c, "unit \"%.*s\" is both treated and not", STR_ARG(names.v[i]));
        u->treated = t;
        moments_add(&u->when[post.v[i] != 0], y.v[i]);
    }
    for (size_t i = 0; i < all.n; i++)
        if (units[i].when[0].n && units[i].when[1].n)
            moments_add(&changes[units[i].treated], units[i].when[1].mean - units[i].when[0].mean);
        else
            ++*left_out;
    return true;
}

static bool run(calc *c) {
    if (in_has(c, NULL, "treated_before")) return by_means(c);
    moments ch[2] = {{0}};
    i64 left_out = 0;
    if (!read(c, ch, &left_out)) return false;
    double a = moments_variance(&ch[1]) / (double)ch[1].n,
           b = moments_variance(&ch[0]) / (double)ch[0].n;
    bool both = ch[0].n && ch[1].n;
    double below = a * a / (double)(ch[1].n - 1) + b * b / (double)(ch[0].n - 1);
    out_num(c, "did", both ? ch[1].mean - ch[0].mean : undefined(NO_DATA));
    out_num(c, "se_unit_changes", sqrt(a + b));
    out_num(c, "df_welch",
            below > 0      ? (a + b) * (a + b) / below
            : isnan(a + b) ? undefined(TOO_FEW)
                           : undefined(ZERO_VARIANCE));
    out_int(c, "units_left_out", left_out);
    return true;
}

const method method_difference_in_differences = {
    .name = "difference_in_differences",
    .title = {"Difference in differences", "双重差分", "雙重差分"},
    .source =
        "Card & Krueger 1994, American Economic Review 84(4); Bertrand, Duflo & Mullainathan 2004",
    .formula = "mean change of the treated less mean change of the others; a panel is collapsed to "
               "one change "
               "a unit, with Welch's standard error",
    .input = "treated_before, treated_after, control_before, control_after; or\n"
             "unit, post (0/1), treated (0/1), y  lists, one of each an observation",
    .output =
        "treated_change, control_change, did; or\ndid, se_unit_changes, df_welch, units_left_out",
    .example =
        "{\"unit\":[1,1,2,2,3,3,4,4],\"post\":[0,1,0,1,0,1,0,1],\"treated\":[1,1,1,1,0,0,0,0],"
        "\"y\":[5,9,6,9,5,6,4,6]}",
    .run = run,
};
