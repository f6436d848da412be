/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of readers: opening, following, single items, counts. */
#include "searching.h"

static const char corpus[] = "{\"id\":\"a\",\"title\":\"First\",\"body\":\"One.\\n\\nTwo."
                             "\",\"published\":\"2021-06-16\"}\n"
                             "{\"id\":\"b\",\"title\":\"Second\",\"body\":\"Three.\","
                             "\"published\":\"2022-06-16\"}\n"
                             "{\"id\":\"c\",\"title\":\"Third\",\"body\":\"Four.\"}\n";

static void desk_opens_only_what_is_there(void **state)
{
    dgm *desk = NULL;
    dgm_error err = DGM_ERROR_INIT;
    char *missing = dgmi_path_join(*state, "missing");
    assert_int_equal(dgm_open(missing, NULL, &desk, &err), DGM_E_NOTFOUND);
    assert_null(desk);
    assert_non_null(strstr(err.text, "missing"));
    assert_int_equal(dgm_open(NULL, NULL, &desk, NULL), DGM_E_ARG);
    assert_int_equal(dgm_open("", NULL, &desk, NULL), DGM_E_ARG);
    assert_int_equal(dgm_open(*state, NULL, NULL, NULL), DGM_E_ARG);
    free(missing);
    dgm_close(NULL);
}

static void desk_of_a_damaged_index_is_refused(void **state)
{
    dgm *desk = NULL;
    dgm_error err = DGM_ERROR_INIT;
    feed(*state, corpus);
    char *path = dgmi_generation_path(*state, 1);
    char *table = dgmi_path_join(path, "postlist.glass");
    assert_int_equal(dgmi_file_replace(table, "damaged", 7, NULL), DGM_OK);
    dgm_status status = dgm_open(*state, NULL, &desk, &err);
    if (status == DGM_OK) { /* then it shows at the first search */
        dgm_page *page = NULL;
        dgm_request *r = request_of(PAIRS("q", "first"));
        status = dgm_search(desk, r, &page, &err);
        assert_null(page);
        dgm_request_free(r);
        dgm_close(desk);
    }
    assert_true(status == DGM_E_CORRUPT || status == DGM_E_IO);
    assert_true(strlen(err.text) > 0);
    free(table);
    free(path);
}

static void a_rewritten_item_tells_what_follows_and_what_went_before(void **state)
{
    feed(*state, corpus);
    feed(*state,
         "{\"id\":\"a2\",\"title\":\"A2\",\"links\":{\"evolved_from\":\"a\"}}\n"
         "{\"id\":\"a3\",\"title\":\"A3\",\"links\":{\"evolved_from\":\"a2\"}}\n");
    dgm *desk = open_desk(*state);
    dgm_item *item = NULL;
    OK(dgm_get(desk, "a3", &item, err));
    assert_null(item->successor);
    assert_int_equal(item->n_ancestors, 2);
    assert_string_equal(item->ancestors[0], "a2");
    assert_string_equal(item->ancestors[1], "a");
    dgm_item_free(item);
    OK(dgm_get(desk, "a", &item, err));
    assert_string_equal(item->successor, "a2");
    assert_int_equal(item->n_ancestors, 0);
    dgm_item_free(item);
    dgm_close(desk);
}

static void an_item_under_embargo_is_not_there(void **state)
{
    feed(*state, "{\"id\":\"a\",\"title\":\"A\",\"embargo\":\"2999-01-01\"}\n");
    dgm *desk = open_desk(*state);
    dgm_item *item = NULL;
    assert_int_equal(dgm_get(desk, "a", &item, NULL), DGM_E_NOTFOUND);
    assert_null(item);
    dgm_close(desk);
}

static void desk_refreshes_when_the_writer_commits(void **state)
{
    bool moved = true;
    feed(*state, corpus);
    dgm *desk = open_desk(*state);
    char *before = strdup(dgm_revision(desk));
    OK(dgm_refresh(desk, &moved, err));
    assert_false(moved);
    feed(*state, "{\"id\":\"d\",\"title\":\"Fourth\"}\n");
    OK(dgm_refresh(desk, &moved, err));
    assert_true(moved);
    assert_string_not_equal(dgm_revision(desk), before);
    OK(dgm_reindex(*state, NULL, NULL, err));
    OK(dgm_refresh(desk, &moved, err));
    assert_true(moved);
    assert_int_equal(strncmp(dgm_revision(desk), before, 2) != 0, 1);
    assert_int_equal(dgm_refresh(NULL, NULL, NULL), DGM_E_ARG);
    assert_string_equal(dgm_revision(NULL), "");
    free(before);
    dgm_close(desk);
}

static void desk_gets_an_item_whole(void **state)
{
    dgm_item *item = NULL;
    feed(*state, corpus);
    dgm *desk = open_desk(*state);
    OK(dgm_get(desk, "a", &item, err));
    dgm_close(desk); /* the item stays */
    assert_string_equal(item->id, "a");
    assert_string_equal(item->title, "First");
    assert_int_equal(item->n_paragraphs, 2);
    assert_string_equal(item->paragraphs[1], "Two.");
    assert_int_equal(item->published, 1623801600);
    assert_int_equal(item->status, DGM_USABLE);
    dgm_item_free(item);
}

