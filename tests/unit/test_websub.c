/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of websub.c: subscriptions, the hub's questions, signatures. Depends on
 * lib/fetch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "file.h"
#include "websub.h"

#define TOPIC "https://desk.example/feed"
#define NOW 1623838800

static int set_up(void **state)
{
    const char *base = getenv("TMPDIR");
    char *folder = dgmi_path_join(base ? base : P_tmpdir, "dragoman-websub-XXXXXX");
    *state = folder;
    return folder && mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    dgm_status status = dgmi_remove_tree(*state, NULL);
    free(*state);
    return status == DGM_OK ? 0 : -1;
}

/* A subscription on the disk; its token. */
static void subscribe(const char *data, char token[DGMI_TOKEN_SIZE])
{
    dgmi_subscription s = { .text = { NULL } };
    dgm_error err = DGM_ERROR_INIT;
    assert_int_equal(dgmi_websub_secrets(&s, &err), DGM_OK);
    s.text[DGMI_SUB_TOPIC] = strdup(TOPIC);
    s.text[DGMI_SUB_NAME] = strdup("Water desk");
    s.text[DGMI_SUB_REGION] = strdup("Norway");
    if (dgmi_websub_write(data, &s, &err) != DGM_OK)
        fail_msg("%s", err.text);
    memcpy(token, s.token, DGMI_TOKEN_SIZE);
    dgmi_subscription_clear(&s);
}

