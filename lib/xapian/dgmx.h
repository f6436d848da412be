/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A C binding of libxapian 1.4, fit to stand alone: the only C++ of the project is behind
 * it. Depends on lib/base/fail.h for errors and on nothing of news. */
#ifndef DGMX_H
#define DGMX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dragoman.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Conventions
 *
 * Owner: what *out receives is freed by the caller with the _free or _close of its type;
 * NULL is fine there. Objects keep alive what they need of each other: a query's children
 * may be freed after the parent is made. On failure *out is NULL.
 *
 * Errors: no exception leaves a function; Xapian's are mapped like this, all else is
 * INTERNAL. STALE     DatabaseModified LOCKED    DatabaseLock NOTFOUND  DatabaseNotFound,
 * DocNotFound CORRUPT   DatabaseCorrupt; a DatabaseError without an errno (a table that
 * is cut short) IO        DatabaseVersion, DatabaseOpening, DatabaseCreate, Network;
 * other DatabaseError QUERY     QueryParser, Wildcard, Range ARG       InvalidArgument,
 * InvalidOperation, Serialisation TIMEOUT   the deadline of dgmx_query_deadline NOMEM
 * std::bad_alloc A term, key or word that is empty, longer than DGMX_TERM_MAX or has a
 * NUL is ARG everywhere, and so is a record or value above 64 MB.
 *
 * Threads: nothing may be used by two threads at once, nor objects that were made from
 * one another (Xapian counts references without locks).
 *
 * Strings: bytes with a length; returned ones are borrowed until the next call on the
 * object. */

typedef uint32_t dgmx_docid;

typedef struct dgmx_bytes {
    const char *p;
    size_t n;
} dgmx_bytes;

#define DGMX_TERM_MAX                                                                    \
    245 /* bytes of a term; a longer one or one with NUL is refused as ARG */

/* ---- Databases to read
 * ------------------------------------------------------------------- */
typedef struct dgmx_db dgmx_db;

dgm_status dgmx_db_open(const char *path, dgmx_db **out, dgm_error *err);
/* n 0 opens, is empty, and cannot be asked (dgmx_enquire_new: ARG). */
dgm_status dgmx_db_open_many(const char *const *paths, size_t n, dgmx_db **out,
                             dgm_error *err);
/* Two open databases as one, in which document d of the first is 2d - 1 and of the second
 * 2d. A spy sees d itself. It is at the revisions at which they are, and is to be joined
 * anew after either was opened anew. */
dgm_status dgmx_db_join(dgmx_db *first, dgmx_db *second, dgmx_db **out, dgm_error *err);
dgm_status dgmx_db_open_remote(const char *host, unsigned port, unsigned timeout_ms,
                               dgmx_db **out, dgm_error *err);
void dgmx_db_close(dgmx_db *db);
dgm_status dgmx_db_reopen(dgmx_db *db, bool *moved, dgm_error *err);
/* Of one local database only; ARG otherwise. */
dgm_status dgmx_db_revision(dgmx_db *db, uint64_t *out, dgm_error *err);
dgm_status dgmx_db_doc_count(dgmx_db *db, uint32_t *out, dgm_error *err);
dgm_status dgmx_db_last_docid(dgmx_db *db, dgmx_docid *out, dgm_error *err);
dgm_status dgmx_db_average_length(dgmx_db *db, double *out, dgm_error *err);
/* Remembered for the terms asked last, until dgmx_db_reopen moves on: asking again costs
 * no look-up. */
dgm_status dgmx_db_term_freq(dgmx_db *db, const char *term, size_t n, uint32_t *out,
                             dgm_error *err);
dgm_status dgmx_db_max_wdf(dgmx_db *db, const char *term, size_t n, uint32_t *out,
                           dgm_error *err);
dgm_status dgmx_db_get_metadata(dgmx_db *db, const char *key, dgmx_bytes *out,
                                dgm_error *err);
dgm_status dgmx_db_value_bounds(dgmx_db *db, uint32_t slot, dgmx_bytes *low,
                                dgmx_bytes *high, dgm_error *err);
