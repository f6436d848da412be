/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of hits: everything that a page tells. */
#include "searching.h"

static void search_tells_all_of_a_hit(void **state)
{
    feed(*state, small_archive);
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "\"cyber attacks\"");
    dgm_close(desk); /* the page stays */
    const dgm_hit *hit = &page->hits[0];
    assert_string_equal(page->query_text, "\"cyber attacks\"");
    assert_string_equal(page->query_parsed, "\"cyber attacks\"");
    assert_null(page->suggestion);
    assert_true(page->took_ms > 0);
    assert_string_equal(hit->id, "bank");
    assert_true(hit->score > 0);
    assert_string_equal(hit->title, "Cyber attacks on banks");
    assert_non_null(strstr(hit->snippet, "<mark>cyber attacks</mark>"));
    assert_int_equal(hit->published, 1623801600);
    assert_string_equal(hit->region, "Russian Federation");
    assert_string_equal(hit->country, "RU");
    assert_string_equal(hit->source, "Ministry of Finance");
    assert_string_equal(hit->language, "en");
    assert_null(hit->url);
    assert_true(hit->translated);
    assert_int_equal(hit->n_topics, 1);
    assert_string_equal(hit->topics[0], "Cyber security");
    assert_null(hit->parts);
    dgm_page_free(page);
}

static void search_prints_the_query_as_match_took_it(void **state)
{
    static const char *const cases[][3] = {
        { "cyber attacks", "all", "(cyber AND attacks)" },
        { "cyber attacks", "any", "(cyber OR attacks)" },
        { "cyber attacks", "most", "(cyber attacks)" },
        { "the cyber attacks", "all", "(cyber AND attacks)" },
        { "cyber bank region:x", "any", "((cyber OR bank) AND region:x)" },
        { "cyber bank -x", "all", "((cyber AND bank) NOT x)" },
        { "of the", "all", "(of AND the)" },
    };
    feed(*state, small_archive);
    dgm *desk = open_desk(*state);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        dgm_page *page = SEARCH(desk, "q", cases[i][0], "match", cases[i][1]);
        assert_string_equal(page->query_parsed, cases[i][2]);
        dgm_page_free(page);
    }
    dgm_close(desk);
}

static void titles_are_marked_whole_where_something_in_them_matches(void **state)
{
    dgmi_buf line;
    dgmi_buf_init(&line, 0);
    dgmi_buf_puts(&line, "{\"id\":\"a\",\"language\":\"en\",\"title\":\"Ferries & <b>");
    for (int i = 0; i < 30; i++)
        dgmi_buf_puts(&line, " words that fill it");
    dgmi_buf_puts(&line, " ferry\",\"body\":\"Nothing here.\"}\n"
                         "{\"id\":\"b\",\"title\":\"Other\",\"body\":\"A ferry.\"}\n");
    feed(*state, line.p);
    dgmi_buf_clear(&line);
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "ferry");
    assert_int_equal(page->n_hits, 2);
    const dgm_hit *a = &page->hits[page->hits[0].id[0] == 'b'];
    const dgm_hit *b = &page->hits[page->hits[0].id[0] == 'a'];
    assert_true(
        strncmp(a->title_html, "<mark>Ferries</mark> &amp; &lt;b&gt; words", 42) == 0);
    assert_string_equal(strrchr(a->title_html, ' '), " <mark>ferry</mark>");
    assert_true(strlen(a->title_html) > strlen(a->title));
    assert_null(b->title_html);
    dgm_page_free(page);
    page = SEARCH(desk, "q", "ferry", "highlight", "text");
    assert_null(page->hits[0].title_html);
    assert_null(page->hits[1].title_html);
    dgm_page_free(page);
    dgm_close(desk);
}

static void search_highlights_as_asked(void **state)
{
    feed(*state, small_archive);
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "police", "highlight", "text");
    assert_null(strstr(page->hits[0].snippet, "<mark>"));
    dgm_page_free(page);
    page = SEARCH(desk, "q", "police", "highlight", "none");
    assert_null(page->hits[0].snippet);
    dgm_page_free(page);
    dgm_close(desk);
}

static void search_names_the_turn_that_matched(void **state)
{
    static const char *const lines[] = {
        "{\"dgm\":1,\"id\":\"talk\",\"title\":\"Interview\",\"body\":[\"How is the "
        "harbour?\",\"The ferry "
        "sails.\",\"And the reactor?\",\"It "
        "rests.\"],\"turns\":[{\"role\":\"question\",\"from\":0,"
        "\"to\":1},{\"role\":\"answer\",\"speaker\":\"N. P. "
        "Ivanov\",\"from\":1,\"to\":2},{\"role\":"
        "\"question\",\"from\":2,\"to\":3},{\"role\":\"answer\",\"from\":3,\"to\":4}]}",
        NULL
    };
    append_lines(*state, lines);
    feed(*state, small_archive);
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "sail");
    assert_non_null(page->hits[0].turn);
    assert_int_equal(page->hits[0].turn->role, DGM_ANSWER);
    assert_string_equal(page->hits[0].turn->speaker, "N. P. Ivanov");
    dgm_page_free(page);
    page = SEARCH(desk, "q", "reactor");
    assert_int_equal(page->hits[0].turn->role, DGM_QUESTION);
    assert_null(page->hits[0].turn->speaker);
    dgm_page_free(page);
    page = SEARCH(desk, "q", "police");
    assert_null(page->hits[0].turn);
    dgm_page_free(page);
    dgm_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(search_tells_all_of_a_hit),
        DESK_TEST(search_prints_the_query_as_match_took_it),
        DESK_TEST(search_highlights_as_asked),
        DESK_TEST(titles_are_marked_whole_where_something_in_them_matches),
        DESK_TEST(search_names_the_turn_that_matched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
