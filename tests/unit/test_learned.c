/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/index/learned.c, learnfile.c, learn.c, learncount.c, learnapi.c: which
 * lines are learned, what becomes of an item, what a person decides. */
#include "desk.h"
#include "learn.h"

#define FOOT "CONTACT THE PRESS DESK OF THE HARBOUR OFFICE"

static dgm_ingest *open_desk(const char *data)
{
    dgm_ingest *in = NULL;
    OK(dgm_ingest_open(data, NULL, &in, err));
    return in;
}

typedef struct series {
    const char *name, *source, *head, *inside, *foot;
    unsigned n, year, same_day;
} series;

/* Items of a source, one a day, each with a text of its own between head and foot. */
static void take(const char *data, const series *s)
{
    char line[2000], opening[40];
    dgm_ingest *in = open_desk(data);
    for (unsigned i = 0; i < s->n; i++) {
        unsigned own = s->year * 1000 + i;
        snprintf(opening, sizeof opening, "Opening %u.", own);
        int n = snprintf(
            line, sizeof line,
            "{\"id\":\"%s-%u\",\"title\":\"Pier %u of %s\",\"source\":\"%s\",\"date\":"
            "\"%u-%02u-%02u\",\"body\":\"%s\\n\\nPier number %u was opened in the "
            "harbour.\\n\\nShips of %u tons may moor.\\n\\nThe fees are %u.\\n\\nIt has "
            "%u lamps.%s%s\\n\\nThe crane lifts %u tons.\\n\\nThe wall is %u feet "
            "long.\\n\\nThe %u keepers live there.\\n\\nNo dogs but %u.%s%s\"}",
            s->name, i, i, s->name, s->source, s->year, s->same_day ? 1 : 1 + i / 28,
            s->same_day ? 1 : 1 + i % 28, s->head ? s->head : opening, own, own + 1,
            own + 2, own + 3, s->inside ? "\\n\\n" : "", s->inside ? s->inside : "",
            own + 4, own + 5, own + 6, own + 7, s->foot ? "\\n\\n" : "",
            s->foot ? s->foot : "");
        OK(dgm_ingest_bytes(in, "test", line, (size_t)n, err));
    }
    OK(dgm_ingest_commit(in, NULL, err));
    dgm_ingest_close(in);
}

static dgm_lines *read_lines(const char *data, bool learn)
{
    dgm_lines *lines = NULL;
    OK(dgm_lines_read(data, learn, &lines, err));
    return lines;
}

static const dgm_line *line_of(const dgm_lines *lines, const char *text)
{
    for (size_t i = 0; i < lines->n_lines; i++) {
        if (strcmp(lines->lines[i].text, text) == 0)
            return &lines->lines[i];
    }
    return NULL;
}

static void assert_state(const char *data, const char *text, const char *wanted)
{
    dgm_lines *lines = read_lines(data, true);
    const dgm_line *l = line_of(lines, text);
    assert_string_equal(l ? dgm_line_state_text(l->state) : "unknown", wanted);
    dgm_lines_free(lines);
}

static size_t hits(const char *data, const char *query)
{
    dgm *desk = NULL;
    dgm_page *page = NULL;
    dgm_request *request = dgm_request_new();
    OK(dgm_open(data, NULL, &desk, err));
    OK(dgm_request_set(request, "q", query, err));
    OK(dgm_search(desk, request, &page, err));
    size_t n = page->total;
    dgm_page_free(page);
    dgm_request_free(request);
    dgm_close(desk);
    return n;
}

