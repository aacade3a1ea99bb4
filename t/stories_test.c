/* stories_test.c - runs t/stories/NNN-*.story: the mission as scripts, in one process, with a clock
** that moves only when told.  They are numbered from basic to rare, so that the first failure is the
** most basic one.  One file is one test; t/stories/README.md shows the language. */
#include "base/test.h"
#include "base/time.h"
#include "act/rule.h"
#include "flow/flow.h"
#include "understand/measure.h"
#include <dirent.h>
#include <unistd.h>

enum { STORIES_MAX = 200, WORDS_MAX = 60, STORY_BYTES_MAX = 64 * 1024 };

typedef struct {
    str key, value; /* key is missing in a bare word */
} word;

/* One line, cut into words: bare, key=value or key="value with blanks".  "=" alone is a bare word. */
typedef struct {
    int no;
    str text; /* all of it, for what has a language of its own */
    word words[WORDS_MAX];
    size_t n;
} line;

typedef struct {
    arena *a;
    world_fake clock;
    store *s;
    tally *t;
    char dir[300];
    i64 heard; /* hear lines so far: the id of a signal without one */
} story;

/* ---- words ---- */

static bool word_end(char c) {
    return c == ' ';
}

/* Takes a quoted text off the front of *rest; \" is a quote, \n a line end. */
static bool take_quoted(arena *a, str *rest, str *out, err *e) {
    buf b = {.a = a};
    size_t i = 1;
    for (; i < rest->n && rest->p[i] != '"'; i++) {
        bool escaped = rest->p[i] == '\\' && i + 1 < rest->n;
        if (escaped) i++;
        buf_char(&b, escaped && rest->p[i] == 'n' ? '\n' : rest->p[i]);
    }
    if (i == rest->n) return fail(e, INVALID, "a quote is not closed");
    *rest = str_from(*rest, i + 1);
    *out = buf_view(&b);
    return true;
}

static bool take_value(arena *a, str *rest, str *out, err *e) {
    if (rest->n && rest->p[0] == '"') return take_quoted(a, rest, out, e);
    size_t n = 0;
    while (n < rest->n && !word_end(rest->p[n]))
        n++;
    *out = str_head(*rest, n);
    *rest = str_from(*rest, n);
    return true;
}

static bool take_word(arena *a, str *rest, word *out, err *e) {
    size_t n = 0;
    *out = (word){NO_STR, NO_STR};
    while (n < rest->n && !word_end(rest->p[n]) && rest->p[n] != '=' && rest->p[n] != '"')
        n++;
    if (n > 0 && n < rest->n && rest->p[n] == '=') {
        out->key = str_head(*rest, n);
        *rest = str_from(*rest, n + 1);
    }
    return take_value(a, rest, &out->value, e);
}

static bool line_words(arena *a, line *l, err *e) {
    l->n = 0;
    for (str rest = str_trim(l->text); rest.n; rest = str_trim(rest)) {
        if (l->n == WORDS_MAX) return fail(e, INVALID, "more than %d words", WORDS_MAX);
        if (!take_word(a, &rest, &l->words[l->n++], e)) return false;
    }
    return true;
}

static str bare(const line *l, size_t i) {
    return i < l->n && !l->words[i].key.p ? l->words[i].value : NO_STR;
}

static str given(const line *l, str key) {
    for (size_t i = 0; i < l->n; i++)
        if (l->words[i].key.p && str_eq(l->words[i].key, key)) return l->words[i].value;
    return NO_STR;
}

/* ---- hear ---- */

static bool set_attribute(story *g, signal *sig, str key, str to) {
    attribute *at = &sig->attrs[sig->attrs_n++];
    *at = (attribute){arena_str(g->a, key), NO_STR, NONE};
    if (!num6_parse(to, &at->num)) at->text = arena_str(g->a, to), at->num = NONE;
    return true;
}

static bool set_field(story *g, signal *sig, str key, str to, err *e) {
    if (str_eq(key, S("id"))) key = S("external_id");
    const field *f = noun_field(&noun_signal, key);
    i64 v = 0;
    if (!f) return set_attribute(g, sig, key, to);
    if (field_is_text(f)) return noun_set_text(f, &sig->row, to), true;
    if (f->kind == FIELD_TIME && !time_parse(to, 0, &v)) return fail(e, INVALID, "not a time");
    if (f->kind == FIELD_NUM6 && !num6_parse(to, &v)) return fail(e, INVALID, "not a number");
    noun_set_int(f, &sig->row, v);
    return true;
}

