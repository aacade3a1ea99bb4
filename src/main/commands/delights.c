/* delights.c - what delights, ranked, with place, time and quotes. */
#include "main/pain_list.h"

static int run(call *c) {
    return pain_command(c, 1);
}

const command command_delights = {
    .name = "delights",
    .title = "What delights: aspects ranked by reach x strength x effect, with quotes",
    .help =
        "usage: heed delights [--where EXPR] [--limit N] [--score COL] [--zone +08:00] [--store "
        "URL] [--json]\n\n"
        "reach     share of the signals with words that speak of it so\n"
        "strength  how strongly it is put, 0-100\n"
        "score     points of 100 the score (--score, else the one most answered) differs with it\n"
        "Where it stands out in place and time is shown when that is not chance.\n",
    .run = run,
};
