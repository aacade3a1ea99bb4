/* buying.h - "buy till you die": how often customers will buy again, and what they spend.
**
** BG/NBD   Fader, Hardie & Lee 2005, Marketing Science 24(2)
** Gamma-Gamma   Fader & Hardie 2013, note 025
** BG/BB   Fader, Hardie & Shang 2010, Marketing Science 29(6) */
#ifndef KERN_BUYING_H
#define KERN_BUYING_H
#include "kern/method.h"

typedef struct {
    double r, alpha, a, b;
} bgnbd;
typedef struct {
    double x, t_x, T; /* repeat orders, time of the last, time watched; since the first order */
} buyer;
double bgnbd_loglik(const bgnbd *m, const buyer *b);
double bgnbd_alive(const bgnbd *m, const buyer *b);
double bgnbd_expected(const bgnbd *m, double t);                    /* of a new customer until t */
double bgnbd_conditional(const bgnbd *m, const buyer *b, double t); /* of this one in the next t */
bgnbd in_bgnbd(calc *c, const json *at, const char *key);
buyer in_buyer(calc *c, const json *v);

typedef struct {
    double p, q, v;
} gamma_gamma;
double gamma_gamma_loglik(const gamma_gamma *m, double x, double zbar);
double gamma_gamma_value(const gamma_gamma *m, double x, double zbar);
gamma_gamma in_gamma_gamma(calc *c, const json *at, const char *key);
#endif
