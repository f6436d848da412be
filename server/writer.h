/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The writer of the index: a process of its own beside the server, so that no fault of it
 * touches a search. Depends on dragoman.h, lib/base, settings.h. */
#ifndef DGMS_WRITER_H
#define DGMS_WRITER_H

#include <stdbool.h>
#include <stddef.h>

#include "dragoman.h"
#include "settings.h"

/* Whoever sees to it that the process runs. */
typedef struct dgms_writer dgms_writer;

typedef enum dgms_writer_state {
    DGMS_WRITER_OFF,       /* by the settings */
    DGMS_WRITER_RUNS,      /* or waits for another that has the index */
    DGMS_WRITER_RESTARTING /* it ended, and is started again after a while */
} dgms_writer_state;

typedef struct dgms_writer_report {
    dgms_writer_state state;
    size_t restarts;
    char reason[240]; /* what it said when it ended last, or "" */
} dgms_writer_report;

/* Starts the process, if the settings want it, and a thread that starts it again whenever
 * it ends. That it cannot be started is no failure: it is in the report. Errors: NOMEM.
 */
dgm_status dgms_writer_start(const dgms_settings *settings, dgms_writer **out,
                             dgm_error *err);

/* Ends the process: asked first, killed after a while, which loses nothing. NULL is fine.
 */
void dgms_writer_stop(dgms_writer *writer);

/* Threads: any. NULL: off. */
void dgms_writer_ask(dgms_writer *writer, dgms_writer_report *out);
const char *dgms_writer_state_name(dgms_writer_state state);

/* The process itself: follows the archive until a signal, or until its standard input, if
 * that is a pipe, is closed. Returns its exit status. */
int dgms_writer_run(const dgms_settings *settings);

#endif
