/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/index/writer.c with the real Xapian: one bad record of a batch is found,
 * and no other is lost with it. A record whose text has "poison" spoils its batch, where
 * the test says. */
#include <dlfcn.h>
#include <zstd.h>

#include "desk.h"

static enum { NOWHERE, ADDING, COMMITTING } spoilt;
static bool poisoned; /* the batch at hand */
static int batches;   /* begun and not given up before their commit */

/* These three stand in for libzstd's and libxapian's. */
size_t ZSTD_compress2(ZSTD_CCtx *c, void *to, size_t most, const void *from, size_t n)
{
    size_t (*pack)(ZSTD_CCtx *, void *, size_t, const void *, size_t);
    *(void **)&pack = dlsym(RTLD_NEXT, "ZSTD_compress2");
    bool bad = memmem(from, n, "poison", 6) != NULL;
    poisoned = poisoned || bad;
    if (bad && spoilt == ADDING)
        return (size_t)-1; /* as its errors look */
    return pack(c, to, most, from, n);
}

_Noreturn void _ZSt20__throw_length_errorPKc(const char *);
void _ZN6Xapian16WritableDatabase17begin_transactionEb(void *db, bool flushed);
void _ZN6Xapian16WritableDatabase18commit_transactionEv(void *db);

void _ZN6Xapian16WritableDatabase17begin_transactionEb(void *db, bool flushed)
{
    void (*begin)(void *, bool);
    *(void **)&begin =
        dlsym(RTLD_NEXT, "_ZN6Xapian16WritableDatabase17begin_transactionEb");
    poisoned = false;
    begin(db, flushed);
}

void _ZN6Xapian16WritableDatabase18commit_transactionEv(void *db)
{
    void (*commit)(void *);
    *(void **)&commit =
        dlsym(RTLD_NEXT, "_ZN6Xapian16WritableDatabase18commit_transactionEv");
    batches++;
    if (poisoned && spoilt == COMMITTING)
        _ZSt20__throw_length_errorPKc("spoilt");
    commit(db);
}

enum { RECORDS = 400 };

/* Two bad ones among many. */
static void fill(const char *data)
{
    dgmi_archive *a = NULL;
    dgmi_position at;
    OK(dgmi_archive_open(data, NULL, &a, err));
    for (int i = 0; i < RECORDS; i++) {
        char line[200];
        int n = snprintf(line, sizeof line,
                         "{\"dgm\":1,\"id\":\"n%d\",\"status\":\"usable\","
                         "\"body\":[\"text of item %d %s\"]}",
                         i, i, i == 137 || i == 390 ? "poison" : "bread");
        OK(dgmi_archive_append(a, line, (size_t)n, &at, err));
    }
    OK(dgmi_archive_sync(a, err));
    dgmi_archive_close(a);
}

typedef struct told {
    int n;
    char where[8][80];
} told;

static void note_reject(void *user, const char *where, const char *reason,
                        const char *kept)
{
    told *t = user;
    assert_non_null(reason);
    assert_non_null(kept);
    assert_true(t->n < 8);
    snprintf(t->where[t->n++], sizeof t->where[0], "%s", where);
}

static void one_bad_record_costs_no_other_and_is_found_in_few_steps(void **state)
{
    for (spoilt = ADDING; spoilt <= COMMITTING; spoilt++) {
        char name[16];
        snprintf(name, sizeof name, "desk-%d", (int)spoilt);
        char *data = dgmi_path_join(*state, name);
        told t = { 0 };
        dgm_ingest_options o = { .reject = note_reject, .user = &t };
        dgm_ingest *in = NULL;
        OK(dgmi_make_dirs(data, err));
        fill(data);
        batches = 0;
        OK(dgm_ingest_open(data, &o, &in, err));
        dgm_ingest_close(in);
        assert_int_equal(find(data, "bread"), RECORDS - 2);
        assert_int_equal(find(data, "poison"), 0);
        assert_int_equal(t.n, 2);
        assert_true(strncmp(t.where[0], "archive/000001.ndjson:byte ", 27) == 0);
        assert_true(atoi(t.where[0] + 27) < atoi(t.where[1] + 27));
        assert_true(batches < 50);
        free(data);
    }
    spoilt = NOWHERE;
}

static void a_bad_record_alone_is_rejected_and_the_next_is_taken(void **state)
{
    static const char *const lines[] = {
        "{\"dgm\":1,\"id\":\"a\",\"status\":\"usable\",\"body\":[\"poison\"]}", NULL
    };
    static const char *const more[] = {
        "{\"dgm\":1,\"id\":\"b\",\"status\":\"usable\",\"body\":[\"bread\"]}", NULL
    };
    told t = { 0 };
    dgm_ingest_options o = { .reject = note_reject, .user = &t };
    dgm_ingest *in = NULL;
    for (int i = 0; i < 2; i++) {
        spoilt = COMMITTING;
        append_lines(*state, i == 0 ? lines : more);
        OK(dgm_ingest_open(*state, &o, &in, err));
        dgm_ingest_close(in);
        assert_int_equal(t.n, 1);
    }
    spoilt = NOWHERE;
    assert_int_equal(find(*state, "bread"), 1);
    assert_int_equal(find(*state, "poison"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(one_bad_record_costs_no_other_and_is_found_in_few_steps),
        DESK_TEST(a_bad_record_alone_is_rejected_and_the_next_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
