/* command.h - one subcommand of the program.  One file in commands/ is one command. */
#ifndef MAIN_COMMAND_H
#define MAIN_COMMAND_H
#include "base/world.h"
#include "store/store.h"

/* The caller's words, parsed by options.h: what a command needs to see. */
typedef struct {
    int argc;
    char **argv; /* after the command's name */
    world *w;
    arena *a;        /* lives as long as the command */
    FILE *out, *err; /* results; messages and progress */
    bool tty;        /* err is a terminal: progress bars may move the cursor */
} call;

/* Done 0, the world's fault 1, the caller's fault 2; the sentence has been written to c->err. */
typedef struct {
    const char *name;  /* "check" */
    const char *title; /* one line for `heed help` */
    const char *help;  /* options and examples, as `heed help NAME` prints it */
    bool hidden;
    bool own_help; /* --help behind a word is the command's own business */
    int (*run)(call *c);
} command;
extern const command *const commands[];
extern const size_t commands_n;
#endif