static void a_foot_that_recurs_is_learned_and_set_aside(void **state)
{
    take(*state,
         &(series){ .name = "a", .source = "Port", .foot = FOOT, .n = 30, .year = 2021 });
    assert_int_equal(hits(*state, "\"press desk\""), 30);
    OK(dgm_reindex(*state, NULL, NULL, err));
    assert_int_equal(hits(*state, "\"press desk\""), 0);
    assert_int_equal(hits(*state, "lamps"), 30);
    assert_int_equal(differences(*state), 0);

    dgm *desk = NULL;
    dgm_item *item = NULL;
    OK(dgm_open(*state, NULL, &desk, err));
    OK(dgm_get(desk, "a-3", &item, err));
    assert_int_equal(item->n_asides, 1);
    assert_string_equal(item->asides[0].kind, "learned");
    assert_string_equal(item->asides[0].text, FOOT);
    assert_int_equal(item->asides[0].before, item->n_paragraphs);
    dgm_item_free(item);
    dgm_close(desk);

    dgm_lines *lines = read_lines(*state, false);
    const dgm_line *l = line_of(lines, FOOT);
    assert_non_null(l);
    assert_int_equal(l->items, 30);
    assert_int_equal(l->of, 30);
    assert_false(l->waits);
    assert_string_equal(l->scope, "source:Port");
    dgm_lines_free(lines);
}

static void what_is_learned_live_holds_from_there_on(void **state)
{
    series first = { .name = "a", .source = "Port", .foot = FOOT, .n = 30, .year = 2021 };
    series second = {
        .name = "b", .source = "Port", .foot = FOOT, .n = 10, .year = 2022
    };
    take(*state, &first);
    dgm_lines *lines = read_lines(*state, true);
    assert_true(line_of(lines, FOOT)->waits);
    dgm_lines_free(lines);
    take(*state, &second);
    assert_int_equal(hits(*state, "\"press desk\""), 30);
    assert_int_equal(differences(*state), 0);
    OK(dgm_reindex(*state, NULL, NULL, err));
    assert_int_equal(hits(*state, "\"press desk\""), 0);
    assert_int_equal(differences(*state), 0);
}

static void little_evidence_teaches_nothing(void **state)
{
    take(*state,
         &(series){ .name = "a", .source = "Few", .foot = FOOT, .n = 7, .year = 2021 });
    take(*state, &(series){ .name = "b",
                            .source = "Day",
                            .foot = FOOT,
                            .n = 40,
                            .year = 2021,
                            .same_day = 1 });
    take(
        *state,
        &(series){ .name = "c", .source = "Small", .foot = FOOT, .n = 19, .year = 2021 });
    take(*state,
         &(series){
             .name = "d", .source = "Inside", .inside = FOOT, .n = 40, .year = 2021 });
    dgm_lines *lines = read_lines(*state, true);
    assert_int_equal(lines->n_lines, 0);
    dgm_lines_free(lines);
}

static void copies_of_one_text_are_one_item(void **state)
{
    char line[600];
    dgm_ingest *in = open_desk(*state);
    for (unsigned i = 0; i < 40; i++) {
        int n =
            snprintf(line, sizeof line,
                     "{\"id\":\"copy-%u\",\"title\":\"T\",\"source\":\"Port\",\"date\":"
                     "\"2021-01-%02u\",\"body\":\"The pier is open.\\n\\n" FOOT "\"}",
                     i, 1 + i % 28);
        OK(dgm_ingest_bytes(in, "test", line, (size_t)n, err));
    }
    OK(dgm_ingest_commit(in, NULL, err));
    dgm_ingest_close(in);
    dgm_lines *lines = read_lines(*state, true);
    assert_int_equal(lines->n_lines, 0);
    dgm_lines_free(lines);
}

static void quotations_and_questions_are_content(void **state)
{
    take(*state, &(series){ .name = "a",
                            .source = "Port",
                            .head = "Who pays for the pier?",
                            .foot = "\xE2\x80\x9CTHE PIER IS OURS,\xE2\x80\x9D HE SAID",
                            .n = 30,
                            .year = 2021 });
    dgm_lines *lines = read_lines(*state, true);
    assert_int_equal(lines->n_lines, 0);
    dgm_lines_free(lines);
}

