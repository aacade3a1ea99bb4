/* linear_file.c - model files: written, and read with nothing taken on trust.  See linear.h. */
#include "kern/linear_file.h"
#include "base/limits.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the model file is read where it lies");

static const char mark[] = "HEEDWRD1";

/* ---- reading ---- */

typedef struct {
    str left; /* of the file */
    str name;
    err *e;
} reader_;

static bool spoilt(const reader_ *r, const char *what) {
    return fail(r->e, CORRUPT, "%.*s is no sound model: %s", STR_ARG(r->name), what);
}
static bool take(reader_ *r, size_t n, str *out) {
    if (n > r->left.n) return spoilt(r, "it ends too early");
    *out = str_head(r->left, n);
    r->left = str_from(r->left, n);
    return true;
}
static bool take_number(reader_ *r, size_t bytes, u64 *out) {
    str s;
    if (!take(r, bytes, &s)) return false;
    *out = 0;
    memcpy(out, s.p, bytes);
    return true;
}
static bool take_float(reader_ *r, float *out) {
    str s;
    if (!take(r, 4, &s)) return false;
    memcpy(out, s.p, 4);
    return isfinite((double)*out) || spoilt(r, "a number is not finite");
}

static bool take_shape(reader_ *r, linear *m) {
    str s;
    if (!take(r, 5, &s)) return false;
    const u8 *p = (const u8 *)s.p;
    m->shape = (grams_shape){p[0], p[1], p[2], p[3], p[4]};
    return grams_shape_is_fine(&m->shape) || spoilt(r, "texts cannot be cut as it wants");
}

static bool take_classes(reader_ *r, arena *a, linear *m) {
    str *names = NEW_N(a, str, m->classes_n);
    for (size_t i = 0; i < m->classes_n; i++) {
        u64 n;
        if (!take_number(r, 2, &n) || !take(r, n, &names[i])) return false;
        if (i > 0 && str_cmp(names[i - 1], names[i]) >= 0)
            return spoilt(r, "its classes are out of order");
    }
    m->classes = names;
    return true;
}

static bool take_rows(reader_ *r, arena *a, linear *m) {
    linear_row *rows = NEW_N(a, linear_row, m->rows_n);
    for (size_t i = 0; i < m->rows_n; i++) {
        linear_row *w = &rows[i];
        if (!take_float(r, &w->scale) || !take_float(r, &w->bias) || !take_float(r, &w->sure.a) ||
            !take_float(r, &w->sure.b) || !take_float(r, &w->threshold))
            return false;
    }
    m->rows = rows;
    return true;
}

static bool take_sparse(reader_ *r, linear *m) {
    size_t features = (size_t)1 << m->shape.bits, wide = m->classes_n <= LINEAR_NARROW ? 1 : 2;
    str starts, holders, weights;
    if (!take(r, (features + 1) * 4, &starts)) return false;
    const u8 *p = (const u8 *)starts.p;
    u32 last = 0, at;
    for (size_t i = 0; i <= features; i++, last = at) {
        memcpy(&at, p + i * 4, 4);
        if (at < last || (i == 0 && at != 0)) return spoilt(r, "its starts are out of order");
    }
    if (!take(r, (size_t)last * wide, &holders) || !take(r, last, &weights)) return false;
    m->starts = p;
    m->holders = (const u8 *)holders.p;
    m->weights = (const i8 *)weights.p;
    for (size_t i = 0; i < last; i++) {
        u16 holder = m->holders[i * wide];
        if (wide == 2) memcpy(&holder, m->holders + i * 2, 2);
        if (holder >= m->classes_n) return spoilt(r, "a weight belongs to no class");
    }
    return true;
}

static bool take_weights(reader_ *r, linear *m) {
    if (m->sparse) return take_sparse(r, m);
    str weights;
    if (!take(r, m->rows_n << m->shape.bits, &weights)) return false;
    m->weights = (const i8 *)weights.p;
    return true;
}

static bool read_head(reader_ *r, linear *m, size_t *card_out) {
    u64 rows, flags, classes, card;
    if (!take_number(r, 4, &rows) || !take_shape(r, m) || !take_number(r, 1, &flags) ||
        !take_number(r, 2, &classes) || !take_number(r, 4, &card))
        return false;
    m->rows_n = rows;
    m->classes_n = classes;
    m->sparse = (flags & LINEAR_SPARSE) != 0;
    m->many = (flags & LINEAR_MANY) != 0;
    *card_out = card;
    if (flags > 3 || classes < 2 || classes > LIMIT_MODEL_CLASSES ||
        rows != (classes == 2 && !m->many ? 1 : classes) || (m->sparse && rows == 1))
        return spoilt(r, "its head contradicts itself");
    return true;
}

bool linear_open(arena *a, str name, str bytes, linear *out, err *e) {
    reader_ r = {.left = bytes, .name = name, .e = e};
    linear m = {0};
    str head;
    u64 size, hash;
    size_t card;
    if (bytes.n > LIMIT_MODEL_BYTES)
        return fail(e, LIMIT, "%.*s has %zu bytes; a model has at most %d", STR_ARG(name), bytes.n,
                    LIMIT_MODEL_BYTES);
    if (!take(&r, 8, &head)) return false;
    if (!str_eq(head, str_of(mark))) return spoilt(&r, "it does not begin like one");
    if (!take_number(&r, 8, &size) || !take_number(&r, 8, &hash)) return false;
    if (size != bytes.n) return spoilt(&r, "it is cut or something is behind it");
    m.hash = str_hash(str_from(bytes, LINEAR_HASHED_FROM));
    if (m.hash != hash) return spoilt(&r, "its checksum differs, so a byte has changed");
    if (!read_head(&r, &m, &card) || !take_classes(&r, a, &m) || !take(&r, card, &m.card) ||
        !take_rows(&r, a, &m) || !take_weights(&r, &m))
        return false;
    if (r.left.n) return spoilt(&r, "something is behind it");
    *out = m;
    return true;
}

