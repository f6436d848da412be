/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of cursors: their text, forgeries, and paging while a writer adds. */
#include "searching.h"

#include "cursor.h"

/* ---- The text ---- */

static dgmi_cursor sample(dgmi_pin *pins, uint32_t n)
{
    dgmi_cursor c = { .request = 0x1122334455667788u,
                      .generation = 3,
                      .commit = 1042,
                      .watermark = 5ull << 40 | 77,
                      .last_id = 331212,
                      .total = 132,
                      .shown = 20,
                      .relaxed = true,
                      .last = { .score = 12.3125, .id = 4711 } };
    memcpy(c.last.order, "0123456789abcd", DGMI_ORDER_SIZE);
    c.pins.list = pins;
    c.pins.n = n;
    return c;
}

static char *text_of(const dgmi_cursor *c)
{
    dgmi_buf text;
    dgmi_buf_init(&text, 0);
    dgmi_cursor_write(&text, c);
    return dgmi_buf_take(&text);
}

static void cursor_reads_what_it_wrote(void **state)
{
    (void)state;
    dgmi_pin pins[3] = { { 5, 1 }, { 77777, 4000000000u }, { UINT32_MAX, 9 } };
    for (uint32_t n = 0; n <= 3; n++) { /* texts of different lengths modulo three */
        dgmi_cursor in = sample(pins, n), out;
        dgmi_arena *arena = dgmi_arena_new(0);
        char *text = text_of(&in);
        OK(dgmi_cursor_read(text, in.request, arena, &out, err));
        assert_int_equal(out.generation, in.generation);
        assert_int_equal(out.commit, in.commit);
        assert_int_equal(out.watermark, in.watermark);
        assert_int_equal(out.last_id, in.last_id);
        assert_int_equal(out.total, in.total);
        assert_int_equal(out.shown, in.shown);
        assert_true(out.relaxed);
        assert_false(out.inexact);
        assert_true(out.last.score == in.last.score);
        assert_int_equal(out.last.id, in.last.id);
        assert_memory_equal(out.last.order, in.last.order, DGMI_ORDER_SIZE);
        assert_true(out.pins.fixed);
        assert_int_equal(out.pins.n, n);
        for (uint32_t i = 0; i < n; i++)
            assert_memory_equal(&out.pins.list[i], &pins[i], sizeof pins[i]);
        for (const char *c = text; *c; c++) /* safe in a URL as it is */
            assert_non_null(strchr(
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", *c));
        free(text);
        dgmi_arena_free(arena);
    }
}

static dgm_status read_back(const char *text, uint64_t request, dgm_error *err)
{
    dgmi_cursor out;
    dgmi_arena *arena = dgmi_arena_new(0);
    dgm_status status = dgmi_cursor_read(text, request, arena, &out, err);
    dgmi_arena_free(arena);
    return status;
}

static void cursor_refuses_every_change_of_its_text(void **state)
{
    (void)state;
    dgmi_pin pins[1] = { { 5, 1 } };
    dgmi_cursor in = sample(pins, 1);
    char *text = text_of(&in);
    size_t n = strlen(text);
    for (size_t i = 0; i < n; i++) {
        char old = text[i];
        text[i] = old == 'A' ? 'B' : 'A';
        assert_int_equal(read_back(text, in.request, NULL), DGM_E_ARG);
        text[i] = '!';
        assert_int_equal(read_back(text, in.request, NULL), DGM_E_ARG);
        text[i] = old;
    }
    assert_int_equal(read_back(text, in.request, NULL), DGM_OK);
    for (size_t i = 0; i < n; i++) {
        char old = text[i];
        text[i] = '\0';
        assert_int_equal(read_back(text, in.request, NULL), DGM_E_ARG);
        text[i] = old;
    }
    free(text);
    assert_int_equal(read_back("", in.request, NULL), DGM_E_ARG);
    assert_int_equal(read_back("AAAAAAAAAAAAAAAAAAAA", in.request, NULL), DGM_E_ARG);
}

static void cursor_refuses_another_request(void **state)
{
    (void)state;
    dgm_error err = DGM_ERROR_INIT;
    dgmi_cursor in = sample(NULL, 0);
    char *text = text_of(&in);
    assert_int_equal(read_back(text, in.request + 1, &err), DGM_E_ARG);
    assert_string_equal(err.text, "cursor: it belongs to another request, or to one "
                                  "before the synonyms of its words changed");
    free(text);
}

static void cursor_refuses_what_no_page_ends_with(void **state)
{
    (void)state;
    dgmi_cursor in = sample(NULL, 0);
    in.last.score = 0;
    in.last.score = 1 / in.last.score; /* infinite */
    char *text = text_of(&in);
    assert_int_equal(read_back(text, in.request, NULL), DGM_E_ARG);
    free(text);
}

static void search_refuses_a_forged_or_foreign_cursor(void **state)
{
    dgm_page *page = NULL;
    dgm_error err = DGM_ERROR_INIT;
    feed_made(*state, 0, 40);
    dgm *desk = open_desk(*state);
    dgm_page *first = SEARCH(desk, "q", "report");
    assert_non_null(first->next);
    dgm_request *r = request_of(PAIRS("q", "harbour", "cursor", first->next));
    assert_int_equal(dgm_search(desk, r, &page, &err), DGM_E_ARG);
    assert_null(page);
    assert_non_null(strstr(err.text, "cursor: "));
    dgm_request_free(r);
    r = request_of(PAIRS("q", "report", "cursor", "bm90IG91cnM"));
    dgmi_error_clear(&err);
    assert_int_equal(dgm_search(desk, r, &page, &err), DGM_E_ARG);
    assert_non_null(strstr(err.text, "cursor: "));
    dgm_request_free(r);
    dgm_page_free(first);
    dgm_close(desk);
}

/* ---- Paging ---- */

static dgm_page *next_page(dgm *desk, const char *const *pairs, const char *cursor)
{
    dgm_page *page = NULL;
    dgm_request *r = request_of(pairs);
    if (cursor)
        OK(dgm_request_set(r, "cursor", cursor, err));
    OK(dgm_search(desk, r, &page, err));
    dgm_request_free(r);
    return page;
}

/* Walks all pages; between two of them more made-up items come in, as long as *grown <
 * until. Returns the ids in order; the caller frees. */
static char *walk(const char *data, dgm *desk, const char *const *pairs, unsigned *grown,
                  unsigned until)
{
    dgmi_buf all;
    char *cursor = NULL;
    uint64_t total = 0;
    dgmi_buf_init(&all, 0);
    do {
        dgm_page *page = next_page(desk, pairs, cursor);
        char *ids = ids_of(page);
        dgmi_buf_printf(&all, "%s%s", all.n > 0 ? " " : "", ids);
        if (!cursor)
            total = page->total;
        assert_int_equal(page->total, total);
        free(ids);
        free(cursor);
        cursor = page->next ? strdup(page->next) : NULL;
        dgm_page_free(page);
        if (cursor && *grown < until) {
            feed_made(data, *grown, *grown + 7);
            *grown += 7;
        }
    } while (cursor);
    char *text = dgmi_buf_take(&all);
    return text;
}

static const char *const *const walks[] = {
    PAIRS("q", "report", "limit", "7"),
    PAIRS("q", "harbour ferry", "limit", "5"),
    PAIRS("q", "harbour OR ferry OR wheat", "limit", "9"),
    PAIRS("q", "harbour ferry copper wheat", "match", "any", "limit", "8"),
    PAIRS("q", "harbour ferry copper wheat", "match", "most", "limit", "8"),
    PAIRS("q", "\"report harbour\"", "limit", "3"),
    PAIRS("q", "har* OR fer*", "limit", "6"),
    PAIRS("q", "harbour region:kenya -wheat", "limit", "4"),
    PAIRS("q", "harbour", "sort", "newest", "limit", "7"),
    PAIRS("q", "harbour", "sort", "oldest", "limit", "7"),
    PAIRS("q", "harbour", "topic", "Food", "from", "2021-01-20", "limit", "4"),
    PAIRS("sort", "oldest", "limit", "11"),
    PAIRS("limit", "13"),
    PAIRS("q", "senate bridge reactor treaty", "limit",
          "6"), /* goes on into relaxed ones */
};
enum { WALKS = sizeof walks / sizeof walks[0] };

/* The reference is one page of all hits at the start: later ones must add up to it. */
static char *at_once(dgm *desk, const char *const *pairs)
{
    dgm_page *page = NULL;
    dgm_request *r = request_of(pairs);
    dgm_request_set_window(r, 1000);
    OK(dgm_search(desk, r, &page, err));
    assert_null(page->next);
    char *ids = ids_of(page);
    dgm_page_free(page);
    dgm_request_free(r);
    return ids;
}

static bool is_all_strict(const char *ids)
{
    return strchr(ids, '~') == NULL;
}

static void paging_shows_what_one_long_page_shows(void **state)
{
    unsigned grown = 200;
    feed_made(*state, 0, grown);
    dgm *desk = open_desk(*state);
    for (size_t i = 0; i < WALKS; i++) {
        char *want = at_once(desk, walks[i]);
        char *got = walk(*state, desk, walks[i], &grown, 0);
        assert_true(strlen(want) > 20);
        if (is_all_strict(want)) /* a long page is filled where short ones are not */
            assert_string_equal(got, want);
        free(want);
        free(got);
    }
    dgm_close(desk);
}

static void paging_neither_repeats_nor_skips_while_items_come_in(void **state)
{
    unsigned grown = 120;
    feed_made(*state, 0, grown);
    for (size_t i = 0; i < WALKS; i++) {
        dgm *desk = open_desk(*state);
        char *want = at_once(desk, walks[i]);
        unsigned before = grown;
        char *got = walk(*state, desk, walks[i], &grown, grown + 21);
        assert_true(grown > before);
        if (is_all_strict(want))
            assert_string_equal(got, want);
        free(want);
        free(got);
        dgm_close(desk);
    }
}

static bool repeats(const char *ids)
{
    char *copy = sorted(ids), *save = NULL, *last = NULL;
    bool found = false;
    for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
        found = found || (last && strcmp(last, w) == 0);
        last = w;
    }
    free(copy);
    return found;
}

static void relaxed_hits_go_on_over_pages_without_repeats(void **state)
{
    static const char *const pairs[] = { "q", "senate bridge reactor treaty", "limit",
                                         "6", NULL };
    unsigned grown = 120;
    feed_made(*state, 0, grown);
    dgm *desk = open_desk(*state);
    dgm_page *most = SEARCH(desk, "q", "senate bridge reactor treaty", "match", "most");
    dgm_page *all = SEARCH(desk, "q", "senate AND bridge AND reactor AND treaty");
    assert_true(all->total < 6);
    char *got = walk(*state, desk, pairs, &grown, 0);
    size_t strict = 0, relaxed = 0;
    char *save = NULL, *copy = strdup(got);
    for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
        relaxed += *w == '~';
        strict += *w != '~';
    }
    assert_int_equal(strict, all->total);
    assert_int_equal(strict + relaxed, most->total);
    assert_false(repeats(got));
    free(copy);
    free(got);
    dgm_page_free(most);
    dgm_page_free(all);
    dgm_close(desk);
}

