/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/index/survey.c and lines.c: chunks, repeated ids, winners, lengths. */
#include "desk.h"
#include "item.h"
#include "survey.h"

static dgmi_survey *survey(const char *data, uint32_t chunk_records, size_t memory)
{
    dgmi_survey *s = NULL;
    dgmi_survey_options o = { .data_dir = data,
                              .to = archive_end(data),
                              .chunk_records = chunk_records,
                              .chunk_bytes = 1 << 20,
                              .memory = memory };
    OK(dgmi_survey_new(&o, &s, err));
    return s;
}

#define V(id, version, body)                                                             \
    "{\"dgm\":1,\"id\":\"" id "\",\"version\":\"" version "\",\"body\":[\"" body "\"]}"

static uint64_t digest_of(const char *line)
{
    dgm_item *item = item_of(line);
    uint64_t digest = dgmi_item_digest(item);
    dgm_item_free(item);
    return digest;
}

static void only_repeated_ids_have_verdicts(void **state)
{
    static const char *const lines[] = { V("a", "1", "x"), V("b", "1", "x"),
                                         V("a", "3", "y"), V("a", "2", "z"), NULL };
    append_lines(*state, lines);
    dgmi_survey *s = survey(*state, 100, 1 << 20);
    uint64_t at[4] = { (uint64_t)1 << 40 };
    for (int i = 1; i < 4; i++)
        at[i] = at[i - 1] + strlen(lines[i - 1]) + 1;
    assert_int_equal(dgmi_survey_records(s), 4);
    assert_null(dgmi_survey_verdict(s, at[1]));
    assert_false(dgmi_survey_verdict(s, at[0])->wins);
    assert_false(dgmi_survey_verdict(s, at[3])->wins);
    const dgmi_verdict *v = dgmi_survey_verdict(s, at[2]);
    assert_true(v->wins);
    assert_true(v->stored.at == at[2] && v->stored.first_seen == at[0]);
    assert_int_equal(v->stored.n_digests, 3);
    assert_true(v->stored.digests[0] == digest_of(lines[0]));
    assert_true(v->stored.digests[2] == digest_of(lines[3]));
    dgmi_survey_free(s);
}

/* With a share of the memory that holds a handful of ids, there are many passes. */
static void several_passes_find_what_one_finds(void **state)
{
    static char text[600][64];
    const char *lines[601] = { NULL };
    for (int i = 0; i < 600; i++) {
        snprintf(text[i], sizeof text[i], "{\"dgm\":1,\"id\":\"%d\",\"version\":\"%d\"}",
                 i % 250, i);
        lines[i] = text[i];
    }
    append_lines(*state, lines);
    dgmi_survey *one = survey(*state, 7, 1 << 20), *many = survey(*state, 7, 4096);
    dgmi_position at = { 1, 0 };
    int winners = 0;
    for (int i = 0; i < 600; i++) {
        const dgmi_verdict *a = dgmi_survey_verdict(one, dgmi_position_pack(at));
        const dgmi_verdict *b = dgmi_survey_verdict(many, dgmi_position_pack(at));
        assert_non_null(a);
        assert_non_null(b);
        assert_int_equal(a->wins, b->wins);
        assert_int_equal(a->wins, i >= 350);
        assert_int_equal(a->stored.n_digests, i % 250 < 100 ? 3 : 2);
        winners += a->wins;
        at.offset += strlen(text[i]) + 1;
    }
    assert_int_equal(winners, 250);
    dgmi_survey_free(one);
    dgmi_survey_free(many);
}

static void chunks_cover_every_record_once(void **state)
{
    static const char *const lines[] = { V("a", "1", "x"), V("b", "1", "x"),
                                         V("c", "1", "x"), V("d", "1", "x"),
                                         V("e", "1", "x"), NULL };
    append_lines(*state, lines);
    dgmi_survey *s = survey(*state, 2, 1 << 20);
    dgmi_position next = { 1, 0 };
    uint32_t records = 0, n = 0;
    for (const dgmi_chunk *c; (c = dgmi_survey_chunk(s, n)); n++) {
        assert_int_equal(dgmi_position_compare(c->from, next), 0);
        next = c->to;
        records += c->records;
    }
    assert_int_equal(n, 3);
    assert_int_equal(records, 5);
    assert_int_equal(dgmi_position_compare(next, archive_end(*state)), 0);
    dgmi_survey_free(s);
}

static void lines_that_are_no_items_do_not_stop_it(void **state)
{
    static const char *const lines[] = {
        "no json",        V("a", "1", "x"),           "{\"dgm\":1}",
        V("a", "2", "y"), "{\"dgm\":1,\"id\":\"a\",", NULL
    };
    append_lines(*state, lines);
    dgmi_survey *s = survey(*state, 100, 1 << 20);
    assert_int_equal(dgmi_survey_records(s), 5);
    assert_null(dgmi_survey_verdict(s, (uint64_t)1 << 40));
    assert_non_null(dgmi_survey_verdict(s, ((uint64_t)1 << 40) + 8));
    dgmi_survey_free(s);
}

static void an_empty_archive_has_no_chunks(void **state)
{
    dgmi_survey *s = survey(*state, 100, 1 << 20);
    double average = 0;
    assert_int_equal(dgmi_survey_records(s), 0);
    assert_null(dgmi_survey_chunk(s, 0));
    OK(dgmi_lines_average(*state, 0, &average, err));
    assert_true(average >= 1 && average <= 1);
    dgmi_survey_free(s);
}

