/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of server/keys.c. Depends on server/keys.h and routes.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "keys.h"
#include "routes.h"

#define LINES "desk 0123456789abcdef\n# old\n\n  wire\tfedcba9876543210  "

static const char *header_name, *header_value;

static const char *look_up(void *connection, const char *name)
{
    (void)connection;
    return header_name && !strcmp(name, header_name) ? header_value : NULL;
}

/* The status that a call with this header is answered with; 0: it may come in. */
static int knock(dgms_keys *keys, const char *name, const char *value, dgms_door door,
                 char by[DGMS_NAME_SIZE])
{
    dgms_route route = { .door = door, .unsigned_status = 403 };
    dgms_call call = { .route = &route, .look_up = look_up };
    header_name = name;
    header_value = value;
    bool open = dgms_keys_admit(keys, &call);
    int status = call.reply.status;
    assert_int_equal(open, status == 0);
    if (by)
        memcpy(by, call.by, sizeof call.by);
    dgms_reply_clear(&call.reply);
    return status;
}

static dgms_keys *read_keys(dgms_settings *settings, char *lines)
{
    dgms_keys *keys = NULL;
    settings->write_key = lines;
    assert_int_equal(dgms_keys_new(settings, &keys, NULL), DGM_OK);
    return keys;
}

static void a_key_opens_in_each_of_its_forms(void **state)
{
    (void)state;
    static const struct {
        const char *name, *value;
        int status;
        const char *by;
    } table[] = {
        { "Authorization", "Bearer 0123456789abcdef", 0, "desk" },
        { "Authorization", "0123456789abcdef", 0, "desk" },
        { "Authorization", "token fedcba9876543210", 0, "wire" },
        { "X-API-Key", " fedcba9876543210 ", 0, "wire" },
        { "X-API-Key", "0123456789abcde", 401, "" },
        { "X-API-Key", "0123456789abcdef0", 401, "" },
        { "X-API-Key", "desk", 401, "" },
        { "Authorization", "Basic 0123456789abcdef", 401, "" },
        { "Authorization", "", 401, "" },
        { NULL, NULL, 401, "" },
    };
    char lines[] = LINES, by[DGMS_NAME_SIZE];
    dgms_settings settings = { 0 };
    dgms_keys *keys = read_keys(&settings, lines);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_int_equal(knock(keys, table[i].name, table[i].value, DGMS_KEY, by),
                         table[i].status);
        assert_string_equal(by, table[i].by);
    }
    dgms_keys_free(keys);
}

static void doors_are_shut_until_something_is_set(void **state)
{
    (void)state;
    char token[] = "token";
    dgms_settings settings = { 0 };
    dgms_keys *keys = read_keys(&settings, NULL);
    assert_int_equal(knock(keys, "X-API-Key", "", DGMS_KEY, NULL), 403);
    assert_int_equal(knock(keys, "x-superdesk-signature", "sha1=x", DGMS_SIGNED, NULL),
                     403);
    assert_int_equal(knock(keys, NULL, NULL, DGMS_PUSH, NULL), 403);
    assert_int_equal(knock(keys, NULL, NULL, DGMS_OPEN, NULL), 0);
    settings.push_token = token;
    assert_int_equal(knock(keys, NULL, NULL, DGMS_PUSH, NULL), 0);
    assert_int_equal(knock(keys, NULL, NULL, DGMS_SIGNED, NULL), 403);
    assert_int_equal(knock(keys, "x-publisher-signature", "x", DGMS_SIGNED, NULL), 0);
    dgms_keys_free(keys);
}

static void lines_that_are_no_keys_are_refused_without_telling_them(void **state)
{
    (void)state;
    static const char *const table[] = {
        "0123456789abcdef",         "desk tooshort",          "desk 0123456789 abcdef",
        "desk 0123456789abcd\x01f", "d\"sk 0123456789abcdef",
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char line[64];
        dgms_keys *keys = NULL;
        dgm_error err = DGM_ERROR_INIT;
        snprintf(line, sizeof line, "%s", table[i]);
        dgms_settings settings = { .write_key = line };
        assert_int_equal(dgms_keys_new(&settings, &keys, &err), DGM_E_ARG);
        assert_null(keys);
        assert_null(strstr(err.text, "0123456789"));
    }
}

static void a_body_is_signed_by_the_token_alone(void **state)
{
    (void)state;
    char token[] = "something random";
    dgms_settings settings = { .push_token = token };
    dgms_keys *keys = read_keys(&settings, NULL);
    dgms_route route = { .door = DGMS_SIGNED, .unsigned_status = 401 };
    dgms_call call = { .route = &route, .look_up = look_up };
    dgms_spools spools;
    static const char body[] = "{\"guid\": \"foo\", \"type\": \"text\"}";
    dgms_spools_init(&spools, ".");
    dgms_spool_init(&call.body, &spools, 1000);
    assert_int_equal(dgms_spool_put(&call.body, body, sizeof body - 1, NULL), DGM_OK);
    header_name = "x-superdesk-signature";
    header_value = "sha1=e33358b1e75b6dd07371ca2ad631b2ba1484d0ee";
    assert_true(dgms_keys_signed(keys, &call));
    header_value = "sha1=e33358b1e75b6dd07371ca2ad631b2ba1484d0ef";
    assert_false(dgms_keys_signed(keys, &call));
    assert_int_equal(call.reply.status, 401);
    assert_non_null(call.reply.challenge);
    dgms_reply_clear(&call.reply);
    dgms_spool_clear(&call.body);
    dgms_keys_free(keys);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_opens_in_each_of_its_forms),
        cmocka_unit_test(doors_are_shut_until_something_is_set),
        cmocka_unit_test(lines_that_are_no_keys_are_refused_without_telling_them),
        cmocka_unit_test(a_body_is_signed_by_the_token_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
