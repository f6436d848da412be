/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of searching: what matches, in which order, under which conditions. */
#include "searching.h"

typedef struct expectation {
    const char *q, *match;
    const char *ids; /* in any order, relaxed ones left out */
} expectation;

static char *strict_ids(const dgm_page *page)
{
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    for (size_t i = 0; i < page->n_hits; i++) {
        if (!page->hits[i].relaxed)
            dgmi_buf_printf(&out, "%s ", page->hits[i].id);
    }
    char *all = dgmi_buf_take(&out), *made = sorted(all);
    free(all);
    return made;
}

static void check(dgm *desk, const expectation *e)
{
    dgm_page *page = SEARCH(desk, "q", e->q, "match", e->match ? e->match : "all");
    char *got = strict_ids(page), *want = sorted(e->ids);
    if (strcmp(got, want) != 0)
        fail_msg("%s (%s) finds: %s; not: %s", e->q, page->query_parsed, got, want);
    size_t n = 0;
    for (const char *c = want; *c; c++)
        n += *c == ' ';
    assert_int_equal(page->total, *want ? n + 1 : 0);
    assert_true(page->total_exact);
    free(got);
    free(want);
    dgm_page_free(page);
}

static void check_all(void **state, const expectation *table, size_t n)
{
    feed(*state, small_archive);
    dgm *desk = open_desk(*state);
    for (size_t i = 0; i < n; i++)
        check(desk, &table[i]);
    dgm_close(desk);
}

#define CHECK(state, table) check_all(state, table, sizeof(table) / sizeof((table)[0]))

static void search_finds_words_by_their_stems(void **state)
{
    static const expectation table[] = {
        { "attacks", NULL, "bank open budget" },
        { "ATTACKING", NULL, "bank open budget" },
        { "cyber attack", NULL, "bank open budget" },
        { "minister", NULL, "kyiv" },
        { "министр", NULL, "moscow" },
        { "торговля", NULL, "moscow" },
        { "外交部", NULL, "beijing" },
        { "交外部", NULL, "" },
        { "un obrien", NULL, "kyiv" },
        { "U.N. O'Brien", NULL, "kyiv" },
        { "xylophone", NULL, "" },
        { "police xylophone", NULL, "" },
    };
    CHECK(state, table);
}

static void search_keeps_quoted_words_as_they_stand(void **state)
{
    static const expectation table[] = {
        { "\"cyber attacks\"", NULL, "bank" },
        { "\"cyber attack\"", NULL, "budget" },
        { "\"attacks\"", NULL, "bank" },
        { "\"attacks cyber\"", NULL, "" },
        { "\"best of times\"", NULL, "golf" },
        { "\"обсудили торговлю\"", NULL, "moscow" },
        { "\"обсудила торговлю\"", NULL, "" },
        { "\"investigate nothing\"", NULL, "" },
        { "\"cyber attacks\" OR \"open day\"", NULL, "bank open" },
        { "\"open day\" xylophone", "any", "open" },
    };
    CHECK(state, table);
}

static void search_finds_compounds_whole_and_in_parts(void **state)
{
    static const expectation table[] = {
        { "cyber-attack", NULL, "budget note" },
        { "cyberattacks", NULL, "budget note" },
        { "cyber-attack police", "any", "bank open budget note" },
    };
    CHECK(state, table);
}

static void search_obeys_operators(void **state)
{
    static const expectation table[] = {
        { "police AND cyber", NULL, "bank open" },
        { "police OR budget", NULL, "bank open budget" },
        { "police -bank", NULL, "open" },
        { "police NOT \"open day\"", NULL, "bank" },
        { "-police", NULL, "budget note golf moscow beijing kyiv" },
        { "(police OR budget) AND (ministry OR citizens)", NULL, "bank open" },
        { "cyber -(police citizens)", NULL, "bank budget" },
        { "cyber -(police OR budget)", NULL, "" },
        { "police AND NOT police", NULL, "" },
        { "budget OR NOT cyber", NULL, "budget note golf moscow beijing kyiv" },
        { "", NULL, "bank open budget note golf moscow beijing kyiv" },
        { "*", NULL, "bank open budget note golf moscow beijing kyiv" },
    };
    CHECK(state, table);
}

