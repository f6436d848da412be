/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of the query parser: golden pairs, round trips, bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "file.h"
#include "query.h"

/* ---- Golden pairs: blocks of "in:", "out:", "warning:" or "error:" ---- */

static void describe(dgmi_buf *out, const char *text)
{
    dgmi_query *q = NULL;
    dgm_error err = DGM_ERROR_INIT;
    dgmi_buf_printf(out, "in: %s\n", text);
    if (dgmi_query_parse(text, false, &q, &err) != DGM_OK) {
        assert_null(q);
        assert_int_equal(err.code, DGM_E_QUERY);
        dgmi_buf_printf(out, "error: %d %s\n\n", err.offset, err.text);
        return;
    }
    dgmi_buf_printf(out, "out: %s\n", q->parsed);
    for (uint32_t i = 0; i < q->n_warnings; i++)
        dgmi_buf_printf(out, "warning: %s\n", q->warnings[i]);
    dgmi_buf_putc(out, '\n');
    dgmi_query_free(q);
}

/* Set GOLDEN=write to rewrite the files from what the parser says now. */
static void check_golden_file(const char *path)
{
    dgmi_buf want, got;
    dgmi_buf_init(&want, 0);
    dgmi_buf_init(&got, 0);
    assert_int_equal(dgmi_file_read(path, &want, NULL), DGM_OK);
    dgmi_str rest = dgmi_buf_str(&want), line;
    unsigned cases = 0;
    while (dgmi_str_split(&rest, '\n', &line)) {
        if (!dgmi_str_starts(line, "in: "))
            continue;
        char *text = dgmi_str_dup(dgmi_str_skip(line, 4));
        describe(&got, text);
        free(text);
        cases++;
    }
    assert_true(cases > 0);
    const char *mode = getenv("GOLDEN");
    if (mode && strcmp(mode, "write") == 0)
        assert_int_equal(dgmi_file_replace(path, got.p, got.n, NULL), DGM_OK);
    else
        assert_string_equal(got.p, want.p);
    dgmi_buf_clear(&want);
    dgmi_buf_clear(&got);
}

static void query_reads_the_golden_pairs(void **state)
{
    (void)state;
    dgmi_names names;
    unsigned files = 0;
    assert_int_equal(dgmi_dir_list(SOURCE_DIR "/tests/golden/query", &names, NULL),
                     DGM_OK);
    for (size_t i = 0; i < names.n; i++) {
        if (!dgmi_str_ends(dgmi_str_of(names.names[i]), ".txt"))
            continue;
        char *path = dgmi_path_join(SOURCE_DIR "/tests/golden/query", names.names[i]);
        check_golden_file(path);
        free(path);
        files++;
    }
    dgmi_names_free(&names);
    assert_true(files >= 5);
}

/* ---- Round trips ---- */

static bool is_same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static void assert_same_tree(const dgmi_node *a, const dgmi_node *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_true(is_same_text(a->text, b->text));
    assert_true(is_same_text(a->whole, b->whole));
    assert_true(is_same_text(a->field, b->field));
    assert_int_equal(a->loose, b->loose);
    assert_int_equal(a->condition, b->condition);
    assert_int_equal(a->n_words, b->n_words);
    for (uint32_t i = 0; i < a->n_words; i++)
        assert_string_equal(a->words[i], b->words[i]);
    assert_int_equal(a->n_children, b->n_children);
    for (uint32_t i = 0; i < a->n_children; i++)
        assert_same_tree(a->children[i], b->children[i]);
}

static void query_prints_what_parses_to_the_same_tree(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "cyber attacks",
        "cyber-attack policy -\"red tape\"",
        "a OR b c AND d NOT e",
        "title:(truce OR \"cease fire\") region:\"Russian Federation\" date:2021..2022",
        "-(a b) c",
        "(NOT a) OR b",
        "俄罗斯 新闻 polic* title:truc*",
        "region:(a OR b) c -id:\"x y\"",
        "MINISTER DOES NOT RULE OUT TALKS",
        "((a b) OR (c -d)) e",
        "translated:yes before:2020",
        "NOT a NOT (b OR c)",
        "U.S. O’Brien 1,087 COVID-19",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        dgmi_query *first = NULL, *second = NULL;
        assert_int_equal(dgmi_query_parse(texts[i], false, &first, NULL), DGM_OK);
        assert_int_equal(dgmi_query_parse(first->parsed, false, &second, NULL), DGM_OK);
        assert_string_equal(first->parsed, second->parsed);
        assert_same_tree(first->root, second->root);
        dgmi_query_free(first);
        dgmi_query_free(second);
    }
}

/* ---- Single properties ---- */

static dgmi_query *parse(const char *text)
{
    dgmi_query *q = NULL;
    dgm_error err = DGM_ERROR_INIT;
    if (dgmi_query_parse(text, false, &q, &err) != DGM_OK)
        fail_msg("%s: %s", text, err.text);
    return q;
}

