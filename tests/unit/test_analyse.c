/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/index/analyse.c: an item to the terms, positions and values of its
 * document. */
#include "desk.h"
#include "impact.h"

typedef struct bench {
    char *data;
    dgmi_analyser *analyser;
} bench;

static int set_bench(void **state)
{
    bench *b = calloc(1, sizeof *b);
    *state = b;
    return set_up((void **)&b->data) || dgmi_analyser_new(&b->analyser, NULL) != DGM_OK;
}

static int clear_bench(void **state)
{
    bench *b = *state;
    int failed = tear_down((void **)&b->data);
    dgmi_analyser_free(b->analyser);
    free(b);
    return failed;
}

/* Analyses one line into a database of its own and dumps its document. */
static char *analyse(bench *b, const char *line, double average)
{
    static const uint64_t digest = 5;
    static const uint64_t place = 12;
    dgmi_stored stored = { .first_seen = 11,
                           .at = place,
                           .digests = &digest,
                           .places = &place,
                           .n_digests = 1 };
    dgm_item *item = item_of(line);
    dgmx_doc *doc = NULL;
    dgmx_writer *w = NULL;
    char *path = dgmi_path_join(b->data, "db");
    bool cut = true;
    OK(dgmi_analyse(b->analyser, item, &stored, average, &doc, &cut, err));
    assert_false(cut);
    OK(dgmx_writer_open(path, DGMX_CREATE | DGMX_OVERWRITE, &w, err));
    OK(dgmx_writer_add(w, doc, NULL, err));
    OK(dgmx_writer_commit(w, err));
    dgmx_writer_close(w);
    dgmi_index index = { .db = NULL };
    OK(dgmx_db_open(path, &index.db, err));
    char *text = dump(&index, item->id);
    dgmx_db_close(index.db);
    dgmx_doc_free(doc);
    dgm_item_free(item);
    free(path);
    return text;
}

static void has(const char *dumped, const char *line)
{
    char *wanted;
    size_t n = strlen(line);
    if (strncmp(dumped, line, n) == 0 && dumped[n] == '\n')
        return;
    assert_true(asprintf(&wanted, "\n%s\n", line) > 0);
    if (!strstr(dumped, wanted))
        fail_msg("no line \"%s\" in:\n%s", line, dumped);
    free(wanted);
}

static void lacks(const char *dumped, const char *part)
{
    if (strstr(dumped, part))
        fail_msg("\"%s\" in:\n%s", part, dumped);
}

static void surface_forms_have_positions_and_stems_have_impact(void **state)
{
    char line[64];
    char *d = analyse(*state,
                      "{\"dgm\":1,\"id\":\"a\",\"title\":\"Ministers met\","
                      "\"body\":[\"Ministers talked.\",\"They met.\"]}",
                      6);
    has(d, "ministers 0 @1 @1001");
    has(d, "talked 0 @1002");
    has(d, "they 0 @1103");
    has(d, "Sministers 0 @1");
    has(d, "Smet 0 @2");
    snprintf(line, sizeof line, "Zminist %u", dgmi_impact(1 + DGMI_TITLE_WEIGHT, 6, 6));
    has(d, line);
    snprintf(line, sizeof line, "Ztalk %u", dgmi_impact(1, 6, 6));
    has(d, line);
    snprintf(line, sizeof line, "ZSminist %u", dgmi_impact(1, 1, 1));
    has(d, line);
    lacks(d, "\nStalked");
    lacks(d, "\nZStalk");
    free(d);
}

static void forms_of_one_stem_add_up(void **state)
{
    char line[64];
    char *d = analyse(
        *state, "{\"dgm\":1,\"id\":\"a\",\"body\":[\"Attack, attacks, attacking\"]}", 3);
    snprintf(line, sizeof line, "Zattack %u", dgmi_impact(3, 3, 3));
    has(d, line);
    free(d);
}

