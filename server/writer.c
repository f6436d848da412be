/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starting the writer, watching it, and starting it again. Two pipes tie the processes
 * together: the writer ends when its standard input is closed, which the kernel does when
 * the server is gone however it went; and the server reads the writer's standard output,
 * whose end tells that the writer is gone. Depends on lib/base. */
#include "writer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"

enum {
    PAUSE_LEAST_MS = 250, /* before the first restart, doubled with each up to the next */
    PAUSE_MOST_MS = 30000,
    STEADY_S = 60,  /* whoever lived so long begins with the least pause again */
    ASKED_MS = 4000 /* it has so long to end by itself */
};

extern char **environ;

struct dgms_writer {
    const dgms_settings *settings;
    pthread_t thread;
    int wake[2]; /* a byte in it: stop */
    pid_t child; /* of the thread alone, as is what follows */
    int hold;    /* write end of its standard input */
    int hear;    /* read end of its standard output */
    unsigned pause_ms;
    pthread_mutex_t lock; /* of the report */
    dgms_writer_report report;
};

/* ---- The report ---- */

static void set_state(dgms_writer *w, dgms_writer_state state, const char *reason)
{
    pthread_mutex_lock(&w->lock);
    w->report.state = state;
    if (reason)
        snprintf(w->report.reason, sizeof w->report.reason, "%s", reason);
    pthread_mutex_unlock(&w->lock);
}

void dgms_writer_ask(dgms_writer *writer, dgms_writer_report *out)
{
    *out = (dgms_writer_report){ .state = DGMS_WRITER_OFF };
    if (!writer)
        return;
    pthread_mutex_lock(&writer->lock);
    *out = writer->report;
    pthread_mutex_unlock(&writer->lock);
}

const char *dgms_writer_state_name(dgms_writer_state state)
{
    switch (state) {
    case DGMS_WRITER_OFF:
        return "off";
    case DGMS_WRITER_RUNS:
        return "running";
    case DGMS_WRITER_RESTARTING:
        return "restarting";
    }
    return "off";
}

/* ---- One life of the process ---- */

static void close_end(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* Signals as they are for a new process, and a group of its own: what a terminal sends to
 * the server is not meant for it. */
static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP;
    int failed = posix_spawnattr_setflags(attributes, flags);
    failed = failed ? failed : posix_spawnattr_setsigmask(attributes, &none);
    failed = failed ? failed : posix_spawnattr_setsigdefault(attributes, &all);
    return failed ? failed : posix_spawnattr_setpgroup(attributes, 0);
}

