/* tidy.c - reads the whole source tree and holds it to the house rules; its findings are failed tests.
**
** tidy ROOT [FLOOR/FOLDER/TYPE]...   prints TAP: one test a rule, then the lengths of our functions.
** The second arguments name the folders of plugs, so that each plug can be asked for its test. */
#include <ctype.h>
#include <dirent.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    FUNCTION_LINES_MAX = 70, /* a screen and a half; above it the comment says "long because ..." */
    FILE_LINES_MAX = 800,
    COLUMNS_MAX = 120, /* clang-format keeps 100; strings and tables may stick out a little */
    FILES_MAX = 4096,
    FILE_BYTES_MAX = 8 << 20,
    FUNCTIONS_MAX = 20000,
    FINDINGS_SHOWN = 40,
};

typedef enum {
    RULE_FIRST_LINE,
    RULE_FILE_LENGTH,
    RULE_FUNCTION_LENGTH,
    RULE_LINE_WIDTH,
    RULE_TABS,
    RULE_LEFTOVERS,
    RULE_PATHS,
    RULE_DEFAULT,
    RULE_INCLUDES,
    RULE_PLUG_TESTS,
    RULES
} rule;
static const char *const rule_names[RULES] = {
    [RULE_FIRST_LINE] = "the first line of a source file says what it is",
    [RULE_FILE_LENGTH] = "no source file is longer than 800 lines",
    [RULE_FUNCTION_LENGTH] = "no function is longer than 70 lines, unless its comment says why",
    [RULE_LINE_WIDTH] = "no line is wider than 120 columns",
    [RULE_TABS] = "no tabs and no blanks at the end of a line",
    [RULE_LEFTOVERS] = "nothing is left for later",
    [RULE_PATHS] = "no path of somebody's machine",
    [RULE_DEFAULT] = "no default over our enums",
    [RULE_INCLUDES] = "includes are written \"floor/file.h\"",
    [RULE_PLUG_TESTS] = "every plug is named by a test",
};

typedef struct {
    char path[512]; /* below ROOT */
    char *text;     /* NUL-terminated */
    bool ours;      /* C or C++: all rules; else only those on leftovers and paths */
} source;

static source files[FILES_MAX];
static size_t files_n;
static int function_lines[FUNCTIONS_MAX];
static size_t functions_n;
static int found[RULES];
static bool quiet; /* the self-test counts findings without printing them */

