/* hans.c - prints the table of traditional characters and their simplified ones, by OpenCC (tw2sp,
** which turns 著 into 着 where t2s leaves it).  Built and run once by the Makefile. */
#include <opencc/opencc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int put(unsigned c, char *out) {
    out[0] = (char)(0xe0 | c >> 12);
    out[1] = (char)(0x80 | (c >> 6 & 0x3f));
    out[2] = (char)(0x80 | (c & 0x3f));
    out[3] = 0;
    return 3;
}

static unsigned get(const char *p) {
    const unsigned char *u = (const unsigned char *)p;
    if ((u[0] & 0xf0) != 0xe0 || u[3] != 0) return 0;  /* one character of the same plane, or nothing */
    return (u[0] & 0x0fu) << 12 | (u[1] & 0x3fu) << 6 | (u[2] & 0x3fu);
}

int main(void) {
    opencc_t cc = opencc_open("tw2sp.json");
    if (cc == (opencc_t)-1) {
        fprintf(stderr, "hans: OpenCC's tw2sp.json is not installed (libopencc-data)\n");
        return 1;
    }
    printf("/* made by tools/hans.c: pairs of traditional and simplified, ascending */\n"
           "#include \"kern/hans.h\"\nconst u16 hans_pairs[][2] = {\n");
    int n = 0;
    for (unsigned c = 0x3400; c < 0xa000; c++) {
        char in[4];
        char *out = opencc_convert_utf8(cc, in, (size_t)put(c, in));
        unsigned to = out ? get(out) : 0;
        if (to && to != c) n += printf("{0x%04x, 0x%04x},\n", c, to) > 0;
        if (out) opencc_convert_utf8_free(out);
    }
    printf("};\nconst size_t hans_pairs_n = %d;\n", n);
    return opencc_close(cc);
}