/* "" when there is nothing to suggest. */
dgm_status dgmx_db_suggest(dgmx_db *db, const char *word, size_t n, unsigned distance,
                           dgmx_bytes *out, dgm_error *err);
/* Whole check of a database's structure; *faults 0 when sound. */
dgm_status dgmx_check(const char *path, uint64_t *faults, dgm_error *err);

/* The document with the lowest id that has this term (for unique ids); NOTFOUND if there
 * is none.
 */
dgm_status dgmx_db_find(dgmx_db *db, const char *term, size_t n, dgmx_docid *out,
                        dgm_error *err);

/* ---- Documents
 * --------------------------------------------------------------------------- */
typedef struct dgmx_doc dgmx_doc;

dgm_status dgmx_doc_new(dgmx_doc **out, dgm_error *err);
void dgmx_doc_free(dgmx_doc *doc);
dgm_status dgmx_doc_get(dgmx_db *db, dgmx_docid id, dgmx_doc **out, dgm_error *err);
/* The same for an id that a match, a posting or dgmx_db_find gave at this revision:
 * spares looking whether there is such a document. Of one that is not there all is empty.
 */
dgm_status dgmx_doc_known(dgmx_db *db, dgmx_docid id, dgmx_doc **out, dgm_error *err);
dgm_status dgmx_doc_set_data(dgmx_doc *doc, const char *p, size_t n, dgm_error *err);
dgm_status dgmx_doc_data(dgmx_doc *doc, dgmx_bytes *out, dgm_error *err);
dgm_status dgmx_doc_set_value(dgmx_doc *doc, uint32_t slot, const char *p, size_t n,
                              dgm_error *err);
dgm_status dgmx_doc_value(dgmx_doc *doc, uint32_t slot, dgmx_bytes *out, dgm_error *err);
dgm_status dgmx_doc_add_term(dgmx_doc *doc, const char *term, size_t n, uint32_t wdf,
                             dgm_error *err);
dgm_status dgmx_doc_has_term(dgmx_doc *doc, const char *term, size_t n, bool *has,
                             dgm_error *err);
/* ARG if the document has no such term. */
dgm_status dgmx_doc_remove_term(dgmx_doc *doc, const char *term, size_t n,
                                dgm_error *err);
dgm_status dgmx_doc_add_posting(dgmx_doc *doc, const char *term, size_t n,
                                uint32_t position, uint32_t wdf, dgm_error *err);

/* One call for a whole document, because each call across the border costs: terms with
 * their positions (wdf as given, positions add nothing to it). */
typedef struct dgmx_term {
    const char *p;
    uint32_t n;
    uint32_t wdf;
    const uint32_t *positions; /* ascending, or NULL */
    uint32_t n_positions;
} dgmx_term;
dgm_status dgmx_doc_add_terms(dgmx_doc *doc, const dgmx_term *terms, size_t n,
                              dgm_error *err);

/* ---- Writing
 * ----------------------------------------------------------------------------- What is
 * refused as ARG or NOTFOUND leaves the pending batch as it was. Any other failure inside
 * Xapian may have dropped the whole batch: the writer remembers it and then refuses
 * everything, commit too, with that status. Close it, open it anew and write the batch
 * again. */
typedef struct dgmx_writer dgmx_writer;

enum dgmx_write_flags {
    DGMX_CREATE = 1,    /* make it if it is missing */
    DGMX_OVERWRITE = 2, /* make it anew */
    DGMX_NO_SYNC = 4    /* for builds that are thrown away if anything fails */
};

dgm_status dgmx_writer_open(const char *path, unsigned flags, dgmx_writer **out,
                            dgm_error *err);
/* One that is kept in memory alone; it has no transactions, and what is put in can be
 * read at once. */
