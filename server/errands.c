/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errands of idle threads. Depends on errands.h and POSIX threads. */
#include "errands.h"

#include <pthread.h>
#include <stdlib.h>

typedef struct errand {
    uint64_t moment;
    uint64_t number; /* another one each time it is begun; 0: none */
    size_t left;     /* threads that have not done it */
} errand;

struct dgms_errands {
    pthread_mutex_t lock; /* guards what follows */
    errand list[DGM_MOMENTS];
    uint64_t numbers;
    size_t threads;
};

dgms_errands *dgms_errands_new(size_t threads)
{
    dgms_errands *e = calloc(1, sizeof *e);
    if (!e)
        return NULL;
    pthread_mutex_init(&e->lock, NULL);
    e->threads = threads;
    return e;
}

void dgms_errands_free(dgms_errands *errands)
{
    if (!errands)
        return;
    pthread_mutex_destroy(&errands->lock);
    free(errands);
}

/* That of a moment; DGM_MOMENTS: there is none. */
static size_t place_of(const dgms_errands *e, uint64_t moment)
{
    size_t i = 0;
    while (i < DGM_MOMENTS && !(e->list[i].number && e->list[i].moment == moment))
        i++;
    return i;
}

static size_t oldest(const dgms_errands *e)
{
    size_t at = 0;
    for (size_t i = 1; i < DGM_MOMENTS; i++)
        at = e->list[i].number < e->list[at].number ? i : at;
    return at;
}

/* One that this thread had done is begun anew: the index has moved on since. */
bool dgms_errands_add(dgms_errands *errands, const dgms_diary *diary, uint64_t moment)
{
    pthread_mutex_lock(&errands->lock);
    size_t at = place_of(errands, moment);
    bool known = at < DGM_MOMENTS && diary->done[at] != errands->list[at].number;
    if (!known) {
        at = at < DGM_MOMENTS ? at : oldest(errands);
        errands->list[at] = (errand){ moment, ++errands->numbers, errands->threads };
    }
    pthread_mutex_unlock(&errands->lock);
    return !known;
}

bool dgms_errands_next(dgms_errands *errands, const dgms_diary *diary, uint64_t *moment)
{
    uint64_t newest = 0;
    pthread_mutex_lock(&errands->lock);
    for (size_t i = 0; i < DGM_MOMENTS; i++) {
        const errand *one = &errands->list[i];
        if (one->number <= newest || diary->done[i] == one->number)
            continue;
        newest = one->number;
        *moment = one->moment;
    }
    pthread_mutex_unlock(&errands->lock);
    return newest > 0;
}

void dgms_errands_done(dgms_errands *errands, dgms_diary *diary, uint64_t moment)
{
    pthread_mutex_lock(&errands->lock);
    size_t at = place_of(errands, moment);
    if (at < DGM_MOMENTS && diary->done[at] != errands->list[at].number) {
        diary->done[at] = errands->list[at].number;
        errands->list[at].left -= errands->list[at].left > 0;
    }
    pthread_mutex_unlock(&errands->lock);
}

size_t dgms_errands_left(dgms_errands *errands)
{
    size_t left = 0;
    pthread_mutex_lock(&errands->lock);
    for (size_t i = 0; i < DGM_MOMENTS; i++)
        left += errands->list[i].left;
    pthread_mutex_unlock(&errands->lock);
    return left;
}