static void secrets_lie_where_no_other_user_reads_them(void **state)
{
    char token[DGMI_TOKEN_SIZE];
    struct stat info;
    subscribe(*state, token);
    char *folder = dgmi_path_join(*state, "feeds/websub");
    assert_int_equal(stat(folder, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    free(folder);
}

static void what_is_written_is_read_again(void **state)
{
    char token[DGMI_TOKEN_SIZE];
    dgmi_subscription s;
    dgm_error err = DGM_ERROR_INIT;
    subscribe(*state, token);
    assert_int_equal(dgmi_websub_read(*state, token, &s, &err), DGM_OK);
    assert_string_equal(s.text[DGMI_SUB_TOPIC], TOPIC);
    assert_int_equal(strlen(s.text[DGMI_SUB_SECRET]), 32);
    assert_int_equal(s.until, 0);
    dgm_origin origin = dgmi_websub_origin(&s);
    assert_string_equal(origin.name, "Water desk");
    assert_string_equal(origin.region, "Norway");
    assert_null(origin.language);
    dgmi_subscription_clear(&s);
}

static void two_subscriptions_share_no_secret(void **state)
{
    dgmi_subscription a = { .text = { NULL } }, b = { .text = { NULL } };
    (void)state;
    assert_int_equal(dgmi_websub_secrets(&a, NULL), DGM_OK);
    assert_int_equal(dgmi_websub_secrets(&b, NULL), DGM_OK);
    assert_string_not_equal(a.token, b.token);
    assert_string_not_equal(a.text[DGMI_SUB_SECRET], b.text[DGMI_SUB_SECRET]);
    dgmi_subscription_clear(&a);
    dgmi_subscription_clear(&b);
}

static void a_token_that_is_none_leads_nowhere(void **state)
{
    static const char *const bad[] = { "",
                                       "../../state",
                                       "0123",
                                       "g123456789abcdef0123456789abcdef",
                                       "0123456789ABCDEF0123456789abcdef",
                                       "0123456789abcdef0123456789abcdef0",
                                       "0123456789abcdef0123456789abcdef" };
    dgmi_subscription s;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(dgmi_websub_read(*state, bad[i], &s, NULL), DGM_E_NOTFOUND);
}

static int64_t until_of(const char *data, const char *token)
{
    dgmi_subscription s;
    assert_int_equal(dgmi_websub_read(data, token, &s, NULL), DGM_OK);
    int64_t until = s.until;
    dgmi_subscription_clear(&s);
    return until;
}

static void only_what_was_asked_for_is_confirmed(void **state)
{
    char token[DGMI_TOKEN_SIZE];
    const char *data = *state;
    subscribe(data, token);
    static const struct {
        const char *mode, *topic;
    } wrong[] = { { "subscribe", "https://other.example/" },
                  { "subscribe", NULL },
                  { "unsubscribe", TOPIC },
                  { NULL, TOPIC },
                  { "", TOPIC },
                  { "subscribe", "" } };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(dgmi_websub_verify(data, token, wrong[i].mode, wrong[i].topic,
                                            "60", NOW, NULL),
                         DGM_E_NOTFOUND);
    assert_int_equal(until_of(data, token), 0);
    assert_int_equal(
        dgmi_websub_verify(data, token, "subscribe", TOPIC, "3600", NOW, NULL), DGM_OK);
    assert_int_equal(until_of(data, token), NOW + 3600);
    assert_int_equal(dgmi_websub_verify(data, token, "denied", TOPIC, NULL, NOW, NULL),
                     DGM_OK);
    assert_int_equal(until_of(data, token), 0);
}

static void
a_lease_that_is_no_time_is_ten_days_and_none_is_longer_than_a_year(void **state)
{
    static const char *const odd[] = {
        NULL, "", "-5", "0", "soon", "12x", "99999999999999999999"
    };
    char token[DGMI_TOKEN_SIZE];
    const char *data = *state;
    subscribe(data, token);
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        dgmi_websub_verify(data, token, "subscribe", TOPIC, odd[i], NOW, NULL);
        assert_int_equal(until_of(data, token), NOW + 864000);
    }
    dgmi_websub_verify(data, token, "subscribe", TOPIC, "999999999999", NOW, NULL);
    assert_int_equal(until_of(data, token), NOW + 366 * 86400);
}

static void a_removed_subscription_leaves_nothing(void **state)
{
    char token[DGMI_TOKEN_SIZE];
    dgmi_names names;
    subscribe(*state, token);
    dgmi_websub_verify(*state, token, "subscribe", TOPIC, "60", NOW, NULL);
    assert_int_equal(dgmi_websub_remove(*state, token, NULL), DGM_OK);
    char *folder = dgmi_path_join(*state, "feeds/websub");
    assert_int_equal(dgmi_dir_list(folder, &names, NULL), DGM_OK);
    assert_int_equal(names.n, 0);
    dgmi_names_free(&names);
    free(folder);
}

/* RFC 4231 (test case 2) and RFC 2202 (case 2): key "Jefe". */
static void signatures_of_all_four_kinds_are_verified(void **state)
{
    static const char body[] = "what do ya want for nothing?";
    static const char *const good[] = {
        "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
        "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        "sha256=5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843",
        "sha384="
        "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2"
        "c78b3239ecfab21649",
        "sha512="
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a99"
        "4a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
    };
    static const char *const bad[] = {
        "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c78",
        "sha256=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
        "sha256=",
        "sha256",
        "",
        "md5=750c783e6ab0b503eaa86e310a5db738",
        "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
        "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79 ",
        "sha1=zffcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
        "SHA1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
    };
    dgmi_subscription s = { .text = { [DGMI_SUB_SECRET] = strdup("Jefe") } };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(dgmi_websub_signed(&s, good[i], body, sizeof body - 1));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(dgmi_websub_signed(&s, bad[i], body, sizeof body - 1));
    assert_false(dgmi_websub_signed(&s, good[0], body, sizeof body - 2));
    assert_false(dgmi_websub_signed(&s, NULL, body, sizeof body - 1));
    dgmi_subscription_clear(&s);
    assert_false(dgmi_websub_signed(&s, good[0], body, sizeof body - 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(secrets_lie_where_no_other_user_reads_them,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_written_is_read_again, set_up, tear_down),
        cmocka_unit_test(two_subscriptions_share_no_secret),
        cmocka_unit_test_setup_teardown(a_token_that_is_none_leads_nowhere, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(only_what_was_asked_for_is_confirmed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            a_lease_that_is_no_time_is_ten_days_and_none_is_longer_than_a_year, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(a_removed_subscription_leaves_nothing, set_up,
                                        tear_down),
        cmocka_unit_test(signatures_of_all_four_kinds_are_verified),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
