/* sender_test.c - what leaves the house: the schedule to the second, order, pace, and the contact policy. */
#include <unistd.h>
#include "act/contact.h"
#include "act/way.h"
#include "base/test.h"
#include "base/time.h"
#include "flow/flow.h"
#include "flow/sender.h"

#define T0 ((i64)1772193600000) /* 2026-02-27T12:00:00Z */

/* The other side: answers by a script, and remembers. */
typedef struct {
    world_fake fake; /* first: send gets it back */
    int answers[64]; /* status by try; 0 = 200; -1 = nobody there */
    i64 retry_ms;
    size_t tries;
    i64 at[64];
    char last[4096], url[600], heads[8][400];
    err_code how;
} other_side;

static bool answer(world *w, arena *a, const parcel *p, receipt *out, err *e) {
    other_side *o = (other_side *)(void *)w;
    int status = o->answers[o->tries];
    check(o->tries < COUNT(o->at));
    o->at[o->tries++] = w->now_ms(w);
    snprintf(o->last, sizeof o->last, "%.*s", STR_ARG(p->body));
    snprintf(o->url, sizeof o->url, "%.*s", STR_ARG(p->url));
    for (size_t i = 0; i < p->headers_n && i < COUNT(o->heads); i++)
        snprintf(o->heads[i], sizeof o->heads[i], "%.*s", STR_ARG(p->headers[i]));
    (void)a;
    if (status == -1) return fail(e, o->how ? o->how : IO, "nobody is there");
    *out = (receipt){.status = status ? status : 200,
                     .wait_ms = o->retry_ms ? o->retry_ms : NONE,
                     .body = S("{\"errcode\":0,\"code\":0}")};
    return true;
}

typedef struct {
    char dir[200], path[240];
    other_side o;
    store *s;
    arena *a;
} room;

