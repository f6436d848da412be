/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libdragoman: search for translated official news. This header is the whole public C API
 * and its manual; it depends on the C library alone. */
#ifndef DRAGOMAN_H
#define DRAGOMAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---------------------------------------------------------------------------------------
 * An archive is a data directory: an append-only log of accepted items (the truth) and
 * one index built from it (disposable). See doc/embedding.md for a whole program.
 *
 *     dgm *desk; dgm_error err = DGM_ERROR_INIT;
 *     if (dgm_open("dragoman-data", NULL, &desk, &err) != DGM_OK) puts(err.text);
 *
 * Strings      are UTF-8 and end in NUL; text with a NUL inside is refused or cleaned on
 * entry. Times        are int64_t seconds since 1970-01-01T00:00:00Z; DGM_NO_TIME means
 * "not known". Ownership    a `const T *` returned is borrowed; what a `T **out` receives
 * is the caller's. Errors       every function that can fail returns dgm_status and takes
 * a dgm_error that lives with the caller and may be NULL; the first failure wins. On
 * failure *out is NULL. Threads      a handle is used by one thread at a time; any number
 * of handles may be open, in any number of threads. There is no global state. Caveats do
 * not fork without exec while a dgm_ingest is open: its lock would be inherited. Give
 * threads that search at least 1 MB of stack.
 * -------------------------------------------------------------------------------------
 */

#define DGM_VERSION "0.1.0"

#if defined(__GNUC__)
#define DGM_API __attribute__((visibility("default")))
#else
#define DGM_API
#endif

/* What can happen. The list is closed: new conditions join the nearest of these. */
typedef enum dgm_status {
    DGM_OK = 0,
    DGM_E_NOMEM = 1,    /* memory ran out, or a stated limit of memory was reached */
    DGM_E_ARG = 2,      /* an argument or a parameter is not acceptable */
    DGM_E_NOTFOUND = 3, /* no such item, file or archive */
    DGM_E_LOCKED = 4,   /* another process is writing and does not let go */
    DGM_E_STALE = 5,    /* the index moved on under a reader more often than it retries */
    DGM_E_CORRUPT = 6,  /* stored data are not what was written */
    DGM_E_QUERY = 7,    /* the query text is refused; err->offset points at the byte */
    DGM_E_IO = 8,       /* the operating system refused: errno's text is in the message */
    DGM_E_INTERNAL = 9, /* a fault of ours */
    DGM_E_TIMEOUT = 10  /* the time limit of the request passed */
} dgm_status;

typedef struct dgm_error {
    dgm_status code;
    int32_t offset; /* byte offset into the query text, or -1 */
    char text[240]; /* one line without a line end */
} dgm_error;

#define DGM_ERROR_INIT                                                                   \
    {                                                                                    \
        DGM_OK, -1, ""                                                                   \
    }
#define DGM_NO_TIME INT64_MIN

/* A short English text for a status. Owner: static. Errors: none. Threads: any. */
DGM_API const char *dgm_status_text(dgm_status status);

/* Version of the library that runs, "0.1.0". Owner: static. Errors: none. Threads: any.
 */
DGM_API const char *dgm_version(void);

/* ---- Items ------------------------------------------------------------------------- */

typedef enum dgm_role { DGM_QUESTION = 0, DGM_ANSWER = 1 } dgm_role;
typedef enum dgm_item_status {
    DGM_USABLE = 0,
    DGM_WITHHELD = 1,
    DGM_CANCELED = 2
} dgm_item_status;

/* One turn of an interview: paragraphs from..to-1 of the item. speaker is NULL if not
 * named. */
typedef struct dgm_turn {
    dgm_role role;
    const char *speaker;
    uint32_t from, to;
} dgm_turn;

/* Text set aside as boilerplate: kept, shown folded, never ranked. kind is one of
 * "sponsor", "translation", "source", "disclaimer", "note", "signoff", "headline",
 * "other", or "learned" (doc/boilerplate.md). `before` is the index of the paragraph that
 * it stood before (n_paragraphs: at the end). */
