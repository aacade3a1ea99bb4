/* alert_fatigue.c - which alerts are sent: a cool-down for each key, and a cap for all. */
#include "kern/method.h"

typedef struct {
    double t, severity;
    str key;
} alert;

typedef struct {
    double cooldown, window, bypass;
    i64 max;
    alert *sent;
    size_t n, first; /* first: the oldest inside the window */
} sending;

static const alert *last_of(const sending *s, str key) {
    for (size_t i = s->n; i-- > 0;)
        if (str_eq(s->sent[i].key, key)) return &s->sent[i];
    return NULL;
}

static bool send(sending *s, const alert *x) {
    const alert *last = last_of(s, x->key);
    if (last && x->t - last->t < s->cooldown && x->severity <= last->severity) return false;
    while (s->first < s->n && x->t - s->sent[s->first].t >= s->window) s->first++;
    if ((i64)(s->n - s->first) >= s->max && x->severity < s->bypass) return false;
    s->sent[s->n++] = *x;
    return true;
}

static bool read(calc *c, const json *v, double after, alert *to) {
    const char *key = "events_t_key_severity";
    to->t = in_value(c, in_nth(c, v, 0, key), key);
    to->key = in_word(c, in_nth(c, v, 1, key), key);
    to->severity = in_value(c, in_nth(c, v, 2, key), key);
    if (calc_ok(c) && to->t < after) calc_bad(c, "\"%s\" must be in order of time", key);
    return calc_ok(c);
}

static bool run(calc *c) {
    const json *events = in_list(c, NULL, "events_t_key_severity");
    sending s = {.cooldown = in_num_of(c, NULL, "cooldown", 0, 1e18),
                 .window = in_num_of(c, NULL, "window", 0, 1e18),
                 .bypass = in_maybe(c, NULL, "bypass_severity", -1e18, 1e18, INFINITY),
                 .max = in_int(c, NULL, "max_per_window", 0, INT32_MAX)};
    s.sent = NEW_N(c->a, alert, events->n);
    double now = -INFINITY;
    out_list(c, "sent");
    for (const json *v = events->first; v; v = v->next) {
        alert x;
        if (!calc_steps(c, (double)s.n) || !read(c, v, now, &x)) break;
        now = x.t;
        if (!send(&s, &x)) continue;
        out_list(c, NULL);
        out_num(c, NULL, x.t);
        out_text(c, NULL, x.key);
        out_num(c, NULL, x.severity);
        out_end(c);
    }
    out_end(c);
    return calc_ok(c);
}

const method method_alert_fatigue = {
    .name = "alert_fatigue",
    .title = {"Alert cool-down and cap", "告警冷却与限量", "告警冷卻與限量"},
    .source = "a rule of ours",
    .formula = "an alert is dropped within cooldown of the last one sent with its key unless its "
               "severity is higher, and when max_per_window were sent in the window unless its "
               "severity reaches bypass_severity",
    .input = "events_t_key_severity  list of [time, key, severity] in order of time\n"
             "cooldown, window  in the unit of time\nmax_per_window  how many may be sent\n"
             "bypass_severity  optional",
    .output = "sent  those that are sent",
    .example = "{\"events_t_key_severity\":[[0,\"nps\",1],[5,\"nps\",1],[6,\"nps\",2]],"
               "\"cooldown\":30,\"window\":60,\"max_per_window\":4,\"bypass_severity\":3}",
    .run = run,
};
