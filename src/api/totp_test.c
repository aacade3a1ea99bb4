/* totp_test.c - codes by the clock against the vectors of RFC 2202, 4648 and 6238. */
#include "api/totp.h"
#include "base/test.h"

static str hex20(const u8 *p) {
    static char z[41];
    for (int i = 0; i < 20; i++) snprintf(z + 2 * i, 3, "%02x", p[i]);
    return (str){z, 40};
}

static str run_of(arena *a, char c, size_t n) {
    char *p = arena_alloc(a, n + 1);
    memset(p, c, n);
    return (str){p, n};
}

static void hmac_agrees_with_rfc_2202(void **state) {
    (void)state;
    arena *a = arena_open(1 << 16);
    u8 out[20];
    hmac_sha1(run_of(a, 0x0b, 20), S("Hi There"), out);
    assert_str(hex20(out), S("b617318655057264e28bc0b6fb378c8ef146be00"));
    hmac_sha1(S("Jefe"), S("what do ya want for nothing?"), out);
    assert_str(hex20(out), S("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"));
    hmac_sha1(run_of(a, (char)0xaa, 80),
              S("Test Using Larger Than Block-Size Key - Hash Key First"), out);
    assert_str(hex20(out), S("aa4ae5e15272d00e95705637ce8a3b55ed402112"));
    hmac_sha1(run_of(a, (char)0xaa, 20), run_of(a, (char)0xdd, 50), out);
    assert_str(hex20(out), S("125d7342b9ac11cd91a39af48aa17b4f63f175d3"));
    arena_close(a);
}

static void codes_agree_with_rfc_6238(void **state) {
    (void)state;
    static const struct {
        i64 second;
        u32 code;
    } rows[] = {{59, 94287082},         {1111111109, 7081804},  {1111111111, 14050471},
                {1234567890, 89005924}, {2000000000, 69279037}, {20000000000, 65353130}};
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(
            totp_at(S("12345678901234567890"), rows[i].second / TOTP_STEP_S, 100000000),
            rows[i].code);
}

static void base32_agrees_with_rfc_4648(void **state) {
    (void)state;
    static const char *const rows[][2] = {{"", ""},
                                          {"f", "MY"},
                                          {"fo", "MZXQ"},
                                          {"foo", "MZXW6"},
                                          {"foob", "MZXW6YQ"},
                                          {"fooba", "MZXW6YTB"},
                                          {"foobar", "MZXW6YTBOI"}};
    arena *a = arena_open(1 << 16);
    str back;
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_str(base32_print(a, str_of(rows[i][0])), str_of(rows[i][1]));
        assert_true(base32_read(a, str_of(rows[i][1]), &back));
        assert_str(back, str_of(rows[i][0]));
    }
    assert_false(base32_read(a, S("MZ1"), &back));
    assert_false(base32_read(a, S("mzxq"), &back));
    arena_close(a);
}

static str code_at(arena *a, str secret32, i64 ms) {
    str secret;
    assert_true(base32_read(a, secret32, &secret));
    return arena_fmt(a, "%06u", totp_at(secret, ms / 30000, 1000000));
}

static void a_code_is_taken_once_and_within_a_step(void **state) {
    (void)state;
    arena *a = arena_open(1 << 16);
    str secret = totp_secret_make(a);
    i64 now = 1767225600000, step = NONE;
    assert_int_equal(secret.n, 32);
    assert_true(totp_right(a, secret, code_at(a, secret, now), now, NONE, &step));
    assert_int_equal(step, now / 30000);
    assert_false(totp_right(a, secret, code_at(a, secret, now), now, step, &step));
    assert_true(totp_right(a, secret, code_at(a, secret, now + 30000), now, step, &step));
    assert_true(totp_right(a, secret, code_at(a, secret, now - 30000), now, NONE, &step));
    assert_false(totp_right(a, secret, code_at(a, secret, now - 90000), now, NONE, &step) &&
                 totp_right(a, secret, code_at(a, secret, now + 90000), now, NONE, &step));
    assert_false(totp_right(a, secret, S("12345"), now, NONE, &step));
    assert_false(totp_right(a, secret, S(""), now, NONE, &step));
    arena_close(a);
}

static void the_address_for_telephones_escapes_names(void **state) {
    (void)state;
    arena *a = arena_open(1 << 16);
    assert_str(
        totp_uri(a, S("an&n"), S("MZXQ")),
        S("otpauth://totp/Heed:an%26n?secret=MZXQ&issuer=Heed&algorithm=SHA1&digits=6&period=30"));
    arena_close(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hmac_agrees_with_rfc_2202),
        cmocka_unit_test(codes_agree_with_rfc_6238),
        cmocka_unit_test(base32_agrees_with_rfc_4648),
        cmocka_unit_test(a_code_is_taken_once_and_within_a_step),
        cmocka_unit_test(the_address_for_telephones_escapes_names),
    };
    return RUN_TESTS(tests);
}
