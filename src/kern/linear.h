/* linear.h - a trained linear model: weights of one byte over the features of kern/grams.h.
**
** A file is one run of bytes, used where it lies (mapped or inside the binary); whole numbers are
** little-endian:
**   0   "HEEDWRD1"                      24  u32 rows: 1 for two exclusive classes, else one a class
**   8   u64 bytes of the whole file     28  u8 bits, signs, words, least, most letters (grams_shape)
**   16  u64 XXH3-64 of all from 24 on   33  u8 flags: 1 = sparse, 2 = several classes may be true
**   34  u16 classes                     36  u32 bytes of the card
** then the class names (u16 length, bytes), the card (JSON), per row five floats (scale, bias, Platt a
** and b, threshold), then the weights:
**   dense   i8 [2^bits][rows]
**   sparse  u32 [2^bits + 1] starts, then so many class numbers (u8, or u16 above 256 classes),
**           then as many i8 weights
** Anything else - a longer or shorter file, one flipped bit, a start out of order - is CORRUPT. */
#ifndef KERN_LINEAR_H
#define KERN_LINEAR_H
#include "kern/grams.h"
#include "kern/platt.h"

typedef struct {
    float scale, bias; /* margin = scale x sum of weights / sqrt(features) + bias */
    platt sure;        /* one of many classes: all a are alike, and probabilities are a softmax */
    float threshold;   /* several classes: this one is true from this probability on */
} linear_row;

typedef struct {
    grams_shape shape;
    const str *classes; /* in the order of their names */
    size_t classes_n, rows_n;
    const linear_row *rows;
    str card;                   /* JSON: what it was taught with, how right it is */
    u64 hash;                   /* of the file's contents */
    bool sparse, many;          /* many: several classes may be true of one text */
    const u8 *starts, *holders; /* sparse */
    const i8 *weights;
} linear;

/* bytes must outlive the model.  CORRUPT or LIMIT, with one sentence that begins with name. */
bool linear_open(arena *a, str name, str bytes, linear *out, err *e) MUST_USE;

/* The margin of each row. */
void linear_margins(const linear *m, grams_room *room, str folded, float *margins_out);
/* The probability of each class. */
void linear_sure(const linear *m, const float *margins, double *sure_out);
/* The class with the largest margin. */
size_t linear_best(const linear *m, const float *margins);

/* Why: what each feature that stands in the text adds to the margin of a class. */
typedef struct {
    u32 start, end; /* bytes of folded: where it stands first */
    float share;    /* of the margin; for the class when positive */
} linear_reason;
/* The `most` features with the largest shares, for the class and against it, largest first; parts of
** a longer reason that says the same are left out.  Returns how many. */
size_t linear_reasons(const linear *m, arena *a, str folded, size_t class_, size_t most,
                      linear_reason *out);

/* ---- making one ---- */

typedef struct {
    grams_shape shape;
    const str *classes;
    size_t classes_n, rows_n;
    linear_row *rows; /* scale and bias are set by linear_take */
    i8 **weights;     /* [row][2^bits] */
    bool many;
} linear_draft;
/* Classes in bytewise order; at most LIMIT_MODEL_CLASSES. */
linear_draft *linear_draft_new(arena *a, const grams_shape *s, const str *classes, size_t n,
                               bool many);
/* Rounds the weights of one row to bytes. */
void linear_take(linear_draft *d, arena *a, size_t row, const float *weights, float bias);
/* The file; dense or sparse, whichever is smaller. */
str linear_write(arena *a, const linear_draft *d, str card);
#endif
