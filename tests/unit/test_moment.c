/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of earlier moments: an archive whose items were corrected, rewritten, withdrawn
 * and killed at random answers as of a moment as one does that was made of the records up
 * to that moment alone. */
#include "moments.h"

#include "item.h"

enum { MOMENTS = 4, HITS = 100 };

/* ---- What is not told any more ---- */

static bool was_killed(dgm *desk, const char *id, const char *place)
{
    dgm_history *history = NULL;
    bool killed = false, found = false;
    OK(dgm_versions(desk, id, false, &history, err));
    for (size_t i = 0; i < history->n_versions; i++) {
        const dgm_item_version *v = &history->versions[i];
        if (strcmp(text_of(dgmi_position_unpack(v->place)), place) != 0)
            continue;
        found = true;
        killed = v->killed;
    }
    assert_true(found);
    dgm_history_free(history);
    return killed;
}

/* Whether the text of the version that was found then may be told now: as the rest of the
 * interface has it. */
static bool may_be_told(dgm *late, const dgm_hit *hit)
{
    dgm_item *item = NULL;
    dgm_error e = DGM_ERROR_INIT;
    dgm_status status = dgm_get(late, hit->id, &item, &e);
    bool usable = status == DGM_OK && item->status == DGM_USABLE;
    dgm_item_free(item);
    return usable && !was_killed(late, hit->id, hit->cited->place);
}

/* ---- Comparing ---- */

static void check_hit(const dgm_hit *got, const dgm_hit *want)
{
    assert_string_equal(got->id, want->id);
    assert_string_equal(got->title, want->title);
    assert_string_equal(got->cited->place, want->cited->place);
    assert_string_equal(got->cited->record, want->cited->record);
    assert_true(got->published == want->published);
    assert_string_equal(got->region, want->region);
    assert_int_equal(got->n_topics, want->n_topics);
    assert_string_equal(got->story->id, want->story->id);
}

static uint64_t count_of(const dgm_facet *facet, const char *value)
{
    for (size_t i = 0; i < facet->n_values; i++) {
        if (strcmp(facet->values[i].value, value) == 0)
            return facet->values[i].count;
    }
    return 0;
}

static void check_facets(const dgm_page *got, const dgm_page *want)
{
    assert_int_equal(got->n_facets, want->n_facets);
    for (size_t f = 0; f < want->n_facets; f++) {
        assert_int_equal(got->facets[f].n_values, want->facets[f].n_values);
        for (size_t v = 0; v < want->facets[f].n_values; v++)
            assert_int_equal(count_of(&got->facets[f], want->facets[f].values[v].value),
                             want->facets[f].values[v].count);
    }
    assert_int_equal(got->n_buckets, want->n_buckets);
    for (size_t i = 0; i < want->n_buckets; i++)
        assert_int_equal(got->histogram[i].count, want->histogram[i].count);
}

/* Facets of regions and topics are those of the hits, all of which are on the page. */
static void check_facets_by_hits(const dgm_page *page)
{
    for (size_t f = 0; f < 2; f++) {
        for (size_t v = 0; v < page->facets[f].n_values; v++) {
            uint64_t n = 0;
            const char *value = page->facets[f].values[v].value;
            for (size_t i = 0; i < page->n_hits; i++) {
                const dgm_hit *hit = &page->hits[i];
                const char *has = f == 0 ? hit->region : hit->topics[0];
                n += !hit->relaxed && strcmp(has, value) == 0;
            }
            assert_int_equal(page->facets[f].values[v].count, n);
        }
    }
}

static void check_explained(const dgm_page *page)
{
    for (size_t i = 0; i < page->n_hits; i++) {
        double sum = 0;
        for (size_t k = 0; k < page->hits[i].n_parts; k++)
            sum += page->hits[i].parts[k].weight;
        assert_true(page->hits[i].n_parts == 0 || sum == page->hits[i].score);
    }
}

