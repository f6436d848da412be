/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of opml.c: lists of feeds. Depends on lib/read and cmocka. */
#include "collect.h"

typedef struct seen {
    size_t n;
    char text[4096]; /* "name=value " of all attributes, a line each outline */
} seen;

static dgm_status note(void *user, const dgmi_pair *attributes, size_t n, dgm_error *err)
{
    seen *s = user;
    (void)err;
    for (size_t i = 0; i < n; i++) {
        size_t used = strlen(s->text);
        snprintf(s->text + used, sizeof s->text - used, "%s=%s%s", attributes[i].name,
                 attributes[i].value, i + 1 < n ? " " : "\n");
    }
    s->n++;
    return DGM_OK;
}

static dgm_status read_list(const char *text, seen *out, dgm_error *err)
{
    *out = (seen){ .n = 0 };
    *err = (dgm_error)DGM_ERROR_INIT;
    return dgmi_opml_read(text, strlen(text), note, out, err);
}

static void each_outline_with_an_address_is_visited_in_order(void **state)
{
    seen s;
    dgm_error err;
    (void)state;
    assert_int_equal(read_list("<opml version='2.0'><head><title>x</title></head><body>"
                               "<outline text='Europe'>"
                               "<outline type='rss' text='A &amp; B' xmlUrl='http://a/'/>"
                               "<outline text='no address'/></outline>"
                               "<outline xmlUrl='http://b/' region='Norway'/>"
                               "</body></opml>",
                               &s, &err),
                     DGM_OK);
    assert_string_equal(s.text, "type=rss text=A & B xmlUrl=http://a/\n"
                                "xmlUrl=http://b/ region=Norway\n");
}

static void an_empty_list_has_no_outlines(void **state)
{
    seen s;
    dgm_error err;
    (void)state;
    assert_int_equal(read_list("<opml/>", &s, &err), DGM_OK);
    assert_int_equal(s.n, 0);
}

static void what_is_no_whole_list_is_refused(void **state)
{
    seen s;
    dgm_error err;
    (void)state;
    assert_int_equal(read_list("<rss/>", &s, &err), DGM_E_ARG);
    assert_non_null(strstr(err.text, "no OPML"));
    assert_int_equal(
        read_list("<opml><body><outline xmlUrl='http://a/'/><outl", &s, &err), DGM_E_ARG);
    assert_int_equal(s.n, 0);
    assert_int_equal(read_list("", &s, &err), DGM_E_ARG);
}

static void outlines_inside_outlines_are_all_visited(void **state)
{
    (void)state;
    seen s = { .n = 0 };
    dgm_error err = DGM_ERROR_INIT;
    size_t n = 0;
    char *many = repeat("<outline xmlUrl='http://a/'>", 100, &n);
    char text[8192];
    snprintf(text, sizeof text, "<opml><body>%s", many);
    for (int i = 0; i < 100; i++)
        strncat(text, "</outline>", sizeof text - strlen(text) - 1);
    strncat(text, "</body></opml>", sizeof text - strlen(text) - 1);
    assert_int_equal(dgmi_opml_read(text, strlen(text), note, &s, &err), DGM_OK);
    assert_int_equal(s.n, 100);
    free(many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_outline_with_an_address_is_visited_in_order),
        cmocka_unit_test(an_empty_list_has_no_outlines),
        cmocka_unit_test(what_is_no_whole_list_is_refused),
        cmocka_unit_test(outlines_inside_outlines_are_all_visited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
