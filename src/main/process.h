/* process.h - what the operating system tells a process.  Its own file: libc's signal() and our noun
** of that name do not meet. */
#ifndef MAIN_PROCESS_H
#define MAIN_PROCESS_H
#include <stdbool.h>

void process_ignore_broken_pipes(
    void); /* a closed pipe is an error of the write, not of the process */
void process_catch_interrupts(void); /* Ctrl-C and SIGTERM: finish what is in hand, then stop */
bool process_interrupted(void);
int process_cores(void);
void process_raise_files(void);            /* as many descriptors as the administrator allows */
#endif
