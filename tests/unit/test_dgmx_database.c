/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/xapian/database.cc and compact.cc: what each state of a database is
 * called, several databases as one, statistics, merging. Depends on lib/xapian. */
#include "test_dgmx.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

/* Xapian's check of a database frees an object by its base's size, which AddressSanitizer
 * minds. */
__attribute__((visibility("default"))) const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "new_delete_type_mismatch=0";
}

/* ---- Statuses
 * ---------------------------------------------------------------------------- */

static void a_missing_database_is_not_found(void **state)
{
    (void)state;
    dgmx_db *db = NULL;
    dgmx_writer *w = NULL;
    FAILS(DGM_E_NOTFOUND, dgmx_db_open(path_of(0, "nowhere"), &db, err));
    assert_null(db);
    FAILS(DGM_E_NOTFOUND, dgmx_writer_open(path_of(0, "nowhere"), 0, &w, err));
    assert_null(w);
}

static void a_second_writer_is_locked_out(void **state)
{
    (void)state;
    dgmx_writer *first = open_writer(path_of(0, "locked"), DGMX_CREATE), *second = NULL;
    FAILS(DGM_E_LOCKED,
          dgmx_writer_open(path_of(0, "locked"), DGMX_CREATE, &second, err));
    assert_null(second);
    dgmx_writer_close(first);
    OK(dgmx_writer_open(path_of(0, "locked"), 0, &second, err));
    dgmx_writer_close(second);
}

static void build(const char *path, int documents)
{
    dgmx_writer *w = open_writer(path, DGMX_OVERWRITE);
    for (int i = 0; i < documents; i++) {
        char text[100];
        snprintf(text, sizeof text, "common word%d left%d right%d", i, i / 2, i / 3);
        add_text(w, text);
    }
    commit_and_close(w);
}

/* Writes bytes over a file at an offset, or cuts it there if bytes is NULL. */
static void damage(const char *path, off_t at, const char *bytes, size_t n)
{
    if (!bytes) {
        assert_int_equal(truncate(path, at), 0);
        return;
    }
    int fd = open(path, O_WRONLY);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, bytes, n, at), (ssize_t)n);
    close(fd);
}

/* Reads everything that a reader reads; the first failure counts. */
static dgm_status read_all(const char *path, dgm_error *err)
{
    dgmx_db *db = NULL;
    dgmx_postings *it = NULL;
    dgmx_doc *doc = NULL;
    dgmx_docid id;
    dgm_status status = dgmx_db_open(path, &db, err);
    if (status == DGM_OK) {
        status = dgmx_postings_of(db, STR("common"), &it, err);
    }
    while (status == DGM_OK &&
           (status = dgmx_postings_next(it, &id, NULL, err)) == DGM_OK) {
        dgmx_bytes data;
        status = dgmx_doc_get(db, id, &doc, err);
        if (status == DGM_OK) {
            status = dgmx_doc_data(doc, &data, err);
        }
        dgmx_doc_free(doc);
    }
    dgmx_postings_free(it);
    dgmx_db_close(db);
    return status == DGM_E_NOTFOUND && it ? DGM_OK : status;
}

static void a_damaged_database_is_corrupt(void **state)
{
    (void)state;
    static char junk[8192];
    memset(junk, 0xff, sizeof junk);
    const struct {
        const char *file;
        off_t at;
        bool cut;
    } damages[] = {
        { "iamglass", 0, false },     { "iamglass", 5, true },
        { "iamglass", 0, true },      { "postlist.glass", 0, true },
        { "docdata.glass", 0, true }, { "docdata.glass", 0, false },
    };
    build(path_of(0, "sound"), 500);
    OK(read_all(path_of(0, "sound"), err));
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        char file[100];
        build(path_of(0, "damaged"), 500);
        snprintf(file, sizeof file, "damaged/%s", damages[i].file);
        size_t n = i == 0 ? 20 : sizeof junk;
        damage(path_of(1, file), damages[i].at, damages[i].cut ? NULL : junk, n);
        FAILS(DGM_E_CORRUPT, read_all(path_of(0, "damaged"), err));
        remove_tree(path_of(0, "damaged"));
    }
}

