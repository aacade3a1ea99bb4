/* help.c - what the program can do, in its own words. */
#include "main/options.h"

static int overview(call *c) {
    fputs("Heed hears every customer, understands what was meant, acts, and proves whether it helped.\n\n"
          "usage: heed COMMAND [ARGUMENT...]\n\n",
          c->out);
    for (size_t i = 0; i < commands_n; i++)
        if (!commands[i]->hidden) fprintf(c->out, "  %-10s %s\n", commands[i]->name, commands[i]->title);
    fputs("\n`heed help COMMAND` tells more.  The store is $HEED_STORE, else ./heed.db, or --store URL.\n", c->out);
    return 0;
}

static int run(call *c) {
    err e;
    str_list words;
    if (!options_read(c, NULL, 0, &words, &e)) return call_failed(c, &e);
    if (words.n == 0) return overview(c);
    for (size_t i = 0; i < commands_n; i++) {
        if (!str_eq(str_of(commands[i]->name), words.items[0])) continue;
        fprintf(c->out, "heed %s - %s\n\n%s", commands[i]->name, commands[i]->title, commands[i]->help);
        return 0;
    }
    fail(&e, INVALID, "no command \"%.*s\"; `heed help` lists them", STR_ARG(words.items[0]));
    return call_failed(c, &e);
}

const command command_help = {
    .name = "help",
    .title = "This list, or all about one command",
    .help = "usage: heed help [COMMAND]\n",
    .run = run,
};