static void finding(rule r, const char *path, int line, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
static void finding(rule r, const char *path, int line, const char *fmt, ...) {
    if (found[r]++ >= FINDINGS_SHOWN || quiet) return;
    va_list ap;
    va_start(ap, fmt);
    printf("# %s:%d: ", path, line);
    vprintf(fmt, ap);
    putchar('\n');
    va_end(ap);
}

/* ---- words in text ---- */

static bool word_char(int c) {
    return isalnum((unsigned char)c) || c == '_';
}

/* The word itself, not part of a longer one. */
static const char *find_word(const char *text, const char *word) {
    size_t n = strlen(word);
    for (const char *p = text; (p = strstr(p, word)) != NULL; p += n)
        if ((p == text || !word_char(p[-1])) && !word_char(p[n])) return p;
    return NULL;
}

static bool has_suffix(const char *s, const char *suffix) {
    size_t n = strlen(s), m = strlen(suffix);
    return n >= m && strcmp(s + n - m, suffix) == 0;
}

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Columns on a screen: code points, since wide ones are rare in code. */
static int width(const char *line) {
    int n = 0;
    for (const char *p = line; *p; p++) n += (*p & 0xc0) != 0x80;
    return n;
}

/* ---- the rules on one line; prev is the nearest "case" above it in the function ---- */

static void check_words(const char *path, int no, const char *line) {
    static const char *const leftovers[] = {"FIX"
                                            "ME",
                                            "TO"
                                            "DO",
                                            "XX"
                                            "X"};
    static const char *const paths[] = {"/wo"
                                        "rk/",
                                        "/ho"
                                        "me/",
                                        "/Us"
                                        "ers/",
                                        "/ro"
                                        "ot/"};
    for (size_t i = 0; i < sizeof leftovers / sizeof *leftovers; i++)
        if (find_word(line, leftovers[i]))
            finding(RULE_LEFTOVERS, path, no, "\"%s\": do it, or open an issue", leftovers[i]);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (strstr(line, paths[i]))
            finding(RULE_PATHS, path, no, "names a path below \"%s\"", paths[i]);
}

/* What a merge leaves where it could not decide. */
static void check_merge(const char *path, int no, const char *line) {
    static const char *const marks[] = {"<<<<<<"
                                        "< ",
                                        ">>>>>>"
                                        "> ",
                                        "||||||"
                                        "| "};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (strncmp(line, marks[i], 8) == 0)
            finding(RULE_LEFTOVERS, path, no, "a merge was left undecided");
}

static void check_layout(const char *path, int no, const char *line) {
    size_t n = strlen(line);
    if (strchr(line, '\t')) finding(RULE_TABS, path, no, "a tab");
    if (n && isspace((unsigned char)line[n - 1])) finding(RULE_TABS, path, no, "blanks at the end");
    if (width(line) > COLUMNS_MAX)
        finding(RULE_LINE_WIDTH, path, no, "%d columns wide", width(line));
    if (strncmp(line, "#include \".", 11) == 0)
        finding(RULE_INCLUDES, path, no, "write it as \"floor/file.h\"");
}

/* A label in capitals is one of ours: there the compiler must see a missing case, so no default. */
static void check_default(const char *path, int no, const char *line, bool over_enum) {
    const char *p = line + strspn(line, " ");
    if (strncmp(p, "default:", 8) == 0 && over_enum && !strstr(p, "/*"))
        finding(RULE_DEFAULT, path, no, "list the cases, so that the compiler sees a missing one");
}

static bool enum_label(const char *line, bool *over_enum) {
    const char *p = line + strspn(line, " ");
    if (strncmp(p, "case ", 5) != 0) return false;
    *over_enum = isupper((unsigned char)p[5]);
    return true;
}

/* ---- functions: they begin with a line at the margin that ends in "{" and end with "}" there ---- */

static bool opens_function(const char *line, const char *before) {
    size_t n = strlen(line);
    if (n < 2 || line[n - 1] != '{' || line[0] == '}' || line[0] == '#') return false;
    if (n >= 3 && strcmp(line + n - 3, ") {") == 0) return line[0] != ' ' || *before != 0;
    return false;
}

static void end_function(const char *path, int from, int to, bool excused) {
    int lines = to - from + 1;
    if (functions_n < FUNCTIONS_MAX) function_lines[functions_n++] = lines;
    if (lines > FUNCTION_LINES_MAX && !excused)
        finding(RULE_FUNCTION_LENGTH, path, from,
                "a function of %d lines; cut it, or say above it: long because ...", lines);
}

/* The comment right above a function excuses its length with the words "long because". */
typedef struct {
    int from;             /* line the function's signature began at; 0 = not in one */
    bool open;            /* its "{" was seen */
    bool excused, nearby; /* nearby: the last comment holds the words and nothing came between */
    bool over_enum;
} place;

static void follow(place *at, const char *path, int no, const char *line) {
    if (at->open) {
        enum_label(line, &at->over_enum);
        check_default(path, no, line, at->over_enum);
        if (strcmp(line, "}") != 0) return;
        end_function(path, at->from, no, at->excused);
        *at = (place){0};
        return;
    }
    if (strstr(line, "ong because")) at->nearby = true;
    if (line[0] == 0 || line[0] == '}') *at = (place){0};
    bool margin = line[0] && !isspace((unsigned char)line[0]) && !strchr("#/*}", line[0]);
    if (margin && !at->from) at->from = no;
    if (at->from && opens_function(line, "("))
        at->open = true, at->excused = at->nearby;
    else if (strchr(line, ';') && at->from)
        *at = (place){0};
}

static void check_first_line(const char *path, const char *line) {
    char want[300];
    snprintf(want, sizeof want, "/* %s - ", base_name(path));
    if (strncmp(line, want, strlen(want)) != 0)
        finding(RULE_FIRST_LINE, path, 1, "begin with \"%swhat it is\"", want);
}

static void check_source(const source *s) {
    char line[4096];
    place at = {0};
    int no = 0;
    for (const char *p = s->text; *p;) {
        size_t n = strcspn(p, "\n");
        snprintf(line, sizeof line, "%.*s", (int)(n < sizeof line ? n : sizeof line - 1), p);
        p += n + (p[n] == '\n');
        no++;
        check_words(s->path, no, line);
        check_merge(s->path, no, line);
        if (!s->ours) continue;
        if (no == 1) check_first_line(s->path, line);
        check_layout(s->path, no, line);
        follow(&at, s->path, no, line);
    }
    if (s->ours && no > FILE_LINES_MAX)
        finding(RULE_FILE_LENGTH, s->path, no, "%d lines: which two things are in it?", no);
}

/* ---- plugs ---- */

/* A test names a plug as "x", as type_x, on a command line as `heed x`, or in a story as x=. */
static bool names_plug(const char *text, const char *type, const char *name) {
    static const char *const ways[] = {"\"%s\"", "heed %s", "$heed\" %s", " %s="};
    char said[200];
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        const char *way = ways[i], *at = strstr(way, "%s");
        snprintf(said, sizeof said, "%.*s%s%s", (int)(at - way), way, name, at + 2);
        const char *hit = strstr(text, said);
        if (hit && (at[2] || !word_char(hit[strlen(said)]))) return true;
    }
    snprintf(said, sizeof said, "%s_%s", type, name);
    return find_word(text, said) != NULL;
}

