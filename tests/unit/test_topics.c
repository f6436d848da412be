/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of topics.c: codes to names, and the table itself. Depends on lib/item. */
#include "collect.h"

#include "topics.h"

static dgmi_topic find(const char *code)
{
    dgmi_topic topic = { { "", 0 }, { "", 0 }, { "", 0 } };
    dgmi_topic_find(dgmi_str_of(code), &topic);
    return topic;
}

static void assert_name(const char *code, const char *name)
{
    dgmi_topic topic = find(code);
    if (!dgmi_str_eq(topic.name, name))
        fail_msg("%s is \"%.*s\"", code, (int)topic.name.n, topic.name.p);
}

static void a_code_is_known_in_all_of_its_forms(void **state)
{
    (void)state;
    assert_name("medtop:20000574", "election");
    assert_name("http://cv.iptc.org/newscodes/mediatopic/20000574", "election");
    assert_name("https://cv.iptc.org/newscodes/mediatopic/20000574", "election");
    assert_name("MEDTOP:01000000", "arts, culture, entertainment and media");
    assert_name("subj:11000000", "politics");
    assert_name("http://cv.iptc.org/newscodes/subjectcode/04000000",
                "economy, business and finance");
}

static void what_is_no_code_has_no_name(void **state)
{
    (void)state;
    static const char *const none[] = {
        "",         "medtop:",          "medtop:2000057",
        "20000574", "medtop:200005741", "medtop:99999999",
        "subj:",    "election",         "medtop:\t\n\t\n\t\n\t"
    };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_name(none[i], "");
}

static void a_retired_code_gives_its_successor(void **state)
{
    (void)state;
    assert_name("medtop:20000601", "military weaponry and equipment");
    assert_name("medtop:20000604", "national security");
    assert_name("medtop:20000598", "national security");
}

static void a_topic_leads_to_its_top(void **state)
{
    (void)state;
    dgmi_topic topic = find("medtop:20000586");
    assert_true(dgmi_topic_broader(&topic, &topic));
    assert_true(dgmi_str_eq(topic.name, "election"));
    assert_true(dgmi_topic_broader(&topic, &topic));
    assert_true(dgmi_str_eq(topic.name, "politics and government"));
    assert_false(dgmi_topic_broader(&topic, &topic));
    topic = find("subj:11003001");
    assert_true(dgmi_topic_broader(&topic, &topic));
    assert_true(dgmi_str_eq(topic.key, "s11003000"));
}

/* Every line is found by its key and leads up to a top without going round. */
static void every_line_of_the_table_can_be_found(void **state)
{
    (void)state;
    dgmi_str rest = { (const char *)dgmi_topics, dgmi_topics_size }, line, key;
    size_t lines = 0;
    while (dgmi_str_split(&rest, '\n', &line)) {
        char code[40];
        dgmi_topic topic;
        assert_true(dgmi_str_split(&line, '\t', &key));
        assert_int_equal(key.n, 9);
        snprintf(code, sizeof code, "%s%.8s",
                 key.p[0] == 'm' ? "medtop:" : "subj:", key.p + 1);
        assert_true(dgmi_topic_find(dgmi_str_of(code), &topic));
        assert_true(topic.name.n > 0);
        int steps = 0;
        while (dgmi_topic_broader(&topic, &topic))
            assert_true(++steps < 8);
        assert_int_equal(topic.broader.n, 0);
        lines++;
    }
    assert_true(lines > 2500);
}

static void an_item_has_the_name_instead_of_the_code(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "in", NULL,
                 "{\"title\":\"a\",\"topics\":[\"medtop:20000574\",\"election\","
                 "\"subj:11000000\",\"subj:11999999\",\"ships\"]}\n");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.items[0]->n_topics, 4);
    assert_string_equal(c.items[0]->topics[0], "election");
    assert_string_equal(c.items[0]->topics[1], "politics");
    assert_string_equal(c.items[0]->topics[2], "subj:11999999");
    assert_string_equal(c.items[0]->topics[3], "ships");
    collect_clear(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_is_known_in_all_of_its_forms),
        cmocka_unit_test(what_is_no_code_has_no_name),
        cmocka_unit_test(a_retired_code_gives_its_successor),
        cmocka_unit_test(a_topic_leads_to_its_top),
        cmocka_unit_test(every_line_of_the_table_can_be_found),
        cmocka_unit_test(an_item_has_the_name_instead_of_the_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
