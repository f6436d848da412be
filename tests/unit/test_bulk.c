/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/index/bulk.c and piece.c: a built generation equals one that grew, and a
 * failure keeps the live one. */
#include <pthread.h>
#include <sys/resource.h>

#include "bulk.h"
#include "desk.h"
#include "writer.h"

/* Stands in for Xapian's writer: fails at one item's document, in any thread. */
static _Atomic int failures_left;
static dgm_status failing_add(dgmx_writer *w, dgmx_doc *doc, dgmx_docid *id,
                              dgm_error *err)
{
    dgmx_bytes data;
    if (failures_left > 0 &&
        dgmx_doc_value(doc, DGMI_SLOT_COUNTRY, &data, NULL) == DGM_OK && data.n == 2 &&
        memcmp(data.p, "ZZ", 2) == 0) {
        failures_left--;
        return dgmi_fail(err, DGM_E_INTERNAL, "the writer failed");
    }
    return dgmx_writer_add(w, doc, id, err);
}

#define dgmx_writer_add failing_add
#include "piece.c" /* NOLINT: a part of what is tested, with that in place */
#undef dgmx_writer_add

static dgm_status build(const char *data, unsigned jobs, dgm_counts *counts,
                        dgm_error *fault)
{
    dgmi_work w;
    dgm_ingest_options o = { .jobs = jobs };
    OK(dgmi_work_init(&w, data, &o, err));
    dgm_status status = dgmi_build_generation(&w, archive_end(data), fault);
    if (counts)
        *counts = w.counts;
    dgmi_work_clear(&w);
    return status;
}

enum { IDS = 1200, VERSIONS = 100 };

/* Items of several fields; some ids come again, newer, older or canceled. */
static void fill(const char *data)
{
    static const char *const words[] = { "gas",  "prices", "ministers", "cyber-attack",
                                         "Kyiv", "talks",  "energy",    "U.N." };
    dgmi_archive *a = NULL;
    dgmi_position at;
    dgmi_buf line;
    dgmi_buf_init(&line, 0);
    OK(dgmi_archive_open(data, NULL, &a, err));
    for (int i = 0; i < IDS + VERSIONS; i++) {
        int id = i < IDS ? i : (i - IDS) * 7;
        dgmi_buf_reset(&line);
        dgmi_buf_printf(
            &line,
            "{\"dgm\":1,\"id\":\"item/%d\",\"version\":\"%d\",\"title\":\"%s %d\","
            "\"published\":\"20%02d-06-16\",\"region\":\"Region %d\","
            "\"status\":\"%s\",\"body\":[\"",
            id, (i * 31) % 17, words[i % 8], i, i % 30, i % 5,
            i % 97 == 5 ? "canceled" : "usable");
        for (int k = 0; k <= i % 60; k++)
            dgmi_buf_printf(&line, "%s w%d ", words[(i + k) % 8], (i * k) % 501);
        dgmi_buf_puts(&line, "\"]}");
        OK(dgmi_archive_append(a, line.p, line.n, &at, err));
    }
    dgmi_archive_close(a);
    dgmi_buf_clear(&line);
}

static void expect_equal(const char *grown, const char *built)
{
    dgmi_index *a = open_index(grown), *b = open_index(built);
    assert_int_equal(a->documents, b->documents);
    assert_int_equal(a->canceled, b->canceled);
    assert_int_equal(dgmi_position_compare(a->position, b->position), 0);
    for (int i = 0; i < IDS; i++) {
        char id[32];
        snprintf(id, sizeof id, "item/%d", i);
        char *one = dump(a, id), *two = dump(b, id);
        assert_non_null(one);
        assert_non_null(two);
        assert_string_equal(one, two);
        free(one);
        free(two);
    }
    dgmi_index_close(a);
    dgmi_index_close(b);
}

static void a_built_index_equals_one_that_grew(void **state)
{
    char *grown = dgmi_path_join(*state, "grown"),
         *built = dgmi_path_join(*state, "built");
    dgmi_work w;
    double average = 0;
    OK(dgmi_make_dirs(grown, err));
    OK(dgmi_make_dirs(built, err));
    fill(grown);
    fill(built);
    OK(dgmi_lines_average(grown, IDS + VERSIONS, &average, err));
    OK(dgmi_work_init(&w, grown, NULL, err));
    dgmi_live_options o = { .generation = 1,
                            .fresh = true,
                            .to = archive_end(grown),
                            .average_length = average };
    OK(dgmi_live_apply(&w, &o, err));
    dgmi_work_clear(&w);
    OK(build(built, 3, NULL, err));
    expect_equal(grown, built);
    OK(build(grown, 1, NULL, err));
    expect_equal(grown, built);
    free(grown);
    free(built);
}

