/* drivers_int.h - what the files of drivers.h share. */
#ifndef UNDERSTAND_DRIVERS_INT_H
#define UNDERSTAND_DRIVERS_INT_H
#include "kern/crossed.h"
#include "kern/drivers.h"
#include "store/lanes.h"
#include "understand/drivers.h"

enum { TERM_LEVELS = 16 };

typedef enum { TERM_NUM, TERM_TEST, TERM_ASPECT, TERM_SPOKEN } term_kind;
typedef struct {
    term_kind kind;
    str name, column;
    const expr *test, *other; /* ASPECT: praised, blamed; SPOKEN: praised, blamed, or neither */
    double na;                /* NAN: none */
    bool rating;              /* whole numbers of a short scale */
    double origin, bottom, top;
    size_t lane, lanes;
    double low_at_most, high_at_least; /* rating */
} term;

typedef struct {
    size_t k, given, all; /* drivers; given; with the outcome, which is the last */
    term *terms;
    crossed sums;
    i64 *missing, *na;
    i64 answers, n;
    /* Ratings low and high, crossed: counts[2k x 2k], sums of the outcome, and of all. */
    i64 *both;
    double *outcome, outcome_all, outcome_square;
    /* Some complete rows for the logit. */
    double *rows;
    size_t rows_n;
} material;

bool drivers_material(tally *t, arena *a, const drivers_question *q, material *m,
                      drivers_answer *out, err *e) MUST_USE;
void drivers_note(arena *a, drivers_answer *d, const char *code, str sentence);
void drivers_asymmetry(arena *a, const material *m, driver *list);
void drivers_logit(arena *a, const material *m, const crossed_moments *all, driver *list,
                   drivers_answer *d);
#endif
