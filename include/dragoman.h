/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libdragoman: search for translated official news. This header, with its parts in
 * dragoman/, is the whole public C API and its manual; it depends on the C library alone.
 */
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

/* DGM_QUOTATION is the turn of a hit alone: what running text quotes somebody with. */
typedef enum dgm_role { DGM_QUESTION = 0, DGM_ANSWER = 1, DGM_QUOTATION = 2 } dgm_role;
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

/* What a reader keeps in memory of the index to search it faster: so many bytes of
 * posting lists at most (standard: 32 MB), and beside them up to 40 bytes a document
 * where age or stories count. 0: nothing, which is slower. Errors: none. Threads: one at
 * a time. */
DGM_API void dgm_set_posting_bytes(dgm *desk, size_t bytes);
/* What the posting lists that it keeps take now. */
DGM_API size_t dgm_posting_bytes(const dgm *desk);

/* Fetches one whole item by id. A canceled item is found; look at its status. One under
 * an embargo that is not over is not.
 * Owner: the caller frees *out. Errors: NOTFOUND, CORRUPT, STALE, NOMEM. */
DGM_API dgm_status dgm_get(dgm *desk, const char *id, dgm_item **out, dgm_error *err);
DGM_API void dgm_item_free(dgm_item *item);

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
    DGM_PARAM_CURSOR,
    DGM_PARAM_REAL /* a number that may have a fraction: "0.25" */
} dgm_param_kind;

typedef struct dgm_param {
    const char *name;
    dgm_param_kind kind;
    bool repeatable;
    const char *values;   /* choices, or "low-high" of a number or real; else NULL */
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

/* The time limit of a search in milliseconds; 0: the standard of 250. A scan, which is to
 * be whole, is given up with TIMEOUT, a search ends with what it has. */
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
    const char *const *synonyms; /* of the query's words that it has */
    size_t n_synonyms;
    bool expanded; /* expand=1: a relaxed hit that has only words of the best ones */
    const struct dgm_cited *cited; /* cite=1 (dragoman/cite.h), else NULL */
    const char *title_html; /* highlight=html: the title, escaped, with <mark>; NULL where
                               nothing in it is marked */
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

/* A synonym that a query was searched with, by a rule (dragoman/synonyms.h). */
typedef struct dgm_stand_in {
    const char *words; /* of the query, as the rule has them */
    const char *synonym;
    bool own;      /* the rule stands in the archive's file */
    unsigned line; /* of the file with the rule */
} dgm_stand_in;

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
    const dgm_stand_in *synonyms;
    size_t n_synonyms;
    const struct dgm_citation *citation; /* cite=1 (dragoman/cite.h), else NULL */
    bool partial; /* the time limit passed: the best hits of what was looked at */
    /* Sources that it could have found items of, and that are silent for longer than is
     * their habit (dragoman/sources.h): the most telling ones, and how many more. */
    const struct dgm_silence *silences;
    size_t n_silences;
    uint64_t more_silences;
} dgm_page;

/* Runs a search; everything that can fail happens here. Seven tenths of the time limit
 * are for finding hits: then the page is `partial`, has the best of what was looked at
 * and no next one. If counting takes longer than is left, the page comes without facets
 * and with a lower bound for a total. A warning says either. Owner: the caller frees
 * *out. Errors: ARG (a forged cursor), QUERY (with offset), TIMEOUT, STALE, CORRUPT,
 * NOMEM. Threads: one at a time on a desk. */
DGM_API dgm_status dgm_search(dgm *desk, const dgm_request *request, dgm_page **out,
                              dgm_error *err);
DGM_API void dgm_page_free(dgm_page *page);

#ifdef __cplusplus
}
#endif

/* The parts, each on one thing. */
#include "dragoman/boilerplate.h"
#include "dragoman/cache.h"
#include "dragoman/cite.h"
#include "dragoman/compare.h"
#include "dragoman/limits.h"
#include "dragoman/moments.h"
#include "dragoman/recency.h"
#include "dragoman/scan.h"
#include "dragoman/sources.h"
#include "dragoman/story.h"
#include "dragoman/suggest.h"
#include "dragoman/synonyms.h"
#include "dragoman/topics.h"
#include "dragoman/trends.h"
#include "dragoman/versions.h"
#include "dragoman/watch.h"
#include "dragoman/write.h"

#endif