static void something_that_is_no_database_is_refused(void **state)
{
    (void)state;
    dgmx_db *db = NULL;
    assert_int_equal(mkdir(path_of(0, "empty"), 0700), 0);
    FAILS(DGM_E_NOTFOUND, dgmx_db_open(path_of(0, "empty"), &db, err));
    FILE *f = fopen(path_of(1, "text"), "w");
    fputs("this is not a database\n", f);
    fclose(f);
    FAILS(DGM_E_IO, dgmx_db_open(path_of(1, "text"), &db, err));
    assert_null(db);
}

static void a_database_of_another_version_is_of_no_use(void **state)
{
    (void)state;
    build(path_of(0, "version"), 1);
    damage(path_of(1, "version/iamglass"), 14, "\x7f\x7f", 2);
    FAILS(DGM_E_CORRUPT, read_all(path_of(0, "version"), err));
}

static void a_reader_survives_the_removal_of_its_database(void **state)
{
    (void)state;
    build(path_of(0, "removed"), 100);
    dgmx_db *db = open_db(path_of(0, "removed"));
    bool moved = true;
    assert_string_equal(search(db, word("word7")), "8");
    remove_tree(path_of(0, "removed"));
    FAILS(DGM_E_NOTFOUND, dgmx_db_reopen(db, &moved, err));
    assert_string_equal(search(db, word("word7")), "8");
    dgmx_db_close(db);
}

/* Reads as long as it works. */
static dgm_status read_terms(dgmx_db *db, dgm_error *err)
{
    dgm_status status = DGM_OK;
    for (dgmx_docid id = 1; id <= 300 && status == DGM_OK; id++) {
        dgmx_terms *it = NULL;
        status = dgmx_terms_of(db, id, &it, err);
        dgmx_terms_free(it);
    }
    return status;
}

static void change_all(dgmx_writer *w, int round)
{
    for (dgmx_docid id = 1; id <= 300; id++) {
        char text[100];
        snprintf(text, sizeof text, "common word%u round%d", id, round);
        dgmx_doc *doc = doc_of(text);
        OK(dgmx_writer_replace(w, id, doc, err));
        dgmx_doc_free(doc);
    }
    OK(dgmx_writer_commit(w, err));
}

static void a_reader_two_commits_behind_is_stale_until_it_reopens(void **state)
{
    (void)state;
    build(path_of(0, "moving"), 300);
    dgmx_db *db = open_db(path_of(0, "moving"));
    dgmx_writer *w = open_writer(path_of(0, "moving"), 0);
    uint64_t before, after;
    bool moved;
    OK(dgmx_db_revision(db, &before, err));
    for (int round = 0; round < 4; round++) {
        change_all(w, round);
    }
    FAILS(DGM_E_STALE, read_terms(db, err));
    OK(dgmx_db_reopen(db, &moved, err));
    assert_true(moved);
    OK(read_terms(db, err));
    OK(dgmx_db_revision(db, &after, err));
    assert_int_equal(after, before + 4);
    OK(dgmx_db_reopen(db, &moved, err));
    assert_false(moved);
    dgmx_writer_close(w);
    dgmx_db_close(db);
}

/* A bound socket that does not listen holds a port of its own choice that refuses. */
static void a_remote_that_does_not_answer_is_an_io_failure(void **state)
{
    (void)state;
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t n = sizeof at;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
    dgmx_db *db = NULL;
    FAILS(DGM_E_IO, dgmx_db_open_remote("127.0.0.1", ntohs(at.sin_port), 500, &db, err));
    assert_null(db);
    close(fd);
}

/* ---- Contents
 * ------------------------------------------------------------------------------ */

static void statistics_describe_the_database(void **state)
{
    (void)state;
    dgmx_writer *w = open_writer(path_of(0, "counted"), DGMX_OVERWRITE);
    add_text(w, "one two two");
    add_text(w, "one two");
    commit_and_close(w);
    dgmx_db *db = open_db(path_of(0, "counted"));
    uint32_t n;
    double length;
    assert_int_equal(count_of(db), 2);
    OK(dgmx_db_last_docid(db, &n, err));
    assert_int_equal(n, 2);
    OK(dgmx_db_average_length(db, &length, err));
    assert_true(length == 2.5);
    OK(dgmx_db_term_freq(db, STR("two"), &n, err));
    assert_int_equal(n, 2);
    OK(dgmx_db_max_wdf(db, STR("two"), &n, err));
    assert_int_equal(n, 2);
    OK(dgmx_db_term_freq(db, STR("three"), &n, err));
    assert_int_equal(n, 0);
    dgmx_db_close(db);
}