static void a_derived_title_counts_once(void **state)
{
    char line[64];
    char *d = analyse(*state,
                      "{\"dgm\":1,\"id\":\"a\",\"title\":\"Gas flows.\","
                      "\"title_derived\":true,\"body\":[\"Gas flows. More.\"]}",
                      3);
    snprintf(line, sizeof line, "Zgas %u", dgmi_impact(1, 3, 3));
    has(d, line);
    has(d, "Sgas 0 @1");
    has(d, "gas 0 @1 @1001");
    free(d);
}

static void a_compound_is_found_whole_and_in_parts(void **state)
{
    char *d = analyse(*state,
                      "{\"dgm\":1,\"id\":\"a\",\"body\":[\"A cyber-attack began\"]}", 4);
    has(d, "cyber 0 @1002");
    has(d, "attack 0 @1003");
    has(d, "cyberattack 0 @1002");
    has(d, "began 0 @1004");
    free(d);
}

static void keys_have_their_whole_value_their_words_and_an_exact_term(void **state)
{
    char *d = analyse(*state,
                      "{\"dgm\":1,\"id\":\"A:1\",\"body\":[\"x\"],"
                      "\"region\":\"Russian  Federation\",\"country\":\"RU\","
                      "\"source\":\"Kremlin\",\"language\":\"en\",\"translated\":true,"
                      "\"topics\":[\"Energy policy\",\"Energy\"],"
                      "\"turns\":[{\"role\":\"answer\",\"speaker\":\"Anna Keller\","
                      "\"from\":0,\"to\":1}]}",
                      1);
    static const char *const lines[] = { "Q:A:1 0",
                                         "XRrussian federation 0",
                                         "XRrussian 0",
                                         "XRfederation 0",
                                         "XR=russian federation 0",
                                         "Nru 0",
                                         "N=ru 0",
                                         "XSkremlin 0",
                                         "XS=kremlin 0",
                                         "Len 0",
                                         "Kenergy policy 0",
                                         "Kenergy 0",
                                         "Kpolicy 0",
                                         "K=energy 0",
                                         "K=energy policy 0",
                                         "Aanna keller 0",
                                         "Akeller 0",
                                         "XTyes 0",
                                         "XVusable 0" };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        has(d, lines[i]);
    lacks(d, "XR=russian 0");
    free(d);
}

static void a_date_has_terms_and_values(void **state)
{
    char *d = analyse(*state,
                      "{\"dgm\":1,\"id\":\"a\",\"body\":[\"x\"],"
                      "\"published\":\"2021-06-16T10:00:00Z\"}",
                      1);
    has(d, "Y2021 0");
    has(d, "M202106 0");
    has(d, "D20210616 0");
    has(d, "value 32303231");       /* 2021 */
    has(d, "value 323032312d3036"); /* 2021-06 */
    free(d);
    d = analyse(*state, "{\"dgm\":1,\"id\":\"a\",\"body\":[\"x\"]}", 1);
    lacks(d, "\nY");
    lacks(d, "value 3230");
    free(d);
}

static void boilerplate_is_not_indexed_and_still_kept(void **state)
{
    char *d = analyse(*state,
                      "{\"dgm\":1,\"id\":\"a\",\"body\":[\"content\"],\"boilerplate\":"
                      "[{\"kind\":\"note\",\"text\":\"sponsorword\",\"before\":0}]}",
                      1);
    has(d, "content 0 @1001");
    lacks(d, "sponsorword");
    free(d);
}

static void a_tombstone_has_its_id_its_change_and_its_record_alone(void **state)
{
    static const char *const statuses[] = { "canceled", "withheld" };
    for (int i = 0; i < 2; i++) {
        char line[160];
        snprintf(line, sizeof line,
                 "{\"dgm\":1,\"id\":\"a\",\"title\":\"gone\",\"status\":\"%s\","
                 "\"published\":\"2021-06-16\",\"region\":\"X\",\"body\":[\"secret\"]}",
                 statuses[i]);
        char *d = analyse(*state, line, 1);
        assert_memory_equal(d, "Qa 0\nXVchanged 0\n\nvalue", 23);
        has(d, "title gone");
        lacks(d, "XVusable");
        free(d);
    }
}

