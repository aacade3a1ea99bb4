/* number.h - a double as text. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

enum { NUMBER_ROOM = 40 };
#ifdef __cplusplus
extern "C"
#endif
    /* The shortest text that reads back as v (finite), laid out as printf's %.15g, or with more digits where
** they are needed; not NUL-terminated.  Yields its length. */
    unsigned long
    number_print(double v, char *out);
#endif