static uint32_t frequency_of(dgmx_db *db, const char *term)
{
    uint32_t n = 99;
    OK(dgmx_db_term_freq(db, STR(term), &n, err));
    return n;
}

static void frequencies_follow_the_database_as_it_moves_on(void **state)
{
    (void)state;
    dgmx_writer *w = open_writer(path_of(0, "moving"), DGMX_OVERWRITE);
    add_text(w, "one two");
    OK(dgmx_writer_commit(w, err));
    dgmx_db *db = open_db(path_of(0, "moving")), *view = NULL;
    OK(dgmx_writer_db(w, &view, err));
    assert_int_equal(frequency_of(db, "two"), 1);
    assert_int_equal(frequency_of(view, "two"), 1);
    add_text(w, "two three");
    assert_int_equal(frequency_of(view, "two"), 2); /* what is pending included */
    assert_int_equal(frequency_of(db, "two"), 1);
    assert_int_equal(frequency_of(db, "three"), 0);
    OK(dgmx_writer_commit(w, err));
    bool moved = false;
    OK(dgmx_db_reopen(db, &moved, err));
    assert_true(moved);
    assert_int_equal(frequency_of(db, "two"), 2);
    assert_int_equal(frequency_of(db, "three"), 1);
    dgmx_db_close(view);
    dgmx_db_close(db);
    dgmx_writer_close(w);
}

/* More terms than are remembered: some share a place. What is remembered is told even
 * when it cannot be read any more. */
static void frequencies_are_remembered_each_for_its_term(void **state)
{
    enum { TERMS = 5000 };
    (void)state;
    char term[20];
    dgmx_writer *w = open_writer(path_of(0, "many"), DGMX_OVERWRITE);
    dgmx_doc *doc = NULL;
    OK(dgmx_doc_new(&doc, err));
    for (int i = TERMS; i > 0; i--) {
        snprintf(term, sizeof term, "t%d", i);
        OK(dgmx_doc_add_term(doc, STR(term), 1, err));
        if (i % 1000 == 1)
            OK(dgmx_writer_add(w, doc, NULL, err));
    }
    dgmx_doc_free(doc);
    commit_and_close(w);
    dgmx_db *db = open_db(path_of(0, "many"));
    for (int round = 0; round < 2; round++) {
        for (int i = 1; i <= TERMS + 500; i++) {
            snprintf(term, sizeof term, "t%d", i);
            unsigned want = i > TERMS ? 0 : 1 + (unsigned)(i - 1) / 1000;
            assert_int_equal(frequency_of(db, term), want);
        }
    }
    assert_int_equal(frequency_of(db, "t1"), 1);
    assert_int_equal(frequency_of(db, "t5000"), 5); /* read from another block */
    assert_int_equal(truncate(path_of(1, "many/postlist.glass"), 0), 0);
    assert_int_equal(frequency_of(db, "t1"), 1);
    uint32_t n;
    FAILS(DGM_E_CORRUPT, dgmx_db_term_freq(db, STR("t1x"), &n, err));
    dgmx_db_close(db);
}

static void a_document_is_found_by_its_unique_term(void **state)
{
    (void)state;
    dgmx_writer *w = open_writer(path_of(0, "unique"), DGMX_OVERWRITE);
    add_text(w, "Qone");
    add_text(w, "Qtwo");
    commit_and_close(w);
    dgmx_db *db = open_db(path_of(0, "unique"));
    dgmx_docid id;
    OK(dgmx_db_find(db, STR("Qtwo"), &id, err));
    assert_int_equal(id, 2);
    FAILS(DGM_E_NOTFOUND, dgmx_db_find(db, STR("Qthree"), &id, err));
    assert_int_equal(id, 0);
    dgmx_doc *doc = NULL;
    FAILS(DGM_E_NOTFOUND, dgmx_doc_get(db, 3, &doc, err));
    FAILS(DGM_E_ARG, dgmx_doc_get(db, 0, &doc, err));
    FAILS(DGM_E_ARG, dgmx_doc_known(db, 0, &doc, err));
    dgmx_bytes data;
    OK(dgmx_doc_known(db, 3, &doc, err)); /* nothing is looked up, and there is nothing */
    OK(dgmx_doc_data(doc, &data, err));
    assert_int_equal(data.n, 0);
    dgmx_doc_free(doc);
    OK(dgmx_doc_known(db, 2, &doc, err));
    OK(dgmx_doc_data(doc, &data, err));
    assert_bytes(data, "Qtwo");
    dgmx_doc_free(doc);
    doc = NULL;
    assert_null(doc);
    dgmx_db_close(db);
}

