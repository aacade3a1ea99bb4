/* orders.h - the orders of customers, by day. */
#ifndef KERN_ORDERS_H
#define KERN_ORDERS_H
#include "kern/method.h"

typedef struct {
    size_t *begin; /* of each customer in days; n + 1 entries */
    i32 *days;     /* distinct and rising for each customer */
    size_t n;      /* customers, in the order of their names */
} orders;
/* The table "data" with the columns customer and date (YYYY-MM-DD); orders of one day count once. */
orders in_orders(calc *c);
i32 in_day(calc *c, const json *at, const char *key); /* days since 1970 */
#endif
