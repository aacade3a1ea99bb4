/* key.c - keys for programs that send or read. */
#include "main/desk.h"
#include "main/screen.h"
#include "api/auth.h"
#include "base/time.h"

typedef struct {
    str store, scopes, expires;
    bool json;
    str_list words;
} wanted;

static str day_of(arena *a, i64 ms) {
    return ms == NONE ? S("-") : str_head(time_print(a, ms), 10);
}

static bool list(call *c, const wanted *w, err *e) {
    store *s;
    void *recs;
    size_t n;
    if (!desk_store(c, w->store, false, &s, e) ||
        !store_list(s, c->a, &noun_key, &(store_query){0}, &recs, &n, e))
        return false;
    const api_key *k = recs;
    if (w->json) {
        buf b = {.a = c->a};
        json_out j = json_to(&b);
        json_array(&j);
        for (size_t i = 0; i < n; i++) noun_print(&j, &noun_key, &k[i]);
        json_end_array(&j);
        put_json(c, &b);
        return true;
    }
    text_table t = table_of(c->a, c->out, 5, 1);
    table_row(&t, (str[]){S("id"), S("name"), S("scopes"), S("used"), S("expires")});
    for (size_t i = 0; i < n; i++)
        table_row(&t, (str[]){count_text(c->a, k[i].id), one_line(c->a, k[i].name), k[i].scopes,
                              day_of(c->a, k[i].used_at), day_of(c->a, k[i].expires_at)});
    table_print(&t);
    return true;
}

static bool add(call *c, const wanted *w, err *e) {
    store *s;
    auth *u;
    api_key rec;
    str made;
    auth_options o = {.w = c->w};
    noun_init(&noun_key, &rec);
    rec.name = w->words.items[1];
    rec.scopes = w->scopes.p ? w->scopes : S("signals.write");
    if (w->expires.p && !time_parse(w->expires, 0, &rec.expires_at))
        return fail(e, INVALID, "--expires wants a day such as 2027-01-31");
    if (!desk_store(c, w->store, true, &s, e) || !auth_open(store_url(s), &o, &u, e)) return false;
    bool ok = key_save(u, c->a, S("command line"), &rec, &made, e);
    auth_close(u);
    if (!ok) return false;
    fprintf(c->err, "heed: key %" PRId64 " may %.*s; it is shown this once:\n", rec.id,
            STR_ARG(rec.scopes));
    fprintf(c->out, "%.*s\n", STR_ARG(made));
    return true;
}

static bool drop(call *c, const wanted *w, err *e) {
    store *s;
    i64 id;
    if (!str_int(w->words.items[1], &id))
        return fail(e, INVALID, "key delete wants the id that `heed key list` shows");
    if (!desk_store(c, w->store, false, &s, e)) return false;
    store_actor(s, S("command line"));
    if (!store_delete(s, &noun_key, id, e)) return false;
    fprintf(c->out, "key %" PRId64 " is gone\n", id);
    return true;
}

static bool dispatch(call *c, const wanted *w, err *e) {
    str verb = w->words.n ? w->words.items[0] : S("list");
    if (str_eq(verb, S("list")) && w->words.n <= 1) return list(c, w, e);
    if (w->words.n == 2 && str_eq(verb, S("add"))) return add(c, w, e);
    if (w->words.n == 2 && str_eq(verb, S("delete"))) return drop(c, w, e);
    return fail(e, INVALID, "key: want list, add NAME or delete ID; see `heed help key`");
}

static int run(call *c) {
    err e;
    wanted w = {0};
    const option options[] = {{.name = "store", .text = &w.store},
                              {.name = "scopes", .text = &w.scopes},
                              {.name = "expires", .text = &w.expires},
                              {.name = "json", .flag = &w.json}};
    if (!options_read(c, options, COUNT(options), &w.words, &e)) return call_failed(c, &e);
    return dispatch(c, &w, &e) ? 0 : call_failed(c, &e);
}

const command command_key = {
    .name = "key",
    .title = "Keys for programs: add, list, delete",
    .help = "usage: heed key add NAME [--scopes \"signals.write ...\"] [--expires DAY]\n"
            "       heed key list [--json]\n"
            "       heed key delete ID\n\n"
            "A key may what its scopes say, and no more: signals.write (the usual) sends, "
            "signals.read reads.\n"
            "The token is printed once; the store keeps only its hash.\n",
    .run = run,
};
