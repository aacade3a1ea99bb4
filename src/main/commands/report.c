/* report.c - the month report, as a file. */
#include "api/report.h"
#include "main/desk.h"

static bool write_file(str path, str bytes, err *e) {
    arena *a = arena_open(1 << 16);
    FILE *f = fopen(arena_str(a, path).p, "wb");
    bool ok = f && fwrite(bytes.p, 1, bytes.n, f) == bytes.n;
    ok = f && fclose(f) == 0 && ok;
    arena_close(a);
    return ok || fail(e, IO, "cannot write %.*s", STR_ARG(path));
}

static bool report_to(call *c, const asking *q, str month, str lang, str path, err *e) {
    desk d;
    report *r = NEW(c->a, report);
    str bytes;
    report_wish w = {.month = month, .lang = lang, .zone_min = q->zone_min, .zone = q->zone_of};
    if (!month.n)
        return fail(e, INVALID, "which month? as in: heed report --month 2026-03 --out report.pdf");
    if (!str_eq(lang, S("zh-CN")) && !str_eq(lang, S("zh-TW")) && !str_eq(lang, S("en")))
        return fail(e, INVALID, "--lang: want zh-CN, zh-TW or en");
    if (!desk_open(c, q->store, false, &d, e) || !report_make(d.s, d.t, c->a, &w, r, e) ||
        !report_pdf(c->a, r, &bytes, e) || !write_file(path, bytes, e))
        return false;
    fprintf(c->out, "%.*s: %.*s, %zu bytes\n", STR_ARG(path), STR_ARG(month), bytes.n);
    return true;
}

static int run(call *c) {
    err e;
    asking q = {0};
    str_list words;
    str month = NO_STR, lang = locale_of(), out = S("report.pdf");
    option options[3 + ASKING_OPTIONS] = {{.name = "month", .text = &month},
                                          {.name = "lang", .text = &lang},
                                          {.name = "out", .text = &out}};
    if (!asking_read(c, &q, options, 3, &words, &e)) return call_failed(c, &e);
    return report_to(c, &q, month, lang, out, &e) ? 0 : call_failed(c, &e);
}

const command command_report = {
    .name = "report",
    .title = "The month on a few pages, as a PDF",
    .help =
        "usage: heed report --month 2026-03 [--lang zh-CN|zh-TW|en] [--out report.pdf] [--zone "
        "ZONE]\n\n"
        "Score with interval, change and trend; what hurts and what delights, in the customers'\n"
        "words without personal data; what changed; warnings; tickets; measures and verdicts.\n"
        "The same store and month give the same bytes.  Chinese wants a font of the system:\n"
        "fonts-noto-cjk, or the smaller fonts-wqy-microhei.\n\n"
        "  heed report --month 2026-03 --lang zh-CN --out report.pdf\n",
    .run = run,
};