static void a_sentence_in_some_items_waits_for_a_person(void **state)
{
    static const char sentence[] =
        "The ships will be taken to the island where they will be looked at with care.";
    take(*state,
         &(series){
             .name = "a", .source = "Port", .foot = sentence, .n = 10, .year = 2021 });
    take(*state, &(series){ .name = "b",
                            .source = "Port",
                            .head = "HARBOUR OFFICE",
                            .n = 40,
                            .year = 2021 });
    assert_state(*state, sentence, "candidate");
    OK(dgm_reindex(*state, NULL, NULL, err));
    assert_int_equal(hits(*state, "island"), 10);
    size_t changed = 0;
    OK(dgm_lines_set(*state, NULL, sentence, DGM_LINE_APPROVED, &changed, err));
    assert_int_equal(changed, 1);
    OK(dgm_reindex(*state, NULL, NULL, err));
    assert_int_equal(hits(*state, "island"), 0);
}

static void a_forbidden_line_is_never_set_aside(void **state)
{
    series s = { .name = "a", .source = "Port", .foot = FOOT, .n = 30, .year = 2021 };
    take(*state, &s);
    OK(dgm_reindex(*state, NULL, NULL, err));
    OK(dgm_lines_set(*state, "source:Port", FOOT, DGM_LINE_FORBIDDEN, NULL, err));
    assert_int_equal(hits(*state, "\"press desk\""), 0); /* until the next reindex */
    assert_int_equal(differences(*state), 0);
    take(*state,
         &(series){ .name = "b", .source = "Port", .foot = FOOT, .n = 5, .year = 2022 });
    assert_int_equal(hits(*state, "\"press desk\""), 5);
    assert_int_equal(differences(*state), 0);
    OK(dgm_reindex(*state, NULL, NULL, err));
    assert_int_equal(hits(*state, "\"press desk\""), 35);
    assert_state(*state, FOOT, "forbidden");
    OK(dgm_lines_set(*state, NULL, FOOT, DGM_LINE_FORGOTTEN, NULL, err));
    OK(dgm_reindex(*state, NULL, NULL, err));
    assert_state(*state, FOOT, "learned");
}

static void a_changed_template_is_noticed(void **state)
{
    take(*state,
         &(series){ .name = "a", .source = "Port", .foot = FOOT, .n = 30, .year = 2021 });
    assert_state(*state, FOOT, "learned");
    take(*state, &(series){ .name = "b",
                            .source = "Port",
                            .foot = "WRITE TO THE NEW DESK",
                            .n = 6,
                            .year = 2022 });
    assert_state(*state, FOOT, "gone");
    assert_state(*state, "WRITE TO THE NEW DESK", "candidate");
}

static void the_live_path_and_the_bulk_path_agree(void **state)
{
    char *other = dgmi_path_join(*state, "other");
    char *live = dgmi_path_join(*state, "live");
    series a = { .name = "a", .source = "Port", .foot = FOOT, .n = 30, .year = 2021 };
    series b = { .name = "b", .source = "Port", .foot = FOOT, .n = 10, .year = 2022 };
    take(live, &a);
    OK(dgm_reindex(live, NULL, NULL, err));
    take(live, &b); /* live, with the rules of the build */
    take(other, &a);
    take(other, &b);
    OK(dgm_reindex(other, NULL, NULL, err));
    assert_int_equal(differences(live), 0);
    assert_int_equal(differences(other), 0);
    assert_int_equal(hits(live, "\"press desk\""), 0);
    assert_int_equal(hits(other, "\"press desk\""), 0);
    free(other);
    free(live);
}

static void verify_sees_an_index_that_other_rules_made(void **state)
{
    take(*state,
         &(series){ .name = "a", .source = "Port", .foot = FOOT, .n = 30, .year = 2021 });
    OK(dgm_reindex(*state, NULL, NULL, err));
    char *path = dgmi_path_join(*state, "boilerplate.tsv");
    assert_int_equal(unlink(path), 0);
    assert_true(differences(*state) >= 30);
    free(path);
}

