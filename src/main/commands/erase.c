/* erase.c - a person leaves: every signal, word, code and file. */
#include "flow/person.h"
#include "main/desk.h"
#include "main/screen.h"

static void say_left(call *c, const err *later) {
    fprintf(c->err,
            "heed: the rows are gone, their bytes not yet: %s; `heed erase --finish` goes on\n",
            later->msg);
}

static void print_receipt(call *c, const erased *r, bool as_json) {
    const erasure *x = &r->receipt;
    if (as_json) {
        buf b = {.a = c->a};
        json_out j = json_to(&b);
        noun_print(&j, &noun_erasure, x);
        put_json(c, &b);
        return;
    }
    fprintf(c->out,
            "receipt %.*s\n%" PRId64 " signals with %" PRId64 " mentions, %" PRId64
            " tickets, %" PRId64 " deeds, %" PRId64 " identities, %" PRId64
            " rejected rows: erased\n",
            STR_ARG(x->uid), x->signals, x->mentions, x->tickets, x->deeds, x->identities,
            r->reject_lines);
    if (str_eq(x->state, S("done")))
        fprintf(c->out,
                "no file of the store has a byte of it; copies and backups made before do\n");
}

static bool finish(call *c, desk *d, err *e) {
    i64 done, left;
    if (!person_finish(d->s, d->t, c->a, &done, &left, e)) return false;
    fprintf(c->out, "%" PRId64 " erasures finished, %" PRId64 " still wait\n", done, left);
    return true;
}

static bool erase(call *c, desk *d, str who, const str_list *rejects, bool as_json, err *e) {
    erased r;
    err later;
    if (!person_erase(d->s, d->t, c->a, who, rejects->items, rejects->n, &r, &later, e))
        return false;
    print_receipt(c, &r, as_json);
    if (!str_eq(r.receipt.state, S("done"))) say_left(c, &later);
    return true;
}

static int run(call *c) {
    err e;
    desk d;
    asking ask;
    str who = NO_STR;
    bool rest = false;
    str_list words, rejects = {0};
    option options[3 + ASKING_OPTIONS] = {{.name = "customer", .text = &who},
                                          {.name = "rejects", .list = &rejects},
                                          {.name = "finish", .flag = &rest}};
    if (!asking_read(c, &ask, options, 3, &words, &e)) return call_failed(c, &e);
    if (rest == (who.n > 0) || words.n) {
        fail(&e, INVALID, "erase wants --customer WHO, or --finish");
        return call_failed(c, &e);
    }
    bool ok = desk_open(c, ask.store, false, &d, &e) &&
              (rest ? finish(c, &d, &e) : erase(c, &d, who, &rejects, ask.json, &e));
    return ok ? 0 : call_failed(c, &e);
}

const command command_erase = {
    .name = "erase",
    .title = "Erases a person: signals, words, insights, tickets, identities, and their bytes",
    .help =
        "usage: heed erase --customer WHO [--rejects FILE]... [--store URL] [--json]\n"
        "       heed erase --finish [--store URL]\n\n"
        "WHO is NAMESPACE:VALUE, a value that names one customer only, or the customer's uid.  "
        "All signals of\nall identities of that customer go, with everything that was made of "
        "them; rows of reject files that\nname them go too (those of uploads by themselves, "
        "others when named with --rejects).  Then the store is\nwritten anew, so that no unused "
        "page keeps a byte: that needs as much free room as the store has, and\ntakes as long "
        "as copying it.  The receipt does not say who it was.  What cannot be wiped now, since\n"
        "somebody is reading, is wiped by --finish.  Copies made before are not reached.\n\n"
        "example: heed erase --customer phone:13800138000\n",
    .run = run,
};
