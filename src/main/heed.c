/* heed.c - the program: finds the command and runs it in the real world. */
#include <unistd.h>
#include "main/options.h"
#include "main/process.h"
#include "base/job.h"
#include "base/limits.h"
#include "main/world_real.h"

static const command *command_find(str name) {
    for (size_t i = 0; i < commands_n; i++)
        if (str_eq(str_of(commands[i]->name), name)) return commands[i];
    return NULL;
}

typedef struct {
    const command *cmd;
    call c;
    int code;
} running;

static bool run(arena *a, void *ctx, err *e) {
    (void)e;
    running *r = ctx;
    r->c.a = a;
    r->code = r->cmd->run(&r->c);
    return true;
}

static bool asks_for_help(int argc, char **argv) {
    for (int i = 0; i < argc; i++)
        if (str_eq(str_of(argv[i]), S("--help")) || str_eq(str_of(argv[i]), S("-h"))) return true;
    return false;
}

int main(int argc, char **argv) {
    err e;
    str name = argc > 1 ? str_of(argv[1]) : S("help");
    if (str_eq(name, S("--help")) || str_eq(name, S("-h"))) name = S("help");
    if (str_eq(name, S("--version"))) {
        printf("heed %s\n", HEED_VERSION);
        return 0;
    }
    const command *own = command_find(name);
    bool help = argc > 2 && asks_for_help(argc - 2, argv + 2) && !(argc > 3 && own && own->own_help);
    running r = {.cmd = command_find(help ? S("help") : name)};
    r.c = (call){argc > 2 ? argc - 2 : 0, argv + 2, world_real(), NULL, stdout, stderr,
                 isatty(2) == 1};
    if (help) r.c.argc = 1, r.c.argv = argv + 1;
    if (!r.cmd) {
        fprintf(stderr, "heed: no command \"%.60s\"; `heed help` lists them\n", argv[1]);
        return 2;
    }
    process_ignore_broken_pipes();
    if (!job_run(LIMIT_COMMAND_BYTES, run, &r, &e)) return call_failed(&r.c, &e);
    if (fflush(stdout) != 0 && r.code == 0 &&
        errno != EPIPE) { /* a reader who has seen enough is no failure */
        fprintf(stderr, "heed: cannot write the answer: %s\n", strerror(errno));
        return 1;
    }
    return r.code;
}
