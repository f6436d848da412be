/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The thread of watchlists. Depends on alerting.h, lib/fetch (hook.h). */
#include "alerting.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fail.h"
#include "hook.h"
#include "server.h"

enum {
    NAP_MS = 200,
    WAIT_MS = 1000,  /* for another that looks; then it is asked again */
    QUIET_NAPS = 300 /* for which one complaint is not repeated */
};

struct dgms_alerting {
    const char *data_dir;
    dgm_log_fn log;
    bool (*go_on)(void *user);
    void *user;
    pthread_t thread;
    char said[240];
    unsigned quiet;
};

static void complain(dgms_alerting *a, const dgm_error *err)
{
    char text[300];
    if (!strcmp(a->said, err->text) && a->quiet > 0)
        return;
    snprintf(a->said, sizeof a->said, "%s", err->text);
    snprintf(text, sizeof text, "watchlists: %s", err->text);
    a->quiet = QUIET_NAPS;
    a->log(a->user, "warning", text);
}

/* Where the watchlists stand is written first. If it cannot be, it is looked at again. */
static void give_up(dgms_alerting *a, dgm **desk)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm_status status = dgm_watch_keep(*desk, WAIT_MS, &err);
    if (status != DGM_OK && status != DGM_E_LOCKED)
        complain(a, &err);
    dgm_close(*desk);
    *desk = NULL;
}

/* The reader is opened late and given up after a failure: the archive may come, or be
 * built anew. */
static void turn(dgms_alerting *a, dgm **desk)
{
    dgm_error err = DGM_ERROR_INIT;
    dgmi_hook_counts counts;
    dgm_status status = *desk ? DGM_OK : dgm_open(a->data_dir, NULL, desk, &err);
    if (status == DGM_OK)
        status = dgm_watch_look(*desk, WAIT_MS, NULL, &err);
    if (status == DGM_OK)
        status =
            dgmi_hook_round(*desk, a->data_dir, a->log, a->go_on, a->user, &counts, &err);
    if (status == DGM_OK || status == DGM_E_LOCKED)
        return;
    give_up(a, desk);
    complain(a, &err);
}

static void *run(void *user)
{
    dgms_alerting *a = user;
    const struct timespec nap = { 0, NAP_MS * 1000000L };
    dgm *desk = NULL;
    while (a->go_on(a->user)) {
        turn(a, &desk);
        a->quiet -= a->quiet > 0;
        nanosleep(&nap, NULL);
    }
    give_up(a, &desk);
    return NULL;
}

dgm_status dgms_alerting_start(const char *data_dir, dgm_log_fn log,
                               bool (*go_on)(void *user), void *user, dgms_alerting **out,
                               dgm_error *err)
{
    pthread_attr_t attributes;
    dgms_alerting *a = calloc(1, sizeof *a);
    *out = NULL;
    if (!a)
        return dgmi_fail_memory(err);
    *a =
        (dgms_alerting){ .data_dir = data_dir, .log = log, .go_on = go_on, .user = user };
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, DGMS_STACK);
    int failed = pthread_create(&a->thread, &attributes, run, a);
    pthread_attr_destroy(&attributes);
    if (failed) {
        free(a);
        return dgmi_fail(err, DGM_E_NOMEM, "no thread for the watchlists");
    }
    *out = a;
    return DGM_OK;
}

void dgms_alerting_end(dgms_alerting *a)
{
    if (!a)
        return;
    pthread_join(a->thread, NULL);
    free(a);
}
