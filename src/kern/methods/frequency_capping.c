/* frequency_capping.c - how often one person may be written to. */
#include "kern/method.h"

typedef struct {
    double t, priority;
    str user, channel;
    bool sent;
} message;

typedef struct {
    str channel;
    double window, bypass;
    i64 max;
} cap;

/* A message counts if it was sent less than window ago; those that pass by count too. */
static bool allowed(calc *c, const message *all, size_t i, const cap *caps, size_t caps_n) {
    const message *x = &all[i];
    for (size_t k = 0; k < caps_n; k++) {
        bool any = str_eq(caps[k].channel, S("*"));
        if (x->priority >= caps[k].bypass || (!any && !str_eq(caps[k].channel, x->channel)))
            continue;
        i64 n = 0;
        for (size_t j = i; j-- > 0 && x->t - all[j].t < caps[k].window && calc_steps(c, 1);)
            n += all[j].sent && str_eq(all[j].user, x->user) &&
                 (any || str_eq(all[j].channel, x->channel));
        if (n >= caps[k].max) return false;
    }
    return true;
}

static bool read(calc *c, const json *list, message *m) {
    const char *key = "events_t_user_channel_priority";
    size_t i = 0;
    for (const json *v = list->first; v && calc_ok(c); v = v->next, i++) {
        m[i].t = in_value(c, in_nth(c, v, 0, key), key);
        m[i].user = in_word(c, in_nth(c, v, 1, key), key);
        m[i].channel = in_word(c, in_nth(c, v, 2, key), key);
        m[i].priority = in_value(c, in_nth(c, v, 3, key), key);
        if (i && m[i].t < m[i - 1].t) calc_bad(c, "\"%s\" must be in order of time", key);
    }
    return calc_ok(c);
}

static bool run(calc *c) {
    const json *events = in_list(c, NULL, "events_t_user_channel_priority"),
               *list = in_list(c, NULL, "caps");
    message *m = NEW_N(c->a, message, events->n + 1);
    cap *caps = NEW_N(c->a, cap, list->n + 1);
    size_t n = 0;
    for (const json *v = list->first; v && calc_ok(c); v = v->next)
        caps[n++] = (cap){
            in_maybe_text(c, v, "channel", S("*")), in_num_of(c, v, "window", 0, 1e18),
            in_maybe(c, v, "bypass", -1e18, 1e18, INFINITY), in_int(c, v, "max", 0, INT32_MAX)};
    if (!calc_ok(c) || !read(c, events, m)) return false;
    out_list(c, "sent");
    for (size_t i = 0; i < events->n; i++) out_bool(c, NULL, m[i].sent = allowed(c, m, i, caps, n));
    out_end(c);
    return calc_ok(c);
}

const method method_frequency_capping = {
    .name = "frequency_capping",
    .title = {"Frequency caps", "触达频次上限", "觸達頻次上限"},
    .source = "a rule of ours",
    .formula = "a message is held back when its user was sent max messages less than window ago "
               "(of its channel, "
               "or of any for *); a priority that reaches bypass is sent and still counts",
    .input =
        "events_t_user_channel_priority  list of [time, user, channel, priority] in order of time\n"
        "caps  list of {channel (*), window, max, bypass}",
    .output = "sent  true or false in the order given",
    .example = "{\"events_t_user_channel_priority\":[[0,\"u\",\"sms\",1],[1,\"u\",\"sms\",1],[30,"
               "\"u\",\"sms\",1]],"
               "\"caps\":[{\"channel\":\"sms\",\"window\":24,\"max\":1,\"bypass\":9}]}",
    .run = run,
};
