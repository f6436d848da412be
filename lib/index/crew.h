/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads that work a list of tasks off. Depends on lib/base. */
#ifndef DGMI_CREW_H
#define DGMI_CREW_H

#include <stddef.h>

#include "dragoman.h"

typedef struct dgmi_crew_options {
    unsigned jobs;
    size_t tasks;
    void *user;
    /* What one thread keeps from task to task; both may be NULL. */
    dgm_status (*begin)(void *user, void **tools, dgm_error *err);
    void (*end)(void *tools);
    /* Tasks are begun in order. The first failure keeps further ones from beginning. */
    dgm_status (*run)(void *user, void *tools, size_t task, dgm_error *err);
    /* Called in the calling thread some ten times a second, and once at the end. */
    dgm_status (*tick)(void *user, dgm_error *err);
} dgmi_crew_options;

/* Returns when all threads have ended. Errors: the first one; NOMEM if no thread could be
 * had. */
dgm_status dgmi_crew_run(const dgmi_crew_options *options, dgm_error *err);

#endif
