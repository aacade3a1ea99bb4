/* page.h - one resource of the API: its addresses.  One file in pages/ is one page. */
#ifndef API_PAGE_H
#define API_PAGE_H
#include "api/route.h"

typedef struct {
    const char *name;  /* "health", as its file */
    const char *title; /* a heading of the API's description */
    const route *routes;
    size_t routes_n;
} page;
extern const page *const pages[];
extern const size_t pages_n;
#endif
