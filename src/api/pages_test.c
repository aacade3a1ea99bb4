/* pages_test.c - the data pages against a real store: signals in, and every question about them. */
#include "api/pages_test.h"
#include "understand/journey.h"
#include "understand/measure.h"

/* Thirty answers of three kinds, ten of them with a complaint. */
static void fill(pages_house *h) {
    buf b = {.a = h->a};
    buf_char(&b, '[');
    for (int i = 0; i < 30; i++)
        buf_fmt(
            &b,
            "%s{\"source\":\"survey\",\"external_id\":\"s%d\",\"channel\":\"%s\",\"words\":\"%s "
            "%d\",\"score:nps\":%d,\"occurred_at\":\"2026-0%d-10T08:00:00Z\",\"customer\":"
            "\"member:%d\",\"attributes\":{\"city\":\"%s\",\"age\":%d}}",
            i ? "," : "", i, i % 2 ? "call" : "web",
            i % 3 == 0 ? "the delivery was very slow and late" : "the staff were friendly", i,
            i % 3 == 0 ? 1 : 10, 1 + i % 5, i, i % 2 ? "Graz" : "\xe4\xb8\x8a\xe6\xb5\xb7", 20 + i);
    buf_char(&b, ']');
    buf_char(&b, 0);
    reply r = post(h, "/api/v1/signals", b.p);
    assert_status(r, 200);
    assert_int_equal(json_get_int(r.doc, S("added")), 30);
}

static void what_is_posted_is_counted_at_once(void **state) {
    (void)state;
    pages_house *h = pages_open();
    fill(h);
    reply r = get(h, "/api/v1/tally?metric=count");
    assert_true(says(r, "\"value\":30"));
    r = get(h, "/api/v1/values?column=channel");
    assert_true(says(r, "{\"value\":\"call\",\"n\":15}") &&
                says(r, "{\"value\":\"web\",\"n\":15}"));
    r = get(h, "/api/v1/columns");
    assert_true(says(r, "\"name\":\"city\",\"kind\":\"text\"") &&
                says(r, "\"name\":\"score:nps\""));
    r = get(h, "/api/v1/sources");
    assert_true(
        says(r, "\"source\":\"survey\",\"signals\":30,\"newest\":\"2026-05-10T08:00:00Z\""));
    assert_true(says(get(h, "/api/v1/metrics-list"), "\"name\":\"nps\""));
    assert_true(says(get(h, "/api/v1/taxonomy"), "\"id\":\"delivery.speed\""));
    assert_true(says(get(h, "/api/v1/departments"), "\"name\":\"logistics\""));
    pages_close(h);
}

static void the_tally_equals_the_engine_to_the_byte(void **state) {
    (void)state;
    pages_house *h = pages_open();
    err e;
    fill(h);
    measure_question q = {.metric = S("nps"), .minimum_n = NONE};
    measure_answer m;
    buf b = {.a = h->a};
    json_out j = json_to(&b);
    assert_ok(measure_by(h->a, S("channel,month(occurred_at)"), &q.by, &q.by_n, &e));
    assert_ok(expr_parse(h->a, S("city = 'Graz' or age >= 25"), 0, &q.where, &e));
    assert_ok(measure(h->t, h->s, h->a, &q, &m, &e));
    measure_print(&j, h->a, &q, &m);
    reply r = get(h, "/api/v1/tally?metric=nps&by=channel,month(occurred_at)"
                     "&where=city+%3D+%27Graz%27+or+age+%3E%3D+25");
    assert_status(r, 200);
    assert_str(r.body, buf_view(&b));
    assert_true(says(r, "\"definition\":") && says(r, "\"newest\":") && says(r, "\"low\":"));
    r = talk(h, "POST", "/api/v1/tally", "",
             S("{\"metric\":\"nps\",\"by\":\"channel,month(occurred_at)\",\"where\":\"city = "
               "'Graz' or age >= "
               "25\"}"));
    assert_status(r, 200);
    assert_str(r.body, buf_view(&b));
    r = talk(h, "POST", "/api/v1/tally", "",
             S("{\"metric\":\"nps\",\"by\":\"channel\",\"versus\":\"age >= "
               "25\",\"top\":1,\"zone\":\"+08:00\"}"));
    assert_true(says(r, "\"change\":") && says(r, "\"before\":{\"signals\":"));
    assert_status(talk(h, "POST", "/api/v1/tally", "", S("{\"metric\":\"nps\",\"bye\":1}")), 400);
    assert_status(talk(h, "POST", "/api/v1/tally", "", S("{\"metric\":\"nps\",\"top\":0}")), 400);
    assert_status(talk(h, "POST", "/api/v1/tally", "", S("[]")), 400);
    pages_close(h);
}

