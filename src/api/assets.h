/* assets.h - the files of the web page that the build put into the binary (build/ui, `make ui`).
**
** A binary built without them knows no file at all, and says so when it is asked for the page. */
#ifndef API_ASSETS_H
#define API_ASSETS_H
#include "base/base.h"

typedef struct {
    str type;   /* Content-Type */
    str plain;  /* as it is */
    str packed; /* in gzip; missing if the build made none */
} asset;

bool assets_present(void);
/* By name without folder: "index-By3xsENX.css".  What out holds lives as long as the program. */
bool asset_find(str name, asset *out);
/* Whether the page itself, and not the server, knows this address: "/", "/voices". */
bool asset_is_page(str path);
/* index.html, where every place held for a nonce holds this one (32 characters). */
enum { ASSET_NONCE_BYTES = 32 };
str asset_index(arena *a, str nonce);
#endif
