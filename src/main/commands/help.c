/* help.c - what the program can do, in its own words. */
#include "api/openapi.h"
#include "main/options.h"

static int overview(call *c) {
    fputs("Heed hears every customer, understands what was meant, acts, and proves whether it "
          "helped.\n\n"
          "usage: heed COMMAND [ARGUMENT...]\n\n",
          c->out);
    for (size_t i = 0; i < commands_n; i++)
        if (!commands[i]->hidden)
            fprintf(c->out, "  %-10s %s\n", commands[i]->name, commands[i]->title);
    fputs("\n`heed help COMMAND` tells more.  The store is $HEED_STORE, else ./heed.db, or --store "
          "URL.\n",
          c->out);
    return 0;
}

/* Text as roff reads it back: no line is a request, a hyphen is a hyphen. */
static void roff(FILE *out, const char *text) {
    bool at_start = true;
    for (const char *p = text; *p; at_start = *p++ == '\n') {
        if (at_start && (*p == '.' || *p == '\'')) fputs("\\&", out);
        if (*p == '\\')
            fputs("\\e", out);
        else if (*p == '-')
            fputs("\\-", out);
        else
            fputc(*p, out);
    }
}

/* heed(1), from the words every command has for itself. */
static int manual(call *c) {
    fputs(".TH HEED 1 \"\" \"heed " HEED_VERSION
          "\"\n.SH NAME\nheed \\- hears every customer, understands, acts\n"
          ".SH SYNOPSIS\n.B heed\n.I COMMAND\n[\\fIARGUMENT\\fR...]\n.SH COMMANDS\n",
          c->out);
    for (size_t i = 0; i < commands_n; i++) {
        if (commands[i]->hidden) continue;
        fprintf(c->out, ".SS %s\n", commands[i]->name);
        roff(c->out, commands[i]->title);
        fputs("\n.PP\n.nf\n", c->out);
        roff(c->out, commands[i]->help);
        fputs(".fi\n", c->out);
    }
    fputs(".SH ENVIRONMENT\n.TP\n.B HEED_STORE\nThe store, unless \\-\\-store names one; else "
          "./heed.db.\n"
          ".TP\n.B HEED_LANG\nzh\\-CN, zh\\-TW or en: the language of titles; else the locale's.\n"
          ".SH EXIT STATUS\n0 done; 1 the world's fault; 2 the caller's fault.  One sentence on "
          "standard error says which.\n",
          c->out);
    return 0;
}

static int description(call *c) {
    err e;
    buf b = {.a = c->a};
    if (!openapi_print(c->a, &b, &e)) return call_failed(c, &e);
    fprintf(c->out, "%.*s\n", STR_ARG(buf_view(&b)));
    return 0;
}

static int run(call *c) {
    err e;
    bool man = false, openapi = false;
    str_list words;
    const option options[] = {{.name = "man", .flag = &man}, {.name = "openapi", .flag = &openapi}};
    if (!options_read(c, options, COUNT(options), &words, &e)) return call_failed(c, &e);
    if (man) return manual(c);
    if (openapi) return description(c);
    if (words.n == 0) return overview(c);
    for (size_t i = 0; i < commands_n; i++) {
        if (!str_eq(str_of(commands[i]->name), words.items[0])) continue;
        fprintf(c->out, "heed %s - %s\n\n%s", commands[i]->name, commands[i]->title,
                commands[i]->help);
        return 0;
    }
    fail(&e, INVALID, "no command \"%.*s\"; `heed help` lists them", STR_ARG(words.items[0]));
    return call_failed(c, &e);
}

const command command_help = {
    .name = "help",
    .title = "This list, or all about one command",
    .help = "usage: heed help [COMMAND]\n       heed help --man | man -l -     everything, as a "
            "manual page\n"
            "       heed help --openapi            the API, as OpenAPI 3.1\n",
    .run = run,
};