static void value_bounds_are_those_of_the_slot(void **state)
{
    (void)state;
    const char *values[] = { "b", "", "d", "a" };
    dgmx_writer *w = open_writer(path_of(0, "bounds"), DGMX_OVERWRITE);
    for (size_t i = 0; i < 4; i++) {
        dgmx_doc *doc = doc_of("x");
        OK(dgmx_doc_set_value(doc, 5, STR(values[i]), err));
        OK(dgmx_writer_add(w, doc, NULL, err));
        dgmx_doc_free(doc);
    }
    commit_and_close(w);
    dgmx_db *db = open_db(path_of(0, "bounds"));
    dgmx_bytes low, high;
    OK(dgmx_db_value_bounds(db, 5, &low, &high, err));
    assert_bytes(low, "a");
    assert_bytes(high, "d");
    OK(dgmx_db_value_bounds(db, 6, &low, &high, err));
    assert_bytes(low, "");
    assert_bytes(high, "");
    FAILS(DGM_E_ARG, dgmx_db_value_bounds(db, UINT32_MAX, &low, &high, err));
    dgmx_db_close(db);
}

static void several_databases_read_as_one(void **state)
{
    (void)state;
    build(path_of(0, "left"), 3);
    build(path_of(1, "right"), 2);
    const char *both[] = { paths[0], paths[1] };
    dgmx_db *db = NULL;
    uint64_t revision;
    OK(dgmx_db_open_many(both, 2, &db, err));
    assert_int_equal(count_of(db), 5);
    assert_string_equal(search(db, word("common")), "1 2 3 4 5");
    assert_string_equal(search(db, word("word2")),
                        "5"); /* ids interleave: (3 - 1) * 2 + 1 */
    FAILS(DGM_E_ARG, dgmx_db_revision(db, &revision, err));
    dgmx_db_close(db);
    const char *missing[] = { paths[0], path_of(2, "nowhere") };
    FAILS(DGM_E_NOTFOUND, dgmx_db_open_many(missing, 2, &db, err));
    assert_null(db);
}

/* Both stay usable by themselves, and the join may outlive them. */
static void two_databases_are_joined_with_ids_side_by_side(void **state)
{
    (void)state;
    dgmx_db *one = NULL, *other = NULL, *both = NULL, *none = NULL;
    dgmx_postings *postings = NULL;
    dgmx_docid id = 0;
    uint32_t n = 0;
    build(path_of(0, "first"), 2);
    build(path_of(1, "second"), 3);
    OK(dgmx_db_open(path_of(0, "first"), &one, err));
    OK(dgmx_db_open(path_of(1, "second"), &other, err));
    OK(dgmx_db_join(one, other, &both, err));
    FAILS(DGM_E_ARG, dgmx_db_join(one, both, &none, err));
    assert_null(none);
    OK(dgmx_db_term_freq(one, STR("common"), &n, err));
    assert_int_equal(n, 2);
    dgmx_db_close(one);
    dgmx_db_close(other);
    OK(dgmx_db_term_freq(both, STR("common"), &n, err));
    assert_int_equal(n, 5);
    OK(dgmx_postings_of(both, STR("word1"), &postings, err));
    OK(dgmx_postings_next(postings, &id, NULL, err));
    assert_int_equal(id, 3); /* document 2 of the first */
    OK(dgmx_postings_next(postings, &id, NULL, err));
    assert_int_equal(id, 4); /* document 2 of the second */
    dgmx_postings_free(postings);
    dgmx_db_close(both);
}

