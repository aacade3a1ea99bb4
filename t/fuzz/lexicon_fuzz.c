/* lexicon_fuzz.c - lexicon files that a tenant may edit: any bytes are read or refused. */
#include "base/job.h"
#include "understand/vocabulary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
    const char *from, *to;
} input;
static bool read_job(arena *a, void *ctx, err *e) {
    static const char tree[] = "sense\t-\t-\ta\tb\tc\nfood.taste\tsense\tkitchen\ta\tb\tc\n";
    const input *in = ctx;
    const vocabulary *v = NULL;
    const embedded words[] = {{"taxonomy.tsv", tree, tree + sizeof tree - 1},
                              {"x.tsv", in->from, in->to}};
    const embedded nodes[] = {{"taxonomy.tsv", in->from, in->to}};
    bool ok = vocabulary_read(a, words, COUNT(words), &v, e);
    check(ok == (v != NULL));
    return vocabulary_read(a, nodes, COUNT(nodes), &v, e) && ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    err e = {0};
    input in = {(const char *)data, (const char *)data + size};
    if (!job_run((size_t)256 << 20, read_job, &in, &e)) check(e.msg[0] != '\0');
    return 0;
}
