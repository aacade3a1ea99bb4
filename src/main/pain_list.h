/* pain_list.h - pains and delights on a terminal and as JSON: one list, two polarities. */
#ifndef MAIN_PAIN_LIST_H
#define MAIN_PAIN_LIST_H
#include "main/desk.h"
#include "understand/pains.h"

int pain_command(call *c, int polarity);
bool pain_list_print(call *c, desk *d, const pains_answer *p, err *e) MUST_USE;
#endif
