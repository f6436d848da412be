/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of group=story (lib/search/grouped.c, match.c, bytime.c, count.c,
 * lib/xapian/groupspy.cc) against plain searches, in which stories are counted by hand.
 */
#include "searching.h"

enum { STORIES = 40, WINDOW = 5000, IDS = 500 };

static const char *const topics[] = { "Energy", "ENERGY", "Food", "Trade" };

/* One to four items with the text of story n: other regions, other days, some undated,
 * some cut, of which some words are missing. */
static void put_story(dgmi_buf *out, unsigned n, unsigned from, unsigned to)
{
    for (unsigned k = from; k < to; k++) {
        char date[DGMI_DATE_SIZE];
        unsigned x = (n * 7 + k * 13) % 11;
        int64_t day = 1609459200 + (int64_t)(n * 5 + x) * 86400 + k * 60;
        dgmi_buf_printf(out, "{\"id\":\"s%02u-%u\",\"title\":\"Number %u of %u\",", n, k,
                        k, n);
        if (x % 5 != 2)
            dgmi_buf_printf(out, "\"published\":\"%s\",", dgmi_date_format(day, date));
        dgmi_buf_printf(out, "\"language\":\"en\",\"region\":\"%s\",\"topics\":[\"%s\",",
                        made_regions[x % 3], topics[x % 4]);
        dgmi_buf_printf(out, "\"%s\"],\"body\":\"Report", topics[(x + 1) % 4]);
        for (unsigned i = 0; i < 40; i++)
            dgmi_buf_printf(out, " q%c%c%c", 'a' + (int)(n % 26), 'a' + (int)(n / 26),
                            'a' + (int)(i % 26));
        for (unsigned w = 0; w < MADE_WORDS; w++) {
            if (made_has(n, w) && !(k == 1 && w > 5))
                dgmi_buf_printf(out, " %s", made_words[w]);
        }
        dgmi_buf_puts(out, k == 2 ? " and a word more.\"}\n" : ".\"}\n");
    }
}

static int set_up_stories(void **state)
{
    dgmi_buf b;
    if (set_up(state) != 0)
        return -1;
    dgmi_buf_init(&b, 0);
    for (unsigned n = 0; n < STORIES; n++)
        put_story(&b, n, 0, 1 + n % 4);
    feed(*state, b.p);
    dgmi_buf_clear(&b);
    return 0;
}

#define STORY_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_stories, tear_down)

/* ---- Requests ---- */

static dgm_page *run_request(dgm *desk, const char *const *pairs, bool grouped,
                             unsigned window)
{
    dgm_page *page = NULL;
    dgm_request *r = request_of(pairs);
    OK(dgm_request_set(r, "group", grouped ? "story" : "none", err));
    dgm_request_set_window(r, window);
    OK(dgm_search(desk, r, &page, err));
    dgm_request_free(r);
    return page;
}

static bool has_story(const char *const *stories, size_t n, const char *story)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(stories[i], story) == 0)
            return true;
    }
    return false;
}

/* The first hit of each story, in order: indices into the page. Only strict ones count if
 * `strict`, and only those published in [from, to) if to is not 0. */
static size_t first_of_each(const dgm_page *page, bool strict, int64_t from, int64_t to,
                            size_t *out)
{
    const char *stories[IDS];
    size_t n = 0;
    for (size_t i = 0; i < page->n_hits; i++) {
        const dgm_hit *hit = &page->hits[i];
        if (strict && hit->relaxed)
            continue;
        if (to && (hit->published < from || hit->published >= to))
            continue;
        if (has_story(stories, n, hit->story->id))
            continue;
        stories[n] = hit->story->id;
        out[n++] = i;
    }
    return n;
}