static bool is_test(const char *path) {
    return has_suffix(path, "_test.c") || strncmp(path, "t/", 2) == 0;
}

static bool plug_tested(const char *path, const char *type, const char *name) {
    char beside[600];
    snprintf(beside, sizeof beside, "%.*s_test.c", (int)(strlen(path) - 2), path);
    for (size_t i = 0; i < files_n; i++) {
        if (strcmp(files[i].path, beside) == 0) return true;
        if (is_test(files[i].path) && names_plug(files[i].text, type, name)) return true;
    }
    return false;
}

/* what: floor/folder/type */
static void check_plugs(const char *what) {
    char dir[300], name[200];
    const char *type = base_name(what);
    snprintf(dir, sizeof dir, "src/%.*s", (int)(type - what), what);
    for (size_t i = 0; i < files_n; i++) {
        const char *path = files[i].path;
        if (strncmp(path, dir, strlen(dir)) != 0 || !has_suffix(path, ".c") || is_test(path))
            continue;
        snprintf(name, sizeof name, "%.*s", (int)(strlen(base_name(path)) - 2), base_name(path));
        if (!plug_tested(path, type, name))
            finding(RULE_PLUG_TESTS, path, 1, "no test beside it, and none names \"%s\"", name);
    }
}

/* ---- walking the tree ---- */

static char *read_whole(const char *path) {
    FILE *f = fopen(path, "rb");
    if (!f) return NULL;
    char *text = malloc(FILE_BYTES_MAX);
    size_t n = text ? fread(text, 1, FILE_BYTES_MAX - 1, f) : 0;
    if (text) text[n] = 0;
    fclose(f);
    return text ? realloc(text, n + 1) : NULL;
}

static void take_file(const char *root, const char *path) {
    static const char *const kinds[] = {".c",  ".h",   ".cc",    ".sh",
                                        ".md", ".sql", ".story", "Makefile"};
    bool known = strncmp(path, "script/", 7) == 0 || strncmp(path, ".ci/", 4) == 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) known |= has_suffix(path, kinds[i]);
    if (!known) return;
    if (files_n == FILES_MAX) {
        fprintf(stderr, "tidy: more than %d files\n", FILES_MAX);
        exit(1);
    }
    char full[1024];
    snprintf(full, sizeof full, "%s/%s", root, path);
    source *s = &files[files_n++];
    snprintf(s->path, sizeof s->path, "%s", path);
    s->text = read_whole(full);
    s->ours = has_suffix(path, ".c") || has_suffix(path, ".h") || has_suffix(path, ".cc");
    if (!s->text) {
        fprintf(stderr, "tidy: cannot read %s\n", full);
        exit(1);
    }
}

