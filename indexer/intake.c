/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The writer of `dragoman watch`. Depends on dragoman.h, lib/base and indexer.h. */
#include "intake.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"

enum { REASONS_MAX = 64 << 10 };
#define IDLE_US 1000000u      /* closed after so long */
#define WAIT_LEAST_US 250000u /* between tries */
#define WAIT_MOST_US 5000000u

void intake_result_init(intake_result *r)
{
    *r = (intake_result){ .items = 0 };
    dgmi_buf_init(&r->reasons, REASONS_MAX);
}

void intake_result_clear(intake_result *r)
{
    dgmi_buf_clear(&r->reasons);
}

static void on_taken(void *user, const char *where, const char *id, dgm_outcome outcome,
                     uint64_t place)
{
    intake *in = user;
    (void)where, (void)id, (void)place;
    if (!in->result)
        return;
    in->result->items++;
    in->result->outcomes[outcome]++;
}

static void on_reject(void *user, const char *where, const char *reason, const char *kept)
{
    intake *in = user;
    fprintf(stderr, "dragoman %s: %s: %s%s%s\n", in->command->name, where, reason,
            kept ? "; kept as " : "", kept ? kept : "");
    if (!in->result)
        return;
    in->result->rejected++;
    if (in->name && !strcmp(where, in->name))
        in->result->broken = true;
    dgmi_buf_printf(&in->result->reasons, "%s: %s\n", where, reason);
}

static void close_idle(void *user)
{
    intake_close(user);
}

void intake_init(intake *in, const dgmi_command *command, const char *data,
                 const dgm_ingest_options *options, loop *l)
{
    *in = (intake){ .command = command, .data = data, .options = *options };
    in->options.taken = on_taken;
    in->options.reject = on_reject;
    in->options.user = in;
    in->options.log = log_to_stderr;
    in->options.log_user = (void *)command;
    in->idle = (loop_timer){ .due_us = LOOP_NEVER, .user = in };
    in->idle.fire = close_idle;
    loop_add_timer(l, &in->idle);
}

void intake_close(intake *in)
{
    dgm_ingest_close(in->ingest);
    in->ingest = NULL;
    in->idle.due_us = LOOP_NEVER;
}

/* A failure closes: opening anew repairs what a full disk may have left half written. */
static bool check(intake *in, dgm_status status, const dgm_error *err)
{
    if (status == DGM_OK)
        return true;
    if (!in->told)
        report(in->command, status, err);
    in->told = true;
    in->failures++;
    intake_close(in);
    return false;
}

bool intake_open(intake *in)
{
    dgm_error err = DGM_ERROR_INIT;
    in->idle.due_us = LOOP_NEVER;
    if (in->ingest)
        return true;
    return check(in, dgm_ingest_open(in->data, &in->options, &in->ingest, &err), &err);
}

bool intake_fd(intake *in, int fd, const char *name, intake_result *result)
{
    dgm_error err = DGM_ERROR_INIT;
    in->result = result;
    dgm_status status = dgm_ingest_fd(in->ingest, fd, name, &err);
    in->result = NULL;
    return check(in, status, &err);
}

bool intake_from(intake *in, const dgm_origin *origin, const void *bytes, size_t n,
                 intake_result *result)
{
    dgm_error err = DGM_ERROR_INIT;
    in->result = result;
    in->name = origin->name;
    dgm_status status = dgm_ingest_from(in->ingest, origin, bytes, n, &err);
    in->result = NULL;
    in->name = NULL;
    return check(in, status, &err);
}

bool intake_commit(intake *in)
{
    dgm_error err = DGM_ERROR_INIT;
    if (!check(in, dgm_ingest_commit(in->ingest, NULL, &err), &err))
        return false;
    if (in->told)
        fprintf(stderr, "dragoman %s: %s: taking items again\n", in->command->name,
                in->data);
    in->told = false;
    in->wait_us = 0;
    in->idle.due_us = dgmi_now_us() + IDLE_US;
    return true;
}

uint64_t intake_wait(intake *in)
{
    in->wait_us = in->wait_us ? in->wait_us * 2 : WAIT_LEAST_US;
    if (in->wait_us > WAIT_MOST_US)
        in->wait_us = WAIT_MOST_US;
    return in->wait_us;
}
