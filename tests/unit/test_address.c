/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of address.c: which addresses may be connected to. Depends on lib/fetch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "address.h"

static struct sockaddr_storage address_of(const char *text)
{
    struct sockaddr_storage all = { .ss_family = AF_INET };
    struct sockaddr_in *four = (struct sockaddr_in *)&all;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&all;
    if (inet_pton(AF_INET, text, &four->sin_addr) == 1)
        return all;
    all.ss_family = AF_INET6;
    if (inet_pton(AF_INET6, text, &six->sin6_addr) != 1)
        fail_msg("%s is no address", text);
    return all;
}

static bool is_public(const char *text)
{
    struct sockaddr_storage a = address_of(text);
    return dgmi_address_public((const struct sockaddr *)&a);
}

static bool is_allowed(const char *text, const char *allowed)
{
    struct sockaddr_storage a = address_of(text);
    return dgmi_address_allowed((const struct sockaddr *)&a, allowed);
}

static void addresses_of_the_internet_are_public(void **state)
{
    static const char *const texts[] = {
        "1.1.1.1",         "9.255.255.255",       "11.0.0.0",     "100.63.255.255",
        "100.128.0.0",     "126.255.255.255",     "128.0.0.1",    "169.253.255.255",
        "169.255.0.0",     "172.15.255.255",      "172.32.0.0",   "192.0.1.0",
        "192.167.255.255", "192.169.0.0",         "198.17.0.0",   "198.20.0.0",
        "223.255.255.255", "2606:4700::1111",     "2a00:1450::1", "64:ff9b::8.8.8.8",
        "2002:808:808::1", "::ffff:93.184.216.34"
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (!is_public(texts[i]))
            fail_msg("%s is refused", texts[i]);
    }
}

static void private_and_special_addresses_are_not(void **state)
{
    static const char *const texts[] = { "0.0.0.0",
                                         "0.1.2.3",
                                         "10.0.0.1",
                                         "10.255.255.255",
                                         "100.64.0.1",
                                         "100.127.255.255",
                                         "127.0.0.1",
                                         "127.255.255.254",
                                         "169.254.169.254",
                                         "172.16.0.1",
                                         "172.31.255.255",
                                         "192.0.0.1",
                                         "192.0.2.1",
                                         "192.168.0.1",
                                         "192.168.255.255",
                                         "198.18.0.1",
                                         "198.19.255.255",
                                         "198.51.100.7",
                                         "203.0.113.9",
                                         "224.0.0.1",
                                         "239.255.255.255",
                                         "240.0.0.1",
                                         "255.255.255.255",
                                         "::",
                                         "::1",
                                         "::ffff:127.0.0.1",
                                         "::ffff:10.1.2.3",
                                         "::ffff:169.254.169.254",
                                         "::127.0.0.1",
                                         "64:ff9b::10.0.0.1",
                                         "64:ff9b:1::1",
                                         "2002:7f00:1::",
                                         "2002:c0a8:101::",
                                         "2001:0:1::1",
                                         "2001:db8::1",
                                         "fc00::1",
                                         "fdff::1",
                                         "fe80::1",
                                         "febf::1",
                                         "fec0::1",
                                         "ff02::1",
                                         "100::1" };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (is_public(texts[i]))
            fail_msg("%s is let through", texts[i]);
    }
}

static void a_setting_allows_just_what_it_names(void **state)
{
    (void)state;
    assert_true(is_allowed("10.1.2.3", "yes"));
    assert_false(is_allowed("10.1.2.3", "no"));
    assert_true(is_allowed("1.1.1.1", "no"));
    assert_true(is_allowed("10.1.2.3", "192.168.0.1, 10.1.0.0/16"));
    assert_false(is_allowed("10.2.2.3", "192.168.0.1, 10.1.0.0/16"));
    assert_true(is_allowed("192.168.0.1", "192.168.0.1"));
    assert_false(is_allowed("192.168.0.2", "192.168.0.1"));
    assert_true(is_allowed("::ffff:10.1.2.3", "10.1.0.0/16"));
    assert_true(is_allowed("fd00::5", "fd00::/8"));
    assert_false(is_allowed("fe80::5", "fd00::/8"));
    assert_true(is_allowed("10.9.9.9", "10.8.0.0/15"));
    assert_false(is_allowed("10.10.0.0", "10.8.0.0/15"));
}

static void a_setting_that_names_no_addresses_is_refused(void **state)
{
    static const char *const bad[] = { "maybe",       "10.1.0.0/33", "10.1.0.0/",
                                       "10.1.0.0/-1", "::1/129",     "10.1",
                                       "example.org", "10.0.0.0/8x", "10.0.0.0/8 yes" };
    dgm_error err = DGM_ERROR_INIT;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(dgmi_allowed_check(bad[i], NULL), DGM_E_ARG);
    assert_int_equal(dgmi_allowed_check("yes", &err), DGM_OK);
    assert_int_equal(dgmi_allowed_check("no", &err), DGM_OK);
    assert_int_equal(dgmi_allowed_check("10.1.0.0/16 fd00::/8,127.0.0.1", &err), DGM_OK);
}

static void another_kind_of_address_is_never_allowed(void **state)
{
    struct sockaddr_storage local = { .ss_family = AF_UNIX };
    (void)state;
    assert_false(dgmi_address_allowed((const struct sockaddr *)&local, "yes"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_of_the_internet_are_public),
        cmocka_unit_test(private_and_special_addresses_are_not),
        cmocka_unit_test(a_setting_allows_just_what_it_names),
        cmocka_unit_test(a_setting_that_names_no_addresses_is_refused),
        cmocka_unit_test(another_kind_of_address_is_never_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