static void voices_are_walked_page_by_page_without_gap_or_repeat(void **state) {
    (void)state;
    pages_house *h = pages_open();
    bool seen[31] = {0};
    i64 n = 0, pages_seen = 0;
    str cursor = S("");
    fill(h);
    do {
        reply r = get(h, arena_fmt(h->a, "/api/v1/voices?limit=7&cursor=%.*s", STR_ARG(cursor)).p);
        assert_status(r, 200);
        assert_int_equal(json_get_int(r.doc, S("total")), 30);
        for (const json *v = json_get(r.doc, S("voices"))->first; v; v = v->next, n++) {
            i64 id = json_get_int(v, S("id"));
            assert_true(id >= 1 && id <= 30 && !seen[id]);
            seen[id] = true;
        }
        cursor = json_get_text(r.doc, S("next_cursor"));
        pages_seen++;
    } while (cursor.n);
    assert_int_equal(n, 30);
    assert_int_equal(pages_seen, 5);
    assert_status(get(h, "/api/v1/voices?cursor=v12"), 400);
    assert_status(get(h, "/api/v1/voices?limit=0"), 400);
    pages_close(h);
}

static void one_signal_has_an_etag(void **state) {
    (void)state;
    pages_house *h = pages_open();
    fill(h);
    reply r = get(h, "/api/v1/signals/4");
    assert_true(r.status == 200 && says(r, "\"external_id\":\"s3\"") &&
                says(r, "\"aspect\":\"delivery.speed\""));
    str tag = field_of(r, "ETag");
    assert_true(tag.n > 10);
    str again = arena_fmt(h->a, "If-None-Match: %.*s\r\n", STR_ARG(tag));
    assert_status(talk(h, "GET", "/api/v1/signals/4", again.p, NO_STR), 304);
    assert_status(get(h, "/api/v1/signals/99"), 404);
    assert_status(get(h, "/api/v1/signals/x"), 404);
    pages_close(h);
}

static void original_words_are_told_by_right_and_written_down(void **state) {
    (void)state;
    pages_house *h = pages_open();
    post(h, "/api/v1/signals", "{\"words\":\"call me at anna@example.org please\"}");
    reply r = get(h, "/api/v1/signals/1");
    assert_true(r.status == 200 && str_find(r.body, S("anna@example.org")) < 0);
    r = get(h, "/api/v1/signals/1?original=1");
    assert_status(r, 200);
    assert_true(says(r, "\"original\":\"call me at anna@example.org please\""));
    assert_true(says(get(h, "/api/v1/audit"), "\"deed\":\"look\""));
    pages_close(h);
}

static void pains_and_delights_name_what_was_said(void **state) {
    (void)state;
    pages_house *h = pages_open();
    fill(h);
    reply r = get(h, "/api/v1/pains?lang=zh-CN");
    assert_true(r.status == 200 && says(r, "\"aspect\":\"delivery.speed\"") && says(r, "\"n\":10"));
    r = get(h, "/api/v1/delights");
    assert_true(r.status == 200 && says(r, "\"delights\":[{") && says(r, "friendly"));
    pages_close(h);
}

/* ---- signals in ---- */

static void a_broken_line_is_told_and_the_others_go_in(void **state) {
    (void)state;
    pages_house *h = pages_open();
    reply r = talk(h, "POST", "/api/v1/signals", "Content-Type: application/x-ndjson\r\n",
                   S("{\"words\":\"one\",\"external_id\":\"1\"}\n\n{\"words\":\"two\",\n"
                     "{\"words\":\"three\",\"external_id\":\"1\"}\n{\"colour\":\"red\"}\n"
                     "{\"score:nps\":\"ten\"}\n{}\n{\"words\":\"four\"}"));
    assert_status(r, 207);
    assert_int_equal(json_get_int(r.doc, S("added")), 2);
    assert_int_equal(json_get_int(r.doc, S("known")), 1);
    assert_int_equal(json_get_int(r.doc, S("rejected")), 4);
    assert_true(says(r, "\"index\":1,\"status\":\"rejected\"") && says(r, "colour") &&
                says(r, "wants a number") && says(r, "\"index\":6,\"id\":2,\"status\":\"added\""));
    pages_close(h);
}

static void bad_bodies_get_a_sentence(void **state) {
    (void)state;
    pages_house *h = pages_open();
    static const char *const bad[] = {"", "[]", "[1,", "nonsense"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        reply r = post(h, "/api/v1/signals", bad[i]);
        assert_status(r, 400);
        assert_true(json_get_text(r.doc, S("detail")).n > 5);
    }
    reply r = post(h, "/api/v1/signals", "[7, {\"attributes\":{\"a\":[1]}, \"words\":\"x\"}]");
    assert_true(r.status == 207 && says(r, "\"rejected\":2") &&
                says(r, "wants a text or a number"));
    pages_close(h);
}