static void search_leaves_stopwords_out_unless_there_is_nothing_else(void **state)
{
    static const expectation table[] = {
        { "the budget of police", "any", "bank open budget" },
        { "the budget", NULL, "budget" },
        { "of the", NULL, "golf kyiv" },
        { "US", NULL, "budget" },
        { "US budget", NULL, "budget" },
        { "WHO police", NULL, "" },
    };
    CHECK(state, table);
}

static void search_reads_fields(void **state)
{
    static const expectation table[] = {
        { "region:kenya", NULL, "open budget" },
        { "region:\"russian federation\"", NULL, "bank" },
        { "region:guinea", NULL, "golf" },
        { "region:ru", NULL, "bank moscow" },
        { "country:ru", NULL, "bank moscow" },
        { "country:Russia", NULL, "bank moscow" },
        { "police region:kenya", "any", "open" },
        { "xylophone police region:kenya", "any", "open" },
        { "title:police", NULL, "open" },
        { "title:\"cyber attacks\"", NULL, "bank" },
        { "title:(budget OR golf)", NULL, "budget golf" },
        { "source:finance", NULL, "bank budget" },
        { "source:\"finance ministry\"", NULL, "budget" },
        { "source:(ministry finance)", NULL, "bank budget" },
        { "topic:citizens", NULL, "open" },
        { "language:ru", NULL, "moscow" },
        { "id:kyiv", NULL, "kyiv" },
        { "translated:yes", NULL, "bank" },
        { "police -region:kenya", NULL, "bank" },
    };
    CHECK(state, table);
}

static void search_reads_dates(void **state)
{
    static const expectation table[] = {
        { "date:2021", NULL, "bank open moscow beijing kyiv" },
        { "date:2021-06", NULL, "bank moscow kyiv" },
        { "date:2021-06-20", NULL, "moscow kyiv" },
        { "date:2021-06-17..2021-07-01", NULL, "open moscow kyiv" },
        { "date:..2020", NULL, "budget golf" },
        { "date:2021-06-20..", NULL, "open moscow kyiv" },
        { "before:2020", NULL, "golf" },
        { "after:2021-06-20", NULL, "open" },
        { "after:2020 before:2021-06", NULL, "beijing" },
        { "year:2020", NULL, "budget" },
        { "date:2021-06-20T09:00:00Z..2021-06-20T11:00:00Z", NULL, "kyiv" },
        { "-date:2021", NULL, "budget golf note" },
    };
    CHECK(state, table);
}

static void search_expands_prefixes(void **state)
{
    static const expectation table[] = {
        { "cyb*", NULL, "bank open budget note" },
        { "polic* AND citiz*", NULL, "open" },
        { "title:pol*", NULL, "open" },
        { "zzz*", NULL, "" },
        { "мини*", NULL, "moscow" },
    };
    CHECK(state, table);
}

static void search_takes_most_or_any_of_the_words(void **state)
{
    static const expectation table[] = {
        { "police budget", "any", "bank open budget" },
        { "police budget", "most", "bank open budget" },
        { "police cyber citizens", "most", "bank open" },
        { "police cyber citizens ministry xylophone", "most", "bank open" },
        { "police", "most", "bank open" },
    };
    CHECK(state, table);
}

/* ---- Quorums, against counting by hand ---- */

static unsigned count_words(unsigned item, unsigned words)
{
    unsigned n = 0;
    for (unsigned w = 0; w < words; w++)
        n += made_has(item, w);
    return n;
}

static void search_counts_most_of_the_words_as_by_hand(void **state)
{
    enum { ITEMS = 200 };
    static const unsigned quorum[MADE_WORDS + 1] = { 0, 1, 1, 2, 3, 3, 4, 5, 5 };
    feed_made(*state, 0, ITEMS);
    dgm *desk = open_desk(*state);
    dgmi_buf q;
    dgmi_buf_init(&q, 0);
    for (unsigned words = 1; words <= MADE_WORDS; words++) {
        unsigned want = 0;
        dgmi_buf_printf(&q, "%s ", made_words[words - 1]);
        for (unsigned i = 0; i < ITEMS; i++)
            want += count_words(i, words) >= quorum[words];
        dgm_page *page = SEARCH(desk, "q", q.p, "match", "most");
        assert_true(want > 0 && want < ITEMS);
        assert_int_equal(page->total, want);
        dgm_page_free(page);
    }
    dgmi_buf_clear(&q);
    dgm_close(desk);
}

