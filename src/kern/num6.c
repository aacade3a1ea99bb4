/* num6.c - decimal text to millionths and back, without a double in between. */
#include "kern/num6.h"

typedef struct {
    u64 digits; /* significant digits so far */
    int scale;  /* decimal places they stand for */
    bool any;
} decimal;

static bool take_digits(str s, size_t *at, decimal *d, bool fraction) {
    for (; *at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9'; ++*at) {
        u64 digit = (u64)(s.p[*at] - '0');
        d->any = true;
        if (fraction && digit == 0 && d->scale >= 6) {
            d->scale++; /* zeros behind the sixth decimal change nothing unless digits follow */
            if (__builtin_mul_overflow(d->digits, 10, &d->digits)) return false;
            continue;
        }
        if (__builtin_mul_overflow(d->digits, 10, &d->digits)) return false;
        if (__builtin_add_overflow(d->digits, digit, &d->digits)) return false;
        d->scale += fraction;
    }
    return true;
}

static bool exponent(str s, size_t *at, i64 *out) {
    *out = 0;
    if (*at == s.n) return true;
    if (s.p[*at] != 'e' && s.p[*at] != 'E') return false;
    bool ok = s.n - *at <= 5 && str_int(str_from(s, *at + 1), out);
    *at = s.n;
    return ok;
}

/* digits * 10^power, exact, or false */
static bool shift(u64 digits, i64 power, u64 *out) {
    if (digits == 0) return *out = 0, true;
    for (; power > 0; power--)
        if (__builtin_mul_overflow(digits, 10, &digits)) return false;
    for (; power < 0; power++) {
        if (digits % 10) return false;
        digits /= 10;
    }
    return *out = digits, true;
}

bool num6_parse(str s, num6 *out) {
    size_t at = s.n && (s.p[0] == '-' || s.p[0] == '+');
    decimal d = {0};
    i64 power;
    u64 v;
    if (!take_digits(s, &at, &d, false)) return false;
    if (at < s.n && s.p[at] == '.') {
        at++;
        if (!take_digits(s, &at, &d, true)) return false;
    }
    if (!d.any || !exponent(s, &at, &power)) return false;
    if (!shift(d.digits, power + 6 - d.scale, &v) || v > INT64_MAX) return false;
    *out = s.p[0] == '-' ? -(i64)v : (i64)v;
    return true;
}

bool num6_of_double(double v, num6 *out) {
    if (!(fabs(v) < 9.2e12)) return false;
    *out = (num6)llround(v * 1e6);
    return true;
}

void buf_num6(buf *b, num6 v) {
    if (v == NONE) return;
    u64 m = v < 0 ? 0 - (u64)v : (u64)v;
    buf_fmt(b, "%s%" PRIu64, v < 0 ? "-" : "", m / 1000000);
    u64 rest = m % 1000000;
    if (!rest) return;
    char z[8];
    snprintf(z, sizeof z, ".%06" PRIu64, rest);
    size_t n = strlen(z);
    while (z[n - 1] == '0') n--;
    buf_bytes(b, z, n);
}