static void a_replay_is_told_the_same_again_and_stores_nothing(void **state) {
    (void)state;
    pages_house *h = pages_open();
    const char *key = "Content-Type: application/json\r\nIdempotency-Key: till-7\r\n";
    str body = S("[{\"words\":\"fine\"},{\"words\":\"bad\"}]");
    reply first = talk(h, "POST", "/api/v1/signals", key, body);
    reply second = talk(h, "POST", "/api/v1/signals", key, body);
    assert_status(first, 200);
    assert_str(second.body, first.body);
    assert_str(field_of(second, "Idempotent-Replayed"), S("true"));
    assert_int_equal(store_signal_count(h->s), 2);
    assert_status(talk(h, "POST", "/api/v1/signals", key, S("[{\"words\":\"other\"}]")), 409);
    assert_status(
        talk(h, "POST", "/api/v1/signals", "Idempotency-Key: a b\r\n", S("{\"words\":\"x\"}")),
        400);
    pages_stop(h);
    pages_start(h);
    assert_str(talk(h, "POST", "/api/v1/signals", key, body).body, first.body);
    pages_close(h);
}

typedef struct {
    int port, who;
    i64 acked;
    pthread_t thread;
} sender;

enum { SENDERS = 8, SENT_EACH = 25 };

static void *send_all(void *arg) {
    sender *s = arg;
    for (int i = 0; i < SENT_EACH; i++) {
        arena *a = arena_open((size_t)32 << 20);
        str body = arena_fmt(a,
                             "[{\"external_id\":\"t%d-%d\",\"words\":\"w %d\"},{\"external_id\":"
                             "\"shared-%d\",\"words\":\"s\"}]",
                             s->who, i, i, i);
        reply r = talk_in(a, s->port, "POST", "/api/v1/signals", "", body);
        if (r.status == 200) s->acked += json_get_int(r.doc, S("added"));
        arena_close(a);
    }
    return NULL;
}

static void many_senders_at_once_store_each_signal_once(void **state) {
    (void)state;
    pages_house *h = pages_open();
    sender all[SENDERS];
    i64 acked = 0;
    for (int i = 0; i < SENDERS; i++) {
        all[i] = (sender){.port = h->port, .who = i};
        assert_int_equal(pthread_create(&all[i].thread, NULL, send_all, &all[i]), 0);
    }
    for (int i = 0; i < 20; i++) assert_status(get(h, "/api/v1/tally?metric=count&by=source"), 200);
    for (int i = 0; i < SENDERS; i++) {
        pthread_join(all[i].thread, NULL);
        acked += all[i].acked;
    }
    assert_int_equal(acked, SENDERS * SENT_EACH + SENT_EACH);
    assert_int_equal(store_signal_count(h->s), acked);
    pages_stop(h);
    pages_start(h);
    assert_true(
        says(get(h, "/api/v1/tally?metric=count"), arena_fmt(h->a, "\"value\":%" PRId64, acked).p));
    pages_close(h);
}

/* ---- rules and tickets ---- */

static void a_rule_acts_on_the_next_signal_and_its_ticket_closes_with_an_outcome(void **state) {
    (void)state;
    pages_house *h = pages_open();
    reply r = post(h, "/api/v1/rules",
                   "{\"name\":\"late\",\"condition\":\"words ~ 'late'\",\"action\":\"ticket\","
                   "\"params\":{\"department\":\"logistics\",\"due\":\"4h\"}}");
    assert_status(r, 201);
    assert_status(post(h, "/api/v1/signals", "{\"words\":\"it came late\"}"), 200);
    r = get(h, "/api/v1/tickets?where=state+%3D+%27open%27+and+words+~+%27late%27");
    assert_int_equal(json_get_int(r.doc, S("total")), 1);
    r = get(h, "/api/v1/tickets/1");
    assert_true(says(r, "\"voice\":{\"id\":1") && says(r, "\"department\":\"logistics\""));
    str match = arena_fmt(h->a, "If-Match: %.*s\r\n", STR_ARG(field_of(r, "ETag")));
    assert_status(talk(h, "PATCH", "/api/v1/tickets/1", match.p, S("{\"state\":\"closed\"}")), 409);
    assert_status(talk(h, "PATCH", "/api/v1/tickets/1", "", S("{\"title\":\"x\"}")), 400);
    assert_status(talk(h, "PATCH", "/api/v1/tickets/1", "", S("{\"state\":\"gone\"}")), 400);
    assert_status(talk(h, "PATCH", "/api/v1/tickets/1", "", S("{\"department\":\"moon\"}")), 400);
    r = talk(h, "PATCH", "/api/v1/tickets/1", match.p,
             S("{\"state\":\"closed\",\"outcome\":\"explained\",\"owner\":\"li\"}"));
    assert_true(r.status == 200 && says(r, "\"state\":\"closed\"") && says(r, "\"owner\":\"li\""));
    assert_true(str_find(r.body, S("\"closed_at\":null")) < 0);
    assert_status(talk(h, "PATCH", "/api/v1/tickets/1", match.p, S("{\"state\":\"open\"}")), 412);
    r = talk(h, "PATCH", "/api/v1/tickets/1", "", S("{\"state\":\"open\"}"));
    assert_true(r.status == 200 && says(r, "\"outcome\":null") && says(r, "\"closed_at\":null"));
    assert_status(get(h, "/api/v1/tickets/9"), 404);
    pages_close(h);
}

