/* status.h - failures as HTTP: the one table from err_code to status, and problem+json (RFC 9457). */
#ifndef API_STATUS_H
#define API_STATUS_H
#include "api/http.h"

int status_of(err_code c);
const char *status_title(int status); /* in English: "Not found" */

/* Answers with a problem document: type, title (in the reader's language), status, detail, code,
** request.  BUSY and 429 carry Retry-After. */
void status_reply(http_request *r, const err *e);
void status_problem(http_request *r, int status,
                    const char *detail); /* where no err_code says it */
/* The same with a wait to name (429, 503), and with a code of its own ("totp"). */
void status_later(http_request *r, int status, const char *detail, i64 seconds);
void status_named(http_request *r, int status, const char *code, const char *detail);
/* The document alone. */
void status_print(buf *b, int status, str detail, str request_id, str language);

/* "zh-CN", "zh-TW" or "en": the first of Accept-Language that we speak. */
str http_language(const http_request *r);
#endif
