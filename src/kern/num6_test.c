/* num6_test.c - decimals are exact, and what is not one is refused. */
#include "base/test.h"
#include "kern/num6.h"

static void decimals_are_exact(void **state) {
    (void)state;
    static const struct {
        const char *text;
        num6 v;
    } good[] = {{"0", 0},
                {"4", 4000000},
                {"-0.25", -250000},
                {"+3.5", 3500000},
                {"1e3", 1000000000},
                {"12E-1", 1200000},
                {".5", 500000},
                {"5.", 5000000},
                {"0.000001", 1},
                {"1.50000000", 1500000},
                {"9200000000000", 9200000000000000000},
                {"0e99", 0}};
    static const char *bad[] = {"",
                                "-",
                                ".",
                                "e5",
                                "1e",
                                "0.0000001",
                                "1,5",
                                "1 ",
                                "nan",
                                "inf",
                                "0x10",
                                "9300000000000",
                                "99999999999999999999999",
                                "1e99",
                                "--1",
                                "1e5.0"};
    num6 v;
    for (size_t i = 0; i < COUNT(good); i++) {
        if (!num6_parse(str_of(good[i].text), &v)) fail_msg("refused %s", good[i].text);
        assert_int_equal(v, good[i].v);
    }
    for (size_t i = 0; i < COUNT(bad); i++)
        if (num6_parse(str_of(bad[i]), &v)) fail_msg("accepted %s", bad[i]);
}

static void what_is_printed_reads_back_equal(void **state) {
    (void)state;
    u64 seed = 1;
    for (int i = 0; i < 20000; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        num6 v = (num6)(seed >> (seed >> 59)) - (num6)(seed >> 40), back;
        if (v < 0) v = -(v + 1);
        if (i % 2) v = -v;
        buf b = {0};
        buf_num6(&b, v);
        assert_true(num6_parse(buf_view(&b), &back));
        assert_int_equal(back, v);
        buf_clear(&b);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_are_exact),
        cmocka_unit_test(what_is_printed_reads_back_equal),
    };
    return RUN_TESTS(tests);
}