/* ---- writing ---- */

linear_draft *linear_draft_new(arena *a, const grams_shape *s, const str *classes, size_t n,
                               bool many) {
    check(grams_shape_is_fine(s) && n >= 2 && n <= LIMIT_MODEL_CLASSES);
    for (size_t i = 1; i < n; i++) check(str_cmp(classes[i - 1], classes[i]) < 0);
    linear_draft *d = NEW(a, linear_draft);
    *d = (linear_draft){.shape = *s, .classes = classes, .classes_n = n, .many = many};
    d->rows_n = n == 2 && !many ? 1 : n;
    d->rows = NEW_N(a, linear_row, d->rows_n);
    d->weights = NEW_N(a, i8 *, d->rows_n);
    for (size_t i = 0; i < d->rows_n; i++)
        d->rows[i] = (linear_row){.scale = 1, .sure = {-2, 0}, .threshold = 0.5f};
    return d;
}

/* The largest weight sets the step: where a few words name a class ("battery"), it is they that
** must not be clipped. */
static double step_of(const float *weights, size_t n) {
    double most = 0;
    for (size_t i = 0; i < n; i++) most = MAX(most, fabs((double)weights[i]));
    return most > 0 ? most / 127 : 1;
}

void linear_take(linear_draft *d, arena *a, size_t row, const float *weights, float bias) {
    check(row < d->rows_n);
    size_t features = (size_t)1 << d->shape.bits;
    double step = step_of(weights, features);
    i8 *bytes = arena_raw(a, features);
    for (size_t i = 0; i < features; i++) {
        double x = (double)weights[i] / step;
        x = MAX(-127, MIN(127, x));
        bytes[i] = (i8)(x < 0 ? -(int)(0.5 - x) : (int)(x + 0.5));
    }
    d->weights[row] = bytes;
    d->rows[row].scale = (float)step;
    d->rows[row].bias = bias;
}

static void put_number(buf *b, u64 x, size_t bytes) {
    buf_bytes(b, &x, bytes);
}

static size_t filled(const linear_draft *d) {
    size_t n = 0, features = (size_t)1 << d->shape.bits;
    for (size_t r = 0; r < d->rows_n; r++)
        for (size_t i = 0; i < features; i++) n += d->weights[r][i] != 0;
    return n;
}

static void put_dense(buf *b, const linear_draft *d) {
    size_t features = (size_t)1 << d->shape.bits;
    for (size_t i = 0; i < features; i++)
        for (size_t r = 0; r < d->rows_n; r++) buf_char(b, d->weights[r][i]);
}
static void put_sparse(buf *b, const linear_draft *d) {
    size_t features = (size_t)1 << d->shape.bits, wide = d->classes_n <= LINEAR_NARROW ? 1 : 2;
    u32 at = 0;
    put_number(b, 0, 4);
    for (size_t i = 0; i < features; i++) {
        for (size_t r = 0; r < d->rows_n; r++) at += d->weights[r][i] != 0;
        put_number(b, at, 4);
    }
    for (size_t i = 0; i < features; i++)
        for (size_t r = 0; r < d->rows_n; r++)
            if (d->weights[r][i]) put_number(b, r, wide);
    for (size_t i = 0; i < features; i++)
        for (size_t r = 0; r < d->rows_n; r++)
            if (d->weights[r][i]) buf_char(b, d->weights[r][i]);
}

static void put_names_and_rows(buf *b, const linear_draft *d, str card) {
    for (size_t i = 0; i < d->classes_n; i++) {
        check(d->classes[i].n <= UINT16_MAX);
        put_number(b, d->classes[i].n, 2);
        buf_str(b, d->classes[i]);
    }
    buf_str(b, card);
    for (size_t r = 0; r < d->rows_n; r++) {
        const linear_row *w = &d->rows[r];
        const float five[] = {w->scale, w->bias, w->sure.a, w->sure.b, w->threshold};
        for (size_t i = 0; i < COUNT(five); i++) check(isfinite((double)five[i]));
        buf_bytes(b, five, sizeof five);
    }
}

str linear_write(arena *a, const linear_draft *d, str card) {
    for (size_t r = 0; r < d->rows_n; r++) check(d->weights[r]);
    size_t features = (size_t)1 << d->shape.bits, n = filled(d);
    size_t narrow = d->classes_n <= LINEAR_NARROW ? 2 : 3;
    bool sparse = d->rows_n > 1 && (features + 1) * 4 + n * narrow < features * d->rows_n;
    const grams_shape *s = &d->shape;
    const u8 shape[] = {s->bits, s->signs_most, s->words_most, s->letters_least, s->letters_most};
    buf b = {.a = a};
    buf_bytes(&b, mark, 8);
    put_number(&b, 0, 8); /* size and hash: set below */
    put_number(&b, 0, 8);
    put_number(&b, d->rows_n, 4);
    buf_bytes(&b, shape, sizeof shape);
    put_number(&b, (sparse ? LINEAR_SPARSE : 0) | (d->many ? LINEAR_MANY : 0), 1);
    put_number(&b, d->classes_n, 2);
    put_number(&b, card.n, 4);
    check(b.n == LINEAR_HEAD);
    put_names_and_rows(&b, d, card);
    if (sparse)
        put_sparse(&b, d);
    else
        put_dense(&b, d);
    u64 size = b.n, hash = str_hash(str_from(buf_view(&b), LINEAR_HASHED_FROM));
    memcpy(b.p + 8, &size, 8);
    memcpy(b.p + 16, &hash, 8);
    return buf_view(&b);
}
