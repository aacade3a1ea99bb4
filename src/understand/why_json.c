/* why_json.c - why it moved, for programs. */
#include "understand/taxonomy.h"
#include "understand/voice_json.h"
#include "understand/why_int.h"

static void num(json_out *j, const char *key, double v) {
    json_key(j, str_of(key));
    json_num(j, v);
}

static void text(json_out *j, const char *key, str v) {
    json_key(j, str_of(key));
    json_text(j, v);
}

static void whole(json_out *j, const char *key, i64 v) {
    json_key(j, str_of(key));
    json_int(j, v);
}

static str printed(arena *a, const expr *x) {
    buf b = {.a = a};
    if (!x) return NO_STR;
    expr_print(&b, x);
    return buf_view(&b);
}

static void estimate_json(json_out *j, const char *key, const estimate *x) {
    json_key(j, str_of(key));
    json_object(j);
    estimate_print(j, x);
    json_end_object(j);
}

static void head_json(json_out *j, arena *a, const why_question *q, const why_answer *w) {
    const measure_answer *m = &w->measured;
    text(j, "metric", m->name);
    text(j, "title", str_of(m->metric->title));
    text(j, "unit", str_of(m->metric->unit));
    text(j, "definition", str_of(m->definition));
    text(j, "mode", q->compare ? S("change") : S("level"));
    text(j, "where", printed(a, q->where));
    text(j, "now_where", printed(a, q->now));
    text(j, "before_where", q->compare ? printed(a, q->before) : NO_STR);
    estimate_json(j, "now", &m->cells[0].est);
    if (q->compare)
        estimate_json(j, "before", &m->cells[0].before);
    else
        json_key(j, S("before")), json_null(j);
    num(j, "change", w->change);
    num(j, "low", w->low);
    num(j, "high", w->high);
    num(j, "p", w->p);
    whole(j, "rows", w->rows);
    whole(j, "searched", w->searched);
    num(j, "candidates", w->candidates);
    json_key(j, S("columns"));
    json_array(j);
    for (size_t i = 0; i < w->columns_n; i++) json_text(j, w->columns[i]);
    json_end_array(j);
}

static void part_json(json_out *j, const why_part *p) {
    json_object(j);
    text(j, "value", p->value);
    json_key(j, S("rest"));
    json_bool(j, p->rest);
    whole(j, "n_before", p->n[0]);
    whole(j, "n", p->n[1]);
    num(j, "before", p->mean[0]);
    num(j, "now", p->mean[1]);
    num(j, "mix", p->mix);
    num(j, "rate", p->rate);
    num(j, "total", p->total);
    num(j, "low", p->low);
    num(j, "high", p->high);
    num(j, "p_adjusted", p->adjusted);
    json_end_object(j);
}

static void split_json(json_out *j, const why_split *s) {
    json_object(j);
    text(j, "column", s->column);
    num(j, "mix", s->mix);
    num(j, "rate", s->rate);
    json_key(j, S("parts"));
    json_array(j);
    for (size_t i = 0; i < s->parts_n; i++) part_json(j, &s->parts[i]);
    json_end_array(j);
    json_end_object(j);
}

static void side_json(json_out *j, const char *key, const slice_side *x) {
    json_key(j, str_of(key));
    json_object(j);
    num(j, "value", x->n ? x->mean : NAN);
    whole(j, "n", x->n);
    json_end_object(j);
}

static void conditions_json(json_out *j, const why_slice *x) {
    json_key(j, S("conditions"));
    json_array(j);
    for (size_t i = 0; i < x->conditions_n; i++) {
        json_object(j);
        text(j, "column", x->conditions[i].column);
        text(j, "op", x->conditions[i].op);
        text(j, "value", x->conditions[i].value);
        json_end_object(j);
    }
    json_end_array(j);
}

static void sayings_json(json_out *j, const why_slice *x, str locale) {
    json_key(j, S("says"));
    json_array(j);
    for (size_t i = 0; i < x->says_n; i++) {
        const why_saying *s = &x->says[i];
        json_object(j);
        text(j, "aspect", s->aspect);
        text(j, "title", taxonomy_title(taxonomy_shipped(), s->aspect, locale));
        whole(j, "n", s->n);
        num(j, "share", s->share);
        num(j, "other", s->other);
        num(j, "low", s->low);
        num(j, "high", s->high);
        num(j, "p_adjusted", s->adjusted);
        json_end_object(j);
    }
    json_end_array(j);
}

static bool voice_told(void *ctx, const signal *sig, const insight *ins, err *e) {
    (void)e;
    voice_json(ctx, sig, ins);
    return true;
}

static bool slice_json(json_out *j, arena *a, store *s, const why_question *q, const why_slice *x,
                       str locale, err *e) {
    json_object(j);
    conditions_json(j, x);
    text(j, "where", printed(a, x->where));
    estimate_json(j, "now", &x->est[1]);
    if (q->compare)
        estimate_json(j, "before", &x->est[0]);
    else
        json_key(j, S("before")), json_null(j);
    side_json(j, "rest_now", &x->rest[1]);
    side_json(j, "rest_before", &x->rest[0]);
    num(j, "effect", x->effect);
    num(j, "low", x->low);
    num(j, "high", x->high);
    num(j, "p_adjusted", x->p_adjusted);
    num(j, "contribution", x->contribution);
    sayings_json(j, x, locale);
    json_key(j, S("voices"));
    json_array(j);
    bool ok = store_scan_ids(s, x->voices, x->voices_n, voice_told, j, e);
    json_end_array(j);
    json_end_object(j);
    return ok;
}

bool why_print(json_out *j, arena *a, store *s, const why_question *q, const why_answer *w,
               str locale, err *e) {
    json_object(j);
    head_json(j, a, q, w);
    json_key(j, S("splits"));
    json_array(j);
    for (size_t i = 0; i < w->splits_n; i++) split_json(j, &w->splits[i]);
    json_end_array(j);
    json_key(j, S("slices"));
    json_array(j);
    for (size_t i = 0; i < w->slices_n; i++)
        if (!slice_json(j, a, s, q, &w->slices[i], locale, e)) return false;
    json_end_array(j);
    json_end_object(j);
    return true;
}

str why_slice_text(arena *a, const why_slice *x) {
    return printed(a, x->where);
}