typedef struct dgm_aside {
    const char *kind;
    const char *text;
    uint32_t before;
} dgm_aside;

/* Why a field of an item has its value: the words it was taken from and the rule that
 * took them. `where` is a place in this item ("title", "body[0]", "boilerplate[1]",
 * "url") or in what it was read from ("member region"); from..to are bytes of the text
 * there. */
typedef struct dgm_evidence {
    const char *field; /* region, country, source, agency, provider, language,
                          original_language, edition, translator */
    const char *value;
    const char *text;
    const char *rule; /* doc/formats.md lists them */
    const char *where;
    uint32_t from, to;
} dgm_evidence;

/* A news item. Pointers are NULL where nothing is known; arrays have their count beside
 * them. Items are read-only for callers; members are only ever added at the end. */
typedef struct dgm_item {
    const char *id; /* the source's guid, else its URL, else sha256-<16 hex digits> */
    const char *version; /* the source's own version mark, if it has one */
    const char *title;
    bool title_derived; /* the title is the first sentence: the source gave none */
    bool translated;
    dgm_item_status status;
    const char *const *paragraphs;
    size_t n_paragraphs;
    const dgm_turn *turns;
    size_t n_turns;
    const dgm_aside *asides;
    size_t n_asides;
    int64_t published, updated, fetched;
    const char *region;   /* label as given: "Russian Federation" */
    const char *country;  /* ISO 3166-1 alpha-2: "RU" */
    const char *source;   /* the issuing body */
    const char *provider; /* the republisher: "MIL OSI" */
    const char *agency;   /* from the dateline: "Xinhua" */
    const char *author;
    const char *language; /* BCP 47, lower case primary tag: "en" */
    const char *original_language;
    const char *url;
    const char *const *topics;
    size_t n_topics;
    const char *const *names;
    size_t n_names;
    const char *evolved_from;
    const char *translation_of;
    const char
        *extra; /* members of the source that Dragoman does not know: a JSON object */
    const char *sha256; /* of the raw bytes, 64 hex digits */
    const dgm_evidence *evidence;
    size_t n_evidence;
    const char *const
        *warnings; /* what in the item contradicts itself, a sentence each */
    size_t n_warnings;
    int64_t embargo; /* not to be shown before this time */
    /* Rewrites, as far as the archive knows them; of items that dgm_get fetched alone. */
    const char *successor; /* the item that evolved from this one and is found instead */
    const char *const *ancestors; /* what this one evolved from, nearest first */
    size_t n_ancestors;           /* the last of them is the original */
} dgm_item;

/* ---- Reading an archive
 * ---------------------------------------------------------------- */

typedef struct dgm dgm; /* a reader of one archive */

/* Receives what the library has to say. level is "debug", "info", "warning" or "error".
 * It may be called from any thread that the library starts; text has no line end. */
typedef void (*dgm_log_fn)(void *user, const char *level, const char *text);

typedef struct dgm_options {
    dgm_log_fn log; /* NULL: silence */
    void *log_user;
} dgm_options;

/* Opens the archive in data_dir for reading. An archive with no index yet opens and is
 * empty. Owner: the caller closes *out. Errors: NOTFOUND, CORRUPT, IO, NOMEM. Threads:
 * one at a time. */
DGM_API dgm_status dgm_open(const char *data_dir, const dgm_options *options, dgm **out,
                            dgm_error *err);

/* Closes a reader; NULL is fine. Pages and items got from it stay valid. */
DGM_API void dgm_close(dgm *desk);

/* Moves to the newest revision, if there is one. Searching does this by itself.
 * *moved (may be NULL) tells whether it did. Errors: CORRUPT, IO. Threads: one at a time.
 */
DGM_API dgm_status dgm_refresh(dgm *desk, bool *moved, dgm_error *err);

/* The revision that this reader sees: "<generation>-<commit>", as in replies.
 * Owner: borrowed until the next call on desk. Errors: none. */
DGM_API const char *dgm_revision(const dgm *desk);