static void scripts_without_spaces_are_indexed_by_character(void **state)
{
    char *d = analyse(*state,
                      "{\"dgm\":1,\"id\":\"a\",\"language\":\"zh\","
                      "\"body\":[\"\xE4\xB8\xAD\xE5\x9B\xBD\"]}",
                      2);
    has(d, "\xE4\xB8\xAD 0 @1001");
    has(d, "\xE5\x9B\xBD 0 @1002");
    assert_non_null(strstr(d, "\nZ\xE4\xB8\xAD "));
    free(d);
}

static void a_title_longer_than_its_room_pushes_the_body_on(void **state)
{
    dgmi_buf line;
    dgmi_buf_init(&line, 0);
    dgmi_buf_puts(&line, "{\"dgm\":1,\"id\":\"a\",\"title\":\"");
    for (int i = 0; i < 950; i++)
        dgmi_buf_puts(&line, "w ");
    dgmi_buf_puts(&line, "end\",\"body\":[\"start\"]}");
    char *d = analyse(*state, line.p, 100);
    has(d, "Send 0 @951");
    has(d, "start 0 @1052");
    free(d);
    dgmi_buf_clear(&line);
}

static void an_endless_item_is_cut_and_says_so(void **state)
{
    bench *b = *state;
    dgmi_stored stored = { .first_seen = 1, .at = 1 };
    dgmx_doc *doc = NULL;
    bool cut = false;
    dgmi_buf text;
    dgmi_buf_init(&text, 0);
    for (unsigned i = 0; i < DGMI_DISTINCT_MAX + 100; i++)
        dgmi_buf_printf(&text, "w%x ", i);
    const char *paragraphs[] = { text.p };
    dgm_item item = { .id = "a", .paragraphs = paragraphs, .n_paragraphs = 1 };
    assert_true(dgmi_count_words(&item) == DGMI_DISTINCT_MAX + 100);
    OK(dgmi_analyse(b->analyser, &item, &stored, 100, &doc, &cut, err));
    assert_true(cut);
    dgmx_doc_free(doc);
    dgmi_buf_clear(&text);
    char *d = analyse(b, "{\"dgm\":1,\"id\":\"a\",\"body\":[\"small again\"]}", 2);
    has(d, "again 0 @1002");
    free(d);
}

static void words_are_counted_as_ranking_counts_them(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        unsigned words;
    } table[] = {
        { "{\"dgm\":1,\"id\":\"a\",\"title\":\"One two\",\"body\":[\"three\",\"four "
          "five\"]}",
          5 },
        { "{\"dgm\":1,\"id\":\"a\",\"title\":\"One\",\"title_derived\":true,\"body\":["
          "\"One\"]}",
          1 },
        { "{\"dgm\":1,\"id\":\"a\",\"body\":[\"cyber-attack\"]}", 2 },
        { "{\"dgm\":1,\"id\":\"a\",\"title\":\"Alone\",\"body\":[]}", 1 },
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        dgm_item *item = item_of(table[i].line);
        assert_int_equal(dgmi_count_words(item), table[i].words);
        dgm_item_free(item);
    }
}

#define BENCH_TEST(name) cmocka_unit_test_setup_teardown(name, set_bench, clear_bench)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(surface_forms_have_positions_and_stems_have_impact),
        BENCH_TEST(forms_of_one_stem_add_up),
        BENCH_TEST(a_derived_title_counts_once),
        BENCH_TEST(a_compound_is_found_whole_and_in_parts),
        BENCH_TEST(keys_have_their_whole_value_their_words_and_an_exact_term),
        BENCH_TEST(a_date_has_terms_and_values),
        BENCH_TEST(boilerplate_is_not_indexed_and_still_kept),
        BENCH_TEST(a_tombstone_has_its_id_its_change_and_its_record_alone),
        BENCH_TEST(scripts_without_spaces_are_indexed_by_character),
        BENCH_TEST(a_title_longer_than_its_room_pushes_the_body_on),
        BENCH_TEST(an_endless_item_is_cut_and_says_so),
        cmocka_unit_test(words_are_counted_as_ranking_counts_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
