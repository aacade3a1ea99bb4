/* chart.h - control charts over scores that are standard normal while nothing has changed, and how long they
** run until they signal: computed from integral equations, never guessed.
**
** Page 1954 (CUSUM), Roberts 1959 (EWMA), Shewhart 1931; run lengths after van Dobben de Bruyn 1968,
** Crowder 1987 (Fredholm equations of the second kind, solved at Gauss-Legendre nodes). */
#ifndef KERN_CHART_H
#define KERN_CHART_H
#include "kern/linalg.h"

typedef enum { CHART_SHEWHART, CHART_EWMA, CHART_CUSUM } chart_kind;
typedef enum { CHART_BOTH, CHART_UP, CHART_DOWN } chart_side;

typedef struct {
    chart_kind kind;
    chart_side side;
    double weight; /* EWMA: lambda in (0, 1]; CUSUM: the allowance k, in sigmas; else unused */
    double limit;  /* Shewhart, EWMA: L, in sigmas of what is drawn; CUSUM: h */
    double arl;    /* samples between false alarms */
} chart;

enum { CHART_ARL_MIN = 5, CHART_ARL_MAX = 1000000 };
/* The chart with this average run length while nothing has changed (CHART_ARL_MIN..MAX); weight NAN: the
** usual 0.2 (EWMA) or 0.5 (CUSUM), else 0.02-1 and 0.05-5. */
bool chart_design(arena *a, chart_kind kind, chart_side side, double weight, double arl, chart *out,
                  err *e) MUST_USE;
/* Average number of samples until a signal when the mean stands at shift sigmas from the first on. */
double chart_run_length(arena *a, const chart *c, double shift);
/* The same when it moves there after a long time without a signal: the delay of a true alarm, the sample
** of the signal counted.  Towards a side the chart watches. */
double chart_delay(arena *a, const chart *c, double shift);

/* What the chart remembers between samples; all nought at the start. */
typedef struct {
    double up, down;  /* CUSUM: C+ and C-; EWMA: up is the average */
    i64 n_up, n_down; /* samples since that side left nought */
    i64 n;            /* samples seen */
} chart_state;
/* Takes the next score: 1 a signal upwards, -1 downwards, 0 none. */
int chart_step(const chart *c, chart_state *s, double z);
/* After a signal: a memory beyond its limit is set back to it, else it would take long to come back. */
void chart_hold(const chart *c, chart_state *s);
/* How far the memory has gone of its limit after the last step, 0..1; Shewhart: |z| of the last score. */
double chart_reach(const chart *c, const chart_state *s, double z);
/* The scores below and above which the next sample would signal; infinite for a side not watched. */
void chart_limits(const chart *c, const chart_state *s, double *low, double *high);
/* Samples since the change began, by the memory at the moment of the signal (Page's estimate): at least 1. */
i64 chart_since(const chart *c, const chart_state *s, int signal);
#endif