static void more_versions_than_a_record_lists_keep_the_latest(void **state)
{
    static char text[100][80];
    const char *lines[101] = { NULL };
    for (int i = 0; i < 100; i++) {
        snprintf(text[i], sizeof text[i], "{\"dgm\":1,\"id\":\"a\",\"version\":\"%d\"}",
                 i);
        lines[i] = text[i];
    }
    append_lines(*state, lines);
    dgmi_survey *s = survey(*state, 1000, 1 << 20);
    const dgmi_verdict *v = dgmi_survey_verdict(s, (uint64_t)1 << 40);
    assert_int_equal(v->stored.n_digests, DGMI_DIGESTS_MAX);
    assert_true(v->stored.digests[DGMI_DIGESTS_MAX - 1] == digest_of(text[99]));
    assert_true(v->stored.digests[0] == digest_of(text[100 - DGMI_DIGESTS_MAX]));
    dgmi_survey_free(s);
}

static void an_id_is_read_alike_by_scanning_and_by_parsing(void **state)
{
    (void)state;
    static const struct {
        const char *line, *id;
    } table[] = {
        { "{\"dgm\":1,\"id\":\"plain\",\"body\":[\"x\"]}", "plain" },
        { "{\"dgm\":1,\"id\":\"with \\\" in it\",\"body\":[\"x\"]}", "with \" in it" },
        { "{\"dgm\":1,\"title\":\"t\",\"id\":\"late\",\"body\":[\"x\"]}", "late" },
        { "{\"id\":\"foreign\",\"body\":\"x\"}", "foreign" },
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        dgmi_buf id;
        dgmi_buf_init(&id, 0);
        OK(dgmi_line_id(table[i].line, strlen(table[i].line), &id, err));
        assert_string_equal(id.p, table[i].id);
        dgmi_buf_clear(&id);
        dgm_item *item = item_of(table[i].line);
        assert_string_equal(item->id, table[i].id);
        dgm_item_free(item);
    }
}

static void the_average_is_over_items_that_can_be_found(void **state)
{
    static const char *const lines[] = {
        V("a", "1", "one two three"), V("b", "1", "one"), "garbage",
        "{\"dgm\":1,\"id\":\"c\",\"status\":\"canceled\",\"body\":[\"a b c d e f g h i "
        "j\"]}",
        NULL
    };
    double average = 0;
    append_lines(*state, lines);
    OK(dgmi_lines_average(*state, 4, &average, err));
    assert_int_equal((int)(average * 1000), 2000);
}

static void the_average_of_a_large_archive_is_sampled_all_over(void **state)
{
    static char text[5000][64];
    const char *lines[5001] = { NULL };
    double average = 0;
    for (int i = 0; i < 5000; i++) {
        snprintf(text[i], sizeof text[i], "{\"dgm\":1,\"id\":\"%04d\",\"body\":[\"%s\"]}",
                 i, i < 2500 ? "w" : "a b c");
        lines[i] = text[i];
    }
    append_lines(*state, lines);
    OK(dgmi_lines_average(*state, 5000, &average, err));
    assert_true(average > 1.9 && average < 2.15);
}

/* Long records fill most of the bytes; a sample by bytes must not take them for most of
 * the items. */
static void long_items_among_short_ones_do_not_draw_the_average(void **state)
{
    static char shorts[4000][64], longs[100][2200];
    const char *lines[4101] = { NULL };
    double average = 0;
    for (int i = 0; i < 4000; i++) {
        snprintf(shorts[i], sizeof shorts[i],
                 "{\"dgm\":1,\"id\":\"s%04d\",\"body\":[\"w\"]}", i);
        lines[i] = shorts[i];
    }
    for (int i = 0; i < 100; i++) {
        int n = snprintf(longs[i], sizeof longs[i],
                         "{\"dgm\":1,\"id\":\"l%04d\",\"body\":[\"", i);
        memset(longs[i] + n, ' ', 2000);
        for (int k = 0; k < 1000; k++)
            longs[i][n + 2 * k] = 'w';
        snprintf(longs[i] + n + 2000, sizeof longs[i] - (size_t)n - 2000, "\"]}");
        lines[4000 + i] = longs[i];
    }
    append_lines(*state, lines);
    OK(dgmi_lines_average(*state, 4100, &average, err)); /* (4000 + 100 * 1000) / 4100 */
    assert_true(average > 20 && average < 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(long_items_among_short_ones_do_not_draw_the_average),
        DESK_TEST(only_repeated_ids_have_verdicts),
        DESK_TEST(several_passes_find_what_one_finds),
        DESK_TEST(chunks_cover_every_record_once),
        DESK_TEST(lines_that_are_no_items_do_not_stop_it),
        DESK_TEST(an_empty_archive_has_no_chunks),
        DESK_TEST(more_versions_than_a_record_lists_keep_the_latest),
        DESK_TEST(an_id_is_read_alike_by_scanning_and_by_parsing),
        DESK_TEST(the_average_is_over_items_that_can_be_found),
        DESK_TEST(the_average_of_a_large_archive_is_sampled_all_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