/* Names and values of the requests that all properties are looked at with. */
static const char *const *const requests[] = {
    PAIRS("q", ""),
    PAIRS("q", "harbour"),
    PAIRS("q", "copper wheat"),
    PAIRS("q", "reactor treaty"),
    PAIRS("q", "harbour ferry treaty"),
    PAIRS("q", "harbour ferry copper bridge treaty"),
    PAIRS("q", "senate bridge", "match", "most"),
    PAIRS("q", "ferry reactor", "match", "any"),
    PAIRS("q", "harbour -treaty"),
    PAIRS("q", "report", "region", "Kenya"),
    PAIRS("q", "", "region", "Chile", "topic", "energy"),
    PAIRS("q", "wheat", "from", "2021-02", "to", "2021-05-11"),
    PAIRS("q", "nothingatall"),
};
enum { N_REQUESTS = sizeof requests / sizeof *requests, PAIRS_MAX = 20 };

/* The pairs of a request and two more. */
static const char *const *with(const char *const *pairs, const char *name,
                               const char *value, const char *list[PAIRS_MAX])
{
    size_t n = 0;
    for (; pairs[n]; n++)
        list[n] = pairs[n];
    list[n] = name;
    list[n + 1] = value;
    list[n + 2] = NULL;
    return list;
}

static uint64_t count_stories(dgm *desk, const char *const *pairs)
{
    size_t firsts[IDS];
    dgm_page *page = run_request(desk, pairs, false, WINDOW);
    size_t n = first_of_each(page, true, 0, 0, firsts);
    dgm_page_free(page);
    return n;
}

/* ---- Properties ---- */

static void totals_are_of_stories_and_of_items(void **state)
{
    dgm *desk = open_desk(*state);
    for (size_t i = 0; i < N_REQUESTS; i++) {
        dgm_page *plain = run_request(desk, requests[i], false, 0);
        dgm_page *page = run_request(desk, requests[i], true, 0);
        assert_true(page->grouped && page->total_exact && !plain->grouped);
        assert_int_equal(page->items, plain->total);
        assert_int_equal(page->stories, count_stories(desk, requests[i]));
        assert_int_equal(page->total, page->stories);
        dgm_page_free(plain);
        dgm_page_free(page);
    }
    dgm_close(desk);
}

static void expect_firsts(const dgm_page *plain, const dgm_page *grouped)
{
    size_t firsts[IDS];
    size_t n = first_of_each(plain, false, 0, 0, firsts);
    assert_int_equal(grouped->n_hits, n);
    for (size_t i = 0; i < n; i++)
        assert_string_equal(grouped->hits[i].id, plain->hits[firsts[i]].id);
}

static void by_time_each_story_is_shown_by_its_first_hit(void **state)
{
    static const char *const sorts[] = { "newest", "oldest" };
    dgm *desk = open_desk(*state);
    for (size_t i = 0; i < N_REQUESTS; i++) {
        for (int k = 0; k < 2; k++) {
            const char *list[PAIRS_MAX];
            const char *const *pairs = with(requests[i], "sort", sorts[k], list);
            dgm_page *plain = run_request(desk, pairs, false, WINDOW);
            dgm_page *page = run_request(desk, pairs, true, WINDOW);
            expect_firsts(plain, page);
            dgm_page_free(plain);
            dgm_page_free(page);
        }
    }
    dgm_close(desk);
}

static void by_relevance_each_story_is_shown_once_and_strict_ones_first(void **state)
{
    dgm *desk = open_desk(*state);
    for (size_t i = 0; i < N_REQUESTS; i++) {
        const char *seen[IDS];
        size_t firsts[IDS], n = 0;
        dgm_page *plain = run_request(desk, requests[i], false, WINDOW);
        dgm_page *page = run_request(desk, requests[i], true, WINDOW);
        assert_int_equal(page->n_hits, first_of_each(plain, false, 0, 0, firsts));
        for (; n < page->n_hits; n++) {
            const dgm_hit *hit = &page->hits[n];
            assert_false(has_story(seen, n, hit->story->id));
            seen[n] = hit->story->id;
            assert_int_equal(hit->relaxed, n >= page->stories);
        }
        dgm_page_free(plain);
        dgm_page_free(page);
    }
    dgm_close(desk);
}