/* A flow of its own for each signal: rules made meanwhile count. */
static bool take(story *g, const signal *sig, err *e) {
    flow *f = NULL;
    flow_options o = {.w = &g->clock.w, .threads = 1};
    flow_counts counts = {0};
    if (!flow_open(g->s, g->t, &o, &f, e)) return false;
    bool ok = flow_take(f, sig, 1, NULL, &counts, e);
    flow_close(f);
    return ok;
}

static bool do_hear(story *g, const line *l, err *e) {
    signal sig = {0};
    g->heard++;
    signal_init(&sig);
    sig.attrs = NEW_N(g->a, attribute, WORDS_MAX);
    sig.row.source = S("story");
    sig.row.external_id = arena_fmt(g->a, "%" PRId64, g->heard);
    sig.row.occurred_at = g->clock.clock_ms;
    for (size_t i = 1; i < l->n; i++)
        if (!set_field(g, &sig, l->words[i].key, l->words[i].value, e)) return false;
    if (!signal_check(&sig, g->clock.clock_ms, e)) return false;
    signal_seal(g->a, &sig);
    return take(g, &sig, e);
}

/* ---- rules and tickets ---- */

static ptrdiff_t last_arrow(str s) {
    ptrdiff_t at = -1;
    for (size_t from = 0;;) {
        ptrdiff_t next = str_find(str_from(s, from), S(" -> "));
        if (next < 0) return at;
        at = (ptrdiff_t)from + next;
        from = (size_t)at + 1;
    }
}

static bool do_rule(story *g, const line *l, err *e) {
    rule r;
    str name, rest = str_from(l->text, strlen("rule"));
    noun_init(&noun_rule, &r);
    ptrdiff_t arrow = last_arrow(rest);
    if (arrow < 0 || !str_cut(str_head(rest, (size_t)arrow), ':', &name, &r.condition))
        return fail(e, INVALID, "want: rule NAME: EXPR -> ACTION key=value ...");
    r.name = str_trim(name);
    r.condition = str_trim(r.condition);
    r.enabled = 1;
    if (!rule_then(g->a, str_from(rest, (size_t)arrow + 4), &r, e) || !rule_check(&r, e))
        return false;
    return store_put(g->s, &noun_rule, &r, e);
}

static bool the_id(const line *l, size_t i, i64 *out, err *e) {
    if (str_int(bare(l, i), out)) return true;
    return fail(e, INVALID, "want a number after \"%.*s\"", STR_ARG(bare(l, i - 1)));
}

static bool do_close(story *g, const line *l, err *e) {
    ticket t;
    i64 id = 0;
    if (!the_id(l, 2, &id, e) || !store_get(g->s, g->a, &noun_ticket, id, &t, e)) return false;
    t.state = S("closed");
    t.outcome = given(l, S("outcome"));
    t.note = given(l, S("note"));
    t.closed_at = g->clock.clock_ms;
    return store_put(g->s, &noun_ticket, &t, e);
}

/* ---- the clock ---- */

static bool do_clock(story *g, const line *l, err *e) {
    i64 ms = 0;
    if (!time_parse(bare(l, 1), 0, &ms))
        return fail(e, INVALID, "want a moment, as 2026-03-02T09:00Z");
    g->clock.clock_ms = ms;
    return true;
}

static bool do_wait(story *g, const line *l, err *e) {
    i64 ms = 0;
    if (!duration_parse(bare(l, 1), &ms)) return fail(e, INVALID, "want 30m, 3h, 7d or 2w");
    g->clock.clock_ms += ms;
    i64 done = 0;
    return outbox_run(g->s, &g->clock.w, &done, e);
}

/* ---- expectations ---- */

static bool same_number(str what, i64 have, str want, err *e) {
    i64 n = 0;
    if (!str_int(want, &n)) return fail(e, INVALID, "want a number of %.*s", STR_ARG(what));
    if (have == n) return true;
    return fail(e, INVALID, "%.*s: have %" PRId64 ", want %" PRId64, STR_ARG(what), have, n);
}

