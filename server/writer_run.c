/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The writer as a process: `dragomand --writer only`. Depends on dragoman.h, lib/base. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "alerting.h"
#include "fail.h"
#include "writer.h"

enum {
    NICE = 10,
    IO_WHO_PROCESS = 1,
    IO_BEST_EFFORT_LAST = 2 << 13 | 7, /* ioprio_set(2) has no names in the C library */
    GRACE_S = 3 /* for the batch at hand, once its server is gone */
};

static atomic_bool ending;

/* Searches come first. The threads of a bulk build, made later, inherit all of it. Where
 * the system refuses, it is only less polite. */
static void step_back(void)
{
    struct sched_param none = { 0 };
    if (setpriority(PRIO_PROCESS, 0, NICE) != 0 ||
        sched_setscheduler(0, SCHED_BATCH, &none) != 0 ||
        syscall(SYS_ioprio_set, IO_WHO_PROCESS, 0, IO_BEST_EFFORT_LAST) != 0)
        errno = 0;
}

/* A build of many minutes is not waited for: the next writer resumes it or begins anew.
 */
static void end_soon(void)
{
    atomic_store(&ending, true);
    alarm(GRACE_S);
}

static void end_by_signal(int number)
{
    (void)number;
    end_soon();
}

/* Waits for the end of standard input. */
static void *watch_server(void *user)
{
    char bytes[64];
    ssize_t got;
    (void)user;
    do
        got = read(STDIN_FILENO, bytes, sizeof bytes);
    while (got > 0 || (got < 0 && errno == EINTR));
    end_soon();
    return NULL;
}

static bool goes_on(void *user)
{
    (void)user;
    return !atomic_load(&ending);
}

static void say(void *user, const char *level, const char *text)
{
    (void)user;
    if (strcmp(level, "debug") != 0)
        fprintf(stderr, "dragomand: writer: %s: %s\n", level, text);
}

static bool has_a_server(void)
{
    struct stat in;
    return fstat(STDIN_FILENO, &in) == 0 && S_ISFIFO(in.st_mode);
}

static void take_signals(void)
{
    struct sigaction end = { .sa_handler = end_by_signal };
    sigemptyset(&end.sa_mask);
    sigaction(SIGTERM, &end, NULL);
    sigaction(SIGINT, &end, NULL);
    signal(SIGALRM, SIG_DFL); /* ends what does not end in time: nothing is lost by it */
    signal(SIGPIPE, SIG_IGN);
}

/* A build uses half of the processors: the others are for searches. */
static unsigned jobs(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 3 ? (unsigned)n / 2 : 1;
}

int dgms_writer_run(const dgms_settings *settings)
{
    dgm_error err = DGM_ERROR_INIT;
    pthread_t thread;
    dgm_ingest_options options = { .jobs = jobs(), .log = say };
    take_signals();
    step_back();
    bool watched = has_a_server();
    if (watched && pthread_create(&thread, NULL, watch_server, NULL) != 0)
        return 1;
    if (watched)
        pthread_detach(thread);
    dgms_alerting *alerting = NULL;
    if (dgms_alerting_start(settings->data, say, goes_on, NULL, &alerting, &err) !=
        DGM_OK)
        say(NULL, "error", err.text);
    dgmi_error_clear(&err);
    dgm_status status = dgm_follow(settings->data, &options, goes_on, NULL, &err);
    end_soon();
    dgms_alerting_end(alerting);
    if (status == DGM_OK)
        return 0;
    fprintf(stderr, "dragomand: writer: %s\n", err.text);
    printf("%s\n", err.text); /* for the server's report */
    fflush(stdout);
    return 1;
}
