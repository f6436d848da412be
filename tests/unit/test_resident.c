/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of matching in memory: the hits, the totals and the facets are those that Xapian
 * gives for the same clause. */
#include "searching.h"

#include "count.h"
#include "match.h"

enum { ITEMS = 300, ROUNDS = 1500, WANT = 25 };

typedef struct scene {
    dgmi_index *index;
    dgmi_arena *arena;
    dgmi_lore lore;
    dgmi_resident resident;
    dgmi_recency recency;
    dgm_error err;
    bool grouped;
    unsigned seed;
} scene;

static unsigned below(scene *s, unsigned n)
{
    s->seed = s->seed * 1664525u + 1013904223u;
    return (s->seed >> 8) % n;
}

static scene set_scene(const char *data)
{
    scene s = { .err = DGM_ERROR_INIT,
                .resident = { .budget = DGMI_PLISTS_BYTES },
                .seed = 7 };
    feed_made(data, 0, ITEMS);
    s.index = open_index(data);
    s.arena = dgmi_arena_new(0);
    assert_int_equal(dgmi_lore_learn(&s.lore, s.index, &s.err), DGM_OK);
    return s;
}

static void clear_scene(scene *s)
{
    dgmi_resident_clear(&s->resident);
    dgmi_lore_clear(&s->lore);
    dgmi_arena_free(s->arena);
    dgmi_index_close(s->index);
}

/* ---- Clauses ---- */

static dgmi_clause *term(scene *s, const char *text)
{
    uint32_t frequency = 0;
    dgmi_str name = dgmi_str_of(text);
    assert_int_equal(dgmx_db_term_freq(s->index->db, name.p, name.n, &frequency, &s->err),
                     DGM_OK);
    return dgmi_clause_term(s->arena, name, frequency);
}

static dgmi_clause *scored_term(scene *s)
{
    static const char *const stems[] = { "Zharbour", "Zferri", "Zcopper", "Zwheat",
                                         "Zsenat",   "Zbridg", "Zreactor" };
    dgmi_clause *clause = term(s, stems[below(s, 7)]);
    if (clause->kind == DGMI_CLAUSE_TERM) {
        clause->scored = true;
        clause->weight = (1 + below(s, 9)) / 16.0;
    }
    return clause;
}

static dgmi_clause *phrase(scene *s)
{
    dgmi_clause *words[2] = { term(s, below(s, 2) ? "report" : "harbour"),
                              term(s, below(s, 2) ? "harbour" : "ferry") };
    return dgmi_clause_join(s->arena, DGMI_CLAUSE_PHRASE, words, 2);
}

static dgmi_clause *range(scene *s)
{
    char low[6], high[6];
    int64_t from = 1609459200 + (int64_t)below(s, ITEMS) * 86400;
    dgmi_schema_time(from, low);
    dgmi_schema_time(from + (int64_t)below(s, ITEMS) * 86400, high);
    bool open = below(s, 3) == 0;
    return dgmi_clause_range(s->arena, DGMI_SLOT_PUBLISHED, (dgmi_str){ low, 6 },
                             open ? (dgmi_str){ NULL, 0 } : (dgmi_str){ high, 6 });
}

static dgmi_clause *condition(scene *s)
{
    switch (below(s, 4)) {
    case 0:
        return phrase(s);
    case 1:
        return range(s);
    case 2:
        return term(s, "XRkenya");
    default:
        return scored_term(s);
    }
}

/* A word, or words of a phrase. */
static dgmi_clause *leaf(scene *s)
{
    if (below(s, 3) > 0)
        return scored_term(s);
    dgmi_clause_kind kind = below(s, 2) ? DGMI_CLAUSE_AND : DGMI_CLAUSE_OR;
    dgmi_clause *words = dgmi_clause_pair(s->arena, kind, scored_term(s), scored_term(s));
    return dgmi_clause_pair(s->arena, DGMI_CLAUSE_FILTER, words, phrase(s));
}

static dgmi_clause *random_clause(scene *s, unsigned depth)
{
    static const dgmi_clause_kind kinds[] = { DGMI_CLAUSE_AND,   DGMI_CLAUSE_OR,
                                              DGMI_CLAUSE_MAX,   DGMI_CLAUSE_FILTER,
                                              DGMI_CLAUSE_MAYBE, DGMI_CLAUSE_WITHOUT };
    dgmi_clause *children[3];
    if (depth == 0)
        return leaf(s);
    dgmi_clause_kind kind = kinds[below(s, 6)];
    unsigned n =
        kind == DGMI_CLAUSE_FILTER || kind == DGMI_CLAUSE_MAYBE ? 2 : 1 + below(s, 3);
    bool conditional = kind == DGMI_CLAUSE_FILTER || kind == DGMI_CLAUSE_WITHOUT;
    for (unsigned i = 0; i < n; i++)
        children[i] = conditional && i > 0 ? condition(s) : random_clause(s, depth - 1);
    return dgmi_clause_join(s->arena, kind, children, n);
}