static void rules_are_tried_changed_and_deleted(void **state) {
    (void)state;
    pages_house *h = pages_open();
    fill(h);
    reply r = post(h, "/api/v1/rules/try", "{\"condition\":\"score:nps <= 2\"}");
    assert_int_equal(json_get_int(r.doc, S("matches")), 10);
    assert_int_equal(json_get_int(r.doc, S("signals")), 30);
    assert_status(post(h, "/api/v1/rules/try", "{\"condition\":\"score:nps <\"}"), 400);
    assert_status(
        post(h, "/api/v1/rules", "{\"name\":\"x\",\"condition\":\"a = \",\"action\":\"tag\"}"),
        400);
    r = post(h, "/api/v1/rules",
             "{\"name\":\"low\",\"condition\":\"score:nps <= 2\",\"action\":"
             "\"tag\",\"params\":{\"tag\":\"low\"}}");
    assert_status(r, 201);
    str path = field_of(r, "Location");
    assert_status(post(h, "/api/v1/rules",
                       "{\"name\":\"low\",\"condition\":\"true\",\"action\":\"tag\","
                       "\"params\":{\"tag\":\"x\"}}"),
                  409);
    post(h, "/api/v1/signals", "{\"external_id\":\"a\",\"score:nps\":1}");
    const char *at = arena_str(h->a, path).p;
    r = talk(h, "PATCH", at, "", S("{\"enabled\":false}"));
    assert_true(r.status == 200 && says(r, "\"enabled\":false") && says(r, "\"version\":2"));
    post(h, "/api/v1/signals", "{\"external_id\":\"b\",\"score:nps\":1}");
    assert_true(says(get(h, "/api/v1/signals/31"), "\"tags\":[\"low\"]"));
    assert_true(says(get(h, "/api/v1/signals/32"), "\"tags\":[]"));
    assert_status(talk(h, "DELETE", at, "", NO_STR), 204);
    assert_status(talk(h, "DELETE", at, "", NO_STR), 404);
    pages_close(h);
}

static void metrics_count_what_was_asked(void **state) {
    (void)state;
    pages_house *h = pages_open();
    get(h, "/livez");
    get(h, "/nowhere");
    reply m = get(h, "/metrics");
    assert_true(says(m, "\nheed_http_requests_total{class=\"2xx\"} 1\n"));
    assert_true(says(m, "\nheed_http_requests_total{class=\"4xx\"} 1\n"));
    assert_true(says(m, "\nheed_http_connections_accepted_total 3\n"));
    assert_true(says(m, "le=\"+Inf\"} 2\n"));
    post(h, "/api/v1/signals", "[{\"words\":\"a\",\"external_id\":\"1\"},{\"words\":\"b\"}]");
    post(h, "/api/v1/signals", "{\"words\":\"a\",\"external_id\":\"1\"}");
    m = get(h, "/metrics");
    assert_true(says(m, "\nheed_signals_acknowledged_total 3\n"));
    assert_true(says(m, "\nheed_signals_added_total 2\n") &&
                says(m, "\nheed_signals_known_total 1\n"));
    assert_true(says(m, "\nheed_batches_total 2\n") && says(m, "\nheed_tally_rows 2\n"));
    assert_true(says(m, "\nheed_imports{state=\"finished\"} 0\n"));
    assert_true(says(m, "\nheed_build_info{version=\""));
    pages_close(h);
}

static void listeners_hear_of_new_signals(void **state) {
    (void)state;
    pages_house *h = pages_open();
    char wire[4000];
    int fd = dial(h->port);
    assert_true(
        say(fd, arena_fmt(h->a, "GET /api/v1/events HTTP/1.1\r\nHost: x\r\n%s\r\n", pages_key)));
    hear_until(fd, wire, sizeof wire, "\r\n\r\n", PATIENT_MS);
    post(h, "/api/v1/signals", "[{\"words\":\"a\"},{\"words\":\"b\"}]");
    str got = hear_until(fd, wire, sizeof wire, "}", PATIENT_MS);
    assert_true(str_find(got, S("event: signals\ndata: {\"added\":2,\"total\":2}")) >= 0);
    close(fd);
    pages_close(h);
}

