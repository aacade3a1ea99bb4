/* measure_print.c - an answer as JSON. */
#include "base/time.h"
#include "understand/measure.h"

void estimate_print(json_out *j, const estimate *x) {
    json_key(j, S("value"));
    json_num(j, x->value);
    json_key(j, S("low"));
    json_num(j, x->low);
    json_key(j, S("high"));
    json_num(j, x->high);
    json_key(j, S("n"));
    json_int(j, x->n);
    json_key(j, S("missing"));
    json_int(j, x->missing);
    json_key(j, S("invalid"));
    json_int(j, x->invalid);
    json_key(j, S("reason"));
    json_text(j, str_of(x->reason));
}

void measure_quality_print(json_out *j, const measure_answer *m) {
    json_key(j, S("degraded"));
    json_bool(j, m->degraded);
    json_key(j, S("quality"));
    json_array(j);
    for (size_t i = 0; i < m->findings_n; i++) {
        json_object(j);
        json_key(j, S("rule"));
        json_text(j, m->findings[i].rule.text);
        json_key(j, S("found"));
        json_num(j, isfinite(m->findings[i].found) ? m->findings[i].found : NAN);
        json_key(j, S("broken"));
        json_bool(j, m->findings[i].broken);
        json_end_object(j);
    }
    json_end_array(j);
}

static void print_head(json_out *j, arena *a, const measure_question *q, const measure_answer *m) {
    json_key(j, S("metric"));
    json_text(j, m->name);
    json_key(j, S("name"));
    json_text(j, m->def.name.n ? m->def.name : NO_STR);
    json_key(j, S("title"));
    json_text(j, m->def.title[0]);
    json_key(j, S("unit"));
    json_text(j, str_of(m->metric->unit));
    json_key(j, S("definition"));
    json_text(j, str_of(m->definition));
    json_key(j, S("version"));
    json_int(j, m->metric->version);
    if (m->def.weight.n) {
        json_key(j, S("weight"));
        json_text(j, m->def.weight);
    }
    json_key(j, S("minimum_n"));
    json_int(j, m->minimum_n);
    json_key(j, S("where"));
    buf b = {.a = a};
    if (q->where) expr_print(&b, q->where);
    json_text(j, q->where ? buf_view(&b) : NO_STR);
    if (q->compare) {
        buf c = {.a = a};
        if (q->versus) expr_print(&c, q->versus);
        json_key(j, S("versus"));
        json_text(j, q->versus ? buf_view(&c) : NO_STR);
    }
    json_key(j, S("newest"));
    json_text(j, m->newest_ms == NONE ? NO_STR : time_print(a, m->newest_ms));
    json_key(j, S("age_days"));
    json_num(j, m->age_days);
    measure_quality_print(j, m);
}

void measure_keys_print(json_out *j, arena *a, const measure_question *q, const measure_cell *c) {
    json_key(j, S("key"));
    json_object(j);
    for (size_t i = 0; i < q->by_n; i++) {
        json_key(j, measure_by_name(a, &q->by[i]));
        if (c->keys[i].kind == VALUE_MISSING)
            json_null(j);
        else if (c->keys[i].kind == VALUE_NUM)
            json_raw(j, measure_key(a, &q->by[i], &c->keys[i]));
        else
            json_text(j, measure_key(a, &q->by[i], &c->keys[i]));
    }
    json_end_object(j);
}

static void print_effective(json_out *j, const measure_answer *m, double effective) {
    if (!m->def.weight.n) return;
    json_key(j, S("effective_n"));
    json_num(j, effective);
}

static void print_before(json_out *j, const measure_answer *m, const measure_cell *c) {
    json_key(j, S("change"));
    json_num(j, c->change);
    json_key(j, S("before"));
    json_object(j);
    json_key(j, S("signals"));
    json_int(j, c->signals_before);
    estimate_print(j, &c->before);
    print_effective(j, m, c->effective_before);
    json_end_object(j);
}

void measure_print(json_out *j, arena *a, const measure_question *q, const measure_answer *m) {
    json_object(j);
    print_head(j, a, q, m);
    json_key(j, S("cells"));
    json_array(j);
    for (size_t i = 0; i < m->cells_n; i++) {
        json_object(j);
        measure_keys_print(j, a, q, &m->cells[i]);
        json_key(j, S("signals"));
        json_int(j, m->cells[i].signals);
        estimate_print(j, &m->cells[i].est);
        print_effective(j, m, m->cells[i].effective);
        if (m->cells[i].sketched) {
            json_key(j, S("sketched"));
            json_bool(j, true);
        }
        if (q->compare) print_before(j, m, &m->cells[i]);
        json_end_object(j);
    }
    json_end_array(j);
    json_end_object(j);
}
