/* signal.c - the laws of a signal, its attributes, and how a condition is asked of one. */
#include "model/signal.h"
#include "base/time.h"
#include "base/utf8.h"

enum { SET_SEPARATOR = 0x1f };

void signal_init(signal *s) {
    noun_init(&noun_signal, &s->row);
    s->attrs = NULL;
    s->attrs_n = 0;
}

attribute *signal_attr(const signal *s, str key) {
    for (size_t i = 0; i < s->attrs_n; i++)
        if (str_eq(s->attrs[i].key, key)) return &s->attrs[i];
    return NULL;
}

static bool attr_check(const signal *s, size_t i, err *e) {
    const attribute *at = &s->attrs[i];
    if (at->key.n == 0) return fail(e, INVALID, "attribute %zu has no name", i + 1);
    if (at->key.n > LIMIT_NAME_BYTES)
        return fail(e, LIMIT, "an attribute's name has %zu bytes, the limit is %d", at->key.n,
                    LIMIT_NAME_BYTES);
    if (utf8_bad(at->key) >= 0) return fail(e, INVALID, "an attribute's name is not UTF-8");
    if (at->text.n > LIMIT_ATTR_BYTES)
        return fail(e, LIMIT, "attribute \"%.*s\" has %zu bytes, the limit is %d", STR_ARG(at->key),
                    at->text.n, LIMIT_ATTR_BYTES);
    if (utf8_bad(at->text) >= 0)
        return fail(e, INVALID, "attribute \"%.*s\" is not UTF-8", STR_ARG(at->key));
    if (signal_attr(s, at->key) != at)
        return fail(e, INVALID, "attribute \"%.*s\" is there twice", STR_ARG(at->key));
    if (!at->text.p && at->num == NONE)
        return fail(e, INVALID, "attribute \"%.*s\" has no value; leave it out", STR_ARG(at->key));
    return true;
}

static bool says_something(const signal *s) {
    if (s->row.words.n || s->row.event.n || s->row.amount != NONE) return true;
    return s->attrs_n > 0; /* a rating alone, a row of facts: both are heard */
}

bool signal_check(const signal *s, i64 now_ms, err *e) {
    if (!noun_check(&noun_signal, &s->row, e)) return false;
    if (s->row.occurred_at > now_ms + LIMIT_FUTURE_MS)
        return fail(e, INVALID, "\"occurred_at\" lies more than two days in the future");
    if (s->row.occurred_at < -2208988800000)
        return fail(e, INVALID, "\"occurred_at\" lies before 1900");
    if (s->attrs_n > LIMIT_ATTRS)
        return fail(e, LIMIT, "%zu attributes, the limit is %d", s->attrs_n, LIMIT_ATTRS);
    for (size_t i = 0; i < s->attrs_n; i++)
        if (!attr_check(s, i, e)) return false;
    if (!says_something(s))
        return fail(e, INVALID,
                    "the signal says nothing: no words, event, amount, score or attribute");
    return true;
}

static int by_key(const void *a, const void *b) {
    return str_cmp(((const attribute *)a)->key, ((const attribute *)b)->key);
}

void signal_seal(arena *a, signal *s) {
    s->row.attributes = NO_STR;
    if (s->attrs_n == 0) return;
    qsort(s->attrs, s->attrs_n, sizeof *s->attrs, by_key);
    buf b = {.a = a};
    json_out j = json_to(&b);
    json_object(&j);
    for (size_t i = 0; i < s->attrs_n; i++) {
        json_key(&j, s->attrs[i].key);
        if (s->attrs[i].text.p) {
            json_text(&j, s->attrs[i].text);
        } else {
            char z[32];
            buf n = {.a = a, .p = z, .cap = sizeof z};
            buf_num6(&n, s->attrs[i].num);
            json_raw(&j, buf_view(&n));
        }
    }
    json_end_object(&j);
    s->row.attributes = buf_view(&b);
}

/* Our own JSON is flat, so it is read without a tree: this runs once per row of every rebuild. */
typedef struct {
    arena *a;
    str rest;
} flat;

static bool flat_char(flat *f, char c) {
    if (f->rest.n == 0 || f->rest.p[0] != c) return false;
    f->rest = str_from(f->rest, 1);
    return true;
}

static i32 hex4(str s) {
    i32 v = 0;
    for (size_t i = 0; i < 4; i++) {
        if (i >= s.n) return -1;
        char c = s.p[i];
        i32 d = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (d < 0) return -1;
        v = v * 16 + d;
    }
    return v;
}