static void walk(const char *root, const char *dir) {
    char full[1024], path[512];
    snprintf(full, sizeof full, "%s/%s", root, dir);
    DIR *d = opendir(full);
    if (!d) return;
    for (struct dirent *f; (f = readdir(d)) != NULL;) {
        bool hidden = f->d_name[0] == '.' && strcmp(f->d_name, ".ci") != 0;
        if (hidden || strcmp(f->d_name, "build") == 0 || strcmp(f->d_name, "node_modules") == 0)
            continue;
        snprintf(path, sizeof path, "%s%s%s", dir, *dir ? "/" : "", f->d_name);
        snprintf(full, sizeof full, "%s/%s", root, path);
        struct stat st;
        if (lstat(full, &st) != 0 || S_ISLNK(st.st_mode)) continue;
        if (S_ISDIR(st.st_mode))
            walk(root, path);
        else
            take_file(root, path);
    }
    closedir(d);
}

/* ---- proof that the rules can fail ---- */

static int findings_in(rule r, const char *path, const char *text) {
    source s = {.text = strdup(text), .ours = true};
    snprintf(s.path, sizeof s.path, "%s", path);
    memset(found, 0, sizeof found);
    functions_n = 0;
    check_source(&s);
    free(s.text);
    return found[r];
}

static bool long_function_found(const char *comment, int lines) {
    char text[4096];
    int n = snprintf(text, sizeof text, "/* a.c - x */\n%sint f(void) {\n", comment);
    for (int i = 0; i < lines - 2; i++)
        n += snprintf(text + n, sizeof text - (size_t)n, "    g();\n");
    snprintf(text + n, sizeof text - (size_t)n, "}\n");
    return findings_in(RULE_FUNCTION_LENGTH, "a.c", text) > 0;
}

static bool self_test(void) {
    bool ok = true;
    quiet = true;
    ok &= findings_in(RULE_FIRST_LINE, "a.c", "int x;\n") == 1;
    ok &= findings_in(RULE_FIRST_LINE, "b/a.c", "/* a.c - a thing */\n") == 0;
    ok &= findings_in(RULE_TABS, "a.c", "\tint x;\nint y; \n") == 2;
    ok &= findings_in(RULE_LEFTOVERS, "a.c",
                      "/* TO"
                      "DO x */\n") == 1;
    ok &= findings_in(RULE_LEFTOVERS, "a.c",
                      "mkstemp(\"a-XX"
                      "XXXX\");\n") == 0;
    ok &= findings_in(RULE_LEFTOVERS, "a.c",
                      "<<<<<<"
                      "< HEAD\n") == 1;
    ok &= findings_in(RULE_PATHS, "a.c",
                      "open(\"/wo"
                      "rk/a\");\n") == 1;
    ok &= findings_in(RULE_INCLUDES, "a.c", "#include \"../x.h\"\n") == 1;
    ok &= findings_in(
              RULE_DEFAULT, "a.c",
              "int f(int a) {\n    switch (a) {\n    case A:\n    default: x();\n    }\n}\n") == 1;
    ok &=
        findings_in(
            RULE_DEFAULT, "a.c",
            "int f(int a) {\n    switch (a) {\n    case 'a':\n    default: x();\n    }\n}\n") == 0;
    ok &= long_function_found("", 71) && !long_function_found("", 70);
    ok &= !long_function_found("/* Long because of its table. */\n", 90);
    ok &= names_plug("f(\"csv\")", "format", "csv") && !names_plug("csv csvx", "format", "csv");
    quiet = false;
    memset(found, 0, sizeof found);
    functions_n = 0;
    return ok;
}

static int by_size(const void *a, const void *b) {
    return *(const int *)a - *(const int *)b;
}

static void print_lengths(void) {
    if (!functions_n) return;
    qsort(function_lines, functions_n, sizeof *function_lines, by_size);
    printf("## %zu functions: half up to %d lines, nine in ten up to %d, the longest %d\n",
           functions_n, function_lines[functions_n / 2], function_lines[functions_n * 9 / 10],
           function_lines[functions_n - 1]);
}

int main(int argc, char **argv) {
    bool sound = self_test();
    printf("%s - tidy finds what it must\n", sound ? "ok" : "not ok");
    walk(argc > 1 ? argv[1] : ".", "");
    for (size_t i = 0; i < files_n; i++) check_source(&files[i]);
    for (int i = 2; i < argc; i++) check_plugs(argv[i]);
    int bad = files_n ? 0 : 1;
    for (int r = 0; r < RULES; r++) {
        printf("%s - %s\n", found[r] ? "not ok" : "ok", rule_names[r]);
        bad += found[r];
    }
    print_lengths();
    return bad > 0 || !sound;
}
