/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of lib/xapian share: a folder of their own and small databases to look
 * at. Depends on lib/xapian, lib/base and cmocka. */
#ifndef TEST_DGMX_H
#define TEST_DGMX_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dgmx.h"
#include "fail.h"

/* Asserts that a call succeeded, and shows its message if not. */
#define OK(call)                                                                         \
    do {                                                                                 \
        dgm_error failure_ = DGM_ERROR_INIT;                                             \
        dgm_error *err = &failure_;                                                      \
        if ((call) != DGM_OK) {                                                          \
            fail_msg("%s: %s", #call, failure_.text);                                    \
        }                                                                                \
    } while (0)

/* Asserts that a call fails with this status and says something on one line. */
#define FAILS(status, call)                                                              \
    do {                                                                                 \
        dgm_error failure_ = DGM_ERROR_INIT;                                             \
        dgm_error *err = &failure_;                                                      \
        dgm_status got_ = (call);                                                        \
        if (got_ != (status)) {                                                          \
            fail_msg("%s: status %d (%s)", #call, (int)got_, failure_.text);             \
        }                                                                                \
        assert_int_equal(failure_.code, (status));                                       \
        assert_true(failure_.text[0] != '\0');                                           \
        assert_null(strchr(failure_.text, '\n'));                                        \
    } while (0)

#define STR(s) (s), strlen(s)

static char folder[3900];
static char paths[8][4096];

/* A path inside the test's own folder. `slot` tells how many may be in use at once. */
static inline const char *path_of(int slot, const char *name)
{
    snprintf(paths[slot], sizeof paths[slot], "%s/%s", folder, name);
    return paths[slot];
}

static inline int remove_one(const char *path, const struct stat *st, int kind,
                             struct FTW *at)
{
    (void)st, (void)kind, (void)at;
    return remove(path);
}

static inline void remove_tree(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline int make_folder(void **state)
{
    (void)state;
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/dgmx-XXXXXX", base ? base : P_tmpdir);
    return mkdtemp(folder) ? 0 : -1;
}

static inline int remove_folder(void **state)
{
    (void)state;
    remove_tree(folder);
    return 0;
}

/* A document of space-separated words at positions 1, 2, ...; its record is the text
 * itself. */
static inline dgmx_doc *doc_of(const char *text)
{
    dgmx_doc *doc = NULL;
    uint32_t position = 0;
    OK(dgmx_doc_new(&doc, err));
    OK(dgmx_doc_set_data(doc, STR(text), err));
    while (*text) {
        size_t n = strcspn(text, " ");
        OK(dgmx_doc_add_posting(doc, text, n, ++position, 1, err));
        text += n + (text[n] == ' ');
    }
    return doc;
}

static inline dgmx_docid add_text(dgmx_writer *w, const char *text)
{
    dgmx_docid id = 0;
    dgmx_doc *doc = doc_of(text);
    OK(dgmx_writer_add(w, doc, &id, err));
    dgmx_doc_free(doc);
    return id;
}

static inline dgmx_writer *open_writer(const char *path, unsigned flags)
{
    dgmx_writer *w = NULL;
    OK(dgmx_writer_open(path, flags, &w, err));
    return w;
}

static inline void commit_and_close(dgmx_writer *w)
{
    OK(dgmx_writer_commit(w, err));
    dgmx_writer_close(w);
}

static inline dgmx_db *open_db(const char *path)
{
    dgmx_db *db = NULL;
    OK(dgmx_db_open(path, &db, err));
    return db;
}

static inline uint32_t count_of(dgmx_db *db)
{
    uint32_t count = 0;
    OK(dgmx_db_doc_count(db, &count, err));
    return count;
}

static inline dgmx_query *word(const char *text)
{
    dgmx_query *q = NULL;
    OK(dgmx_query_term(STR(text), &q, err));
    return q;
}

/* Joins two queries and frees them. */
static inline dgmx_query *join(dgmx_op op, dgmx_query *a, dgmx_query *b)
{
    dgmx_query *pair[2] = { a, b }, *q = NULL;
    OK(dgmx_query_combine(op, pair, 2, 0, &q, err));
    dgmx_query_free(a);
    dgmx_query_free(b);
    return q;
}

/* The ids of the first matches in order, as "3 1 2"; frees the query. */
static inline const char *ids_of(dgmx_enquire *e, dgmx_query *q)
{
    static char text[1024];
    dgmx_mset *page = NULL;
    OK(dgmx_enquire_set_query(e, q, err));
    OK(dgmx_enquire_match(e, 0, 20, 100, &page, err));
    text[0] = '\0';
    for (size_t i = 0; i < dgmx_mset_size(page); i++) {
        dgmx_hit hit;
        size_t n = strlen(text);
        OK(dgmx_mset_hit(page, i, &hit, err));
        snprintf(text + n, sizeof text - n, "%s%u", n ? " " : "", hit.id);
    }
    dgmx_mset_free(page);
    dgmx_query_free(q);
    return text;
}

static inline const char *search(dgmx_db *db, dgmx_query *q)
{
    dgmx_enquire *e = NULL;
    OK(dgmx_enquire_new(db, &e, err));
    OK(dgmx_enquire_set_order(e, DGMX_BY_DOCID, 0, false, err));
    const char *ids = ids_of(e, q);
    dgmx_enquire_free(e);
    return ids;
}

static inline void assert_bytes(dgmx_bytes got, const char *want)
{
    if (got.n != strlen(want) || memcmp(got.p, want, got.n) != 0) {
        fail_msg("\"%.*s\" is not \"%s\"", (int)got.n, got.p, want);
    }
}

#endif
