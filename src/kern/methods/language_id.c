/* language_id.c - which language a text is written in. */
#include "kern/lang.h"
#include "kern/method.h"

static bool run(calc *c) {
    strs texts = in_texts(c, NULL, "texts"), tags = {NEW_N(c->a, str, texts.n + 1), texts.n};
    if (!calc_ok(c)) return false;
    out_list(c, "lang");
    for (size_t i = 0; i < texts.n; i++) {
        str lang, form;
        tags.v[i] = lang_of(texts.v[i]);
        if (!str_cut(tags.v[i], '-', &lang, &form)) lang = tags.v[i];
        out_text(c, NULL, lang);
    }
    out_end(c);
    out_texts(c, "tag", tags);
    return true;
}

const method method_language_id = {
    .name = "language_id",
    .title = {"Language of a text", "语种识别", "語種識別"},
    .source = "scripts by Unicode; word and letter lists of ours for 18 languages in Latin letters",
    .formula = "script first, then votes of frequent words and letters; too little or nothing: und",
    .input = "texts  list",
    .output = "lang  ISO 639; tag  BCP 47 (zh-Hans, zh-Hant)",
    .example = "{\"texts\":[\"The delivery was late\",\"物流很慢\"]}",
    .run = run,
};
