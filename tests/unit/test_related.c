/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of words that the best hits have in common. */
#include "searching.h"

static const char archive[] =
    "{\"id\":\"a\",\"title\":\"Reactor\",\"body\":\"The reactor needs turbines "
    "against the ministry of cooling.\"}\n"
    "{\"id\":\"b\",\"title\":\"Reactor\",\"body\":\"Turbines of a reactor; against this "
    "the "
    "ministry spoke.\"}\n"
    "{\"id\":\"c\",\"title\":\"Opera\",\"body\":\"The tenor sang of wine.\"}\n"
    "{\"id\":\"d\",\"title\":\"Wine\",\"body\":\"The wine and the opera of the "
    "harbour.\"}\n"
    "{\"id\":\"e\",\"title\":\"Harbour\",\"body\":\"Ships in the harbour.\"}\n";

static char *words_of(const dgm_page *page)
{
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    for (size_t i = 0; i < page->n_related; i++)
        dgmi_buf_printf(&out, "%s ", page->related[i]);
    char *all = dgmi_buf_take(&out), *made = sorted(all ? all : "");
    free(all);
    return made ? made : strdup("");
}

static void check(dgm *desk, const char *q, const char *want)
{
    dgm_page *page = SEARCH(desk, "q", q, "related", "1");
    char *got = words_of(page);
    assert_string_equal(got, want);
    assert_true(page->has_related);
    free(got);
    dgm_page_free(page);
}

static void words_of_the_best_hits_are_named_but_not_those_asked_for(void **state)
{
    feed(*state, archive);
    dgm *desk = open_desk(*state);
    check(desk, "reactor", "ministry turbines");
    check(desk, "xylophone", "");
    dgm_close(desk);
}

static void they_are_named_only_on_request_and_change_no_hit(void **state)
{
    feed(*state, archive);
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "reactor");
    assert_false(page->has_related);
    assert_int_equal(page->n_related, 0);
    char *ids = ids_of(page);
    check_ids(desk, PAIRS("q", "reactor", "related", "1"), ids, true);
    free(ids);
    dgm_page_free(page);
    dgm_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(words_of_the_best_hits_are_named_but_not_those_asked_for),
        DESK_TEST(they_are_named_only_on_request_and_change_no_hit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