/* What a facet says of a value is what a search with it as a filter finds. */
static void facets_count_what_their_values_would_find(void **state)
{
    static const char *const fields[] = { "region", "topic" };
    dgm *desk = open_desk(*state);
    for (size_t i = 0; i < N_REQUESTS; i++) {
        const char *list[PAIRS_MAX], *filtered[PAIRS_MAX];
        dgm_page *page =
            run_request(desk, with(requests[i], "facets", "region,topic", list), true, 0);
        for (size_t f = 0; f < page->n_facets; f++) {
            const dgm_facet *facet = &page->facets[f];
            bool same_field = strcmp(fields[f], "region") == 0 && requests[i][2] &&
                              strcmp(requests[i][2], "region") == 0;
            assert_string_equal(facet->field, fields[f]);
            for (size_t v = 0; v < facet->n_values && !same_field; v++) {
                uint64_t found =
                    count_stories(desk, with(requests[i], facet->field,
                                             facet->values[v].value, filtered));
                assert_true(facet->values[v].count <= page->total);
                if (i != 10) /* a second value of the same field is an alternative */
                    assert_int_equal(facet->values[v].count, found);
            }
        }
        dgm_page_free(page);
    }
    dgm_close(desk);
}

static void histograms_count_a_story_once_in_each_bucket(void **state)
{
    static const char *const units[] = { "hour", "day", "week", "month", "year" };
    dgm *desk = open_desk(*state);
    for (size_t i = 0; i < N_REQUESTS; i++) {
        dgm_page *plain = run_request(desk, requests[i], false, WINDOW);
        for (int u = 0; u < 5; u++) {
            const char *list[PAIRS_MAX];
            size_t firsts[IDS];
            dgm_page *page = run_request(
                desk, with(requests[i], "histogram", units[u], list), true, 0);
            for (size_t b = 0; b < page->n_buckets; b++) {
                const dgm_bucket *bucket = &page->histogram[b];
                int64_t end = dgmi_interval_next((dgmi_interval)u, bucket->from);
                assert_int_equal(bucket->count,
                                 first_of_each(plain, true, bucket->from, end, firsts));
            }
            dgm_page_free(page);
        }
        dgm_page_free(plain);
    }
    dgm_close(desk);
}

static void filtering_never_raises_a_count(void **state)
{
    static const char *const filters[][2] = { { "region", "Kenya" },
                                              { "topic", "Trade" },
                                              { "from", "2021-03" },
                                              { "language", "en" } };
    dgm *desk = open_desk(*state);
    for (size_t i = 0; i < N_REQUESTS; i++) {
        for (int f = 0; f < 4; f++) {
            const char *list[PAIRS_MAX];
            bool given = false;
            for (size_t k = 0; requests[i][k]; k++)
                given = given || strcmp(requests[i][k], filters[f][0]) == 0;
            if (given)
                continue;
            dgm_page *wide = run_request(desk, requests[i], true, 0);
            dgm_page *narrow = run_request(
                desk, with(requests[i], filters[f][0], filters[f][1], list), true, 0);
            assert_true(narrow->stories <= wide->stories);
            assert_true(narrow->items <= wide->items);
            dgm_page_free(wide);
            dgm_page_free(narrow);
        }
    }
    dgm_close(desk);
}

/* ---- Pages ---- */

/* The ids of all pages of five, one after another. */
static char *walk_pages(dgm *desk, const char *const *pairs, uint64_t *stories,
                        const char *fed_between, const char *data)
{
    dgmi_buf out;
    char *cursor = NULL;
    dgmi_buf_init(&out, 0);
    for (int pages = 0; pages < 100; pages++) {
        const char *limited[PAIRS_MAX], *resumed[PAIRS_MAX];
        const char *const *now = with(pairs, "limit", "5", limited);
        dgm_page *page = run_request(
            desk, cursor ? with(now, "cursor", cursor, resumed) : now, true, 0);
        char *ids = ids_of(page);
        dgmi_buf_printf(&out, "%s%s", out.n > 0 && page->n_hits > 0 ? " " : "", ids);
        assert_true(!cursor || page->stories == *stories);
        *stories = page->stories;
        free(ids);
        free(cursor);
        cursor = page->next ? strdup(page->next) : NULL;
        dgm_page_free(page);
        if (pages == 0 && fed_between)
            feed(data, fed_between);
        if (!cursor)
            break;
    }
    assert_null(cursor);
    return dgmi_buf_take(&out);
}