dgm_status dgmx_writer_memory(dgmx_writer **out, dgm_error *err);
/* Closes without committing what is pending. */
void dgmx_writer_close(dgmx_writer *w);
/* A transaction: no auto-commit inside. What was pending before joins it. */
dgm_status dgmx_writer_begin(dgmx_writer *w, dgm_error *err);
/* Commits what is pending, and ends the transaction if one is open. */
dgm_status dgmx_writer_commit(dgmx_writer *w, dgm_error *err);
dgm_status dgmx_writer_add(dgmx_writer *w, dgmx_doc *doc, dgmx_docid *id, dgm_error *err);
dgm_status dgmx_writer_replace(dgmx_writer *w, dgmx_docid id, dgmx_doc *doc,
                               dgm_error *err);
/* Replaces the document with this unique term, or adds. */
dgm_status dgmx_writer_replace_term(dgmx_writer *w, const char *term, size_t n,
                                    dgmx_doc *doc, dgmx_docid *id, dgm_error *err);
dgm_status dgmx_writer_delete(dgmx_writer *w, dgmx_docid id, dgm_error *err);
dgm_status dgmx_writer_delete_term(dgmx_writer *w, const char *term, size_t n,
                                   dgm_error *err);
dgm_status dgmx_writer_set_metadata(dgmx_writer *w, const char *key, const char *p,
                                    size_t n, dgm_error *err);
dgm_status dgmx_writer_add_spelling(dgmx_writer *w, const char *word, size_t n,
                                    uint32_t count, dgm_error *err);
dgm_status dgmx_writer_add_synonym(dgmx_writer *w, const char *term, size_t n,
                                   const char *synonym, size_t m, dgm_error *err);
dgm_status dgmx_writer_clear_synonyms(dgmx_writer *w, const char *term, size_t n,
                                      dgm_error *err);
/* A reading view of what the writer has, pending changes included. */
dgm_status dgmx_writer_db(dgmx_writer *w, dgmx_db **out, dgm_error *err);

/* Merges databases into a new one at `to`; none may be written to meanwhile (STALE).
 * keep_ids: ids stay as they are and must be disjoint. */
dgm_status dgmx_compact(const char *const *from, size_t n, const char *to, bool keep_ids,
                        dgm_error *err);

/* ---- Walking
 * ------------------------------------------------------------------------------ `while
 * ((status = dgmx_..._next(it, ..., err)) == DGM_OK)`; NOTFOUND ends it, err unset.
 * skip_to goes forward only: what was handed out does not come again. Synonyms and
 * matching terms are plain lists: no skip_to there (ARG). */
typedef struct dgmx_terms dgmx_terms;
dgm_status dgmx_terms_all(dgmx_db *db, const char *prefix, size_t n, dgmx_terms **out,
                          dgm_error *err);
dgm_status dgmx_terms_of(dgmx_db *db, dgmx_docid id, dgmx_terms **out, dgm_error *err);
dgm_status dgmx_terms_synonyms(dgmx_db *db, const char *term, size_t n, dgmx_terms **out,
                               dgm_error *err);
dgm_status dgmx_terms_spellings(dgmx_db *db, dgmx_terms **out, dgm_error *err);
/* wdf and freq may be NULL; wdf is 0 where it does not apply. */
dgm_status dgmx_terms_next(dgmx_terms *it, dgmx_bytes *term, uint32_t *wdf,
                           uint32_t *freq, dgm_error *err);
dgm_status dgmx_terms_skip_to(dgmx_terms *it, const char *term, size_t n, dgm_error *err);
void dgmx_terms_free(dgmx_terms *it);

typedef struct dgmx_postings dgmx_postings;
/* n 0: all documents. */
dgm_status dgmx_postings_of(dgmx_db *db, const char *term, size_t n, dgmx_postings **out,
                            dgm_error *err);
dgm_status dgmx_postings_next(dgmx_postings *it, dgmx_docid *id, uint32_t *wdf,
                              dgm_error *err);
/* The next postings, at most room of them. Fewer in *n: there are no more. */
dgm_status dgmx_postings_read(dgmx_postings *it, dgmx_docid *ids, uint32_t *wdfs,
                              size_t room, size_t *n, dgm_error *err);
dgm_status dgmx_postings_skip_to(dgmx_postings *it, dgmx_docid id, dgm_error *err);
void dgmx_postings_free(dgmx_postings *it);

