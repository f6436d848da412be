/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/index/catchup.c: an index that is of no use is built anew by whoever
 * writes next. */
#include "desk.h"

#define LINES "{\"id\":\"a\",\"body\":\"alpha\"}\n{\"id\":\"b\",\"body\":\"beta\"}\n"

static uint64_t generation(const char *data)
{
    dgmi_index *index = open_index(data);
    uint64_t n = index->generation;
    dgmi_index_close(index);
    return n;
}

static void put_metadata(const char *data, const char *key, const char *value)
{
    dgmx_writer *w = NULL;
    char *path = dgmi_generation_path(data, 1);
    OK(dgmx_writer_open(path, 0, &w, err));
    OK(dgmx_writer_set_metadata(w, key, value, strlen(value), err));
    OK(dgmx_writer_commit(w, err));
    dgmx_writer_close(w);
    free(path);
}

static void open_and_close(const char *data)
{
    dgm_ingest *in = NULL;
    OK(dgm_ingest_open(data, NULL, &in, err));
    dgm_ingest_close(in);
}

static void expect_mended(const char *data)
{
    open_and_close(data);
    assert_int_equal(generation(data), 2);
    assert_int_equal(find(data, DGMI_TERM_USABLE), 2);
    assert_int_equal(differences(data), 0);
}

static void another_schema_or_stemmer_or_a_wrong_place_is_built_anew(void **state)
{
    static const struct {
        const char *key, *value;
    } table[] = {
        { "dgm.schema", "0" },          { "dgm.stemmer", "snowball-0.9" },
        { "dgm.position", "1:7" },      { "dgm.position", "9:0" },
        { "dgm.position", "nonsense" }, { "dgm.avglen", "" },
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char name[16];
        snprintf(name, sizeof name, "desk-%zu", i);
        char *data = dgmi_path_join(*state, name);
        OK(dgmi_make_dirs(data, err));
        feed(data, LINES);
        /* Something to catch up with, where only that brings the fault to light. */
        static const char *const more[] = {
            "{\"dgm\":1,\"id\":\"b\",\"body\":[\"beta two\"]}", NULL
        };
        append_lines(data, more);
        put_metadata(data, table[i].key, table[i].value);
        expect_mended(data);
        assert_int_equal(find(data, "two"), 1);
        free(data);
    }
}

static void a_generation_that_is_gone_or_damaged_is_built_anew(void **state)
{
    feed(*state, LINES);
    char *gen = dgmi_generation_path(*state, 1);
    OK(dgmi_remove_tree(gen, err));
    open_and_close(*state);
    assert_int_equal(find(*state, DGMI_TERM_USABLE), 2);
    assert_int_equal(differences(*state), 0);
    free(gen);
}

static void nothing_to_do_writes_nothing(void **state)
{
    feed(*state, LINES);
    uint64_t size = dgmi_tree_size(*state);
    open_and_close(*state);
    assert_int_equal(generation(*state), 1);
    assert_int_equal(dgmi_tree_size(*state), size);
}

static void few_records_go_to_the_live_generation_and_many_to_a_new_one(void **state)
{
    dgmi_buf input;
    dgmi_buf_init(&input, 0);
    feed(*state, LINES);
    for (int i = 0; i < 400; i++)
        dgmi_buf_printf(&input, "{\"id\":\"few%d\",\"body\":\"text\"}\n", i);
    feed(*state, input.p);
    assert_int_equal(generation(*state), 1);
    dgmi_buf_reset(&input);
    for (int i = 0; i < 600; i++)
        dgmi_buf_printf(&input, "{\"id\":\"many%d\",\"body\":\"text\"}\n", i);
    feed(*state, input.p);
    assert_int_equal(generation(*state), 2);
    assert_int_equal(find(*state, DGMI_TERM_USABLE), 1002);
    assert_int_equal(differences(*state), 0);
    dgmi_buf_clear(&input);
}

static void a_small_budget_of_memory_indexes_in_between(void **state)
{
    dgm_ingest *in = NULL;
    dgm_ingest_options o = { .memory = 1, .jobs = 1 }; /* as little as is taken */
    dgm_counts counts;
    dgmi_buf input;
    dgmi_buf_init(&input, 0);
    for (int i = 0; i < 26000; i++)
        dgmi_buf_printf(&input, "{\"id\":\"%d\",\"body\":\"w\"}\n", i);
    OK(dgm_ingest_open(*state, &o, &in, err));
    OK(dgm_ingest_bytes(in, "x.ndjson", input.p, input.n, err));
    assert_true(find(*state, DGMI_TERM_USABLE) > 0); /* before the commit */
    OK(dgm_ingest_commit(in, &counts, err));
    dgm_ingest_close(in);
    assert_int_equal(counts.added, 26000);
    assert_int_equal(find(*state, DGMI_TERM_USABLE), 26000);
    dgmi_buf_clear(&input);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(another_schema_or_stemmer_or_a_wrong_place_is_built_anew),
        DESK_TEST(a_generation_that_is_gone_or_damaged_is_built_anew),
        DESK_TEST(nothing_to_do_writes_nothing),
        DESK_TEST(few_records_go_to_the_live_generation_and_many_to_a_new_one),
        DESK_TEST(a_small_budget_of_memory_indexes_in_between),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