/* ---- files ---- */

static reply wait_for_import(pages_house *h, const char *path) {
    for (int i = 0; i < PATIENT_MS / 20; i++) {
        reply r = get(h, path);
        str state = json_get_text(r.doc, S("state"));
        if (str_eq(state, S("finished")) || str_eq(state, S("failed"))) return r;
        usleep(20 * 1000);
    }
    fail_msg("the import never ended");
    return (reply){0};
}

static void a_file_is_uploaded_planned_changed_started_and_followed(void **state) {
    (void)state;
    pages_house *h = pages_open();
    reply r = talk(h, "POST", "/api/v1/imports?name=old%2Freviews.csv", "",
                   S("remark,nps,when\nfine,9,2026-01-02\n\"slow, late\",1,2026-01-03\nbad,x,"
                     "2026-01-04\n"));
    assert_status(r, 201);
    assert_true(says(r, "\"source\":\"reviews\"") && says(r, "\"field\":\"words\"") &&
                says(r, "\"state\":\"planned\"") && says(r, "\"total\":3"));
    const char *at = arena_str(h->a, field_of(r, "Location")).p,
               *plan = arena_fmt(h->a, "%s/plan", at).p, *start = arena_fmt(h->a, "%s/start", at).p;
    assert_status(post(h, plan, "{\"map\":{\"words\":\"no such\"}}"), 400);
    assert_status(post(h, plan, "{\"colour\":1}"), 400);
    r = post(h, plan, "{\"map\":{\"score:nps\":\"nps\"},\"set\":{\"channel\":\"web\"}}");
    assert_true(r.status == 200 && says(r, "\"field\":\"score:nps\",\"why\":\"told\""));
    assert_true(says(get(h, at), "\"set\":{\"channel\":\"web\"}"));
    assert_status(talk(h, "POST", start, "", S("")), 202);
    r = wait_for_import(h, at);
    assert_true(says(r, "\"state\":\"finished\"") && says(r, "\"added\":2") &&
                says(r, "\"rejected\":1"));
    assert_status(talk(h, "POST", start, "", S("")), 409);
    r = get(h, arena_fmt(h->a, "%s/rejects", at).p);
    assert_true(r.status == 200 && says(r, "heed_reason") && says(r, "bad,x,2026-01-04,4"));
    assert_true(says(get(h, "/api/v1/tally?metric=count&by=channel"), "\"web\"},\"signals\":2"));
    assert_true(says(get(h, "/api/v1/imports"), "\"file\":\"reviews.csv\""));
    assert_status(get(h, "/api/v1/imports/77"), 404);
    pages_close(h);
}

static void what_is_no_table_is_refused_and_leaves_no_file(void **state) {
    (void)state;
    pages_house *h = pages_open();
    char z[300];
    reply r = talk(h, "POST", "/api/v1/imports?name=x.png", "", (str){"\x89PNG\0\0\0\0\0\1", 10});
    assert_status(r, 400);
    assert_true(json_get_text(r.doc, S("detail")).n > 10);
    assert_status(talk(h, "POST", "/api/v1/imports?name=x.csv", "", S("")), 400);
    assert_status(talk(h, "POST", "/api/v1/imports", "", S("a,b\n1,2\n")), 400);
    snprintf(z, sizeof z, "test -z \"$(ls '%s.spool')\"", h->path);
    assert_int_equal(system(z), 0);
    assert_true(says(get(h, "/api/v1/imports"), "\"imports\":[]"));
    pages_close(h);
}

static void an_import_goes_on_after_a_restart(void **state) {
    (void)state;
    pages_house *h = pages_open();
    buf b = {.a = h->a};
    buf_str(&b, S("id,text\n"));
    for (int i = 0; i < 12000; i++) buf_fmt(&b, "%d,remark number %d\n", i, i);
    reply r = talk(h, "POST", "/api/v1/imports?name=many.csv", "", buf_view(&b));
    assert_status(r, 201);
    const char *at = arena_str(h->a, field_of(r, "Location")).p;
    talk(h, "POST", arena_fmt(h->a, "%s/start", at).p, "", S(""));
    pages_stop(h); /* after its first batch at the latest */
    pages_start(h);
    r = wait_for_import(h, at);
    assert_true(says(r, "\"state\":\"finished\"") && says(r, "\"records\":12000") &&
                says(r, "\"added\":12000"));
    assert_int_equal(store_signal_count(h->s), 12000);
    pages_close(h);
}

/* ---- other doors ---- */

