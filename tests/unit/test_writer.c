/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/index/writer.c: live batches, and what a failing Xapian does to them. */
#include "desk.h"
#include "item.h"
#include "writer.h"

/* Stand in for Xapian's writer, so that a test can let it fail at an item or at a commit.
 * As the real one, a failed writer refuses everything until it is opened anew. */
static const char *bad_id;
static int failures_left;
static dgm_status failure = DGM_E_INTERNAL;
static dgmx_writer *broken;

static dgm_status failing_replace_term(dgmx_writer *w, const char *term, size_t n,
                                       dgmx_doc *doc, dgmx_docid *id, dgm_error *err)
{
    if (bad_id && n == strlen(bad_id) && memcmp(term, bad_id, n) == 0 &&
        failures_left > 0) {
        failures_left--;
        broken = w;
        return dgmi_fail(err, failure, "the writer failed");
    }
    return dgmx_writer_replace_term(w, term, n, doc, id, err);
}

static dgm_status failing_commit(dgmx_writer *w, dgm_error *err)
{
    if (w == broken)
        return dgmi_fail(err, failure, "the batch was lost");
    return dgmx_writer_commit(w, err);
}

static dgm_status mended_open(const char *path, unsigned flags, dgmx_writer **out,
                              dgm_error *err)
{
    broken = NULL; /* memory of the one that failed may be used again */
    return dgmx_writer_open(path, flags, out, err);
}

#define dgmx_writer_open mended_open
#define dgmx_writer_replace_term failing_replace_term
#define dgmx_writer_commit failing_commit
#include "writer.c" /* NOLINT: the file under test, with those in place */
#undef dgmx_writer_open
#undef dgmx_writer_replace_term
#undef dgmx_writer_commit

static int set_up_whole(void **state)
{
    bad_id = NULL;
    failures_left = 0;
    failure = DGM_E_INTERNAL;
    broken = NULL;
    return set_up(state);
}

static dgm_status apply_to_end(const char *data, bool fresh, dgm_counts *counts,
                               dgm_error *fault)
{
    dgmi_work w;
    dgmi_live_options o = {
        .generation = 1, .fresh = fresh, .to = archive_end(data), .average_length = 3
    };
    OK(dgmi_work_init(&w, data, NULL, err));
    dgm_status status = dgmi_live_apply(&w, &o, fault);
    *counts = w.counts;
    dgmi_work_clear(&w);
    return status;
}

#define LINE(id, body) "{\"dgm\":1,\"id\":\"" id "\",\"body\":[\"" body "\"]}"
#define VERSION(id, v, body)                                                             \
    "{\"dgm\":1,\"id\":\"" id "\",\"version\":\"" v "\",\"body\":[\"" body "\"]}"

static const char *const three[] = { LINE("a", "alpha"), LINE("b", "beta"),
                                     LINE("c", "gamma"), NULL };

static void records_become_findable_and_the_position_moves_with_them(void **state)
{
    dgm_counts counts;
    append_lines(*state, three);
    OK(apply_to_end(*state, true, &counts, err));
    assert_int_equal(counts.indexed, 3);
    dgmi_index *index = open_index(*state);
    assert_int_equal(index->documents, 3);
    assert_int_equal(frequency(index, "beta"), 1);
    assert_int_equal(dgmi_position_compare(index->position, archive_end(*state)), 0);
    dgmi_index_close(index);
    static const char *const more[] = { LINE("d", "delta"), NULL };
    append_lines(*state, more);
    OK(apply_to_end(*state, false, &counts, err));
    assert_int_equal(counts.indexed, 1);
    assert_int_equal(find(*state, DGMI_TERM_USABLE), 4);
}

static void a_newer_version_wins_and_an_older_is_only_remembered(void **state)
{
    static const char *const lines[] = { VERSION("a", "2", "second"),
                                         VERSION("a", "1", "first"),
                                         VERSION("a", "3", "third"), NULL };
    dgm_counts counts;
    append_lines(*state, lines);
    OK(apply_to_end(*state, true, &counts, err));
    dgmi_index *index = open_index(*state);
    assert_int_equal(index->documents, 1);
    assert_int_equal(frequency(index, "third"), 1);
    assert_int_equal(frequency(index, "second"), 0);
    char *d = dump(index, "a");
    assert_non_null(strstr(d, "first 10000000000 "));
    for (int i = 0; i < 3; i++) {
        char digest[32];
        dgm_item *item = item_of(lines[i]);
        snprintf(digest, sizeof digest, " %llx",
                 (unsigned long long)dgmi_item_digest(item));
        assert_non_null(strstr(d, digest));
        dgm_item_free(item);
    }
    free(d);
    dgmi_index_close(index);
}