/* 0, or the number of what went wrong. */
static int spawn_with(dgms_writer *w, int in, int out)
{
    char *argv[] = { "dragomand", "--data", w->settings->data, "--writer", "only", NULL };
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed)
        return failed;
    failed = posix_spawnattr_init(&attributes);
    if (failed) {
        posix_spawn_file_actions_destroy(&actions);
        return failed;
    }
    failed = set_attributes(&attributes);
    if (!failed)
        failed = posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    if (!failed)
        failed = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    if (!failed)
        failed = posix_spawn(&w->child, "/proc/self/exe", &actions, &attributes, argv,
                             environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

static bool start_child(dgms_writer *w)
{
    int in[2] = { -1, -1 }, out[2] = { -1, -1 };
    char room[128];
    int failed = pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0 ? errno : 0;
    if (!failed)
        failed = spawn_with(w, in[0], out[1]);
    close_end(&in[0]);
    close_end(&out[1]);
    if (failed) {
        close_end(&in[1]);
        close_end(&out[0]);
        w->child = 0;
        set_state(w, DGMS_WRITER_RESTARTING, strerror_r(failed, room, sizeof room));
        return false;
    }
    w->hold = in[1];
    w->hear = out[0];
    set_state(w, DGMS_WRITER_RUNS, NULL);
    return true;
}

/* Waits until it ends, or for so long (-1: for ever); its last words are kept. False: to
 * be stopped, or out of time. */
static bool hear_out(dgms_writer *w, int wake, int ms, char *words, size_t size)
{
    size_t n = 0;
    words[0] = '\0';
    for (;;) {
        char bytes[256];
        struct pollfd look[2] = { { .fd = w->hear, .events = POLLIN },
                                  { .fd = wake, .events = POLLIN } };
        int ready = poll(look, 2, ms);
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0 || look[1].revents)
            return false;
        ssize_t got = read(w->hear, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return true;
        for (ssize_t i = 0; i < got && n + 1 < size; i++)
            words[n++] = bytes[i];
        words[n] = '\0';
    }
}

static int reap(dgms_writer *w)
{
    int status = 0;
    while (waitpid(w->child, &status, 0) < 0 && errno == EINTR)
        ;
    w->child = 0;
    close_end(&w->hold);
    close_end(&w->hear);
    return status;
}

static void tell_end(dgms_writer *w, int status, char *words)
{
    char text[240];
    words[strcspn(words, "\n")] = '\0';
    if (*words)
        snprintf(text, sizeof text, "%.200s", words);
    else if (WIFSIGNALED(status))
        snprintf(text, sizeof text, "ended by signal %d", WTERMSIG(status));
    else
        snprintf(text, sizeof text, "ended with status %d", WEXITSTATUS(status));
    set_state(w, DGMS_WRITER_RESTARTING, text);
    fprintf(stderr, "dragomand: the writer ended and is started again in %u ms: %s\n",
            w->pause_ms, text);
}

/* Asked by the end of its input, and killed if it does not hear: a batch that is cut off
 * is done again by the next writer. */
static void end_child(dgms_writer *w)
{
    char words[8];
    close_end(&w->hold);
    if (!hear_out(w, -1, ASKED_MS, words, sizeof words))
        kill(w->child, SIGKILL);
    reap(w);
}

/* ---- The thread ---- */

/* False: to be stopped. */
static bool rest(dgms_writer *w)
{
    struct pollfd look = { .fd = w->wake[0], .events = POLLIN };
    int ready;
    do
        ready = poll(&look, 1, (int)w->pause_ms);
    while (ready < 0 && errno == EINTR);
    w->pause_ms = w->pause_ms * 2 < PAUSE_MOST_MS ? w->pause_ms * 2 : PAUSE_MOST_MS;
    return ready == 0;
}

static void *watch(void *user)
{
    dgms_writer *w = user;
    char words[256];
    for (bool first = true;; first = false) {
        uint64_t began = dgmi_now_us();
        if (!first) {
            pthread_mutex_lock(&w->lock);
            w->report.restarts++;
            pthread_mutex_unlock(&w->lock);
        }
        if (start_child(w)) {
            if (!hear_out(w, w->wake[0], -1, words, sizeof words)) {
                end_child(w);
                return NULL;
            }
            if (dgmi_now_us() - began > (uint64_t)STEADY_S * 1000000)
                w->pause_ms = PAUSE_LEAST_MS;
            int status = reap(w);
            tell_end(w, status, words);
        }
        if (!rest(w))
            return NULL;
    }
}

dgm_status dgms_writer_start(const dgms_settings *settings, dgms_writer **out,
                             dgm_error *err)
{
    *out = NULL;
    if (strcmp(settings->writer, "on") != 0)
        return DGM_OK;
    dgms_writer *w = calloc(1, sizeof *w);
    if (!w)
        return dgmi_fail_memory(err);
    *w = (dgms_writer){ .settings = settings,
                        .wake = { -1, -1 },
                        .hold = -1,
                        .hear = -1,
                        .pause_ms = PAUSE_LEAST_MS };
    pthread_mutex_init(&w->lock, NULL);
    w->report.state = DGMS_WRITER_RUNS; /* as soon as the thread is */
    if (pipe2(w->wake, O_CLOEXEC) != 0 || pthread_create(&w->thread, NULL, watch, w)) {
        close_end(&w->wake[0]);
        close_end(&w->wake[1]);
        pthread_mutex_destroy(&w->lock);
        free(w);
        return dgmi_fail(err, DGM_E_NOMEM, "no thread for the writer");
    }
    *out = w;
    return DGM_OK;
}

void dgms_writer_stop(dgms_writer *w)
{
    if (!w)
        return;
    close_end(&w->wake[1]); /* its other end tells of that */
    pthread_join(w->thread, NULL);
    close_end(&w->wake[0]);
    pthread_mutex_destroy(&w->lock);
    free(w);
}
