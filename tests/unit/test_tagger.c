/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of topics that items get when they come in: the same as what a search finds. */
#include "tagging_topics.h"

#include "tagger.h"
#include "topickeys.h"

/* Queries of every kind, as topics t00, t01, ... */
static const char *const queries[] = {
    "harbour",
    "harbours copper", /* by their stems */
    "harbour AND ferry AND copper",
    "harbour OR reactor",
    "treaty -bridge",
    "\"harbour harbour\"",
    "\"senate bridge\" OR wheat",
    "harb*",
    "re?ctor",
    "harbour NEAR/3 ferry",
    "ferry SENT copper",
    "title:number AND senate",
    "region:Kenya",
    "region:Chile AND wheat",
    "region:Norway OR (wheat AND treaty)",
    "(copper OR reactor) AND (treaty OR bridge) -ferry",
    "copper-wheat OR senate",
    "the harbour",
    "nowhere",
    "treaty after:2021-03-01",
    "-harbour",
};
enum { QUERIES = sizeof queries / sizeof *queries };

static void write_topics(const char *data)
{
    for (int i = 0; i < QUERIES; i++) {
        char name[8], text[300];
        snprintf(name, sizeof name, "t%02d", i);
        snprintf(text, sizeof text, "label: Topic %02d\nquery: %s\n", i, queries[i]);
        write_topic(data, name, text);
    }
}

static void check_as_search(const char *data)
{
    dgm *desk = open_desk(data);
    for (int i = 0; i < QUERIES; i++) {
        char label[20];
        snprintf(label, sizeof label, "Topic %02d", i);
        char *tagged = all_ids(desk, "topic", label);
        char *found = all_ids(desk, "q", queries[i]);
        if (strcmp(tagged, found) != 0)
            fail_msg("%s: tagged %s, found %s", queries[i], tagged, found);
        free(tagged);
        free(found);
    }
    dgm_close(desk);
}

static void items_get_the_topics_whose_queries_find_them(void **state)
{
    write_topics(*state);
    feed_made(*state, 0, 1);
    for (unsigned at = 1; at < 200; at += 40)
        feed_made(*state, at, at + 40);
    check_as_search(*state);
}

static void an_index_built_anew_has_the_same_topics(void **state)
{
    feed_made(*state, 0, 200);
    write_topics(*state);
    dgm *desk = open_desk(*state);
    char *before = all_ids(desk, "topic", "Topic 00");
    assert_string_equal(before, ""); /* they came before the topic did */
    free(before);
    dgm_close(desk);
    dgm_counts counts;
    OK(dgm_reindex(*state, NULL, &counts, err));
    check_as_search(*state);
}

static void a_topic_stands_beside_those_of_the_source_with_its_evidence(void **state)
{
    write_topic(*state, "grain", "label: Grain\nquery: wheat\n");
    write_topic(*state, "ports", "label: Ports\nquery: harbour\n");
    feed(*state, "{\"id\":\"a\",\"title\":\"A\",\"body\":\"Wheat left the "
                 "harbour.\",\"topics\":[\"Trade\",\"ports\"]}\n");
    dgm *desk = open_desk(*state);
    dgm_item *item = NULL;
    OK(dgm_get(desk, "a", &item, err));
    assert_int_equal(item->n_topics, 3);
    assert_string_equal(item->topics[0], "Trade");
    assert_string_equal(item->topics[1], "ports"); /* once, however it is written */
    assert_string_equal(item->topics[2], "Grain");
    size_t told = 0;
    for (size_t i = 0; i < item->n_evidence; i++) {
        const dgm_evidence *e = &item->evidence[i];
        if (strcmp(e->rule, DGMI_TOPIC_RULE) != 0)
            continue;
        told++;
        assert_string_equal(e->field, "topic");
        assert_string_equal(e->value, "Grain");
        assert_string_equal(e->text, "wheat");
        assert_string_equal(e->where, "topics/grain");
    }
    assert_int_equal(told, 1);
    dgm_item_free(item);
    dgm_close(desk);
}

static void a_topic_that_was_taken_away_names_no_new_items(void **state)
{
    write_topic(*state, "grain", "label: Grain\nquery: wheat\n");
    feed(*state, "{\"id\":\"a\",\"title\":\"A\",\"body\":\"Wheat.\"}\n");
    char *folder = dgmi_path_join(*state, DGMI_TOPICS_FOLDER);
    OK(dgmi_remove_tree(folder, err));
    free(folder);
    feed(*state, "{\"id\":\"b\",\"title\":\"B\",\"body\":\"Wheat.\"}\n");
    dgm *desk = open_desk(*state);
    check_ids(desk, PAIRS("topic", "Grain"), "a", true);
    dgm_close(desk);
}

