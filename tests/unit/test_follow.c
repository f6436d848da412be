/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/index/follow.c and bring.c: the writer that stays, and those who wait for
 * it. */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "clock.h"
#include "desk.h"
#include "turn.h"

#define PATIENCE_US 60000000u

static const dgm_ingest_options accept_only = { .accept_only = true };

typedef struct stage {
    const char *data;
    dgm_ingest *in;
    int given;
    atomic_bool stop;
} stage;

static void give(dgm_ingest *in, int i)
{
    char line[100];
    snprintf(line, sizeof line, "{\"id\":\"n%d\",\"body\":\"text %d\"}\n", i, i);
    OK(dgm_ingest_bytes(in, "x.ndjson", line, strlen(line), err));
}

/* Gives an item, waits until it is found, and so on five times. */
static bool give_and_watch(void *user)
{
    stage *s = user;
    if (find(s->data, DGMI_TERM_USABLE) < (uint32_t)s->given)
        return true;
    if (s->given == 5)
        return false;
    give(s->in, s->given++);
    return true;
}

static void what_others_take_is_brought_in_as_it_comes(void **state)
{
    stage s = { .data = *state };
    OK(dgm_ingest_open(*state, &accept_only, &s.in, err));
    OK(dgm_follow(*state, NULL, give_and_watch, &s, err));
    assert_int_equal(find(*state, DGMI_TERM_USABLE), 5);
    assert_int_equal(differences(*state), 0);
    dgm_ingest_close(s.in);
}

/* Stands in for the C library's: the wall clock jumps by so much. */
static atomic_long jump;
int clock_gettime(clockid_t clock, struct timespec *out)
{
    int failed = (int)syscall(SYS_clock_gettime, clock, out);
    if (clock == CLOCK_REALTIME)
        out->tv_sec += atomic_load(&jump);
    return failed;
}

/* Once the item is in the index and not to be found, its hour comes, and no news with it.
 */
static bool let_the_hour_come(void *user)
{
    stage *s = user;
    if (find(s->data, DGMI_TERM_USABLE) > 0)
        return false;
    if (find(s->data, "Qheld") == 1)
        atomic_store(&jump, 86400 * 366);
    return true;
}

static void an_embargo_ends_without_any_news(void **state)
{
    char line[200], hour[32];
    time_t later = time(NULL) + 86400 * 300;
    struct tm parts;
    stage s = { .data = *state };
    strftime(hour, sizeof hour, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&later, &parts));
    snprintf(line, sizeof line, "{\"id\":\"held\",\"body\":\"x\",\"embargo\":\"%s\"}\n",
             hour);
    OK(dgm_ingest_open(*state, &accept_only, &s.in, err));
    OK(dgm_ingest_bytes(s.in, "x.ndjson", line, strlen(line), err));
    dgm_ingest_close(s.in);
    OK(dgm_follow(*state, NULL, let_the_hour_come, &s, err));
    atomic_store(&jump, 0);
    assert_int_equal(find(*state, DGMI_TERM_USABLE), 1);
}

static bool until_stopped(void *user)
{
    return !atomic_load(&((stage *)user)->stop);
}

static void *follow(void *user)
{
    stage *s = user;
    dgm_error err = DGM_ERROR_INIT;
    dgm_status status = dgm_follow(s->data, NULL, until_stopped, s, &err);
    return status == DGM_OK ? NULL : s;
}

static void wait_until_somebody_has_the_turn(const char *data)
{
    dgmi_turn turn;
    uint64_t until = dgmi_now_us() + PATIENCE_US;
    OK(dgmi_turn_open(data, &turn, err));
    while (!dgmi_lock_is_taken(&turn.lock, 0)) {
        if (dgmi_now_us() > until)
            fail_msg("nobody takes the turn");
        sched_yield();
    }
    dgmi_turn_close(&turn);
}

static void a_commit_waits_for_who_indexes_and_a_reindex_gets_its_turn(void **state)
{
    stage s = { .data = *state };
    pthread_t thread;
    void *failed;
    dgm_counts counts;
    uint64_t n = 9;
    assert_int_equal(pthread_create(&thread, NULL, follow, &s), 0);
    wait_until_somebody_has_the_turn(*state);
    OK(dgm_ingest_open(*state, NULL, &s.in, err));
    for (int i = 0; i < 20; i++)
        give(s.in, i);
    OK(dgm_ingest_commit(s.in, &counts, err));
    assert_int_equal(find(*state, DGMI_TERM_USABLE), 20);
    assert_int_equal(counts.indexed, counts.to_index);
    OK(dgm_reindex(*state, NULL, NULL, err));
    give(s.in, 20);
    OK(dgm_ingest_commit(s.in, NULL, err));
    assert_int_equal(find(*state, DGMI_TERM_USABLE), 21);
    OK(dgm_verify(*state, NULL, NULL, &n, err));
    assert_int_equal(n, 0);
    atomic_store(&s.stop, true);
    assert_int_equal(pthread_join(thread, &failed), 0);
    assert_null(failed);
    dgm_ingest_close(s.in);
}