static void segment_calls_become_signals_once_each(void **state) {
    (void)state;
    pages_house *h = pages_open();
    const char *batch =
        "{\"batch\":[{\"type\":\"track\",\"event\":\"order_paid\",\"userId\":\"u1\",\"messageId\":"
        "\"m1\",\"timestamp\":\"2026-03-01T10:00:00.000Z\",\"context\":{\"ip\":\"10.1.2.3\"},"
        "\"properties\":{\"revenue\":12.5,\"currency\":\"EUR\",\"nps\":9,\"cart\":{\"size\":2},"
        "\"tags\":[1,2],\"comment\":\"quick delivery\"}},{\"type\":\"page\",\"anonymousId\":\"a1\","
        "\"name\":\"home\",\"messageId\":\"m2\"},{\"type\":\"dance\",\"messageId\":\"m3\"},"
        "{\"type\":\"track\",\"messageId\":\"m4\"}],\"sentAt\":\"2026-03-01T10:00:01Z\"}";
    reply r = post(h, "/v1/batch", batch);
    assert_status(r, 200);
    assert_true(says(r, "\"success\":true") && says(r, "\"added\":2") && says(r, "\"index\":2") &&
                says(r, "\"index\":3"));
    assert_true(says(post(h, "/v1/batch", batch), "\"added\":0,\"known\":2"));
    r = get(h, "/api/v1/signals/1");
    assert_true(says(r, "\"event\":\"order_paid\"") && says(r, "\"customer\":\"user:u1\"") &&
                says(r, "\"amount\":12.5") && says(r, "\"score:nps\":9") &&
                says(r, "\"cart.size\":2") && says(r, "\"tags\":\"[1,2]\"") &&
                says(r, "\"words\":\"quick delivery\"") && says(r, "\"source\":\"tests\""));
    assert_true(str_find(r.body, S("10.1.2.3")) < 0);
    assert_status(post(h, "/v1/identify", "{\"userId\":\"u1\",\"traits\":{\"plan\":\"gold\"}}"),
                  200);
    assert_true(says(get(h, "/api/v1/signals/3"), "\"plan\":\"gold\""));
    assert_status(post(h, "/v1/track", "{\"userId\":\"u1\"}"), 400);
    assert_status(post(h, "/v1/batch", "{\"batch\":7}"), 400);
    pages_close(h);
}

static void a_write_key_may_stand_in_the_body(void **state) {
    (void)state;
    pages_house *h = pages_open();
    char kept[sizeof pages_key];
    memcpy(kept, pages_key, sizeof kept);
    str key = str_trim(str_from(str_of(kept), sizeof "Authorization: Bearer " - 1));
    pages_key[0] = 0;
    str body = arena_fmt(h->a,
                         "{\"batch\":[{\"type\":\"track\",\"event\":\"a\",\"messageId\":\"m\"}],"
                         "\"writeKey\":\"%.*s\"}",
                         STR_ARG(key));
    assert_status(talk(h, "POST", "/v1/batch", "", body), 200);
    body = S("{\"batch\":[{\"type\":\"track\",\"event\":\"a\"}],\"writeKey\":\"heed_key_no\"}");
    assert_status(talk(h, "POST", "/v1/batch", "", body), 401);
    assert_status(talk(h, "POST", "/v1/batch", "", S("{\"batch\":[]}")), 401);
    assert_status(talk(h, "POST", "/v1/batch", "", S("nonsense")), 401);
    assert_status(talk(h, "POST", "/api/v1/signals", "", body), 401);
    memcpy(pages_key, kept, sizeof kept);
    assert_int_equal(store_signal_count(h->s), 1);
    pages_close(h);
}

static void exported_cells_are_no_formulas(void **state) {
    (void)state;
    pages_house *h = pages_open();
    post(h, "/api/v1/signals",
         "[{\"words\":\"=cmd|' /C calc'!A0\",\"external_id\":\"a\",\"channel\":\"@x\"},"
         "{\"words\":\"say \\\"hi\\\", twice\",\"external_id\":\"b\",\"channel\":\"-1\"}]");
    reply r = get(h, "/api/v1/export?what=voices");
    assert_status(r, 200);
    assert_true(says(r, "\"'=cmd|' /C calc'!A0\"") && says(r, "\"'@x\"") && says(r, "\"'-1\"") &&
                says(r, "\"say \"\"hi\"\", twice\""));
    r = get(h, "/api/v1/export?what=tally&metric=count&by=channel");
    assert_true(
        says(r, "channel,metric,definition,signals,value,low,high,n,missing,invalid,reason\r\n") &&
        says(r, "\"'@x\",count,"));
    r = get(h, "/api/v1/export?what=voices&format=jsonl&where=external_id+%3D+%27b%27");
    assert_status(r, 400);
    r = get(h, "/api/v1/export?what=voices&format=jsonl");
    size_t lines = 0;
    for (size_t i = 0; i < r.body.n; i++) lines += r.body.p[i] == '\n';
    assert_int_equal(lines, 2);
    assert_status(get(h, "/api/v1/export?what=everything"), 400);
    pages_close(h);
}