static void a_tombstone_takes_an_item_out_of_the_index(void **state)
{
    static const char *const lines[] = {
        LINE("a", "alpha"),
        "{\"dgm\":1,\"id\":\"a\",\"title\":\"a\",\"status\":\"canceled\",\"body\":[]}",
        NULL
    };
    dgm_counts counts;
    append_lines(*state, lines);
    OK(apply_to_end(*state, true, &counts, err));
    dgmi_index *index = open_index(*state);
    assert_int_equal(index->documents, 0);
    assert_int_equal(index->canceled, 1);
    assert_int_equal(frequency(index, "alpha"), 0);
    assert_int_equal(frequency(index, "Qa"), 1);
    dgmi_index_close(index);
}

static size_t count_rejects(const char *data)
{
    char *path = dgmi_path_join(data, "rejects");
    dgmi_names names = { NULL, 0 };
    if (dgmi_is_dir(path))
        OK(dgmi_dir_list(path, &names, err));
    size_t n = names.n;
    dgmi_names_free(&names);
    free(path);
    return n > 0 ? n - 1 : 0; /* without the list */
}

static void one_item_that_xapian_refuses_costs_no_other(void **state)
{
    dgm_counts counts;
    append_lines(*state, three);
    bad_id = "Qb";
    failures_left = 100;
    OK(apply_to_end(*state, true, &counts, err));
    assert_int_equal(counts.rejected, 1);
    assert_int_equal(counts.indexed, 3);
    assert_int_equal(count_rejects(*state), 1);
    dgmi_index *index = open_index(*state);
    assert_int_equal(index->documents, 2);
    assert_int_equal(frequency(index, "Qa") + frequency(index, "Qc"), 2);
    assert_int_equal(dgmi_position_compare(index->position, archive_end(*state)), 0);
    dgmi_index_close(index);
}

static void a_failure_that_passes_loses_nothing(void **state)
{
    dgm_counts counts;
    append_lines(*state, three);
    bad_id = "Qc";
    failures_left = 1;
    OK(apply_to_end(*state, true, &counts, err));
    assert_int_equal(counts.rejected, 0);
    assert_int_equal(counts.indexed, 3);
    assert_int_equal(find(*state, DGMI_TERM_USABLE), 3);
}

static void the_machines_failures_are_no_items_fault(void **state)
{
    dgm_counts counts;
    append_lines(*state, three);
    bad_id = "Qb";
    failures_left = 100;
    failure = DGM_E_IO;
    dgm_error fault = DGM_ERROR_INIT;
    assert_int_equal(apply_to_end(*state, true, &counts, &fault), DGM_E_IO);
    assert_string_equal(fault.text, "the writer failed");
    assert_int_equal(counts.rejected, 0);
    failures_left = 0;
    OK(apply_to_end(*state, true, &counts, err));
    assert_int_equal(find(*state, DGMI_TERM_USABLE), 3);
}

static void a_line_that_is_no_item_is_rejected_once(void **state)
{
    static const char *const lines[] = { LINE("a", "alpha"), "no json", LINE("b", "beta"),
                                         LINE("c", "gamma"), NULL };
    dgm_counts counts;
    append_lines(*state, lines);
    bad_id = "Qc"; /* so that the batch with the bad line is read twice */
    failures_left = 1;
    OK(apply_to_end(*state, true, &counts, err));
    assert_int_equal(counts.rejected, 1);
    assert_int_equal(count_rejects(*state), 1);
    assert_int_equal(find(*state, DGMI_TERM_USABLE), 3);
}

/* More than two batches, so that a failure late does not cost the commits before it. */
static void many_records_are_committed_in_batches(void **state)
{
    enum { N = 2 * DGMI_LIVE_BATCH + 30 };
    static char text[N][64];
    static const char *lines[N + 1];
    dgm_counts counts;
    for (int i = 0; i < N; i++) {
        snprintf(text[i], sizeof text[i], "{\"dgm\":1,\"id\":\"%d\",\"body\":[\"word\"]}",
                 i);
        lines[i] = text[i];
    }
    append_lines(*state, lines);
    bad_id = "Q1020";
    failures_left = 100;
    failure = DGM_E_IO;
    assert_int_equal(apply_to_end(*state, true, &counts, NULL), DGM_E_IO);
    assert_int_equal(find(*state, DGMI_TERM_USABLE), 2 * DGMI_LIVE_BATCH);
    failure = DGM_E_INTERNAL;
    broken = NULL;
    OK(apply_to_end(*state, false, &counts, err));
    assert_int_equal(find(*state, DGMI_TERM_USABLE), N - 1);
    assert_int_equal(counts.rejected, 1);
}

#define WRITER_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_whole, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WRITER_TEST(records_become_findable_and_the_position_moves_with_them),
        WRITER_TEST(a_newer_version_wins_and_an_older_is_only_remembered),
        WRITER_TEST(a_tombstone_takes_an_item_out_of_the_index),
        WRITER_TEST(one_item_that_xapian_refuses_costs_no_other),
        WRITER_TEST(a_failure_that_passes_loses_nothing),
        WRITER_TEST(the_machines_failures_are_no_items_fault),
        WRITER_TEST(a_line_that_is_no_item_is_rejected_once),
        WRITER_TEST(many_records_are_committed_in_batches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