static bool flat_escape(flat *f, buf *b) {
    static const char from[] = "\"\\bfnrt", to[] = "\"\\\b\f\n\r\t";
    if (f->rest.n == 0) return false;
    char c = f->rest.p[0];
    f->rest = str_from(f->rest, 1);
    if (c == 'u') {
        i32 cp = hex4(f->rest); /* we write only control characters this way */
        if (cp < 0 || cp >= 0x20) return false;
        f->rest = str_from(f->rest, 4);
        buf_char(b, (char)cp);
        return true;
    }
    const char *hit = c ? strchr(from, c) : NULL;
    if (hit) buf_char(b, to[hit - from]);
    return hit != NULL;
}

static bool flat_text(flat *f, str *out) {
    if (!flat_char(f, '"')) return false;
    size_t n = 0;
    while (n < f->rest.n && f->rest.p[n] != '"' && f->rest.p[n] != '\\') n++;
    if (n < f->rest.n && f->rest.p[n] == '"') { /* nothing escaped: the text itself */
        *out = str_head(f->rest, n);
        f->rest = str_from(f->rest, n + 1);
        return true;
    }
    buf b = {.a = f->a};
    while (f->rest.n && f->rest.p[0] != '"') {
        if (flat_char(f, '\\')) {
            if (!flat_escape(f, &b)) return false;
        } else {
            buf_char(&b, f->rest.p[0]);
            f->rest = str_from(f->rest, 1);
        }
    }
    *out = buf_view(&b);
    return flat_char(f, '"');
}

static bool flat_pair(flat *f, attribute *out) {
    *out = (attribute){.text = NO_STR, .num = NONE};
    if (!flat_text(f, &out->key) || !flat_char(f, ':')) return false;
    if (f->rest.n && f->rest.p[0] == '"') return flat_text(f, &out->text);
    size_t n = 0;
    while (n < f->rest.n && f->rest.p[n] != ',' && f->rest.p[n] != '}') n++;
    bool ok = num6_parse(str_head(f->rest, n), &out->num);
    f->rest = str_from(f->rest, n);
    return ok;
}

bool signal_unseal(arena *a, signal *s, err *e) {
    s->attrs = NULL;
    s->attrs_n = 0;
    if (!s->row.attributes.p) return true;
    attribute found[LIMIT_ATTRS];
    size_t n = 0;
    flat f = {a, s->row.attributes};
    bool ok = flat_char(&f, '{');
    while (ok && !flat_char(&f, '}')) {
        ok = n < LIMIT_ATTRS && (n == 0 || flat_char(&f, ',')) && flat_pair(&f, &found[n]);
        n++;
    }
    if (!ok || f.rest.n)
        return fail(e, CORRUPT, "signal %" PRId64 ": its attributes are not as we wrote them",
                    s->row.id);
    s->attrs = NEW_N(a, attribute, n);
    memcpy(s->attrs, found, n * sizeof *found);
    s->attrs_n = n;
    return true;
}

void customer_identity(const signal_row *r, str *namespace_out, str *value_out) {
    if (str_cut(r->customer, ':', namespace_out, value_out) && namespace_out->n && value_out->n &&
        namespace_out->n <= 80)
        return;
    *namespace_out = r->source;
    *value_out = r->customer;
}

bool column_is_mention(str column) {
    return str_eq(column, S("aspect")) || str_eq(column, S("polarity")) ||
           str_eq(column, S("strength")) || str_eq(column, S("opinion"));
}

/* ---- a condition asked of one signal ---- */

typedef struct {
    const signal *s;
    const insight *i;
    const mention *m; /* NULL: no mention */
    truth (*has_words)(void *ctx, str text);
    void *ctx;
} asked;

static value text_value(str s) {
    return s.p ? (value){.kind = VALUE_TEXT, .text = s} : (value){0};
}

static value num_value(num6 v) {
    return v == NONE ? (value){0} : (value){.kind = VALUE_NUM, .num = v};
}

static value polarity_value(i64 p) {
    static const char *names[] = {"negative", "neutral", "positive"};
    return p == NONE ? (value){0} : text_value(str_of(names[p + 1]));
}

static value percent_value(i64 v) {
    return num_value(v == NONE ? NONE : v * NUM6_ONE);
}

static value time_value(i64 ms) {
    return ms == NONE ? (value){0} : (value){.kind = VALUE_TIME, .ms = ms};
}

