/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The numbers of watchlists for metrics. They are read from files, of which there may be
 * a thousand, and so not when metrics are asked for, which is on the thread of the
 * sockets. Depends on metrics.h, lib/base. */
#ifndef DGMS_WATCHES_H
#define DGMS_WATCHES_H

#include "metrics.h"

typedef struct dgms_watches dgms_watches;

/* Owner: the caller frees. NULL without memory. */
dgms_watches *dgms_watches_new(const char *data_dir);
void dgms_watches_free(dgms_watches *watches);

/* Reads the files if one changed since, to be called about once a second. Threads: one.
 */
void dgms_watches_tend(dgms_watches *watches);

/* What was read for another reason is known as well. Threads: any. */
void dgms_watches_note(dgms_watches *watches, const dgm_watches *read);

/* What was read last. Threads: any; it waits for nobody who reads. */
dgms_watch_sums dgms_watches_sum(dgms_watches *watches);

#endif