/* Of a kind that is decided by terms, and of one that is searched for. */
static void an_item_that_another_replaced_keeps_its_topics(void **state)
{
    dgm_counts counts;
    write_topic(*state, "grain", "label: Grain\nquery: wheat\n");
    write_topic(*state, "farm", "label: Farm\nquery: whe?t\n");
    feed(*state, "{\"id\":\"a\",\"title\":\"A\",\"body\":\"Wheat.\"}\n"
                 "{\"id\":\"b\",\"title\":\"B\",\"body\":\"Wheat, "
                 "again.\",\"links\":{\"evolved_from\":\"a\"}}\n");
    for (int built = 0; built < 2; built++) {
        dgm *desk = open_desk(*state);
        check_ids(desk, PAIRS("topic", "Grain", "versions", "all"), "a b", true);
        check_ids(desk, PAIRS("topic", "Farm", "versions", "all"), "a b", true);
        check_ids(desk, PAIRS("topic", "Farm"), "b", true);
        dgm_close(desk);
        OK(dgm_reindex(*state, NULL, &counts, err));
    }
}

static void a_file_that_is_no_topic_stops_nothing(void **state)
{
    write_topic(*state, "grain", "label: Grain\nquery: wheat\n");
    write_topic(*state, "broken", "label: Broken\nquery: (wheat\n");
    write_topic(*state, "bytes", "\xff\xfe\n");
    feed(*state, "{\"id\":\"a\",\"title\":\"A\",\"body\":\"Wheat.\"}\n");
    dgm *desk = open_desk(*state);
    check_ids(desk, PAIRS("topic", "Grain"), "a", true);
    dgm_close(desk);
}

/* ---- Keys ---- */

static bool put_key(void *user, dgmi_need *key)
{
    dgmi_buf *out = user;
    dgmi_buf_printf(out, "%s%s", out->n > 0 ? " " : "", key->text);
    return true;
}

static char *keys_of(const char *text)
{
    dgmi_query *query = NULL;
    dgmi_buf out;
    dgmi_keyer k = { .language = "en", .arena = dgmi_arena_new(0) };
    OK(dgmi_stems_new(&k.stems, err));
    OK(dgmi_query_parse(text, false, &query, err));
    dgmi_need *need = dgmi_need_of(&k, query->root);
    dgmi_buf_init(&out, 0);
    assert_true(dgmi_need_keys(need, put_key, &out));
    if (need->kind == DGMI_NEED_NOTHING)
        dgmi_buf_puts(&out, "-");
    char *made = dgmi_buf_take(&out);
    dgmi_query_free(query);
    dgmi_stems_free(k.stems);
    dgmi_arena_free(k.arena);
    dgmi_buf_clear(&k.term);
    return made;
}

static void the_rarest_word_that_must_be_there_is_the_key(void **state)
{
    static const struct {
        const char *query, *keys;
    } table[] = {
        { "ferry", "Zferri" },
        { "ferry AND sovereignty", "Zsovereignti" },
        { "war OR sovereignty", "Zwar Zsovereignti" },
        { "(war OR peace) AND sovereignty", "Zsovereignti" },
        { "war OR region:Kenya", "-" },
        { "war AND region:Kenya", "Zwar" },
        { "sovereignty -war", "Zsovereignti" },
        { "-war", "-" },
        { "\"the sovereignty\"", "Zsovereignti" },
        { "ministr*", "ministr" },
        { "re?ctor", "-" },
        { "war NEAR/3 sovereignty", "Zsovereignti" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char *keys = keys_of(table[i].query);
        assert_string_equal(keys, table[i].keys);
        free(keys);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(items_get_the_topics_whose_queries_find_them),
        DESK_TEST(an_index_built_anew_has_the_same_topics),
        DESK_TEST(a_topic_stands_beside_those_of_the_source_with_its_evidence),
        DESK_TEST(a_topic_that_was_taken_away_names_no_new_items),
        DESK_TEST(an_item_that_another_replaced_keeps_its_topics),
        DESK_TEST(a_file_that_is_no_topic_stops_nothing),
        cmocka_unit_test(the_rarest_word_that_must_be_there_is_the_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
