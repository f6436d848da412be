/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of server/spool.c. Depends on server/spool.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "spool.h"

#define MOST (4u << 20)

static char byte_at(size_t i)
{
    return (char)(i * 31 + i / 977);
}

/* Puts n bytes in odd portions, and compares what comes back. */
static void fill_and_compare(dgms_spool *spool, size_t n)
{
    char portion[7919], *all = NULL;
    dgmi_buf out;
    for (size_t i = 0; i < n;) {
        size_t many = n - i < sizeof portion ? n - i : sizeof portion;
        for (size_t j = 0; j < many; j++)
            portion[j] = byte_at(i + j);
        assert_int_equal(dgms_spool_put(spool, portion, many, NULL), DGM_OK);
        i += many;
    }
    assert_int_equal(spool->n, n);
    dgmi_buf_init(&out, n);
    assert_int_equal(dgms_spool_get(spool, &out, NULL), DGM_OK);
    assert_int_equal(out.n, n);
    all = dgmi_buf_take(&out);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(all[i], byte_at(i));
    free(all);
}

static void bytes_come_back_from_memory_and_from_a_file(void **state)
{
    (void)state;
    dgms_spools shared;
    dgms_spools_init(&shared, ".");
    for (size_t n = 0; n < 3000000; n = n * 3 + 1000) {
        dgms_spool spool;
        dgms_spool_init(&spool, &shared, MOST);
        fill_and_compare(&spool, n);
        assert_int_equal(spool.fd >= 0, n > DGMS_SPOOL_MEMORY);
        dgms_spool_clear(&spool);
        assert_int_equal(atomic_load(&shared.in_memory), 0);
    }
}

static void the_limit_is_kept(void **state)
{
    (void)state;
    dgms_spools shared;
    dgms_spool spool;
    dgm_error err = DGM_ERROR_INIT;
    dgms_spools_init(&shared, ".");
    dgms_spool_init(&spool, &shared, 5);
    assert_int_equal(dgms_spool_put(&spool, "12345", 5, &err), DGM_OK);
    assert_int_equal(dgms_spool_put(&spool, "6", 1, &err), DGM_E_ARG);
    assert_int_equal(spool.n, 5);
    dgms_spool_clear(&spool);
}

static void without_memory_left_a_spool_is_a_file(void **state)
{
    (void)state;
    dgms_spools shared;
    dgms_spool spool;
    dgms_spools_init(&shared, "/nowhere/at/all"); /* then it is in the usual place */
    shared.memory_max = 1000;
    dgms_spool_init(&spool, &shared, MOST);
    fill_and_compare(&spool, 1001);
    assert_true(spool.fd >= 0);
    dgms_spool_clear(&spool);
}

static void a_spool_becomes_a_file_for_others(void **state)
{
    (void)state;
    dgms_spools shared;
    dgms_spool spool;
    char got[8] = { 0 };
    dgms_spools_init(&shared, ".");
    dgms_spool_init(&spool, &shared, MOST);
    assert_int_equal(dgms_spool_put(&spool, "grain", 5, NULL), DGM_OK);
    int fd = dgms_spool_take_file(&spool, NULL);
    assert_true(fd >= 0);
    dgms_spool_clear(&spool);
    assert_int_equal(pread(fd, got, sizeof got, 0), 5);
    assert_string_equal(got, "grain");
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_come_back_from_memory_and_from_a_file),
        cmocka_unit_test(the_limit_is_kept),
        cmocka_unit_test(without_memory_left_a_spool_is_a_file),
        cmocka_unit_test(a_spool_becomes_a_file_for_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
