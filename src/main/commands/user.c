/* user.c - people who may sign in.  Passwords come by the terminal or a pipe, never as an argument. */
#include <termios.h>
#include <unistd.h>
#include "main/desk.h"
#include "main/screen.h"
#include "api/auth.h"
#include "flow/flow.h"

typedef struct {
    str store, role, department, title;
    bool json;
    str_list words;
} wanted;

/* ---- the password ---- */

static bool read_line(call *c, str *out, err *e) {
    char *line = arena_alloc(c->a, LIMIT_PASSWORD_BYTES + 3);
    if (!fgets(line, LIMIT_PASSWORD_BYTES + 3, stdin))
        return fail(e, INVALID, "there is no password on standard input");
    str text = str_of(line);
    while (text.n && (text.p[text.n - 1] == '\n' || text.p[text.n - 1] == '\r')) text.n--;
    *out = text;
    return true;
}

/* Without echo on a terminal, twice; the first line of a pipe. */
static bool ask_password(call *c, str *out, err *e) {
    struct termios was, quiet;
    str again;
    if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &was)) return read_line(c, out, e);
    quiet = was;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    fputs("password: ", c->err);
    bool ok = read_line(c, out, e);
    fputs("\nonce more: ", c->err);
    ok = ok && read_line(c, &again, e);
    fputs("\n", c->err);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &was);
    if (ok && !str_eq(*out, again)) return fail(e, INVALID, "the two are not the same");
    return ok;
}

/* ---- list ---- */

static str department_name(store *s, arena *a, i64 id) {
    department d;
    err e;
    return id != NONE && store_get(s, a, &noun_department, id, &d, &e) ? d.name : S("-");
}

static bool list(call *c, const wanted *w, err *e) {
    store *s;
    void *recs;
    size_t n;
    if (!desk_store(c, w->store, false, &s, e) ||
        !store_list(s, c->a, &noun_user, &(store_query){0}, &recs, &n, e))
        return false;
    const user *u = recs;
    if (w->json) {
        buf b = {.a = c->a};
        json_out j = json_to(&b);
        json_array(&j);
        for (size_t i = 0; i < n; i++) noun_print(&j, &noun_user, &u[i]);
        json_end_array(&j);
        put_json(c, &b);
        return true;
    }
    text_table t = table_of(c->a, c->out, 5, 0);
    table_row(&t, (str[]){S("name"), S("title"), S("role"), S("department"), S("may sign in")});
    for (size_t i = 0; i < n; i++)
        table_row(&t, (str[]){u[i].name, one_line(c->a, u[i].title), u[i].role,
                              department_name(s, c->a, u[i].department_id),
                              u[i].enabled ? S("yes") : S("no")});
    table_print(&t);
    return true;
}

/* ---- changes ---- */

static bool take_department(call *c, const wanted *w, store *s, user *rec, err *e) {
    department d;
    if (w->department.p) {
        if (!store_find(s, c->a, &noun_department, w->department, &d, e)) return false;
        rec->department_id = d.id;
    }
    if (str_eq(rec->role, S("frontline")) && rec->department_id == NONE)
        return fail(e, INVALID, "frontline sees its department only: give --department NAME");
    return true;
}

static bool save(call *c, store *s, user *rec, str password, const char *done, err *e) {
    auth *u;
    auth_options o = {.w = c->w};
    if (!auth_open(store_url(s), &o, &u, e)) return false;
    bool ok = user_save(u, c->a, S("command line"), rec, password, e);
    auth_close(u);
    if (ok) fprintf(c->out, "%.*s: %s\n", STR_ARG(rec->name), done);
    return ok;
}

static bool add(call *c, const wanted *w, str name, err *e) {
    store *s;
    user rec;
    str password;
    noun_init(&noun_user, &rec);
    rec.name = name;
    rec.title = w->title;
    rec.role = w->role;
    rec.enabled = 1;
    if (!w->role.p)
        return fail(e, INVALID,
                    "give --role executive, manager, frontline, analyst, steward or admin");
    if (!desk_store(c, w->store, true, &s, e) || !flow_furnish(s, e) ||
        !take_department(c, w, s, &rec, e) || !ask_password(c, &password, e))
        return false;
    return save(c, s, &rec, password, "may sign in", e);
}

static bool change(call *c, const wanted *w, str verb, str name, err *e) {
    store *s;
    user rec;
    str password = NO_STR;
    if (!desk_store(c, w->store, false, &s, e) || !store_find(s, c->a, &noun_user, name, &rec, e))
        return false;
    if (str_eq(verb, S("disable"))) {
        rec.enabled = 0;
        return save(c, s, &rec, NO_STR, "may no longer sign in", e);
    }
    if (str_eq(verb, S("enable"))) {
        rec.enabled = 1;
        return save(c, s, &rec, NO_STR, "may sign in", e);
    }
    if (str_eq(verb, S("password")))
        return ask_password(c, &password, e) &&
               save(c, s, &rec, password, "has a new password; all their sessions ended", e);
    if (!str_eq(verb, S("role")))
        return fail(e, INVALID,
                    "user: want add, list, disable, enable, password or role, not \"%.*s\"",
                    STR_ARG(verb));
    if (w->words.n < 3) return fail(e, INVALID, "user role: want NAME and ROLE");
    rec.role = w->words.items[2];
    return take_department(c, w, s, &rec, e) && save(c, s, &rec, NO_STR, "has a new role", e);
}

static bool dispatch(call *c, const wanted *w, err *e) {
    str verb = w->words.n ? w->words.items[0] : S("list");
    if (str_eq(verb, S("list")) && w->words.n <= 1) return list(c, w, e);
    if (w->words.n < 2 || w->words.n > 3)
        return fail(e, INVALID, "user %.*s: whom? give one name", STR_ARG(verb));
    if (str_eq(verb, S("add"))) return add(c, w, w->words.items[1], e);
    return change(c, w, verb, w->words.items[1], e);
}

static int run(call *c) {
    err e;
    wanted w = {0};
    const option options[] = {{.name = "store", .text = &w.store},
                              {.name = "role", .text = &w.role},
                              {.name = "department", .text = &w.department},
                              {.name = "title", .text = &w.title},
                              {.name = "json", .flag = &w.json}};
    if (!options_read(c, options, COUNT(options), &w.words, &e)) return call_failed(c, &e);
    return dispatch(c, &w, &e) ? 0 : call_failed(c, &e);
}

const command command_user = {
    .name = "user",
    .title = "People who may sign in: add, list, disable, password, role",
    .help =
        "usage: heed user add NAME --role ROLE [--department NAME] [--title TEXT]\n"
        "       heed user list [--json]\n"
        "       heed user disable|enable NAME\n"
        "       heed user password NAME\n"
        "       heed user role NAME ROLE [--department NAME]\n\n"
        "ROLE: executive, manager, frontline, analyst, steward, admin.  Whoever has a department "
        "sees what concerns it only.\n"
        "The password is asked for, or read from standard input; never give it as an argument.\n",
    .run = run,
};
