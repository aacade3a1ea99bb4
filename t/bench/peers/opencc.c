/* opencc.c - OpenCC on the same texts as t/bench/cut_bench.c, for script/bench-text.
** opencc CONFIG IN OUT [OURS]   converts IN line by line into OUT, prints MB a second, and the share of
** characters that are the same in OURS. */
#include <opencc/opencc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double cpu(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    opencc_t cc = opencc_open(argv[1]);
    FILE *in = fopen(argv[2], "rb"), *out = fopen(argv[3], "wb");
    FILE *ours = argc > 4 ? fopen(argv[4], "rb") : NULL;
    char *line = NULL, *mine = NULL;
    size_t room = 0, mine_room = 0;
    double bytes = 0, took = 0, same = 0, all = 0;
    if (cc == (opencc_t)-1 || !in || !out) return 1;
    for (ssize_t n; (n = getline(&line, &room, in)) > 0;) {
        double from = cpu();
        char *to = opencc_convert_utf8(cc, line, (size_t)n);
        took += cpu() - from;
        bytes += (double)n;
        fputs(to, out);
        ssize_t m = ours ? getline(&mine, &mine_room, ours) : 0;
        for (ssize_t i = 0; ours && i < m && to[i]; i++)
            if (((unsigned char)to[i] & 0xc0) != 0x80) {
                size_t len = 1;
                while (((unsigned char)to[i + (ssize_t)len] & 0xc0) == 0x80) len++;
                all++;
                same += memcmp(to + i, mine + i, len) == 0;
            }
        opencc_convert_utf8_free(to);
    }
    printf("%.1f %.5f\n", bytes / 1e6 / took, all > 0 ? same / all : 0);
    return 0;
}
