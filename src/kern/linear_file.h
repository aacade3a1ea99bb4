/* linear_file.h - numbers of the model file that linear.c and linear_file.c share. */
#ifndef KERN_LINEAR_FILE_H
#define KERN_LINEAR_FILE_H
#include "kern/linear.h"

enum {
    LINEAR_HEAD = 40,
    LINEAR_HASHED_FROM = 24,
    LINEAR_ROW_BYTES = 20,
    LINEAR_NARROW = 256, /* up to so many classes their numbers are one byte */
    LINEAR_SPARSE = 1,
    LINEAR_MANY = 2,
};
#endif
