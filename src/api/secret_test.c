/* secret_test.c - tokens: their form, their checksum, their hashes. */
#include "api/secret.h"
#include "base/test.h"

static void base62_agrees_with_long_division_elsewhere(void **state) {
    (void)state;
    u8 bytes[SECRET_BYTES];
    char text[SECRET_CHARS + 1];
    memset(bytes, 0, sizeof bytes);
    base62_print(bytes, text);
    assert_string_equal(text, "0000000000000000000000000000000000000000000");
    memset(bytes, 0xff, sizeof bytes);
    base62_print(bytes, text);
    assert_string_equal(text, "yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp1");
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (u8)(i + 1);
    base62_print(bytes, text);
    assert_string_equal(text, "0Eoh211G4c8wtVWM00my5rsNSFlKgaWqQ4mb8gdEqno");
}

static void hashes_are_blake2b(void **state) {
    (void)state;
    arena *a = arena_open(1 << 16);
    assert_str(secret_hash(a, S("abc")),
               S("bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"));
    arena_close(a);
}

/* Any one wrong letter is noticed. */
static void keys_carry_a_checksum(void **state) {
    (void)state;
    arena *a = arena_open(1 << 20);
    assert_true(key_whole(S("heed_key_0Eoh211G4c8wtVWM00my5rsNSFlKgaWqQ4mb8gdEqno3l9REG")));
    str made = key_make(a);
    assert_true(key_whole(made));
    for (size_t i = 0; i < made.n; i++) {
        char *bad = (char *)(uintptr_t)arena_str(a, made).p;
        bad[i] = bad[i] == 'x' ? 'y' : 'x';
        assert_false(key_whole((str){bad, made.n}));
        bad[i] = 0;
        assert_false(key_whole((str){bad, made.n}));
    }
    assert_false(key_whole(str_head(made, made.n - 1)));
    assert_false(key_whole(NO_STR));
    arena_close(a);
}

static void secrets_differ_and_derived_ones_too(void **state) {
    (void)state;
    arena *a = arena_open(1 << 16);
    str one = secret_make(a), two = secret_make(a);
    assert_int_equal(one.n, SECRET_CHARS);
    assert_false(secret_same(one, two));
    assert_true(secret_same(secret_derive(a, one, S("csrf")), secret_derive(a, one, S("csrf"))));
    assert_false(secret_same(secret_derive(a, one, S("csrf")), secret_derive(a, one, S("else"))));
    assert_false(secret_same(secret_derive(a, one, S("csrf")), secret_derive(a, two, S("csrf"))));
    assert_false(secret_same(S(""), S("")));
    arena_close(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base62_agrees_with_long_division_elsewhere),
        cmocka_unit_test(hashes_are_blake2b),
        cmocka_unit_test(keys_carry_a_checksum),
        cmocka_unit_test(secrets_differ_and_derived_ones_too),
    };
    return RUN_TESTS(tests);
}
