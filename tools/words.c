/* words.c - prints the dictionary of words as kern/wordcut.h wants it in memory: three u64 (words,
** nodes, lone cost), codes, nodes.  Built and run once by the Makefile.  words DICT.TXT >FILE */
#include "kern/wordcut.h"
#include <stdio.h>

static str read_all(arena *a, const char *path) {
    FILE *f = fopen(path, "rb");
    buf b = {.a = a};
    char part[65536];
    if (!f) return NO_STR;
    for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0;) buf_bytes(&b, part, n);
    fclose(f);
    return buf_view(&b);
}

int main(int argc, char **argv) {
    err e;
    word_trie t;
    arena *a = arena_open((size_t)2 << 30);
    str lines = argc > 1 ? read_all(a, argv[1]) : NO_STR;
    if (!lines.p) {
        fprintf(stderr, "words: no dictionary in %s: install python3-jieba (script/install-deps does)\n",
                argc > 1 ? argv[1] : "no file");
        return 1;
    }
    if (!wordcut_build(a, lines, &t, &e)) {
        fprintf(stderr, "words: %s\n", e.msg);
        return 1;
    }
    u64 head[3] = {t.words_n, t.nodes_n, (u64)t.lone};
    fwrite(head, sizeof head, 1, stdout);
    fwrite(t.codes, 2, 65536, stdout);
    fwrite(t.nodes, 8, t.nodes_n, stdout);
    fprintf(stderr, "words: %u words in %u nodes\n", t.words_n, t.nodes_n);
    arena_close(a);
    return fflush(stdout) != 0;
}
