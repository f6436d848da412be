/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/index/crew.c: every task once, the first failure ends it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "crew.h"
#include "fail.h"

typedef struct site {
    atomic_int done[1000];
    atomic_int begun, ended;
    int ticks;
    size_t bad; /* task that fails */
    bool bad_tick, bad_begin;
    pthread_t caller;
} site;

static dgm_status begin(void *user, void **tools, dgm_error *err)
{
    site *s = user;
    if (s->bad_begin)
        return dgmi_fail(err, DGM_E_NOMEM, "no tools");
    atomic_fetch_add(&s->begun, 1);
    *tools = &s->ended;
    return DGM_OK;
}

static void end(void *tools)
{
    atomic_fetch_add((atomic_int *)tools, 1);
}

static dgm_status run(void *user, void *tools, size_t task, dgm_error *err)
{
    site *s = user;
    assert_ptr_equal(tools, &s->ended);
    atomic_fetch_add(&s->done[task], 1);
    return task == s->bad ? dgmi_fail(err, DGM_E_IO, "task %zu failed", task) : DGM_OK;
}

static dgm_status tick(void *user, dgm_error *err)
{
    site *s = user;
    s->ticks++;
    assert_true(pthread_equal(s->caller, pthread_self()));
    return s->bad_tick ? dgmi_fail(err, DGM_E_IO, "the tick failed") : DGM_OK;
}

static dgm_status work(site *s, unsigned jobs, size_t tasks, dgm_error *err)
{
    dgmi_crew_options o = { .jobs = jobs,
                            .tasks = tasks,
                            .user = s,
                            .begin = begin,
                            .end = end,
                            .run = run,
                            .tick = tick };
    s->caller = pthread_self();
    return dgmi_crew_run(&o, err);
}

static void every_task_is_done_once(void **state)
{
    (void)state;
    site s = { .bad = SIZE_MAX };
    assert_int_equal(work(&s, 4, 1000, NULL), DGM_OK);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(s.done[i], 1);
    assert_int_equal(s.begun, s.ended);
    assert_true(s.begun <= 4 && s.ticks >= 1);
}

static void the_first_failure_ends_it(void **state)
{
    (void)state;
    site s = { .bad = 20 };
    dgm_error err = DGM_ERROR_INIT;
    assert_int_equal(work(&s, 2, 1000, &err), DGM_E_IO);
    assert_string_equal(err.text, "task 20 failed");
    assert_int_equal(s.done[999], 0);
    assert_int_equal(s.begun, s.ended);
}

static void a_failing_tick_or_beginning_fails_the_whole(void **state)
{
    (void)state;
    dgm_error err = DGM_ERROR_INIT;
    site s = { .bad = SIZE_MAX, .bad_tick = true };
    assert_int_equal(work(&s, 2, 5, &err), DGM_E_IO);
    site t = { .bad = SIZE_MAX, .bad_begin = true };
    assert_int_equal(work(&t, 2, 5, NULL), DGM_E_NOMEM);
    assert_int_equal(t.done[0], 0);
}

static void no_tasks_are_done_at_once(void **state)
{
    (void)state;
    site s = { .bad = SIZE_MAX };
    assert_int_equal(work(&s, 4, 0, NULL), DGM_OK);
    assert_int_equal(s.begun, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_task_is_done_once),
        cmocka_unit_test(the_first_failure_ends_it),
        cmocka_unit_test(a_failing_tick_or_beginning_fails_the_whole),
        cmocka_unit_test(no_tasks_are_done_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
