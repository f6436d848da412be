/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of server/conns.c: which connections are cut. Depends on server/conns.h and POSIX
 * threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "conns.h"

#define MINUTE_US 60000000u
enum { BUSY = 4, LONG_US = 500000 };

typedef struct line {
    dgms_conns *conns;
    int ends[2];
    dgms_conn *conn;
} line;

static line open_line(dgms_conns *conns)
{
    line l = { .conns = conns };
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, l.ends), 0);
    l.conn = dgms_conns_add(conns, l.ends[0], NULL);
    assert_non_null(l.conn);
    return l;
}

static void close_line(line *l)
{
    dgms_conns_remove(l->conns, l->conn);
    close(l->ends[0]);
    close(l->ends[1]);
}

static bool is_cut(const line *l)
{
    char byte;
    return recv(l->ends[1], &byte, 1, MSG_DONTWAIT) == 0;
}

static void connections_are_cut_by_age_unless_they_are_worked_for(void **state)
{
    static const dgms_phase phases[] = { DGMS_IDLE, DGMS_READING, DGMS_WORKING,
                                         DGMS_SENDING };
    const struct timespec moment = { 0, 2000000 };
    (void)state;
    for (size_t i = 0; i < sizeof phases / sizeof phases[0]; i++) {
        dgms_conns *conns = dgms_conns_new();
        line l = open_line(conns);
        dgms_conns_set(conns, l.conn, phases[i]);
        assert_int_equal(dgms_conns_cut(conns, MINUTE_US), 0);
        nanosleep(&moment, NULL);
        bool old = phases[i] != DGMS_WORKING;
        assert_int_equal(dgms_conns_cut(conns, 1000), old);
        assert_int_equal(is_cut(&l), old);
        assert_int_equal(dgms_conns_cut(conns, 1000), 0); /* once */
        close_line(&l);
        dgms_conns_free(conns);
    }
}

typedef struct busy {
    line line;
    atomic_bool *end;
} busy;

static void *answer_requests(void *user)
{
    busy *b = user;
    while (!atomic_load(b->end)) {
        dgms_conns_set(b->line.conns, b->line.conn, DGMS_IDLE);
        dgms_conns_set(b->line.conns, b->line.conn, DGMS_READING);
        dgms_conns_set(b->line.conns, b->line.conn, DGMS_SENDING);
    }
    return NULL;
}

/* Whoever cuts waits for the lock, and meanwhile a wait may begin that is then younger
 * than nothing. */
static void a_wait_that_has_just_begun_is_not_taken_for_an_old_one(void **state)
{
    (void)state;
    dgms_conns *conns = dgms_conns_new();
    busy all[BUSY];
    pthread_t threads[BUSY];
    atomic_bool end = false;
    size_t cut = 0;
    for (int i = 0; i < BUSY; i++) {
        all[i] = (busy){ open_line(conns), &end };
        assert_int_equal(pthread_create(&threads[i], NULL, answer_requests, &all[i]), 0);
    }
    for (uint64_t until = dgmi_now_us() + LONG_US; dgmi_now_us() < until;)
        cut += dgms_conns_cut(conns, MINUTE_US);
    atomic_store(&end, true);
    for (int i = 0; i < BUSY; i++) {
        pthread_join(threads[i], NULL);
        close_line(&all[i].line);
    }
    assert_int_equal(cut, 0);
    dgms_conns_free(conns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connections_are_cut_by_age_unless_they_are_worked_for),
        cmocka_unit_test(a_wait_that_has_just_begun_is_not_taken_for_an_old_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