static void desk_finds_a_canceled_item_by_its_id(void **state)
{
    dgm_item *item = NULL;
    feed(*state, corpus);
    feed(*state,
         "{\"id\":\"a\",\"title\":\"First\",\"version\":\"2\",\"updated\":\"2022-01-01\","
         "\"status\":\"canceled\"}\n");
    dgm *desk = open_desk(*state);
    OK(dgm_get(desk, "a", &item, err));
    assert_int_equal(item->status, DGM_CANCELED);
    dgm_item_free(item);
    dgm_close(desk);
}

static void desk_says_which_item_is_not_there(void **state)
{
    dgm_item *item = NULL;
    dgm_error err = DGM_ERROR_INIT;
    dgm *desk = open_desk(*state);
    assert_int_equal(dgm_get(desk, "x", &item, &err), DGM_E_NOTFOUND);
    feed(*state, corpus);
    dgmi_error_clear(&err);
    assert_int_equal(dgm_get(desk, "x", &item, &err), DGM_E_NOTFOUND);
    assert_string_equal(err.text, "there is no item \"x\"");
    assert_null(item);
    char *longer = malloc(5001);
    memset(longer, 'i', 5000);
    longer[5000] = '\0';
    assert_int_equal(dgm_get(desk, longer, &item, NULL), DGM_E_NOTFOUND);
    assert_int_equal(dgm_get(desk, "", &item, NULL), DGM_E_NOTFOUND);
    assert_int_equal(dgm_get(NULL, "a", &item, NULL), DGM_E_ARG);
    assert_int_equal(dgm_get(desk, NULL, &item, NULL), DGM_E_ARG);
    assert_int_equal(dgm_get(desk, "a", NULL, NULL), DGM_E_ARG);
    free(longer);
    dgm_close(desk);
}

static void desk_counts_what_is_there(void **state)
{
    dgm_stats stats;
    dgm *desk = open_desk(*state);
    OK(dgm_stat(desk, &stats, err));
    assert_int_equal(stats.items, 0);
    assert_int_equal(stats.generation, 0);
    assert_true(stats.newest == DGM_NO_TIME);
    feed(*state, corpus);
    feed(*state,
         "{\"id\":\"c\",\"title\":\"Third\",\"version\":\"2\",\"updated\":\"2022-01-01\","
         "\"status\":\"canceled\"}\n");
    OK(dgm_stat(desk, &stats, err));
    assert_int_equal(stats.items, 2);
    assert_int_equal(stats.canceled, 1);
    assert_int_equal(stats.generation, 1);
    assert_true(stats.terms > 10);
    assert_true(stats.archive_bytes > sizeof corpus);
    assert_true(stats.index_bytes > 1000);
    assert_int_equal(stats.pending, 0);
    assert_int_equal(stats.newest, 1655337600);
    assert_int_equal(stats.oldest, 1623801600);
    assert_string_equal(stats.newest_id, "b");
    assert_string_equal(stats.revision, dgm_revision(desk));
    assert_int_equal(dgm_stat(NULL, &stats, NULL), DGM_E_ARG);
    assert_int_equal(dgm_stat(desk, NULL, NULL), DGM_E_ARG);
    dgm_close(desk);
}

static void desk_counts_terms_again_after_a_commit(void **state)
{
    dgm_stats before, after;
    feed(*state, corpus);
    dgm *desk = open_desk(*state);
    OK(dgm_stat(desk, &before, err));
    feed(*state, "{\"id\":\"d\",\"title\":\"Unheard words\"}\n");
    OK(dgm_stat(desk, &after, err));
    assert_true(after.terms > before.terms);
    dgm_close(desk);
}

static void desk_counts_records_that_are_not_indexed_yet(void **state)
{
    static const char *const lines[] = { "{\"id\":\"e\",\"title\":\"Waiting\"}", NULL };
    dgm_stats stats;
    feed(*state, corpus);
    append_lines(*state, lines);
    dgm *desk = open_desk(*state);
    OK(dgm_stat(desk, &stats, err));
    assert_int_equal(stats.items, 3);
    assert_int_equal(stats.pending, 1);
    dgm_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(desk_opens_only_what_is_there),
        DESK_TEST(desk_of_a_damaged_index_is_refused),
        DESK_TEST(a_rewritten_item_tells_what_follows_and_what_went_before),
        DESK_TEST(an_item_under_embargo_is_not_there),
        DESK_TEST(desk_refreshes_when_the_writer_commits),
        DESK_TEST(desk_gets_an_item_whole),
        DESK_TEST(desk_finds_a_canceled_item_by_its_id),
        DESK_TEST(desk_says_which_item_is_not_there),
        DESK_TEST(desk_counts_what_is_there),
        DESK_TEST(desk_counts_terms_again_after_a_commit),
        DESK_TEST(desk_counts_records_that_are_not_indexed_yet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