/* Values of one slot in document order. */
typedef struct dgmx_values dgmx_values;
dgm_status dgmx_values_of(dgmx_db *db, uint32_t slot, dgmx_values **out, dgm_error *err);
dgm_status dgmx_values_next(dgmx_values *it, dgmx_docid *id, dgmx_bytes *value,
                            dgm_error *err);
dgm_status dgmx_values_skip_to(dgmx_values *it, dgmx_docid id, dgm_error *err);
void dgmx_values_free(dgmx_values *it);
/* All values of one slot that have `size` bytes, each at its id times size; out has room
 * for last + 1 of them. Of documents without such a value nothing is written. */
dgm_status dgmx_values_table(dgmx_db *db, uint32_t slot, size_t size, dgmx_docid last,
                             char *out, dgm_error *err);

/* Positions of a term in a document into a new array that the caller frees with free().
 */
dgm_status dgmx_positions(dgmx_db *db, dgmx_docid id, const char *term, size_t n,
                          uint32_t **out, size_t *count, dgm_error *err);

/* ---- Queries: trees, combined bottom up. MatchAll is built anew each time (threads).
 * ----- A tree deeper than 250 levels is ARG, because matching and freeing recurse. */
typedef struct dgmx_query dgmx_query;

typedef enum dgmx_op {
    DGMX_AND,
    DGMX_OR,
    DGMX_AND_NOT,
    DGMX_XOR,
    DGMX_AND_MAYBE,
    DGMX_FILTER,
    DGMX_NEAR,
    DGMX_PHRASE,
    DGMX_SYNONYM,
    DGMX_MAX,
    DGMX_ELITE
} dgmx_op;

dgm_status dgmx_query_all(dgmx_query **out, dgm_error *err);
dgm_status dgmx_query_none(dgmx_query **out, dgm_error *err);
dgm_status dgmx_query_term(const char *term, size_t n, dgmx_query **out, dgm_error *err);
/* window: of NEAR and PHRASE (0: the number of children) or the size of ELITE. */
dgm_status dgmx_query_combine(dgmx_op op, dgmx_query *const *children, size_t n,
                              unsigned window, dgmx_query **out, dgm_error *err);
dgm_status dgmx_query_scale(dgmx_query *child, double factor, dgmx_query **out,
                            dgm_error *err);
/* All terms that begin with these bytes, joined by SYNONYM, OR or MAX, at most `limit` (1
 * or more). If there are more, the match (not this call, which knows no database) fails
 * with QUERY. */
dgm_status dgmx_query_prefix(const char *prefix, size_t n, unsigned limit, dgmx_op op,
                             dgmx_query **out, dgm_error *err);
/* Slot value between low and high, both inclusive; NULL: open. */
dgm_status dgmx_query_value_range(uint32_t slot, const dgmx_bytes *low,
                                  const dgmx_bytes *high, dgmx_query **out,
                                  dgm_error *err);
/* Matches what child matches; the match fails with TIMEOUT once dgmi_now_us() >
 * deadline_us, at its start if that is past already. Local databases only; such a query
 * cannot be serialised. */
dgm_status dgmx_query_deadline(dgmx_query *child, uint64_t deadline_us, dgmx_query **out,
                               dgm_error *err);
/* The same, but the match ends well with the best of the documents that it came to, and
 * *passed is set. *passed has to live as long as the query. */
dgm_status dgmx_query_until(dgmx_query *child, uint64_t deadline_us, bool *passed,
                            dgmx_query **out, dgm_error *err);
/* Terms one after another; any of several such sequences; and where they stand to one
 * another: each at most `distance` words from the one before, behind it if `ordered`;
 * or, if distance is 0, all in one unit (a sentence, say) of which `marker`, a term, has
 * the places of the first words. */
typedef struct dgmx_sequence {
    const dgmx_bytes *terms;
    size_t n;
} dgmx_sequence;
typedef struct dgmx_operand {
    const dgmx_sequence *alternatives;
    size_t n;
} dgmx_operand;
/* A kind of region: the terms whose places are the first and the last words of its
 * regions, and names, whose terms stand at those first words. */