/* Fetches one whole item by id. A canceled item is found; look at its status. One under
 * an embargo that is not over is not.
 * Owner: the caller frees *out. Errors: NOTFOUND, CORRUPT, STALE, NOMEM. */
DGM_API dgm_status dgm_get(dgm *desk, const char *id, dgm_item **out, dgm_error *err);
DGM_API void dgm_item_free(dgm_item *item);

/* ---- Versions of an item -- */

typedef enum dgm_run_kind { DGM_RUN_SAME, DGM_RUN_REMOVED, DGM_RUN_ADDED } dgm_run_kind;

/* A stretch of text that is in both versions, or in one of them. */
typedef struct dgm_run {
    dgm_run_kind kind;
    const char *text; /* paragraphs end in an empty line */
} dgm_run;

/* One version that was seen, against the one before it. */
typedef struct dgm_item_version {
    const char *version;
    int64_t published, updated, fetched;
    const char *sha256; /* of its raw bytes */
    uint64_t place;     /* where its record begins in the archive */
    dgm_item_status status;
    bool current; /* the one that is shown */
    bool silent;  /* other text, under the same time and version mark */
    bool killed;  /* a kill took it: its text is not told */
    const char *title;
    uint32_t words_added, words_removed; /* of the body */
    const char *const *fields;           /* names of other members that changed */
    size_t n_fields;
    const dgm_run *diff; /* of the body; NULL if it was not asked for, or left out */
    size_t n_diff;
    bool coarse;        /* compared by paragraphs, so much is different */
    bool diff_left_out; /* all of them together would have been too long */
} dgm_item_version;

typedef struct dgm_history {
    const char *id;
    const dgm_item_version *versions; /* newest first */
    size_t n_versions;
    bool cut; /* there were more: only the last ones are kept track of */
} dgm_history;

/* Lists the versions of an item that the archive holds, with what changed from one to the
 * next; with_diff: word by word. Owner: the caller frees *out; plain memory. Errors:
 * NOTFOUND, as dgm_get; CORRUPT, IO, STALE, NOMEM. Threads: one at a time. */
DGM_API dgm_status dgm_versions(dgm *desk, const char *id, bool with_diff,
                                dgm_history **out, dgm_error *err);
DGM_API void dgm_history_free(dgm_history *history);

typedef struct dgm_stats {
    uint64_t items;      /* that can be found */
    uint64_t canceled;   /* tombstones */
    uint64_t generation; /* number of the live index generation, 0: none yet */
    uint64_t terms;      /* distinct terms of the index */
    uint64_t archive_bytes, index_bytes;
    uint64_t pending;       /* records of the archive that the index does not hold yet */
    double average_length;  /* of an item in words, as pinned in this generation */
    int64_t newest, oldest; /* published */
    char revision[48];
    char newest_id[256]; /* cut if longer */
} dgm_stats;

/* Counts and sizes. Errors: CORRUPT, IO, STALE. */
DGM_API dgm_status dgm_stat(dgm *desk, dgm_stats *out, dgm_error *err);

/* ---- Searching -----------------------------------------------------------------------
 */

/* A search request: named parameters, the same in HTTP, on the command line and here. */
typedef struct dgm_request dgm_request;

typedef enum dgm_param_kind {
    DGM_PARAM_TEXT,
    DGM_PARAM_CHOICE, /* one of `values`, a '|' list */
    DGM_PARAM_LIST,   /* a comma list out of `values` */
    DGM_PARAM_DATE,
    DGM_PARAM_NUMBER,
    DGM_PARAM_CURSOR
} dgm_param_kind;

typedef struct dgm_param {
    const char *name;
    dgm_param_kind kind;
    bool repeatable;
    const char *values;   /* choices, or "low-high" of a number; else NULL */
    const char *standard; /* the value when it is not given, or NULL */
    const char *help;     /* one sentence */
} dgm_param;

/* The table of parameters that help, documentation and OpenAPI are made from. NULL past
 * its end. Owner: static. Errors: none. Threads: any. */
DGM_API const dgm_param *dgm_param_at(size_t i);

