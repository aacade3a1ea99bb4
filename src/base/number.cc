/* number.cc - a double as the shortest text that reads back as it is, by the C++ library: see number.h. */
#include "base/number.h"
#include <charconv>
#include <cstring>

/* Digits come in the form d.ddde+xx. */
unsigned long number_print(double v, char *out) {
    char raw[40], digits[20];
    char *end = std::to_chars(raw, raw + sizeof raw, v, std::chars_format::scientific).ptr;
    char *p = raw, *to = out;
    int n = 0, exponent = 0;
    if (*p == '-') *to++ = *p++;
    for (; p < end && *p != 'e'; p++)
        if (*p != '.') digits[n++] = *p;
    std::from_chars(p[1] == '+' ? p + 2 : p + 1, end, exponent);
    int places = n > 15 ? n : 15;
    if (exponent < -4 || exponent >= places) {
        *to++ = digits[0];
        if (n > 1) *to++ = '.';
        std::memcpy(to, digits + 1, (size_t)n - 1);
        to += n - 1;
        std::memcpy(to, p, (size_t)(end - p)); /* e+21: two digits at least, as printf has it */
        return (unsigned long)(to + (end - p) - out);
    }
    if (exponent < 0) {
        std::memcpy(to, "0.0000", (size_t)(1 - exponent));
        to += 1 - exponent;
    }
    for (int i = 0; i < n; i++) {
        *to++ = digits[i];
        if (i == exponent && i + 1 < n) *to++ = '.';
    }
    for (int i = n; i <= exponent; i++) *to++ = '0';
    return (unsigned long)(to - out);
}
