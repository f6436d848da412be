/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of plans: which terms a query becomes, with which weights, under which bounds. */
#include "searching.h"

#include "impact.h"
#include "plan.h"

typedef struct bench {
    dgmi_index *index;
    dgmi_lore lore;
    dgmi_stems *stems;
    dgmi_arena *arena;
    dgmi_notes notes;
    dgmi_pins pins;
    dgmi_query *query;
    dgmi_plan plan;
    uint64_t deadline_us;
} bench;

static void begin(bench *b, const char *data)
{
    memset(b, 0, sizeof *b);
    b->index = open_index(data);
    b->arena = dgmi_arena_new(0);
    b->notes.arena = b->arena;
    OK(dgmi_stems_new(&b->stems, err));
    OK(dgmi_lore_learn(&b->lore, b->index, err));
}

static void end(bench *b)
{
    dgmi_query_free(b->query);
    dgmi_lore_clear(&b->lore);
    dgmi_stems_free(b->stems);
    dgmi_arena_free(b->arena);
    dgmi_index_close(b->index);
}

static const dgmi_plan *plan_pairs(bench *b, const char *const *pairs)
{
    dgm_request *r = request_of(pairs);
    dgmi_planner p = { .index = b->index,
                       .lore = &b->lore,
                       .stems = b->stems,
                       .arena = b->arena,
                       .notes = &b->notes,
                       .pins = &b->pins,
                       .deadline_us = b->deadline_us };
    dgmi_query_free(b->query);
    b->query = NULL;
    memset(&b->plan, 0, sizeof b->plan);
    OK(dgmi_query_parse(r->q, false, &b->query, err));
    dgm_error failure = DGM_ERROR_INIT;
    p.err = &failure;
    if (dgmi_plan_make(&p, b->query, r, &b->plan) != DGM_OK)
        fail_msg("%s", failure.text);
    dgm_request_free(r);
    return &b->plan;
}

#define PLAN(b, ...) plan_pairs(b, PAIRS(__VA_ARGS__))

static void describe(dgmi_buf *out, const dgmi_clause *c)
{
    static const char *const names[] = { "none", "term",   "range", "and",     "or",
                                         "max",  "filter", "maybe", "without", "phrase" };
    if (c->kind == DGMI_CLAUSE_TERM) {
        dgmi_buf_printf(out, "%s%.*s", c->scored ? "" : "!", (int)c->term.n, c->term.p);
        return;
    }
    dgmi_buf_puts(out, names[c->kind]);
    for (uint32_t i = 0; i < c->n; i++) {
        dgmi_buf_puts(out, i > 0 ? " " : "(");
        describe(out, c->children[i]);
    }
    dgmi_buf_puts(out, c->n > 0 ? ")" : "");
}

static void assert_clause(const dgmi_clause *clause, const char *want)
{
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    describe(&out, clause);
    assert_string_equal(out.p, want);
    dgmi_buf_clear(&out);
}

static const char corpus[] =
    "{\"id\":\"a\",\"title\":\"Cyber attack\",\"body\":\"The harbour of the "
    "cyber-attack, walls and"
    " walking.\",\"published\":\"2021-06-16\",\"region\":\"South "
    "Africa\",\"country\":\"ZA\","
    "\"language\":\"en\"}\n"
    "{\"id\":\"b\",\"title\":\"Ferry\",\"body\":\"Harbour ferry copper wheat senate "
    "bridge reactor"
    " treaty walls, politique.\",\"published\":\"2020-02-03\",\"language\":\"en\"}\n"
    "{\"id\":\"c\",\"title\":\"Nationale\",\"body\":\"Les politiques du "
    "harbour.\",\"published\":"
    "\"2019-12-31\",\"language\":\"fr\"}\n";