static value mention_value(const mention *m, str column) {
    if (!m) return (value){0};
    if (str_eq(column, S("aspect"))) return text_value(m->aspect);
    if (str_eq(column, S("polarity"))) return polarity_value(m->polarity);
    if (str_eq(column, S("strength"))) return percent_value(m->strength);
    return text_value(m->opinion);
}

static bool insight_value(const insight_row *i, str column, value *out) {
    if (str_eq(column, S("sentiment"))) return *out = polarity_value(i->sentiment), true;
    if (str_eq(column, S("confidence"))) return *out = percent_value(i->confidence), true;
    static const char *texts[] = {"lang", "quality", "emotion", "intent"};
    for (size_t k = 0; k < COUNT(texts); k++)
        if (str_eq(column, str_of(texts[k])))
            return *out = text_value(noun_text(noun_field(&noun_insight, column), i)), true;
    return false;
}

static void get_value(void *ctx, str column, value *out) {
    const asked *q = ctx;
    *out = (value){0};
    if (column_is_mention(column)) {
        *out = mention_value(q->m, column);
        return;
    }
    if (insight_value(&q->i->row, column, out)) return;
    if (str_eq(column, S("words")) && q->i->row.clean.p) { /* what people may see, and no more */
        *out = text_value(q->i->row.clean);
        return;
    }
    const field *f = noun_field(&noun_signal, column);
    if (f && f->kind == FIELD_TEXT)
        *out = text_value(noun_text(f, &q->s->row));
    else if (f && f->kind == FIELD_TIME)
        *out = time_value(noun_int(f, &q->s->row));
    else if (f && f->kind == FIELD_NUM6)
        *out = num_value(noun_int(f, &q->s->row));
    if (f) return;
    const attribute *at = signal_attr(q->s, column);
    if (at) *out = at->text.p ? text_value(at->text) : num_value(at->num);
}

static truth has_text(void *ctx, str column, str text) {
    const asked *q = ctx;
    if (str_eq(column, S("words"))) return q->s->row.words.p ? q->has_words(q->ctx, text) : UNKNOWN;
    value v;
    get_value(ctx, column, &v);
    if (v.kind != VALUE_TEXT) return UNKNOWN;
    return str_find(v.text, text) >= 0 ? YES : NO;
}

/* tag holds several values: a condition on it is true when it is true for one of them. */
static truth ask_tags(const expr *x, asked *q) {
    if (x->op == EXPR_MISSING) return q->i->row.tags.n ? NO : YES;
    if (!q->i->row.tags.n) return UNKNOWN;
    truth any = NO;
    str rest = q->i->row.tags, one;
    for (bool more = true; more;) {
        more = str_cut(rest, SET_SEPARATOR, &one, &rest);
        if (!more) one = rest;
        if (x->op == EXPR_HAS) {
            any = truth_or(any, str_find(one, x->values[0].text) >= 0 ? YES : NO);
            continue;
        }
        value have = text_value(one);
        for (size_t k = 0; k < x->values_n; k++)
            any = truth_or(
                any, value_compare(x->op == EXPR_CMP ? x->cmp : CMP_EQ, &have, &x->values[k]));
    }
    return any;
}

static truth ask(const expr *x, asked *q) {
    switch (x->op) {
    case EXPR_AND:
        return truth_and(ask(x->left, q), ask(x->right, q));
    case EXPR_OR:
        return truth_or(ask(x->left, q), ask(x->right, q));
    case EXPR_NOT:
        return truth_not(ask(x->left, q));
    case EXPR_CMP:
    case EXPR_IN:
    case EXPR_HAS:
    case EXPR_MISSING:
        if (str_eq(x->column, S("tag"))) return ask_tags(x, q);
        break;
    case EXPR_CONST:
        break;
    }
    expr_row row = {get_value, has_text, q};
    return expr_eval(x, &row);
}

static void note_mention(void *ctx, str column) {
    if (column_is_mention(column)) *(bool *)ctx = true;
}

truth signal_test(const expr *x, const signal *s, const insight *i, truth (*has_words)(void *, str),
                  void *ctx) {
    bool of_mentions = false;
    asked q = {s, i, NULL, has_words, ctx};
    expr_columns(x, note_mention, &of_mentions);
    if (!of_mentions || i->mentions_n == 0) return ask(x, &q);
    truth any = NO;
    for (size_t m = 0; m < i->mentions_n && any != YES; m++) {
        q.m = &i->mentions[m];
        any = truth_or(any, ask(x, &q));
    }
    return any;
}