static void a_file_that_is_no_list_of_rules_is_named(void **state)
{
    dgm_lines *lines = NULL;
    dgm_error why = DGM_ERROR_INIT;
    char *path = dgmi_path_join(*state, "boilerplate.tsv");
    OK(dgmi_file_replace(path, "# a remark\nlearned\tx\n", 21, err));
    assert_int_equal(dgm_lines_read(*state, false, &lines, &why), DGM_E_ARG);
    assert_non_null(strstr(why.text, "boilerplate.tsv:2"));
    free(path);
}

static void an_item_never_loses_all_it_has(void **state)
{
    (void)state;
    static const char *const paragraphs[] = { "One.", "Two." };
    static const dgm_turn turns[] = { { DGM_QUESTION, NULL, 1, 2 } };
    static const dgm_evidence evidence[] = { { "agency", "A", "A", "dateline", "body[1]",
                                               0, 1 } };
    dgm_item item = {
        .id = "x", .source = "S", .paragraphs = paragraphs, .n_paragraphs = 2
    };
    const dgm_item *shown = NULL;
    dgmi_arena *arena = NULL;
    dgmi_learned *l = dgmi_learned_new();
    for (int i = 0; i < 2; i++) {
        dgmi_rule *r = dgmi_learned_at(l, "source:S", paragraphs[i], true);
        r->until = DGMI_LEARN_ALWAYS;
    }
    OK(dgmi_learned_ready(l, err));
    OK(dgmi_learned_apply(l, &item, 0, &arena, &shown, err));
    assert_ptr_equal(shown, &item);

    item.turns = turns; /* what opens a turn is content, so one is left */
    item.n_turns = 1;
    item.evidence = evidence;
    item.n_evidence = 1;
    OK(dgmi_learned_apply(l, &item, 0, &arena, &shown, err));
    assert_int_equal(shown->n_paragraphs, 1);
    assert_string_equal(shown->paragraphs[0], "Two.");
    assert_int_equal(shown->turns[0].from, 0);
    assert_int_equal(shown->turns[0].to, 1);
    assert_string_equal(shown->evidence[0].where, "body[0]");
    assert_string_equal(shown->asides[0].text, "One.");
    dgmi_arena_free(arena);
    dgmi_learned_free(l);
}

static void a_provider_teaches_what_its_sources_share(void **state)
{
    char line[600];
    dgm_ingest *in = open_desk(*state);
    for (unsigned i = 0; i < 40; i++) {
        int n =
            snprintf(line, sizeof line,
                     "{\"id\":\"%u\",\"title\":\"T\",\"source\":\"Body %u\",\"provider\":"
                     "\"Relay\",\"date\":\"2021-01-%02u\",\"body\":\"Pier %u is "
                     "open.\\n\\n" FOOT "\"}",
                     i, i % 20, 1 + i % 28, i);
        OK(dgm_ingest_bytes(in, "test", line, (size_t)n, err));
    }
    OK(dgm_ingest_commit(in, NULL, err));
    dgm_ingest_close(in);
    dgm_lines *lines = read_lines(*state, true);
    assert_int_equal(lines->n_lines, 1);
    assert_string_equal(lines->lines[0].scope, "provider:Relay");
    dgm_lines_free(lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(a_foot_that_recurs_is_learned_and_set_aside),
        DESK_TEST(what_is_learned_live_holds_from_there_on),
        DESK_TEST(little_evidence_teaches_nothing),
        DESK_TEST(copies_of_one_text_are_one_item),
        DESK_TEST(quotations_and_questions_are_content),
        DESK_TEST(a_sentence_in_some_items_waits_for_a_person),
        DESK_TEST(a_forbidden_line_is_never_set_aside),
        DESK_TEST(a_changed_template_is_noticed),
        DESK_TEST(the_live_path_and_the_bulk_path_agree),
        DESK_TEST(verify_sees_an_index_that_other_rules_made),
        DESK_TEST(a_file_that_is_no_list_of_rules_is_named),
        DESK_TEST(an_item_never_loses_all_it_has),
        DESK_TEST(a_provider_teaches_what_its_sources_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