static void search_counts_unions_and_intersections_as_by_hand(void **state)
{
    enum { ITEMS = 180 };
    feed_made(*state, 0, ITEMS);
    dgm *desk = open_desk(*state);
    for (unsigned set = 1; set < 1u << MADE_WORDS; set += 5) {
        dgmi_buf any, all;
        unsigned in_any = 0, in_all = 0;
        dgmi_buf_init(&any, 0);
        dgmi_buf_init(&all, 0);
        for (unsigned w = 0; w < MADE_WORDS; w++) {
            if (set >> w & 1) {
                dgmi_buf_printf(&any, "%s%s", any.n > 0 ? " OR " : "", made_words[w]);
                dgmi_buf_printf(&all, "%s%s", all.n > 0 ? " AND " : "", made_words[w]);
            }
        }
        for (unsigned i = 0; i < ITEMS; i++) {
            unsigned has = 0;
            for (unsigned w = 0; w < MADE_WORDS; w++)
                has |= (unsigned)made_has(i, w) << w;
            in_any += (has & set) != 0;
            in_all += (has & set) == set;
        }
        dgm_page *page = SEARCH(desk, "q", any.p, "limit", "1");
        assert_int_equal(page->total, in_any);
        dgm_page_free(page);
        page = SEARCH(desk, "q", all.p, "limit", "1", "sort", "oldest");
        assert_int_equal(page->total, in_all);
        dgm_page_free(page);
        dgmi_buf_clear(&any);
        dgmi_buf_clear(&all);
    }
    dgm_close(desk);
}

static void search_fills_a_short_page_with_what_most_finds(void **state)
{
    feed(*state, small_archive);
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "police cyber citizens");
    char *ids = ids_of(page);
    assert_string_equal(ids, "open ~bank");
    assert_int_equal(page->total, 1);
    assert_null(page->next);
    free(ids);
    dgm_page_free(page);
    page = SEARCH(desk, "q", "police cyber citizens", "limit", "1");
    assert_int_equal(page->n_hits, 1);
    assert_false(page->hits[0].relaxed);
    dgm_page_free(page);
    page = SEARCH(desk, "q", "police AND cyber AND citizens");
    ids = ids_of(page);
    assert_string_equal(ids, "open");
    free(ids);
    dgm_page_free(page);
    dgm_close(desk);
}

/* ---- Filters and order ---- */

static void search_filters_or_within_and_across(void **state)
{
    feed(*state, small_archive);
    dgm *desk = open_desk(*state);
    check_ids(desk, PAIRS("region", "KENYA"), "open budget", false);
    check_ids(desk, PAIRS("region", "Kenya", "region", "Ukraine"), "open budget kyiv",
              false);
    check_ids(desk, PAIRS("region", "Kenya", "topic", "police"), "open", false);
    check_ids(desk, PAIRS("region", "guinea"), "", false);
    check_ids(desk, PAIRS("region", "Russia"), "moscow", false);
    check_ids(desk, PAIRS("region", "RU"), "bank moscow", false);
    check_ids(desk, PAIRS("country", "ru"), "bank moscow", false);
    check_ids(desk, PAIRS("q", "police", "from", "2021-06-17"), "open", false);
    check_ids(desk, PAIRS("from", "2020-07-01", "to", "2020"), "budget", false);
    check_ids(desk, PAIRS("to", "2021-06-16", "q", "police"), "bank", false);
    check_ids(desk, PAIRS("from", "2021-06-20T09:00:00Z", "to", "2021-06-20"), "kyiv",
              false);
    check_ids(desk, PAIRS("from", "2022"), "", false);
    dgm_close(desk);
}

/* ---- Pages ---- */

static void search_repairs_and_says_so(void **state)
{
    feed(*state, small_archive);
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "(police \"open day");
    assert_int_equal(page->total, 1);
    assert_int_equal(page->n_warnings, 2);
    dgm_page_free(page);
    dgm_close(desk);
}

static void search_says_when_a_prefix_stands_for_too_many_words(void **state)
{
    dgmi_buf line;
    dgmi_buf_init(&line, 0);
    dgmi_buf_puts(&line, "{\"id\":\"many\",\"title\":\"T\",\"body\":\"");
    for (int i = 0; i < 150; i++)
        dgmi_buf_printf(&line, "word%c%c ", 'a' + i / 26, 'a' + i % 26);
    dgmi_buf_puts(&line, "\"}\n");
    feed(*state, line.p);
    dgmi_buf_clear(&line);
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "word*");
    assert_int_equal(page->total, 1);
    assert_int_equal(page->n_warnings, 1);
    assert_non_null(strstr(page->warnings[0], "150 words; the 100 most"));
    dgm_page_free(page);
    dgm_close(desk);
}

