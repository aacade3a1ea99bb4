/* calc.c - methods of calculation by name: JSON in, JSON out. */
#include "kern/method.h"
#include "main/calc_input.h"
#include "main/desk.h"
#include "main/screen.h"

static size_t language(void) { /* as in method.title */
    str locale = locale_of();
    return str_eq(locale, S("zh-CN")) ? 1 : str_eq(locale, S("zh-TW")) ? 2 : 0;
}

static const char *title_of(const method *m) {
    return m->title[language()];
}

static void list(call *c) {
    for (size_t i = 0; i < methods_n; i++)
        fprintf(c->out, "%-28s %s\n%-28s   %s\n", methods[i]->name, title_of(methods[i]), "",
                methods[i]->source);
}

static void list_json(call *c) {
    buf b = {.a = c->a};
    json_out j = json_to(&b);
    json_array(&j);
    for (size_t i = 0; i < methods_n; i++) method_write(&j, methods[i]);
    json_end_array(&j);
    put_json(c, &b);
}

static void block(call *c, const char *head, const char *text) {
    str rest = str_of(text), line;
    fprintf(c->out, "\n%s\n", head);
    while (rest.n) {
        str_line(&rest, &line);
        fprintf(c->out, "    %.*s\n", STR_ARG(line));
    }
}

static void explain(call *c, const method *m) {
    fprintf(c->out, "%s - %s\n", m->name, title_of(m));
    static const char *const heads[][3] = {{"Formula", "公式", "公式"},
                                           {"Source", "出处", "出處"},
                                           {"Input", "输入", "輸入"},
                                           {"Output", "输出", "輸出"},
                                           {"Example", "示例", "範例"}};
    const char *const texts[] = {m->formula, m->source, m->input, m->output, m->example};
    for (size_t i = 0; i < COUNT(heads); i++) block(c, heads[i][language()], texts[i]);
    fprintf(c->out, "\n    heed calc %s < input.json\n", m->name);
}

static bool answer(call *c, const method *m, str folder, err *e) {
    json *input;
    buf b;
    if (!calc_input_read(c, stdin, folder, &input, e) || !method_run(c->a, m, input, &b, e))
        return false;
    put_json(c, &b);
    return true;
}

static int run(call *c) {
    err e;
    bool as_json = false, help = false;
    str folder = NO_STR;
    str_list words;
    const option options[] = {{.name = "json", .flag = &as_json},
                              {.name = "help", .flag = &help},
                              {.name = "data", .text = &folder}};
    if (!options_read(c, options, COUNT(options), &words, &e)) return call_failed(c, &e);
    if (words.n == 0) return as_json ? list_json(c) : list(c), 0;
    const method *m = method_find(words.items[0]);
    if (!m || words.n > 1) {
        if (!m)
            fail(&e, NOT_FOUND, "no method \"%.*s\"; `heed calc` lists them",
                 STR_ARG(words.items[0]));
        else
            fail(&e, INVALID, "one method at a time; the input comes from standard input");
        return call_failed(c, &e);
    }
    if (help) return explain(c, m), 0;
    return answer(c, m, folder, &e) ? 0 : call_failed(c, &e);
}

const command command_calc = {
    .name = "calc",
    .title = "Runs a method of calculation by name: JSON in, JSON out",
    .help = "usage: heed calc                          the methods, with their sources (--json: "
            "all of it)\n"
            "       heed calc METHOD --help            formula, source, input, output, an example\n"
            "       heed calc METHOD < input.json      the answer, as JSON\n"
            "       --data DIR                         where files named in the input are\n\n"
            "What is undefined is null, and \"undefined\" names the reason.  A table is "
            "{\"columns\": [...], \"rows\": [[...]]},\n"
            "or {\"file\": \"x.csv\"}.  The same input gives the same bytes everywhere.\n\n"
            "    echo '{\"counts_1_to_5\":[1,2,3,10,4]}' | heed calc csat\n",
    .own_help = true,
    .run = run,
};