/* A field as a story writes it: times relative to the clock ("4h"), numbers and text plain. */
static bool field_is(story *g, const field *f, const void *rec, str want, err *e) {
    i64 v = field_is_text(f) ? 0 : noun_int(f, rec), ms = 0;
    str have = field_is_text(f) ? noun_text(f, rec) : NO_STR;
    if (f->kind == FIELD_TIME && v != NONE && duration_parse(want, &ms)) {
        if (v == g->clock.clock_ms + ms) return true;
        return fail(e, INVALID, "%s: want it in %.*s, it is in %" PRId64 " s", f->name,
                    STR_ARG(want), (v - g->clock.clock_ms) / 1000);
    }
    buf b = {.a = g->a};
    if (field_is_text(f))
        buf_str(&b, have);
    else if (f->kind == FIELD_NUM6)
        buf_num6(&b, v);
    else if (v != NONE)
        buf_fmt(&b, "%" PRId64, v);
    str is = buf_view(&b);
    if (str_eq(is, want)) return true;
    return fail(e, INVALID, "%s: have \"%.*s\", want \"%.*s\"", f->name, STR_ARG(is),
                STR_ARG(want));
}

/* All key=value words of the line hold for rec. */
static bool fields_are(story *g, const line *l, const noun *n, const void *rec, err *e) {
    for (size_t i = 0; i < l->n; i++) {
        str key = l->words[i].key;
        if (!key.p) continue;
        if (str_eq(key, S("due"))) key = S("due_at");
        const field *f = noun_field(n, key);
        if (!f) return fail(e, INVALID, "a %s has no \"%.*s\"", n->name, STR_ARG(key));
        if (!field_is(g, f, rec, l->words[i].value, e)) return false;
    }
    return true;
}

static bool expect_tickets(story *g, const line *l, err *e) {
    void *recs = NULL;
    size_t n = 0;
    i64 fit = 0;
    err unfit;
    store_query all = {0};
    if (!store_list(g->s, g->a, &noun_ticket, &all, &recs, &n, e)) return false;
    for (size_t i = 0; i < n; i++)
        fit += fields_are(g, l, &noun_ticket, (ticket *)recs + i, &unfit);
    return same_number(S("tickets"), fit, bare(l, 3), e);
}

static bool expect_ticket(story *g, const line *l, err *e) {
    ticket t;
    i64 id = 0;
    if (!the_id(l, 2, &id, e) || !store_get(g->s, g->a, &noun_ticket, id, &t, e)) return false;
    return fields_are(g, l, &noun_ticket, &t, e);
}

static bool expect_signals(story *g, const line *l, err *e) {
    return same_number(S("signals"), store_signal_count(g->s), bare(l, 3), e);
}

typedef struct {
    story *g;
    const line *l;
    bool found, mentions;
} looking;

static bool look_signal(void *ctx, const signal *sig, const insight *ins, err *e) {
    looking *k = ctx;
    k->found = true;
    for (size_t i = 0; i < k->l->n; i++) {
        str key = k->l->words[i].key, want = k->l->words[i].value;
        if (!key.p) continue;
        const field *f = noun_field(&noun_insight, key), *g = noun_field(&noun_signal, key);
        if (!f && !g) return fail(e, INVALID, "a signal has no \"%.*s\"", STR_ARG(key));
        if (!field_is(k->g, f ? f : g, f ? (const void *)&ins->row : &sig->row, want, e))
            return false;
    }
    return true;
}

static bool look_mention(void *ctx, const signal *sig, const insight *ins, err *e) {
    looking *k = ctx;
    (void)sig;
    k->found = true;
    fail(e, INVALID, "it has no mentions");
    for (size_t i = 0; i < ins->mentions_n; i++)
        if (fields_are(k->g, k->l, &noun_mention, &ins->mentions[i], e)) return true;
    return false;
}

static bool expect_one(story *g, const line *l, store_visit *visit, err *e) {
    looking k = {.g = g, .l = l};
    i64 id = 0;
    if (!the_id(l, 2, &id, e) || !store_scan_ids(g->s, &id, 1, visit, &k, e)) return false;
    return k.found ? true : fail(e, NOT_FOUND, "no signal %" PRId64, id);
}

static bool expect_signal(story *g, const line *l, err *e) {
    return expect_one(g, l, look_signal, e);
}

static bool expect_mention(story *g, const line *l, err *e) {
    return expect_one(g, l, look_mention, e);
}

static bool estimate_is(const estimate *have, str want, err *e) {
    double v = 0;
    if (str_eq(want, S("n/a")))
        return isnan(have->value) ? true : fail(e, INVALID, "have %g, want n/a", have->value);
    if (!str_num(want, &v)) return fail(e, INVALID, "want a number or n/a");
    if (fabs(have->value - v) <= 0.005) return true;
    return fail(e, INVALID, "have %.4f, want %.4f", have->value, v);
}