static void plan_resolves_queries_to_terms(void **state)
{
    static const char *const cases[][3] = {
        { "walls", "all", "Zwall" },
        { "harbour ferry", "all", "and(Zharbour Zferri)" },
        { "harbour ferry", "any", "or(Zharbour Zferri)" },
        { "harbour ferry copper", "most",
          "filter(or(Zharbour Zferri Zcopper) or(and(Zferri Zcopper) "
          "and(Zharbour or(Zferri Zcopper))))" },
        { "the harbour", "all", "Zharbour" },
        { "the", "all", "Zthe" },
        { "xylophone", "all", "none" },
        { "harbour xylophone", "all", "none" },
        { "harbour xylophone", "any", "Zharbour" },
        { "politique", "all", "max(Zpolitiqu Zpolit)" },
        { "\"harbour ferry\"", "all",
          "filter(and(Zharbour Zferri) phrase(!harbour !ferry))" },
        { "\"walls\"", "all", "filter(Zwall !walls)" },
        { "cyber-attack", "all",
          "filter(or(Zcyberattack or(Zcyber Zattack)) or(Zcyberattack phrase(!cyber "
          "!attack)))" },
        { "cyber-attack", "any", "or(Zcyberattack or(Zcyber Zattack))" },
        { "title:attacks", "all", "ZSattack" },
        { "title:\"cyber attack\"", "all",
          "filter(and(ZScyber ZSattack) phrase(!Scyber !Sattack))" },
        { "wal*", "all", "maybe(or(!walls !walking) max(Zwall Zwalk))" },
        { "harbour -ferry", "all", "without(Zharbour Zferri)" },
        { "-ferry", "all", "without(!XVusable Zferri)" },
        { "harbour -xylophone", "all", "Zharbour" },
        { "", "all", "!XVusable" },
        { "region:africa", "all", "!XRafrica" },
        { "region:\"south africa\"", "all", "!XRsouth africa" },
        { "region:\"africa south\"", "all", "and(!XRafrica !XRsouth)" },
        { "region:za", "all", "!N=za" },
        { "harbour region:africa", "any", "filter(Zharbour !XRafrica)" },
        { "date:2021", "all", "!Y2021" },
        { "date:2020..2021", "all", "or(!Y2020 !Y2021)" },
        { "date:2020-02..2021-06-16", "all", "or(!M202002 !D20210616)" },
        { "before:2020", "all", "!Y2019" },
    };
    bench b;
    feed(*state, corpus);
    begin(&b, *state);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const dgmi_plan *plan = PLAN(&b, "q", cases[i][0], "match", cases[i][1]);
        assert_clause(plan->strict, cases[i][2]);
    }
    end(&b);
}

static void plan_puts_filters_beside_the_query(void **state)
{
    bench b;
    feed(*state, corpus);
    begin(&b, *state);
    assert_clause(PLAN(&b, "q", "harbour", "region", "South Africa")->strict,
                  "filter(Zharbour !XR=south africa)");
    assert_clause(PLAN(&b, "region", "South Africa")->strict, "!XR=south africa");
    assert_clause(PLAN(&b, "region", "africa")->strict, "none");
    assert_clause(PLAN(&b, "region", "ZA", "from", "2021")->strict, "and(!N=za !Y2021)");
    assert_clause(PLAN(&b, "from", "2020", "to", "2020-02-03T12:00:00Z")->strict,
                  "range");
    end(&b);
}

static void plan_relaxes_only_words_side_by_side(void **state)
{
    bench b;
    feed(*state, corpus);
    begin(&b, *state);
    assert_non_null(PLAN(&b, "q", "harbour ferry")->relaxed);
    assert_null(PLAN(&b, "q", "harbour")->relaxed);
    assert_null(PLAN(&b, "q", "the harbour")->relaxed);
    assert_null(PLAN(&b, "q", "harbour AND ferry")->relaxed);
    assert_null(PLAN(&b, "q", "harbour -(ferry wheat)")->relaxed);
    assert_null(PLAN(&b, "q", "harbour ferry", "match", "any")->relaxed);
    end(&b);
}

static void plan_marks_what_is_wanted_and_nothing_else(void **state)
{
    bench b;
    feed(*state, corpus);
    begin(&b, *state);
    const dgmi_plan *plan =
        PLAN(&b, "q", "walls \"harbour ferry\" wal* the -copper region:x");
    unsigned phrase = 0, prefix = 0, stems = 0;
    for (size_t i = 0; i < plan->marks.n; i++) {
        const dgmi_mark *mark = &plan->marks.list[i];
        assert_string_not_equal(mark->word, "copper");
        assert_string_not_equal(mark->word, "the");
        phrase += mark->phrase == 0;
        prefix += mark->prefix;
        stems += mark->stem != NULL;
    }
    assert_int_equal(phrase, 2);
    assert_int_equal(prefix, 1);
    assert_true(stems >= 1);
    end(&b);
}

