/* forecast.h - a short series continued: a straight line, or level and slope that follow it (Holt). */
#ifndef KERN_FORECAST_H
#define KERN_FORECAST_H
#include "kern/linalg.h"

typedef enum { FORECAST_LINEAR, FORECAST_HOLT } forecast_kind;
typedef struct {
    double value, low, high; /* 95 % prediction interval */
} forecast_point;
typedef struct {
    double slope, sigma; /* a step; of one step ahead */
    double alpha, beta;  /* Holt */
    size_t n;            /* values it was made of */
    bool ok; /* false: fewer than FORECAST_LEAST values, or they do not differ in time */
} forecast;
enum { FORECAST_LEAST = 4 };

/* y: one value a step; NAN is a gap.  out[i] is i + 1 steps behind the end.
** Linear: least squares on the step, Student's t with n - 2, sigma^2 (1 + 1/n + (t - mean)^2 / Sxx).
** Holt 1957: alpha and beta by least squares of one step ahead; a gap is passed by the slope;
** sigma^2 (1 + sum_{j<h} (alpha (1 + j beta))^2) (Hyndman et al. 2008, ETS(A,A,N)). */
forecast forecast_of(arena *a, forecast_kind kind, vec y, forecast_point *out, size_t ahead);
#endif
