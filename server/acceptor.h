/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one thread that writes to the archive, and the bounded queue before it. What waits
 * is appended in one batch with one fsync, and only then answered. Depends on server.h
 * and results.h. */
#ifndef DGMS_ACCEPTOR_H
#define DGMS_ACCEPTOR_H

#include "results.h"
#include "server.h"

typedef struct dgms_acceptor dgms_acceptor;

/* How a piece of work ended. */
typedef struct dgms_ending {
    int status; /* 0: all of it was dealt with; else why not, as HTTP has it */
    const char *reason;
    uint64_t place; /* the archive up to here is durable */
} dgms_ending;

typedef struct dgms_work dgms_work;
struct dgms_work {
    dgms_work *next;      /* the queue's */
    dgms_results results; /* items that are taken or rejected within `step` come here */
    uint64_t line;        /* under this line */
    bool more;
    dgm_status failed; /* of its last step */
    dgm_error err;
    /* Does a part of the work, of some hundredths of a second at most; sets work->more if
     * there is more to do. Anything but OK ends the work: the archive failed. */
    dgm_status (*step)(dgms_work *work, dgm_ingest *ingest, dgm_error *err);
    /* Results are settled; answers the request, and frees the work. */
    void (*end)(dgms_work *work, const dgms_ending *ending);
};

/* Starts the thread; the archive is opened at the first work, and again after a failure.
 * Owner: the caller ends *out. Errors: NOMEM, IO. */
dgm_status dgms_acceptor_start(const dgms_server *server, dgms_acceptor **out,
                               dgm_error *err);

/* Queues work. False if too many wait or the server is stopping. Threads: any. */
bool dgms_acceptor_submit(dgms_acceptor *acceptor, dgms_work *work);
size_t dgms_acceptor_waiting(dgms_acceptor *acceptor);
bool dgms_acceptor_writable(dgms_acceptor *acceptor);

/* Takes no more work, does a last step of what waits, and returns when all is ended. */
void dgms_acceptor_finish(dgms_acceptor *acceptor);
void dgms_acceptor_free(dgms_acceptor *acceptor);

/* What a failure of the archive is as HTTP: 507 no room, else 503. */
int dgms_status_write(const dgm_error *err);

#endif
