/* taxonomy.c - reads the tree of aspects and finds its nodes.  See taxonomy.h. */
#include "understand/taxonomy.h"
#include "base/limits.h"
#include "understand/tsv.h"

static bool id_ok(str id) {
    if (id.n == 0 || id.n > LIMIT_NAME_BYTES) return false;
    for (size_t i = 0; i < id.n; i++) {
        char c = id.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
        if (!word && !(c == '.' && i > 0 && i + 1 < id.n)) return false;
    }
    return true;
}

static bool node_read(const taxonomy *so_far, const tsv_row *row, aspect_node *out, err *e) {
    const str *c = row->cells;
    if (row->n != 6)
        return fail(e, INVALID, "%.*s line %zu: want id, dimension, department and three titles",
                    STR_ARG(row->file), row->line);
    if (!id_ok(c[0]))
        return fail(e, INVALID,
                    "%.*s line %zu: the id \"%.*s\" may hold a-z, 0-9, '-' and inner dots",
                    STR_ARG(row->file), row->line, STR_ARG(str_head(c[0], 60)));
    if (taxonomy_find(so_far, c[0]))
        return fail(e, INVALID, "%.*s line %zu: the id \"%.*s\" is there twice", STR_ARG(row->file),
                    row->line, STR_ARG(c[0]));
    bool top = str_eq(c[1], S("-"));
    const aspect_node *above = top ? NULL : taxonomy_find(so_far, c[1]);
    if (!top && (!above || above->dimension.p))
        return fail(e, INVALID, "%.*s line %zu: no line above names the dimension \"%.*s\"",
                    STR_ARG(row->file), row->line, STR_ARG(str_head(c[1], 60)));
    for (int i = 3; i < 6; i++)
        if (c[i].n == 0 || c[i].n > LIMIT_NAME_BYTES)
            return fail(e, INVALID, "%.*s line %zu: each title needs 1 to %d bytes",
                        STR_ARG(row->file), row->line, LIMIT_NAME_BYTES);
    *out = (aspect_node){
        c[0], top ? NO_STR : c[1], str_eq(c[2], S("-")) ? NO_STR : c[2], c[3], c[4], c[5]};
    return true;
}

bool taxonomy_read(arena *a, str name, str text, taxonomy *out, err *e) {
    size_t most = tsv_lines(text);
    if (most > LIMIT_TAXONOMY_NODES)
        return fail(e, LIMIT, "%.*s has %zu lines; a taxonomy may have %d", STR_ARG(name), most,
                    LIMIT_TAXONOMY_NODES);
    aspect_node *nodes = NEW_N(a, aspect_node, most);
    taxonomy t = {nodes, 0};
    tsv_row row = {.file = name, .rest = text};
    while (tsv_next(&row)) {
        if (!node_read(&t, &row, &nodes[t.nodes_n], e)) return false;
        t.nodes_n++;
    }
    *out = t;
    return true;
}

const aspect_node *taxonomy_find(const taxonomy *t, str id) {
    for (size_t i = 0; i < t->nodes_n; i++)
        if (str_eq(t->nodes[i].id, id)) return &t->nodes[i];
    return NULL;
}

str taxonomy_title(const taxonomy *t, str id, str locale) {
    const aspect_node *n = taxonomy_find(t, id);
    if (!n) return id;
    if (str_eq_nocase(locale, S("zh-CN")) || str_eq_nocase(locale, S("zh-Hans"))) return n->zh_cn;
    if (str_eq_nocase(locale, S("zh-TW")) || str_eq_nocase(locale, S("zh-Hant"))) return n->zh_tw;
    return n->en;
}

str aspect_family(str id) {
    str head, tail;
    return str_cut(id, '.', &head, &tail) ? head : id;
}