static size_t count_strict(const dgm_page *page)
{
    size_t n = 0;
    for (size_t i = 0; i < page->n_hits; i++)
        n += !page->hits[i].relaxed;
    return n;
}

static int compare_hits(const void *a, const void *b)
{
    return strcmp(((const dgm_hit *)a)->id, ((const dgm_hit *)b)->id);
}

/* By relevance hits may stand in another order: words weigh what they weigh now. */
static const dgm_hit *in_order(const dgm_page *page, bool by_id, dgm_hit *copy)
{
    memcpy(copy, page->hits, page->n_hits * sizeof *copy);
    if (by_id)
        qsort(copy, count_strict(page), sizeof *copy, compare_hits);
    return copy;
}

/* Returns how many hits are told no more. */
static size_t check_page(dgm *late, const dgm_page *got, const dgm_page *want, bool by_id)
{
    dgm_hit one[HITS], other[HITS];
    const dgm_hit *hits = in_order(got, by_id, one), *then = in_order(want, by_id, other);
    size_t withheld = 0, at = 0, strict = count_strict(want);
    for (size_t i = 0; i < strict; i++) {
        if (!may_be_told(late, &then[i])) {
            withheld++;
            continue;
        }
        assert_true(at < count_strict(got));
        check_hit(&hits[at++], &then[i]);
    }
    assert_int_equal(at, count_strict(got));
    assert_true(got->total_exact && want->total_exact);
    assert_int_equal(got->total, want->total - withheld);
    if (withheld == 0)
        check_facets(got, want);
    check_facets_by_hits(got);
    check_explained(got);
    return withheld;
}

static dgm_page *ask(dgm *desk, int query, const char *sort, const char *versions,
                     const char *as_of)
{
    static const char facets[] = "region,topic,year,source";
    if (!as_of)
        return SEARCH(desk, "q", queries[query], "sort", sort, "versions", versions,
                      "facets", facets, "histogram", "month", "limit", "100", "cite", "1",
                      "explain", "1");
    return SEARCH(desk, "q", queries[query], "sort", sort, "versions", versions, "facets",
                  facets, "histogram", "month", "limit", "100", "cite", "1", "explain",
                  "1", "as_of", as_of);
}

static size_t check_searches(dgm *late, dgm *then, const char *place)
{
    static const char *const sorts[] = { "newest", "oldest", "relevance" };
    size_t withheld = 0;
    for (int q = 0; q < QUERIES; q++) {
        for (int s = 0; s < 3; s++) {
            const char *versions = (q + s) % 2 ? "all" : "latest";
            dgm_page *want = ask(then, q, sorts[s], versions, NULL);
            dgm_page *got = ask(late, q, sorts[s], versions, place);
            withheld += check_page(late, got, want, s == 2);
            dgm_page_free(want);
            dgm_page_free(got);
        }
    }
    return withheld;
}

static void check_grouped(dgm *late, dgm *then, const char *place)
{
    for (int q = 0; q < 4; q++) {
        dgm_page *want = SEARCH(then, "q", queries[q], "group", "story", "sort", "newest",
                                "facets", "region", "limit", "100", "cite", "1");
        dgm_page *got =
            SEARCH(late, "q", queries[q], "group", "story", "sort", "newest", "facets",
                   "region", "limit", "100", "cite", "1", "as_of", place);
        assert_int_equal(got->n_hits, want->n_hits);
        assert_int_equal(got->items, want->items);
        assert_int_equal(got->stories, want->stories);
        for (size_t i = 0; i < count_strict(want); i++) {
            check_hit(&got->hits[i], &want->hits[i]);
            assert_int_equal(got->hits[i].story->items, want->hits[i].story->items);
            assert_true(got->hits[i].story->first_seen ==
                        want->hits[i].story->first_seen);
        }
        check_facets(got, want);
        dgm_page_free(want);
        dgm_page_free(got);
    }
}