/* One form of the query language. */
typedef struct dgm_syntax {
    const char *form; /* "a NEAR/n b" */
    const char *help; /* one sentence */
    const char *example;
} dgm_syntax;

/* The table of the query language. NULL past its end. Owner: static. Errors: none.
 * Threads: any. */
DGM_API const dgm_syntax *dgm_syntax_at(size_t i);

/* A request with nothing set: matches all items, 10 of them. Owner: the caller frees it.
 * Returns NULL if memory ran out. */
DGM_API dgm_request *dgm_request_new(void);
DGM_API void dgm_request_free(dgm_request *request);

/* Sets (or, if it is repeatable, adds) one parameter, checking its value.
 * Errors: ARG, naming the parameter and what is wrong; NOMEM. */
DGM_API dgm_status dgm_request_set(dgm_request *request, const char *name,
                                   const char *value, dgm_error *err);

/* The request in one canonical form, equal for requests that mean the same: sorted,
 * defaults left out, values escaped as in a URL. Owner: borrowed until the next set or
 * free; NULL without memory. */
DGM_API const char *dgm_request_text(dgm_request *request);

/* Hits of a page beyond what the parameter `limit` allows, up to 10,000: for evaluation
 * and export in process. 0: back to the parameter. */
DGM_API void dgm_request_set_window(dgm_request *request, unsigned hits);

/* Takes `q` as plain words: no operators, quotes or fields, up to 64 different words. */
DGM_API void dgm_request_set_literal(dgm_request *request, bool literal);

/* Milliseconds after which a search is given up with TIMEOUT; 0: the standard of 250. */
DGM_API void dgm_request_set_deadline(dgm_request *request, unsigned ms);

/* One addend of a score. The parts of a hit sum to its score. */
typedef struct dgm_part {
    const char *what; /* the term or clause */
    double weight;
    double idf;      /* 0 where it does not apply */
    uint32_t impact; /* stored length-normalised frequency, 0..255 */
} dgm_part;

/* A copy of a hit: another item of its story. */
typedef struct dgm_copy {
    const char *id, *title, *source, *provider;
    int64_t published;
} dgm_copy;

/* The story of a hit: items that are near copies of each other. */
typedef struct dgm_hit_story {
    const char *id;         /* 16 hexadecimal digits, the same in every generation */
    uint64_t items;         /* of the archive that can be found, whatever was asked for */
    int64_t first_seen;     /* when the first of them was read */
    const dgm_copy *copies; /* the earliest others, at most 3 */
    size_t n_copies;
} dgm_hit_story;

typedef struct dgm_hit {
    const char *id;
    double score;
    const char *title; /* plain text */
    const char
        *snippet; /* highlight=html: escaped, with <mark>; text: plain; none: NULL */
    int64_t published;
    const char *region, *country, *source, *language, *url;
    bool translated;
    bool relaxed; /* found by match=most, to fill a page that match=all left short */
    const char *const *topics;
    size_t n_topics;
    const dgm_turn *turn;  /* the interview turn of the snippet's first match, or NULL */
    const dgm_part *parts; /* explain=1, else NULL */
    size_t n_parts;
    const dgm_hit_story *story;  /* or NULL */
    const char *const *variants; /* spellings of the query's names that it has; only of
                                    names that the index spells in several ways */
    size_t n_variants;
} dgm_hit;

typedef struct dgm_facet_value {
    const char *value;
    uint64_t count;
} dgm_facet_value;

typedef struct dgm_facet {
    const char *field;
    const dgm_facet_value *values; /* most first, then by value */
    size_t n_values;
} dgm_facet;

typedef struct dgm_bucket {
    int64_t from;
    uint64_t count;
} dgm_bucket;

