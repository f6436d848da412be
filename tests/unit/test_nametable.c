/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of nametable.c: the table of names and what an archive adds. Depends on lib/text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "nametable.h"

static const dgmi_name *find(const dgmi_nametable *t, const char *key)
{
    bool longer;
    return dgmi_nametable_find(t, dgmi_str_of(key), &longer);
}

static bool has_variant(const dgmi_name *name, const char *label)
{
    for (const dgmi_name *n = name ? name->first : NULL; n; n = n->kin) {
        if (!n->gone && strcmp(n->label, label) == 0)
            return true;
    }
    return false;
}

static unsigned read_more(dgmi_nametable *t, const char *lines, dgm_error *err)
{
    unsigned faults = 99;
    assert_int_equal(dgmi_nametable_read(t, dgmi_str_of(lines), &faults, err), DGM_OK);
    return faults;
}

static void every_line_of_the_built_in_table_is_good(void **state)
{
    (void)state;
    unsigned faults = 0;
    dgm_error err = DGM_ERROR_INIT;
    dgmi_nametable *t = dgmi_nametable_new();
    dgmi_str text = { (const char *)dgmi_names_text, dgmi_names_text_size };
    assert_int_equal(dgmi_nametable_read(t, text, &faults, &err), DGM_OK);
    assert_string_equal(err.text, "");
    assert_int_equal(faults, 0);
    size_t n = 0;
    for (const dgmi_name *name; (name = dgmi_nametable_at(t, n)); n++) {
        assert_true(name->n_words > 0 && *name->source);
        assert_non_null(find(t, name->key));
        if (name->kind == DGMI_NAME_ROLE)
            assert_true(name->from != DGM_NO_TIME);
    }
    assert_true(n > 2000);
    dgmi_nametable_free(t);
}

static void variants_of_a_name_are_found_from_each_of_them(void **state)
{
    (void)state;
    dgmi_nametable *t = dgmi_nametable_new();
    assert_true(has_variant(find(t, "kyiv"), "Kiev"));
    assert_true(has_variant(find(t, "kiev"), "Kyiv"));
    assert_true(has_variant(find(t, "mao tse tung"), "Mao Zedong"));
    assert_true(has_variant(find(t, "svo"), "special military operation"));
    assert_null(find(t, "trade"));
    dgmi_nametable_free(t);
}

static void initials_follow_from_the_names_of_a_person(void **state)
{
    (void)state;
    dgmi_nametable *t = dgmi_nametable_new();
    const dgmi_name *name = find(t, "vv putin");
    assert_true(has_variant(name, "Vladimir Putin"));
    assert_true(has_variant(name, "V. Putin"));
    assert_true(has_variant(name, "Vladimir Vladimirovich"));
    dgmi_nametable_free(t);
}

static void a_key_is_without_of_and_the(void **state)
{
    (void)state;
    dgmi_nametable *t = dgmi_nametable_new();
    const dgmi_name *name = find(t, "president russian federation");
    assert_non_null(name);
    assert_int_equal(name->n_words, 5);
    assert_string_equal(name->words[1], "of");
    dgmi_nametable_free(t);
}

static void beginnings_of_longer_names_are_known(void **state)
{
    (void)state;
    bool longer = false;
    dgmi_nametable *t = dgmi_nametable_new();
    assert_null(dgmi_nametable_find(t, dgmi_str_of("hong"), &longer));
    assert_true(longer);
    (void)dgmi_nametable_find(t, dgmi_str_of("hong kong"), &longer);
    assert_false(longer);
    dgmi_nametable_free(t);
}

static void an_archive_adds_and_takes_out(void **state)
{
    (void)state;
    dgm_error err = DGM_ERROR_INIT;
    dgmi_nametable *t = dgmi_nametable_new();
    assert_int_equal(read_more(t,
                               "# ours\n\nKyiv\tKiyev\tplace\t2001\t2002-03\tus\n"
                               "Kyiv\tKiev\t-\n",
                               &err),
                     0);
    const dgmi_name *name = find(t, "kiyev");
    assert_true(has_variant(name, "Kyiv"));
    assert_false(has_variant(name, "Kiev"));
    assert_string_equal(name->source, "us");
    assert_int_equal(name->from, 978307200);
    assert_int_equal(name->before, 1017619200);
    dgmi_nametable_free(t);
}

static void a_wrong_line_is_told_and_left_out(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "Kyiv\n",
        "Kyiv\tKyjiv\n",
        "\tKyjiv\tplace\n",
        "Kyiv\t \tplace\n",
        "Kyiv\t!!\tplace\n",
        "Kyiv\tKyjiv\tvillage\n",
        "Kyiv\tKyjiv\tinitials\n",
        "Kyiv\tKyjiv\tplace\tyesterday\n",
        "Kyiv\ta b c d e f g h i\tplace\n",
        "\xff\xfe\t\xff\xff\tplace\n",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        dgm_error err = DGM_ERROR_INIT;
        dgmi_nametable *t = dgmi_nametable_new();
        assert_int_equal(read_more(t, wrong[i], &err), 1);
        assert_non_null(strstr(err.text, "line 1 is no name"));
        assert_null(find(t, "kyjiv"));
        dgmi_nametable_free(t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_of_the_built_in_table_is_good),
        cmocka_unit_test(variants_of_a_name_are_found_from_each_of_them),
        cmocka_unit_test(initials_follow_from_the_names_of_a_person),
        cmocka_unit_test(a_key_is_without_of_and_the),
        cmocka_unit_test(beginnings_of_longer_names_are_known),
        cmocka_unit_test(an_archive_adds_and_takes_out),
        cmocka_unit_test(a_wrong_line_is_told_and_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
