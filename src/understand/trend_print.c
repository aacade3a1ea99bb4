/* trend_print.c - trends and break-downs as JSON. */
#include "base/time.h"
#include "understand/trend.h"

static void num(json_out *j, const char *key, double v) {
    json_key(j, str_of(key));
    json_num(j, isfinite(v) ? v : NAN);
}
static void whole(json_out *j, const char *key, i64 v) {
    json_key(j, str_of(key));
    json_int(j, v);
}
static void text(json_out *j, const char *key, str v) {
    json_key(j, str_of(key));
    json_text(j, v);
}

static void print_head(json_out *j, arena *a, const measure_answer *m) {
    text(j, "unit", str_of(m->metric->unit));
    text(j, "help", str_of(m->metric->help));
    json_key(j, S("definition"));
    definition_print(j, a, &m->def);
    text(j, "newest", m->newest_ms == NONE ? NO_STR : time_print(a, m->newest_ms));
    num(j, "age_days", m->age_days);
    measure_quality_print(j, m);
}

static void print_point(json_out *j, arena *a, const tally_by *by, const trend *x, size_t i) {
    const trend_point *p = &x->points[i];
    json_object(j);
    text(j, "key", measure_key(a, by, &p->key));
    whole(j, "version", x->parts[p->part].def.version);
    json_key(j, S("outside"));
    json_bool(j, p->outside);
    estimate_print(j, &p->est);
    json_end_object(j);
}

static void print_part(json_out *j, arena *a, const trend_part *p) {
    json_object(j);
    whole(j, "version", p->def.version);
    text(j, "definition", str_of(p->def.id));
    text(j, "since", p->def.since == NONE ? NO_STR : time_print(a, p->def.since));
    num(j, "center", p->center);
    num(j, "low", p->low);
    num(j, "high", p->high);
    whole(j, "points", (i64)p->points);
    json_end_object(j);
}

static void print_bridge(json_out *j, arena *a, const trend_bridge *b) {
    json_object(j);
    text(j, "at", time_print(a, b->at));
    whole(j, "before", b->before);
    whole(j, "after", b->after);
    num(j, "difference", b->difference);
    num(j, "low", b->low);
    num(j, "high", b->high);
    whole(j, "periods", (i64)b->periods);
    json_end_object(j);
}

void trend_print(json_out *j, arena *a, const trend_question *q, const trend *x) {
    tally_by by = {S("occurred_at"), q->unit};
    json_object(j);
    print_head(j, a, &x->last);
    json_key(j, S("points"));
    json_array(j);
    for (size_t i = 0; i < x->points_n; i++) print_point(j, a, &by, x, i);
    json_end_array(j);
    json_key(j, S("parts"));
    json_array(j);
    for (size_t i = 0; i < x->parts_n; i++) print_part(j, a, &x->parts[i]);
    json_end_array(j);
    json_key(j, S("bridges"));
    json_array(j);
    for (size_t i = 0; i < x->bridges_n; i++) print_bridge(j, a, &x->bridges[i]);
    json_end_array(j);
    json_end_object(j);
}

void breakdown_print(json_out *j, arena *a, const measure_question *q, const measure_answer *m) {
    const standing *s = standings(a, m);
    json_object(j);
    print_head(j, a, m);
    json_key(j, S("cells"));
    json_array(j);
    for (size_t i = 0; i < m->cells_n; i++) {
        json_object(j);
        measure_keys_print(j, a, q, &m->cells[i]);
        whole(j, "signals", m->cells[i].signals);
        estimate_print(j, &m->cells[i].est);
        num(j, "p", s[i].p);
        num(j, "p_adjusted", s[i].adjusted);
        whole(j, "mark", s[i].mark);
        json_end_object(j);
    }
    json_end_array(j);
    json_end_object(j);
}