static void pages_are_parts_of_the_whole(void **state)
{
    static const char *const sorts[] = { "relevance", "newest", "oldest" };
    dgm *desk = open_desk(*state);
    for (size_t i = 0; i < N_REQUESTS; i++) {
        for (int k = 0; k < 3; k++) {
            const char *list[PAIRS_MAX];
            uint64_t stories;
            const char *const *pairs = with(requests[i], "sort", sorts[k], list);
            dgm_page *whole = run_request(desk, pairs, true, WINDOW);
            char *wanted = ids_of(whole);
            char *got = walk_pages(desk, pairs, &stories, NULL, NULL);
            /* a first page that strict hits fill is not filled up by relaxed ones later
             */
            if (whole->stories < 5 || whole->stories == whole->n_hits)
                assert_string_equal(got, wanted);
            free(wanted);
            free(got);
            dgm_page_free(whole);
        }
    }
    dgm_close(desk);
}

static void copies_that_come_between_pages_change_none_of_them(void **state)
{
    static const char *const sorts[] = { "relevance", "newest", "oldest" };
    dgmi_buf b;
    for (unsigned k = 0; k < 3; k++) {
        uint64_t stories;
        dgm *desk = open_desk(*state);
        const char *const *pairs = PAIRS("q", "harbour", "sort", sorts[k]);
        dgm_page *whole = run_request(desk, pairs, true, WINDOW);
        char *wanted = ids_of(whole);
        dgmi_buf_init(&b, 0);
        for (unsigned n = 0; n < STORIES; n++)
            put_story(&b, n, 10 + k, 11 + k);
        char *got = walk_pages(desk, pairs, &stories, b.p, *state);
        assert_string_equal(got, wanted);
        free(wanted);
        free(got);
        dgmi_buf_clear(&b);
        dgm_page_free(whole);
        dgm_close(desk);
    }
}

/* ---- What a hit tells of its story ---- */

static void a_hit_names_its_story_and_the_earliest_copies(void **state)
{
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "id:s03-2");
    assert_int_equal(page->n_hits, 1);
    const dgm_hit_story *story = page->hits[0].story;
    assert_int_equal(strlen(story->id), 16);
    assert_int_equal(story->items, 4);
    assert_int_equal(story->n_copies, 3);
    assert_true(story->first_seen != DGM_NO_TIME);
    for (size_t i = 0; i < story->n_copies; i++) {
        assert_true(strncmp(story->copies[i].id, "s03-", 4) == 0);
        assert_string_not_equal(story->copies[i].id, "s03-2");
    }
    dgm_page_free(page);
    page = SEARCH(desk, "q", "id:s04-0");
    assert_int_equal(page->hits[0].story->items, 1);
    assert_int_equal(page->hits[0].story->n_copies, 0);
    dgm_page_free(page);
    dgm_close(desk);
}

static void a_copy_that_was_withdrawn_no_longer_counts(void **state)
{
    feed(*state, "{\"id\":\"s03-2\",\"title\":\"Gone\",\"status\":\"canceled\","
                 "\"published\":\"2030-01-01\"}\n");
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "id:s03-1");
    assert_int_equal(page->hits[0].story->items, 3);
    assert_int_equal(page->hits[0].story->n_copies, 2);
    dgm_page_free(page);
    dgm_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY_TEST(totals_are_of_stories_and_of_items),
        STORY_TEST(by_time_each_story_is_shown_by_its_first_hit),
        STORY_TEST(by_relevance_each_story_is_shown_once_and_strict_ones_first),
        STORY_TEST(facets_count_what_their_values_would_find),
        STORY_TEST(histograms_count_a_story_once_in_each_bucket),
        STORY_TEST(filtering_never_raises_a_count),
        STORY_TEST(pages_are_parts_of_the_whole),
        STORY_TEST(copies_that_come_between_pages_change_none_of_them),
        STORY_TEST(a_hit_names_its_story_and_the_earliest_copies),
        STORY_TEST(a_copy_that_was_withdrawn_no_longer_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