static void a_long_export_holds_every_voice_once(void **state) {
    (void)state;
    pages_house *h = pages_open();
    buf b = {.a = h->a};
    for (int i = 0; i < 1203; i++) buf_fmt(&b, "{\"words\":\"w\",\"external_id\":\"n%d\"}\n", i);
    assert_status(
        talk(h, "POST", "/api/v1/signals", "Content-Type: application/x-ndjson\r\n", buf_view(&b)),
        200);
    str body = get(h, "/api/v1/export?what=voices&format=jsonl").body, line;
    bool seen[1204] = {0};
    size_t n = 0;
    for (; body.n; n++) {
        err e;
        json *v;
        str_line(&body, &line);
        assert_ok(json_read(h->a, line, &v, &e));
        i64 id = json_get_int(v, S("id"));
        assert_true(id >= 1 && id <= 1203 && !seen[id]);
        seen[id] = true;
    }
    assert_int_equal(n, 1203);
    pages_close(h);
}

static void note_route(void *ctx, const route *r) {
    const json *paths = ctx;
    str path = str_of(r->path);
    if (!str_starts(path, S("/api/")) || str_find(path, S("*}")) >= 0) return;
    char method[16] = "";
    for (size_t i = 0; http_method_text(r->method)[i] && i < 15; i++)
        method[i] = (char)(http_method_text(r->method)[i] | 0x20);
    const json *operation = json_get(json_get(paths, path), str_of(method));
    if (!operation || !json_get_text(operation, S("summary")).n)
        fail_msg("%s %s is not described", method, r->path);
}

static void every_route_is_described(void **state) {
    (void)state;
    pages_house *h = pages_open();
    reply r = get(h, "/api/v1/openapi.json");
    assert_status(r, 200);
    assert_non_null(r.doc);
    assert_str(json_get_text(r.doc, S("openapi")), S("3.1.0"));
    union { /* the walker hands its context on as it is */
        const json *in;
        void *out;
    } paths = {json_get(r.doc, S("paths"))};
    router_each(h->x.router, note_route, paths.out);
    pages_close(h);
}

static void a_model_is_taught_asked_and_taken_back(void **state) {
    (void)state;
    pages_house *h = pages_open();
    buf b = {.a = h->a};
    buf_str(&b, S("{\"task\":\"topic\",\"examples\":["));
    static const char *const fill[] = {"then", "there", "today", "we saw", "it was", "my", "this"};
    for (int i = 0; i < 60; i++)
        buf_fmt(&b, "%s{\"text\":\"%s %s %s\",\"label\":\"%s\"}", i ? "," : "", fill[i % 7],
                i % 2 ? "parcel late courier" : "charged twice on the bill", fill[i / 7 % 7],
                i % 2 ? "delivery" : "billing");
    buf_str(&b, S("]}"));
    buf_char(&b, 0);
    reply r = post(h, "/api/v1/models", b.p);
    assert_status(r, 201);
    assert_true(says(r, "\"name\":\"topic-1\"") && says(r, "\"state\":\"in_use\""));
    assert_true(says(get(h, "/api/v1/models"), "\"macro_f1\""));
    assert_true(says(get(h, "/api/v1/models/1"), "\"card\":{"));
    r = post(h, "/api/v1/models/1/ask", "{\"text\":\"where is my PARCEL\"}");
    assert_status(r, 200);
    assert_true(says(r, "\"class\":\"delivery\"") && says(r, "\"reasons\":[{\"text\":"));
    assert_status(post(h, "/api/v1/models/1/ask", "{}"), 400);
    assert_true(says(post(h, "/api/v1/models/1/back", "{}"), "\"state\":\"kept\""));
    assert_status(post(h, "/api/v1/models/1/back", "{}"), 409);
    assert_true(says(post(h, "/api/v1/models/1/use", "{}"), "\"state\":\"in_use\""));
    assert_status(get(h, "/api/v1/models/7"), 404);
    assert_status(post(h, "/api/v1/models", "{\"task\":\"../x\"}"), 400);
    assert_status(post(h, "/api/v1/models", "{\"task\":\"topic\",\"from\":\"self\"}"), 400);
    assert_status(post(h, "/api/v1/models", "{\"task\":\"sentiment\",\"from\":\"self\"}"), 400);
    assert_status(post(h, "/api/v1/models", "{\"task\":\"topic\",\"examples\":[{}]}"), 400);
    pages_close(h);
}

