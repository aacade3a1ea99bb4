/* limits.h - every bound in the program, with its reason.  Bounds on what strangers send us end in
** one sentence that names the bound; none is silent. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#define LIMIT_WORDS_BYTES      (256 * 1024)      /* one signal's words: a two-hour call is ~120 KB */
#define LIMIT_NAME_BYTES       200               /* channel, product, touchpoint, event, column names */
#define LIMIT_KEY_BYTES        300               /* external ids, customer identities */
#define LIMIT_ATTR_BYTES       4096              /* one attribute's text */
#define LIMIT_ATTRS            256               /* attributes of one signal: widest survey seen ~180 */
#define LIMIT_ROW_BYTES        (4 * 1024 * 1024) /* one record of a file, all its cells */
#define LIMIT_COLUMNS          4096              /* columns of a table: SPSS files reach ~3,000 */
#define LIMIT_JSON_DEPTH       64                /* nesting; real payloads stay under 12 */
#define LIMIT_XML_PART_BYTES   ((i64)2 << 30)    /* an unpacked part of an XLSX file */
#define LIMIT_ZIP_RATIO        200               /* unpacked : packed; real sheets stay under 40 */
#define LIMIT_ZIP_RATIO_FREE   (64 * 1024 * 1024) /* under this many bytes the ratio does not matter */
#define LIMIT_SHARED_STRINGS   ((i64)1 << 30)    /* bytes of an XLSX string table held in memory */
#define LIMIT_HEAD_BYTES       (1024 * 1024)     /* of a file, to recognise it by; all that is known of a stream */
#define LIMIT_HASHED_ROWS      ((i64)32 << 20)   /* rows of a file whose identity is remembered: 512 MB */
#define LIMIT_XLSX_BYTES       ((i64)1 << 30)    /* an XLSX file, packed; Excel itself stops near 500 MB */
#define LIMIT_XLSX_ROWS        1048576           /* rows of a sheet, by the format */
#define LIMIT_BATCH_SIGNALS    4096              /* rows of one commit: ~5 ms of fsync shared by many */
#define LIMIT_BATCH_BYTES      (64 * 1024 * 1024) /* memory of one batch in flight */
#define LIMIT_JOB_BYTES        ((size_t)512 << 20) /* one question or command */
#define LIMIT_COMMAND_BYTES    ((size_t)8 << 30) /* a whole command; its parts have bounds of their own */
#define LIMIT_EXPR_BYTES       (16 * 1024)       /* text of one expression */
#define LIMIT_EXPR_DEPTH       64                /* nesting of one expression: bounds the recursion */
#define LIMIT_EXPR_LIST        1024              /* values of one "in (...)" list */
#define LIMIT_GROUP_COLUMNS    4                 /* columns of one --by */
#define LIMIT_MEMO_BYTES       ((size_t)64 << 20) /* answers of the tally kept for who asks again, together */
#define LIMIT_MEMO_ANSWER      ((size_t)2 << 20) /* one of them: ~10,000 cells */
#define LIMIT_CELLS            2000000           /* cells of one answer */
#define LIMIT_WHY_VALUES        5000             /* texts of a column that may be a cause */
#define LIMIT_WHY_ROWS          1000000          /* searched for slices, 40 bytes each; else a part by hash */
#define LIMIT_DRIVERS_ROWS      50000            /* complete signals a logit is fitted to: a second */
#define LIMIT_WALK_STEPS        16               /* steps of a funnel; people read ten */
#define LIMIT_WALK_CLASSES      16               /* stages, or activities told by conditions: a bit each */
#define LIMIT_WALK_GROUPS       1000             /* values a funnel is broken down by: 4 KB a step and value */
#define LIMIT_WALK_PAIRS        16384            /* different steps from one activity to another: 4 KB each */
#define LIMIT_WALK_VARIANTS     4000000          /* different paths counted: 32 bytes each */
#define LIMIT_WALK_SHOWN        1000             /* paths shown */
#define LIMIT_WALK_MS           60000            /* one question about journeys over HTTP: 100 M events take ~2 s */
#define LIMIT_WALK_PERIODS      5000             /* periods of a cohort table: 13 years of days */
#define LIMIT_DISTINCT_BYTES   ((i64)128 << 20)  /* bits of exact distinct counts of one measure; then sketches */
#define LIMIT_TALLY_THREADS    64                /* threads of one question */
#define LIMIT_ZONE_BYTES       (64 * 1024)       /* a TZif file: the largest of the IANA has ~3.5 KB */
#define LIMIT_ZONE_CHANGES     4000              /* changes of offset in it: ~250 in the fullest */
#define LIMIT_MENTIONS         64                /* aspects one signal can speak of */
#define LIMIT_OPINION_BYTES    200               /* opinion words kept with one mention */
#define LIMIT_TAXONOMY_NODES   4096              /* lines of a taxonomy: ours has ~80 */
#define LIMIT_TERMS            200000            /* terms of all lexicon files: ours ~8,000 */
#define LIMIT_TERM_BYTES       120               /* one term: the longest phrase of ours is ~40 */
#define LIMIT_LEXICON_NAMES    64                /* intents, or emotions, of a lexicon */
#define LIMIT_TEXT_GRAMS       (1 << 17)         /* features of one text: 30,000 letters or 40,000 Han */
#define LIMIT_MODEL_BYTES      (64 * 1024 * 1024) /* one trained model's file: ours stay under 4 MB */
#define LIMIT_MODEL_CLASSES    1000              /* classes of one trained model: the largest known has 150 */
#define LIMIT_HEARD_TEXTS      200000            /* newest voices a model is taught with: more change little */
#define LIMIT_TRAIN_ROWS       2000000           /* labelled texts of one training: ~1 GB in memory */
#define LIMIT_REJECTS_SHOWN    20                /* rejected rows printed; all are in the reject file */
#define LIMIT_FUTURE_MS        (2 * 24 * 3600 * 1000) /* how far ahead of us a sender's clock may be */
#define LIMIT_CALC_STEPS       ((i64)5000000000) /* of one calculation: ~10 s of one core (2 ns a step) */
#define LIMIT_CALC_REASONS     1000              /* undefined numbers of one answer that are explained */
#define LIMIT_CALC_BYTES       ((i64)32 << 20)   /* input of one calculation: ~1 M numbers */
#define LIMIT_CALC_FILE_BYTES  ((i64)256 << 20)  /* a table or input on the command line: ~5 M numbers */
#define LIMIT_PAGE             10000             /* rows one listing returns */