static void paging_keeps_scores_to_the_bit_while_items_come_in(void **state)
{
    feed_made(*state, 0, 60);
    dgm *desk = open_desk(*state);
    dgm_page *whole = SEARCH(desk, "q", "harbour OR ferry OR copper", "limit", "40");
    dgm_page *first = SEARCH(desk, "q", "harbour OR ferry OR copper", "limit", "10");
    feed_made(*state, 60, 160);
    dgm_page *second = SEARCH(desk, "q", "harbour OR ferry OR copper", "limit", "20",
                              "cursor", first->next);
    assert_int_equal(second->n_hits, 20);
    for (size_t i = 0; i < second->n_hits; i++) {
        assert_string_equal(second->hits[i].id, whole->hits[10 + i].id);
        assert_true(second->hits[i].score == whole->hits[10 + i].score);
    }
    assert_int_equal(second->total, first->total);
    dgm_page_free(whole);
    dgm_page_free(first);
    dgm_page_free(second);
    dgm_close(desk);
}

static void paging_counts_facets_of_the_items_of_the_first_page(void **state)
{
    feed_made(*state, 0, 60);
    dgm *desk = open_desk(*state);
    dgm_page *first = SEARCH(desk, "q", "harbour", "facets", "region");
    feed_made(*state, 60, 160);
    dgm_page *second =
        SEARCH(desk, "q", "harbour", "facets", "region", "cursor", first->next);
    assert_int_equal(second->total, first->total);
    assert_int_equal(second->facets[0].n_values, first->facets[0].n_values);
    for (size_t i = 0; i < first->facets[0].n_values; i++) {
        assert_string_equal(second->facets[0].values[i].value,
                            first->facets[0].values[i].value);
        assert_int_equal(second->facets[0].values[i].count,
                         first->facets[0].values[i].count);
    }
    dgm_page_free(first);
    dgm_page_free(second);
    dgm_close(desk);
}

