/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The archive as a program that never ends writes to it: opened when there is something
 * to take, closed when nothing came for a while, so that others can write too. Depends on
 * dragoman.h and lib/base. */
#ifndef DGM_INTAKE_H
#define DGM_INTAKE_H

#include "buf.h"
#include "indexer.h"
#include "loop.h"

/* What became of one input. */
typedef struct intake_result {
    uint64_t items, rejected;
    uint64_t outcomes[DGM_UNCHANGED + 1]; /* of the items, by dgm_outcome */
    bool broken;      /* the input as a whole was rejected, or its end is missing */
    dgmi_buf reasons; /* the first of them, a line each */
} intake_result;
void intake_result_init(intake_result *r);
void intake_result_clear(intake_result *r);

typedef struct intake {
    const dgmi_command *command; /* for messages */
    const char *data;
    dgm_ingest_options options; /* callbacks are the intake's */
    dgm_ingest *ingest;         /* NULL: closed */
    intake_result *result;      /* of the input at hand */
    const char *name;           /* its name */
    uint64_t failures;          /* since ever: what was taken before one may be lost */
    loop_timer idle;
    uint64_t wait_us; /* after a failure, before the next try */
    bool told;        /* that it failed */
} intake;

/* `options` are copied, their callbacks replaced. */
void intake_init(intake *in, const dgmi_command *command, const char *data,
                 const dgm_ingest_options *options, loop *l);
void intake_close(intake *in); /* without a commit */

/* Opens the archive if it is not. False if that failed, which is said once: try again
 * after intake_wait(). */
bool intake_open(intake *in);

/* Takes one input and adds up what became of it in *result. False if the archive cannot
 * be written, which is said; the intake is closed then. */
bool intake_fd(intake *in, int fd, const char *name, intake_result *result);
bool intake_from(intake *in, const dgm_origin *origin, const void *bytes, size_t n,
                 intake_result *result);

/* Makes durable and searchable what was taken. False as above: it has to be taken again.
 */
bool intake_commit(intake *in);

/* Microseconds to wait after a failure; longer with each in a row. */
uint64_t intake_wait(intake *in);

#endif