typedef struct dgmx_region {
    dgmx_bytes begin, end;
    const dgmx_operand *names;
} dgmx_region;
enum { DGMX_BOTH = -1, DGMX_EITHER = -2, DGMX_FIRST_ALONE = -3 };

typedef struct dgmx_within {
    const dgmx_operand *operands;
    size_t n;
    bool ordered;
    uint32_t distance;
    dgmx_bytes marker;
    /* If there are regions: some region of one of these kinds has what the program says.
     * It works on sets of regions: a number from 0 puts those that have this operand, or
     * from n on this name; the others join the last two. */
    const dgmx_region *regions;
    size_t n_regions, n_names;
    const int *program;
    size_t n_program;
} dgmx_within;
/* Matches documents by places alone: to be the filter of a query that has the operands'
 * terms, else it looks at every document. Copies what it is given. Local databases only.
 */
dgm_status dgmx_query_within(const dgmx_within *within, dgmx_query **out, dgm_error *err);
/* Whether a document of these terms, sorted by their bytes, is as `within` asks. */
dgm_status dgmx_within_terms(const dgmx_within *within, const dgmx_term *terms, size_t n,
                             bool *out, dgm_error *err);
/* The first region of a document that is as `within` asks: its kind, its first and its
 * last place. NOTFOUND if there is none. */
typedef struct dgmx_found_region {
    size_t kind;
    uint32_t from, to;
} dgmx_found_region;
dgm_status dgmx_within_find(dgmx_db *db, const dgmx_within *within, uint32_t id,
                            dgmx_found_region *out, dgm_error *err);
dgm_status dgmx_query_describe(dgmx_query *q, dgmx_bytes *out, dgm_error *err);
dgm_status dgmx_query_serialise(dgmx_query *q, dgmx_bytes *out, dgm_error *err);
/* Only for bytes of one's own making: hostile ones can nest without limit. */
dgm_status dgmx_query_unserialise(const char *p, size_t n, dgmx_query **out,
                                  dgm_error *err);
void dgmx_query_free(dgmx_query *q);

/* ---- Enquire
 * ------------------------------------------------------------------------------ */
typedef struct dgmx_enquire dgmx_enquire;
typedef struct dgmx_spy dgmx_spy;
typedef struct dgmx_mset dgmx_mset;

typedef enum dgmx_weight_kind {
    DGMX_WEIGHT_BOOL,  /* no score */
    DGMX_WEIGHT_BM25,  /* k1 k2 k3 b min_normlen */
    DGMX_WEIGHT_TFIDF, /* `normalizations`, such as "nnn": the stored wdf itself is the
                          score */
    DGMX_WEIGHT_COORD, /* number of matching terms */
    /* The stored wdf itself is the score, as with TFIDF "nnn", but no wdf counts for more
     * than max_wdf. Knowing that, the matcher can pass documents over: four times as fast
     * on OR. */
    DGMX_WEIGHT_IMPACT
} dgmx_weight_kind;
typedef struct dgmx_weight {
    dgmx_weight_kind kind;
    double k1, k2, k3, b, min_normlen;
    const char *normalizations;
    uint32_t max_wdf; /* of IMPACT, 1 or more */
} dgmx_weight;

typedef enum dgmx_order {
    DGMX_BY_RELEVANCE,
    DGMX_BY_VALUE, /* then by document id */
    DGMX_BY_VALUE_THEN_RELEVANCE,
    DGMX_BY_RELEVANCE_THEN_VALUE,
    DGMX_BY_DOCID
} dgmx_order;

dgm_status dgmx_enquire_new(dgmx_db *db, dgmx_enquire **out, dgm_error *err);
dgm_status dgmx_enquire_set_query(dgmx_enquire *e, dgmx_query *q, dgm_error *err);
dgm_status dgmx_enquire_set_weight(dgmx_enquire *e, const dgmx_weight *weight,
                                   dgm_error *err);