/* HTTP: what a stranger may send, and how slowly. */
#define LIMIT_HTTP_HEAD_BYTES   (32 * 1024)      /* request line and fields: large cookies stay under 16 KB */
#define LIMIT_HTTP_TARGET_BYTES (16 * 1024)      /* path and query: a saved question is ~2 KB */
#define LIMIT_HTTP_FIELDS       100              /* fields of a head: browsers send ~20 */
#define LIMIT_HTTP_BODY_BYTES   ((i64)1 << 20)   /* of a body, where its route says nothing else */
#define LIMIT_HTTP_CHUNK_DIGITS 8                /* hexadecimal digits of a chunk's size: 4 GB */
#define LIMIT_HTTP_CHUNK_EXTRA  1024             /* bytes of chunk extensions in one body; nobody uses them */
#define LIMIT_HTTP_TRAILERS     4096             /* bytes of trailers; they are read and dropped */
#define LIMIT_HTTP_CONNECTIONS  10000            /* open at once; the descriptor limit must be above it */
#define LIMIT_HTTP_CONNECTIONS_EACH 250          /* of one address: an office behind one router; browsers open six */
#define LIMIT_HTTP_QUEUE        1024             /* requests waiting for a worker; above it 503 */
#define LIMIT_HTTP_HEAD_MS      10000            /* first byte of a head to its last */
#define LIMIT_HTTP_IDLE_MS      60000            /* between requests, and before the first */
#define LIMIT_HTTP_RATE_MS      20000            /* a body or an answer must move this window's bytes: */
#define LIMIT_HTTP_RATE_BYTES   512              /* bytes a second, less than the slowest telephone */
#define LIMIT_HTTP_LINGER_MS    2000             /* after an early answer: reading on, so that it arrives */
#define LIMIT_HTTP_PIPE_BYTES   (64 * 1024)      /* of a body between socket and handler */
#define LIMIT_HTTP_OUT_BYTES    (256 * 1024)     /* of an answer between handler and socket */
#define LIMIT_HTTP_PACK_BYTES   1024             /* shorter answers are not worth compressing */
#define LIMIT_HTTP_GUNZIP_RATIO 200              /* unpacked : packed; JSON of feedback stays under 30 */
#define LIMIT_HTTP_GUNZIP_FREE  (1024 * 1024)    /* under this many bytes the ratio does not matter */
#define LIMIT_EVENTS_BYTES      (256 * 1024)     /* unread by one reader of an event stream: it is dropped */
#define LIMIT_EVENTS_PING_MS    15000            /* proxies close what is silent for 30-60 s */
#define LIMIT_QUERY_PARAMS      100              /* parameters of one query or form */
#define LIMIT_PATH_PARTS        32               /* parts of one path */
#define LIMIT_LISTENERS         1000             /* browsers listening to events at once */
#define LIMIT_POST_BYTES        ((i64)32 << 20)  /* signals in one request: ~60,000 reviews; files are for more.
** Held whole, on purpose: half of it is nothing, and a key that is repeated wants the same bytes.  Bodies
** still coming wait in the kernel; at most as many are in memory as there are workers. */
#define LIMIT_POST_ITEMS        50000            /* signals in one request */
#define LIMIT_UPLOAD_BYTES      ((i64)8 << 30)   /* a file handed in: ten years of a large company's reviews */
#define LIMIT_UPLOAD_KEPT_MS   ((i64)7 * 24 * 3600 * 1000) /* a file nobody begins to read, or that failed */
#define LIMIT_REPLAY_MS         ((i64)24 * 3600 * 1000) /* how long an Idempotency-Key is remembered */
#define LIMIT_REPLAY_BYTES     (64 * 1024)       /* of an answer kept for who asks again; above it, its counts */
#define LIMIT_API_PAGE          1000             /* rows of one page of a list; cursors lead on */
#define LIMIT_ANSWER_BYTES      (64 * 1024 * 1024) /* one page of long calls: 1,000 x 64 KB */
#define LIMIT_DASHBOARDS        200              /* of one person: a menu nobody scrolls further */
#define LIMIT_DASHBOARD_TILES   40               /* each is a question asked when the page opens */
#define LIMIT_DASHBOARD_BYTES   64000            /* its tiles as JSON: 40 questions of 1.5 KB */
#define LIMIT_WATCHES           200              /* looked at by each beat of the writer, 0.1 ms each */
#define LIMIT_WATCH_PERIODS     10000            /* taken at once: 27 years of days, 14 months of hours */
#define LIMIT_PATH_PARAMS       8                /* named parts of one route */

