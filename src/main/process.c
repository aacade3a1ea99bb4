/* process.c - signals of the operating system, and how many cores there are. */
#include "main/process.h"
#include <signal.h>
#include <stddef.h>
#include <sys/resource.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted;

static void note(int number) {
    (void)number;
    interrupted = 1;
}

void process_ignore_broken_pipes(void) {
    signal(SIGPIPE, SIG_IGN);
}

void process_catch_interrupts(void) {
    struct sigaction a = {.sa_handler = note,
                          .sa_flags = (int)SA_RESETHAND}; /* the second one ends it at once */
    sigaction(SIGINT, &a, NULL);
    sigaction(SIGTERM, &a, NULL);
}

bool process_interrupted(void) {
    return interrupted;
}

int process_cores(void) {
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > 64 ? 64 : (int)n;
}

void process_raise_files(void) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}