/* descending: the greatest value (or id) first. */
dgm_status dgmx_enquire_set_order(dgmx_enquire *e, dgmx_order order, uint32_t slot,
                                  bool descending, dgm_error *err);
/* Which of two documents equal in all else comes first: the lower id, unless descending.
 */
dgm_status dgmx_enquire_set_docid_order(dgmx_enquire *e, bool descending, dgm_error *err);
dgm_status dgmx_enquire_set_cutoff(dgmx_enquire *e, double weight, dgm_error *err);
dgm_status dgmx_enquire_set_collapse(dgmx_enquire *e, uint32_t slot, unsigned max,
                                     dgm_error *err);
/* The enquire keeps the spy alive. It sees at least check_at_least of the matches. */
dgm_status dgmx_enquire_add_spy(dgmx_enquire *e, dgmx_spy *spy, dgm_error *err);
dgm_status dgmx_enquire_match(dgmx_enquire *e, uint32_t first, uint32_t count,
                              uint32_t check_at_least, dgmx_mset **out, dgm_error *err);
/* Terms of the query that match document id, in the order of the query: no skip_to here
 * (ARG). */
dgm_status dgmx_enquire_matching_terms(dgmx_enquire *e, dgmx_docid id, dgmx_terms **out,
                                       dgm_error *err);
void dgmx_enquire_free(dgmx_enquire *e);

typedef struct dgmx_hit {
    dgmx_docid id;
    double weight;
    uint32_t collapsed; /* how many more its collapse key stands for, at least */
} dgmx_hit;
size_t dgmx_mset_size(const dgmx_mset *m);
dgm_status dgmx_mset_hit(dgmx_mset *m, size_t i, dgmx_hit *out, dgm_error *err);
dgm_status dgmx_mset_doc(dgmx_mset *m, size_t i, dgmx_doc **out, dgm_error *err);
/* Bounds of the number of matches; equal: exact. */
dgm_status dgmx_mset_matches(dgmx_mset *m, uint32_t *low, uint32_t *estimate,
                             uint32_t *high, dgm_error *err);
void dgmx_mset_free(dgmx_mset *m);

/* Of one database: bytes of all such arrays, and documents beyond which there are none,
 * so that making one is a matter of some 100 ms at most. */
#define DGMX_COLUMNS_BYTES (16u << 20)
#define DGMX_COLUMN_DOCUMENTS 2000000u

/* Counts the values of a slot over the matches. */
dgm_status dgmx_spy_new(uint32_t slot, dgmx_spy **out, dgm_error *err);
/* Counts those of `slots` slots in a row, of which a document fills the first ones: it
 * does not look behind the first empty one. Remote databases refuse it (INTERNAL).
 * db: NULL, or the one that it is for, which then keeps slots as arrays until it is
 * opened anew, where that is cheaper than looking up what was and will be: `expected`
 * values, at least. */
dgm_status dgmx_spy_new_run(dgmx_db *db, uint32_t slot, uint32_t slots, uint64_t expected,
                            dgmx_spy **out, dgm_error *err);
/* Counts documents without a match, whose ids ascend: for such a spy as the two above
 * make (else ARG). */
dgm_status dgmx_spy_feed(dgmx_spy *spy, dgmx_db *db, const dgmx_docid *ids, size_t n,
                         dgm_error *err);
/* Counts groups instead of documents: of all that share a value of the slot group, one. A
 * group counts once for values of one class: class_of writes what they have in common
 * into out and returns its bytes, 0 for a value that does not count; NULL: the value
 * itself. Of a class the most frequent value is given. slots 0: only the groups. Remote
 * databases refuse it. */
typedef size_t (*dgmx_class_fn)(void *user, const char *value, size_t n, char *out,
                                size_t room);
dgm_status dgmx_spy_new_grouped(uint32_t slot, uint32_t slots, uint32_t group,
                                dgmx_class_fn class_of, void *user, dgmx_spy **out,
                                dgm_error *err);
/* Counts documents for such a spy without a match; ids ascend, groups are numbers from 1
 * on, or 0 where no other document that is fed has the same. expected: how many documents
 * there are in all. The groups alone (slots 0) are not counted so (ARG). */
