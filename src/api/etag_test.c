/* etag_test.c - many change one version of one noun at once: one is taken, the others are told (412). */
#include "api/auth_test.h"

enum { HANDS = 8 };

typedef struct {
    int port, status, number;
    str head;
    const char *path, *body; /* up to the number */
    pthread_t thread;
} hand;

static void *change(void *arg) {
    hand *h = arg;
    arena *a = arena_open((size_t)32 << 20);
    str body = arena_fmt(a, "%s%d\"}", h->body, h->number);
    h->status = talk_in(a, h->port, "PATCH", h->path, h->head.p, body).status;
    arena_close(a);
    return NULL;
}

/* body: up to a number and the end of its text, so that no two changes are equal. */
static void one_wins(auth_house *x, const char *key, str tag, const char *path, const char *body) {
    hand all[HANDS];
    int won = 0, told = 0;
    assert_true(tag.n > 2);
    str head = arena_fmt(x->h->a, "%sIf-Match: %.*s\r\n", key, STR_ARG(tag));
    for (int i = 0; i < HANDS; i++) {
        all[i] = (hand){x->h->port, 0, i, head, path, body, 0};
        assert_int_equal(pthread_create(&all[i].thread, NULL, change, &all[i]), 0);
    }
    for (int i = 0; i < HANDS; i++) {
        pthread_join(all[i].thread, NULL);
        won += all[i].status == 200;
        told += all[i].status == 412;
    }
    if (won != 1 || told != HANDS - 1) fail_msg("%s: %d won, %d were told", path, won, told);
}

static str tag_of(auth_house *x, const char *key, const char *path) {
    reply r = talk(x->h, "GET", path, key, NO_STR);
    assert_status(r, 200);
    return field_of(r, "ETag");
}

static void of_many_with_one_version_one_wins(void **state) {
    (void)state;
    auth_house x = auth_start();
    const char *key =
        key_made(&x, "users.write rules.write tickets.read tickets.write signals.write", NONE).p;
    user_make(&x, "ann", "analyst", NULL);
    one_wins(&x, key, tag_of(&x, key, "/api/v1/users/1"), "/api/v1/users/1", "{\"title\":\"A");
    one_wins(&x, key, tag_of(&x, key, "/api/v1/rules/1"), "/api/v1/rules/1",
             "{\"condition\":\"score:nps <= ");
    reply r = talk(x.h, "POST", "/api/v1/departments", key, S("{\"name\":\"new\"}"));
    assert_status(r, 201);
    str path = arena_fmt(x.h->a, "/api/v1/departments/%" PRId64, json_get_int(r.doc, S("id")));
    one_wins(&x, key, field_of(r, "ETag"), path.p, "{\"title\":\"T");
    r = talk(x.h, "POST", "/api/v1/signals", key,
             S("{\"words\":\"this is dangerous, I will call a lawyer\",\"score:nps\":0}"));
    assert_status(r, 200);
    one_wins(&x, key, tag_of(&x, key, "/api/v1/tickets/1"), "/api/v1/tickets/1", "{\"note\":\"n");
    auth_end(&x);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(of_many_with_one_version_one_wins)};
    return RUN_TESTS(tests);
}