static void paging_over_a_new_generation_says_so(void **state)
{
    feed_made(*state, 0, 60);
    dgm *desk = open_desk(*state);
    dgm_page *first = SEARCH(desk, "q", "harbour");
    dgm_page *by_time = SEARCH(desk, "q", "harbour", "sort", "newest");
    dgm_page *newest = SEARCH(desk, "q", "harbour", "sort", "newest", "limit", "20");
    OK(dgm_reindex(*state, NULL, NULL, err));
    dgm_page *second = SEARCH(desk, "q", "harbour", "cursor", first->next);
    assert_int_equal(second->n_warnings, 1);
    assert_int_equal(second->n_hits, 10);
    dgm_page *later =
        SEARCH(desk, "q", "harbour", "sort", "newest", "cursor", by_time->next);
    for (size_t i = 0; i < later->n_hits; i++) /* order by time outlives generations */
        assert_string_equal(later->hits[i].id, newest->hits[10 + i].id);
    dgm_page_free(first);
    dgm_page_free(second);
    dgm_page_free(by_time);
    dgm_page_free(newest);
    dgm_page_free(later);
    dgm_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cursor_reads_what_it_wrote),
        cmocka_unit_test(cursor_refuses_every_change_of_its_text),
        cmocka_unit_test(cursor_refuses_another_request),
        cmocka_unit_test(cursor_refuses_what_no_page_ends_with),
        DESK_TEST(search_refuses_a_forged_or_foreign_cursor),
        DESK_TEST(paging_shows_what_one_long_page_shows),
        DESK_TEST(paging_neither_repeats_nor_skips_while_items_come_in),
        DESK_TEST(relaxed_hits_go_on_over_pages_without_repeats),
        DESK_TEST(paging_keeps_scores_to_the_bit_while_items_come_in),
        DESK_TEST(paging_counts_facets_of_the_items_of_the_first_page),
        DESK_TEST(paging_over_a_new_generation_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