static void search_refuses_with_the_place_in_the_query(void **state)
{
    dgm_page *page = NULL;
    dgm_error err = DGM_ERROR_INIT;
    feed(*state, small_archive);
    dgm *desk = open_desk(*state);
    dgm_request *r = request_of(PAIRS("q", "police date:2021-02-31"));
    assert_int_equal(dgm_search(desk, r, &page, &err), DGM_E_QUERY);
    assert_null(page);
    assert_int_equal(err.offset, 12);
    assert_int_equal(dgm_search(NULL, r, &page, NULL), DGM_E_ARG);
    assert_int_equal(dgm_search(desk, NULL, &page, NULL), DGM_E_ARG);
    assert_int_equal(dgm_search(desk, r, NULL, NULL), DGM_E_ARG);
    dgm_request_free(r);
    dgm_close(desk);
    dgm_page_free(NULL);
}

static void search_of_an_archive_without_index_is_empty(void **state)
{
    dgm *desk = open_desk(*state);
    dgm_page *page =
        SEARCH(desk, "q", "police", "facets", "region,year", "histogram", "day");
    assert_int_equal(page->total, 0);
    assert_int_equal(page->n_hits, 0);
    assert_int_equal(page->n_facets, 2);
    assert_true(page->has_histogram);
    assert_null(page->next);
    dgm_page_free(page);
    feed(*state, small_archive);
    page = SEARCH(desk, "q", "police");
    assert_int_equal(page->total, 2);
    dgm_page_free(page);
    dgm_close(desk);
}

static void search_shows_neither_canceled_nor_withheld_items(void **state)
{
    feed(*state, small_archive);
    feed(*state, "{\"id\":\"open\",\"title\":\"Police open "
                 "day\",\"body\":\"Police\",\"version\":\"2\","
                 "\"updated\":\"2022-01-01\",\"status\":\"canceled\"}\n");
    dgm *desk = open_desk(*state);
    const expectation gone = { "police", NULL, "bank" };
    const expectation all = { "-xylophone", NULL,
                              "bank budget note golf moscow beijing kyiv" };
    check(desk, &gone);
    check(desk, &all);
    dgm_close(desk);
}

/* Their ids are all that the index has of them: a query for one must not lead there. */
static void search_by_id_finds_only_what_any_search_may(void **state)
{
    feed(*state, "{\"id\":\"here\",\"title\":\"Here\"}\n"
                 "{\"id\":\"killed\",\"title\":\"Killed\",\"status\":\"canceled\"}\n"
                 "{\"id\":\"withheld\",\"title\":\"Withheld\",\"status\":\"withheld\"}\n"
                 "{\"id\":\"held\",\"title\":\"Held\",\"embargo\":\"2999-01-01\"}\n");
    dgm *desk = open_desk(*state);
    static const expectation table[] = {
        { "id:here", NULL, "here" },
        { "id:killed", NULL, "" },
        { "id:withheld", NULL, "" },
        { "id:held", NULL, "" },
        { "id:here OR id:killed OR id:withheld OR id:held", NULL, "here" },
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        check(desk, &table[i]);
    dgm_close(desk);
}

static void search_hides_what_was_rewritten_unless_asked_for_all_versions(void **state)
{
    feed(*state, small_archive);
    feed(*state, "{\"id\":\"new\",\"title\":\"Police open the doors\",\"body\":\"Police "
                 "now\",\"links\":{\"evolved_from\":\"open\"}}\n");
    dgm *desk = open_desk(*state);
    for (int i = 0; i < 2; i++) {
        dgm_page *latest = SEARCH(desk, "q", i ? "police" : "-xylophone");
        dgm_page *all = SEARCH(desk, "q", i ? "police" : "-xylophone", "versions", "all");
        dgm_page *newest =
            SEARCH(desk, "q", i ? "police" : "-xylophone", "sort", "newest");
        assert_int_equal(all->total, latest->total + 1);
        assert_int_equal(newest->total, latest->total);
        assert_true(latest->total_exact && all->total_exact);
        bool old = false;
        for (size_t k = 0; k < newest->n_hits; k++)
            old |= strcmp(newest->hits[k].id, "open") == 0;
        for (size_t k = 0; k < latest->n_hits; k++)
            old |= strcmp(latest->hits[k].id, "open") == 0;
        assert_false(old);
        dgm_page_free(latest);
        dgm_page_free(all);
        dgm_page_free(newest);
    }
    dgm_close(desk);
}

static void search_follows_the_writer(void **state)
{
    feed_made(*state, 0, 10);
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "report");
    assert_int_equal(page->total, 10);
    char *before = strdup(page->revision);
    dgm_page_free(page);
    for (unsigned i = 10; i < 16; i++) {
        feed_made(*state, i, i + 1);
        page = SEARCH(desk, "q", "report");
        assert_int_equal(page->total, i + 1);
        assert_string_not_equal(page->revision, before);
        dgm_page_free(page);
    }
    free(before);
    dgm_close(desk);
}

