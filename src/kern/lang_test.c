/* lang_test.c - languages of short customer texts, in all lists. */
#include "base/test.h"
#include "kern/lang.h"

static void names_the_language_of_short_texts(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"zh-Hans", "快递太慢了，等了两周"},
        {"zh-Hant", "快遞太慢了，等了兩週"},
        {"zh-Hans", "好"},
        {"zh-Hans", "APP 很好用 nice"},
        {"zh-Hant", "這個APP很難用"},
        {"zh-Hans", "差评！"},
        {"ja", "配達が遅いです"},
        {"ja", "スタッフの対応は最高"},
        {"ko", "배송이 너무 느려요"},
        {"en", "The delivery was late and the box was broken."},
        {"en", "Great!"},
        {"en", "not bad at all"},
        {"en", "@air why is my flight late http://t.co/xyz"},
        {"de", "Die Lieferung war leider viel zu spät."},
        {"de", "sehr gut, gerne wieder"},
        {"fr", "La livraison était trop longue et le colis abîmé."},
        {"fr", "très bon service, merci"},
        {"es", "La entrega llegó tarde y el paquete estaba roto."},
        {"es", "muy buena atención"},
        {"it", "La consegna è arrivata in ritardo, molto male."},
        {"pt", "A entrega não chegou e o atendimento é ruim."},
        {"nl", "De levering was veel te laat, niet goed."},
        {"sv", "Leveransen var sen och jag är inte nöjd."},
        {"da", "Leveringen var meget dårlig og jeg er ikke glad."},
        {"no", "Leveringen var veldig dårlig, og jeg er ikke fornøyd nå."},
        {"fi", "Toimitus oli myöhässä ja palvelu huono."},
        {"pl", "Dostawa była bardzo późno i nie jestem zadowolony."},
        {"cs", "Dodávka přišla pozdě a nejsem spokojený."},
        {"tr", "Kargo çok geç geldi ve ürün bozuktu."},
        {"id", "Barang yang datang tidak bagus dan sangat lambat."},
        {"vi", "Giao hàng rất chậm và sản phẩm không tốt."},
        {"ro", "Livrarea a fost foarte târzie și nu sunt mulțumit."},
        {"hu", "A szállítás nagyon lassú volt és nem jó."},
        {"ru", "Доставка была очень поздно"},
        {"uk", "Доставка була дуже пізно і погано"},
        {"th", "จัดส่งช้ามาก"},
        {"ar", "كان التوصيل متأخرا"},
        {"he", "המשלוח איחר מאוד"},
        {"el", "Η παράδοση άργησε"},
        {"hi", "डिलीवरी बहुत देर से हुई"},
        {"und", ""},
        {"und", "5 !!"},
        {"und", "x"},
        {"und", "👍👍"},
        {"und", "<phone> 123"},
        {"und", "a@b.com"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        str have = lang_of(str_of(cases[i][1]));
        if (!str_eq(have, str_of(cases[i][0]))) print_message("text: %s\n", cases[i][1]);
        assert_str(have, str_of(cases[i][0]));
    }
    assert_str(lang_of(NO_STR), S("und"));
}

static void takes_any_bytes(void **state) {
    (void)state;
    u64 seed = 9;
    for (int round = 0; round < 3000; round++) {
        char p[64];
        for (size_t i = 0; i < sizeof p; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            p[i] = (char)(seed >> 56);
        }
        assert_true(lang_of((str){p, sizeof p}).n >= 2);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_the_language_of_short_texts),
        cmocka_unit_test(takes_any_bytes),
    };
    return RUN_TESTS(tests);
}
