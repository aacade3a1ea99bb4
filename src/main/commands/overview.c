/* overview.c - the company on one screen. */
#include "main/overview.h"

static int run(call *c) {
    err e;
    desk d;
    asking ask;
    str_list words;
    option options[ASKING_OPTIONS];
    if (!asking_read(c, &ask, options, 0, &words, &e) || !desk_open(c, ask.store, false, &d, &e) ||
        !overview_print(c, &d, ask.filter, &e))
        return call_failed(c, &e);
    return 0;
}

const command command_overview = {
    .name = "overview",
    .title = "The company on one screen: scores, channels, pains, delights, tickets",
    .help = "usage: heed overview [--where EXPR] [--store URL]\n",
    .run = run,
};
