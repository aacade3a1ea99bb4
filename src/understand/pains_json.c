/* pains_json.c - pains and delights, for programs. */
#include "base/time.h"
#include "understand/measure.h"
#include "understand/pains.h"
#include "understand/taxonomy.h"
#include "understand/voice_json.h"

static void spot_json(json_out *j, arena *a, const hot_spot *h) {
    json_object(j);
    json_key(j, S("column"));
    json_text(j, h->column);
    json_key(j, S("value"));
    json_text(j, h->value);
    json_key(j, S("from"));
    json_text(j, h->from_day == NONE ? NO_STR : day_print(a, h->from_day));
    json_key(j, S("to"));
    json_text(j, h->to_day == NONE ? NO_STR : day_print(a, h->to_day));
    json_key(j, S("n"));
    json_int(j, h->n);
    json_key(j, S("expected"));
    json_num(j, h->expected);
    json_key(j, S("lift"));
    json_num(j, h->lift);
    json_key(j, S("p"));
    json_num(j, h->p);
    json_end_object(j);
}

static void estimate_json(json_out *j, const char *key, const estimate *x) {
    json_key(j, str_of(key));
    json_object(j);
    estimate_print(j, x);
    json_end_object(j);
}

static void trend_json(json_out *j, arena *a, const pain *p) {
    json_key(j, S("trend"));
    json_array(j);
    for (size_t i = 0; i < p->months_n; i++) {
        json_object(j);
        json_key(j, S("month"));
        json_text(j, str_head(day_print(a, p->months[i].day), 7));
        json_key(j, S("n"));
        json_int(j, p->months[i].n);
        json_key(j, S("base"));
        json_int(j, p->months[i].base);
        json_end_object(j);
    }
    json_end_array(j);
}

static bool quote_json(void *ctx, const signal *sig, const insight *ins, err *e) {
    (void)e;
    voice_json(ctx, sig, ins);
    return true;
}

static bool one_json(json_out *j, arena *a, store *s, const pain *p, str locale, err *e) {
    json_object(j);
    json_key(j, S("aspect"));
    json_text(j, p->aspect);
    json_key(j, S("title"));
    json_text(j, taxonomy_title(taxonomy_shipped(), p->aspect, locale));
    json_key(j, S("polarity"));
    json_text(j, p->polarity < 0 ? S("negative") : S("positive"));
    json_key(j, S("n"));
    json_int(j, p->n);
    estimate_json(j, "reach", &p->reach);
    json_key(j, S("strength"));
    json_num(j, p->strength);
    estimate_json(j, "effect", &p->effect);
    json_key(j, S("impact"));
    json_num(j, p->impact);
    json_key(j, S("spots"));
    json_array(j);
    for (size_t i = 0; i < p->spots_n; i++) spot_json(j, a, &p->spots[i]);
    json_end_array(j);
    trend_json(j, a, p);
    json_key(j, S("quotes"));
    json_array(j);
    bool ok = store_scan_ids(s, p->quotes, p->quotes_n, quote_json, j, e);
    json_end_array(j);
    json_end_object(j);
    return ok;
}

bool pains_print(json_out *j, arena *a, store *s, const pains_answer *p, int polarity, str locale,
                 err *e) {
    json_object(j);
    json_key(j, S("base"));
    json_int(j, p->base);
    json_key(j, S("score"));
    json_text(j, p->score);
    json_key(j, polarity < 0 ? S("pains") : S("delights"));
    json_array(j);
    for (size_t i = 0; i < p->n; i++)
        if (!one_json(j, a, s, &p->items[i], locale, e)) return false;
    json_end_array(j);
    json_end_object(j);
    return true;
}