/* A page of results: plain memory that stays valid after the reader is closed. */
typedef struct dgm_page {
    const char *query_text;
    const char *query_parsed;
    const char
        *suggestion; /* a query that is better spelt and finds something, or NULL */
    double took_ms;
    const char *revision;
    uint64_t total;
    bool total_exact; /* else at least `total` */
    const dgm_hit *hits;
    size_t n_hits;
    const dgm_facet *facets;
    size_t n_facets;
    const dgm_bucket *histogram;
    size_t n_buckets;
    bool has_histogram; /* one was asked for, it may be empty */
    const char *next;   /* cursor of the next page, or NULL */
    const char *const *warnings;
    size_t n_warnings;
    bool grouped;            /* group=story: totals, facets and buckets count stories */
    uint64_t items, stories; /* matches; stories only where grouped, then as `total` */
    const char *const *related; /* words that the best hits have in common, asked for */
    size_t n_related;
    bool has_related; /* they were asked for, there may be none */
} dgm_page;

/* Runs a search; everything that can fail happens here. If the time limit passes after
 * the hits are found, the page comes without facets, with a lower bound for a total and
 * with a warning. Owner: the caller frees *out. Errors: ARG (a forged cursor), QUERY
 * (with offset), TIMEOUT, STALE, CORRUPT, NOMEM. Threads: one at a time on a desk. */
DGM_API dgm_status dgm_search(dgm *desk, const dgm_request *request, dgm_page **out,
                              dgm_error *err);
DGM_API void dgm_page_free(dgm_page *page);

/* ---- Stories ------------------------------------------------------------------------
 */

/* How the text of a copy differs from that of the first item of its story. */
typedef enum dgm_change {
    DGM_CHANGE_NONE = 0, /* it is the first, or comparing took too long */
    DGM_CHANGE_SAME = 1,
    DGM_CHANGE_CUT = 2,
    DGM_CHANGE_ADDED = 3,
    DGM_CHANGE_EDITED = 4 /* cut and added */
} dgm_change;

typedef struct dgm_passage {
    bool added;       /* else cut */
    const char *text; /* ended early if it is long */
} dgm_passage;

typedef struct dgm_member {
    const char *id, *title, *source, *provider, *region, *language, *url;
    int64_t published;
    int64_t first_seen; /* when its first version was read */
    dgm_change change;
    uint64_t words_cut, words_added;
    const dgm_passage *passages; /* in order, as many as a reply holds */
    size_t n_passages;
    bool more_passages;
} dgm_member;

typedef struct dgm_story {
    const char *id;
    uint64_t items;            /* that can be found */
    int64_t first_seen;        /* of the member that was seen first */
    const dgm_member *members; /* by publication, then as they were seen; 200 at most */
    size_t n_members;
} dgm_story;

/* A story with its members, the earliest first. Owner: the caller frees *out. Errors: ARG
 * if id is no id of a story; NOTFOUND if none of its items can be found; STALE, CORRUPT,
 * NOMEM. Threads: one at a time on a desk. */
DGM_API dgm_status dgm_story_get(dgm *desk, const char *id, dgm_story **out,
                                 dgm_error *err);
DGM_API void dgm_story_free(dgm_story *story);

/* ---- Completing ----------------------------------------------------------------------
 */

/* What somebody who typed so far may be about to ask. */
typedef struct dgm_proposal {
    const char *kind;  /* "pair", "word", "region", "source", "topic" or "speaker" */
    const char *text;  /* as it is shown: "Russian Federation" */
    const char *query; /* what to search for: region:"Russian Federation" */
    uint64_t count;    /* items that have it; of a pair a lower bound, in titles */
} dgm_proposal;

typedef struct dgm_proposals {
    const char *q; /* what was typed */
    const char *revision;
    const dgm_proposal *list; /* words first, most frequent first; then values */
    size_t n;
} dgm_proposals;

/* Completes the last word of q out of the archive's own words, and q as a whole out of
 * regions, sources, topics and speakers. limit: 1 to 20. For each keystroke: it stops
 * looking after some milliseconds and answers with what it has. Owner: the caller frees
 * *out. Errors: ARG, STALE, CORRUPT, NOMEM. Threads: one at a time on a desk. */
DGM_API dgm_status dgm_suggest(dgm *desk, const char *q, unsigned limit,
                               dgm_proposals **out, dgm_error *err);