static void query_counts_a_word_that_is_said_again(void **state)
{
    (void)state;
    dgmi_query *q = parse("war peace war WAR");
    assert_int_equal(q->root->kind, DGMI_NODE_GROUP);
    assert_int_equal(q->root->n_children, 2);
    assert_int_equal(q->root->children[0]->times, 3);
    assert_int_equal(q->root->children[1]->times, 1);
    dgmi_query_free(q);
}

static void query_tells_an_acronym_from_a_word(void **state)
{
    (void)state;
    dgmi_query *q = parse("US said it");
    assert_true(q->root->children[0]->acronym);
    assert_false(q->root->children[2]->acronym);
    dgmi_query_free(q);
    q = parse("WHO IS IT");
    assert_false(q->root->children[0]->acronym);
    dgmi_query_free(q);
}

static void query_keeps_the_place_of_each_word(void **state)
{
    (void)state;
    const char *text = "ab  region:\"x y\" cdé-fg";
    dgmi_query *q = parse(text);
    const dgmi_node *word = q->root->children[1], *field = q->root->children[2];
    assert_int_equal(field->from, 11);
    assert_int_equal(field->to, 16);
    assert_string_equal(word->text, "cde-fg");
    assert_int_equal(word->from, 17);
    assert_int_equal(word->to, strlen(text));
    dgmi_query_free(q);
}

static void query_ignores_bytes_that_are_not_utf8(void **state)
{
    (void)state;
    dgmi_query *q = parse("caf\xe9 bar\x01"
                          "baz");
    assert_string_equal(q->parsed, "(caf bar baz)");
    assert_int_equal(q->n_warnings, 1);
    dgmi_query_free(q);
}

static void query_takes_operators_as_words_when_literal(void **state)
{
    (void)state;
    dgmi_query *q = NULL;
    const char *text = "what (do you) NOT know: \"region:x\" -AND* why?";
    assert_int_equal(dgmi_query_parse(text, true, &q, NULL), DGM_OK);
    assert_int_equal(q->root->kind, DGMI_NODE_GROUP);
    assert_string_equal(q->parsed, "(what do you not know region x and why)");
    assert_int_equal(q->n_warnings, 0);
    dgmi_query_free(q);
}

static void put_words(dgmi_buf *out, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        dgmi_buf_printf(out, "w%u ", i);
}

static void query_says_how_many_words_it_left_out(void **state)
{
    (void)state;
    dgmi_buf text;
    dgmi_buf_init(&text, 0);
    put_words(&text, 100);
    dgmi_query *q = parse(text.p);
    assert_int_equal(q->root->n_children, DGMI_QUERY_LEAVES);
    assert_int_equal(q->n_warnings, 1);
    assert_non_null(strstr(q->warnings[0], "36 more"));
    dgmi_query_free(q);
    dgmi_buf_clear(&text);
}

static void query_refuses_too_many_words_with_operators(void **state)
{
    (void)state;
    dgmi_buf text;
    dgmi_query *q = NULL;
    dgm_error err = DGM_ERROR_INIT;
    dgmi_buf_init(&text, 0);
    put_words(&text, 64);
    size_t at = text.n;
    dgmi_buf_puts(&text, "OR last");
    assert_int_equal(dgmi_query_parse(text.p, false, &q, &err), DGM_E_QUERY);
    assert_null(q);
    assert_int_equal(err.offset, at + 3);
    dgmi_buf_clear(&text);
}

static void query_refuses_what_is_too_long_or_too_deep(void **state)
{
    (void)state;
    char text[DGMI_QUERY_BYTES + 2];
    dgmi_query *q = NULL;
    dgm_error err = DGM_ERROR_INIT;
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(dgmi_query_parse(text, false, &q, &err), DGM_E_QUERY);
    assert_int_equal(err.offset, DGMI_QUERY_BYTES);
    memset(text, '(', DGMI_QUERY_BYTES);
    text[DGMI_QUERY_BYTES] = '\0';
    err = (dgm_error)DGM_ERROR_INIT;
    assert_int_equal(dgmi_query_parse(text, false, &q, &err), DGM_E_QUERY);
    assert_int_equal(err.offset, DGMI_QUERY_DEPTH);
}

static void query_of_nothing_is_all_items(void **state)
{
    (void)state;
    dgmi_query *q = NULL;
    assert_int_equal(dgmi_query_parse(NULL, false, &q, NULL), DGM_OK);
    assert_int_equal(q->root->kind, DGMI_NODE_ALL);
    assert_int_equal(q->n_warnings, 0);
    dgmi_query_free(q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(query_reads_the_golden_pairs),
        cmocka_unit_test(query_prints_what_parses_to_the_same_tree),
        cmocka_unit_test(query_counts_a_word_that_is_said_again),
        cmocka_unit_test(query_tells_an_acronym_from_a_word),
        cmocka_unit_test(query_keeps_the_place_of_each_word),
        cmocka_unit_test(query_ignores_bytes_that_are_not_utf8),
        cmocka_unit_test(query_takes_operators_as_words_when_literal),
        cmocka_unit_test(query_says_how_many_words_it_left_out),
        cmocka_unit_test(query_refuses_too_many_words_with_operators),
        cmocka_unit_test(query_refuses_what_is_too_long_or_too_deep),
        cmocka_unit_test(query_of_nothing_is_all_items),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
