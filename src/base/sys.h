/* sys.h - the only libc headers a floor may use by right, and the calls nobody may use. */
#ifndef BASE_SYS_H
#define BASE_SYS_H
#include <errno.h>
#include <float.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <pthread.h>
#include <time.h>

/* Unbounded, locale-bound or hidden-state calls: a compile error in gcc and clang. */
#pragma GCC poison strcpy strcat sprintf vsprintf strtok gets atoi atol atof rand srand
#pragma GCC poison localtime gmtime asctime ctime mktime strerror_l
#endif
