/* desk.c - opening what a command works on. */
#include "main/desk.h"

static void close_store(void *s) {
    store_close(s);
}

static void close_tally(void *t) {
    tally_close(t);
}

static str default_url(void) {
    str url = str_of(getenv("HEED_STORE"));
    return url.n ? url : S("heed.db");
}

static void tell(void *ctx, str sentence) {
    call *c = ctx;
    fprintf(c->err, "heed: %.*s\n", STR_ARG(sentence));
}

bool desk_store(call *c, str url, bool create, store **out, err *e) {
    if (!url.n) url = default_url();
    store_options o = {.w = c->w, .create = create, .told = tell, .told_ctx = c};
    if (!store_open(url, &o, out, e)) {
        if (e->code == NOT_FOUND)
            return fail(
                e, NOT_FOUND,
                "there is no store at %.*s yet; begin with `heed import FILE` or `heed demo`",
                STR_ARG(url));
        return false;
    }
    arena_defer(c->a, close_store, *out);
    return true;
}

static void show_progress(void *ctx, i64 done, i64 total) {
    call *c = ctx;
    if (c->tty && total > 0)
        fprintf(c->err, "\rreading the store into the tally: %d %%\033[K%s",
                (int)(100 * done / total), done >= total ? "\r\033[K" : "");
}

bool desk_open(call *c, str url, bool create, desk *out, err *e) {
    if (!desk_store(c, url, create, &out->s, e)) return false;
    if (!tally_open(out->s, &out->t, show_progress, c, e)) return false;
    arena_defer(c->a, close_tally, out->t);
    str notice = tally_notice(out->t);
    if (notice.n) fprintf(c->err, "heed: %.*s\n", STR_ARG(notice));
    return true;
}

bool zone_parse(str s, i32 *out) {
    i64 h, m = 0;
    str hours = s, minutes;
    if (str_eq(s, S("Z"))) return *out = 0, true;
    if (s.n < 3 || (s.p[0] != '+' && s.p[0] != '-')) return false;
    if (str_cut(s, ':', &hours, &minutes) && !str_int(minutes, &m)) return false;
    if (!str_int(str_from(hours, 1), &h) || h > 14 || m < 0 || m > 59) return false;
    *out = (i32)(s.p[0] == '-' ? -(h * 60 + m) : h * 60 + m);
    return true;
}

bool asking_read(call *c, asking *q, option *table, size_t n, str_list *words, err *e) {
    *q = (asking){.limit = NONE};
    const option common[ASKING_OPTIONS] = {{.name = "store", .text = &q->store},
                                           {.name = "where", .text = &q->where},
                                           {.name = "zone", .text = &q->zone},
                                           {.name = "limit", .number = &q->limit},
                                           {.name = "json", .flag = &q->json}};
    memcpy(table + n, common, sizeof common);
    if (!options_read(c, table, n + ASKING_OPTIONS, words, e)) return false;
    if (q->zone.p && !zone_parse(q->zone, &q->zone_min) &&
        !zone_find(c->a, q->zone, NO_STR, &q->zone_of, e))
        return fail(
            e, INVALID,
            "--zone is \"%.*s\", want a distance from UTC such as +08:00, or a name such as "
            "Asia/Shanghai",
            STR_ARG(q->zone));
    if (q->limit != NONE && (q->limit < 1 || q->limit > LIMIT_PAGE))
        return fail(e, INVALID, "--limit wants 1 to %d", LIMIT_PAGE);
    if (q->where.n > LIMIT_EXPR_BYTES)
        return fail(e, LIMIT, "--where has %zu bytes, the limit is %d", q->where.n,
                    LIMIT_EXPR_BYTES);
    err inner;
    if (q->where.n && !expr_parse_zone(c->a, q->where, q->zone_min, q->zone_of, &q->filter, &inner))
        return fail(e, inner.code, "--where: %s", inner.msg);
    return true;
}

str locale_of(void) {
    static const char *const names[] = {"HEED_LANG", "LC_ALL", "LANG"};
    for (size_t i = 0; i < COUNT(names); i++) {
        str v = str_of(getenv(names[i]));
        if (str_starts(v, S("zh_TW")) || str_starts(v, S("zh-TW")) || str_starts(v, S("zh_HK")))
            return S("zh-TW");
        if (str_starts(v, S("zh"))) return S("zh-CN");
        if (v.n) return S("en");
    }
    return S("en");
}

void put_json(call *c, const buf *b) {
    fwrite(b->p, 1, b->n, c->out);
    fputc('\n', c->out);
}