static void plan_bounds_the_quorum_of_many_words(void **state)
{
    bench b;
    dgmi_buf q;
    feed(*state, corpus);
    begin(&b, *state);
    dgmi_buf_init(&q, 0);
    for (int i = 0; i < 64; i++)
        dgmi_buf_printf(&q, "%s ", i % 2 ? "harbour" : "wheat");
    assert_clause(PLAN(&b, "q", q.p, "match", "most")->strict, "or(Zwheat Zharbour)");
    dgmi_buf_clear(&q);
    const dgmi_plan *plan = PLAN(
        &b, "q", "harbour ferry copper wheat senate bridge reactor treaty walls walking",
        "match", "most");
    assert_int_equal(plan->strict->kind, DGMI_CLAUSE_FILTER);
    assert_int_equal(plan->strict->children[0]->n, 10);
    assert_true(dgmi_clause_cost(plan->strict) < 200);
    end(&b);
}

/* The bits below 2^-28 are free, so that sums are exact whatever their order. */
static void plan_weights_add_up_exactly(void **state)
{
    bench b;
    feed(*state, corpus);
    begin(&b, *state);
    const dgmi_clause * or = PLAN(&b, "q", "harbour OR ferry OR copper OR walls")->strict;
    for (uint32_t i = 0; i < or->n; i++) {
        double steps = or->children[i]->weight * (1 << 28);
        double whole = (double)(uint64_t)steps;
        assert_true(steps == whole && steps > 0);
        double idf = dgmi_idf(b.index->documents, or->children[i]->most);
        double off = or->children[i]->weight - dgmi_weight(idf);
        assert_true(off < 1e-8 && off > -1e-8);
    }
    end(&b);
}

static void plan_repeats_the_decisions_of_the_first_page(void **state)
{
    bench b;
    feed(*state, corpus);
    begin(&b, *state);
    double weight = PLAN(&b, "q", "ferry wal*")->strict->children[0]->weight;
    feed(*state, "{\"id\":\"d\",\"title\":\"Wallpaper\",\"body\":\"Ferry nations\"}\n");
    OK(dgmi_index_refresh(b.index, NULL, err));
    OK(dgmi_lore_learn(&b.lore, b.index, err));
    b.pins.fixed = true;
    const dgmi_plan *plan = PLAN(&b, "q", "ferry wal*");
    assert_true(plan->strict->children[0]->weight == weight);
    assert_clause(plan->strict,
                  "and(Zferri maybe(or(!walls !walking) max(Zwall Zwalk)))");
    b.pins = (dgmi_pins){ .n = 0 };
    plan = PLAN(&b, "q", "ferry wal*");
    assert_true(plan->strict->children[0]->weight != weight);
    end(&b);
}

static void lore_knows_languages_years_and_the_undated(void **state)
{
    bench b;
    feed(*state, corpus);
    feed(*state, "{\"id\":\"u\",\"title\":\"No date\",\"language\":\"pt-BR\"}\n");
    begin(&b, *state);
    assert_int_equal(b.lore.n_languages, 3);
    assert_string_equal(b.lore.languages[0], "en");
    assert_string_equal(b.lore.languages[2], "pt");
    assert_true(b.lore.all_languages);
    assert_int_equal(b.lore.n_years, 3);
    assert_int_equal(b.lore.n_months, 3);
    assert_int_equal(b.lore.months[2].items, 1);
    assert_int_equal(b.lore.undated, 1);
    end(&b);
}

static void words_near_one_are_looked_for_in_time_or_not_at_all(void **state)
{
    bench b;
    feed(*state, corpus);
    begin(&b, *state);
    assert_clause(PLAN(&b, "q", "harbuor~")->strict, "maybe(!harbour Zharbour)");
    assert_int_equal(b.notes.n, 1);
    b.deadline_us = 1;
    assert_clause(PLAN(&b, "q", "harbuor~")->strict, "none");
    assert_int_equal(b.notes.n, 2);
    assert_non_null(strstr(b.notes.text[1], "\"harbuor~\" stands for more than 0 words"));
    end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(plan_resolves_queries_to_terms),
        DESK_TEST(plan_puts_filters_beside_the_query),
        DESK_TEST(plan_relaxes_only_words_side_by_side),
        DESK_TEST(plan_marks_what_is_wanted_and_nothing_else),
        DESK_TEST(plan_bounds_the_quorum_of_many_words),
        DESK_TEST(plan_weights_add_up_exactly),
        DESK_TEST(plan_repeats_the_decisions_of_the_first_page),
        DESK_TEST(lore_knows_languages_years_and_the_undated),
        DESK_TEST(words_near_one_are_looked_for_in_time_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