DGM_API void dgm_proposals_free(dgm_proposals *proposals);

/* ---- All hits of a request
 * -------------------------------------------------------------
 */

/* A walk over every hit of a request, in its order, however many there are: in memory is
 * one item. Hits are those with all that `match` asks for (none is "relaxed"); facets,
 * the histogram and the look of pages do not matter. Items that come in meanwhile are
 * left out, those that are withdrawn meanwhile, too. */
typedef struct dgm_scan dgm_scan;

/* Begins at the front, or at the request's cursor, for which that of a page does, too;
 * `most` 0: all hits, else at most so many. Owner: the scan takes the request over, also
 * on failure; the caller closes *out. Errors: NOMEM. */
DGM_API dgm_status dgm_scan_open(dgm_request *request, uint64_t most, dgm_scan **out,
                                 dgm_error *err);

/* The next hit, whole, without what dgm_get adds of its rewrites. Each call may come with
 * another desk of the same archive, and from another thread. Owner: the caller frees
 * *out. Errors: NOTFOUND (there are no more; err stays), else those of dgm_search; none
 * is lost by going on after an error. */
DGM_API dgm_status dgm_scan_next(dgm_scan *scan, dgm *desk, dgm_item **out,
                                 dgm_error *err);

/* The cursor with which another scan, or a search, goes on behind the last hit that was
 * given. Owner: borrowed until the next call. NULL before the first one, and without
 * memory. */
DGM_API const char *dgm_scan_cursor(dgm_scan *scan);

/* Whether the hit that was given last is the last one, as far as is known: what comes
 * behind it may be withdrawn yet. Errors: none. */
DGM_API bool dgm_scan_is_last(const dgm_scan *scan);
DGM_API void dgm_scan_close(dgm_scan *scan);

/* ---- Writing -------------------------------------------------------------------------
 */

/* A writer of an archive. Items are first appended to the log and fsynced, then indexed.
 * Any number of writers, in any number of processes, take items at once; at any moment
 * one of them (or a process that follows the archive) indexes for all. */
typedef struct dgm_ingest dgm_ingest;

typedef struct dgm_counts {
    uint64_t files, items;                      /* read */
    uint64_t added, replaced, unchanged, older; /* sums to items */
    uint64_t rejected; /* files, lines or items that could not be taken */
    uint64_t indexed;  /* archive records brought into the index so far */
    uint64_t to_index; /* of so many in this run, 0 while not yet known */
    uint64_t bytes;    /* of input read, after decompression */
    uint64_t done,
        of; /* how far a bulk build is, all its phases together; 0 of 0: none */
} dgm_counts;

typedef enum dgm_phase {
    DGM_READING = 0,
    DGM_INDEXING = 1,
    DGM_MERGING = 2,
    DGM_DONE = 3,
    DGM_SURVEYING = 4 /* what a bulk build begins with */
} dgm_phase;

/* Progress, called at most some ten times a second in the calling thread. */
typedef void (*dgm_progress_fn)(void *user, dgm_phase phase, const dgm_counts *counts);

/* One rejection. `where` is "file:line" or "file:item 3", `kept` the path under rejects/.
 */
typedef void (*dgm_reject_fn)(void *user, const char *where, const char *reason,
                              const char *kept);

/* What became of an item that was taken. */
typedef enum dgm_outcome {
    DGM_ADDED = 0,
    DGM_REPLACED = 1,
    DGM_OLDER = 2,    /* kept in the archive; a newer version of it stays the one found */
    DGM_UNCHANGED = 3 /* it is there already, word for word */
} dgm_outcome;

/* One item taken. `place` is where its record begins in the archive (0 for UNCHANGED). */
typedef void (*dgm_taken_fn)(void *user, const char *where, const char *id,
                             dgm_outcome outcome, uint64_t place);