/* expect tally METRIC = VALUE n=N where="EXPR": with no minimum n, so that stories stay small */
static bool expect_tally(story *g, const line *l, err *e) {
    measure_answer m;
    measure_question q = {.metric = bare(l, 2), .minimum_n = 0};
    str where = given(l, S("where")), n = given(l, S("n"));
    if (where.p && !expr_parse(g->a, where, 0, &q.where, e)) return false;
    if (!measure(g->t, g->s, g->a, &q, &m, e)) return false;
    if (m.cells_n != 1) return fail(e, INVALID, "%zu cells", m.cells_n);
    if (n.p && !same_number(S("n"), m.cells[0].est.n, n, e)) return false;
    return estimate_is(&m.cells[0].est, bare(l, 4), e);
}

static void first_sentence(void *ctx, str sentence) {
    buf *b = ctx;
    if (b->n == 0) buf_str(b, sentence);
}

static bool expect_clean(story *g, const line *l, err *e) {
    i64 bad = 0, worse = 0;
    buf b = {.a = g->a};
    (void)l;
    if (!store_check(g->s, first_sentence, &b, &bad, e) ||
        !tally_check(g->t, first_sentence, &b, &worse, e))
        return false;
    str first = buf_view(&b);
    return bad + worse == 0
               ? true
               : fail(e, CORRUPT, "%" PRId64 " findings: %.*s", bad + worse, STR_ARG(first));
}

typedef struct {
    const char *name;
    bool (*run)(story *g, const line *l, err *e);
} verb;

static const verb expectations[] = {
    {"signals", expect_signals}, {"signal", expect_signal}, {"mention", expect_mention},
    {"tickets", expect_tickets}, {"ticket", expect_ticket}, {"tally", expect_tally},
    {"check", expect_clean},
};

static bool run_verb(const verb *verbs, size_t n, str name, story *g, const line *l, err *e) {
    for (size_t i = 0; i < n; i++)
        if (str_eq(str_of(verbs[i].name), name)) return verbs[i].run(g, l, e);
    return fail(e, INVALID, "no such word: \"%.*s\"", STR_ARG(name));
}

static bool do_expect(story *g, const line *l, err *e) {
    return run_verb(expectations, COUNT(expectations), bare(l, 1), g, l, e);
}

static bool do_title(story *g, const line *l, err *e) {
    (void)g;
    return bare(l, 1).n ? true : fail(e, INVALID, "a story has a title");
}

static const verb verbs[] = {
    {"story", do_title}, {"clock", do_clock}, {"rule", do_rule},     {"hear", do_hear},
    {"wait", do_wait},   {"close", do_close}, {"expect", do_expect},
};

/* refuse "WORDS OF THE SENTENCE" VERB ...: the verb must fail, and say so */
static bool do_refuse(story *g, const line *l, err *e) {
    line inner = *l;
    err refused = {0};
    str sentence, rest = str_trim(str_from(l->text, strlen("refuse")));
    if (!rest.n || rest.p[0] != '"') return fail(e, INVALID, "want: refuse \"WORDS\" VERB ...");
    if (!take_quoted(g->a, &rest, &sentence, e)) return false;
    inner.text = str_trim(rest);
    if (!line_words(g->a, &inner, e)) return false;
    if (run_verb(verbs, COUNT(verbs), bare(&inner, 0), g, &inner, &refused))
        return fail(e, INVALID, "was not refused");
    if (str_find(str_of(refused.msg), sentence) >= 0) return true;
    return fail(e, INVALID, "refused with \"%s\"", refused.msg);
}

/* ---- one story ---- */

static bool run_line(story *g, line *l, err *e) {
    l->text = str_trim(l->text);
    if (l->text.n == 0 || l->text.p[0] == '#') return true;
    if (!line_words(g->a, l, e)) return false;
    if (str_eq(bare(l, 0), S("refuse"))) return do_refuse(g, l, e);
    return run_verb(verbs, COUNT(verbs), bare(l, 0), g, l, e);
}

static bool run_lines(story *g, str text, err *e) {
    line l = {0};
    while (text.n) {
        err inner = {0};
        str_line(&text, &l.text);
        l.no++;
        if (!run_line(g, &l, &inner)) return fail(e, INVALID, "line %d: %s", l.no, inner.msg);
    }
    err inner = {0};
    return expect_clean(g, &l, &inner) ? true : fail(e, CORRUPT, "at the end: %s", inner.msg);
}

