/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of feedset.c and list.c: settings of feeds, and lists of them. Depends on
 * lib/fetch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "list.h"

static int set_up(void **state)
{
    const char *base = getenv("TMPDIR");
    char *folder = dgmi_path_join(base ? base : P_tmpdir, "dragoman-list-XXXXXX");
    *state = folder;
    return folder && mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    dgm_status status = dgmi_remove_tree(*state, NULL);
    free(*state);
    return status == DGM_OK ? 0 : -1;
}

static dgm_status read_list(const char *folder, const char *name, const char *text,
                            dgmi_feed_list *list, dgm_error *err)
{
    char *path = dgmi_path_join(folder, name);
    *err = (dgm_error)DGM_ERROR_INIT;
    assert_int_equal(dgmi_file_replace(path, text, strlen(text), NULL), DGM_OK);
    dgm_status status = dgmi_feed_list_read(path, list, err);
    free(path);
    return status;
}

static void times_and_sizes_have_units_and_bounds(void **state)
{
    static const struct {
        dgmi_set set;
        const char *value;
        unsigned long number; /* 0: refused */
    } cases[] = {
        { DGMI_SET_INTERVAL, "90", 90 },
        { DGMI_SET_INTERVAL, "30s", 30 },
        { DGMI_SET_INTERVAL, "15m", 900 },
        { DGMI_SET_INTERVAL, "2h", 7200 },
        { DGMI_SET_INTERVAL, "1d", 86400 },
        { DGMI_SET_INTERVAL, "0", 0 },
        { DGMI_SET_INTERVAL, "-1", 0 },
        { DGMI_SET_INTERVAL, "1w", 0 },
        { DGMI_SET_INTERVAL, "1mm", 0 },
        { DGMI_SET_INTERVAL, "31d", 0 },
        { DGMI_SET_INTERVAL, "999999999999d", 0 },
        { DGMI_SET_INTERVAL, "1 m", 0 },
        { DGMI_SET_MAX_BYTES, "500k", 512000 },
        { DGMI_SET_MAX_BYTES, "10M", 10485760 },
        { DGMI_SET_MAX_BYTES, "1m", 0 },
        { DGMI_SET_MAX_BYTES, "65M", 0 },
        { DGMI_SET_PARALLEL, "8", 8 },
        { DGMI_SET_PARALLEL, "8k", 0 },
        { DGMI_SET_WEBSUB, "yes", 1 },
        { DGMI_SET_WEBSUB, "maybe", 0 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dgmi_values v = { .text = { NULL } };
        dgm_status status = dgmi_values_set(&v, cases[i].set, cases[i].value, NULL);
        if ((status == DGM_OK) != (cases[i].number > 0))
            fail_msg("%s", cases[i].value);
        if (status == DGM_OK)
            assert_int_equal(v.number[cases[i].set], cases[i].number);
        dgmi_values_clear(&v);
    }
}

static void addresses_are_of_the_web_and_have_a_host(void **state)
{
    static const char *const good[] = { "http://a", "HTTPS://a.example:8/x?y#z",
                                        "http://[::1]/" };
    static const char *const bad[] = { "ftp://a/",  "a.example",   "http://",
                                       "http:///x", "http://a b/", "//a/",
                                       "http://?x" };
    dgmi_values v = { .text = { NULL } };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_int_equal(dgmi_values_set(&v, DGMI_SET_URL, good[i], NULL), DGM_OK);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(dgmi_values_set(&v, DGMI_SET_URL, bad[i], NULL), DGM_E_ARG);
    assert_int_equal(dgmi_values_set(&v, DGMI_SET_NAME, "a\tb", NULL), DGM_E_ARG);
    assert_int_equal(dgmi_values_set(&v, DGMI_SET_HEADER, "no colon", NULL), DGM_E_ARG);
    assert_int_equal(dgmi_values_set(&v, DGMI_SET_COUNTRY, "Norway", NULL), DGM_OK);
    assert_string_equal(v.text[DGMI_SET_COUNTRY], "NO");
    dgmi_values_clear(&v);
}

static void a_feed_takes_what_fetch_says_and_says_more(void **state)
{
    dgmi_feed_list list;
    dgm_error err;
    assert_int_equal(
        read_list(*state, "a.ini",
                  "[one]\nurl = http://a.example/\ninterval = 5m\n"
                  "[two]\nurl = http://b.example/ ; a remark\nname = Second\n"
                  "# a remark\n[fetch]\ninterval = 1h\n",
                  &list, &err),
        DGM_OK);
    assert_int_equal(list.n, 2);
    assert_int_equal(dgmi_feed_number(&list.feeds[0], DGMI_SET_INTERVAL), 300);
    assert_int_equal(dgmi_feed_number(&list.feeds[1], DGMI_SET_INTERVAL), 3600);
    assert_int_equal(dgmi_feed_number(&list.feeds[1], DGMI_SET_TIMEOUT), 60);
    assert_string_equal(dgmi_feed_text(&list.feeds[0], DGMI_SET_NAME), "one");
    assert_string_equal(dgmi_feed_text(&list.feeds[1], DGMI_SET_NAME), "Second");
    assert_string_equal(dgmi_feed_text(&list.feeds[1], DGMI_SET_URL),
                        "http://b.example/");
    dgmi_feed_list_clear(&list);
}

static void long_values_are_whole_and_remarks_of_any_length_are_none(void **state)
{
    char text[4000], url[1600] = "http://a.example/", remark[1000];
    dgmi_feed_list list;
    dgm_error err;
    memset(url + 17, 'p', sizeof url - 18);
    memset(remark, '#', sizeof remark - 1);
    remark[sizeof remark - 1] = '\0';
    snprintf(text, sizeof text, "%s\n[a]\r\nurl = %s\r\nlanguage=en\r\n", remark, url);
    if (read_list(*state, "a.ini", text, &list, &err) != DGM_OK)
        fail_msg("%s", err.text);
    assert_string_equal(dgmi_feed_text(&list.feeds[0], DGMI_SET_URL), url);
    assert_string_equal(dgmi_feed_text(&list.feeds[0], DGMI_SET_LANGUAGE), "en");
    dgmi_feed_list_clear(&list);
    snprintf(text, sizeof text, "[a]\nurl = http://a.example/\n%s%s\n", url, url);
    assert_int_equal(read_list(*state, "a.ini", text, &list, &err), DGM_E_ARG);
    assert_non_null(strstr(err.text, "a.ini:3: "));
}

static void a_list_may_name_an_opml_beside_it(void **state)
{
    dgmi_feed_list list;
    dgm_error err;
    assert_int_equal(
        read_list(*state, "more.opml",
                  "<opml><body><outline title='T' text='B' language='Klingon!' "
                  "xmlUrl='http://b.example/' interval='7m'/></body></opml>",
                  &list, &err),
        DGM_OK);
    dgmi_feed_list_clear(&list);
    assert_int_equal(
        read_list(*state, "a.ini",
                  "[fetch]\nopml = more.opml\n[a]\nurl = http://a.example/\n", &list,
                  &err),
        DGM_OK);
    assert_int_equal(list.n, 2);
    assert_string_equal(dgmi_feed_text(&list.feeds[1], DGMI_SET_NAME), "T");
    assert_int_equal(dgmi_feed_number(&list.feeds[1], DGMI_SET_INTERVAL), 420);
    assert_null(dgmi_feed_text(&list.feeds[1], DGMI_SET_LANGUAGE));
    dgmi_feed_list_clear(&list);
    assert_int_equal(
        read_list(*state, "a.ini", "[fetch]\nopml = none.opml\n", &list, &err),
        DGM_E_NOTFOUND);
}

static void bytes_that_are_no_list_are_refused(void **state)
{
    static const char *const bad[] = {
        "",  "\n\n", "<",        "<html/>",  "=",           "[",
        "]", "[]\n", "\x01\x02", "[a]\nurl", "[a]\nurl=\n", "[a\nurl = http://a/\n"
    };
    dgmi_feed_list list;
    dgm_error err;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (read_list(*state, "a.ini", bad[i], &list, &err) == DGM_OK)
            fail_msg("case %zu is taken", i);
        assert_int_equal(list.n, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_and_sizes_have_units_and_bounds),
        cmocka_unit_test(addresses_are_of_the_web_and_have_a_host),
        cmocka_unit_test_setup_teardown(a_feed_takes_what_fetch_says_and_says_more,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            long_values_are_whole_and_remarks_of_any_length_are_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_list_may_name_an_opml_beside_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(bytes_that_are_no_list_are_refused, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
