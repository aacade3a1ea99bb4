/* redact.c - personal data gives way to typed tokens before anybody reads or stores the clean words. */
#include "kern/pii.h"
#include "clarify/step.h"

static pii_lang tokens_for(str lang) {
    if (str_eq(lang, S("zh-Hant"))) return PII_ZH_HANT;
    return str_starts(lang, S("zh")) ? PII_ZH_HANS : PII_EN;
}

static void run(clarifying *c) {
    u32 n = 0;
    if (!c->setup->keep_personal_data)
        c->out->text = pii_redact(c->a, c->out->text, tokens_for(c->ins->row.lang), &n);
    c->ins->row.redacted = n;
}

const step step_redact = {
    .name = "redact",
    .title = "Personal data",
    .help = "Replaces phone, identity, card and account numbers, e-mail, plates, addresses and "
            "names by typed tokens such as <phone>.",
    .order = 30,
    .run = run,
};