static str read_story(arena *a, const char *path) {
    FILE *f = fopen(path, "rb");
    if (!f) fail_msg("cannot open %s", path);
    char *p = arena_alloc(a, STORY_BYTES_MAX);
    size_t n = fread(p, 1, STORY_BYTES_MAX, f);
    fclose(f);
    if (n == STORY_BYTES_MAX) fail_msg("%s is longer than %d bytes", path, STORY_BYTES_MAX);
    return (str){p, n};
}

static void remove_tree(const char *dir) {
    char path[700];
    DIR *d = opendir(dir);
    if (!d) return;
    for (struct dirent *f; (f = readdir(d)) != NULL;) {
        if (strcmp(f->d_name, ".") == 0 || strcmp(f->d_name, "..") == 0) continue;
        snprintf(path, sizeof path, "%s/%s", dir, f->d_name);
        if (unlink(path) != 0) remove_tree(path);
    }
    closedir(d);
    rmdir(dir);
}

static bool open_house(story *g, err *e) {
    store_options o = {.w = &g->clock.w, .create = true};
    str url = arena_fmt(g->a, "%s/heed.db", g->dir);
    return store_open(url, &o, &g->s, e) && tally_open(g->s, &g->t, NULL, NULL, e);
}

static bool story_job(arena *a, void *ctx, err *e) {
    story g = {.a = a};
    const char *build = getenv("HEED_BUILD");
    world_fake_init(&g.clock, 1767603600000 /* 2026-01-05T09:00Z, a Monday */, 7);
    snprintf(g.dir, sizeof g.dir, "%s/story-XXXXXX", build ? build : "/tmp");
    if (!mkdtemp(g.dir)) fail_msg("cannot make %s", g.dir);
    bool ok = open_house(&g, e) && run_lines(&g, read_story(a, ctx), e);
    tally_close(g.t);
    store_close(g.s);
    remove_tree(g.dir);
    return ok;
}

static void tell(void **state) {
    err e = {0};
    if (!job_run(LIMIT_JOB_BYTES, story_job, *state, &e)) fail_msg("%s: %s", (char *)*state, e.msg);
}

/* ---- the language itself ---- */

static bool cut_job(arena *a, void *ctx, err *e) {
    line l = {.text = S("hear words=\"a \\\"b\\\" c\" score:nps=3  alone = -100")};
    (void)ctx;
    if (!line_words(a, &l, e)) return false;
    assert_int_equal(l.n, 6);
    assert_str(given(&l, S("words")), S("a \"b\" c"));
    assert_str(given(&l, S("score:nps")), S("3"));
    assert_str(bare(&l, 3), S("alone"));
    assert_str(bare(&l, 4), S("="));
    assert_str(bare(&l, 5), S("-100"));
    l.text = S("hear words=\"open");
    assert_false(line_words(a, &l, e));
    return true;
}

static void a_line_is_cut_into_words(void **state) {
    (void)state;
    err e = {0};
    assert_ok(job_run(1 << 20, cut_job, NULL, &e));
}

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static size_t find_stories(char **paths) {
    size_t n = 0;
    DIR *d = opendir("t/stories");
    if (!d) return 0;
    for (struct dirent *f; (f = readdir(d)) != NULL && n < STORIES_MAX;) {
        if (!str_ends(str_of(f->d_name), S(".story"))) continue;
        paths[n] = mem_new(1, strlen(f->d_name) + 20);
        snprintf(paths[n++], strlen(f->d_name) + 20, "t/stories/%s", f->d_name);
    }
    closedir(d);
    qsort(paths, n, sizeof *paths, by_name);
    return n;
}

int main(void) {
    char *paths[STORIES_MAX];
    struct CMUnitTest tests[STORIES_MAX + 1] = {cmocka_unit_test(a_line_is_cut_into_words)};
    size_t n = find_stories(paths);
    check(n > 0); /* run me in the project's root */
    for (size_t i = 0; i < n; i++)
        tests[i + 1] =
            (struct CMUnitTest){.name = paths[i], .test_func = tell, .initial_state = paths[i]};
    int failed = _cmocka_run_group_tests("stories", tests, n + 1, NULL, NULL);
    for (size_t i = 0; i < n; i++)
        free(paths[i]);
    return failed;
}