static room *room_open(void) {
    err e;
    room *r = mem_new(1, sizeof *r);
    const char *tmp = getenv("TMPDIR");
    snprintf(r->dir, sizeof r->dir, "%s/heed-sender-XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(r->dir));
    snprintf(r->path, sizeof r->path, "%s/heed.db", r->dir);
    world_fake_init(&r->o.fake, T0, 1);
    r->o.fake.w.send = answer;
    store_options so = {.w = &r->o.fake.w, .create = true};
    r->a = arena_open((size_t)64 << 20);
    assert_ok(store_open(str_of(r->path), &so, &r->s, &e));
    return r;
}

static void room_close(room *r) {
    char z[260];
    store_close(r->s);
    arena_close(r->a);
    snprintf(z, sizeof z, "rm -rf '%s'", r->dir);
    assert_int_equal(system(z), 0);
    free(r);
}

static void make_endpoint(room *r, const char *name, const char *by, const char *address,
                          const char *settings) {
    err e;
    endpoint p;
    noun_init(&noun_endpoint, &p);
    p.name = str_of(name);
    p.way = str_of(by);
    p.address = str_of(address);
    p.settings = str_of(settings);
    p.enabled = 1;
    assert_ok(endpoint_check(r->a, &r->o.fake.w, &p, &e));
    assert_ok(endpoint_put(r->s, r->a, &p, &e));
}

static i64 make_deed(room *r, const char *to, const char *key, const char *payload) {
    err e;
    deed d;
    noun_init(&noun_deed, &d);
    d.key = str_of(key);
    d.action = S("send");
    d.state = S("pending");
    d.attempts = 0;
    d.due_at = r->o.fake.clock_ms;
    d.endpoint = str_of(to);
    d.payload = str_of(payload);
    assert_ok(store_put(r->s, &noun_deed, &d, &e));
    return d.id;
}

static deed deed_now(room *r, i64 id) {
    err e;
    deed d;
    assert_ok(store_get(r->s, r->a, &noun_deed, id, &d, &e));
    return d;
}

static endpoint_pace pace_now(room *r, const char *name) {
    err e;
    endpoint_pace p;
    assert_ok(pace_of(r->s, r->a, str_of(name), &p, &e));
    return p;
}

/* Lets time pass from due moment to due moment, at most until the given one. */
static send_counts run_until(room *r, i64 until) {
    err e;
    send_counts all = {0};
    for (;;) {
        send_counts c = {0};
        assert_ok(send_turn(r->s, &r->o.fake.w, NULL, &c, &e));
        all.sent += c.sent;
        all.failed += c.failed;
        all.next_ms = c.next_ms;
        if (c.next_ms > until) return all;
        r->o.fake.clock_ms = MAX(r->o.fake.clock_ms, c.next_ms);
    }
}

#define HOOK "https://hooks.example.org/in"

static void a_message_arrives_once_and_is_signed(void **state) {
    (void)state;
    room *r = room_open();
    make_endpoint(r, "ops", "webhook", HOOK, "{}");
    i64 id = make_deed(
        r, "ops", "k1",
        "{\"type\":\"signal.matched\",\"title\":\"late\",\"text\":\"two weeks\",\"rule\":\"r\"}");
    send_counts c = run_until(r, T0 + DAY_MS);
    assert_int_equal(c.sent, 1);
    assert_int_equal(r->o.tries, 1);
    assert_str(deed_now(r, id).state, S("done"));
    assert_int_equal(pace_now(r, "ops").sent, 1);
    assert_non_null(strstr(r->o.last, "\"type\":\"signal.matched\""));
    assert_non_null(strstr(r->o.last, "\"rule\":\"r\""));
    assert_true(str_starts(str_of(r->o.heads[1]), S("webhook-id: msg_")));
    assert_true(str_starts(str_of(r->o.heads[3]), S("webhook-signature: v1,")));
    room_close(r);
}

static void what_fails_is_tried_by_the_schedule(void **state) {
    (void)state;
    room *r = room_open();
    make_endpoint(r, "ops", "webhook", HOOK, "{}");
    i64 id = make_deed(r, "ops", "k1", "{\"title\":\"late\"}");
    for (int i = 0; i < SEND_ATTEMPTS; i++) r->o.answers[i] = i % 2 ? 500 : -1;
    run_until(r, T0 + 30 * DAY_MS);
    assert_int_equal(r->o.tries, SEND_ATTEMPTS);
    for (i64 i = 1; i < SEND_ATTEMPTS; i++) {
        i64 gap = r->o.at[i] - r->o.at[i - 1], want = send_wait_ms(i);
        assert_true(gap >= want && gap <= want + want / 10);
    }
    assert_str(deed_now(r, id).state, S("failed"));
    assert_true(pace_now(r, "ops").paused.n > 0);
    room_close(r);
}

static void the_schedule_is_that_of_standard_webhooks(void **state) {
    (void)state;
    static const i64 minutes[] = {5, 30, 120, 300, 600, 840, 1200, 1440};
    assert_int_equal(send_wait_ms(1), 5 * SECOND_MS);
    for (size_t i = 0; i < COUNT(minutes); i++)
        assert_int_equal(send_wait_ms((i64)i + 2), minutes[i] * MINUTE_MS);
}

static void the_next_waits_until_the_one_before_has_arrived(void **state) {
    (void)state;
    room *r = room_open();
    make_endpoint(r, "ops", "webhook", HOOK, "{}");
    make_endpoint(r, "other", "webhook", HOOK, "{}");
    i64 first = make_deed(r, "ops", "k1", "{\"title\":\"first\"}");
    i64 second = make_deed(r, "ops", "k2", "{\"title\":\"second\"}");
    r->o.answers[0] = 503;
    run_until(r, T0);
    assert_str(deed_now(r, first).state, S("pending"));
    assert_str(deed_now(r, second).state, S("pending"));
    i64 elsewhere = make_deed(r, "other", "k3", "{\"title\":\"third\"}");
    run_until(r, T0);
    assert_str(deed_now(r, elsewhere).state, S("done")); /* nobody waits for another's endpoint */
    run_until(r, T0 + MINUTE_MS);
    assert_str(deed_now(r, first).state, S("done"));
    assert_str(deed_now(r, second).state, S("done"));
    assert_non_null(strstr(r->o.last, "second"));
    room_close(r);
}

static void an_answer_may_say_how_long_to_wait(void **state) {
    (void)state;
    room *r = room_open();
    make_endpoint(r, "ops", "webhook", HOOK, "{}");
    make_deed(r, "ops", "k1", "{\"title\":\"x\"}");
    r->o.answers[0] = 429;
    r->o.retry_ms = 90 * SECOND_MS;
    run_until(r, T0 + HOUR_MS);
    assert_int_equal(r->o.tries, 2);
    assert_int_equal(r->o.at[1] - r->o.at[0], 90 * SECOND_MS);
    room_close(r);
}

static void gone_pauses_and_nothing_is_lost(void **state) {
    (void)state;
    room *r = room_open();
    err e;
    make_endpoint(r, "ops", "webhook", HOOK, "{}");
    i64 id = make_deed(r, "ops", "k1", "{\"title\":\"x\"}");
    r->o.answers[0] = 410;
    run_until(r, T0 + 30 * DAY_MS);
    assert_int_equal(r->o.tries, 1);
    assert_str(deed_now(r, id).state, S("pending"));
    assert_ok(send_resume(r->s, r->a, S("ops"), r->o.fake.clock_ms, &e));
    run_until(r, T0 + 30 * DAY_MS);
    assert_str(deed_now(r, id).state, S("done"));
    room_close(r);
}

static void a_redirection_is_not_followed(void **state) {
    (void)state;
    room *r = room_open();
    make_endpoint(r, "ops", "webhook", HOOK, "{}");
    i64 id = make_deed(r, "ops", "k1", "{\"title\":\"x\"}");
    r->o.answers[0] = 302;
    run_until(r, T0);
    assert_true(str_find(deed_now(r, id).error, S("redirection")) >= 0);
    room_close(r);
}

static void who_dies_in_between_sends_the_same_id_again(void **state) {
    (void)state;
    room *r = room_open();
    make_endpoint(r, "ops", "webhook", HOOK, "{}");
    i64 id = make_deed(r, "ops", "k1", "{\"title\":\"x\"}");
    char first[400];
    err e;
    endpoint_pace p;
    run_until(r, T0);
    snprintf(first, sizeof first, "%s", r->o.heads[1]);
    deed d = deed_now(r, id); /* as a crash between arrival and its record leaves it */
    d.state = S("pending");
    assert_ok(store_put(r->s, &noun_deed, &d, &e));
    assert_ok(pace_of(r->s, r->a, S("ops"), &p, &e));
    p.held_until = r->o.fake.clock_ms + MINUTE_MS;
    assert_ok(store_put(r->s, &noun_pace, &p, &e));
    run_until(r, T0 + SECOND_MS);
    assert_int_equal(r->o.tries, 1); /* somebody may still be at it */
    run_until(r, T0 + 2 * MINUTE_MS);
    assert_int_equal(r->o.tries, 2);
    assert_string_equal(r->o.heads[1], first);
    room_close(r);
}

static void what_was_broken_off_is_not_counted(void **state) {
    (void)state;
    room *r = room_open();
    make_endpoint(r, "ops", "webhook", HOOK, "{}");
    i64 id = make_deed(r, "ops", "k1", "{\"title\":\"x\"}");
    err e;
    send_counts c = {0};
    r->o.answers[0] = -1;
    r->o.how = BUSY;
    assert_ok(send_turn(r->s, &r->o.fake.w, NULL, &c, &e));
    assert_int_equal(deed_now(r, id).attempts, 0);
    assert_int_equal(pace_now(r, "ops").held_until, NONE);
    room_close(r);
}

static void a_robot_gets_many_deeds_in_one_message_at_its_pace(void **state) {
    (void)state;
    room *r = room_open();
    make_endpoint(r, "group", "wecom", "https://qyapi.example.org/send?key=k", "{}");
    for (int i = 0; i < 120; i++)
        make_deed(r, "group", arena_fmt(r->a, "k%d", i).p, "{\"title\":\"late parcel\"}");
    send_counts c = run_until(r, T0 + MINUTE_MS);
    assert_int_equal(c.sent, 120);
    assert_int_equal(r->o.tries, 3); /* 50, 50, 20 */
    assert_int_equal(r->o.at[1] - r->o.at[0], 3 * SECOND_MS);
    room_close(r);
}

static void a_robots_text_keeps_its_limit_and_says_what_is_left_out(void **state) {
    (void)state;
    room *r = room_open();
    make_endpoint(r, "group", "wecom", "https://qyapi.example.org/send?key=k", "{}");
    str words =
        S("差差差差差差差差差差差差差差差差差差差差差差差差差差差差差差差差差差差差差差差差");
    for (int i = 0; i < 50; i++)
        make_deed(r, "group", arena_fmt(r->a, "k%d", i).p,
                  arena_fmt(r->a, "{\"title\":\"%.*s\"}", STR_ARG(words)).p);
    run_until(r, T0);
    json *doc;
    err e;
    assert_ok(json_read(r->a, str_of(r->o.last), &doc, &e));
    str text = json_get_text(json_get(doc, S("text")), S("content"));
    assert_true(text.n <= 2048 && text.n > 1500);
    assert_true(str_find(text, S("\n\n+")) > 0);
    room_close(r);
}

/* ---- customers ---- */

static i64 hear(room *r, const char *external, const char *who, bool ticketed) {
    err e;
    heard h = {0};
    signal_init(&h.sig);
    h.sig.row.source = S("crm");
    h.sig.row.external_id = str_of(external);
    h.sig.row.occurred_at = r->o.fake.clock_ms;
    h.sig.row.customer = str_of(who);
    h.sig.row.words = S("late again");
    signal_seal(r->a, &h.sig);
    noun_init(&noun_insight, &h.ins.row);
    h.ins.row.quality = S("ok");
    h.ins.row.reader = S("test");
    assert_ok(store_add(r->s, &h, 1, NULL, &e));
    if (!ticketed) return h.sig.row.id;
    ticket t;
    noun_init(&noun_ticket, &t);
    t.deed = str_of(external);
    t.signal_id = h.sig.row.id;
    assert_ok(store_customer_of(r->s, S("email"), S("ann@example.org"), &t.customer_id, &e));
    t.title = S("late");
    t.state = S("open");
    t.priority = S("normal");
    t.opened_at = r->o.fake.clock_ms;
    assert_ok(store_put(r->s, &noun_ticket, &t, &e));
    return h.sig.row.id;
}

static i64 mail(room *r, const char *key, i64 signal_id, const char *purpose) {
    err e;
    i64 id =
        make_deed(r, "mail", key,
                  arena_fmt(r->a,
                            "{\"title\":\"Sorry\",\"text\":\"We are.\",\"audience\":\"customer\","
                            "\"purpose\":\"%s\",\"planned_at\":%" PRId64 "}",
                            purpose, r->o.fake.clock_ms)
                      .p);
    deed d = deed_now(r, id);
    d.signal_id = signal_id;
    assert_ok(store_put(r->s, &noun_deed, &d, &e));
    return id;
}

static room *mail_room(void) {
    room *r = room_open();
    make_endpoint(r, "mail", "email", "smtps://mail.example.org:465",
                  "{\"from\":\"care@example.org\",\"public_url\":\"https://cx.example.org/\"}");
    for (size_t i = 0; i < COUNT(r->o.answers); i++) r->o.answers[i] = 250;
    return r;
}

static void a_customer_is_written_to_and_can_leave(void **state) {
    (void)state;
    room *r = mail_room();
    i64 id = mail(r, "m1", hear(r, "a", "email:ann@example.org", false), "service");
    run_until(r, T0);
    assert_str(deed_now(r, id).state, S("done"));
    assert_non_null(strstr(r->o.last, "To: ann@example.org\r\n"));
    assert_non_null(strstr(r->o.last, "List-Unsubscribe: <https://cx.example.org/leave/"));
    assert_non_null(strstr(r->o.last, "List-Unsubscribe-Post: List-Unsubscribe=One-Click"));
    room_close(r);
}

static void who_left_is_not_written_to(void **state) {
    (void)state;
    err e;
    room *r = mail_room();
    i64 said = hear(r, "a", "email:Ann@example.org", false);
    assert_ok(optout_add(r->s, r->a, S("ann@EXAMPLE.org"), "by_hand", &e));
    i64 id = mail(r, "m1", said, "service");
    run_until(r, T0 + DAY_MS);
    assert_str(deed_now(r, id).state, S("refused"));
    assert_int_equal(r->o.tries, 0);
    room_close(r);
}

static void a_mailbox_that_is_not_there_is_not_written_to_again(void **state) {
    (void)state;
    room *r = mail_room();
    i64 said = hear(r, "a", "email:ann@example.org", false);
    r->o.answers[0] = 550;
    i64 first = mail(r, "m1", said, "service");
    run_until(r, T0);
    i64 second = mail(r, "m2", said, "service");
    run_until(r, T0);
    assert_str(deed_now(r, first).state, S("failed"));
    assert_str(deed_now(r, second).state, S("refused"));
    assert_int_equal(r->o.tries, 1);
    room_close(r);
}

static void one_cap_is_over_all_purposes(void **state) {
    (void)state;
    room *r = mail_room();
    i64 said = hear(r, "a", "email:ann@example.org", false), id[4];
    static const char *const purposes[] = {"service", "survey", "marketing", "service"};
    for (int i = 0; i < 4; i++) id[i] = mail(r, arena_fmt(r->a, "m%d", i).p, said, purposes[i]);
    run_until(r, T0);
    for (int i = 0; i < 3; i++) assert_str(deed_now(r, id[i]).state, S("done"));
    deed last = deed_now(r, id[3]);
    assert_str(last.state, S("pending"));
    assert_int_equal(last.due_at, T0 + 7 * DAY_MS);
    assert_true(str_find(last.error, S("3 messages in 7 days")) >= 0);
    run_until(r, T0 + 7 * DAY_MS);
    assert_str(deed_now(r, id[3]).state, S("done"));
    room_close(r);
}

static void quiet_hours_are_kept_by_the_policys_clock(void **state) {
    (void)state;
    err e;
    room *r = mail_room();
    contact_policy p;
    assert_ok(contact_policy_get(r->s, r->a, &p, &e));
    p.zone = S("+08:00"); /* 12:00 UTC is 20:00 there */
    p.quiet_from = 20 * 60;
    p.quiet_to = 8 * 60 + 30;
    assert_ok(contact_policy_check(r->a, &p, &e));
    assert_ok(store_put(r->s, &noun_contact_policy, &p, &e));
    i64 id = mail(r, "m1", hear(r, "a", "email:ann@example.org", false), "service");
    run_until(r, T0 + HOUR_MS);
    assert_int_equal(deed_now(r, id).due_at, T0 + 12 * HOUR_MS + 30 * MINUTE_MS);
    run_until(r, T0 + DAY_MS);
    assert_int_equal(r->o.at[0], T0 + 12 * HOUR_MS + 30 * MINUTE_MS);
    room_close(r);
}

static void no_survey_while_a_case_is_open(void **state) {
    (void)state;
    err e;
    room *r = mail_room();
    i64 said = hear(r, "a", "email:ann@example.org", true);
    i64 survey = mail(r, "m1", said, "survey"), service = mail(r, "m2", said, "service");
    run_until(r, T0 + 30 * MINUTE_MS);
    assert_str(deed_now(r, survey).state, S("pending"));
    assert_str(deed_now(r, service).state, S("done"));
    ticket t;
    assert_ok(store_find(r->s, r->a, &noun_ticket, S("a"), &t, &e));
    t.state = S("closed");
    t.outcome = S("explained");
    assert_ok(store_put(r->s, &noun_ticket, &t, &e));
    run_until(r, T0 + 2 * HOUR_MS);
    assert_str(deed_now(r, survey).state, S("done"));
    room_close(r);
}

/* Whatever order messages of any purpose come up in, no window of the policy holds more than its cap, and no
** message falls into quiet hours: told by the ledger of what was really sent. */
static void no_schedule_breaks_the_policy(void **state) {
    (void)state;
    for (u64 seed = 1; seed <= 12; seed++) {
        room *r = mail_room();
        static const char *const purposes[] = {"service", "survey", "marketing"};
        world_fake chance;
        world_fake_init(&chance, 0, seed);
        i64 said = hear(r, "a", "email:ann@example.org", false);
        for (int i = 0; i < 40; i++) {
            mail(r, arena_fmt(r->a, "m%d", i).p, said, purposes[chance.w.random(&chance.w) % 3]);
            run_until(r, r->o.fake.clock_ms);
            r->o.fake.clock_ms += (i64)(chance.w.random(&chance.w) % (u64)(20 * HOUR_MS));
        }
        run_until(r, r->o.fake.clock_ms + 10 * DAY_MS);
        assert_true(r->o.tries > 5);
        for (size_t i = 0; i < r->o.tries; i++) {
            i64 minute = r->o.at[i] % DAY_MS / MINUTE_MS;
            assert_true(minute >= 9 * 60 && minute < 21 * 60);
            if (i >= 3) assert_true(r->o.at[i] - r->o.at[i - 3] >= 7 * DAY_MS);
        }
        room_close(r);
    }
}

static void an_address_of_this_machine_is_refused_when_it_is_saved(void **state) {
    (void)state;
    room *r = room_open();
    static const char *const near[] = {"http://127.0.0.1/x", "https://localhost/",
                                       "http://[::1]:9/",    "http://169.254.169.254/latest",
                                       "http://10.0.0.8/",   "http://2130706433/",
                                       "http://0/"};
    err e;
    for (size_t i = 0; i < COUNT(near); i++) {
        endpoint p;
        noun_init(&noun_endpoint, &p);
        p.name = S("x");
        p.way = S("webhook");
        p.address = str_of(near[i]);
        assert_false(endpoint_check(r->a, &r->o.fake.w, &p, &e));
        assert_int_equal(e.code, DENIED);
        p.near = 1;
        assert_ok(endpoint_check(r->a, &r->o.fake.w, &p, &e));
    }
    room_close(r);
}

static void addresses_and_secrets_lie_sealed(void **state) {
    (void)state;
    room *r = room_open();
    make_endpoint(r, "ops", "webhook", HOOK "?key=abc", "{}");
    err e;
    endpoint p;
    str address, secret;
    buf b = {.a = r->a};
    json_out j = json_to(&b);
    assert_ok(store_find(r->s, r->a, &noun_endpoint, S("ops"), &p, &e));
    assert_true(str_starts(p.address, S("sealed:")) && str_starts(p.secret, S("sealed:")));
    assert_ok(endpoint_open(r->s, r->a, &p, &address, &secret, &e));
    assert_str(address, S(HOOK "?key=abc"));
    assert_true(str_starts(secret, S("whsec_")));
    noun_print(&j, &noun_endpoint, &p);
    assert_int_equal(str_find(buf_view(&b), S("abc")), -1);
    assert_true(str_find(buf_view(&b), S("hooks.example.org")) > 0);
    room_close(r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_arrives_once_and_is_signed),
        cmocka_unit_test(what_fails_is_tried_by_the_schedule),
        cmocka_unit_test(the_schedule_is_that_of_standard_webhooks),
        cmocka_unit_test(the_next_waits_until_the_one_before_has_arrived),
        cmocka_unit_test(an_answer_may_say_how_long_to_wait),
        cmocka_unit_test(gone_pauses_and_nothing_is_lost),
        cmocka_unit_test(a_redirection_is_not_followed),
        cmocka_unit_test(who_dies_in_between_sends_the_same_id_again),
        cmocka_unit_test(what_was_broken_off_is_not_counted),
        cmocka_unit_test(a_robot_gets_many_deeds_in_one_message_at_its_pace),
        cmocka_unit_test(a_robots_text_keeps_its_limit_and_says_what_is_left_out),
        cmocka_unit_test(a_customer_is_written_to_and_can_leave),
        cmocka_unit_test(who_left_is_not_written_to),
        cmocka_unit_test(a_mailbox_that_is_not_there_is_not_written_to_again),
        cmocka_unit_test(one_cap_is_over_all_purposes),
        cmocka_unit_test(quiet_hours_are_kept_by_the_policys_clock),
        cmocka_unit_test(no_survey_while_a_case_is_open),
        cmocka_unit_test(no_schedule_breaks_the_policy),
        cmocka_unit_test(an_address_of_this_machine_is_refused_when_it_is_saved),
        cmocka_unit_test(addresses_and_secrets_lie_sealed),
    };
    return RUN_TESTS(tests);
}
