/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of indexer/progress.c: what is said off a terminal, and the time left by the rate
 * of the last seconds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static uint64_t clock_us;
static uint64_t now_us(void)
{
    return clock_us;
}
#include "clock.h"
#define dgmi_now_us now_us
#include "../../indexer/progress.c" /* NOLINT: with a clock of ours */
#undef dgmi_now_us

static int kept_stderr;
static FILE *said;

static int set_up(void **state)
{
    (void)state;
    said = tmpfile();
    kept_stderr = dup(STDERR_FILENO);
    clock_us = 1000000;
    return said && dup2(fileno(said), STDERR_FILENO) >= 0 ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    dup2(kept_stderr, STDERR_FILENO);
    close(kept_stderr);
    fclose(said);
    return 0;
}

static const char *text(void)
{
    static char all[8192];
    fflush(stderr);
    rewind(said);
    all[fread(all, 1, sizeof all - 1, said)] = '\0';
    return all;
}

static void expect(const char *wanted)
{
    if (!strstr(text(), wanted))
        fail_msg("\"%s\" does not say \"%s\"", text(), wanted);
}

/* One report a second. */
static void run(progress *p, dgm_phase phase, dgm_counts *c, unsigned seconds,
                uint64_t done_each, uint64_t items_each)
{
    for (unsigned i = 0; i < seconds; i++) {
        clock_us += 1000000;
        c->done += done_each;
        c->indexed += items_each;
        progress_show(p, phase, c);
    }
}

static void a_long_build_says_a_line_each_ten_seconds(void **state)
{
    (void)state;
    progress p;
    dgm_counts c = { .of = 1000, .to_index = 1000 };
    progress_begin(&p, false, 0);
    run(&p, DGM_INDEXING, &c, 9, 10, 5);
    assert_string_equal(text(), "");
    run(&p, DGM_INDEXING, &c, 2, 10, 5);
    assert_string_equal(text(), "indexing  10% 50 items, 5/s, left 1:30\n");
}

static void every_phase_of_a_build_has_its_name(void **state)
{
    (void)state;
    progress p;
    dgm_counts c = { .of = 1000, .to_index = 1000 };
    progress_begin(&p, false, 0);
    run(&p, DGM_SURVEYING, &c, 20, 5, 0);
    expect("looking ");
    run(&p, DGM_INDEXING, &c, 20, 10, 20);
    expect("indexing ");
    run(&p, DGM_MERGING, &c, 20, 10, 0);
    expect("merging ");
}

/* Ten items a second for a minute, then one: the last seconds count. */
static void time_left_follows_the_rate_of_the_last_seconds(void **state)
{
    (void)state;
    progress p;
    dgm_counts c = { .of = 1000, .to_index = 1000 };
    progress_begin(&p, false, 0);
    run(&p, DGM_INDEXING, &c, 60, 10, 10);
    run(&p, DGM_INDEXING, &c, 60, 1, 1);
    expect("66% 660 items, 1/s, left 5:40");
}

static void a_short_run_and_a_quiet_one_say_nothing(void **state)
{
    (void)state;
    progress p;
    dgm_counts c = { .of = 1000 };
    progress_begin(&p, false, 0);
    run(&p, DGM_INDEXING, &c, 8, 100, 1);
    progress_show(&p, DGM_DONE, &c);
    progress_begin(&p, true, 0);
    run(&p, DGM_INDEXING, &c, 100, 1, 1);
    assert_string_equal(text(), "");
}

#define SAID(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SAID(a_long_build_says_a_line_each_ten_seconds),
        SAID(every_phase_of_a_build_has_its_name),
        SAID(time_left_follows_the_rate_of_the_last_seconds),
        SAID(a_short_run_and_a_quiet_one_say_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
