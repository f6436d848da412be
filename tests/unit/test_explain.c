/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of explanations: the parts sum to the score, to the bit. */
#include "searching.h"

#include "impact.h"

static const char *const queries[] = {
    "harbour",
    "harbour ferry",
    "harbour OR ferry OR copper",
    "(harbour AND ferry) OR wheat",
    "harbour -wheat",
    "\"report harbour\"",
    "\"report harbour\" OR ferry",
    "har* OR ferry",
    "title:number harbour",
    "harbour-ferry OR wheat",
    "(harbour OR (ferry AND NOT wheat)) copper",
    "harbour harbour ferry",
    "senate bridge reactor treaty",
    "harbour region:kenya",
    "(harbour region:kenya) OR ferry",
};

static void check(dgm *desk, const char *q, const char *match)
{
    dgm_page *page = SEARCH(desk, "q", q, "match", match, "explain", "1", "limit", "100");
    assert_true(page->n_hits > 0);
    for (size_t i = 0; i < page->n_hits; i++) {
        const dgm_hit *hit = &page->hits[i];
        double sum = 0;
        assert_non_null(hit->parts);
        for (size_t k = 0; k < hit->n_parts; k++) {
            sum += hit->parts[k].weight;
            const dgm_part *part = &hit->parts[k];
            assert_non_null(part->what);
            bool second = !strncmp(part->what, "form:", 5) ||
                          !strncmp(part->what, "near:", 5) ||
                          !strncmp(part->what, "lead:", 5);
            assert_true(part->weight > 0);
            assert_true(second ? part->impact == 0
                               : part->impact >= 1 && part->impact <= 255);
            assert_true(part->idf > 0 || !strncmp(part->what, "near:", 5));
        }
        if (sum != hit->score)
            fail_msg("%s (%s): %s has parts of %.17g, score %.17g", q, match, hit->id,
                     sum, hit->score);
    }
    dgm_page_free(page);
}

static void explanations_sum_to_the_score(void **state)
{
    feed_made(*state, 0, 150);
    dgm *desk = open_desk(*state);
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        check(desk, queries[i], "all");
        check(desk, queries[i], "most");
        check(desk, queries[i], "any");
    }
    dgm_close(desk);
}

static void explanation_names_word_idf_and_impact(void **state)
{
    feed(*state,
         "{\"id\":\"a\",\"title\":\"Ferries\",\"body\":\"x y\",\"language\":\"en\"}\n"
         "{\"id\":\"b\",\"title\":\"Wheat\",\"body\":\"x y\",\"language\":\"en\"}\n");
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "ferry ferry", "explain", "1");
    assert_int_equal(page->hits[0].n_parts, 1); /* "ferry" is not a form that it has */
    const dgm_part *part = &page->hits[0].parts[0];
    assert_string_equal(part->what, "ferri");
    assert_true(part->idf > dgmi_idf(2, 1) - 1e-5 && part->idf < dgmi_idf(2, 1) + 1e-5);
    double once = dgmi_weight(part->idf) * part->impact;
    double want = once * (DGMI_K3 + 1) * 2 / (DGMI_K3 + 2); /* said twice */
    assert_true(part->weight > want - 1e-5 && part->weight < want + 1e-5);
    dgm_page_free(page);
    dgm_close(desk);
}

static void explanation_is_empty_where_nothing_is_scored(void **state)
{
    feed_made(*state, 0, 20);
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "harbour", "sort", "newest", "explain", "1");
    assert_non_null(page->hits[0].parts);
    assert_int_equal(page->hits[0].n_parts, 0);
    assert_true(page->hits[0].score == 0);
    dgm_page_free(page);
    page = SEARCH(desk, "q", "region:kenya", "explain", "1");
    assert_int_equal(page->hits[0].n_parts, 0);
    dgm_page_free(page);
    dgm_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(explanations_sum_to_the_score),
        DESK_TEST(explanation_names_word_idf_and_impact),
        DESK_TEST(explanation_is_empty_where_nothing_is_scored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