static void search_stands_hostile_queries(void **state)
{
    static const char *const parts[] = { "(",       ")",      "\"",   "*",
                                         "-",       "NOT ",   "AND ", "OR ",
                                         "region:", "date:",  "\xff", "police ",
                                         "a",       "title:", "..",   ":" };
    feed(*state, small_archive);
    dgm *desk = open_desk(*state);
    uint32_t x = 7;
    for (int i = 0; i < 400; i++) {
        dgmi_buf q;
        dgm_page *page = NULL;
        dgmi_buf_init(&q, 0);
        for (int k = 0; k < 12; k++) {
            x = x * 1664525u + 1013904223u;
            dgmi_buf_puts(&q, parts[x >> 28]);
        }
        dgm_request *r = request_of(PAIRS("q", q.p, "match", i % 2 ? "any" : "most"));
        dgm_status status = dgm_search(desk, r, &page, NULL);
        assert_true(status == DGM_OK || status == DGM_E_QUERY);
        dgm_page_free(page);
        dgm_request_free(r);
        dgmi_buf_clear(&q);
    }
    dgm_close(desk);
}

static void search_in_a_window_goes_beyond_a_page(void **state)
{
    dgm_page *page = NULL;
    feed_made(*state, 0, 250);
    dgm *desk = open_desk(*state);
    dgm_request *r = request_of(PAIRS("q", "report the \"harbour", "match", "any"));
    dgm_request_set_window(r, 200);
    dgm_request_set_literal(r, true);
    OK(dgm_search(desk, r, &page, err));
    assert_int_equal(page->n_hits, 200);
    assert_int_equal(page->total, 250);
    assert_int_equal(page->n_warnings, 0);
    assert_string_equal(page->query_parsed, "(report OR harbour)");
    dgm_page_free(page);
    dgm_request_free(r);
    dgm_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(search_finds_words_by_their_stems),
        DESK_TEST(search_keeps_quoted_words_as_they_stand),
        DESK_TEST(search_finds_compounds_whole_and_in_parts),
        DESK_TEST(search_obeys_operators),
        DESK_TEST(search_leaves_stopwords_out_unless_there_is_nothing_else),
        DESK_TEST(search_reads_fields),
        DESK_TEST(search_reads_dates),
        DESK_TEST(search_expands_prefixes),
        DESK_TEST(search_takes_most_or_any_of_the_words),
        DESK_TEST(search_counts_most_of_the_words_as_by_hand),
        DESK_TEST(search_counts_unions_and_intersections_as_by_hand),
        DESK_TEST(search_fills_a_short_page_with_what_most_finds),
        DESK_TEST(search_filters_or_within_and_across),
        DESK_TEST(search_repairs_and_says_so),
        DESK_TEST(search_says_when_a_prefix_stands_for_too_many_words),
        DESK_TEST(search_refuses_with_the_place_in_the_query),
        DESK_TEST(search_of_an_archive_without_index_is_empty),
        DESK_TEST(search_shows_neither_canceled_nor_withheld_items),
        DESK_TEST(search_by_id_finds_only_what_any_search_may),
        DESK_TEST(search_hides_what_was_rewritten_unless_asked_for_all_versions),
        DESK_TEST(search_follows_the_writer),
        DESK_TEST(search_stands_hostile_queries),
        DESK_TEST(search_in_a_window_goes_beyond_a_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