typedef struct dgm_ingest_options {
    const char *
        format; /* a name out of dgm_format_at(), NULL or "auto": told from the content */
    unsigned jobs; /* threads of a bulk build; 0: as many as processors */
    size_t memory; /* budget of the writer in bytes; 0: 256 MB */
    dgm_progress_fn progress;
    dgm_reject_fn reject;
    void *user; /* for progress, reject and taken */
    dgm_log_fn log;
    void *log_user;
    dgm_taken_fn taken;
    bool accept_only; /* items go to the log alone; whoever follows it indexes them */
} dgm_ingest_options;

/* Names of the formats that can be read, NULL past the end. Owner: static. */
DGM_API const char *dgm_format_at(size_t i);

/* Opens (making it if need be) the archive in data_dir for writing and brings the index
 * up to the log, unless another is about it. Errors: LOCKED (somebody holds the log and
 * does not let go), IO, CORRUPT, ARG, NOMEM. */
DGM_API dgm_status dgm_ingest_open(const char *data_dir,
                                   const dgm_ingest_options *options, dgm_ingest **out,
                                   dgm_error *err);

/* Reads a file or all files below a folder, in name order. What cannot be read is
 * rejected and reading goes on. Errors: only what stops everything: IO on the archive,
 * NOMEM; NOTFOUND if path does not exist. */
DGM_API dgm_status dgm_ingest_path(dgm_ingest *ingest, const char *path, dgm_error *err);

/* Reads an open descriptor to its end; `name` is for messages. The descriptor stays the
 * caller's. */
DGM_API dgm_status dgm_ingest_fd(dgm_ingest *ingest, int fd, const char *name,
                                 dgm_error *err);

/* Reads bytes in memory, for example one NDJSON line. */
DGM_API dgm_status dgm_ingest_bytes(dgm_ingest *ingest, const char *name,
                                    const void *bytes, size_t n, dgm_error *err);

/* What is known of bytes beside themselves. NULL: not known. Set the whole to zero before
 * filling it in: members are only ever added at the end. */
typedef struct dgm_origin {
    const char *name;    /* for messages: a feed's name, or its address */
    const char *format;  /* as in dgm_ingest_options */
    const char *charset; /* as their sender declared it; bytes that contradict it win */
    const char *url;     /* where relative links begin */
    /* Of those items that do not say themselves; language and country as codes. */
    const char *source, *region, *country, *language;
} dgm_origin;

/* Reads bytes that came from somewhere: those of a feed, for example. Errors: ARG for a
 * format that there is not; else as dgm_ingest_bytes. */
DGM_API dgm_status dgm_ingest_from(dgm_ingest *ingest, const dgm_origin *origin,
                                   const void *bytes, size_t n, dgm_error *err);

/* What follows is read as this format; NULL or "auto": told from the content. Errors: ARG
 * (no such format). */
DGM_API dgm_status dgm_ingest_set_format(dgm_ingest *ingest, const char *format,
                                         dgm_error *err);

/* Makes durable (fsync) what was taken so far, without indexing; all who ask for it at
 * the same time share one fsync. *end (may be NULL) receives the place after the last of
 * it, for dgm_wait. After a failure the writer takes nothing more: open another. */
DGM_API dgm_status dgm_ingest_sync(dgm_ingest *ingest, uint64_t *end, dgm_error *err);

/* Appends a tombstone for id: the item is canceled, its text can no more be found, and
 * versions that are not newer than this moment do not bring it back. *outcome (may be
 * NULL) is DGM_UNCHANGED if it is canceled already. Errors: NOTFOUND if there is no such
 * item. */
DGM_API dgm_status dgm_ingest_cancel(dgm_ingest *ingest, const char *id,
                                     dgm_outcome *outcome, dgm_error *err);

/* Makes durable and searchable all that was taken so far: indexes it, or waits until the
 * process that indexes has come so far. With accept_only it is dgm_ingest_sync. counts
 * may be NULL. */
DGM_API dgm_status dgm_ingest_commit(dgm_ingest *ingest, dgm_counts *counts,
                                     dgm_error *err);

/* Closes without a commit: what was taken is durable, and is indexed at the next open. */
DGM_API void dgm_ingest_close(dgm_ingest *ingest);