/* What leaves the house. */
#define LIMIT_RECEIPT_BYTES     4096             /* kept of what the other side answered: a reason, not a page */
#define LIMIT_SEND_MS           20000            /* one try: Standard Webhooks advise 15 to 30 s */
#define LIMIT_SENDERS           4                /* places tried at once; one that hangs delays no other three */
#define LIMIT_LETTER_BYTES      20000            /* one webhook's body: what Standard Webhooks advise */
#define LIMIT_NOTES             50               /* deeds in one message of a robot: nobody reads more */
#define LIMIT_LETTER_KEPT_MS   ((i64)7 * 24 * 3600 * 1000) /* a customer's mail that may not leave yet is stale then */

/* Who may. */
#define LIMIT_RATE_CLIENTS      8192             /* whose pace is remembered: 24 bytes each */
#define LIMIT_PASSWORD_CHARS    10               /* at least: long enough against guessing, by NIST 800-63B */
#define LIMIT_PASSWORD_BYTES    1024             /* at most: hashing is paid by us */
#define LIMIT_HASHING           2                /* passwords hashed at once: 19 MiB and a core each */
#define LIMIT_HASHING_QUEUE     4                /* waiting for it; more would take all workers */
#define LIMIT_SIGN_IN_FAILURES  5                /* of one name or address, then it is locked for */
#define LIMIT_LOCK_OUT_MS       (15 * 60 * 1000) /* this long: 20 guesses an hour */
#define LIMIT_SESSION_IDLE_MS   (8 * 3600 * 1000) /* a working day at one's desk */
#define LIMIT_SESSION_MS        ((i64)7 * 24 * 3600 * 1000) /* then one signs in again in any case */
#define LIMIT_SETUP_LINK_MS     (24 * 3600 * 1000) /* the first start's link */
#define LIMIT_AUTH_BODY_BYTES   (16 * 1024)      /* forms of signing in, users, keys */
#endif