static dgm_trends *count_trends(dgm *desk, const char *as_of)
{
    dgm_trends *made = NULL;
    const dgm_trends_form form = { .interval = 1 + DGMI_MONTH, .by = 2 };
    dgm_request *r = as_of ? request_of(PAIRS("q", "copper", "as_of", as_of))
                           : request_of(PAIRS("q", "copper"));
    OK(dgm_trends_count(desk, r, &form, &made, err));
    dgm_request_free(r);
    return made;
}

static void check_trends(dgm *late, dgm *then, const char *place)
{
    dgm_trends *want = count_trends(then, NULL), *got = count_trends(late, place);
    assert_int_equal(got->all.items, want->all.items);
    assert_int_equal(got->all.of, want->all.of);
    assert_int_equal(got->all.stories, want->all.stories);
    assert_int_equal(got->values, want->values);
    assert_int_equal(got->n_points, want->n_points);
    for (size_t i = 0; i < want->n_points; i++)
        assert_int_equal(got->all.points[i].items, want->all.points[i].items);
    assert_true(got->all.first.published == want->all.first.published);
    assert_true(got->all.last.published == want->all.last.published);
    dgm_trends_free(want);
    dgm_trends_free(got);
}

static void check_scan(dgm *late, const char *place)
{
    dgm_page *page = SEARCH(late, "q", "copper", "sort", "newest", "limit", "100",
                            "as_of", place, "match", "any");
    dgm_scan *scan = NULL;
    dgm_item *item = NULL;
    size_t n = 0;
    OK(dgm_scan_open(request_of(PAIRS("q", "copper", "sort", "newest", "as_of", place)),
                     0, &scan, err));
    dgm_error e = DGM_ERROR_INIT;
    while (dgm_scan_next(scan, late, &item, &e) == DGM_OK) {
        assert_string_equal(item->id, page->hits[n].id);
        assert_string_equal(item->title, page->hits[n++].title);
        dgm_item_free(item);
    }
    assert_int_equal(n, page->total);
    dgm_scan_close(scan);
    dgm_page_free(page);
}

static size_t check_moment(const char *data, dgm *late, dgmi_position end, bool kills)
{
    char *place = strdup(text_of(end)), *cut = cut_archive(data, end);
    dgm *then = open_desk(cut);
    size_t withheld = check_searches(late, then, place);
    if (!kills) {
        assert_int_equal(withheld, 0);
        check_grouped(late, then, place);
        check_trends(late, then, place);
    }
    check_scan(late, place);
    dgm_close(then);
    free(place);
    void *state = cut;
    tear_down(&state);
    return withheld;
}

static size_t check_moments(void *data, unsigned seed, bool kills, bool anew)
{
    random_log r = { .state = seed, .kills = kills };
    size_t withheld = 0;
    run_operations(data, &r);
    if (anew)
        OK(dgm_reindex(data, NULL, NULL, err));
    dgm *late = open_desk(data);
    for (int i = 0; i < MOMENTS; i++)
        withheld +=
            check_moment(data, late, r.ends[next_random(&r, (unsigned)r.n)], kills);
    dgm_close(late);
    return withheld;
}

static void corrected_archive_answers_as_then(void **state)
{
    check_moments(*state, 7, false, false);
}

static void corrected_archive_answers_as_then_when_built_anew(void **state)
{
    check_moments(*state, 8, false, true);
}

static void what_was_withdrawn_is_told_no_more_and_all_else_as_then(void **state)
{
    assert_true(check_moments(*state, 9, true, false) > 0);
}

static void what_was_withdrawn_is_told_no_more_when_built_anew(void **state)
{
    assert_true(check_moments(*state, 10, true, true) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(corrected_archive_answers_as_then),
        DESK_TEST(corrected_archive_answers_as_then_when_built_anew),
        DESK_TEST(what_was_withdrawn_is_told_no_more_and_all_else_as_then),
        DESK_TEST(what_was_withdrawn_is_told_no_more_when_built_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
