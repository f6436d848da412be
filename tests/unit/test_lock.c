/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/base/lock.c: who holds a lock, and that it dies with him. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "file.h"
#include "lock.h"

static int set_up(void **state)
{
    const char *base = getenv("TMPDIR");
    char *folder = dgmi_path_join(base ? base : P_tmpdir, "dragoman-lock-XXXXXX");
    if (!folder || !mkdtemp(folder))
        return -1;
    *state = dgmi_path_join(folder, "lock");
    free(folder);
    return *state ? 0 : -1;
}

static int tear_down(void **state)
{
    char *path = *state;
    *strrchr(path, '/') = '\0';
    dgm_status status = dgmi_remove_tree(path, NULL);
    free(path);
    return status == DGM_OK ? 0 : -1;
}

static dgmi_lock open_lock(const char *path)
{
    dgmi_lock lock;
    assert_int_equal(dgmi_lock_open(path, &lock, NULL), DGM_OK);
    return lock;
}

static void a_second_holder_is_told_the_first_ones_number(void **state)
{
    dgmi_lock first = open_lock(*state), second = open_lock(*state);
    dgm_error err = DGM_ERROR_INIT;
    char wanted[64];
    assert_true(fcntl(first.fd, F_GETFD) & FD_CLOEXEC);
    assert_int_equal(dgmi_lock_take(&first, 0, 0, &err), DGM_OK);
    assert_int_equal(dgmi_lock_take(&second, 0, 0, &err), DGM_E_LOCKED);
    snprintf(wanted, sizeof wanted, "process %ld", (long)getpid());
    assert_non_null(strstr(err.text, wanted));
    assert_non_null(strstr(err.text, *state));
    dgmi_lock_release(&first, 0);
    assert_int_equal(dgmi_lock_take(&second, 0, 0, NULL), DGM_OK);
    dgmi_lock_close(&second);
    assert_int_equal(dgmi_lock_take(&first, 0, 0, NULL), DGM_OK);
    dgmi_lock_close(&first);
}

static void locks_of_one_file_are_independent(void **state)
{
    dgmi_lock first = open_lock(*state), second = open_lock(*state);
    assert_int_equal(dgmi_lock_take(&first, 0, 0, NULL), DGM_OK);
    assert_int_equal(dgmi_lock_take(&second, 1, 0, NULL), DGM_OK);
    assert_true(dgmi_lock_is_taken(&first, 1));
    assert_true(dgmi_lock_is_taken(&second, 0));
    assert_false(dgmi_lock_is_taken(&first, 0)); /* by itself */
    dgmi_lock_release(&second, 1);
    assert_false(dgmi_lock_is_taken(&first, 1));
    dgmi_lock_close(&first);
    dgmi_lock_close(&second);
    dgmi_lock_close(&second);
}

/* A child that holds the lock until it is killed, or for one byte of its input. */
static pid_t start_holder(const char *path, int *ready, int *stop)
{
    int up[2], down[2];
    char byte;
    assert_int_equal(pipe(up), 0);
    assert_int_equal(pipe(down), 0);
    pid_t child = fork();
    if (child == 0) {
        dgmi_lock lock;
        close(down[1]);
        bool good = dgmi_lock_open(path, &lock, NULL) == DGM_OK &&
                    dgmi_lock_take(&lock, 0, 0, NULL) == DGM_OK &&
                    write(up[1], "x", 1) == 1;
        _exit(good && read(down[0], &byte, 1) >= 0 ? 0 : 1);
    }
    close(up[1]);
    close(down[0]);
    *ready = up[0];
    *stop = down[1];
    return child;
}

static void a_lock_dies_with_its_process(void **state)
{
    int ready, stop;
    char byte;
    pid_t child = start_holder(*state, &ready, &stop);
    dgmi_lock lock = open_lock(*state);
    assert_int_equal(read(ready, &byte, 1), 1);
    assert_int_equal(dgmi_lock_take(&lock, 0, 0, NULL), DGM_E_LOCKED);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(dgmi_lock_take(&lock, 0, 0, NULL), DGM_OK);
    dgmi_lock_close(&lock);
    close(ready);
    close(stop);
}

static void who_waits_gets_it_when_it_is_free(void **state)
{
    static const unsigned patience[] = { 60000, DGMI_LOCK_FOREVER };
    for (int i = 0; i < 2; i++) {
        int ready, stop;
        char byte;
        pid_t child = start_holder(*state, &ready, &stop);
        dgmi_lock lock = open_lock(*state);
        assert_int_equal(read(ready, &byte, 1), 1);
        close(stop); /* it ends now, before or while we wait */
        assert_int_equal(dgmi_lock_take(&lock, 0, patience[i], NULL), DGM_OK);
        assert_int_equal(waitpid(child, NULL, 0), child);
        dgmi_lock_close(&lock);
        close(ready);
    }
}

static void a_place_that_cannot_be_written_is_an_error_with_its_name(void **state)
{
    (void)state;
    dgmi_lock lock;
    dgm_error err = DGM_ERROR_INIT;
    assert_int_equal(dgmi_lock_open("no/such/folder/lock", &lock, &err), DGM_E_NOTFOUND);
    assert_non_null(strstr(err.text, "no/such/folder/lock"));
    assert_int_equal(lock.fd, -1);
    dgmi_lock_close(&lock);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_second_holder_is_told_the_first_ones_number),
        IN_FOLDER(locks_of_one_file_are_independent),
        IN_FOLDER(a_lock_dies_with_its_process),
        IN_FOLDER(who_waits_gets_it_when_it_is_free),
        cmocka_unit_test(a_place_that_cannot_be_written_is_an_error_with_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