/* ---- Both ways ---- */

static dgmi_matcher matcher_of(scene *s, bool resident)
{
    return (dgmi_matcher){ .index = s->index,
                           .recency = s->recency.share > 0 ? &s->recency : NULL,
                           .grouped = s->grouped,
                           .lore = &s->lore,
                           .arena = s->arena,
                           .deadline_us = UINT64_MAX,
                           .resident = resident ? &s->resident : NULL,
                           .err = &s->err };
}

static int64_t total_of(scene *s, const dgmi_matcher *m, dgmi_clause *clause,
                        unsigned *facet)
{
    dgm_request *r = request_of(PAIRS("facets", "region,topic,year"));
    dgmi_counts counts = { .items = 0 };
    assert_int_equal(dgmi_count(m, clause, r, -1, s->arena, &counts), DGM_OK);
    *facet = 0;
    for (size_t i = 0; i < counts.n_facets; i++) {
        for (size_t k = 0; k < counts.facets[i].n_values; k++)
            *facet = *facet * 31 + (unsigned)counts.facets[i].values[k].count +
                     (unsigned char)counts.facets[i].values[k].value[0];
    }
    dgm_request_free(r);
    return (int64_t)counts.total;
}

static void check_clause(scene *s, dgmi_clause *clause)
{
    dgmi_matcher plain = matcher_of(s, false), quick = matcher_of(s, true);
    dgmi_ranked want[WANT], got[WANT];
    uint32_t n_want = 0, n_got = 0;
    int64_t total = -1, quick_total = -1;
    unsigned facet, quick_facet;
    if (!clause->scored)
        return;
    assert_int_equal(dgmi_match_page(&plain, clause, WANT, want, &n_want, &total),
                     DGM_OK);
    assert_int_equal(dgmi_match_page(&quick, clause, WANT, got, &n_got, &quick_total),
                     DGM_OK);
    assert_int_equal(n_got, n_want);
    for (uint32_t i = 0; i < n_got; i++) {
        assert_int_equal(got[i].key.id, want[i].key.id);
        assert_true(got[i].key.score == want[i].key.score);
        assert_true(got[i].relevance == want[i].relevance);
        assert_true(got[i].factor == want[i].factor);
    }
    total = total_of(s, &plain, clause, &facet);
    if (quick_total >= 0)
        assert_int_equal(quick_total, total);
    assert_int_equal(total_of(s, &quick, clause, &quick_facet), total);
    assert_int_equal(quick_facet, facet);
}

static void random_clauses_give_what_xapian_gives(void **state)
{
    scene s = set_scene(*state);
    for (unsigned round = 0; round < ROUNDS; round++)
        check_clause(&s, random_clause(&s, 1 + round % 3));
    assert_true(dgmi_plists_count(s.resident.lists) > 5);
    clear_scene(&s);
}

/* Each item has a copy or several in the archive's second half. */
static void feed_copies(const char *data)
{
    dgmi_buf lines;
    dgmi_buf_init(&lines, 0);
    put_made(&lines, 0, ITEMS / 2);
    for (char *at = strstr(lines.p, "\"m"); at; at = strstr(at + 1, "\"m"))
        at[1] = 'c';
    feed(data, lines.p);
    dgmi_buf_clear(&lines);
}

static void stories_and_age_give_what_xapian_gives(void **state)
{
    feed_copies(*state);
    scene s = set_scene(*state);
    for (unsigned round = 0; round < ROUNDS; round++) {
        s.grouped = round % 2;
        s.recency = (dgmi_recency){ .share = round % 4 < 3 ? 0.25 * (1 + round % 3) : 0,
                                    .half_life = 86400.0 * (1 + round % 50),
                                    .now = 1609459200 + (int64_t)ITEMS * 86400 };
        check_clause(&s, random_clause(&s, 1 + round % 3));
    }
    assert_non_null(s.resident.values.story);
    assert_true(s.resident.values.n_stories < s.resident.values.last_id);
    assert_non_null(s.resident.values.published);
    clear_scene(&s);
}

static void phrases_and_ranges_become_lists_once_they_are_worth_it(void **state)
{
    scene s = set_scene(*state);
    dgmi_clause *words = scored_term(&s), *both[2];
    dgmi_hits hits;
    bool done = false;
    both[0] = phrase(&s);
    both[1] = range(&s);
    for (unsigned i = 0; i < 2; i++) {
        dgmi_clause *clause =
            dgmi_clause_pair(s.arena, DGMI_CLAUSE_FILTER, words, both[i]);
        dgmi_matcher m = matcher_of(&s, true);
        unsigned tries = 0;
        for (done = false; !done && tries < 50; tries++) {
            assert_int_equal(dgmi_resident_hits(&m, clause, WANT, &hits, &done), DGM_OK);
            free(hits.list);
        }
        assert_true(done);
        check_clause(&s, clause);
    }
    clear_scene(&s);
}