static void a_method_answers_by_name(void **state) {
    (void)state;
    pages_house *h = pages_open();
    assert_true(says(get(h, "/api/v1/calc"), "\"name\":\"csat\""));
    reply r = post(h, "/api/v1/calc/csat", "{\"counts_1_to_5\":[1,2,3,10,4]}");
    assert_status(r, 200);
    assert_true(says(r, "\"top2\":70"));
    assert_status(post(h, "/api/v1/calc/nothing", "{}"), 404);
    r = post(h, "/api/v1/calc/csat", "{\"counts_1_to_5\":\"x\"}");
    assert_status(r, 400);
    pages_close(h);
}

static void a_walk_over_http_equals_the_engine_to_the_byte(void **state) {
    (void)state;
    pages_house *h = pages_open();
    err e;
    json *tree;
    journey q;
    journey_answer x;
    buf b = {.a = h->a};
    json_out j = json_to(&b);
    const char *ask =
        "{\"kind\":\"funnel\",\"case\":\"source\",\"steps\":[\"channel = 'web'\","
        "\"phone := channel = 'phone'\"],\"by\":\"month(occurred_at)\",\"entry\":\"each\"}";
    fill(h);
    assert_ok(json_read(h->a, str_of(ask), &tree, &e) && journey_read(h->a, tree, &q, &e));
    assert_ok(journey_ask(h->t, h->a, &q, &x, &e));
    x.cost.indexed = 0; /* the first question put the rows in order */
    journey_print(&j, h->a, &q, &x);
    reply r = post(h, "/api/v1/walk", ask);
    assert_status(r, 200);
    assert_str(r.body, buf_view(&b));
    assert_true(says(r, "\"groups\":[{\"key\":\"20"));
    r = post(h, "/api/v1/walk", "{\"kind\":\"funnel\"}");
    assert_status(r, 400);
    assert_true(says(r, "one step or more"));
    r = post(h, "/api/v1/walk", "{\"kind\":\"follows\",\"where\":\"chanel = 'web'\"}");
    assert_status(r, 400);
    assert_true(says(r, "did you mean"));
    pages_close(h);
}

static void every_page_is_on_the_table(void **state) {
    (void)state;
    static const char *const names[] = {"alerts",     "reports",   "calc",    "columns", "contact",
                                        "dashboards", "endpoints", "events",  "export",  "outbox",
                                        "imports",    "measures",  "openapi", "rules",   "segment",
                                        "signals",    "sources",   "tally",   "tickets", "ui",
                                        "voices",     "walk"};
    for (size_t i = 0; i < COUNT(names); i++) {
        size_t found = 0;
        for (size_t k = 0; k < pages_n; k++)
            found += str_eq(str_of(pages[k]->name), str_of(names[i]));
        assert_int_equal(found, 1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_model_is_taught_asked_and_taken_back),
        cmocka_unit_test(a_method_answers_by_name),
        cmocka_unit_test(what_is_posted_is_counted_at_once),
        cmocka_unit_test(the_tally_equals_the_engine_to_the_byte),
        cmocka_unit_test(a_walk_over_http_equals_the_engine_to_the_byte),
        cmocka_unit_test(voices_are_walked_page_by_page_without_gap_or_repeat),
        cmocka_unit_test(one_signal_has_an_etag),
        cmocka_unit_test(original_words_are_told_by_right_and_written_down),
        cmocka_unit_test(pains_and_delights_name_what_was_said),
        cmocka_unit_test(a_broken_line_is_told_and_the_others_go_in),
        cmocka_unit_test(bad_bodies_get_a_sentence),
        cmocka_unit_test(a_replay_is_told_the_same_again_and_stores_nothing),
        cmocka_unit_test(many_senders_at_once_store_each_signal_once),
        cmocka_unit_test(a_rule_acts_on_the_next_signal_and_its_ticket_closes_with_an_outcome),
        cmocka_unit_test(rules_are_tried_changed_and_deleted),
        cmocka_unit_test(metrics_count_what_was_asked),
        cmocka_unit_test(listeners_hear_of_new_signals),
        cmocka_unit_test(a_file_is_uploaded_planned_changed_started_and_followed),
        cmocka_unit_test(what_is_no_table_is_refused_and_leaves_no_file),
        cmocka_unit_test(an_import_goes_on_after_a_restart),
        cmocka_unit_test(segment_calls_become_signals_once_each),
        cmocka_unit_test(a_write_key_may_stand_in_the_body),
        cmocka_unit_test(exported_cells_are_no_formulas),
        cmocka_unit_test(a_long_export_holds_every_voice_once),
        cmocka_unit_test(every_route_is_described),
        cmocka_unit_test(every_page_is_on_the_table),
    };
    return RUN_TESTS(tests);
}