static void few_open_files_only_mean_more_rounds(void **state)
{
    struct rlimit before, few;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    fill(*state);
    few = before;
    few.rlim_cur = 100;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    dgm_error fault = DGM_ERROR_INIT;
    dgm_status status = build(*state, 2, NULL, &fault);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    if (status != DGM_OK)
        fail_msg("%s", fault.text);
    assert_int_equal(differences(*state), 0);
}

static void an_empty_archive_builds_an_empty_generation(void **state)
{
    OK(build(*state, 2, NULL, err));
    dgmi_index *index = open_index(*state);
    assert_int_equal(index->generation, 1);
    assert_int_equal(index->documents, 0);
    dgmi_index_close(index);
}

static void an_archive_of_tombstones_and_bad_lines_builds(void **state)
{
    static const char *const lines[] = {
        "bad", "{\"dgm\":1,\"id\":\"a\",\"status\":\"canceled\"}", "{}", NULL
    };
    dgm_counts counts;
    append_lines(*state, lines);
    OK(build(*state, 2, &counts, err));
    assert_int_equal(counts.rejected, 2);
    assert_int_equal(counts.indexed, 3);
    assert_int_equal(counts.to_index, 3);
    dgmi_index *index = open_index(*state);
    assert_int_equal(index->canceled, 1);
    dgmi_index_close(index);
}

static void one_item_that_xapian_refuses_costs_no_other(void **state)
{
    static const char *const lines[] = {
        "{\"dgm\":1,\"id\":\"a\",\"body\":[\"x\"]}",
        "{\"dgm\":1,\"id\":\"bad\",\"country\":\"ZZ\",\"body\":[\"x\"]}",
        "{\"dgm\":1,\"id\":\"c\",\"body\":[\"x\"]}", NULL
    };
    dgm_counts counts;
    append_lines(*state, lines);
    failures_left = 1000;
    OK(build(*state, 2, &counts, err));
    failures_left = 0;
    assert_int_equal(counts.rejected, 1);
    assert_int_equal(counts.indexed, 3);
    assert_int_equal(find(*state, DGMI_TERM_USABLE), 2);
    failures_left = 1; /* one that passes loses nothing */
    OK(build(*state, 2, &counts, err));
    assert_int_equal(counts.rejected, 0);
    assert_int_equal(find(*state, DGMI_TERM_USABLE), 3);
}

static void a_build_that_fails_leaves_the_live_generation(void **state)
{
    fill(*state);
    OK(build(*state, 2, NULL, err));
    char *segment = dgmi_path_join(*state, "archive/000001.ndjson");
    char *away = dgmi_path_join(*state, "archive/away");
    dgmi_work w;
    dgmi_position end = archive_end(*state);
    OK(dgmi_work_init(&w, *state, NULL, err));
    assert_int_equal(rename(segment, away), 0);
    char *later = dgmi_path_join(*state, "archive/000002.ndjson");
    OK(dgmi_file_replace(later, "{}\n", 3, err));
    assert_int_not_equal(dgmi_build_generation(&w, end, NULL), DGM_OK);
    dgmi_work_clear(&w);
    unlink(later);
    assert_int_equal(rename(away, segment), 0);
    dgmi_index *index = open_index(*state);
    assert_int_equal(index->generation, 1);
    dgmi_index_close(index);
    char *workshop = dgmi_generation_workshop(*state);
    assert_false(dgmi_is_dir(workshop));
    assert_int_equal(differences(*state), 0);
    free(workshop);
    free(later);
    free(segment);
    free(away);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(a_built_index_equals_one_that_grew),
        DESK_TEST(few_open_files_only_mean_more_rounds),
        DESK_TEST(an_empty_archive_builds_an_empty_generation),
        DESK_TEST(an_archive_of_tombstones_and_bad_lines_builds),
        DESK_TEST(one_item_that_xapian_refuses_costs_no_other),
        DESK_TEST(a_build_that_fails_leaves_the_live_generation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