static void a_long_condition_is_one_list(void **state)
{
    scene s = set_scene(*state);
    dgmi_clause *days[40];
    dgmi_hits hits;
    bool done = false;
    for (unsigned i = 0; i < 40; i++) {
        char name[12];
        snprintf(name, sizeof name, "D2021%02u%02u", 1 + i / 20, 1 + i % 20);
        days[i] = term(&s, name);
    }
    dgmi_clause *clause =
        dgmi_clause_pair(s.arena, DGMI_CLAUSE_FILTER, scored_term(&s),
                         dgmi_clause_join(s.arena, DGMI_CLAUSE_OR, days, 40));
    dgmi_matcher m = matcher_of(&s, true);
    for (unsigned tries = 0; !done && tries < 50; tries++) {
        assert_int_equal(dgmi_resident_hits(&m, clause, WANT, &hits, &done), DGM_OK);
        free(hits.list);
    }
    assert_true(done);
    assert_int_equal(dgmi_plists_count(s.resident.lists), 2);
    check_clause(&s, clause);
    clear_scene(&s);
}

static void a_search_over_what_came_later_finds_it(void **state)
{
    feed_made(*state, 0, 40);
    dgm *desk = open_desk(*state);
    for (unsigned to = 40; to < 80; to += 10) {
        dgm_page *page = SEARCH(desk, "q", "harbour OR ferry", "facets", "region");
        dgm *fresh = open_desk(*state);
        dgm_page *other = SEARCH(fresh, "q", "harbour OR ferry", "facets", "region");
        char *got = ids_of(page), *want = ids_of(other);
        assert_string_equal(got, want);
        assert_int_equal(page->total, other->total);
        free(got);
        free(want);
        dgm_page_free(page);
        dgm_page_free(other);
        dgm_close(fresh);
        feed_made(*state, to, to + 10);
    }
    dgm_close(desk);
}

static void a_reader_without_memory_finds_the_same(void **state)
{
    feed_made(*state, 0, 100);
    dgm *desk = open_desk(*state), *bare = open_desk(*state);
    dgm_set_posting_bytes(bare, 0);
    for (unsigned i = 0; i < 4; i++) {
        const char *group = i % 2 ? "story" : "none", *recency = i < 2 ? "0" : "0.5";
        dgm_page *page = SEARCH(desk, "q", "harbour OR ferry", "facets", "region",
                                "group", group, "recency", recency);
        dgm_page *other = SEARCH(bare, "q", "harbour OR ferry", "facets", "region",
                                 "group", group, "recency", recency);
        char *got = ids_of(page), *want = ids_of(other);
        assert_string_equal(got, want);
        assert_int_equal(page->total, other->total);
        assert_int_equal(page->facets[0].values[0].count,
                         other->facets[0].values[0].count);
        free(got);
        free(want);
        dgm_page_free(page);
        dgm_page_free(other);
    }
    assert_non_null(desk->resident.lists);
    assert_null(bare->resident.lists);
    assert_null(bare->resident.values.story);
    dgm_set_posting_bytes(desk, 0);
    assert_null(desk->resident.lists);
    dgm_close(desk);
    dgm_close(bare);
}

static void a_match_in_memory_gives_up_when_its_time_is_over(void **state)
{
    scene s = set_scene(*state);
    dgmi_clause *clause = scored_term(&s);
    dgmi_matcher m = matcher_of(&s, true);
    dgmi_ranked found[WANT];
    bool partial = false;
    uint32_t n;
    int64_t total = -1;
    assert_int_equal(dgmi_match_page(&m, clause, WANT, found, &n, &total), DGM_OK);
    m.deadline_us = 1;
    assert_int_equal(dgmi_match_page(&m, clause, WANT, found, &n, &total), DGM_E_TIMEOUT);
    m.partial = &partial;
    total = -1;
    assert_int_equal(dgmi_match_page(&m, clause, WANT, found, &n, &total), DGM_OK);
    assert_true(partial);
    assert_int_equal(total, -1);
    clear_scene(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(random_clauses_give_what_xapian_gives),
        DESK_TEST(stories_and_age_give_what_xapian_gives),
        DESK_TEST(phrases_and_ranges_become_lists_once_they_are_worth_it),
        DESK_TEST(a_long_condition_is_one_list),
        DESK_TEST(a_search_over_what_came_later_finds_it),
        DESK_TEST(a_reader_without_memory_finds_the_same),
        DESK_TEST(a_match_in_memory_gives_up_when_its_time_is_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