/* Whoever follows had the lock of a folder that is gone: it has to hold that of the new
 * one before it builds there, or two do. */
static void a_folder_that_was_moved_away_is_built_anew_by_one_alone(void **state)
{
    stage s = { .data = *state };
    pthread_t thread;
    void *failed;
    uint64_t n = 9;
    char *folder = dgmi_path_join(*state, "index");
    feed(*state, "{\"id\":\"a\",\"body\":\"x\"}\n");
    assert_int_equal(pthread_create(&thread, NULL, follow, &s), 0);
    for (int i = 0; i < 12; i++) {
        char lost[32];
        wait_until_somebody_has_the_turn(*state);
        snprintf(lost, sizeof lost, "lost-%d", i);
        char *away = dgmi_path_join(*state, lost);
        assert_int_equal(rename(folder, away), 0);
        free(away);
        if (i % 2)
            wait_until_somebody_has_the_turn(*state);
        OK(dgm_reindex(*state, NULL, NULL, err));
        assert_int_equal(find(*state, DGMI_TERM_USABLE), 1);
    }
    atomic_store(&s.stop, true);
    assert_int_equal(pthread_join(thread, &failed), 0);
    assert_null(failed);
    OK(dgm_verify(*state, NULL, NULL, &n, err));
    assert_int_equal(n, 0);
    free(folder);
}

static void a_turn_counts_for_the_folder_that_is_there(void **state)
{
    dgmi_turn first, second;
    char *folder = dgmi_path_join(*state, "index");
    char *away = dgmi_path_join(*state, "away");
    OK(dgmi_turn_open(*state, &first, err));
    OK(dgmi_turn_try(&first, err));
    assert_true(dgmi_turn_stands(&first));
    assert_int_equal(rename(folder, away), 0);
    assert_false(dgmi_turn_stands(&first));
    OK(dgmi_turn_open(*state, &second, err));
    OK(dgmi_turn_try(&second, err));
    assert_int_equal(dgmi_turn_try(&first, NULL), DGM_E_LOCKED);
    dgmi_turn_ask(&first);
    assert_true(dgmi_turn_is_asked_for(&second));
    dgmi_turn_stop_asking(&first);
    dgmi_turn_end(&second);
    OK(dgmi_turn_try(&first, err));
    assert_true(dgmi_turn_stands(&first));
    dgmi_turn_close(&first);
    dgmi_turn_close(&second);
    free(folder);
    free(away);
}

/* A child that has inherited the lock, until its pipe is closed. */
static pid_t hold_in_a_child(int *stop)
{
    int ends[2];
    char byte;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[1]);
        _exit(read(ends[0], &byte, 1) == 0 ? 0 : 1);
    }
    close(ends[0]);
    *stop = ends[1];
    return child;
}

static void let_go(void *user, dgm_phase phase, const dgm_counts *counts)
{
    (void)counts;
    int *stop = user;
    if (phase == DGM_INDEXING && *stop >= 0) {
        close(*stop);
        *stop = -1;
    }
}

static void a_commit_takes_over_from_one_who_goes(void **state)
{
    dgmi_turn other;
    dgm_ingest *in = NULL;
    int stop = -1;
    dgm_ingest_options o = { .progress = let_go, .user = &stop };
    OK(dgmi_turn_open(*state, &other, err));
    OK(dgmi_turn_try(&other, err));
    pid_t child = hold_in_a_child(&stop);
    close(other.lock.fd); /* without a release: the child has it still */
    other.lock.fd = -1;
    other.held = false;
    dgmi_turn_close(&other);
    OK(dgm_ingest_open(*state, &o, &in, err));
    give(in, 0);
    OK(dgm_ingest_commit(in, NULL, err));
    assert_int_equal(stop, -1); /* it was waited for */
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(find(*state, DGMI_TERM_USABLE), 1);
    dgm_ingest_close(in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(what_others_take_is_brought_in_as_it_comes),
        DESK_TEST(an_embargo_ends_without_any_news),
        DESK_TEST(a_commit_waits_for_who_indexes_and_a_reindex_gets_its_turn),
        DESK_TEST(a_folder_that_was_moved_away_is_built_anew_by_one_alone),
        DESK_TEST(a_turn_counts_for_the_folder_that_is_there),
        DESK_TEST(a_commit_takes_over_from_one_who_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