dgm_status dgmx_spy_feed_grouped(dgmx_spy *spy, dgmx_db *db, const dgmx_docid *ids,
                                 const uint32_t *groups, size_t n, uint64_t expected,
                                 dgm_error *err);
/* Different groups seen by such a spy. */
dgm_status dgmx_spy_groups(dgmx_spy *spy, uint64_t *out, dgm_error *err);
typedef struct dgmx_count {
    const char *p; /* owned by the array's block */
    size_t n;
    uint32_t count;
} dgmx_count;
/* All values seen, most first, into one block that the caller frees with free(). */
dgm_status dgmx_spy_counts(dgmx_spy *spy, dgmx_count **out, size_t *n, dgm_error *err);
dgm_status dgmx_spy_total(dgmx_spy *spy, uint32_t *out,
                          dgm_error *err); /* documents seen */
void dgmx_spy_free(dgmx_spy *spy);

/* Counts by time and by value at once: documents, and groups of them, per bucket of time,
 * per class of the values of some slots, and per both. */
typedef struct dgmx_cross {
    uint32_t time_slot; /* its values: 8 bytes at most, in their order */
    /* The bucket of such a value; false: it has none. */
    bool (*bucket_of)(void *user, const char *value, size_t n, int64_t *bucket);
    uint32_t slot, slots; /* a run as of dgmx_spy_new_run; slots 0: no classes */
    dgmx_class_fn class_of;
    bool ids;    /* remember which documents they were, too */
    bool groups; /* count different values of group_slot, too */
    uint32_t group_slot;
    void *user;
    size_t cells_max; /* more of them, and the match fails with ARG */
} dgmx_cross;
/* Remote databases refuse it. */
dgm_status dgmx_spy_new_cross(const dgmx_cross *how, dgmx_spy **out, dgm_error *err);

typedef struct dgmx_row {
    const char *label; /* the most frequent value of the class, ended by NUL; of the row
                          of all documents "" */
    uint64_t documents, groups;
    uint64_t undated;             /* documents without a bucket */
    char first[8], last[8];       /* least and greatest value of the time slot */
    dgmx_docid first_id, last_id; /* who has them; 0: nobody */
} dgmx_row;
typedef struct dgmx_cell {
    uint32_t row;
    int64_t bucket;
    uint64_t documents, groups;
} dgmx_cell;
typedef struct dgmx_table {
    dgmx_row *rows; /* rows[0]: all documents; then the classes, most documents first */
    size_t n_rows;
    uint64_t without; /* documents that are in no class */
    dgmx_cell *cells; /* by row, then by bucket */
    size_t n_cells;
    const uint64_t *ids; /* bit i of word w: the document w * 64 + i */
    size_t n_ids;        /* words */
} dgmx_table;
/* All that it counted, in one block that the caller frees with free(). */
dgm_status dgmx_spy_table(dgmx_spy *spy, dgmx_table **out, dgm_error *err);

/* Hands out terms with a prefix by which the documents differ most from all others
 * (Xapian's ESet), best first, at most `most`, until take() says false. */
dgm_status dgmx_expand(dgmx_db *db, const dgmx_docid *ids, size_t n, dgmx_bytes prefix,
                       unsigned most,
                       bool (*take)(void *user, dgmx_bytes term, uint32_t frequency),
                       void *user, dgm_error *err);

/* ---- Stems and numbers
 * -------------------------------------------------------------------- */
typedef struct dgmx_stem dgmx_stem;
/* language: a name or code that Xapian knows ("english", "en"); ARG otherwise. "none":
 * unchanged.
 */
dgm_status dgmx_stem_new(const char *language, dgmx_stem **out, dgm_error *err);
dgm_status dgmx_stem_word(dgmx_stem *s, const char *word, size_t n, dgmx_bytes *out,
                          dgm_error *err);
void dgmx_stem_free(dgmx_stem *s);

const char *dgmx_xapian_version(void);

#ifdef __cplusplus
}
#endif
#endif