/* Keeps the index up to the archive, at most a second behind it, whoever appends, until
 * go_on(user) says false: it is asked at least ten times a second, in the calling thread,
 * and not while a batch is being written. If another indexes, waits for its turn. Errors:
 * as dgm_ingest_open; the index can be followed up again after any of them. */
DGM_API dgm_status dgm_follow(const char *data_dir, const dgm_ingest_options *options,
                              bool (*go_on)(void *user), void *user, dgm_error *err);

/* Waits until desk sees the archive up to `place` (of dgm_ingest_sync), at most so many
 * milliseconds. Errors: TIMEOUT, CORRUPT, IO. Threads: one at a time on a desk. */
DGM_API dgm_status dgm_wait(dgm *desk, uint64_t place, unsigned ms, dgm_error *err);

/* Builds a new generation from the archive, verifies it and swaps it in; readers go on
 * undisturbed. If another indexes, it is asked to let go and waited for. Errors: as
 * dgm_ingest_open; CORRUPT if the new generation fails its check (the old one stays). */
DGM_API dgm_status dgm_reindex(const char *data_dir, const dgm_ingest_options *options,
                               dgm_counts *counts, dgm_error *err);

/* Receives each difference that dgm_verify finds. */
typedef void (*dgm_differ_fn)(void *user, const char *id, const char *what);

/* Compares archive and index, item by item. *differences receives the count (0: they
 * agree). Errors: what kept it from comparing. */
DGM_API dgm_status dgm_verify(const char *data_dir, dgm_differ_fn differ, void *user,
                              uint64_t *differences, dgm_error *err);

/* ---- Boilerplate that recurs in a source (doc/boilerplate.md) -------------------------
 */

/* learned and gone lines were found by counting, and are set aside; gone ones no longer
 * occur; candidates came in their place, or are sentences: they wait for a person and are
 * not set aside. */
typedef enum dgm_line_state {
    DGM_LINE_LEARNED = 0,
    DGM_LINE_APPROVED = 1,
    DGM_LINE_FORBIDDEN = 2,
    DGM_LINE_GONE = 3,
    DGM_LINE_CANDIDATE = 4,
    DGM_LINE_FORGOTTEN = 5 /* until the next reindex, which drops it */
} dgm_line_state;

typedef struct dgm_line {
    const char *scope; /* "source:Name", "provider:Name" or "host:www.example.org" */
    const char *text;
    dgm_line_state state;
    uint32_t items, of;  /* that it stands in, out of so many that were looked at */
    uint32_t days;       /* on at least so many days; counted up to 64 */
    uint32_t head, tail; /* of the items: near their beginning, near their end */
    int64_t first, last; /* dates of these items */
    bool waits;          /* older items follow at the next reindex */
} dgm_line;

typedef struct dgm_lines {
    const dgm_line *lines; /* by scope, then most items first */
    size_t n_lines;
} dgm_lines;

/* What is known of recurring lines. With learn, the archive is looked at first. Owner:
 * the caller frees *out. Errors: NOTFOUND, IO, CORRUPT, ARG (the file is damaged), NOMEM.
 * Threads: any. */
DGM_API dgm_status dgm_lines_read(const char *data_dir, bool learn, dgm_lines **out,
                                  dgm_error *err);
DGM_API void dgm_lines_free(dgm_lines *lines);
DGM_API const char *dgm_line_state_text(dgm_line_state state); /* "learned" */

/* Approves, forbids or forgets the line with this text in this scope; scope NULL: in all
 * scopes that have it. *changed receives how many. A line that is not known is taken on
 * if scope is given and it is approved or forbidden. Errors: NOTFOUND; ARG for another
 * state.
 */
DGM_API dgm_status dgm_lines_set(const char *data_dir, const char *scope,
                                 const char *text, dgm_line_state state, size_t *changed,
                                 dgm_error *err);

/* Prints the index layout (fields, prefixes, value slots) as Markdown: what doc/schema.md
 * holds. Owner: the caller frees it with free(). NULL without memory. */
DGM_API char *dgm_schema_text(void);

#ifdef __cplusplus
}
#endif
#endif
