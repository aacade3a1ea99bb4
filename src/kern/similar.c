/* similar.c - distances of short texts, and of counts. */
#include "kern/similar.h"
#include "base/utf8.h"

points points_of(arena *a, str s) {
    points p = {NEW_N(a, u32, s.n + 1), 0};
    for (size_t i = 0; i < s.n;) {
        u32 c = 0;
        int n = utf8_next(s, i, &c);
        p.v[p.n++] = n ? c : 0xfffd;
        i += n ? (size_t)n : 1;
    }
    return p;
}

double jaro(arena *a, points x, points y) {
    if (x.n == 0 && y.n == 0) return 1;
    size_t reach = MAX(x.n, y.n) / 2, m = 0, swaps = 0;
    reach = reach ? reach - 1 : 0;
    bool *in_x = NEW_N(a, bool, x.n + 1), *in_y = NEW_N(a, bool, y.n + 1);
    for (size_t i = 0; i < x.n; i++)
        for (size_t j = i > reach ? i - reach : 0; j < MIN(y.n, i + reach + 1); j++) {
            if (in_y[j] || x.v[i] != y.v[j]) continue;
            in_x[i] = in_y[j] = true, m++;
            break;
        }
    if (m == 0) return 0;
    for (size_t i = 0, j = 0; i < x.n; i++) {
        if (!in_x[i]) continue;
        while (!in_y[j]) j++;
        swaps += x.v[i] != y.v[j++];
    }
    double k = (double)m;
    return (k / (double)x.n + k / (double)y.n + (k - (double)(swaps / 2)) / k) / 3;
}

double jaro_winkler(arena *a, points x, points y, double boost_above) {
    double j = jaro(a, x, y);
    size_t head = 0;
    while (head < 4 && head < x.n && head < y.n && x.v[head] == y.v[head]) head++;
    return j > boost_above ? j + 0.1 * (double)head * (1 - j) : j;
}

static size_t distance(arena *a, points x, points y, bool swaps) {
    size_t w = y.n + 1, *row[3];
    for (int i = 0; i < 3; i++) row[i] = NEW_N(a, size_t, w);
    for (size_t j = 0; j < w; j++) row[0][j] = j;
    for (size_t i = 1; i <= x.n; i++) {
        size_t *old = row[(i + 1) % 3], *last = row[(i - 1) % 3], *now = row[i % 3];
        now[0] = i;
        for (size_t j = 1; j <= y.n; j++) {
            size_t d = last[j - 1] + (x.v[i - 1] != y.v[j - 1]);
            d = MIN(d, MIN(last[j], now[j - 1]) + 1);
            if (swaps && i > 1 && j > 1 && x.v[i - 1] == y.v[j - 2] && x.v[i - 2] == y.v[j - 1])
                d = MIN(d, old[j - 2] + 1);
            now[j] = d;
        }
    }
    return row[x.n % 3][y.n];
}

size_t levenshtein(arena *a, points x, points y) {
    return distance(a, x, y, false);
}

size_t osa(arena *a, points x, points y) {
    return distance(a, x, y, true);
}

static double x_log_x(double x) {
    return x > 0 ? x * log(x) : 0;
}

double log_likelihood_2x2(double k11, double k12, double k21, double k22) {
    double n = k11 + k12 + k21 + k22;
    double cells = x_log_x(k11) + x_log_x(k12) + x_log_x(k21) + x_log_x(k22);
    double rows = x_log_x(k11 + k12) + x_log_x(k21 + k22),
           cols = x_log_x(k11 + k21) + x_log_x(k12 + k22);
    return fmax(0, 2 * (cells - rows - cols + x_log_x(n)));
}