static void no_database_at_all_is_empty_and_not_to_be_asked(void **state)
{
    (void)state;
    dgmx_db *db = NULL;
    OK(dgmx_db_open_many(NULL, 0, &db, err));
    assert_int_equal(count_of(db), 0);
    dgmx_enquire *e = NULL;
    FAILS(DGM_E_ARG, dgmx_enquire_new(db, &e, err));
    assert_null(e);
    dgmx_db_close(db);
}

/* ---- Checking and merging
 * ----------------------------------------------------------------- */

static void a_check_tells_sound_from_damaged(void **state)
{
    (void)state;
    uint64_t faults = 99;
    static char junk[100];
    build(path_of(0, "checked"), 500);
    OK(dgmx_check(path_of(0, "checked"), &faults, err));
    assert_int_equal(faults, 0);
    memset(junk, 0xee, sizeof junk);
    damage(path_of(1, "checked/termlist.glass"), 4000, junk, sizeof junk);
    dgm_status status = dgmx_check(path_of(0, "checked"), &faults, NULL);
    assert_true(status == DGM_E_CORRUPT || (status == DGM_OK && faults > 0));
    FAILS(DGM_E_NOTFOUND, dgmx_check(path_of(0, "nowhere"), &faults, err));
}

/* A database whose ids begin at `from`. */
static void build_at(const char *path, dgmx_docid from, int documents)
{
    dgmx_writer *w = open_writer(path, DGMX_OVERWRITE);
    for (int i = 0; i < documents; i++) {
        dgmx_doc *doc = doc_of("common");
        OK(dgmx_writer_replace(w, from + (dgmx_docid)i, doc, err));
        dgmx_doc_free(doc);
    }
    commit_and_close(w);
}

static void merging_keeps_ids_when_asked(void **state)
{
    (void)state;
    build_at(path_of(0, "part0"), 10, 2);
    build_at(path_of(1, "part1"), 30, 2);
    build_at(path_of(2, "part2"), 20, 1);
    build_at(path_of(3, "part3"), 40, 1);
    const char *parts[] = { paths[0], paths[1], paths[2], paths[3] };
    OK(dgmx_compact(parts, 4, path_of(4, "kept"), true, err));
    dgmx_db *db = open_db(path_of(4, "kept"));
    assert_string_equal(search(db, word("common")), "10 11 20 30 31 40");
    dgmx_db_close(db);
    OK(dgmx_compact(parts, 2, path_of(5, "renumbered"), false, err));
    db = open_db(path_of(5, "renumbered"));
    assert_int_equal(count_of(db), 4);
    dgmx_db_close(db);
}

static void merging_refuses_ids_that_overlap(void **state)
{
    (void)state;
    build_at(path_of(0, "over0"), 1, 5);
    build_at(path_of(1, "over1"), 3, 5);
    const char *parts[] = { paths[0], paths[1] };
    FAILS(DGM_E_ARG, dgmx_compact(parts, 2, path_of(4, "overlapping"), true, err));
    FAILS(DGM_E_ARG, dgmx_compact(parts, 0, path_of(4, "nothing"), true, err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_missing_database_is_not_found),
        cmocka_unit_test(a_second_writer_is_locked_out),
        cmocka_unit_test(a_damaged_database_is_corrupt),
        cmocka_unit_test(something_that_is_no_database_is_refused),
        cmocka_unit_test(a_database_of_another_version_is_of_no_use),
        cmocka_unit_test(a_reader_survives_the_removal_of_its_database),
        cmocka_unit_test(a_reader_two_commits_behind_is_stale_until_it_reopens),
        cmocka_unit_test(a_remote_that_does_not_answer_is_an_io_failure),
        cmocka_unit_test(statistics_describe_the_database),
        cmocka_unit_test(frequencies_follow_the_database_as_it_moves_on),
        cmocka_unit_test(frequencies_are_remembered_each_for_its_term),
        cmocka_unit_test(a_document_is_found_by_its_unique_term),
        cmocka_unit_test(value_bounds_are_those_of_the_slot),
        cmocka_unit_test(several_databases_read_as_one),
        cmocka_unit_test(two_databases_are_joined_with_ids_side_by_side),
        cmocka_unit_test(no_database_at_all_is_empty_and_not_to_be_asked),
        cmocka_unit_test(a_check_tells_sound_from_damaged),
        cmocka_unit_test(merging_keeps_ids_when_asked),
        cmocka_unit_test(merging_refuses_ids_that_overlap),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
